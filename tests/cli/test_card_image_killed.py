# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc is killed at each of its system calls in turn, from the first that has to do with the image, while a terminal tries PINs
and writes: the image is then that of before or after a command, and no retry counter is higher than the card had when it
answered."""
import json
import os
import select
import socket
import subprocess
import tempfile

import common
from common import equal

KILL_AT = os.environ.get('KILL_AT', '')
NAME = 'card.json'
RIGHT = bytes.fromhex('002000010431323334')
WRONG = bytes.fromhex('002000010439393939')
COMMANDS = [
    (WRONG, '63c2'),
    (bytes.fromhex('00d68a0003aabbcc'), '9000'),
    (WRONG, '63c1'),
    (RIGHT, '9000'),
    (bytes.fromhex('00e200580411223344'), '9000'),
]

IMAGE = {
    'format': 'virtual-smart-card-image', 'version': 2, 'type': 'iso7816',
    'mf': {
        'passwords': [{'number': 1, 'text': '1234'}],
        'files': [
            {'kind': 'transparent', 'fid': '0001', 'sfi': 10, 'data': '010203'},
            {'kind': 'linear-fixed', 'fid': '0002', 'sfi': 11, 'record_size': 4, 'max_records': 2},
        ],
    },
}


def summary(path):
    """What the commands change: tries, data, number of records."""
    with open(path) as file:
        mf = json.load(file)['mf']
    password, transparent, records = mf['passwords'][0], mf['files'][0], mf['files'][1]
    return password.get('tries', 3), transparent['data'], len(records.get('records', []))


# After as many answers, what there may be: what the last answer stands for, or any step to the next.
STEPS = [
    [(3, '010203', 0), (2, '010203', 0)],
    [(2, '010203', 0), (2, 'AABBCC', 0)],
    [(2, 'AABBCC', 0), (1, 'AABBCC', 0)],
    [(1, 'AABBCC', 0), (0, 'AABBCC', 0), (3, 'AABBCC', 0)],
    [(3, 'AABBCC', 0), (3, 'AABBCC', 1)],
    [(3, 'AABBCC', 1)],
]


def accept(door, program):
    """The connection, or None if the program ends before."""
    while True:
        if select.select([door.socket], [], [], 0.01)[0]:
            return door.accept()
        if program.poll() is not None and not select.select([door.socket], [], [], 0)[0]:
            return None


def talk(reader):
    """Returns how many commands were answered."""
    answered = 0
    try:
        reader.send(common.POWER_ON)
        reader.exchange(common.GET_ATR)
        for command, want in COMMANDS:
            equal(reader.exchange(command).hex(), want, command.hex())
            answered += 1
    except (ConnectionError, OSError) as why:
        assert not isinstance(why, socket.timeout), 'no answer'
    return answered


def run_new(n, path, door):
    """The same for an image that is to be: whether vicc came as far."""
    program = subprocess.Popen(
        [KILL_AT, str(n), NAME, common.VICC, '-H', '127.0.0.1', '-P', str(door.port), '--save-image', path],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'ASAN_OPTIONS': 'detect_leaks=0'})
    reader = accept(door, program)
    if reader:
        program.terminate()
        reader.close()
    status = program.wait(common.LIMIT)
    if status == 77:
        raise common.Skip('processes cannot be traced')
    return reader is not None


def run(n, path, door):
    """Whether vicc came as far as its n-th system call; and how many commands it answered."""
    with open(path, 'w') as file:
        json.dump(IMAGE, file)
    program = subprocess.Popen(
        [KILL_AT, str(n), NAME, common.VICC, '-H', '127.0.0.1', '-P', str(door.port), '--file', path],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, 'ASAN_OPTIONS': 'detect_leaks=0'})
    reader = accept(door, program)
    answered = 0
    if reader:
        answered = talk(reader)
        if answered == len(COMMANDS):
            # The end by itself is not part of this.
            program.terminate()
        reader.close()
    status = program.wait(common.LIMIT)
    if status == 77:
        raise common.Skip('processes cannot be traced')
    return status == 0, answered


def test_a_new_image_is_there_as_a_whole_or_not():
    if not KILL_AT:
        raise common.Skip('only on Linux')
    with tempfile.TemporaryDirectory() as folder, common.Door() as door:
        path = os.path.join(folder, NAME)
        seen = set()
        for n in range(1, 100000):
            connected = run_new(n, path, door)
            seen.add(os.path.exists(path))
            if os.path.exists(path):
                equal(common.result(common.VICC, '--describe', path)[0], 0, 'status of --describe')
                os.unlink(path)
            if connected:
                break
        assert n > 10 and seen == {False, True}, (n, seen)


def test_killed_at_each_system_call():
    if not KILL_AT:
        raise common.Skip('only on Linux')
    with tempfile.TemporaryDirectory() as folder, common.Door() as door:
        path = os.path.join(folder, NAME)
        seen = set()
        for n in range(1, 100000):
            killed, answered = run(n, path, door)
            there = summary(path)
            assert there in STEPS[answered], 'system call %d: %r after %d answers' % (n, there, answered)
            seen.add((answered, there))
            if n % 8 == 0:
                equal(common.result(common.VICC, '--describe', path)[0], 0, 'status of --describe')
            if answered == len(COMMANDS):
                break
        assert n > 50 and len(seen) > len(COMMANDS), seen
        # The counter is on disk before the PIN, a right one, is compared.
        assert (3, (0, 'AABBCC', 0)) in seen, seen
        # With what is left there of earlier ends.
        equal(run(100000, path, door)[1], len(COMMANDS), 'answers')
        print(n, 'system calls', sorted(seen))


common.main(globals())
