# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a WebSocket client (RFC 6455) as a program on the same machine needs: text messages, whole or in
fragments, pings answered. Each wait has a limit."""
import base64
import hashlib
import os
import socket
import struct

TEXT, CONTINUED, CLOSE, PING, PONG = 1, 0, 8, 9, 10
GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'  # RFC 6455, 1.3
MESSAGE_MAX = 1 << 20


class Closed(Exception):
    pass


class WebSocket:
    def __init__(self, host, port, path, limit):
        self.socket = socket.create_connection((host, port), limit)
        self.buffer = b''
        self._open(host, port, path)

    def _open(self, host, port, path):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((
            'GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
            'Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n' % (path, host, port, key)).encode())
        while b'\r\n\r\n' not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        lines = head.decode('latin-1').split('\r\n')
        fields = dict(line.split(': ', 1) for line in lines[1:] if ': ' in line)
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        accepted = {name.lower(): value for name, value in fields.items()}.get('sec-websocket-accept')
        if ' 101 ' not in lines[0] or accepted != accept:
            raise Closed('no WebSocket: ' + lines[0])

    def _more(self):
        more = self.socket.recv(65536)
        if not more:
            raise Closed('the peer closed the connection')
        self.buffer += more

    def _take(self, length):
        while len(self.buffer) < length:
            self._more()
        taken, self.buffer = self.buffer[:length], self.buffer[length:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            length, = struct.unpack('>H', self._take(2))
        elif length == 127:
            length, = struct.unpack('>Q', self._take(8))
        if length > MESSAGE_MAX or second & 0x80:
            raise Closed('a frame that no server may send')
        return first & 0x80, first & 0x0F, self._take(length)

    def _send(self, opcode, payload):
        """A client masks what it sends (RFC 6455, 5.3)."""
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            head = struct.pack('BB', 0x80 | opcode, 0x80 | length)
        else:
            head = struct.pack('>BBH', 0x80 | opcode, 0x80 | 126, length)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.socket.sendall(head + mask + masked)

    def send(self, text):
        self._send(TEXT, text.encode())

    def receive(self, limit):
        """The next message; socket.timeout if the peer is silent for limit seconds."""
        self.socket.settimeout(limit)
        message = b''
        while True:
            final, opcode, payload = self._frame()
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                raise Closed('the peer closed the connection')
            elif opcode in (TEXT, CONTINUED):
                message += payload
                if final:
                    return message.decode()

    def close(self):
        self.socket.close()
