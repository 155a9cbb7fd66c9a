# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes CV certificates of any kind, right and wrong ones, for the tests of terminal authentication."""
from cryptography.hazmat.primitives.asymmetric import rsa

from . import oids
from .cvc import Certificate, Signer
from .tlv import oid, one, tlv, unsigned

ROLES = {'cvca': 0xC0, 'dv domestic': 0x80, 'dv foreign': 0x40, 'terminal': 0x00}
RSA_KEYS = {}  # by bits: drawn once, since that takes long


def rsa_key(bits, name):
    """A key for this use; the same one for the same name."""
    if (bits, name) not in RSA_KEYS:
        RSA_KEYS[bits, name] = rsa.generate_private_key(65537, bits)
    return RSA_KEYS[bits, name]


class SigningKey(Signer):
    """A key pair with its scheme: 'rsa', a number of RSA_SCHEMES in cvc, bits; or 'ec', of EC_SCHEMES, a group."""

    def __init__(self, kind, number, size, name='', private=None):
        self.kind, self.number = kind, number
        self.scheme = oids.TA + ('.1.%d' if kind == 'rsa' else '.2.%d') % number
        if kind == 'rsa':
            self.group, self.private = None, private or rsa_key(size, name)
        else:
            self.group, self.private = size, private or size.random()
            self.public = size.power(self.private, size.generator)

    def object(self, domain, scheme=None):
        """7F49. domain: with the parameters of the curve."""
        head = tlv(0x06, oid(scheme or self.scheme))
        if self.kind == 'rsa':
            numbers = self.private.public_key().public_numbers()
            return tlv(0x7F49, head, tlv(0x81, unsigned(numbers.n)), tlv(0x82, unsigned(numbers.e)))
        g = self.group
        fields = (tlv(0x81, unsigned(g.p)), tlv(0x82, unsigned(g.a)), tlv(0x83, unsigned(g.b)),
                  tlv(0x84, g.encode(g.generator)), tlv(0x85, unsigned(g.n)))
        point = tlv(0x86, g.encode(self.public))
        return tlv(0x7F49, head, *(fields if domain else ()), point, *((tlv(0x87, b'\x01'),) if domain else ()))


class Holder:
    """Whoever has a certificate: name (octets), key, certificate."""

    def __init__(self, name, key, certificate=None):
        self.name, self.key, self.certificate = name, key, certificate

    def issue(self, name, key, role, rights, dates, **wrong):
        """A certificate for name and key. rights: the octets of the template without the role, or a number.
        dates: 'YYMMDD', 'YYMMDD'. wrong: car, chr, key_object, signer, template, change (of the whole body)."""
        octets = rights.to_bytes(1, 'big') if isinstance(rights, int) else rights
        template = bytes([octets[0] & 0x3F | ROLES[role]]) + octets[1:]
        kind = wrong.get('kind', oids.IS)
        parts = [tlv(0x5F29, b'\0'), tlv(0x42, wrong.get('car', self.name)),
                 wrong.get('key_object') or key.object(role == 'cvca'), tlv(0x5F20, wrong.get('chr', name)),
                 wrong.get('template') or tlv(0x7F4C, tlv(0x06, oid(kind)), tlv(0x53, template))]
        parts += [tlv(tag, bytes(int(digit) for digit in date)) for tag, date in zip((0x5F25, 0x5F24), dates)]
        parts += [wrong['extensions']] if 'extensions' in wrong else []
        parts = wrong.get('change', lambda these: these)(parts)
        body = tlv(0x7F4E, *parts)
        signer = wrong.get('signer', self.key)
        signature = signer.sign(signer.scheme, body)
        raw = tlv(0x7F21, body, tlv(0x5F37, wrong.get('spoil', lambda s: s)(signature)))
        holder = Holder(name, key)
        try:
            holder.certificate = Certificate(raw, key.group)
        except Exception:
            holder.certificate = Raw(raw, self.name, name, key.scheme)
        return holder


class Raw:
    """A certificate that cannot be read, but sent."""

    def __init__(self, raw, car, chr, scheme):
        self.raw, self.car, self.chr, self.scheme = raw, car, chr, scheme
        body, signature = one(raw, 0x7F21).children()
        self.body, self.signature = body.raw, signature.value
