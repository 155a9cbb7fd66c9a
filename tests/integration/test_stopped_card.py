# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc is stopped (SIGSTOP) while a command runs: the application gets an error at the time limit that
DEVICENAME sets, nobody else waits, and the slot takes the next card."""
import signal
import time

import conversation
import harness
import winscard
from witness import SECOND_READER, Witnesses

SECONDS = 2


def run(t):
    pcscd = t.pcscd([harness.Reader('"/dev/null:0x8C7B?timeout=%d"' % SECONDS), SECOND_READER])
    context = winscard.Context()
    witnesses = Witnesses(t)
    vicc = t.vicc_at(context, harness.READER_0)
    card = context.connect(harness.READER_0)
    conversation.check_alive(card)
    witnesses.check()
    vicc.send(signal.SIGSTOP)
    start = time.monotonic()
    try:
        answer = card.transmit(conversation.challenge(8))
    except winscard.Error as error:
        took = time.monotonic() - start
        print('%s after %.1f s' % (error, took))
    else:
        raise AssertionError('a stopped card answered %s' % answer.hex())
    assert SECONDS <= took < harness.LIMIT, 'the limit is %d s, the error came after %.1f s' % (
        SECONDS, took)
    witnesses.check()
    context.wait(harness.READER_0, winscard.EMPTY)
    t.vicc_at(context, harness.READER_0)
    conversation.check_alive(context.connect(harness.READER_0))
    vicc.send(signal.SIGCONT)  # it finds its connection gone, and another card in its place
    vicc.stop()
    witnesses.check()
    assert pcscd.alive()


harness.main(run, ['driver', 'vicc'])
