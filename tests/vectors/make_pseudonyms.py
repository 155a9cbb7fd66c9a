#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes restricted-id.txt, chip-auth-3.txt and pseudonymous.txt of this folder from the clauses of BSI TR-03110, on Python's
integers alone: an implementation that shares nothing with the one under test. No worked example of these protocols is
published. Each signature is verified here before it is written (TR-03110-2, 3.1.6.2, PVerify)."""
import hashlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))


class Curve:
    def __init__(self, number, p, a, b, x, y, n):
        self.number = number  # of the standardised domain parameters
        self.p, self.a, self.b, self.n = (int(v, 16) for v in (p, a, b, n))
        self.g = (int(x, 16), int(y, 16))
        self.size = (self.p.bit_length() + 7) // 8
        assert (self.g[1] ** 2 - self.g[0] ** 3 - self.a * self.g[0] - self.b) % self.p == 0

    def add(self, one, other):
        if one is None or other is None:
            return one or other
        if one[0] == other[0]:
            if (one[1] + other[1]) % self.p == 0:
                return None
            slope = (3 * one[0] ** 2 + self.a) * pow(2 * one[1], -1, self.p)
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, self.p)
        x = (slope ** 2 - one[0] - other[0]) % self.p
        return x, (slope * (one[0] - x) - one[1]) % self.p

    def mul(self, k, point=None):
        point, out = point or self.g, None
        while k:
            if k & 1:
                out = self.add(out, point)
            point, k = self.add(point, point), k >> 1
        return out

    def x(self, point):
        return point[0].to_bytes(self.size, 'big')

    def point(self, point):
        return b'\x04' + self.x(point) + point[1].to_bytes(self.size, 'big')


# RFC 5639 and FIPS 186-4
CURVES = {
    'p256': Curve(
        12, 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
        'ffffffff00000001000000000000000000000000fffffffffffffffffffffffc',
        '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b',
        '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
        '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
        'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    'bp256': Curve(
        13, 'a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377',
        '7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9',
        '26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6',
        '8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262',
        '547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997',
        'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7'),
    'bp384': Curve(
        16, '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53',
        '7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826',
        '04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11',
        '1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e',
        '8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315',
        '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565'),
    'bp512': Curve(
        17, 'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e6'
        '2881ff2f2d82c68528aa6056583a48f3',
        '7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b5'
        '7f1117a72bf2c7b9e7c1ac4d77fc94ca',
        '3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67'
        '984050b75ebae5dd2809bd638016f723',
        '81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f'
        '7c6d5047406a5e688b352209bcb9f822',
        '7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763ae'
        'd1ca2b2fa8f0540678cd1e0f3ad80892',
        'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac1047'
        '1db1d381085ddaddb58796829ca90069'),
}

# RFC 5114, 2.1: 1024 bits with a subgroup of 160
DH_P = int(
    'b10b8f96a080e01dde92de5eae5d54ec52c99fbcfb06a3c69a6a9dca52d23b616073e28675a23d189838ef1e2ee652c0'
    '13ecb4aea906112324975c3cd49b83bfaccbdd7d90c4bd7098488e9c219a73724effd6fae5644738faa31a4ff55bccc0'
    'a151af5f0dc8b4bd45bf37df365c1a65e68cfda76d4da708df1fb2bc2e4a4371', 16)
DH_G = int(
    'a4d1cbd5c3fd34126765a442efb99905f8104dd258ac507fd6406cff14266d31266fea1e5c41564b777e690f5504f213'
    '160217b4b01b886a5e91547f9e2749f4d7fbd7d3b9a92ee1909d0d2263f80a76a6a24c087a091f531dbf0a0169b6a28a'
    'd662a4d18e73afa32d779d5918d08bc8858f4dcef97c2a24855e6eeb22b3b2e5', 16)
DH_Q = int('f518aa8781a8df278aba4e7d64b7cb9d49462353', 16)

HASHES = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512']
BSI = bytes.fromhex('04007f00070202')


def scalar(label, n):
    """A private key or a nonce that anybody can compute again."""
    return int.from_bytes(hashlib.sha512(label.encode()).digest(), 'big') % (n - 1) + 1


def octets(number):
    return number.to_bytes((number.bit_length() + 7) // 8, 'big')


def tlv(tag, value):
    n = len(value)
    length = octets(n) if n else b'\0'
    return octets(tag) + (length if n < 128 else bytes([0x80 + len(length)]) + length) + value


class File:
    def __init__(self, name, title):
        self.path = os.path.join(HERE, name)
        self.lines = ['# ' + title,
                      '# Source: computed by make_pseudonyms.py of this folder, from BSI TR-03110 parts 2 and 3',
                      '# One value a line: name = hex. "text:" marks characters, not hex.', '']

    def put(self, name, value):
        self.lines.append('%s = %s' % (name, value.hex().upper()))
        return value

    def close(self):
        with open(self.path, 'w') as out:
            out.write('\n'.join(self.lines) + '\n')


def restricted_id():
    out = File('restricted-id.txt', 'Restricted Identification with ECDH and DH, every hash function')
    for name in ('p256', 'bp256', 'bp512'):
        curve = CURVES[name]
        private = scalar('SK_ID', curve.n)
        sector = curve.mul(scalar('SK_Sector', curve.n))
        key = (tlv(0x06, BSI + b'\x05\x02\x03') + tlv(0x81, octets(curve.p)) + tlv(0x82, octets(curve.a)) +
               tlv(0x83, octets(curve.b)) + tlv(0x84, curve.point(curve.g)) + tlv(0x85, octets(curve.n)) +
               tlv(0x86, curve.point(sector)) + tlv(0x87, b'\1'))
        out.put(name + '_private', octets(private))
        out.put(name + '_key', tlv(0x7F49, key))
        for h in HASHES:
            out.put('%s_%s' % (name, h), hashlib.new(h, curve.x(curve.mul(private, sector))).digest())
    private = scalar('SK_ID', DH_Q)
    sector = pow(DH_G, scalar('SK_Sector', DH_Q), DH_P)
    assert pow(DH_G, DH_Q, DH_P) == 1 and pow(sector, DH_Q, DH_P) == 1
    key = (tlv(0x06, BSI + b'\x05\x01\x03') + tlv(0x81, octets(DH_P)) + tlv(0x82, octets(DH_Q)) +
           tlv(0x83, octets(DH_G)) + tlv(0x84, octets(sector)))
    out.put('dh_private', octets(private))
    out.put('dh_key', tlv(0x7F49, key))
    for h in HASHES:
        out.put('dh_' + h, hashlib.new(h, pow(sector, private, DH_P).to_bytes(128, 'big')).digest())
    out.close()


def chip_auth_3():
    out = File('chip-auth-3.txt', 'Chip Authentication version 3, the key agreement')
    for name in ('bp256', 'bp512'):
        curve = CURVES[name]
        chip, terminal = scalar('SK_ICC', curve.n), scalar('SK_PCD', curve.n)
        shared = curve.x(curve.mul(chip, curve.mul(terminal)))
        out.put(name + '_chip_private', octets(chip))
        out.put(name + '_chip_public', curve.point(curve.mul(chip)))
        out.put(name + '_terminal_public', curve.point(curve.mul(terminal)))
        out.put(name + '_compressed', curve.x(curve.mul(terminal)))
        out.put(name + '_shared', shared)
        for c, part in ((1, 'enc'), (2, 'mac')):
            keydata = shared + c.to_bytes(4, 'big')
            out.put('%s_aes128_%s' % (name, part), hashlib.sha1(keydata).digest()[:16])
            out.put('%s_aes192_%s' % (name, part), hashlib.sha256(keydata).digest()[:24])
            out.put('%s_aes256_%s' % (name, part), hashlib.sha256(keydata).digest())
    chip, terminal = scalar('SK_ICC', DH_Q), scalar('SK_PCD', DH_Q)
    public = octets(pow(DH_G, terminal, DH_P))
    shared = pow(DH_G, chip * terminal, DH_P).to_bytes(128, 'big')
    out.put('dh_chip_private', octets(chip))
    out.put('dh_chip_public', octets(pow(DH_G, chip, DH_P)))
    out.put('dh_terminal_public', public)
    out.put('dh_compressed', hashlib.sha1(public).digest())
    for c, part in ((1, 'enc'), (2, 'mac')):
        out.put('dh_aes128_' + part, hashlib.sha1(shared + c.to_bytes(4, 'big')).digest()[:16])
    out.close()


def witness(h, curve, q, pairs, sector, dsi, message):
    data = curve.x(q)
    for pseudonym, a in pairs:
        data += curve.x(pseudonym) + curve.x(a)
    return hashlib.new(h, data + curve.x(sector) + dsi + message).digest()


def verify(h, curve, manager, group, sector, pseudonyms, dsi, message, signature):
    c, s = signature[0], signature[1:]
    k = int.from_bytes(c, 'big')
    q = curve.add(curve.add(curve.mul(k, group), curve.mul(s[0])), curve.mul(s[1], manager))
    pairs = [(i, curve.add(curve.mul(k, i), curve.mul(s[n], sector)))
             for n, i in enumerate(pseudonyms) if i is not None]
    return witness(h, curve, q, pairs, sector, dsi, message) == c


def pseudonymous():
    out = File('pseudonymous.txt', 'Pseudonymous signatures: of the chip (PSA), messages (PSM), credentials (PSC)')
    message = b'the input that is signed'
    out.put('message', message)
    for name, h in (('bp256', 'sha256'), ('bp384', 'sha384'), ('bp512', 'sha512'), ('p256', 'sha512'),
                    ('bp512', 'sha256')):
        curve, case = CURVES[name], '%s_%s_' % (name, h)
        n = curve.n
        sk_m, sk_2 = scalar('SK_M', n), scalar('SK_ICC,2', n)
        sk_group = scalar('SK_ICC of the group', n)
        sk_1 = (sk_group - sk_m * sk_2) % n
        manager, group = curve.mul(sk_m), curve.mul(sk_group)
        sector = curve.mul(scalar('SK_Sector', n))
        k = [scalar('K1', n), scalar('K2', n)]
        out.put(case + 'domain', bytes([curve.number]))
        out.put(case + 'manager', curve.point(manager))
        out.put(case + 'group', curve.point(group))
        out.put(case + 'private_1', octets(sk_1))
        out.put(case + 'private_2', octets(sk_2))
        out.put(case + 'k_1', octets(k[0]))
        out.put(case + 'k_2', octets(k[1]))
        out.put(case + 'sector', curve.point(sector))
        everything = [curve.mul(sk_1, sector), curve.mul(sk_2, sector)]
        for i in range(2):
            out.put('%spseudonym_%d' % (case, i + 1), curve.point(everything[i]))
        for number, variant in enumerate(('psa', 'psm', 'psc'), 1):
            dsi = tlv(0x06, BSI + bytes([11, number, 2, HASHES.index(h) + 1]))
            for given in (1, 2, 3):
                pseudonyms = [i if given >> b & 1 else None for b, i in enumerate(everything)]
                q = curve.add(curve.mul(k[0]), curve.mul(k[1], manager))
                pairs = [(i, curve.mul(k[b], sector)) for b, i in enumerate(pseudonyms) if i is not None]
                c = witness(h, curve, q, pairs, sector, dsi, message)
                s = [(k[b] - int.from_bytes(c, 'big') * sk) % n for b, sk in enumerate((sk_1, sk_2))]
                assert verify(h, curve, manager, group, sector, pseudonyms, dsi, message, (c, *s))
                out.put('%s%s_%d' % (case, variant, given),
                        c + b''.join(v.to_bytes((n.bit_length() + 7) // 8, 'big') for v in s))
    out.close()


if __name__ == '__main__':
    restricted_id()
    chip_auth_3()
    pseudonymous()
