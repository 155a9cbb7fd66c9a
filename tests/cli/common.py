# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command lines share: programs under test, and the reader's side of the vpcd
protocol (each message is a length of two bytes, big-endian, and that many bytes)."""
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import traceback

VICC = os.environ.get('VICC', '')
VICC_PKI = os.environ.get('VICC_PKI', '')
VPCD_CONFIG = os.environ.get('VPCD_CONFIG', '')
SOURCE_ROOT = os.environ.get('SOURCE_ROOT', '.')
# Whoever runs us in the background of a script has these ignored, and so would the programs under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup

LIMIT = 20  # seconds that anything which should happen may take on a busy machine

ATR = bytes.fromhex('3B951381018073FF01000B')
POWER_OFF, POWER_ON, RESET, GET_ATR = b'\x00', b'\x01', b'\x02', b'\x04'
SELECT_MF = bytes.fromhex('00A4000C023F00')
GET_CHALLENGE = bytes.fromhex('0084000008')


class Skip(Exception):
    """What a test needs is not there."""


def equal(got, want, what='result'):
    assert got == want, '%s: %r, not %r' % (what, got, want)


def main(tests):
    """Runs the functions of a test file whose names begin with test_, in their order."""
    failed = skipped = 0
    names = [name for name in tests if name.startswith('test_')]
    for name in names:
        try:
            tests[name]()
            print('ok', name, flush=True)
        except Skip as why:
            skipped += 1
            print('skipped', name, why, flush=True)
        except Exception:
            failed += 1
            traceback.print_exc()
            print('FAILED', name, flush=True)
        finally:
            Program.end_all()
    sys.exit(1 if failed else 77 if skipped == len(names) else 0)


class Program:
    """A program that runs meanwhile; its output is kept."""
    running = []

    def __init__(self, *argv, **more):
        self.popen = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, **more)
        self.pid = self.popen.pid
        self.text = {'out': '', 'err': ''}
        self.pipes = {self.popen.stdout: 'out', self.popen.stderr: 'err'}
        Program.running.append(self)

    @classmethod
    def end_all(cls):
        while cls.running:
            cls.running.pop().kill()

    def kill(self):
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait()
        for pipe in (self.popen.stdout, self.popen.stderr):
            pipe.close()
        self.pipes = {}

    def read(self, timeout):
        """Takes what output there is. False: nothing will come any more."""
        if not self.pipes:
            return False
        for pipe in select.select(list(self.pipes), [], [], timeout)[0]:
            part = os.read(pipe.fileno(), 65536)
            self.text[self.pipes[pipe]] += part.decode(errors='replace')
            if not part:
                del self.pipes[pipe]
        return True

    def wait_for(self, pattern, where='err'):
        """Waits until the output has this pattern; returns the match."""
        deadline = time.monotonic() + LIMIT
        while True:
            match = re.search(pattern, self.text[where], re.M)
            if match:
                return match
            assert time.monotonic() < deadline and self.read(0.1), \
                'no %r in %r' % (pattern, self.text)

    def end(self, number=None):
        """Sends a signal, if one is given, and waits for the end; returns the exit status."""
        if number is not None:
            self.popen.send_signal(number)
        while self.read(LIMIT):
            pass
        return self.popen.wait(LIMIT)

    def alive(self):
        return self.popen.poll() is None

    def descriptors(self):
        return len(os.listdir('/proc/%d/fd' % self.pid))

    def resident(self):
        """In KB."""
        with open('/proc/%d/status' % self.pid) as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))


def result(*argv, **more):
    """Runs a program to its end: exit status, standard output, standard error."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def vicc(*options, **more):
    return Program(VICC, *options, **more)


def message(payload):
    return len(payload).to_bytes(2, 'big') + payload


class Reader:
    """The reader's side of one connection."""

    def __init__(self, connection):
        self.connection = connection
        connection.settimeout(LIMIT)

    def send(self, payload):
        self.connection.sendall(message(payload))

    def take(self, n):
        got = b''
        while len(got) < n:
            part = self.connection.recv(n - len(got))
            if not part:
                raise ConnectionError('closed after %d of %d bytes' % (len(got), n))
            got += part
        return got

    def receive(self):
        return self.take(int.from_bytes(self.take(2), 'big'))

    def exchange(self, payload):
        self.send(payload)
        return self.receive()

    def check_alive(self):
        self.send(POWER_ON)
        equal(self.exchange(GET_ATR), ATR, 'ATR')
        equal(self.exchange(SELECT_MF), b'\x90\x00', 'SELECT')

    def is_closed(self, timeout=LIMIT):
        """Waits until the other side closes."""
        self.connection.settimeout(timeout)
        try:
            while self.connection.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except socket.timeout:
            return False

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Door:
    """A reader that listens, on a free port of loopback unless one is given."""

    def __init__(self, port=0):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(('127.0.0.1', port))
        self.socket.listen(8)
        self.socket.settimeout(LIMIT)
        self.port = self.socket.getsockname()[1]

    def accept(self):
        return Reader(self.socket.accept()[0])

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def free_port():
    with Door() as door:
        return door.port


def reversed_vicc(*options):
    """A vicc that waits for readers, and its port."""
    program = vicc('-R', '-P', '0', *options)
    return program, int(program.wait_for(r'^VICC port: +(\d+)$', 'out').group(1))


def dial(port):
    return Reader(socket.create_connection(('127.0.0.1', port), LIMIT))


def terminate(program):
    equal(program.end(signal.SIGTERM), 0, 'exit status after SIGTERM')
