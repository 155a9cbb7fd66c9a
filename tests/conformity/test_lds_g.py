# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit LDS_G: EF.DG3, fingers."""
import common
from biometrics import FINGERS, Group

FINGER = Group('EF.DG3', 0x63, (b'\x00\x07',), b'FIR\0', FINGERS, True)


def test_LDS_G_1():
    """The tag of the data group."""
    FINGER.each(FINGER.template_tag)


def test_LDS_G_2():
    """Its length is that of the file."""
    FINGER.each(FINGER.length)


def test_LDS_G_3():
    """It holds the group of templates and nothing else."""
    FINGER.each(FINGER.group)


def test_LDS_G_4():
    """The number of templates is right."""
    FINGER.each(FINGER.templates)


def test_LDS_G_5():
    """Each is a biometric information template."""
    FINGER.each(FINGER.templates)


def test_LDS_G_6():
    """It begins with a header."""
    FINGER.each(FINGER.headers)


def test_LDS_G_7():
    """The header says who owns the format."""
    FINGER.each(FINGER.owner)


def test_LDS_G_8():
    """And what format it is."""
    FINGER.each(FINGER.format)


def test_LDS_G_9():
    """And which finger."""
    FINGER.each(FINGER.subtype)


def test_LDS_G_10():
    """The record is the rest of the template."""
    FINGER.each(FINGER.records)


def test_LDS_G_11():
    """It is a finger record."""
    FINGER.each(FINGER.identifier)


common.main(globals())
