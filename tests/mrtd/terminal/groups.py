# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of key agreement, with one interface: prime curves (TR-03111) and subgroups of GF(p) (RFC 2631).

    group.power(k, x)      k times a point, or x to the k
    group.combine(x, y)    sum of points, or product
    group.encode(x)        as it is sent: an uncompressed point, or an unsigned integer
    group.decode(octets)   the element, checked: on the curve or in the subgroup, and not neutral
    group.secret(k, x)     the shared secret as an octet string: x-coordinate, or the power, of full size
    group.compress(x)      Comp() of Terminal Authentication
    group.tag              of the element within 7F49
"""
import hashlib
import secrets

from .errors import check
from .tlv import unsigned


class Ec:
    """y^2 = x^3 + ax + b over GF(p), with a base point of prime order n. None is the neutral element."""
    tag, kind = 0x86, 'ecdh'

    def __init__(self, p, a, b, x, y, n, name=''):
        self.p, self.a, self.b, self.n, self.name = p, a % p, b, n, name
        self.generator = (x, y)
        self.size = (p.bit_length() + 7) // 8
        self.order_size = (n.bit_length() + 7) // 8

    def same(self, other):
        return (self.p, self.a, self.b, self.generator, self.n) == (
            other.p, other.a, other.b, other.generator, other.n)

    def random(self):
        return secrets.randbelow(self.n - 1) + 1

    def _double(self, point):
        """In Jacobian coordinates."""
        x, y, z = point
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        zz = z * z % p
        m = (3 * x * x + self.a * zz * zz) % p
        x3 = (m * m - 2 * s) % p
        return x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p

    def _add(self, first, second):
        if not first[2]:
            return second
        if not second[2]:
            return first
        p = self.p
        x1, y1, z1 = first
        x2, y2, z2 = second
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
        h, r = u2 - u1, s2 - s1
        if h % p == 0:
            return self._double(first) if r % p == 0 else (1, 1, 0)
        hh = h * h % p
        hhh, v = h * hh % p, u1 * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return x3, (r * (v - x3) - s1 * hhh) % p, h * z1 * z2 % p

    def _affine(self, point):
        x, y, z = point
        if not z:
            return None
        inverse = pow(z, -1, self.p)
        square = inverse * inverse % self.p
        return x * square % self.p, y * square * inverse % self.p

    def power(self, k, point):
        if point is None:
            return None
        table = [(1, 1, 0), (*point, 1)]
        for _ in range(14):
            table.append(self._add(table[-1], table[1]))
        result = (1, 1, 0)
        for digit in '%x' % k:
            if result[2]:
                for _ in range(4):
                    result = self._double(result)
            result = self._add(result, table[int(digit, 16)])
        return self._affine(result)

    def combine(self, first, second):
        return self._affine(self._add(*((*x, 1) if x else (1, 1, 0) for x in (first, second))))

    def on_curve(self, point):
        x, y = point
        return max(x, y) < self.p and (x ** 3 + self.a * x + self.b - y * y) % self.p == 0

    def encode(self, point):
        return b'\x04' + b''.join(c.to_bytes(self.size, 'big') for c in point)

    def decode(self, octets):
        check(len(octets) == 1 + 2 * self.size and octets[0] == 4,
              'not an uncompressed point of 2 times %d bytes: %s', self.size, octets.hex())
        point = tuple(int.from_bytes(c, 'big') for c in (octets[1:1 + self.size], octets[1 + self.size:]))
        check(self.on_curve(point), 'not a point of the curve %s: %s', self.name, octets.hex())
        check(self.n.bit_length() > self.p.bit_length() - 2, 'curve with a cofactor')
        return point

    def secret(self, k, point):
        return self.power(k, point)[0].to_bytes(self.size, 'big')

    def compress(self, point):
        return point[0].to_bytes(self.size, 'big')

    def map_integrated(self, t):
        """f_G of the integrated mapping: a field element to a point (Doc 9303-11, B.2)."""
        p, a, b = self.p, self.a, self.b
        check(p % 4 == 3, 'no integrated mapping with %s: p is 1 modulo 4', self.name)
        alpha = -t * t % p
        x2 = -b * pow(a, -1, p) * (1 + pow((alpha + alpha * alpha) % p, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (x2 ** 3 + a * x2 + b) % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        if root * root * h2 % p == 1:
            return x2, root * h2 % p
        return x3, root * t ** 3 * h2 % p


class Dh:
    """The subgroup of order q of GF(p)*."""
    tag, kind = 0x84, 'dh'

    def __init__(self, p, g, q, name=''):
        self.p, self.generator, self.q, self.name = p, g, q, name or 'MODP-%d' % p.bit_length()
        self.size = (p.bit_length() + 7) // 8
        self.n = q or p - 1

    def same(self, other):
        return (self.p, self.generator) == (other.p, other.generator)

    def random(self):
        return secrets.randbelow(self.n - 2) + 2

    def power(self, k, x):
        return pow(x, k, self.p)

    def combine(self, x, y):
        return x * y % self.p

    def encode(self, x):
        return unsigned(x)

    def decode(self, octets):
        x = int.from_bytes(octets, 'big')
        check(1 < x < self.p - 1, 'no public value of %s: %s', self.name, octets.hex())
        check(not self.q or pow(x, self.q, self.p) == 1, 'public value is not in the subgroup: %s', octets.hex())
        return x

    def secret(self, k, x):
        return pow(x, k, self.p).to_bytes(self.size, 'big')

    def compress(self, x):
        return hashlib.sha1(self.encode(x)).digest()

    def map_integrated(self, t):
        """f_g of the integrated mapping (Doc 9303-11, 4.4.3.3.2)."""
        mapped = pow(t, (self.p - 1) // self.q, self.p)
        check(mapped != 1, 'the integrated mapping gives 1')
        return mapped
