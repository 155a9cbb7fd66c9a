# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversations of tests/cards with a vicc through pcscd and our driver."""
import harness
import script
import winscard


class Card:
    def __init__(self, card):
        self.card, self.transmit = card, card.transmit

    def reset(self):
        self.card.reconnect(winscard.RESET)

    def power(self):
        self.card.reconnect(winscard.UNPOWER)


def run(t):
    t.pcscd()
    context = winscard.Context()
    for card_type in ('iso7816', 'handler_test', 'cryptoflex'):
        for path in script.files(card_type):
            vicc = t.vicc_at(context, harness.READER_0, '--type', card_type)
            card = context.connect(harness.READER_0)
            print('%s: %d commands' % (path, script.run(path, Card(card))))
            card.disconnect()
            harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
            context.wait(harness.READER_0, winscard.EMPTY)


harness.main(run, ['driver', 'vicc'])
