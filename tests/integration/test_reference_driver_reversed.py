# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc -R behind the driver of Debian's vsmartcard-vpcd, which connects to it: at full speed too.

That driver takes pcscd down if any of its slots has nobody to connect to, so both have a card.
"""
import time

import conversation
import harness
import winscard

COMMANDS, LIMIT = 500, 10  # seconds: half of what the delays would cost


def run(t):
    for port in (harness.PORT, harness.PORT + 1):
        t.vicc('-R', '-P', str(port)).wait_line('VICC port:')
    t.pcscd([harness.Reader('127.0.0.1:%d' % harness.PORT, driver=harness.REFERENCE_DRIVER)])
    context = winscard.Context()
    harness.equal(context.wait(harness.READER_0, winscard.PRESENT), harness.ATR, 'ATR')
    card = context.connect(harness.READER_0)
    conversation.check_alive(card)
    start = time.monotonic()
    for _ in range(COMMANDS):
        conversation.check_alive(card)
    took = time.monotonic() - start
    print('%d commands: %.0f ms' % (COMMANDS, took * 1e3))
    assert took < LIMIT, '%d commands took %.2f s' % (COMMANDS, took)


harness.main(run, ['reference', 'vicc'])
