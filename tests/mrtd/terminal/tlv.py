# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BER-TLV and DER, written and read (ISO/IEC 7816-4, 5.2.2; X.690): lengths of one to four bytes, tags of one
or two."""
from .errors import ProtocolError


def tlv(tag, *values):
    """A data object, its length in the shortest form."""
    value = b''.join(values)
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, 'big') + length(len(value)) + value


def length(n):
    if n < 0x80:
        return bytes([n])
    octets = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([0x80 | len(octets)]) + octets


class Node:
    """A data object that was read: tag, value, and raw (all of its bytes)."""

    def __init__(self, tag, value, raw):
        self.tag, self.value, self.raw = tag, value, raw

    def __repr__(self):
        return '%X[%s]' % (self.tag, self.value.hex())

    def children(self):
        return parse(self.value)

    def child(self, tag, what=''):
        """The one child with this tag."""
        return the(self.children(), tag, what or 'object %X' % self.tag)

    def find(self, tag):
        """The value of the child with this tag, or None."""
        found = [node for node in self.children() if node.tag == tag]
        if len(found) > 1:
            raise ProtocolError('object %X has object %X %d times' % (self.tag, tag, len(found)))
        return found[0].value if found else None

    def integer(self):
        """The value as an unsigned number; DER INTEGERs must not be negative."""
        if self.tag == 0x02 and self.value[:1] >= b'\x80':
            raise ProtocolError('INTEGER %s is negative' % self.value.hex())
        return int.from_bytes(self.value, 'big')


def the(nodes, tag, what):
    found = [node for node in nodes if node.tag == tag]
    if len(found) != 1:
        raise ProtocolError('%s has object %X %d times, not once' % (what, tag, len(found)))
    return found[0]


def header(data):
    """(tag, size of tag and length together, length) of the object that data begins with."""
    size = 1
    if len(data) < 2:
        raise ProtocolError('data object cut off: %s' % data.hex())
    if data[0] & 0x1F == 0x1F:
        size = 2
        if data[1] & 0x80:
            raise ProtocolError('tag of more than two bytes: %s' % data[:4].hex())
    tag, rest = int.from_bytes(data[:size], 'big'), data[size:]
    if not rest:
        raise ProtocolError('data object %X has no length' % tag)
    if rest[0] < 0x80:
        return tag, size + 1, rest[0]
    count = rest[0] & 0x7F
    if not 1 <= count <= 4 or len(rest) < 1 + count:
        raise ProtocolError('data object %X has the bad length %s' % (tag, rest[:5].hex()))
    return tag, size + 1 + count, int.from_bytes(rest[1:1 + count], 'big')


def parse(data):
    """All data objects that data consists of."""
    nodes = []
    while data:
        tag, start, size = header(data)
        if len(data) < start + size:
            raise ProtocolError('data object %X has %d bytes, not %d' % (tag, len(data) - start, size))
        nodes.append(Node(tag, data[start:start + size], data[:start + size]))
        data = data[start + size:]
    return nodes


def one(data, tag, what='data'):
    """The one data object that data consists of, which must have this tag."""
    nodes = parse(data)
    if len(nodes) != 1 or nodes[0].tag != tag:
        raise ProtocolError('%s is not one object %X but %s' % (
            what, tag, ' '.join('%X' % node.tag for node in nodes) or 'empty'))
    return nodes[0]


def unsigned(n):
    """An unsigned integer in the least number of bytes (Doc 9303-11, 9.4.1)."""
    return n.to_bytes((n.bit_length() + 7) // 8, 'big')


def der_integer(n):
    return tlv(0x02, n.to_bytes(n.bit_length() // 8 + 1, 'big'))


def oid(text):
    """The value of an object identifier out of its dotted form."""
    numbers = [int(part) for part in text.split('.')]
    value = b''
    for n in [40 * numbers[0] + numbers[1]] + numbers[2:]:
        group = bytes([n & 0x7F])
        while n > 0x7F:
            n >>= 7
            group = bytes([0x80 | n & 0x7F]) + group
        value += group
    return value


def dotted(value):
    """The dotted form of an object identifier."""
    numbers, n = [], 0
    for octet in value:
        n = n << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(n)
            n = 0
    if not numbers or value[-1] & 0x80:
        raise ProtocolError('bad object identifier %s' % value.hex())
    first = min(numbers[0] // 40, 2)
    return '.'.join(str(n) for n in [first, numbers[0] - 40 * first] + numbers[1:])
