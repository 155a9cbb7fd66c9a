# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that send nonsense, half of something, or nothing, that do not read, are stopped or die: the service goes on,
nobody else is held up, and nothing of them is left."""
import os
import signal
import socket
import struct
import sys
import time

import common
import service
import winscard
from common import equal
from winscard import CHANGED, EMPTY, PRESENT

ESTABLISH, RELEASE, CONNECT, BEGIN, TRANSMIT, WATCH = 0x01, 0x02, 0x04, 0x07, 0x09, 0x13
VERSION, GET_STATES = 0x11, 0x12


class Raw:
    """A client of the protocol that need not obey it."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(service.SOCKET)  # waits while many others do
        self.socket.settimeout(common.LIMIT)

    def send(self, command, body=b'', data=b''):
        self.socket.sendall(struct.pack('=II', len(body), command) + body + data)

    def take(self, n):
        got = b''
        while len(got) < n:
            part = self.socket.recv(n - len(got))
            if not part:
                raise ConnectionError('closed')
            got += part
        return got

    def establish(self):
        self.send(ESTABLISH, struct.pack('=III', 2, 0, 0))
        _, context, result = struct.unpack('=III', self.take(12))
        equal(result, 0)
        return context

    def connect(self, context):
        name = service.READER.encode().ljust(128, b'\0')
        self.send(CONNECT, struct.pack('=I128sIIiII', context, name, 2, 3, 0, 0, 0))
        _, _, _, _, card, _, result = struct.unpack('=I128sIIiII', self.take(152))
        equal(result, 0)
        return card

    def is_closed(self):
        try:
            return self.socket.recv(1) == b''
        except ConnectionError:
            return True

    def close(self):
        self.socket.close()


def header(size, command):
    return struct.pack('=II', size, command)


# What the service closes the connection for.
NONSENSE = [
    header(0, 0), header(0, 0xFFFFFFFF), header(0xFFFFFFFF, VERSION), header(11, VERSION) + bytes(11),
    header(13, VERSION) + bytes(13), header(0, ESTABLISH), header(0, 0x03), header(0, 0x18), b'\xFF' * 100,
    b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', header(0, WATCH),
    header(8, BEGIN) + bytes(8),  # before there is a context
    header(32, TRANSMIT) + bytes(32),
]

# Half of a message: it waits for the rest.
HALVES = [b'', b'\0', header(12, VERSION), header(12, VERSION) + bytes(11), header(152, CONNECT) + bytes(100)]


def serves_us():
    context = winscard.Context()
    card = context.connect(service.READER)
    equal(card.transmit(common.SELECT_MF), b'\x90\x00')
    context.release()


def settle(program, descriptors):
    service.until('descriptors as before', lambda: program.descriptors() == descriptors)


def test_nonsense():
    program = service.start()
    before = program.descriptors()
    for text in NONSENSE:
        client = Raw()
        client.socket.sendall(text)
        assert client.is_closed(), text
        client.close()
    for text in NONSENSE[-2:] + [header(32, TRANSMIT) + struct.pack('=iIIIIIII', 1, 2, 0, 0xFFFFFFFF, 0, 0, 0, 0)]:
        client = Raw()
        client.establish()
        client.socket.sendall(text)
        if text[:8] == header(32, TRANSMIT) and text[20:24] == b'\xFF' * 4:
            assert client.is_closed(), text
        client.close()
    serves_us()
    settle(program, before)
    service.stop(program)


def test_halves():
    program = service.start()
    before = program.descriptors()
    clients = []
    for text in HALVES * 10:
        clients.append(Raw())
        clients[-1].socket.sendall(text)
    serves_us()
    for client in clients:
        client.close()
    settle(program, before)
    # And with them there the service ends at once.
    clients = [Raw() for _ in range(5)]
    service.stop(program)


def test_handles_of_others():
    program = service.start()
    one, other = Raw(), Raw()
    context, foreign = one.establish(), other.establish()
    card = one.connect(context)
    for command in (BEGIN, 0x0B):
        other.send(command, struct.pack('=iI', card, 0))
        equal(struct.unpack('=iI', other.take(8))[1], 0x80100003, 'invalid handle')
    other.send(TRANSMIT, struct.pack('=iIIIIIII', card, 2, 0, 4, 0, 0, 100, 0), bytes(4))
    equal(struct.unpack('=8I', other.take(32))[7], 0x80100003)
    other.send(RELEASE, struct.pack('=II', context, 0))
    equal(struct.unpack('=II', other.take(8))[1], 0x80100003)
    assert context != foreign
    one.send(BEGIN, struct.pack('=iI', card, 0))
    equal(struct.unpack('=iI', one.take(8))[1], 0)
    service.stop(program)


def test_who_does_not_read_holds_up_nobody():
    program = service.start()
    before = program.descriptors()
    deaf = Raw()
    deaf.socket.setblocking(False)
    try:
        while True:
            deaf.socket.send(header(0, GET_STATES) * 100)
    except BlockingIOError:
        pass
    watcher = Raw()
    watcher.establish()
    for _ in range(200):
        service.move('eject', '0')
        service.move('insert', '0')
        try:
            watcher.socket.send(header(0, WATCH), socket.MSG_DONTWAIT)
        except BlockingIOError:
            break
        except OSError:
            break  # it has been cut off
    serves_us()
    deaf.close()
    watcher.close()
    settle(program, before)
    service.stop(program)


STOPPED = r"""
import winscard
context = winscard.Context()
state = 0
print('watching', flush=True)
while True:
    state, _ = context.status_change(%r, state & ~2, 60)
    print('%%X' %% state, flush=True)
""" % service.READER


def test_a_stopped_application():
    program = service.start()
    stopped = common.Program('/usr/bin/python3', '-c', STOPPED, preexec_fn=service.die_with_parent)
    stopped.wait_for('^22$', 'out')
    os.kill(stopped.pid, signal.SIGSTOP)
    context = winscard.Context()
    for i in range(101):
        begin = time.monotonic()
        service.move('insert' if i % 2 else 'eject', '0')
        context.wait(service.READER, PRESENT if i % 2 else EMPTY)
        assert time.monotonic() - begin < common.LIMIT
    os.kill(stopped.pid, signal.SIGCONT)
    stopped.wait_for('^%X$' % (101 << 16 | EMPTY | CHANGED), 'out')
    stopped.kill()
    context.release()
    service.stop(program)


def test_the_service_goes():
    """Who waits is told, when it ends in order and when it dies."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        program = service.start()
        waiting = common.Program('/usr/bin/python3', '-c', STOPPED, preexec_fn=service.die_with_parent)
        waiting.wait_for('^22$', 'out')
        if number == signal.SIGTERM:
            service.stop(program)
        else:
            program.kill()
        equal(waiting.end(), 1)
        assert 'winscard.Error' in waiting.text['err'], waiting.text


def test_the_end_does_not_wait_for_a_slow_card():
    program = service.start('--type', 'handler_test')
    one = Raw()
    card = one.connect(one.establish())
    apdu = bytes.fromhex('803800FF')  # takes 2.55 s
    begin = time.monotonic()
    one.send(TRANSMIT, struct.pack('=iIIIIIII', card, 2, 0, len(apdu), 0, 0, 100, 0), apdu)
    time.sleep(0.2)  # until it works: nothing tells
    service.stop(program)
    assert time.monotonic() - begin < 2.5
    one.close()


if sys.platform != 'linux':
    sys.exit(77)
service.need_pcsclite()
common.main(globals())
