# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc --wait survives pcscd: it may start first, and comes back when pcscd does."""
import conversation
import harness
import winscard


def run(t):
    vicc = t.vicc('--wait')
    for number in range(3):
        pcscd = t.pcscd()
        context = winscard.Context()
        context.wait(harness.READER_0, winscard.PRESENT)
        card = context.connect(harness.READER_0)
        conversation.check_alive(card)
        if number % 2:
            pcscd.end()
        else:
            pcscd.stop()
        assert vicc.alive(), 'vicc --wait ended with its reader'
    harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')


harness.main(run, ['driver', 'vicc'])
