# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a card's answer."""

TEXTS = {
    0x6300: 'authentication failed',
    0x6700: 'wrong length',
    0x6882: 'secure messaging is not supported',
    0x6883: 'last command of the chain expected',
    0x6982: 'security status not satisfied',
    0x6983: 'authentication method blocked',
    0x6984: 'reference data not usable',
    0x6985: 'conditions of use not satisfied',
    0x6986: 'command not allowed, no current file',
    0x6987: 'secure messaging data objects missing',
    0x6988: 'secure messaging data objects incorrect',
    0x6A80: 'incorrect parameters in the data field',
    0x6A81: 'function not supported',
    0x6A82: 'file not found',
    0x6A86: 'incorrect P1-P2',
    0x6A88: 'referenced data not found',
    0x6B00: 'offset outside of the file',
    0x6D00: 'instruction not supported',
    0x6E00: 'class not supported',
    0x6F00: 'no precise diagnosis',
}

INSTRUCTIONS = {
    0x20: 'VERIFY', 0x22: 'MSE', 0x2A: 'PSO', 0x2C: 'RESET RETRY COUNTER', 0x44: 'ACTIVATE', 0x04: 'DEACTIVATE',
    0x82: 'EXTERNAL AUTHENTICATE', 0x84: 'GET CHALLENGE', 0x86: 'GENERAL AUTHENTICATE',
    0x88: 'INTERNAL AUTHENTICATE', 0xA4: 'SELECT', 0xB0: 'READ BINARY', 0xB1: 'READ BINARY', 0xC0: 'GET RESPONSE',
    0xD6: 'UPDATE BINARY',
}


class ProtocolError(Exception):
    """The card's answer is not what the standard says."""


class CardError(ProtocolError):
    """A status word that the terminal did not hope for."""

    def __init__(self, header, sw):
        self.sw = sw
        text = TEXTS.get(sw) or ('%d tries left' % (sw & 15) if sw & 0xFFF0 == 0x63C0 else 'unknown status')
        super().__init__('%s (%s): %04X %s' % (
            INSTRUCTIONS.get(header[1], 'command'), header.hex(' ').upper(), sw, text))


def check(condition, text, *values):
    """Raises a ProtocolError unless condition holds."""
    if not condition:
        raise ProtocolError(text % values if values else text)
