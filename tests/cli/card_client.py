# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal for the generic card, written from the standards on the cryptography package, so that it shares no
line with the card: APDUs over a vicc's connection, key derivation (ICAO 9303-11, 9.7.1), mutual authentication
(4.3) and secure messaging (ISO/IEC 7816-4, 10; ICAO 9303-11, 9.8)."""
import hashlib
import os
import warnings

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

warnings.simplefilter('ignore')

OK = 0x9000


def tlv(tag, *values):
    """A data object; its length in the shortest form."""
    value = b''.join(values)
    length = len(value)
    if length < 0x80:
        head = bytes([length])
    elif length < 0x100:
        head = bytes([0x81, length])
    else:
        head = b'\x82' + length.to_bytes(2, 'big')
    return tag.to_bytes((tag.bit_length() + 7) // 8, 'big') + head + value


def take(data):
    """The first object of data: tag, value, the rest."""
    size = 2 if data[0] & 0x1F == 0x1F else 1
    tag, at = int.from_bytes(data[:size], 'big'), size + 1
    length = data[size]
    if length > 0x80:
        at += length - 0x80
        length = int.from_bytes(data[size + 1:at], 'big')
    assert len(data) >= at + length, 'object %X is cut off' % tag
    return tag, data[at:at + length], data[at + length:]


def objects(data):
    """All objects of data, by tag."""
    found = {}
    while data:
        tag, value, data = take(data)
        assert tag not in found, 'object %X twice' % tag
        found[tag] = value
    return found


class Card:
    """The card behind a reader's connection (common.Reader)."""

    def __init__(self, reader):
        self.reader = reader
        self.sm = None

    def raw(self, command):
        """A command and its whole response: the rest of a long one is fetched."""
        answer = self.reader.exchange(command)
        data = answer[:-2]
        while answer[-2] == 0x61:
            answer = self.reader.exchange(bytes([0x00, 0xC0, 0x00, 0x00, answer[-1]]))
            data += answer[:-2]
        return data, int.from_bytes(answer[-2:], 'big')

    def send(self, header, data=b'', le=None):
        """header: CLA INS P1 P2 in hex. Data and status of the answer, under secure messaging if there is any."""
        header = bytes.fromhex(header)
        if self.sm:
            answer, status = self.raw(self.sm.protect(header, data, le))
            return self.sm.open(answer, status)
        return self.raw(encode(header, data, le))

    def ok(self, header, data=b'', le=None):
        answer, status = self.send(header, data, le)
        assert status == OK, '%s: %04X' % (header, status)
        return answer

    def refused(self, status, header, data=b'', le=None):
        answer, got = self.send(header, data, le)
        assert (got, answer) == (status, b''), '%s: %04X, not %04X' % (header, got, status)

    def verify(self, pin=b'1234'):
        self.ok('00200001', pin)

    def import_key(self, *parts):
        self.ok('00DB3FFF', tlv(0x4D, *parts))

    def restart(self):
        self.sm = None
        self.reader.send(b'\x02')


def encode(header, data, le):
    """A command APDU; extended if it has to be."""
    if len(data) > 255 or (le or 0) > 256:
        body = b'\0' + (len(data).to_bytes(2, 'big') + data if data else b'')
        return header + body + ((le % 65536).to_bytes(2, 'big') if le is not None else b'')
    body = bytes([len(data)]) + data if data else b''
    return header + body + (bytes([le % 256]) if le is not None else b'')


def triple_des(key):
    return algorithms.TripleDES(key + key[:8] if len(key) == 16 else key)


def pad(data, block):
    return data + b'\x80' + bytes(-(len(data) + 1) % block)


def unpad(data):
    at = data.rindex(b'\x80')
    assert not any(data[at + 1:])
    return data[:at]


class TripleDes:
    """3DES with two keys, and the retail MAC (ISO/IEC 9797-1, MAC algorithm 3, padding method 2)."""
    block, key_sizes, own_key = 8, (16,), 16

    def crypt(self, key, data, iv=None, decrypt=False, mode=modes.CBC):
        cipher = Cipher(triple_des(key), mode(iv or bytes(8)) if mode is modes.CBC else mode())
        one = cipher.decryptor() if decrypt else cipher.encryptor()
        return one.update(data) + one.finalize()

    def mac(self, key, data):
        data = pad(data, 8)
        first = self.crypt(key[:8] * 3, data)[-8:]
        second = Cipher(triple_des(key[8:16] * 3), modes.ECB()).decryptor().update(first)
        return Cipher(triple_des(key[:8] * 3), modes.ECB()).encryptor().update(second)

    def message_mac(self, key, data):
        """Of a message outside secure messaging."""
        return self.mac(key, data)

    def derive(self, secret, counter):
        key = hashlib.sha1(secret + counter.to_bytes(4, 'big')).digest()[:16]
        return bytes(b & 0xFE | (bin(b >> 1).count('1') + 1) % 2 for b in key)

    def iv(self, key, counter):
        return bytes(8)


class Aes:
    """AES, and CMAC of eight bytes."""
    block = 16

    def __init__(self, size):
        self.size = size
        self.own_key = 16 if size == 16 else 32

    def crypt(self, key, data, iv=None, decrypt=False, mode=modes.CBC):
        cipher = Cipher(algorithms.AES(key),
                        mode(iv or bytes(16)) if mode is modes.CBC else mode())
        one = cipher.decryptor() if decrypt else cipher.encryptor()
        return one.update(data) + one.finalize()

    def message_mac(self, key, data):
        mac = CMAC(algorithms.AES(key))
        mac.update(data)
        return mac.finalize()[:8]

    def mac(self, key, data):
        return self.message_mac(key, pad(data, 16))

    def derive(self, secret, counter):
        digest = hashlib.sha1 if self.size == 16 else hashlib.sha256
        return digest(secret + counter.to_bytes(4, 'big')).digest()[:self.size]

    def iv(self, key, counter):
        return self.crypt(key, counter, mode=modes.ECB) if counter else bytes(16)


class SecureMessaging:
    """A session: keys, and the counter, which may be missing."""

    def __init__(self, suite, enc, mac, counter=b''):
        self.suite, self.enc, self.mac_key, self.counter = suite, enc, mac, counter
        self.odd = False

    def count(self):
        size = len(self.counter)
        if size:
            self.counter = (int.from_bytes(self.counter, 'big') + 1 & (1 << 8 * size) - 1).to_bytes(size, 'big')

    def protect(self, header, data, le):
        """Header authentication, all data enciphered."""
        suite = self.suite
        self.count()
        self.odd = bool(header[1] & 1)
        header = bytes([header[0] | 0x0C]) + header[1:]
        body = b''
        if data:
            cryptogram = suite.crypt(self.enc, pad(data, suite.block), suite.iv(self.enc, self.counter))
            body += tlv(0x85, cryptogram) if self.odd else tlv(0x87, b'\x01', cryptogram)
        if le is not None:
            body += tlv(0x97, (le % 65536).to_bytes(2, 'big') if le > 256 else bytes([le % 256]))
        covered = self.counter + pad(header, suite.block)
        checksum = suite.mac(self.mac_key, covered + body) if body else self.mac_header(covered)
        body += tlv(0x8E, checksum)
        return encode(header, body, 65536 if len(body) > 255 or (le or 0) > 256 else 256)

    def mac_header(self, covered):
        """Without data objects the padded header is the end of the message: nothing is padded again."""
        if isinstance(self.suite, Aes):
            return self.suite.message_mac(self.mac_key, covered)
        first = self.suite.crypt(self.mac_key[:8] * 3, covered)[-8:]
        second = Cipher(triple_des(self.mac_key[8:16] * 3), modes.ECB()).decryptor().update(first)
        return Cipher(triple_des(self.mac_key[:8] * 3), modes.ECB()).encryptor().update(second)

    def open(self, answer, status):
        """The plain answer. An answer without protection is passed on: the session is over."""
        if not answer:
            return b'', status
        suite = self.suite
        self.count()
        found = objects(answer)
        assert answer.endswith(tlv(0x8E, found[0x8E]))
        covered = answer[:-len(tlv(0x8E, found[0x8E]))]
        assert suite.mac(self.mac_key, self.counter + covered) == found[0x8E], 'checksum'
        assert found[0x99] == status.to_bytes(2, 'big'), 'status'
        data = b''
        cryptogram = found.get(0x85) or found.get(0x87, b'\x01')[1:]
        if cryptogram:
            data = unpad(suite.crypt(self.enc, cryptogram, suite.iv(self.enc, self.counter), True))
        return data, status


def mutual_authentication(card, suite, key, algorithm, reference):
    """MUTUAL AUTHENTICATE with a key of the card: the session that follows."""
    k_enc, k_mac = suite.derive(key, 1), suite.derive(key, 2)
    theirs = card.ok('00840000', le=suite.block)
    ours, our_key = os.urandom(suite.block), os.urandom(suite.own_key)
    cryptogram = suite.crypt(k_enc, ours + theirs + our_key)
    answer = card.ok('0082%02X%02X' % (algorithm, reference),
                     cryptogram + suite.message_mac(k_mac, cryptogram), 256)
    assert suite.message_mac(k_mac, answer[:-8]) == answer[-8:]
    plain = suite.crypt(k_enc, answer[:-8], decrypt=True)
    assert plain[:suite.block] == theirs and plain[suite.block:2 * suite.block] == ours
    secret = bytes(a ^ b for a, b in zip(our_key, plain[2 * suite.block:]))
    half = suite.block // 2
    return SecureMessaging(suite, suite.derive(secret, 1), suite.derive(secret, 2),
                           theirs[half:] + ours[half:])
