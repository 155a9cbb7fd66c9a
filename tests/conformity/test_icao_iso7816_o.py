# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_O: what PACE keeps from whom."""
import access
import common
import icao
from terminal import lds

CARD_SECURITY_TAG = 0x30


def test_ISO7816_O_1_to_18():
    """SELECT of each file without access."""
    access.selects('O', 1)


def test_ISO7816_O_19_to_36():
    """READ BINARY of each file without access."""
    access.reads('O', 19)


def test_ISO7816_O_37_to_54():
    """READ BINARY of each file with access, under secure messaging and without."""
    access.protected('O', 37, 'pace')


def test_ISO7816_O_55():
    """SELECT of EF.CardSecurity without access."""
    with icao.passport() as card:
        access.refused(card, access.SELECT_REFUSED, '00A4020C', icao.fid_of(lds.CARD_SECURITY))
        access.refused(card, access.ERROR, '00B00000', ne=256)


def test_ISO7816_O_56():
    """READ BINARY of EF.CardSecurity without access."""
    with icao.passport() as card:
        access.refused(card, access.READ_REFUSED, icao.by_sfi(lds.CARD_SECURITY), ne=256)


def card_security(way):
    with icao.passport() as card:
        icao.enter(card, way)
        lds.select_mf(card)
        access.only_protected(card, lds.CARD_SECURITY, CARD_SECURITY_TAG)


def test_ISO7816_O_57():
    """EF.CardSecurity after chip authentication mapping."""
    card_security('cam')


def test_ISO7816_O_58():
    """EF.CardSecurity after another mapping."""
    card_security('pace')


common.main(globals())
