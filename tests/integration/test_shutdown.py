# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""pcscd ends quickly, by SIGINT and by SIGTERM, whatever the driver waits for meanwhile: an idle card, no
card, a command that is never answered, an ATR that never comes."""
import signal
import threading
import time

import foreign_vpicc
import harness
import winscard

LIMIT = 8  # seconds; pcscd itself needs one to end its polling threads, the driver waits for an ATR for 10


def nothing(context):
    context.wait(harness.READER_0, winscard.EMPTY)


def idle_card(context):
    foreign_vpicc.Foreign()
    context.wait(harness.READER_0, winscard.PRESENT)


def mute_card(context):
    """A command is under way to a card that never answers it."""
    asked = threading.Event()

    def never(command):
        asked.set()
        threading.Event().wait()

    def application():
        try:
            winscard.Context().connect(harness.READER_0).transmit(b'\0\x84\0\0\x08')
        except winscard.Error:
            pass

    foreign_vpicc.Foreign(answer=never)
    context.wait(harness.READER_0, winscard.PRESENT)
    threading.Thread(target=application, daemon=True).start()
    assert asked.wait(harness.LIMIT), 'the command did not reach the card'


def no_atr(context):
    """A peer that reads the ATR request and is silent."""
    s = foreign_vpicc.dial('127.0.0.1', harness.PORT)
    foreign_vpicc.receive(s, 3)
    keep.append(s)


keep = []


def run(t):
    for number in (signal.SIGINT, signal.SIGTERM):
        for state in (nothing, idle_card, mute_card, no_atr):
            pcscd = t.pcscd()
            state(winscard.Context())
            start = time.monotonic()
            status = pcscd.end(30) if number == signal.SIGINT else pcscd.stop(number, 30)
            took = time.monotonic() - start
            print('%s, %s: status %d after %.2f s' % (number.name, state.__name__, status, took))
            assert took < LIMIT, '%s: pcscd took %.1f s to end' % (state.__name__, took)
            assert status >= 0 or status == -number, '%s: pcscd ended with %d' % (state.__name__, status)


harness.main(run, ['driver'])
