# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ASN.1 types that DER encodings are held to. A type has the tags that its encodings begin with, and check(node), which
fails if it is not one of its values."""
from terminal.tlv import Node, dotted, parse, tlv


def der(data):
    """The data objects in data, which must be encoded as DER: lengths, integers, booleans, the order of sets."""
    nodes = parse(data)
    for node in nodes:
        assert tlv(node.tag, node.value) == node.raw, '%s: the length is not in its shortest form' % node
        if node.tag == 0x02:
            assert is_shortest(node.value), '%s: the integer is not in its shortest form' % node
        if node.tag == 0x01:
            assert node.value in (b'\0', b'\xff'), node
        if is_constructed(node):
            inside = [child.raw for child in der(node.value)]
            assert node.tag != 0x31 or inside == sorted(inside), '%s: the set is not sorted' % node
    return nodes


def is_shortest(octets):
    """An integer: the first nine bits are not all the same."""
    return len(octets) == 1 or len(octets) > 1 and (octets[0], octets[1] >> 7) not in ((0, 0), (0xFF, 1))


def is_constructed(node):
    return bool(node.tag.to_bytes(2, 'big').lstrip(b'\0')[0] & 0x20)


def whole(type_of, data):
    """data are one value of the type, in DER."""
    nodes = der(data)
    assert len(nodes) == 1, '%d data objects' % len(nodes)
    type_of.check(nodes[0])


class Type:
    def check(self, node):
        assert node.tag in self.tags, '%s where %s should be' % (node, self)
        self.inside(node)


class Primitive(Type):
    """valid: of the value's octets."""

    def __init__(self, name, tag, valid=lambda value: True):
        self.name, self.tags, self.valid = name, (tag,), valid

    def __repr__(self):
        return self.name

    def inside(self, node):
        assert self.valid(node.value), '%s is no %s' % (node, self)


def integer(*values):
    """One of these; any, if there are none."""
    def valid(octets):
        return len(octets) > 0 and (not values or int.from_bytes(octets, 'big', signed=True) in values)
    return Primitive('INTEGER %s' % (values or 'of any value',), 0x02, valid)


def name(*values):
    """An object identifier: one of these, dotted, or any."""
    return Primitive('OBJECT IDENTIFIER %s' % (values or 'of any value',), 0x06,
                     lambda value: not values or dotted(value) in values)


def text(kind, tag, characters=None, sizes=None, encoding='ascii'):
    """A string of characters of these, of one of these sizes."""
    def valid(octets):
        try:
            string = octets.decode(encoding)
        except UnicodeDecodeError:
            return False
        return (characters is None or set(string) <= set(characters)) and (sizes is None or len(string) in sizes)
    return Primitive(kind, tag, valid)


BOOLEAN = Primitive('BOOLEAN', 0x01, lambda octets: len(octets) == 1)
OCTETS = Primitive('OCTET STRING', 0x04)
BITS = Primitive('BIT STRING', 0x03, lambda octets: len(octets) > 0 and octets[0] < 8)
UTF8 = text('UTF8String', 0x0C, encoding='utf-8')
IA5 = text('IA5String', 0x16)
PRINTABLE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \'()+,-./:=?'
PRINTABLE = text('PrintableString', 0x13, PRINTABLE_CHARACTERS)


def octets(size):
    return Primitive('OCTET STRING of %d' % size, 0x04, lambda value: len(value) == size)


class Any(Type):
    tags = range(1 << 16)

    def __repr__(self):
        return 'anything'

    def check(self, node):
        pass


class Optional:
    def __init__(self, member):
        self.member = member


class Sequence(Type):
    """Its members, of which those in Optional may be missing."""

    def __init__(self, *members):
        self.members, self.tags = members, (0x30,)

    def __repr__(self):
        return 'a SEQUENCE'

    def inside(self, node):
        rest = node.children()
        for member in self.members:
            is_optional = isinstance(member, Optional)
            kind = member.member if is_optional else member
            if is_optional and (not rest or rest[0].tag not in kind.tags):
                continue
            assert rest, '%s ends before %s' % (node, kind)
            kind.check(rest.pop(0))
        assert not rest, '%s goes on with %s' % (node, rest)


class Many(Type):
    """SEQUENCE OF or SET OF, by its tag; least: so many at least."""

    def __init__(self, tag, member, least=0):
        self.tags, self.member, self.least = (tag,), member, least

    def __repr__(self):
        return 'a collection'

    def inside(self, node):
        children = node.children()
        assert len(children) >= self.least, '%s has less than %d' % (node, self.least)
        for child in children:
            self.member.check(child)


class Choice(Type):
    def __init__(self, *kinds):
        self.kinds, self.tags = kinds, tuple(tag for kind in kinds for tag in kind.tags)

    def __repr__(self):
        return 'a choice of %s' % (self.kinds,)

    def inside(self, node):
        next(kind for kind in self.kinds if node.tag in kind.tags).check(node)


class Tagged(Type):
    """With another tag: in its place, or around it. implicit: a tag, as the encoding has it."""

    def __init__(self, tag, kind, explicit=False):
        self.tags, self.kind, self.explicit = (tag,), kind, explicit

    def __repr__(self):
        return '[%X] %s' % (self.tags[0], self.kind)

    def inside(self, node):
        if not self.explicit:
            self.kind.inside(Node(self.kind.tags[0], node.value, node.raw))
            return
        children = node.children()
        assert len(children) == 1, '%s has %d inside' % (node, len(children))
        self.kind.check(children[0])
