# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit LDS_E: EF.DG14 (TR-03110-3, A.1.1.3). Each case for every kind of it."""
import common
import passports
import plan
from passports import objects, one_object
from terminal import oids
from terminal.errors import check
from terminal.tlv import dotted

OID, INTEGER, OCTETS, SEQUENCE, SET = 0x06, 0x02, 0x04, 0x30, 0x31


def infos_of(data):
    """[(protocol, the rest)] of the SecurityInfos."""
    infos = objects(one_object(one_object(data, 0x6E, 'EF.DG14').value, SET, 'SecurityInfos').value)
    found = []
    for info in infos:
        name, *rest = objects(one_object(info.raw, SEQUENCE, 'SecurityInfo').value)
        check(name.tag == OID, 'a SecurityInfo without a protocol')
        found.append((dotted(name.value), rest))
    return found


def terminal_auth(data):
    return [rest for name, rest in infos_of(data) if name == oids.TA]


def each(number, case):
    rows = [('LDS_E_%d, %s' % (number, name), *options) for name, options in passports.TERMINAL_AUTH.items()]
    plan.each(rows, lambda *options: case(passports.read(*options)['EF.DG14']))


def test_LDS_E_2():
    """Of Terminal Authentication it says that there is version 1, and no signature algorithm."""
    def case(data):
        versions = [rest[0].integer() for rest in terminal_auth(data)]
        check(1 in versions, 'TerminalAuthenticationInfo of versions %s', versions)
        special = [name for name, _ in infos_of(data) if name.startswith(oids.TA + '.')]
        check(not special, 'SecurityInfo of the protocols %s', special)

    each(2, case)


def test_LDS_E_5():
    """Each TerminalAuthenticationInfo of version 1 is coded as ASN.1 says; EF.CVCA is named by OCTET STRINGs."""
    def case(data):
        for version, *file in terminal_auth(data):
            check(version.tag == INTEGER and version.value in (b'\x01', b'\x02'), 'version %s', version)
            if version.integer() == 1 and file:
                check(len(file) == 1 and file[0].tag == SEQUENCE, 'behind the version there is %s', file)
                parts = objects(file[0].value)
                check([part.tag for part in parts] in ([OCTETS], [OCTETS, OCTETS]), 'EF.CVCA is named by %s', parts)
                check([len(part.value) for part in parts] in ([2], [2, 1]), 'EF.CVCA is named by %s', parts)

    each(5, case)


common.main(globals())
