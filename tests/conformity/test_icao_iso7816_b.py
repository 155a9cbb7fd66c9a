# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_B: what Basic Access Control keeps from whom."""
import access
import common


def test_ISO7816_B_1_to_18():
    """SELECT of each file without access."""
    access.selects('B', 1)


def test_ISO7816_B_19_to_36():
    """READ BINARY of each file without access."""
    access.reads('B', 19)


def test_ISO7816_B_37_to_54():
    """READ BINARY of each file with access, under secure messaging and without."""
    access.protected('B', 37, 'bac')


common.main(globals())
