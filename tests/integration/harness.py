# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every integration test stands on.

A test is a file test_*.py that ends in harness.main(run, needs=[...]). It runs in mount and network
namespaces of its own, with a private /run and nothing but loopback, so that it touches no service and no
port of the machine and runs beside other tests, as root and (where the kernel permits) as any user.
Nothing sleeps for luck: each wait is for an event, with a limit. All processes are stopped by their
process id when the test ends, however it ends.

From the environment: DRIVER (our libifdvpcd.so), VICC, REFERENCE_DRIVER (another vpcd driver, by default
that of Debian's vsmartcard-vpcd). PCSCD_WRAPPER is put before pcscd (valgrind, strace, perf record),
HARNESS_LIMIT is the number of seconds that any one event may take.
"""
import atexit
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import winscard

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = os.environ.get('DRIVER', '')
VICC = os.environ.get('VICC', '')
REFERENCE_DRIVER = os.environ.get('REFERENCE_DRIVER',
                                  '/usr/lib/pcsc/drivers/serial/libifdvpcd.so.0.8')

WRAPPER = os.environ.get('PCSCD_WRAPPER', '').split()

PORT = 35963
PCSCD_SOCKET = '/run/pcscd/pcscd.comm'
ATR = bytes.fromhex('3B951381018073FF01000B')
READER_0, READER_1 = 'Virtual PCD 00 00', 'Virtual PCD 00 01'
SKIP = 77
LIMIT = float(os.environ.get('HARNESS_LIMIT', '20'))  # seconds that any one event may take


class Skip(Exception):
    pass


def requires(*needs):
    """Skips the test, and says so, unless all these are there: a program in PATH, or one of pyscard,
    driver, vicc, reference."""
    files = {'driver': DRIVER, 'vicc': VICC, 'reference': REFERENCE_DRIVER}
    for need in needs:
        if need == 'pyscard':
            try:
                import smartcard.scard  # noqa: F401
            except ImportError:
                raise Skip('python3-pyscard is not installed')
        elif need in files:
            if not os.path.exists(files[need]):
                raise Skip('%s is not there (%s)' % (need, files[need] or need.upper() + ' is not set'))
        elif shutil.which(need) is None:
            raise Skip('%s is not installed' % need)


# Isolation

def _loopback_up():
    with socket.socket() as s:
        request = struct.pack('16sH14s', b'lo', 0x1 | 0x40, b'')  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(s, 0x8914, request)  # SIOCSIFFLAGS


def _mount(kind, where):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b'none', where.encode(), kind.encode(), 0, None) != 0:
        raise OSError(ctypes.get_errno(), 'mount %s on %s' % (kind, where))


def _unshare():
    """The command that makes our namespaces. In a chroot the propagation of mounts cannot be changed."""
    user = [] if os.geteuid() == 0 else ['-r']
    for flags in (user + ['-mn'], user + ['-mn', '--propagation', 'unchanged']):
        if subprocess.run(['unshare'] + flags + ['true'], stderr=subprocess.DEVNULL).returncode == 0:
            return ['unshare'] + flags
    raise Skip('the kernel permits no namespaces here (unshare %s)' % ' '.join(user + ['-mn']))


def isolate():
    """Starts the test again in namespaces of its own; returns in the inner process only."""
    if os.environ.get('HARNESS_ISOLATED') == str(os.getppid()):
        _die_with_parent()
        _loopback_up()
        _mount('tmpfs', '/run')
        # Where mounts propagate (see _unshare) the outer /run would stay hidden.
        atexit.register(ctypes.CDLL(None).umount2, b'/run', 2)  # MNT_DETACH
        os.mkdir('/run/pcscd')
        return
    if shutil.which('unshare') is None:
        raise Skip('unshare (util-linux) is not installed')
    unshare = _unshare()
    environment = dict(os.environ, HARNESS_ISOLATED=str(os.getpid()))
    child = subprocess.Popen(unshare + [sys.executable] + sys.argv, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    sys.exit(child.wait())


# Processes

def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Process:
    """A program under test: its lines are kept, and waited for."""

    def __init__(self, argv, env=None, name=None):
        self.name = name or os.path.basename(argv[0])
        self.lines, self.news = [], threading.Condition()
        self.ended = False
        self.popen = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=dict(os.environ, **(env or {})), preexec_fn=_die_with_parent)
        self.pid = self.popen.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.popen.stdout:
            with self.news:
                self.lines.append(line.decode(errors='replace').rstrip('\n'))
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def wait_line(self, text, count=1, timeout=None):
        """Waits until text was printed in count lines; returns the last of them."""
        def hits():
            return [line for line in self.lines if text in line]

        with self.news:
            self.news.wait_for(lambda: len(hits()) >= count or self.ended, timeout or LIMIT)
            if len(hits()) < count:
                raise AssertionError('%s: "%s" %d times, not %d; its output:\n%s' % (
                    self.name, text, len(hits()), count, self.tail()))
            return hits()[count - 1]

    def count(self, text):
        with self.news:
            return len([line for line in self.lines if text in line])

    def tail(self, n=60):
        return '\n'.join('    | ' + line for line in self.lines[-n:])

    def alive(self):
        return self.popen.poll() is None

    def wait(self, timeout=None):
        """Waits for its end, returns the exit status."""
        try:
            status = self.popen.wait(timeout or LIMIT)
        except subprocess.TimeoutExpired:
            raise AssertionError('%s does not end; its output:\n%s' % (self.name, self.tail()))
        self.reader.join(LIMIT)
        return status

    def send(self, number):
        self.popen.send_signal(number)

    def stop(self, number=signal.SIGTERM, timeout=None):
        if self.alive():
            self.popen.send_signal(number)
        return self.wait(timeout)

    def kill(self):
        if self.alive():
            self.popen.send_signal(signal.SIGCONT)
            self.popen.kill()
        self.popen.wait()

    def end(self, timeout=None):
        """Ends pcscd (started with -d) the slow way, in which it closes its readers."""
        self.send(signal.SIGINT)
        # Its main loop may look for the end just before its signal thread declares it, and then waits
        # for a client before it looks again: here comes one.
        self.wait_line('Preparing for suicide')
        _answers(PCSCD_SOCKET)
        return self.wait(timeout)

    # What it holds

    def descriptors(self):
        return len(os.listdir('/proc/%d/fd' % self.pid))

    def threads(self):
        return len(os.listdir('/proc/%d/task' % self.pid))

    def resident(self):
        """kilobytes"""
        with open('/proc/%d/status' % self.pid) as status:
            for line in status:
                if line.startswith('VmRSS:'):
                    return int(line.split()[1])
        raise AssertionError('%s has no memory: it has ended' % self.name)


def until(what, condition, timeout=None, step=0.002):
    """Waits for something that tells nobody when it happens (a file, /proc): asks again and again."""
    deadline = time.monotonic() + (timeout or LIMIT)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError('not within the time: ' + what)
        time.sleep(step)


# A test's surroundings

class Reader:
    """One entry of reader.conf."""

    def __init__(self, device='/dev/null:0x8C7B', name='Virtual PCD', driver=None, channel=PORT):
        self.device, self.name, self.channel = device, name, channel
        self.driver = driver or DRIVER

    def text(self):
        return ('FRIENDLYNAME "%s"\nDEVICENAME   %s\nLIBPATH      %s\nCHANNELID    0x%X\n' % (
            self.name, self.device, self.driver, self.channel))


class Surroundings:
    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.closers = []

    def start(self, argv, env=None, name=None):
        process = Process(argv, env, name)
        self.processes.append(process)
        return process

    def later(self, close):
        """close() is called when the test ends."""
        self.closers.append(close)

    def pcscd(self, readers=None, env=None, options=('-d',)):
        """Starts pcscd with these readers and waits until it is ready."""
        folder = tempfile.mkdtemp(prefix='reader.conf.', dir=self.folder)
        with open(os.path.join(folder, 'vpcd'), 'w') as conf:
            conf.write('\n'.join(reader.text() for reader in readers or [Reader()]))
        argv = WRAPPER + ['pcscd', '-f', '-c', folder] + list(options)
        if '--disable-polkit' in subprocess.run(['pcscd', '--help'], stdout=subprocess.PIPE,
                                                text=True).stdout:
            argv.append('--disable-polkit')
        pcscd = self.start(argv, env)
        if '-d' in options:
            pcscd.wait_line('daemon ready')  # it opens its socket only after it has said so
        until('pcscd answers', lambda: _answers(PCSCD_SOCKET) or not pcscd.alive())
        return pcscd

    def vicc(self, *options, env=None):
        return self.start([VICC] + list(options), env)

    def vicc_at(self, context, reader, *options, env=None):
        """Starts vicc and waits until the reader has its card."""
        card = self.vicc(*options, env=env)
        context.wait(reader, winscard.PRESENT)
        return card

    def run(self, argv, status=0, timeout=60, **more):
        """Runs a program to its end, returns what it printed (both streams)."""
        done = subprocess.run(argv, stdin=more.pop('stdin', subprocess.DEVNULL), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, text=True, **more)
        if status is not None and done.returncode != status:
            raise AssertionError('%s: status %d, not %d:\n%s' % (
                ' '.join(argv), done.returncode, status, done.stdout))
        return done.stdout

    def close(self):
        for close in reversed(self.closers):
            try:
                close()
            except Exception:
                traceback.print_exc()
        for process in reversed(self.processes):
            process.kill()
        self.closers, self.processes = [], []


def _answers(path):
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.connect(path)
        except OSError:
            return False
        return True


def equal(got, want, what=''):
    if got != want:
        def show(x):
            return x.hex() if isinstance(x, (bytes, bytearray)) and len(x) < 80 else repr(x)[:200]
        raise AssertionError('%s: got %s, not %s' % (what or 'difference', show(got), show(want)))


def contains(text, part):
    if part not in text:
        raise AssertionError('"%s" is not in:\n%s' % (part, text))


def main(run, needs=()):
    """Runs a test and exits: 0, 1 or 77 (skipped)."""
    try:
        requires('pcscd', *needs)
        isolate()
    except Skip as skip:
        print('skipped: %s' % skip)
        sys.exit(SKIP)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix='integration.')
    surroundings = Surroundings(folder)
    status = 1
    try:
        run(surroundings)
        status = 0
    except Skip as skip:
        print('skipped: %s' % skip)
        status = SKIP
    except BaseException:
        traceback.print_exc()
        for process in surroundings.processes:
            state = 'runs' if process.alive() else 'status %s' % process.popen.returncode
            print('--- %s (%s)\n%s' % (process.name, state, process.tail()))
    finally:
        surroundings.close()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    os._exit(status)  # no test waits for a thread that hangs in a card
