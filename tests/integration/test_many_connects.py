# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 connects and disconnects within a minute, some with a word, some without: nothing is lost, and
the slot takes the next card at once."""
import struct
import socket
import time

import foreign_vpicc
import harness
import winscard
from witness import SECOND_READER, Witnesses

CONNECTS, LIMIT = 10000, 60


def connect(number):
    s = socket.socket()
    s.settimeout(10)
    s.connect(('127.0.0.1', harness.PORT))
    if number % 3 == 1:
        s.sendall(foreign_vpicc.message(foreign_vpicc.ATR))
    if number % 5 == 2:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.close()


def settled(context):
    card = foreign_vpicc.Foreign()
    context.wait(harness.READER_0, winscard.PRESENT)
    card.remove()
    context.wait(harness.READER_0, winscard.EMPTY)


def run(t):
    pcscd = t.pcscd([harness.Reader(), SECOND_READER], options=('-e',))
    context = winscard.Context()
    witnesses = Witnesses(t)
    settled(context)
    for number in range(200):
        connect(number)
    settled(context)
    descriptors, resident = pcscd.descriptors(), pcscd.resident()
    start = time.monotonic()
    for number in range(CONNECTS):
        connect(number)
    took = time.monotonic() - start
    print('%d connects: %.1f s' % (CONNECTS, took))
    assert took < LIMIT, '%d connects took %.0f s' % (CONNECTS, took)
    witnesses.check(limit=5)
    settled(context)
    harness.until('descriptors are back where they were',
                  lambda: pcscd.descriptors() == descriptors)
    grown = pcscd.resident() - resident
    assert grown < 1024, 'memory grew by %d KB' % grown


harness.main(run, ['driver'])
