# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands and responses of every size class through pcscd, up to the largest that the wire carries."""
import conversation
import foreign_vpicc
import harness
import winscard

DATA_MAX, RESPONSE_MAX = 65526, 65533  # what a message of 65535 bytes leaves


def run(t):
    t.pcscd()
    context = winscard.Context()
    t.vicc_at(context, harness.READER_0)
    card = context.connect(harness.READER_0)
    conversation.create(card, 0x4001, RESPONSE_MAX)
    conversation.select(card, 0x4001)
    for size in (1, 255, 256, 4096, 32000, DATA_MAX):
        data = foreign_vpicc.counting(size, size)
        conversation.update(card, data)
        harness.equal(conversation.read(card, size), data, 'what was written')
    for size in (1, 8, 255, 256, 257, 4096, 32000, RESPONSE_MAX):
        conversation.check_alive(card, size)
    harness.equal(len(conversation.read(card, RESPONSE_MAX)), RESPONSE_MAX)
    too_long = b'\0\xD6\0\0\0' + (65535).to_bytes(2, 'big') + bytes(65535)
    try:
        answer = card.transmit(too_long)
    except winscard.Error:
        pass
    else:
        raise AssertionError('a command of %d bytes was answered %s' % (len(too_long), answer.hex()))
    conversation.check_alive(card)


harness.main(run, ['driver', 'vicc'])
