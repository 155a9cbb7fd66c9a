# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""16 readers with a card each, 1,000 connections, thousands of sessions, and what the service costs while nothing happens."""
import os
import resource
import signal
import socket
import sys
import threading
import time

import common
import service
import winscard
from common import equal
from winscard import CHANGED, EMPTY, PRESENT

READERS = 16
ALL = [word for i in range(READERS) for word in ('--type', 'handler_test' if i % 2 else 'iso7816')]
ROUNDS, EVENT_LIMIT = 50, 0.005
SANITIZED = 'SANITIZED' in os.environ


def test_16_readers():
    program = service.start(*ALL)
    context = winscard.Context()
    names = context.readers()
    equal(names, ['Virtual PCD 00 %02X' % i for i in range(READERS)])
    cards = [context.connect(name) for name in names]
    for _ in range(20):
        for i, card in enumerate(cards):
            equal(card.transmit(common.SELECT_MF if i % 2 == 0 else bytes.fromhex('80340000')), b'\x90\x00', names[i])
    equal(len({context.wait(name, PRESENT) for name in names}), 2, 'kinds of ATR')
    service.move('eject', '15')
    context.wait(names[15], EMPTY)
    context.release()
    service.stop(program)


def test_idle_costs_nothing():
    if SANITIZED:
        raise common.Skip('a sanitizer has a thread of its own')
    program = service.start(*ALL)
    contexts = [winscard.Context() for _ in range(4)]
    cards = [contexts[0].connect(name) for name in contexts[0].readers()]
    assert len(cards) == READERS

    def wait():
        try:
            contexts[1].status_change(service.READER, contexts[1].status_change(service.READER, 0)[0] & ~CHANGED, 60)
        except winscard.Error:
            pass  # the service has ended

    threading.Thread(target=wait, daemon=True).start()
    service.until('all is calm', lambda: quiet(program.pid))
    before = service.processor_ticks(program.pid), switches(program.pid)
    time.sleep(2)  # this is the test: what happens while nothing is to be done
    after = service.processor_ticks(program.pid), switches(program.pid)
    print('    %d ticks, %d times awake' % (after[0] - before[0], after[1] - before[1]))
    # What little it used before may fill up a tick.
    assert after[0] - before[0] <= 1, '%d ticks of processor time' % (after[0] - before[0])
    assert after[1] - before[1] <= 4, 'awake %d times' % (after[1] - before[1])
    service.stop(program)


def switches(pid):
    """How often its threads have waited for something."""
    total = 0
    for task in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/status' % (pid, task)) as status:
            total += sum(int(line.split()[1]) for line in status if line.startswith('voluntary_ctxt'))
    return total


def quiet(pid):
    """Whether nothing happens, for a while; while threads end, something does. A sanitizer never rests."""
    if SANITIZED:
        return True
    try:
        before = switches(pid)
        time.sleep(0.2)
        return switches(pid) == before
    except FileNotFoundError:
        return False


def test_events_come_at_once():
    program = service.start()
    context = winscard.Context()
    moments, news = [], threading.Condition()

    def watch():
        state = 0
        try:
            while True:
                state, _ = context.status_change(service.READER, state & ~CHANGED, 60)
                with news:
                    moments.append((time.monotonic(), state))
                    news.notify_all()
        except winscard.Error:
            pass  # the service has ended

    def expect(want, since):
        def found():
            return [when for when, state in moments if when >= since and state & want]

        with news:
            assert news.wait_for(found, common.LIMIT), 'no such state: %X' % want
            return found()[0] - since

    threading.Thread(target=watch, daemon=True).start()
    expect(PRESENT, 0)
    times = {EMPTY: [], PRESENT: []}
    for _ in range(ROUNDS):
        for number, want in ((signal.SIGUSR1, EMPTY), (signal.SIGUSR2, PRESENT)):
            time.sleep(0.002)  # until the watcher waits again
            begin = time.monotonic()
            os.kill(program.pid, number)
            times[want].append(expect(want, begin))
    for want, name in ((EMPTY, 'removal'), (PRESENT, 'insertion')):
        taken = sorted(times[want])
        print('    %s: median %.2f ms, worst %.2f ms' % (name, taken[ROUNDS // 2] * 1e3, taken[-1] * 1e3))
        # On a busy machine many come late; where they were looked for from time to time, nearly all would.
        assert taken[ROUNDS // 4] < EVENT_LIMIT or SANITIZED, taken
    service.stop(program)


def test_1000_connections():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(limit[0], 2000), limit[1]), limit[1]))
    program = service.start()
    context = winscard.Context()
    card = context.connect(service.READER)
    before = program.descriptors()
    clients = []
    for _ in range(1000):
        s = socket.socket(socket.AF_UNIX)
        s.connect(service.SOCKET)  # waits while many others do
        clients.append(s)
    service.until('all are served', lambda: program.descriptors() == before + 1000)
    equal(card.transmit(common.SELECT_MF), b'\x90\x00')
    threads = len(os.listdir('/proc/%d/task' % program.pid))
    print('    %d threads, %d KB' % (threads, program.resident()))
    for s in clients:
        s.close()
    service.until('all are let go', lambda: program.descriptors() == before)
    equal(card.transmit(common.SELECT_MF), b'\x90\x00')
    context.release()
    service.stop(program)


def test_more_connections_than_descriptors():
    program = common.Program('sh', '-c', 'ulimit -n 64; exec "$0" --socket "$1"', service.VPCSCD, service.SOCKET)
    program.wait_for('export', 'out')
    context = winscard.Context()
    card = context.connect(service.READER)
    clients = []
    for _ in range(100):
        s = socket.socket(socket.AF_UNIX)
        s.connect(service.SOCKET)
        clients.append(s)
    service.until('it is full', lambda: program.descriptors() == 64)
    program.wait_for('^vpcscd: warning: clients have to wait: .*open files$')
    equal(card.transmit(common.SELECT_MF), b'\x90\x00')
    ticks = service.processor_ticks(program.pid)
    time.sleep(1)  # it does not spin meanwhile
    assert service.processor_ticks(program.pid) - ticks < 20
    program.read(0.1)
    equal(program.text['err'].count('wait'), 1, program.text['err'])
    for s in clients:
        s.close()
    service.until('it takes others again', lambda: program.descriptors() < 64)
    winscard.Context().release()
    context.release()
    service.stop(program)


def session():
    context = winscard.Context()
    card = context.connect(service.READER)
    equal(card.transmit(common.SELECT_MF), b'\x90\x00')
    card.disconnect(winscard.RESET)
    context.release()


def test_thousands_of_sessions():
    program = service.start()
    descriptors = program.descriptors()
    for _ in range(500):
        session()
    service.until('the last has gone', lambda: quiet(program.pid))
    resident = program.resident()
    for _ in range(2000):
        session()
    service.until('the last has gone', lambda: quiet(program.pid))
    print('    %d KB, then %d KB' % (resident, program.resident()))
    service.until('descriptors as before', lambda: program.descriptors() == descriptors)
    assert program.resident() - resident < 200 or SANITIZED, '%d KB more' % (program.resident() - resident)
    service.stop(program)


if sys.platform != 'linux':
    sys.exit(77)
service.need_pcsclite()
common.main(globals())
