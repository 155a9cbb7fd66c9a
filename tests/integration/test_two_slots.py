# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two cards in the two slots of a reader, used in turn; each keeps its own files and its own life."""
import conversation
import harness
import winscard


def run(t):
    t.pcscd()
    context = winscard.Context()
    first = t.vicc_at(context, harness.READER_0)
    t.vicc_at(context, harness.READER_1, '-P', str(harness.PORT + 1))
    cards = [context.connect(harness.READER_0), context.connect(harness.READER_1)]
    for number, card in enumerate(cards):
        conversation.create(card, 0x4001, 16)
        conversation.select(card, 0x4001)
        conversation.update(card, bytes([number]) * 16)
    for _ in range(50):
        for number, card in enumerate(cards):
            harness.equal(conversation.read(card, 16), bytes([number]) * 16)
    first.stop()
    context.wait(harness.READER_0, winscard.EMPTY)
    harness.equal(conversation.read(cards[1], 16), bytes([1]) * 16, 'the other slot')


harness.main(run, ['driver', 'vicc'])
