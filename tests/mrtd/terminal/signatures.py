# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures: RSA (PKCS #1) by the cryptography package, ECDSA on our own groups, so that explicit domain
parameters work; the algorithms of X.509, CMS and CV certificates."""
import hashlib
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import oids
from .errors import ProtocolError, check
from .security_info import EC_PUBLIC_KEY, public_key
from .tlv import dotted, one

RSA, RSA_PSS, MGF1 = '1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10', '1.2.840.113549.1.1.8'
RSA_V15 = {'1.2.840.113549.1.1.5': 'sha1', '1.2.840.113549.1.1.14': 'sha224', '1.2.840.113549.1.1.11': 'sha256',
           '1.2.840.113549.1.1.12': 'sha384', '1.2.840.113549.1.1.13': 'sha512'}
ECDSA = {'1.2.840.10045.4.1': 'sha1', '1.2.840.10045.4.3.1': 'sha224', '1.2.840.10045.4.3.2': 'sha256',
         '1.2.840.10045.4.3.3': 'sha384', '1.2.840.10045.4.3.4': 'sha512'}
PLAIN = {oids.PLAIN_ECDSA + '.%d' % (i + 1): name for i, name in
         enumerate(('sha1', 'sha224', 'sha256', 'sha384', 'sha512'))}
HASH = {'sha1': hashes.SHA1, 'sha224': hashes.SHA224, 'sha256': hashes.SHA256, 'sha384': hashes.SHA384,
        'sha512': hashes.SHA512}


class RsaKey:
    def __init__(self, n, e):
        self.n, self.e = n, e
        self.size = (n.bit_length() + 7) // 8

    def verify(self, signature, data, digest, pss=False, salt=None):
        key, h = rsa.RSAPublicNumbers(self.e, self.n).public_key(), HASH[digest]()
        scheme = padding.PSS(padding.MGF1(h), h.digest_size if salt is None else salt) if pss else padding.PKCS1v15()
        try:
            key.verify(signature, data, scheme, h)
        except InvalidSignature:
            raise ProtocolError('wrong RSA signature (%s, %s)' % ('PSS' if pss else 'v1.5', digest))


class EcKey:
    def __init__(self, group, element):
        self.group, self.element = group, element

    def verify_plain(self, signature, data, digest):
        """r and s side by side (TR-03111, 5.2.1)."""
        size = self.group.order_size
        check(len(signature) == 2 * size, 'a plain signature of %d bytes, not 2 times %d', len(signature), size)
        self.verify_numbers(*(int.from_bytes(part, 'big') for part in (signature[:size], signature[size:])),
                            data, digest)

    def verify(self, signature, data, digest):
        """ECDSA-Sig-Value."""
        r, s = one(signature, 0x30, 'the signature').children()
        self.verify_numbers(r.integer(), s.integer(), data, digest)

    def verify_numbers(self, r, s, data, digest):
        group = self.group
        check(0 < r < group.n and 0 < s < group.n, 'ECDSA: r or s out of range')
        w, z = pow(s, -1, group.n), truncated(group, data, digest)
        point = group.combine(group.power(z * w % group.n, group.generator),
                              group.power(r * w % group.n, self.element))
        check(point is not None and point[0] % group.n == r, 'wrong ECDSA signature (%s, %s)', group.name, digest)


def truncated(group, data, digest):
    octets = hashlib.new(digest, data).digest()
    return int.from_bytes(octets, 'big') >> max(0, 8 * len(octets) - group.n.bit_length())


def sign_plain(group, private, data, digest):
    z = truncated(group, data, digest)
    while True:
        k = secrets.randbelow(group.n - 1) + 1
        r = group.power(k, group.generator)[0] % group.n
        s = pow(k, -1, group.n) * (z + r * private) % group.n
        if r and s:
            return b''.join(part.to_bytes(group.order_size, 'big') for part in (r, s))


def key_of(spki):
    """The key of a SubjectPublicKeyInfo."""
    algorithm, bits = spki.children()
    name = dotted(algorithm.children()[0].value)
    if name == EC_PUBLIC_KEY:
        return EcKey(*public_key(spki))
    check(name in (RSA, RSA_PSS), 'unknown kind of key %s', name)
    n, e = (node.integer() for node in one(bits.value[1:], 0x30, 'RSA key').children())
    return RsaKey(n, e)


def pss_parameters(node):
    """(hash, salt length) of RSASSA-PSS-params."""
    digest, mask, salt = 'sha1', 'sha1', 20
    for part in node.children():
        if part.tag == 0xA0:
            digest = oids.HASHES[dotted(part.child(0x30).child(0x06).value)]
        elif part.tag == 0xA1:
            function, argument = part.child(0x30).children()
            check(dotted(function.value) == MGF1, 'PSS with another mask than MGF1')
            mask = oids.HASHES[dotted(argument.child(0x06).value)]
        elif part.tag == 0xA2:
            salt = part.child(0x02).integer()
    check(digest == mask, 'PSS with two hash functions, %s and %s', digest, mask)
    return digest, salt


def verify(key, algorithm, signature, data, digest=None):
    """A signature with an AlgorithmIdentifier. digest: the one named beside, as in CMS."""
    name, *parameters = algorithm.children()
    name = dotted(name.value)
    if name in ECDSA or name in PLAIN:
        check(isinstance(key, EcKey), 'ECDSA signature, but the key is RSA')
        own = ECDSA.get(name) or PLAIN[name]
        check(digest in (None, own), 'signature with %s, digest with %s', own, digest)
        (key.verify if name in ECDSA else key.verify_plain)(signature, data, own)
        return
    check(isinstance(key, RsaKey), 'signature %s, but the key is not RSA', name)
    if name == RSA_PSS:
        own, salt = pss_parameters(parameters[0])
        key.verify(signature, data, own, True, salt)
    else:
        check(name in RSA_V15 or (name == RSA and digest), 'unknown signature algorithm %s', name)
        key.verify(signature, data, RSA_V15.get(name) or digest)
