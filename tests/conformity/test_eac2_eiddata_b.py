# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_EIDDATA_B: how the data groups of the eID application are coded (TR-03110-4, 2.2.3.1), in
the card that is made when nothing is said, and in one with all data groups."""
import contextlib
import tempfile
import zlib

import asn1
import common
import documents
import eid
import plan
from asn1 import OCTETS, PRINTABLE_CHARACTERS, UTF8, Any, Choice, Many, Optional, Primitive, Sequence, Tagged, name, text, \
    whole
from terminal.tlv import oid, tlv

CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ '


def icao(*sizes, characters=CAPITALS):
    return text('ICAOString', 0x13, characters, sizes)


def is_date(octets):
    """YYYYMMDD; of a day that is not known in full the rest are blanks."""
    return len(octets) == 8 and octets.rstrip(b' ').isdigit() and len(octets.rstrip(b' ')) in (4, 6, 8)


def is_compressed(octets):
    return zlib.decompress(octets, -15).decode() is not None


COUNTRY = icao(1, 3)
DATE = Primitive('Date', 0x12, is_date)
PLACE = Sequence(Optional(Tagged(0xAA, UTF8, True)), Tagged(0xAB, UTF8, True), Optional(Tagged(0xAC, UTF8, True)),
                 Tagged(0xAD, COUNTRY, True),
                 Optional(Tagged(0xAE, text('PrintableString', 0x13, PRINTABLE_CHARACTERS), True)))
GENERAL_PLACE = Choice(PLACE, Tagged(0xA1, UTF8, True), Tagged(0xA2, UTF8, True))
TEXT = Choice(Tagged(0xA1, UTF8, True), Tagged(0xA2, Primitive('compressed text', 0x04, is_compressed), True))
GROUPS = {  # what is inside the tag of the data group
    1: icao(2), 2: Choice(COUNTRY, PLACE), 3: DATE, 4: UTF8, 5: UTF8, 6: UTF8, 7: UTF8, 8: DATE, 9: GENERAL_PLACE,
    10: COUNTRY, 11: icao(1, characters='MF '), 12: Many(0x31, Sequence(name(), Optional(Any()))), 13: UTF8, 14: OCTETS,
    15: DATE, 17: Choice(GENERAL_PLACE, Many(0x31, GENERAL_PLACE)), 18: OCTETS, 19: TEXT, 20: TEXT,
    21: text('PrintableString', 0x13, PRINTABLE_CHARACTERS), 22: asn1.IA5,
}
# Numbers of cases, by data group.
CASES = {**{group: group for group in range(1, 13)}, 17: 13, 18: 14, 19: 15, 20: 16, 21: 17, 22: 18, 13: 19, 14: 20, 15: 21}


def read(card):
    """{number: contents} of what there is."""
    eid.run(card, eid.specimen())
    found = {}
    for number in GROUPS:
        contents, sw = card.exchange('00B0%02X00' % (0x80 | number), ne=65536)
        assert sw in (0x9000, 0x6A82), 'DG%d: %04X' % (number, sw)
        if sw == 0x9000:
            found[number] = contents
    return found


def check(groups, number):
    whole(Tagged(0x60 + number, GROUPS[number], True), groups[number])


def cases(groups):
    plan.each([('EAC2_EIDDATA_B_%d (DG%d)' % (CASES[number], number), groups, number) for number in groups], check)


@contextlib.contextmanager
def every_group():
    """A card with all data groups, as they should be."""
    optional = tlv(0x31, tlv(0x30, tlv(0x06, oid('2.5.4.4')), tlv(0x0C, b'MUSTERMANN')))
    signature = tlv(0x04, bytes.fromhex('0000000C6A502020'))

    def change(image):
        for number, contents in ((12, optional), (14, signature)):
            documents.put_group(image, documents.EID, number, tlv(0x60 + number, contents))

    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'person', documents.PERSON)
        with documents.changed(change, '--datasetfile', path) as card:
            yield card


def test_EAC2_EIDDATA_B_1_to_21():
    """Of a card with all of them."""
    with every_group() as card:
        groups = read(card)
        common.equal(sorted(groups), sorted(GROUPS))
        cases(groups)


def test_default_card():
    """Of the card that is made when nothing is said, but for the nationality, which has two letters as vsmartcard's."""
    with eid.new_card() as card:
        groups = read(card)
        common.equal(groups.pop(10).hex(), '6a0413024445', 'DG10')
        assert {1, 2, 3, 4, 5, 8, 9, 17, 18} <= set(groups), sorted(groups)
        cases(groups)


def test_checks_can_fail():
    """The types do not accept what is none of their values."""
    for number, contents in ((1, '61051303494420'), (3, '630A12083230313033313161'), (10, '6A0413024445'), (4, '64030C01FF'),
                             (8, '680A12083139203031303120'), (11, '6B03130158'), (22, '760316018F'), (19, '7303040100')):
        try:
            check({number: bytes.fromhex(contents)}, number)
        except Exception:
            continue
        raise AssertionError('DG%d may be %s' % (number, contents))


common.main(globals())
