# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Biometric data groups, as units LDS_G and LDS_H examine them: the templates of ISO/IEC 7816-11 around records (Doc
9303-10, 4.7.2 to 4.7.4), not what the records hold."""
import passports
from passports import objects, one_object
from terminal.errors import check

GROUP, TEMPLATE, HEADER, RECORDS = 0x7F61, 0x7F60, 0xA1, (0x5F2E, 0x7F2E)
SUBTYPE, OWNER, FORMAT = 0x82, 0x87, 0x88
# ISO/IEC 19785-3: right and left in the first bits, the finger in the next three.
SIDES = 0, 1, 2
FINGERS = SIDES + tuple(side | finger << 2 for side in (1, 2) for finger in range(1, 6))
# As passports with and without Terminal Authentication serve them.
PASSPORTS = {'specimen': passports.SPECIMEN, 'without ta': ('--specimen', '--protocols', 'bac')}


class Group:
    """A data group. formats, magic, subtypes: what its records may be; subtype: whether the header must have one."""

    def __init__(self, name, tag, formats, magic, subtypes, needs_subtype):
        self.name, self.tag, self.formats, self.magic = name, tag, formats, magic
        self.subtypes, self.needs_subtype = subtypes, needs_subtype

    def each(self, case):
        """Runs case(content) for the data group of every passport."""
        for name, options in PASSPORTS.items():
            files = passports.read(*options)
            check(self.name in files, '%s: no %s', name, self.name)
            case(files[self.name])

    def template_tag(self, data):
        check(data[0] == self.tag, 'the first byte is %02X', data[0])

    def length(self, data):
        one_object(data, self.tag, self.name)

    def group(self, data):
        """The template of the group, which is all there is, unless it is empty: then random data may follow."""
        parts = objects(one_object(data, self.tag, self.name).value)
        check(parts and parts[0].tag == GROUP, 'the first object is not 7F61')
        tags = [part.tag for part in parts[1:]]
        check(not tags or tags == [0x53] and self.instances(parts[0]) == 0, 'behind 7F61 there is %s', tags)
        return parts[0]

    @staticmethod
    def instances(group):
        count = objects(group.value)[0]
        check(count.tag == 0x02, 'the first object of 7F61 is %X', count.tag)
        check(len(count.value) == 1, 'a number of %d bytes', len(count.value))
        return count.value[0]

    def templates(self, data):
        group = self.group(data)
        found = objects(group.value)[1:]
        check(found, 'no template')
        check(len(found) == self.instances(group), '%d instances, not %d', self.instances(group), len(found))
        for node in found:
            check(node.tag == TEMPLATE, 'object %X is no template', node.tag)
        return found

    def headers(self, data):
        found = [objects(template.value)[0] for template in self.templates(data)]
        for node in found:
            check(node.tag == HEADER, 'object %X is no header', node.tag)
            objects(node.value)
        return found

    def element(self, data, tag, size):
        """The values of an element of all headers; of those that have it, unless size is its length."""
        found = [header.find(tag) for header in self.headers(data)]
        for value in found:
            check(value is not None and len(value) == size, 'element %X is %s', tag, value and value.hex())
        return found

    def owner(self, data):
        check(self.element(data, OWNER, 2)[0] == b'\x01\x01', 'not a format of ISO/IEC JTC 1/SC 37')

    def format(self, data):
        check(self.element(data, FORMAT, 2)[0] in self.formats, 'not one of these formats: %s', self.formats)

    def subtype(self, data):
        if not self.needs_subtype and all(header.find(SUBTYPE) is None for header in self.headers(data)):
            return
        for value in self.element(data, SUBTYPE, 1):
            check(value[0] in self.subtypes, 'no such biometric subtype: %s', value.hex())

    def records(self, data):
        """The biometric data blocks: one in each template, behind the header."""
        found = []
        for template in self.templates(data):
            rest = objects(template.value)[1:]
            check(len(rest) == 1 and rest[0].tag in RECORDS, 'behind the header there is %s', [node.tag for node in rest])
            found.append(rest[0].value)
        return found

    def identifier(self, data):
        for record in self.records(data):
            check(record[:4] == self.magic, 'the record begins with %s', record[:4])
