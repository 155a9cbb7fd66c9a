# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_J: EF.DG15 (Doc 9303-10, 4.7.15), with RSA and with ECDSA."""
import common
import passports
from passports import one_object, strict
from terminal.errors import check
from terminal.security_info import EC_PUBLIC_KEY, public_key
from terminal.signatures import RSA
from terminal.tlv import dotted

PASSPORTS = {'rsa': passports.SPECIMEN, 'ec': ('--specimen', '--protocols', 'bac,aa:ec:sha-256')}


def spki(data):
    return one_object(one_object(data, 0x6F, 'EF.DG15').value, 0x30, 'SubjectPublicKeyInfo')


def each(function):
    passports.each(PASSPORTS, lambda files: function(files['EF.DG15']))


def test_LDS_J_1():
    """It begins with its tag."""
    each(lambda data: common.equal(data[0], 0x6F, 'tag'))


def test_LDS_J_2():
    """Its length is that of the file."""
    each(lambda data: one_object(data, 0x6F, 'EF.DG15'))


def test_LDS_J_3():
    """A SubjectPublicKeyInfo in DER, of an algorithm and a key."""
    def case(data):
        common.equal([node.tag for node in strict(spki(data)).children()], [0x30, 0x03], 'parts')
    each(case)


def test_LDS_J_4():
    """The algorithm: RSA, with NULL, or a key of a curve, with parameters."""
    def case(data):
        name, parameters = spki(data).children()[0].children()
        check(dotted(name.value) in (RSA, EC_PUBLIC_KEY), 'algorithm %s', dotted(name.value))
        check(parameters.tag == (0x05 if dotted(name.value) == RSA else 0x30), 'parameters %X', parameters.tag)
    each(case)


def test_LDS_J_5():
    """The key: modulus and exponent, or a point of the curve."""
    def case(data):
        algorithm, key = spki(data).children()
        check(key.value[0] == 0, 'unused bits')
        if dotted(algorithm.children()[0].value) == EC_PUBLIC_KEY:
            public_key(spki(data))
            return
        modulus, exponent = strict(one_object(key.value[1:], 0x30, 'RSAPublicKey')).children()
        check(modulus.integer().bit_length() >= 1024 and modulus.integer() & 1, 'modulus')
        check(exponent.integer() > 2 and exponent.integer() & 1, 'exponent %d', exponent.integer())
    each(case)


common.main(globals())
