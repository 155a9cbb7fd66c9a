# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_N: EF.DG11 (Doc 9303-10, 4.7.11). Ours has the name, the personal number, the full date of birth
and the place of birth."""
import common
import details

DG11 = details.Details('EF.DG11', 0x6B, (
    0x5F0E, details.OTHERS, 0x5F10, 0x5F2B, 0x5F11, 0x5F42, 0x5F12, 0x5F13, 0x5F14, 0x5F15, 0x5F16, 0x5F17, 0x5F18))


def test_LDS_N_1():
    """It begins with its tag."""
    DG11.template_tag()


def test_LDS_N_2():
    """Its length is that of the file."""
    DG11.length()


def test_LDS_N_3():
    """The tag list names the objects that there are."""
    DG11.tag_list()


def test_LDS_N_4():
    """The name of the holder."""
    DG11.element(0x5F0E, details.name)


def test_LDS_N_6():
    """The personal number."""
    DG11.element(0x5F10, details.text)


def test_LDS_N_7():
    """The full date of birth."""
    DG11.element(0x5F2B, details.date)


def test_LDS_N_8():
    """The place of birth."""
    DG11.element(0x5F11, details.fields)


common.main(globals())
