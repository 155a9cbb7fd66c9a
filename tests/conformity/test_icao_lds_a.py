# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_A: EF.COM (Doc 9303-10, 4.6.1)."""
import common
import passports
from passports import objects, one_object
from terminal import lds
from terminal.errors import check

PASSPORTS = {'specimen': passports.SPECIMEN, 'lds 1.8': passports.LDS_1_8, 'bac alone': ('--specimen', '--protocols', 'bac')}


def each(function):
    passports.each(PASSPORTS, function)


def part(files, at, tag, size=None):
    """The value of the object at this place."""
    parts = objects(one_object(files['EF.COM'], 0x60, 'EF.COM').value)
    common.equal(len(parts), 3, 'objects')
    check(parts[at].tag == tag, 'the object is %X', parts[at].tag)
    check(size in (None, len(parts[at].value)), 'the object has %d bytes', len(parts[at].value))
    return parts[at].value


def test_LDS_A_1():
    """It begins with its tag."""
    each(lambda files: common.equal(files['EF.COM'][0], 0x60, 'tag'))


def test_LDS_A_2():
    """Its length is that of the file."""
    each(lambda files: one_object(files['EF.COM'], 0x60, 'EF.COM'))


def test_LDS_A_3():
    """The version of the data structure."""
    each(lambda files: check(part(files, 0, 0x5F01, 4) in (b'0107', b'0108'), 'version'))


def test_LDS_A_4():
    """The version of Unicode."""
    each(lambda files: common.equal(part(files, 1, 0x5F36, 6), b'040000', 'version'))


def test_LDS_A_5():
    """The list names the data groups that there are, each once, DG1 and DG2 among them."""
    def case(files):
        named = list(part(files, 2, 0x5C))
        there = [tag for number, tag in lds.TAGS.items() if 'EF.DG%d' % number in files]
        common.equal(sorted(named), sorted(there), 'data groups')
        check({lds.TAGS[1], lds.TAGS[2]} <= set(named), 'DG1 and DG2')
    each(case)


common.main(globals())
