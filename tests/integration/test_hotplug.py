# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Insertion and removal reach an application that waits in SCardGetStatusChange within 50 ms."""
import threading
import time

import foreign_vpicc
import harness
import winscard

ROUNDS, LIMIT = 30, 0.050


class Watcher(threading.Thread):
    """Waits in SCardGetStatusChange for ever, and notes when each state came."""

    def __init__(self, reader):
        super().__init__(daemon=True)
        self.reader, self.moments, self.news = reader, [], threading.Condition()
        self.context = winscard.Context()

    def run(self):
        state = 0
        while True:
            try:
                state, _ = self.context.status_change(self.reader, state & ~winscard.CHANGED, 60)
            except winscard.Error:
                return  # pcscd was stopped: the test is over
            with self.news:
                self.moments.append((time.monotonic(), state))
                self.news.notify_all()

    def expect(self, want, since):
        """Seconds from since to the first state after it that has the bit want."""
        def found():
            return [when for when, state in self.moments if when >= since and state & want]

        with self.news:
            assert self.news.wait_for(found, harness.LIMIT), 'no such state: %X' % want
            return found()[0] - since


def run(t):
    t.pcscd()
    watcher = Watcher(harness.READER_0)
    watcher.start()
    watcher.expect(winscard.EMPTY, 0)
    inserted, removed = [], []
    for _ in range(ROUNDS):
        start = time.monotonic()
        card = foreign_vpicc.Foreign()
        inserted.append(watcher.expect(winscard.PRESENT, start))
        start = time.monotonic()
        card.remove()
        removed.append(watcher.expect(winscard.EMPTY, start))
    for what, times in (('insertion', inserted), ('removal', removed)):
        times.sort()
        print('%s: median %.1f ms, worst %.1f ms' % (
            what, times[len(times) // 2] * 1e3, times[-1] * 1e3))
    # Stragglers are the machine's business (its cores are shared), most are ours.
    for times in (inserted, removed):
        assert times[len(times) // 2] < LIMIT, 'too late: ' + ', '.join('%.1f' % (x * 1e3) for x in times)


harness.main(run, ['driver'])
