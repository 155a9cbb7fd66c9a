# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secure messaging (ISO/IEC 7816-4, 10; Doc 9303-11, 9.8; TR-03110-3, F)."""
from .ciphers import pad, unpad
from .errors import ProtocolError, check
from .tlv import parse, the, tlv


def encode(header, data, ne, extended=False):
    """A command APDU; of extended length if asked, or if it has to be. ne: how many bytes of response at most."""
    if extended or len(data) > 255 or (ne or 0) > 256:
        body = b'\0' + (len(data).to_bytes(2, 'big') + data if data else b'') if data or ne else b''
        return header + body + ((ne % 65536).to_bytes(2, 'big') if ne else b'')
    body = bytes([len(data)]) + data if data else b''
    return header + body + (bytes([ne % 256]) if ne else b'')


class SecureMessaging:
    """One session: keys and counter."""

    def __init__(self, suite, k_enc, k_mac, ssc=None):
        self.suite, self.k_enc, self.k_mac = suite, k_enc, k_mac
        self.ssc = suite.session_counter() if ssc is None else ssc

    @classmethod
    def derived(cls, suite, secret, ssc=None):
        """From a shared secret."""
        return cls(suite, suite.derive(secret, 1), suite.derive(secret, 2), ssc)

    def copy(self):
        return SecureMessaging(self.suite, self.k_enc, self.k_mac, self.ssc)

    def count(self, by=1):
        size = len(self.ssc)
        self.ssc = ((int.from_bytes(self.ssc, 'big') + by) % (1 << 8 * size)).to_bytes(size, 'big')

    def _iv(self):
        return self.suite.iv(self.k_enc, self.ssc)

    def cryptogram(self, header, data):
        """DO 87, or DO 85 for an odd instruction, whose data are BER-TLV."""
        encrypted = self.suite.encrypt(self.k_enc, pad(data, self.suite.block), self._iv())
        return tlv(0x85, encrypted) if header[1] & 1 else tlv(0x87, b'\x01', encrypted)

    def checksum(self, header, body):
        covered = pad(header, self.suite.block) + body if body else header
        return self.suite.mac_padded(self.k_mac, self.ssc + covered)

    def protect(self, header, data=b'', ne=None, extended=False):
        """The protected command APDU. The outer Le is the largest of its form."""
        self.count()
        header = bytes([header[0] | 0x0C]) + header[1:]
        body = self.cryptogram(header, data) if data else b''
        if ne:
            wide = ne > 256 or extended
            body += tlv(0x97, (ne % 65536).to_bytes(2, 'big') if wide else bytes([ne % 256]))
        body += tlv(0x8E, self.checksum(header, body))
        long = extended or len(body) > 255 or (ne or 0) > 256
        return encode(header, body, 65536 if long else 256, long)

    def open(self, response, sw):
        """The plain data of a protected response; checks everything."""
        self.count()
        nodes = parse(response)
        check(nodes and nodes[-1].tag == 0x8E, 'the response ends without a checksum: %s', response.hex())
        unknown = [node for node in nodes if node.tag not in (0x81, 0x85, 0x87, 0x99, 0x8E)]
        check(not unknown, 'the response has the objects %s', unknown)
        covered = b''.join(node.raw for node in nodes[:-1])
        if nodes[-1].value != self.suite.mac_padded(self.k_mac, self.ssc + covered):
            raise ProtocolError('wrong checksum of the response (%s, counter %s): %s' % (
                self.suite.name, self.ssc.hex(), response.hex()))
        status = the(nodes, 0x99, 'the response').value
        check(status == sw.to_bytes(2, 'big'), 'DO 99 says %s, the status is %04X', status.hex(), sw)
        return b''.join(self._plain(node) for node in nodes)

    def _plain(self, node):
        if node.tag == 0x87:
            check(node.value[:1] == b'\x01', 'padding indicator %s', node.value[:1].hex())
            return unpad(self.suite.decrypt(self.k_enc, node.value[1:], self._iv()))
        if node.tag == 0x85:
            return unpad(self.suite.decrypt(self.k_enc, node.value, self._iv()))
        return node.value if node.tag == 0x81 else b''

    # The card's side, for tests with recorded commands.

    def open_command(self, command):
        """The plain header, data and DO 97 of a protected command APDU."""
        self.count()
        header, rest = command[:4], command[4:]
        body = rest[1:1 + rest[0]] if rest[0] else rest[3:3 + int.from_bytes(rest[1:3], 'big')]
        nodes = parse(body)
        covered = b''.join(node.raw for node in nodes[:-1])
        check(nodes[-1].tag == 0x8E and nodes[-1].value == self.checksum(header, covered), 'checksum of the command')
        data = b''.join(self._plain(node) for node in nodes if node.tag in (0x85, 0x87))
        le = [node.value for node in nodes if node.tag == 0x97]
        return header, data, le[0] if le else None
