# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of vpcscd share: a folder that goes when the test ends, and services in it.

From the environment: VPCSCD, VICC. The system's libpcsclite takes the socket's path once a process, so all
services of one test file that it speaks to are at SOCKET, one after the other."""
import atexit
import ctypes
import os
import shutil
import signal
import stat
import sys
import tempfile
import time

import common

VPCSCD = os.environ.get('VPCSCD', '')
VICC = os.environ.get('VICC', '')
FOLDER = tempfile.mkdtemp(prefix='service.')
SOCKET = os.path.join(FOLDER, 'socket')
READER = 'Virtual PCD 00 00'
ATR = common.ATR
NOBODY = 65534

atexit.register(shutil.rmtree, FOLDER, True)
os.environ['PCSCLITE_CSOCK_NAME'] = SOCKET
os.environ['XDG_RUNTIME_DIR'] = FOLDER


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def run(*options, **more):
    """vpcscd to its end: exit status, standard output, standard error."""
    return common.result(VPCSCD, *options, **more)


def start(*options, path=SOCKET, **more):
    """A service; returns when it can be reached."""
    service = common.Program(VPCSCD, '--socket', path, *options, preexec_fn=die_with_parent, **more)
    service.wait_for(r'^export PCSCLITE_CSOCK_NAME=', 'out')
    return service


def stop(service, number=signal.SIGTERM):
    common.equal(service.end(number), 0, 'exit status: ' + service.text['err'])


def ctl(*words, path=SOCKET):
    return common.result(VPCSCD, 'ctl', '--socket', path, *words)


def move(*words):
    """A request to the service at SOCKET that must succeed."""
    common.equal(ctl(*words), (0, '', ''), ' '.join(words))


def one_line(err, *words):
    """An error is one line, with these words in it."""
    assert err.startswith('vpcscd: ') and err.endswith('\n') and err.count('\n') == 1, repr(err)
    for word in words:
        assert word in err, 'no %r in %r' % (word, err)


def leftovers():
    """What lies in FOLDER."""
    return sorted(os.listdir(FOLDER))


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def until(what, condition):
    """Waits for something that tells nobody when it happens."""
    deadline = time.monotonic() + common.LIMIT
    while not condition():
        assert time.monotonic() < deadline, 'not within the time: ' + what
        time.sleep(0.002)


def processor_ticks(pid):
    with open('/proc/%d/stat' % pid) as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def need_root():
    if os.geteuid() != 0:
        raise common.Skip('only root can become another user')


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise common.Skip(program + ' is not installed')


def need_pcsclite():
    try:
        ctypes.CDLL('libpcsclite.so.1')
    except OSError:
        print('skipped: libpcsclite.so.1 is not installed')
        sys.exit(77)


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
