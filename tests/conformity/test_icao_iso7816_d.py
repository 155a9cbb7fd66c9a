# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_D: SELECT under secure messaging, after Basic Access Control and after PACE."""
import common
import icao
import plan
from plan import ERROR, OK


def with_ways(function):
    with icao.passport() as card:
        for way in icao.WAYS:
            icao.enter(card, way)
            function(card)


def test_ISO7816_D_1_to_22():
    """Each file is selected; its first byte is its tag. The plan has no numbers 2 to 5."""
    def case(card, fid, tag):
        common.equal(plan.step(card, OK, '00A4020C', icao.fid_of(fid)), b'', 'data')
        common.equal(plan.step(card, OK, '00B00000', ne=1), bytes([tag]), 'the first byte')

    rows = icao.cases('D', 1, ['EF.COM']) + icao.cases('D', 6, list(icao.FILES)[1:])
    with_ways(lambda card: plan.each(rows, lambda fid, tag: case(card, fid, tag)))


def test_ISO7816_D_23():
    """A file that is not there."""
    with_ways(lambda card: plan.step(card, ERROR, '00A4020C', b'\x02\x02'))


common.main(globals())
