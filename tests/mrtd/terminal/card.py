# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card behind a transport: commands and responses, secure messaging, chaining, the rest of long responses."""
from .errors import CardError, ProtocolError
from .sm import encode


class Card:
    """sm is the session of secure messaging, or None. Once the card answers without protection, the session is
    over. history holds the raw exchanges."""

    def __init__(self, transport, log=None):
        self.transport, self.log = transport, log
        self.sm = None
        self.history = []

    def raw(self, command):
        """One exchange: response and status, whatever they are."""
        response = self.transport.transmit(command)
        if len(response) < 2:
            raise ProtocolError('a response of %d bytes' % len(response))
        self.history.append((command, response))
        if self.log:
            self.log('> %s\n< %s' % (command.hex(), response.hex()))
        return response[:-2], int.from_bytes(response[-2:], 'big')

    def whole(self, command):
        """An exchange, and what is left of the response fetched (61xx), or asked for again (6Cxx)."""
        data, sw = self.raw(command)
        if sw >> 8 == 0x6C and len(command) == 5:
            data, sw = self.raw(command[:4] + bytes([sw & 0xFF]))
        while sw >> 8 == 0x61:
            more, sw = self.raw(bytes([command[0] & 0x03, 0xC0, 0, 0, sw & 0xFF]))
            data += more
        return data, sw

    def exchange(self, header, data=b'', ne=None, extended=False):
        """Data and status of a command, protected if there is a session. header: hex or bytes."""
        header = bytes.fromhex(header) if isinstance(header, str) else header
        if self.sm is None:
            return self.whole(encode(header, data, ne, extended))
        answer, sw = self.whole(self.sm.protect(header, data, ne, extended))
        if not answer:
            self.sm = None
            return b'', sw
        return self.sm.open(answer, sw), sw

    def command(self, header, data=b'', ne=None, extended=False, allowed=(0x9000,)):
        """The data of a command that must succeed."""
        header = bytes.fromhex(header) if isinstance(header, str) else header
        answer, sw = self.exchange(header, data, ne, extended)
        if sw not in allowed:
            raise CardError(header, sw)
        return answer

    def chained(self, header, data, ne=None, size=200):
        """A command whose data go in several links (ISO/IEC 7816-4, 5.3.3)."""
        header = bytes.fromhex(header) if isinstance(header, str) else header
        parts = [data[at:at + size] for at in range(0, len(data), size)]
        for part in parts[:-1]:
            self.command(bytes([header[0] | 0x10]) + header[1:], part)
        return self.command(header, parts[-1], ne)

    def reset(self):
        self.sm = None
        self.transport.reset()

    def close(self):
        self.transport.close()
