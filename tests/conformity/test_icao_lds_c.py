# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_C: EF.DG2 (Doc 9303-10, 4.7.2), a face after ISO/IEC 19794-5:2005."""
import struct

import common
from biometrics import Group
from terminal.errors import check

FACE = Group('EF.DG2', 0x75, (b'\x00\x08',), b'FAC\0', (0,), False)
HEADER, INFORMATION, POINT, IMAGE = 14, 20, 8, 12
UNKNOWN = 0xFF
FRONTAL, TOKEN = 1, 2
JPEG, JPEG_2000 = 0, 1


def test_LDS_C_1():
    """It begins with its tag."""
    FACE.each(FACE.template_tag)


def test_LDS_C_2():
    """Its length is that of the file."""
    FACE.each(FACE.length)


def test_LDS_C_3():
    """It holds the group of templates and nothing else."""
    FACE.each(FACE.group)


def test_LDS_C_4():
    """The number of templates is right."""
    FACE.each(FACE.templates)


def test_LDS_C_5():
    """Each is a biometric information template."""
    FACE.each(FACE.templates)


def test_LDS_C_6():
    """It begins with a header."""
    FACE.each(FACE.headers)


def test_LDS_C_7():
    """The header says who owns the format."""
    FACE.each(FACE.owner)


def test_LDS_C_8():
    """And what format it is."""
    FACE.each(FACE.format)


def test_LDS_C_9():
    """The record is the rest of the template."""
    FACE.each(FACE.records)


def with_record(function):
    FACE.each(lambda data: [function(record) for record in FACE.records(data)])


def points_of(record):
    """How many feature points there are."""
    return struct.unpack('>H', record[HEADER + 4:HEADER + 6])[0]


def test_LDS_C_10():
    """The header of the record: identifier, version, length, number of faces."""
    def case(record):
        identifier, version, length, faces = struct.unpack('>4s4sIH', record[:HEADER])
        common.equal((identifier, version), (b'FAC\0', b'010\0'), 'identifier and version')
        common.equal(length, len(record), 'length')
        check(faces >= 1, 'no face')
    with_record(case)


def test_LDS_C_11():
    """The facial information: length, points, sex, colours of eyes and hair, properties, expression, pose."""
    def case(record):
        length, points, sex, eyes, hair = struct.unpack('>IHBBB', record[HEADER:HEADER + 9])
        common.equal(length, len(record) - HEADER, 'length of the face')
        check(INFORMATION + POINT * points + IMAGE < length, '%d points', points)
        check(sex in (0, 1, 2, UNKNOWN), 'sex %d', sex)
        check(eyes <= 7 or eyes == UNKNOWN, 'colour of the eyes %d', eyes)
        check(hair <= 7 or hair == UNKNOWN, 'colour of the hair %d', hair)
        expression, = struct.unpack('>H', record[HEADER + 12:HEADER + 14])
        check(expression <= 7 or expression >= 0x8000, 'expression %d', expression)
        pose, uncertainty = record[HEADER + 14:HEADER + 17], record[HEADER + 17:HEADER + 20]
        check(all(angle <= 180 for angle in pose), 'pose %s', pose.hex())
        check(all(angle <= 181 for angle in uncertainty), 'uncertainty of the pose %s', uncertainty.hex())
    with_record(case)


def test_LDS_C_12():
    """Feature points, if there are any, are of the kind that MPEG-4 numbers."""
    def case(record):
        for at in range(points_of(record)):
            begin = HEADER + INFORMATION + POINT * at
            check(record[begin] in (1, 2), 'feature point of type %d', record[begin])
    with_record(case)


def test_LDS_C_13():
    """The picture: full frontal or token, JPEG or JPEG 2000."""
    def case(record):
        begin = HEADER + INFORMATION + POINT * points_of(record)
        kind, coding = record[begin:begin + 2]
        check(kind in (FRONTAL, TOKEN), 'face of type %d', kind)
        check(coding in (JPEG, JPEG_2000), 'picture of type %d', coding)
        starts = (b'\xff\xd8\xff',) if coding == JPEG else (b'\0\0\0\x0cjP  ', b'\xff\x4f\xff\x51')
        check(record[begin + IMAGE:].startswith(starts), 'the picture is of another type')
    with_record(case)


common.main(globals())
