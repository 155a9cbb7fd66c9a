# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit LDS_H: EF.DG4, irises."""
import common
from biometrics import Group, SIDES

IRIS = Group('EF.DG4', 0x76, (b'\x00\x09', b'\x00\x0b'), b'IIR\0', SIDES, False)


def test_LDS_H_1():
    """The tag of the data group."""
    IRIS.each(IRIS.template_tag)


def test_LDS_H_2():
    """Its length is that of the file."""
    IRIS.each(IRIS.length)


def test_LDS_H_3():
    """It holds the group of templates and nothing else."""
    IRIS.each(IRIS.group)


def test_LDS_H_4():
    """The number of templates is right."""
    IRIS.each(IRIS.templates)


def test_LDS_H_5():
    """Each is a biometric information template."""
    IRIS.each(IRIS.templates)


def test_LDS_H_6():
    """It begins with a header."""
    IRIS.each(IRIS.headers)


def test_LDS_H_7():
    """The header says who owns the format."""
    IRIS.each(IRIS.owner)


def test_LDS_H_8():
    """And what format it is."""
    IRIS.each(IRIS.format)


def test_LDS_H_9():
    """And which eye, if anything."""
    IRIS.each(IRIS.subtype)


def test_LDS_H_10():
    """The record is the rest of the template."""
    IRIS.each(IRIS.records)


def test_LDS_H_11():
    """It is an iris record."""
    IRIS.each(IRIS.identifier)


common.main(globals())
