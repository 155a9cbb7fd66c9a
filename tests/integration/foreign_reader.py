# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader that shares no code with ours, written from docs/vpcd-protocol.md alone.

Each message is a length of two bytes, big-endian, and that many bytes; the reader speaks first. A message
of one byte is a control code (00 off, 01 on, 02 reset, 04 ATR request), only the last is answered.
"""
import socket
import struct


class Closed(Exception):
    pass


class Door:
    """Where cards connect to."""

    def __init__(self, host='127.0.0.1', port=0):
        self.socket = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(1)
        self.port = self.socket.getsockname()[1]

    def accept(self, timeout=20, **how):
        self.socket.settimeout(timeout)
        connection, _ = self.socket.accept()
        return Slot(connection, **how)

    def close(self):
        self.socket.close()


class Slot:
    """A connection to one card. apart=True sends length and payload in two sends, as older readers do;
    nodelay=False leaves Nagle's algorithm on, as they do too."""

    def __init__(self, connection, apart=False, nodelay=True, timeout=20):
        self.connection, self.apart = connection, apart
        connection.settimeout(timeout)
        if nodelay:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, payload):
        length = struct.pack('>H', len(payload))
        if self.apart:
            self.connection.sendall(length)
            self.connection.sendall(payload)
        else:
            self.connection.sendall(length + payload)

    def _receive(self, size):
        parts = bytearray()
        while len(parts) < size:
            more = self.connection.recv(size - len(parts))
            if not more:
                raise Closed('the card closed after %d of %d bytes' % (len(parts), size))
            parts += more
        return bytes(parts)

    def receive(self):
        return self._receive(struct.unpack('>H', self._receive(2))[0])

    def power_off(self):
        self.send(b'\x00')

    def power_on(self):
        self.send(b'\x01')

    def reset(self):
        self.send(b'\x02')

    def atr(self):
        self.send(b'\x04')
        return self.receive()

    def transmit(self, command):
        assert len(command) > 1, 'one byte is a control code'
        self.send(command)
        return self.receive()

    def close(self):
        self.connection.close()


def dial(host, port, **how):
    """A reader that connects to a card in reversed mode."""
    return Slot(socket.create_connection((host, port), timeout=20), **how)
