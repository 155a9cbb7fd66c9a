# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a card. Each has transmit(command) -> response, reset() and close()."""
import socket

from .errors import ProtocolError


class Vpcd:
    """The reader's side of the vpcd protocol over a connected socket: no PC/SC in between, and fast
    (docs/vpcd-protocol.md)."""
    OFF, ON, RESET, ATR = b'\x00', b'\x01', b'\x02', b'\x04'

    def __init__(self, connection, limit=30):
        self.connection = connection
        connection.settimeout(limit)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send(self.ON)

    def _send(self, message):
        self.connection.sendall(len(message).to_bytes(2, 'big') + message)

    def _take(self, size):
        got = b''
        while len(got) < size:
            part = self.connection.recv(size - len(got))
            if not part:
                raise ProtocolError('the card left in the middle of a message (%d of %d bytes)' % (len(got), size))
            got += part
        return got

    def _receive(self):
        return self._take(int.from_bytes(self._take(2), 'big'))

    def atr(self):
        self._send(self.ATR)
        return self._receive()

    def transmit(self, command):
        self._send(command)
        return self._receive()

    def reset(self):
        self._send(self.RESET)

    def power(self):
        self._send(self.OFF)
        self._send(self.ON)

    def close(self):
        self.connection.close()


class Pcsc:
    """pyscard's connection to the reader whose name begins so."""

    def __init__(self, reader=''):
        from smartcard.System import readers
        from smartcard.scard import SCARD_RESET_CARD, SCARD_UNPOWER_CARD
        self.dispositions = SCARD_RESET_CARD, SCARD_UNPOWER_CARD
        found = [one for one in readers() if str(one).startswith(reader)]
        if not found:
            raise ProtocolError('no reader "%s..." among %s' % (reader, [str(one) for one in readers()]))
        self.connection = found[0].createConnection()
        self.connection.connect()

    def atr(self):
        return bytes(self.connection.getATR())

    def transmit(self, command):
        data, sw1, sw2 = self.connection.transmit(list(command))
        return bytes(data) + bytes([sw1, sw2])

    def _reconnect(self, disposition):
        self.connection.reconnect(disposition=disposition)

    def reset(self):
        self._reconnect(self.dispositions[0])

    def power(self):
        self._reconnect(self.dispositions[1])

    def close(self):
        self.connection.disconnect()


class Script:
    """A card that is a list of (command, response): answers as recorded, and takes nothing else."""

    def __init__(self, pairs):
        self.pairs = list(pairs)

    def transmit(self, command):
        if not self.pairs:
            raise ProtocolError('one command more than the record has: %s' % command.hex())
        expected, response = self.pairs.pop(0)
        if command != expected:
            raise ProtocolError('the terminal sends\n  %s, not\n  %s' % (command.hex(), expected.hex()))
        return response

    def reset(self):
        pass

    def close(self):
        if self.pairs:
            raise ProtocolError('%d commands of the record were not sent' % len(self.pairs))
