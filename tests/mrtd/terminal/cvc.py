# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Card verifiable certificates and terminals' keys (Doc 9303-12, 7; TR-03110-3, C and D)."""
import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import oids
from .errors import check
from .groups import Ec
from .security_info import EC_PUBLIC_KEY, algorithm_group
from .signatures import HASH, EcKey, RsaKey, sign_plain
from .tlv import dotted, one, parse

RSA_SCHEMES = {1: ('sha1', False), 2: ('sha256', False), 3: ('sha1', True), 4: ('sha256', True),
               5: ('sha512', False), 6: ('sha512', True)}
EC_SCHEMES = {1: 'sha1', 2: 'sha224', 3: 'sha256', 4: 'sha384', 5: 'sha512'}
ROLE_NAMES = {3: 'CVCA', 2: 'DV domestic', 1: 'DV foreign', 0: 'terminal'}
TAGS = [0x5F29, 0x42, 0x7F49, 0x5F20, 0x7F4C, 0x5F25, 0x5F24]


class Certificate:
    """car, chr, scheme (dotted), key, role (oid, dotted), rights (bytes), effective, expires (YYMMDD)."""

    def __init__(self, raw, group=None):
        self.raw = raw
        body, signature = one(raw, 0x7F21, 'CV certificate').children()
        check(body.tag == 0x7F4E and signature.tag == 0x5F37, 'a CV certificate is a body and a signature')
        self.body, self.signature = body.raw, signature.value
        parts = body.children()
        tags = [node.tag for node in parts]
        check(tags in (TAGS, TAGS + [0x65]), 'the body has the objects %s', ['%X' % tag for tag in tags])
        values = {node.tag: node for node in parts}
        check(values[0x5F29].value == b'\0', 'profile %s', values[0x5F29].value.hex())
        self.car, self.chr = values[0x42].value, values[0x5F20].value
        self.effective, self.expires = (date(values[tag].value) for tag in (0x5F25, 0x5F24))
        role, rights = values[0x7F4C].children()
        self.role, self.rights = dotted(role.value), rights.value
        self.chat = values[0x7F4C].value
        self.extensions = values[0x65].children() if 0x65 in values else []
        self._key(values[0x7F49], group)

    def __repr__(self):
        return '%s by %s (%s %s, %s to %s)' % (
            self.chr.decode('latin-1'), self.car.decode('latin-1'), ROLE_NAMES[self.rights[0] >> 6],
            self.rights.hex(), self.effective, self.expires)

    def _key(self, node, group):
        fields = {part.tag: part.value for part in node.children()}
        numbers = {tag: int.from_bytes(value, 'big') for tag, value in fields.items()}
        self.scheme = dotted(fields[0x06])
        if self.scheme.startswith(oids.TA + '.1.'):
            self.key, self.group = RsaKey(numbers[0x81], numbers[0x82]), None
            return
        check(self.scheme.startswith(oids.TA + '.2.'), 'no scheme of terminal authentication: %s', self.scheme)
        if 0x81 in fields:
            size = len(fields[0x84]) // 2
            x, y = (int.from_bytes(c, 'big') for c in (fields[0x84][1:1 + size], fields[0x84][1 + size:]))
            group = Ec(numbers[0x81], numbers[0x82], numbers[0x83], x, y, numbers[0x85], 'of the certificate')
        check(group, 'a key without domain parameters')
        self.group, self.key = group, EcKey(group, group.decode(fields[0x86]))

    def verify(self, issuer):
        """This certificate is signed by that one."""
        check(self.car == issuer.chr, '%s is not by %s', self, issuer)
        verify(issuer.key, issuer.scheme, self.signature, self.body)


def date(octets):
    check(len(octets) == 6 and max(octets) < 10, 'a date %s', octets.hex())
    return ''.join(str(n) for n in octets)


def verify(key, scheme, signature, data):
    number = int(scheme.split('.')[-1])
    if isinstance(key, RsaKey):
        digest, pss = RSA_SCHEMES[number]
        key.verify(signature, data, digest, pss)
    else:
        key.verify_plain(signature, data, EC_SCHEMES[number])


def read_all(data, group=None):
    """All certificates that lie one behind the other in data; a key without parameters has those before it."""
    found = []
    for node in parse(data):
        found.append(Certificate(node.raw, group))
        group = found[-1].group or group
    return found


class Signer:
    """What signs: self.private, in self.group or, with none, for RSA."""

    def sign(self, scheme, data):
        """scheme: that of the signer's certificate."""
        number = int(scheme.split('.')[-1])
        if self.group:
            return sign_plain(self.group, self.private, data, EC_SCHEMES[number])
        digest, pss = RSA_SCHEMES[number]
        h = HASH[digest]()
        scheme = padding.PSS(padding.MGF1(h), h.digest_size) if pss else padding.PKCS1v15()
        return self.private.sign(data, scheme, h)


class TerminalKey(Signer):
    """A private key in PKCS #8, as DER or as PEM."""

    def __init__(self, pkcs8):
        if pkcs8.startswith(b'-----BEGIN PRIVATE KEY'):
            pkcs8 = base64.b64decode(b''.join(pkcs8.splitlines()[1:-1]))
        version, algorithm, octets = one(pkcs8, 0x30, 'PKCS #8').children()[:3]
        if dotted(algorithm.children()[0].value) == EC_PUBLIC_KEY:
            self.group = algorithm_group(algorithm)
            self.private = int.from_bytes(one(octets.value, 0x30, 'ECPrivateKey').child(0x04).value, 'big')
        else:
            self.group, self.private = None, serialization.load_der_private_key(pkcs8, None)
            assert isinstance(self.private, rsa.RSAPrivateKey)
