# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_S: EF.CardSecurity, which is open after PACE."""
import common
import icao
import plan
from access import SELECT_REFUSED
from plan import ERROR, OK
from terminal import lds

FID, TAG = icao.fid_of(lds.CARD_SECURITY), 0x30
OFFSET = bytes.fromhex('54020000')
SFI, ODD_SFI = icao.by_sfi(lds.CARD_SECURITY), '00B1001D'


def after_pace(*steps):
    """Steps: header, data, ne, what is read."""
    with icao.passport() as card:
        for way in ('cam', 'pace'):
            icao.enter(card, way)
            lds.select_mf(card)
            for header, data, ne, want in steps:
                common.equal(plan.step(card, OK, header, data, ne), want, 'data')


def without_pace(*steps):
    """Steps: what is expected, header, data, ne; the first refusal ends them."""
    with icao.passport() as card:
        for want, header, data, ne in steps:
            common.equal(plan.step(card, want, header, data, ne, 'plain'), b'', 'data')


def test_ISO7816_S_1():
    """SELECT and READ BINARY."""
    after_pace(('00A4020C', FID, None, b''), ('00B00000', b'', 1, bytes([TAG])))


def test_ISO7816_S_2():
    """READ BINARY by short identifier."""
    after_pace((SFI, b'', 1, bytes([TAG])))


def test_ISO7816_S_3():
    """SELECT and READ BINARY with the odd instruction."""
    after_pace(('00A4020C', FID, None, b''), ('00B10000', OFFSET, 3, bytes([0x53, 0x01, TAG])))


def test_ISO7816_S_4():
    """READ BINARY with the odd instruction by short identifier."""
    after_pace((ODD_SFI, OFFSET, 3, bytes([0x53, 0x01, TAG])))


def test_ISO7816_S_5():
    """SELECT and READ BINARY without PACE."""
    without_pace((SELECT_REFUSED, '00A4020C', FID, None), (ERROR, '00B00000', b'', 256))


def test_ISO7816_S_6():
    """READ BINARY by short identifier without PACE."""
    without_pace((ERROR, SFI, b'', 1))


def test_ISO7816_S_7():
    """SELECT and READ BINARY with the odd instruction without PACE."""
    without_pace((SELECT_REFUSED, '00A4020C', FID, None), (ERROR, '00B10000', OFFSET, 3))


def test_ISO7816_S_8():
    """READ BINARY with the odd instruction by short identifier without PACE."""
    without_pace((ERROR, ODD_SFI, OFFSET, 3))


common.main(globals())
