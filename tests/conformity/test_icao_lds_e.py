# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_E: EF.DG14 (Doc 9303-10, 4.7.14; 9303-11, 9.2). Cases 8 and 9 are BSI's LDS_E_2 and LDS_E_5."""
import common
import passports
from passports import one_object
from security_infos import chip_auth_info, chip_key_info, infos_of, number, those
from terminal import oids, signatures
from terminal.errors import check
from terminal.tlv import dotted

WITH_CHIP_AUTH = {name: options for name, options in passports.TERMINAL_AUTH.items() if name != 'mapping alone'}
WITH_PACE = {'specimen': passports.SPECIMEN, 'many': ('--specimen', '--protocols', ','.join(
    ['bac', 'pace-gm:13:aes-128', 'pace-gm:0:3des', 'pace-im:2:aes-256', 'pace-cam:13:aes-192', 'ca:13:aes-128']))}
WITH_SIGNATURE = {digest: ('--specimen', '--protocols', 'bac,aa:ec:' + digest) for digest in ('sha-224', 'sha-256')}


def each(cards, function):
    passports.each(cards, lambda files: function(one_object(files['EF.DG14'], 0x6E, 'EF.DG14').value))


def test_LDS_E_1():
    """Its tag, its length, and one set in it."""
    for cards in (WITH_CHIP_AUTH, WITH_PACE, WITH_SIGNATURE):
        each(cards, infos_of)


def test_LDS_E_2():
    """Chip Authentication: each info has its key, each key an info."""
    def case(data):
        infos = {chip_auth_info(*info) for info in those(data, oids.CA, 2)}
        keys = [chip_key_info(*info) for info in those(data, oids.PK, 1)]
        common.equal(len(keys), len(set(keys)), 'keys')
        common.equal(infos, set(keys), 'infos and keys')
    each(WITH_CHIP_AUTH, case)


def test_LDS_E_3():
    """The keys: numbered where there are several."""
    def case(data):
        keys = [chip_key_info(*info) for info in those(data, oids.PK, 1)]
        check(keys, 'no key')
        check(len(keys) == 1 or all(name is not None for _, name in keys), 'keys %s', keys)
    each(WITH_CHIP_AUTH, case)


def test_LDS_E_4():
    """The infos of Chip Authentication."""
    def case(data):
        check([chip_auth_info(*info) for info in those(data, oids.CA, 2)], 'no info')
    each(WITH_CHIP_AUTH, case)


def test_LDS_E_5():
    """What EF.CardAccess has is there, too."""
    def case(files):
        access = {node.raw for node in one_object(files['EF.CardAccess'], 0x31, 'EF.CardAccess').children()}
        group = one_object(one_object(files['EF.DG14'], 0x6E, 'EF.DG14').value, 0x31, 'SecurityInfos')
        check(access <= {node.raw for node in group.children()}, 'EF.DG14 lacks infos of EF.CardAccess')
    passports.each(WITH_PACE, case)


def test_LDS_E_6():
    """Active Authentication with ECDSA: one info, of version 1, with a plain signature algorithm."""
    def case(data):
        found = [rest for name, rest in infos_of(data) if name == oids.AA]
        common.equal(len(found), 1, 'ActiveAuthenticationInfos')
        version, algorithm = found[0]
        common.equal(number(version, 'version'), 1, 'version')
        check(dotted(algorithm.value) in signatures.PLAIN, 'algorithm %s', dotted(algorithm.value))
    each(WITH_SIGNATURE, case)


def test_LDS_E_7():
    """With chip authentication mapping there is Chip Authentication."""
    def case(data):
        check(those(data, oids.CA, 2) and those(data, oids.PK, 1), 'no chip authentication')
    each(WITH_PACE, case)


def terminal_auth(data):
    return [rest for name, rest in infos_of(data) if name == oids.TA]


def test_LDS_E_8():
    """Terminal Authentication of version 1, and no signature algorithm."""
    def case(data):
        check(1 in [number(rest[0], 'version') for rest in terminal_auth(data)], 'no version 1')
        check(not [name for name, _ in infos_of(data) if name.startswith(oids.TA + '.')], 'a signature algorithm')
    each(passports.TERMINAL_AUTH, case)


def test_LDS_E_9():
    """The infos of Terminal Authentication: a version, and at most the name of EF.CVCA."""
    def case(data):
        for version, *file in terminal_auth(data):
            check([node.tag for node in file] in ([], [0x30]), 'parts %s', file)
            for name in [part for node in file for part in node.children()]:
                check(name.tag == 0x04, 'EF.CVCA is named by %s', name)
    each(passports.TERMINAL_AUTH, case)


common.main(globals())
