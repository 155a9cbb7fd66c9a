# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that several tests send to the generic card."""
import harness


def length3(n):
    return b'\0' + (n % 65536).to_bytes(2, 'big')


def challenge(ne):
    return b'\0\x84\0\0' + (bytes([ne % 256]) if ne <= 256 else length3(ne))


def check_alive(card, ne=8):
    """One command and its answer."""
    answer = card.transmit(challenge(ne))
    harness.equal((len(answer), answer[-2:]), (ne + 2, b'\x90\0'), 'GET CHALLENGE of %d' % ne)


def create(card, fid, size):
    """A transparent EF under the current DF, with no rule but 'always'."""
    fcp = bytes.fromhex('8002%04X 820101 8302%04X' % (size, fid))
    command = b'\0\xE0\0\0' + bytes([len(fcp) + 2, 0x62, len(fcp)]) + fcp
    harness.equal(card.transmit(command), b'\x90\0', 'CREATE FILE')


def select(card, fid):
    command = b'\0\xA4\0\x0C\x02' + fid.to_bytes(2, 'big')
    harness.equal(card.transmit(command), b'\x90\0', 'SELECT %04X' % fid)


def update(card, data, offset=0):
    command = b'\0\xD6' + offset.to_bytes(2, 'big') + length3(len(data)) + data
    harness.equal(card.transmit(command), b'\x90\0', 'UPDATE BINARY of %d' % len(data))


def read(card, ne, offset=0):
    answer = card.transmit(b'\0\xB0' + offset.to_bytes(2, 'big') + length3(ne))
    harness.equal(answer[-2:], b'\x90\0', 'READ BINARY of %d' % ne)
    return answer[:-2]
