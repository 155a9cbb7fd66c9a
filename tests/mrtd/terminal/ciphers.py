# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The symmetric suites of Doc 9303-11, 9.7 and 9.8: 3DES with the retail MAC, AES with CMAC; key derivation."""
import hashlib
import warnings

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from .errors import ProtocolError

warnings.filterwarnings('ignore', module='cryptography')


def run(algorithm, mode, data, decrypt):
    cipher = Cipher(algorithm, mode)
    context = cipher.decryptor() if decrypt else cipher.encryptor()
    return context.update(data) + context.finalize()


def pad(data, block):
    """Padding method 2 of ISO/IEC 9797-1."""
    return data + b'\x80' + bytes(-(len(data) + 1) % block)


def unpad(data):
    plain = data.rstrip(b'\0')
    if plain[-1:] != b'\x80':
        raise ProtocolError('wrong padding after decryption: ...%s' % data[-16:].hex())
    return plain[:-1]


class TripleDes:
    """Two-key 3DES."""
    name, block, key_size, number = '3des', 8, 16, 1
    nonce_size = 16  # of PACE with integrated mapping: the least multiple of the block not below the key

    def encrypt(self, key, data, iv=bytes(8)):
        return run(algorithms.TripleDES(key), modes.CBC(iv), data, False)

    def decrypt(self, key, data, iv=bytes(8)):
        return run(algorithms.TripleDES(key), modes.CBC(iv), data, True)

    def mac(self, key, data):
        """The retail MAC, padding included."""
        first = run(algorithms.TripleDES(key[:8] * 3), modes.CBC(bytes(8)), pad(data, 8), False)[-8:]
        middle = run(algorithms.TripleDES(key[8:] * 3), modes.ECB(), first, True)
        return run(algorithms.TripleDES(key[:8] * 3), modes.ECB(), middle, False)

    mac_padded = mac  # the retail MAC always pads

    def derive(self, secret, counter):
        digest = hashlib.sha1(secret + counter.to_bytes(4, 'big')).digest()[:16]
        return bytes(x & 0xFE | (bin(x >> 1).count('1') + 1) % 2 for x in digest)

    def iv(self, key, ssc):
        return bytes(8)

    def session_counter(self):
        return bytes(8)


class Aes:
    """AES with a key of 16, 24 or 32 bytes."""
    block = 16

    def __init__(self, key_size, number):
        self.key_size, self.number = key_size, number
        self.name = 'aes-%d' % (8 * key_size)
        self.nonce_size = 16 if key_size == 16 else 32

    def encrypt(self, key, data, iv=bytes(16)):
        return run(algorithms.AES(key), modes.CBC(iv), data, False)

    def decrypt(self, key, data, iv=bytes(16)):
        return run(algorithms.AES(key), modes.CBC(iv), data, True)

    def mac(self, key, data):
        cmac = CMAC(algorithms.AES(key))
        cmac.update(data)
        return cmac.finalize()[:8]

    def mac_padded(self, key, data):
        """The MAC of secure messaging, where padding is explicit."""
        return self.mac(key, pad(data, 16))

    def derive(self, secret, counter):
        digest = hashlib.sha1 if self.key_size == 16 else hashlib.sha256
        return digest(secret + counter.to_bytes(4, 'big')).digest()[:self.key_size]

    def iv(self, key, ssc):
        return run(algorithms.AES(key), modes.ECB(), ssc, False)

    def session_counter(self):
        return bytes(16)


TRIPLE_DES, AES_128, AES_192, AES_256 = TripleDes(), Aes(16, 2), Aes(24, 3), Aes(32, 4)
SUITES = {suite.number: suite for suite in (TRIPLE_DES, AES_128, AES_192, AES_256)}  # last arc of the OIDs
BY_NAME = {suite.name: suite for suite in SUITES.values()}
