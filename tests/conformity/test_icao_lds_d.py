# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_D: EF.SOD (Doc 9303-10, 4.6.2), with each hash function and both versions."""
import hashlib

import common
import passports
import signed_files
from passports import one_object
from terminal import lds, oids, signed
from terminal.errors import check

PASSPORTS = {'specimen': passports.SPECIMEN, 'lds 1.8': passports.LDS_1_8,
             **{digest: ('--specimen', '--digest', digest) for digest in ('sha-1', 'sha-224', 'sha-384')}}
OBJECT = oids.LDS_SECURITY_OBJECT


def each(function):
    """function(content of EF.SOD, without its own tag)."""
    passports.each(PASSPORTS, lambda files: function(one_object(files['EF.SOD'], 0x77, 'EF.SOD').value))


def test_LDS_D_1():
    """It begins with its tag."""
    passports.each(PASSPORTS, lambda files: common.equal(files['EF.SOD'][0], 0x77, 'tag'))


def test_LDS_D_2():
    """Its length is that of the file."""
    each(len)


def test_LDS_D_3():
    """It is a signed message in DER."""
    each(signed_files.is_der)


def test_LDS_D_4():
    """Versions, algorithms, kind of content, certificate."""
    each(lambda data: signed_files.values(data, OBJECT))


def test_LDS_D_5():
    """The signer, and the signature."""
    each(lambda data: signed_files.signer(data, OBJECT))


def test_LDS_D_6():
    """The security object: version, hash function, the hash of every data group and no others."""
    def case(files):
        sod = signed.SecurityObject(files['EF.SOD'])
        passports.strict(one_object(sod.signed.content, 0x30, 'LDSSecurityObject'))
        numbers = [number for number in lds.TAGS if 'EF.DG%d' % number in files]
        common.equal(list(sod.hashes), numbers, 'data groups')
        for number in numbers:
            sod.check_group(number, files['EF.DG%d' % number])
        check(all(len(value) == hashlib.new(sod.digest).digest_size for value in sod.hashes.values()), 'length of a hash')
        com = lds.Com(files['EF.COM'])
        check(sod.version == 0 or sod.lds_version == [com.lds, com.unicode], 'versions %s', sod.lds_version)
    passports.each(PASSPORTS, case)


def test_LDS_D_7():
    """The certificate of the document signer."""
    each(lambda data: signed_files.certificate(data, OBJECT))


common.main(globals())
