# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, units ISO7816_Q, ISO7816_T and ISO7816_U: EF.CardAccess, EF.ATR/INFO and EF.DIR, which anybody may read, in
four ways each."""
import common
import icao
import plan
from plan import OK
from terminal import lds

UNITS = {'Q': (lds.CARD_ACCESS, 0x31), 'T': (lds.ATR_INFO, 0x43), 'U': (lds.DIR, 0x61)}
OFFSET = bytes.fromhex('54020000')


def each(number, function):
    rows = [('ISO7816_%s_%d' % (unit, number), *UNITS[unit]) for unit in UNITS]
    with icao.passport() as card:
        def case(fid, tag):
            card.reset()
            function(card, fid, tag)
        plan.each(rows, case)


def select(card, fid):
    plan.step(card, OK, '00A4020C', icao.fid_of(fid), how='plain')


def test_ISO7816_QTU_1():
    """SELECT and READ BINARY."""
    def case(card, fid, tag):
        select(card, fid)
        common.equal(plan.step(card, OK, '00B00000', b'', 1, 'plain'), bytes([tag]), 'the first byte')
    each(1, case)


def test_ISO7816_QTU_2():
    """READ BINARY by short identifier."""
    def case(card, fid, tag):
        common.equal(plan.step(card, OK, icao.by_sfi(fid), b'', 1, 'plain'), bytes([tag]), 'the first byte')
    each(2, case)


def test_ISO7816_QTU_3():
    """SELECT and READ BINARY with the odd instruction."""
    def case(card, fid, tag):
        select(card, fid)
        common.equal(plan.step(card, OK, '00B10000', OFFSET, 3, 'plain'), bytes([0x53, 0x01, tag]), 'data')
    each(3, case)


def test_ISO7816_QTU_4():
    """READ BINARY with the odd instruction by short identifier."""
    def case(card, fid, tag):
        header = bytes([0x00, 0xB1, 0x00, lds.short_identifier(fid)])
        common.equal(plan.step(card, OK, header, OFFSET, 3, 'plain'), bytes([0x53, 0x01, tag]), 'data')
    each(4, case)


common.main(globals())
