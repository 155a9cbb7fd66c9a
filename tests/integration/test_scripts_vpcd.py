# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversations of tests/cards with a vicc over its connection, by a reader of other make."""
import foreign_reader
import harness
import script


class Card:
    def __init__(self, slot):
        self.slot, self.transmit, self.reset = slot, slot.transmit, slot.reset

    def power(self):
        self.slot.power_off()
        self.slot.power_on()


def run(t):
    door = foreign_reader.Door()
    t.later(door.close)
    for card_type in ('iso7816', 'handler_test', 'cryptoflex'):
        for path in script.files(card_type):
            vicc = t.vicc('--type', card_type, '-H', '127.0.0.1', '-P', str(door.port))
            slot = door.accept()
            slot.power_on()
            print('%s: %d commands' % (path, script.run(path, Card(slot))))
            harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
            slot.close()


harness.main(run, ['vicc'])
