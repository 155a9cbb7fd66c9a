# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our libpcsclite in an application's own process: what it opens and closes, waits for, and says; what
happens beside another process and after fork(). With this program as the application, by ctypes."""
import ctypes
import os
import socket
import subprocess
import sys
import time

import harness
import winscard

os.environ['LD_LIBRARY_PATH'] = os.environ.get('LIBPCSCLITE', '')
os.environ['VPCD_WAIT'] = '0'

NO_SERVICE = 0x8010001D
ESTABLISH = 'import sys; sys.path.insert(0, %r); import winscard; winscard.Context()' % harness.HERE


def tasks():
    return len(os.listdir('/proc/self/task'))


def descriptors():
    return len(os.listdir('/proc/self/fd'))


def all_as(before):
    """A thread that has been joined may be seen for a moment yet."""
    harness.until('as many threads and descriptors as before', lambda: (tasks(), descriptors()) == before)


def bindable(port=harness.PORT):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(('127.0.0.1', port))
            s.listen()
        except OSError:
            return False
        return True


def establish_elsewhere(**env):
    """Another process makes a context: (whether it could, what it said on stderr)."""
    done = subprocess.run([sys.executable, '-c', ESTABLISH], env=dict(os.environ, **env), stderr=subprocess.PIPE,
                          text=True, check=False)
    return done.returncode == 0, done.stderr


def nothing_is_left(t):
    winscard.Context().release()  # loads the library
    before = tasks(), descriptors()
    for _ in range(20):
        contexts = [winscard.Context() for _ in range(5)]
        harness.equal(contexts[0].readers(), [harness.READER_0, harness.READER_1])
        assert not bindable() and tasks() > before[0]
        for context in contexts:
            context.release()
        all_as(before)
        assert bindable() and bindable(harness.PORT + 1)


def nothing_is_left_after_use(t):
    t.vicc('--wait')
    before = tasks(), descriptors()
    context = winscard.Context()
    context.wait(harness.READER_0, winscard.PRESENT)
    card = context.connect(harness.READER_0)
    card.transmit(bytes.fromhex('00A4000C023F00'))
    context.release()  # with the card connected
    all_as(before)
    assert bindable()


def second_process_is_told_why(t):
    context = winscard.Context()
    ok, said = establish_elsewhere()
    assert not ok
    harness.contains(said, 'SCardEstablishContext: 8010001D')
    harness.contains(said, 'port 35963: in use')
    context.release()
    ok, said = establish_elsewhere()
    assert ok, said
    harness.equal(said, '', 'what is said when all is well')


def settings_that_cannot_be(t):
    ok, said = establish_elsewhere(VPCD_SLOTS='many')
    assert ok, said
    harness.contains(said, 'VPCD_SLOTS=many')
    for name in ('localhost:99999', 'localhost:1?timeout=soon', '/dev/null:65535'):
        ok, said = establish_elsewhere(VPCD_DEVICENAME=name)
        assert not ok, name
        harness.contains(said, 'libpcsclite: ')
        harness.contains(said, 'SCardEstablishContext: 8010001D')


def inherited(context, card):
    """What the child finds of its parent's library: nothing."""
    library = ctypes.CDLL('libpcsclite.so.1')
    invalid = 0x80100003
    for result in (library.SCardIsValidContext(context.handle), library.SCardReleaseContext(context.handle),
                   library.SCardDisconnect(card.handle, winscard.LEAVE)):
        harness.equal(result & 0xFFFFFFFF, invalid)


def child(context, card, parent):
    inherited(context, card)
    parent.send(b'1')
    parent.recv(1)  # the parent has released everything
    own = winscard.Context()
    harness.equal(own.readers(), [harness.READER_0, harness.READER_1])
    own.release()


def child_after_fork(t):
    """The child has no context of its parent's, holds no port, and can make contexts of its own."""
    context = winscard.Context()
    t.vicc_at(context, harness.READER_0, '--wait')
    card = context.connect(harness.READER_0)
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            ours.close()
            child(context, card, theirs)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    ours.recv(1)
    harness.equal(card.transmit(bytes.fromhex('00A4000C023F00'))[-2:], b'\x90\0', 'undisturbed')
    context.release()
    assert bindable(), 'the child holds the port'
    ours.send(b'.')
    harness.equal(os.waitpid(pid, 0)[1], 0, 'status of the child')
    ours.close()


def first_call_waits(t):
    start = time.monotonic()
    os.environ['VPCD_WAIT'] = '2000'
    context = winscard.Context()  # for nothing
    assert 2 <= time.monotonic() - start < harness.LIMIT, time.monotonic() - start
    start = time.monotonic()
    other = winscard.Context()  # only the first
    assert time.monotonic() - start < 2
    other.release()
    context.release()
    os.environ['VPCD_WAIT'] = '10000'
    t.vicc('--wait')
    start = time.monotonic()
    context = winscard.Context()
    event, atr = context.status_change(harness.READER_0, 0)
    assert event & winscard.PRESENT and atr == harness.ATR, (event, atr)
    assert time.monotonic() - start < 10
    context.release()
    os.environ['VPCD_WAIT'] = '0'


def connecting(t):
    port = 47011
    os.environ.update(VPCD_DEVICENAME='localhost:%d' % port, VPCD_SLOTS='1', VPCD_WAIT='10000')
    t.vicc('-R', '-P', str(port)).wait_line(str(port))
    context = winscard.Context()
    harness.equal(context.readers(), [harness.READER_0])
    card = context.connect(harness.READER_0)
    harness.equal(card.transmit(bytes.fromhex('00A4000C023F00'))[-2:], b'\x90\0')
    context.release()
    for name in ('VPCD_DEVICENAME', 'VPCD_SLOTS'):
        del os.environ[name]
    os.environ['VPCD_WAIT'] = '0'


def run(t):
    for part in (nothing_is_left, nothing_is_left_after_use, second_process_is_told_why, settings_that_cannot_be,
                 child_after_fork, first_call_waits, connecting):
        print(part.__name__, flush=True)
        part(t)
        for process in t.processes:
            process.kill()
        t.processes.clear()


harness.main(run, ['vicc'])
