# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Active Authentication (Doc 9303-11, 6.1)."""
import hashlib
import os

from .errors import check
from .signatures import PLAIN, EcKey, key_of
from .tlv import one

TRAILERS = {0x33: 'sha1', 0x38: 'sha224', 0x34: 'sha256', 0x36: 'sha384', 0x35: 'sha512'}


def recover(key, signature, rnd):
    """Verifies a signature with message recovery (ISO/IEC 9796-2, scheme 1); returns the hash function's name."""
    check(len(signature) == key.size, 'a signature of %d bytes with a key of %d', len(signature), key.size)
    number = int.from_bytes(signature, 'big')
    check(number < key.n, 'the signature is not below the modulus')
    for candidate in (number, key.n - number):
        message = pow(candidate, key.e, key.n).to_bytes(key.size, 'big')
        if message[-1] == 0xBC or (message[-1] == 0xCC and message[-2] in TRAILERS):
            break
    trailer, name = (1, 'sha1') if message[-1] == 0xBC else (2, TRAILERS.get(message[-2]))
    check(message[0] == 0x6A and name and message[-1] in (0xBC, 0xCC), 'no message representative: %s', message.hex())
    size = hashlib.new(name).digest_size
    m1, digest = message[1:-size - trailer], message[-size - trailer:-trailer]
    check(hashlib.new(name, m1 + rnd).digest() == digest, 'active authentication: wrong hash in the signature')
    check(name != 'sha1' or trailer == 1, 'SHA-1 goes with the trailer BC')
    return name


def verify(dg15, infos, signature, rnd):
    key = key_of(one(one(dg15, 0x6F, 'DG15').value, 0x30, 'ActiveAuthenticationPublicKeyInfo'))
    if not isinstance(key, EcKey):
        return recover(key, signature, rnd)
    check(infos and infos.active_auth, 'DG14 has no ActiveAuthenticationInfo for ECDSA')
    digest = PLAIN.get(infos.active_auth)
    check(digest and digest != 'sha1', 'signature algorithm %s', infos.active_auth)
    key.verify_plain(signature, rnd, digest)
    return digest


def run(card, dg15, infos=None, rnd=None, extended=False):
    """The chip proves that it has the private key to DG15."""
    rnd = rnd or os.urandom(8)
    signature = card.command('00880000', rnd, ne=65536 if extended else 256, extended=extended)
    return verify(dg15, infos, signature, rnd)
