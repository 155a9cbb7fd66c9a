# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to files without and within a session, as units ISO7816_B (Basic Access Control) and ISO7816_O (PACE) of ICAO's
plan examine it."""
import common
import icao
import plan
from plan import ERROR, OK, Expected
from terminal import lds

SELECT_REFUSED = Expected('6982 or 9000', 0x6982, 0x9000)
READ_REFUSED = Expected('6982', 0x6982)


def refused(card, want, header, data=b'', ne=None):
    answer = plan.step(card, want, header, data, ne, how='plain')
    common.equal(answer, b'', 'data of a refused command')


def selects(unit, first):
    """SELECT without access; where that is allowed, what is selected cannot be read."""
    with icao.passport() as card:
        def case(fid, tag):
            card.reset()
            lds.select_application(card)
            refused(card, SELECT_REFUSED, '00A4020C', icao.fid_of(fid))
            refused(card, ERROR, '00B00000', ne=256)
        plan.each(icao.cases(unit, first), case)


def reads(unit, first):
    """READ BINARY by short identifier without access."""
    with icao.passport() as card:
        def case(fid, tag):
            card.reset()
            lds.select_application(card)
            refused(card, READ_REFUSED, icao.by_sfi(fid), ne=256)
        plan.each(icao.cases(unit, first), case)


def only_protected(card, fid, tag):
    """In a session: READ BINARY under secure messaging brings data, without it none."""
    data = plan.step(card, OK, icao.by_sfi(fid), ne=6)
    common.equal((len(data), data[0]), (6, tag), 'bytes and the first')
    refused(card, ERROR, '00B00000', ne=256)


def protected(unit, first, way):
    with icao.passport() as card:
        def case(fid, tag):
            icao.enter(card, way)
            only_protected(card, fid, tag)
        plan.each(icao.cases(unit, first), case)
