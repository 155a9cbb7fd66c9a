# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that never answer, in connect mode: pcscd starts at once, the other reader works, pcscd stops at once.

One address goes nowhere (packets are dropped silently), one accepts nothing (a full queue), one takes
the connection and says nothing.
"""
import socket
import subprocess
import time

import conversation
import harness
import winscard

LIMIT = 8  # seconds; the driver gives up connecting after 10


def full_queue():
    """A listening socket whose queue is full: the kernel answers no further SYN."""
    door = socket.socket()
    door.bind(('127.0.0.1', 41000))
    door.listen(0)
    clients = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(('127.0.0.1', 41000))
        clients.append(client)
    return door, clients


def silence():
    """A way to TEST-NET-1 (RFC 5737) on which every packet is lost, and nothing comes back."""
    steps = ('link add void type veth peer name lost', 'link set void up', 'link set lost up',
             'addr add 192.0.2.1/24 dev void',
             'neigh add 192.0.2.77 lladdr 02:00:00:00:00:01 dev void')
    for step in steps:
        if subprocess.run(['ip'] + step.split(), stderr=subprocess.DEVNULL).returncode != 0:
            print('ip %s failed: 192.0.2.77 is unreachable rather than silent' % step)
            return


def run(t):
    silence()
    keep = full_queue()
    silent = socket.socket()
    silent.bind(('127.0.0.1', 42000))
    silent.listen(5)

    start = time.monotonic()
    pcscd = t.pcscd([harness.Reader('192.0.2.77:35963', 'Void', channel=1),
                     harness.Reader('127.0.0.1:41000', 'Full', channel=2),
                     harness.Reader('127.0.0.1:42000', 'Silent', channel=3),
                     harness.Reader('nowhere.invalid:35963', 'Nowhere', channel=4),
                     harness.Reader()])
    took = time.monotonic() - start
    print('pcscd was ready after %.2f s' % took)
    assert took < LIMIT, 'pcscd was ready only after %.2f s' % took
    context = winscard.Context()
    for friendly in ('Void', 'Full', 'Silent', 'Nowhere'):
        context.wait(context.find(friendly), winscard.EMPTY)
    reader = context.find('Virtual PCD')
    t.vicc_at(context, reader)
    card = context.connect(reader)
    longest = 0.0
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        start = time.monotonic()
        conversation.check_alive(card)
        longest = max(longest, time.monotonic() - start)
    assert longest < LIMIT, 'a command took %.2f s' % longest
    start = time.monotonic()
    pcscd.end()
    took = time.monotonic() - start
    print('pcscd ended after %.2f s' % took)
    assert took < LIMIT, 'pcscd ended only after %.2f s' % took
    del keep


harness.main(run, ['driver', 'vicc', 'ip'])
