# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_B: EF.DG1 (Doc 9303-10, 4.7.1; 9303-3, 4; 9303-4 to -6), for all sizes of passports."""
import re

import common
import passports
import plan
from passports import objects, one_object
from plans import ZONES
from terminal.errors import check
from terminal.mrz import Mrz, check_digit

LONG = 'I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<'
GIVEN = {**ZONES, 'a long number': LONG}
# Where the fields are: line and columns. TD1 has three lines.
FIELDS = {
    'TD3': {'code': (0, 0, 2), 'state': (0, 2, 5), 'name': (0, 5, 44), 'number': (1, 0, 9), 'nationality': (1, 10, 13),
            'birth': (1, 13, 20), 'sex': (1, 20, 21), 'expiry': (1, 21, 28), 'optional': (1, 28, 43)},
    'TD2': {'code': (0, 0, 2), 'state': (0, 2, 5), 'name': (0, 5, 36), 'number': (1, 0, 9), 'nationality': (1, 10, 13),
            'birth': (1, 13, 20), 'sex': (1, 20, 21), 'expiry': (1, 21, 28), 'optional': (1, 28, 35)},
    'TD1': {'code': (0, 0, 2), 'state': (0, 2, 5), 'number': (0, 5, 14), 'optional': (0, 15, 30), 'birth': (1, 0, 7),
            'sex': (1, 7, 8), 'expiry': (1, 8, 15), 'nationality': (1, 15, 18), 'optional 2': (1, 18, 29),
            'name': (2, 0, 30)},
}
SIZES = {88: 'TD3', 72: 'TD2', 90: 'TD1'}


def group(text):
    return passports.read('--specimen', '--mrz', text)['EF.DG1']


def each(number, function):
    plan.each([('LDS_B_%d, %s' % (number, name), text) for name, text in GIVEN.items()], lambda text: function(group(text)))


def zone(data):
    return Mrz(one_object(one_object(data, 0x61, 'EF.DG1').value, 0x5F1F, 'MRZ').value.decode('ascii'))


def field(data, name):
    found = zone(data)
    line, begin, end = FIELDS[found.form][name]
    return found.lines[line][begin:end]


def matches(number, name, pattern):
    each(number, lambda data: check(re.fullmatch(pattern, field(data, name)), '%s is %s', name, field(data, name)))


def dated(number, name):
    """YYMMDD, of which the end may be unknown, and its check digit."""
    def case(data):
        text = field(data, name)
        check(re.fullmatch(r'\d\d(?:0[1-9]|1[0-2]|<<)(?:0[1-9]|[12]\d|3[01]|<<)\d', text), '%s is %s', name, text)
        common.equal(text[6], check_digit(text[:6]), 'check digit')
    each(number, case)


def test_LDS_B_1():
    """It begins with its tag."""
    each(1, lambda data: common.equal(data[0], 0x61, 'tag'))


def test_LDS_B_2():
    """Its length is that of the file."""
    each(2, lambda data: one_object(data, 0x61, 'EF.DG1'))


def test_LDS_B_3():
    """The zone is its one object, as long as one of the three sizes."""
    def case(data):
        parts = objects(one_object(data, 0x61, 'EF.DG1').value)
        common.equal([part.tag for part in parts], [0x5F1F], 'objects')
        check(len(parts[0].value) in SIZES, '%d characters', len(parts[0].value))
    each(3, case)


def test_LDS_B_4():
    """The code of the document: passport, identity card or the like."""
    matches(4, 'code', '[PIAC][A-Z<]')


def test_LDS_B_5():
    """The issuing state."""
    matches(5, 'state', '[A-Z]{3}|[A-Z]{2}<|[A-Z]<<')


def test_LDS_B_6():
    """The name: parts within one filler, the primary one before two."""
    matches(6, 'name', '[A-Z]+(<[A-Z]+)*(<<[A-Z]+(<[A-Z]+)*)?<*')


def test_LDS_B_7():
    """The number of the document, with its check digit wherever that is."""
    def case(data):
        check(re.fullmatch('[A-Z0-9][A-Z0-9<]*', field(data, 'number')), 'number')
        number = zone(data).document
        common.equal(number[-1], check_digit(number[:-1]), 'check digit')
    each(7, case)


def test_LDS_B_8():
    """The nationality."""
    matches(8, 'nationality', '[A-Z]{3}|[A-Z]{2}<|[A-Z]<<|XX[ABCX]')


def test_LDS_B_9():
    """The date of birth."""
    dated(9, 'birth')


def test_LDS_B_10():
    """The sex."""
    matches(10, 'sex', '[MF<]')


def test_LDS_B_11():
    """The date of expiry."""
    dated(11, 'expiry')


def test_LDS_B_12():
    """The optional data; in a passport with a check digit, for which a filler may stand if they are empty."""
    def case(data):
        text = field(data, 'optional')
        check(re.fullmatch('[A-Z0-9<]*', text), 'optional data %s', text)
        if zone(data).form == 'TD3':
            check(text[14] == check_digit(text[:14]) or text == 15 * '<', 'check digit of %s', text)
    each(12, case)


def test_LDS_B_13():
    """The composite check digit, and all the others."""
    each(13, lambda data: zone(data).verify())


def test_LDS_B_14():
    """It is the zone that is printed."""
    for text in GIVEN.values():
        common.equal(zone(group(text)).text, text, 'zone')


common.main(globals())
