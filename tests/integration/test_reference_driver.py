# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc behind the driver of Debian's vsmartcard-vpcd, which sends length and payload apart: at full
speed, that is without the 40 ms that a delayed acknowledgement would cost each command."""
import time

import conversation
import harness
import winscard

COMMANDS, LIMIT = 500, 10  # seconds: half of what the delays would cost


def run(t):
    t.pcscd([harness.Reader(driver=harness.REFERENCE_DRIVER)])
    context = winscard.Context()
    t.vicc_at(context, harness.READER_0)
    card = context.connect(harness.READER_0)
    conversation.check_alive(card)
    start = time.monotonic()
    for _ in range(COMMANDS):
        conversation.check_alive(card)
    took = time.monotonic() - start
    print('%d commands: %.0f ms' % (COMMANDS, took * 1e3))
    assert took < LIMIT, '%d commands took %.2f s' % (COMMANDS, took)
    for size in (4096, 32000):
        conversation.check_alive(card, size)


harness.main(run, ['reference', 'vicc'])
