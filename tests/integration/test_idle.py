# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting costs no processor time: no card, a card that nobody uses, a host that refuses, and one that closes
each connection at once (the driver must not try again without a pause)."""
import os
import socket
import threading
import time

import foreign_vpicc
import harness
import winscard

SECONDS, SHARE = 2, 0.03  # of one core


def processor_seconds(pid):
    with open('/proc/%d/stat' % pid) as stat:
        fields = stat.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def close_all(door, counted):
    while True:
        try:
            connection, _ = door.accept()
        except OSError:
            return
        counted.append(time.monotonic())
        connection.close()


def run(t):
    door = socket.socket()
    door.bind(('127.0.0.1', 41000))
    door.listen(5)
    counted = []
    threading.Thread(target=close_all, args=(door, counted), daemon=True).start()
    pcscd = t.pcscd([harness.Reader(), harness.Reader('127.0.0.1:41000', 'Closes', channel=2),
                     harness.Reader('127.0.0.1:42000', 'Refuses', channel=3)], options=('-e',))
    context = winscard.Context()
    foreign_vpicc.Foreign()
    context.wait(harness.READER_0, winscard.PRESENT)
    start, before, tries = time.monotonic(), processor_seconds(pcscd.pid), len(counted)
    time.sleep(SECONDS)  # this is the test: what happens while nothing is to be done
    took = time.monotonic() - start
    used, tries = processor_seconds(pcscd.pid) - before, len(counted) - tries
    print('%.0f ms of %.1f s; %d connections to a host that closes each' % (used * 1e3, took, tries))
    assert used < SHARE * took + 0.02, 'pcscd used %.2f s of %.1f' % (used, took)
    assert 0 < tries < 50 * took, '%d tries in %.1f s' % (tries, took)


harness.main(run, ['driver'])
