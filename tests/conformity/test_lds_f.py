# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit LDS_F: EF.CVCA (TR-03110-3, A.4.4.1), with one trust point and with two."""
import os
import tempfile

import common
import passports
import support
from terminal import cvc
from terminal.errors import check
from terminal.issuer import Holder, SigningKey
from terminal.tlv import header


def references(data):
    """The objects in front of the zeros."""
    found, at = [], 0
    while at < len(data) and data[at]:
        tag, start, size = header(data[at:])
        found.append((tag, data[at + start:at + start + size]))
        at += start + size
    check(not any(data[at:]), 'behind the references there is %s', data[at:].hex())
    return found


def test_LDS_F_1():
    """36 bytes: one or two references, and zeros."""
    certificate = cvc.read_all(support.content(support.SPECIMEN, 'cvca-is.cvcert'))[0]
    key = cvc.TerminalKey(support.content(support.SPECIMEN, 'cvca-is-key.pem'))
    root = Holder(certificate.chr, SigningKey('ec', 3, key.group, '', key.private), certificate)
    for name in (b'UTSPECIS00002', b'UT0123456789A00002'[:16]):
        link = root.issue(name, SigningKey('ec', 3, key.group), 'cvca', 3, ('251122', '451122'))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'link')
            with open(path, 'wb') as file:
                file.write(link.certificate.raw)
            two = '--cvca', os.path.join(support.SPECIMEN, 'cvca-is.cvcert'), '--cvca', path
            for options, count in ((passports.SPECIMEN, 1), (passports.SPECIMEN + two, 2)):
                data = passports.read(*options)['EF.CVCA']
                common.equal(len(data), 36, 'bytes')
                found = references(data)
                common.equal(len(found), count, 'references')
                for tag, value in found:
                    assert tag == 0x42 and 1 <= len(value) <= 16, '%02X %s' % (tag, value)


common.main(globals())
