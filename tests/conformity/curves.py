# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ephemeral keys as the plans want them: right ones at the borders of a curve, and wrong ones of curves and groups."""
from terminal.domains import DOMAINS

BORDERS = ('small x', 'large x', 'small y', 'large y')


def at_border(group, generator, border):
    """A private key whose public key has a coordinate among the least or the greatest 256th."""
    size, axis = border.split()
    k = group.random()
    point = group.power(k, generator)
    while True:
        value = point['xy'.index(axis)]
        if value < group.p >> 8 if size == 'small' else value > group.p - (group.p >> 8):
            return k % group.n
        k, point = k + 1, group.combine(point, generator)


def other_size(group):
    """A key of another curve or group."""
    other = DOMAINS[(1 if group.p.bit_length() < 2000 else 0) if group.kind == 'dh' else 9 if group.size != 24 else 13]
    return other.encode(other.power(other.random(), other.generator))


def origin(group):
    return b'\x04' + bytes(2 * group.size)


def off_the_curve(group):
    octets = bytearray(group.encode(group.power(group.random(), group.generator)))
    octets[-1] ^= 1
    return bytes(octets)


def odd_form(group):
    """A point whose first byte is none of those that there are."""
    return b'\x05' + group.encode(group.power(group.random(), group.generator))[1:]


def above_prime(group):
    number = group.p + 2
    return number.to_bytes((number.bit_length() + 7) // 8, 'big')


def zeros(group):
    return bytes(group.size)
