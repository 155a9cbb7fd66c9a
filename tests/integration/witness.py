# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Others who go on using their cards while something is done to one slot.

A card of other make sits in the second slot of the reader and in a second reader; a thread each sends
commands to it all the time and notes how long the longest one took.
"""
import threading
import time

import foreign_vpicc
import harness
import winscard

SECOND_PORT = harness.PORT + 100
SECOND_READER = harness.Reader('/dev/null:%d' % SECOND_PORT, 'Second', channel=SECOND_PORT)
PLACES = (('Virtual PCD', 1, harness.PORT + 1), ('Second', 0, SECOND_PORT))
COMMAND = bytes.fromhex('800E00000411223344') + b'\0'


class Witness(threading.Thread):
    def __init__(self, friendly, slot):
        super().__init__(daemon=True)
        self.context = winscard.Context()
        reader = self.context.find(friendly, slot)
        self.context.wait(reader, winscard.PRESENT)
        self.card = self.context.connect(reader)
        self.reader, self.count, self.longest = reader, 0, 0.0
        self.error, self.ending = None, threading.Event()

    def run(self):
        try:
            while not self.ending.is_set():
                start = time.monotonic()
                harness.equal(self.card.transmit(COMMAND), b'\x11\x22\x33\x44\x90\0', self.reader)
                self.longest = max(self.longest, time.monotonic() - start)
                self.count += 1
                self.ending.wait(0.002)
        except Exception as error:
            self.error = error

    def check(self, limit):
        """Went on without an error, and no command took longer than limit seconds."""
        if self.error is not None:
            raise AssertionError('%s, meanwhile: %s' % (self.reader, self.error))
        before = self.count
        harness.until('%s answers' % self.reader, lambda: self.count > before or self.error)
        longest, self.longest = self.longest, 0.0
        assert longest < limit, '%s: a command took %.3f s meanwhile' % (self.reader, longest)


class Witnesses:
    def __init__(self, t):
        self.cards = [foreign_vpicc.Foreign(port=port) for _, _, port in PLACES]
        self.all = [Witness(friendly, slot) for friendly, slot, _ in PLACES]
        for witness in self.all:
            witness.start()
        t.later(self.close)

    def check(self, limit=1.5):
        for witness in self.all:
            witness.check(limit)

    def close(self):
        for witness in self.all:
            witness.ending.set()
        for witness in self.all:
            witness.join(5)
