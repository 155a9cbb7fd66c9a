# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_O: EF.DG12 (Doc 9303-10, 4.7.12). Ours has the authority and the date of issue."""
import common
import details

DG12 = details.Details('EF.DG12', 0x6C, (
    0x5F19, 0x5F26, details.OTHERS, 0x5F1B, 0x5F1C, 0x5F1D, 0x5F1E, 0x5F55, 0x5F56))


def test_LDS_O_1():
    """It begins with its tag."""
    DG12.template_tag()


def test_LDS_O_2():
    """Its length is that of the file."""
    DG12.length()


def test_LDS_O_3():
    """The tag list names the objects that there are."""
    DG12.tag_list()


def test_LDS_O_4():
    """The issuing authority."""
    DG12.element(0x5F19, details.text)


def test_LDS_O_5():
    """The date of issue."""
    DG12.element(0x5F26, details.date)


common.main(globals())
