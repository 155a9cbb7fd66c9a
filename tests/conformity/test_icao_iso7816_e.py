# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_E: READ BINARY under secure messaging, after Basic Access Control and after PACE."""
import common
import icao
import plan
from plan import ERROR, OK, Expected
from terminal import lds


def with_ways(function):
    with icao.passport() as card:
        for way in icao.WAYS:
            visit = icao.enter(card, way)
            function(card, visit)


def after_select(want, header, ne):
    """READ BINARY of EF.COM; what it brings is how the file goes on there."""
    def go(card, visit):
        data = visit.read(lds.COM)
        lds.select_file(card, lds.COM)
        answer = plan.step(card, want, header, ne=ne)
        common.equal(answer, b'' if want is ERROR else data[:ne], 'data')
    with_ways(go)


def test_ISO7816_E_1():
    """After SELECT."""
    after_select(OK, '00B00000', 1)


def test_ISO7816_E_3():
    """From beyond the end of the file."""
    after_select(ERROR, '00B07FFF', 1)


def test_ISO7816_E_4():
    """More than there is: all of it, and perhaps the warning of ISO/IEC 7816-4 that it ends there."""
    after_select(Expected('9000 or 6282', 0x9000, 0x6282), '00B00000', 0xE0)


def test_ISO7816_E_5_to_22():
    """Each file by short identifier: EF.DG6 up to 224 bytes, of the others one."""
    def case(card, fid, tag):
        ne = 0xE0 if fid == lds.dg(6) else 1
        data = plan.step(card, OK, icao.by_sfi(fid), ne=ne)
        common.equal((len(data), data[0]), (ne, tag), 'bytes and the first')

    rows = icao.cases('E', 5)
    with_ways(lambda card, visit: plan.each(rows, lambda fid, tag: case(card, fid, tag)))


common.main(globals())
