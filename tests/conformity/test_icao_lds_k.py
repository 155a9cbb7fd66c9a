# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_K: EF.CardSecurity (Doc 9303-10, 3.11.4; 9303-11, 9.2)."""
import common
import passports
import signed_files
from passports import one_object
from security_infos import chip_key_info, infos_of, pace_info, those
from terminal import oids, signed
from terminal.errors import check

PASSPORTS = {
    'specimen': passports.SPECIMEN, 'sha-512': passports.LDS_1_8,
    'several': ('--specimen', '--protocols', 'bac,pace-gm:12:aes-128,pace-cam:12:aes-128,pace-cam:16:aes-256,ca:12:aes-128'),
}
OBJECT = oids.SECURITY_OBJECT


def each(function):
    passports.each(PASSPORTS, lambda files: function(files['EF.CardSecurity']))


def infos(data):
    return signed.SignedData(data).content


def test_LDS_K_1():
    """The signed content is a set of infos."""
    each(lambda data: infos_of(infos(data)))


def test_LDS_K_2():
    """Each public key of the chip."""
    def case(data):
        check([chip_key_info(*info) for info in those(infos(data), oids.PK, 1)], 'no key')
    each(case)


def test_LDS_K_3():
    """What EF.CardAccess has is there, too."""
    def case(files):
        access = {node.raw for node in one_object(files['EF.CardAccess'], 0x31, 'EF.CardAccess').children()}
        security = one_object(infos(files['EF.CardSecurity']), 0x31, 'SecurityInfos')
        check(access <= {node.raw for node in security.children()}, 'EF.CardSecurity lacks infos of EF.CardAccess')
    passports.each(PASSPORTS, case)


def test_LDS_K_4():
    """The domain parameters of chip authentication mapping are the number of a key."""
    def case(data):
        numbers = {pace_info(name, rest) for name, rest in those(infos(data), oids.PACE, 2) if name.split('.')[-2] == '6'}
        check(numbers, 'no chip authentication mapping')
        check(numbers <= {chip_key_info(*info)[1] for info in those(infos(data), oids.PK, 1)}, 'no key %s', numbers)
    each(case)


def test_LDS_K_5():
    """It is a signed message in DER."""
    each(signed_files.is_der)


def test_LDS_K_6():
    """Versions, algorithms, kind of content, certificate."""
    each(lambda data: signed_files.values(data, OBJECT))


def test_LDS_K_7():
    """The signer, and the signature."""
    each(lambda data: signed_files.signer(data, OBJECT))


def test_LDS_K_8():
    """The certificate of the document signer."""
    each(lambda data: signed_files.certificate(data, OBJECT))


common.main(globals())
