# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_A: the application is selected."""
import common
import icao
import plan
from terminal import lds


def select(protocols):
    with icao.passport(protocols) as card:
        answer = plan.step(card, plan.OK, '00A4040C', lds.AID, how='plain')
        common.equal(answer, b'', 'data')


def test_ISO7816_A_1():
    """Of a passport with Basic Access Control alone."""
    select('bac')


def test_ISO7816_A_2():
    """Of one with both."""
    select('bac,pace-gm:13:aes-128')


def test_ISO7816_A_3():
    """Of one with PACE alone."""
    select('pace-gm:13:aes-128')


common.main(globals())
