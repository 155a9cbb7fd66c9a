# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reversed mode: vicc -R waits, the driver connects to it; the card comes back after vicc starts anew."""
import conversation
import harness
import winscard


def run(t):
    pcscd = t.pcscd([harness.Reader('127.0.0.1:%d' % harness.PORT)])
    context = winscard.Context()
    context.wait(harness.READER_0, winscard.EMPTY)
    for _ in range(2):  # the second time, the driver finds it again by itself
        vicc = t.vicc('-R')
        vicc.wait_line('VICC port:')
        harness.equal(context.wait(harness.READER_0, winscard.PRESENT), harness.ATR, 'ATR')
        card = context.connect(harness.READER_0)
        conversation.check_alive(card)
        conversation.check_alive(card, 32000)
        vicc.stop()
        context.wait(harness.READER_0, winscard.EMPTY)
    assert pcscd.alive()


harness.main(run, ['driver', 'vicc'])
