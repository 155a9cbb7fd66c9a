# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EF.DG11 and EF.DG12 (Doc 9303-10, 4.7.11 and 4.7.12) of the specimen: a list of tags, then the data objects that it names."""
import datetime
import re

import passports
from terminal.errors import check

PASSPORTS = {
    'BAC': ('--specimen', '--protocols', 'bac'),
    'all protocols': ('--specimen',),
    'LDS 1.8': ('--specimen', '--lds', '1.8', '--protocols', 'pace-gm:13:aes-128'),
}
TAG_LIST = 0x5C
OTHERS = 0xA0


class Details:
    """tags: of the objects that such a file may have."""

    def __init__(self, name, tag, tags):
        self.name, self.tag, self.tags = name, tag, tags

    def template_tag(self):
        self.each(lambda data: check(data[0] == self.tag, '%s begins with %02X', self.name, data[0]))

    def length(self):
        """That of the file, in the shortest form."""
        self.each(self.objects)

    def tag_list(self):
        """It comes first, and names the objects of the file, each once and in their order."""
        self.each(self.in_order)

    def element(self, tag, examine):
        """examine: the value of the one object with this tag, which the file has."""
        def examine_one(data):
            values = [node.value for node in self.objects(data) if node.tag == tag]
            check(len(values) == 1, '%s has %d objects %X', self.name, len(values), tag)
            examine(values[0])
        self.each(examine_one)

    def each(self, examine):
        passports.each(PASSPORTS, lambda files: examine(files[self.name]))

    def objects(self, data):
        return passports.objects(passports.one_object(data, self.tag, self.name).value)

    def in_order(self, data):
        first, *others = self.objects(data)
        check(first.tag == TAG_LIST, '%s begins with object %X', self.name, first.tag)
        check(first.value == b''.join(tags_of(node.tag) for node in others), 'tag list %s', first.value.hex())
        found = [node.tag for node in others]
        check(len(set(found)) == len(found), 'an object that is there twice')
        check(set(found) <= set(self.tags), 'objects that %s does not have: %s', self.name, first.value.hex())


def tags_of(tag):
    return tag.to_bytes((tag.bit_length() + 7) // 8, 'big')


def name(value):
    """Primary identifier, two fillers, secondary identifiers with one filler between (4.7.11)."""
    text(value)
    check(re.fullmatch(rb'[^<]+(<[^<]+)*(<<[^<]+(<[^<]+)*)?', value), 'a name %r', value)


def fields(value):
    """Fields with one filler between."""
    text(value)
    check(re.fullmatch(rb'[^<]+(<[^<]+)*', value), 'fields %r', value)


def text(value):
    """UTF-8 without control characters."""
    check(value and value.decode('utf-8', 'strict').isprintable(), 'text %s', value.hex())


def date(value):
    """CCYYMMDD, a day that there is."""
    check(re.fullmatch(rb'[0-9]{8}', value), 'a date %s', value.hex())
    datetime.datetime.strptime(value.decode(), '%Y%m%d')
