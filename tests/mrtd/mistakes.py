# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readers do wrong, as values: points and numbers that are in no group, messages of secure messaging with one
fault each. The tables of test_mistakes.py put them into the steps of the protocols."""
from terminal.sm import encode
from terminal.tlv import parse, tlv, unsigned


def bad_keys(group):
    """(what is wrong, octets) for public keys of a group."""
    return bad_numbers(group) if group.kind == 'dh' else bad_points(group)


def bad_points(group):
    size, p = group.size, group.p
    x, y = group.generator
    at = next(x for x in range(2, 99) if pow(x ** 3 + group.a * x + group.b, (p - 1) // 2, p) == p - 1)

    def point(x, y):
        return b'\x04' + x.to_bytes(size, 'big') + y.to_bytes(size, 'big')

    found = [
        ('a point off the curve', point(x, y ^ 1)),
        ('an x-coordinate of no point', point(at, 1)),
        ('0, 0', point(0, 0)),
        ('the neutral element', b'\0'),
        ('the neutral element, of full length', bytes(1 + 2 * size)),
        ('y = p', point(x, p)),
        ('coordinates swapped', point(y, x)),
        ('a compressed point', bytes([2 + (y & 1)]) + x.to_bytes(size, 'big')),
        ('a hybrid point', bytes([6 + (y & 1)]) + point(x, y)[1:]),
        ('an unknown form', b'\x05' + point(x, y)[1:]),
        ('one byte too few', point(x, y)[:-1]),
        ('one byte too many', point(x, y) + b'\0'),
        ('x alone', point(x, y)[:1 + size]),
        ('no byte', b''),
    ]
    if x + p < 1 << 8 * size:
        found.append(('x + p in place of x', point(x + p, y)))
    if y + p < 1 << 8 * size:
        found.append(('y + p in place of y', point(x, y + p)))
    return found


def bad_numbers(group):
    outside = next(x for x in range(2, 99) if pow(x, group.q, group.p) != 1)
    good = group.power(3, group.generator)
    numbers = [('0', 0), ('1', 1), ('p - 1', group.p - 1), ('p', group.p), ('p + 1', group.p + 1),
               ('g + p', group.generator + group.p), ('an element of another order', outside),
               ('the negative of an element', group.p - good)]
    return [(name, unsigned(x) or b'\0') for name, x in numbers] + [
        ('no byte', b''), ('one byte too many', unsigned(good) + b'\0')]


def flipped(octets, bit):
    changed = bytearray(octets)
    changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


# Messages of secure messaging: each function takes the session and returns the raw command.

SELECT_COM = bytes.fromhex('00A4020C'), bytes.fromhex('011E'), None
READ = bytes.fromhex('00B09E00'), b'', 8


def parts(command):
    """Header and data objects of a protected short command."""
    return command[:4], parse(command[5:5 + command[4]])


def join(header, nodes):
    return encode(header, b''.join(node if isinstance(node, bytes) else node.raw for node in nodes), 256)


def mac_bit(sm, bit):
    header, nodes = parts(sm.protect(*SELECT_COM))
    return join(header, nodes[:-1] + [tlv(0x8E, flipped(nodes[-1].value, bit))])


def counter_off(sm, by):
    sm.count(by)
    return sm.protect(*SELECT_COM)


def without(sm, tag):
    """A data object left out; the MAC is that of the whole message."""
    header, nodes = parts(sm.protect(*SELECT_COM))
    return join(header, [node for node in nodes if node.tag != tag])


def signed_body(sm, body, header=SELECT_COM[0]):
    """A message with this body and the MAC that belongs to it."""
    sm.count()
    header = bytes([header[0] | 0x0C]) + header[1:]
    return encode(header, body + tlv(0x8E, sm.checksum(header, body)), 256)


def header_changed(sm, at, value):
    command = sm.protect(*SELECT_COM)
    return command[:at] + bytes([value]) + command[at + 1:]


def encrypted(sm, padded):
    """DO 87 of data that are padded (or not) by the caller; counter of the message that comes."""
    ahead = sm.copy()
    ahead.count()
    return tlv(0x87, b'\x01', ahead.suite.encrypt(ahead.k_enc, padded, ahead._iv()))


MISSING, INCORRECT = 0x6987, 0x6988
EITHER = MISSING, INCORRECT
WRONG_MESSAGES = [
    ('the counter one ahead', INCORRECT, lambda sm: counter_off(sm, 1)),
    ('the counter one behind', INCORRECT, lambda sm: counter_off(sm, -1)),
    ('the counter two behind', INCORRECT, lambda sm: counter_off(sm, -2)),
    ('no checksum', EITHER, lambda sm: without(sm, 0x8E)),
    ('no data object 87, its checksum as it was', INCORRECT, lambda sm: without(sm, 0x87)),
    ('no data object at all', EITHER, lambda sm: bytes.fromhex('0CA4020C00')),
    ('an empty body', EITHER, lambda sm: bytes.fromhex('0CA4020C')),
    ('an empty checksum', INCORRECT, lambda sm: join(*(lambda h, n: (h, n[:-1] + [tlv(0x8E, b'')]))(
        *parts(sm.protect(*SELECT_COM))))),
    ('a checksum of seven bytes', INCORRECT, lambda sm: join(*(lambda h, n: (h, n[:-1] + [tlv(0x8E, n[-1].value[:7])]))(
        *parts(sm.protect(*SELECT_COM))))),
    ('another instruction under the same checksum', INCORRECT, lambda sm: header_changed(sm, 1, 0xB0)),
    ('another P2 under the same checksum', INCORRECT, lambda sm: header_changed(sm, 3, 0x00)),
    ('data objects that are cut off', EITHER, lambda sm: signed_body(sm, b'\x87\x20\x01')),
    ('an empty data object 87', INCORRECT, lambda sm: signed_body(sm, tlv(0x87, b''))),
    ('data object 87 with the padding indicator alone', INCORRECT, lambda sm: signed_body(sm, tlv(0x87, b'\x01'))),
    ('the padding indicator 03', INCORRECT, lambda sm: signed_body(
        sm, (lambda do: do[:2] + b'\x03' + do[3:])(encrypted(sm, b'\x01\x1e\x80' + bytes(sm.suite.block - 3))))),
    ('a cryptogram that is no multiple of the block', INCORRECT, lambda sm: signed_body(
        sm, tlv(0x87, b'\x01', bytes(sm.suite.block + 1)))),
    ('no padding within the cryptogram', INCORRECT, lambda sm: signed_body(
        sm, encrypted(sm, b'\x01\x1e' + b'\x01' * (sm.suite.block - 2)))),
    ('zeros alone within the cryptogram', INCORRECT, lambda sm: signed_body(sm, encrypted(sm, bytes(sm.suite.block)))),
    ('a second checksum', INCORRECT, lambda sm: (lambda c: encode(
        c[:4], c[5:-1] + tlv(0x8E, bytes(8)), 256))(sm.protect(*SELECT_COM))),
]
