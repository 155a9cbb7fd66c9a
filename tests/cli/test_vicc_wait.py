# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers that come later and come back: --wait, and the patience that vicc has without it."""
import time

import common
from common import equal


def test_wait_for_a_reader():
    port = common.free_port()
    vicc = common.vicc('-v', '--wait', '-P', str(port))
    vicc.wait_for('Waiting for a reader')
    with common.Door(port) as door:
        opened = time.monotonic()
        with door.accept() as reader:
            assert time.monotonic() - opened < 5, 'tries are too far apart'
            reader.check_alive()
            common.terminate(vicc)


def test_wait_after_the_reader_went():
    """Longer than without --wait."""
    with common.Door() as door:
        vicc = common.vicc('-v', '--wait', '-P', str(door.port))
        with door.accept() as reader:
            reader.check_alive()
    vicc.wait_for('The reader has gone')
    time.sleep(5.5)
    assert vicc.alive()
    with common.Door(door.port) as door:
        for _ in range(3):
            with door.accept() as reader:
                reader.check_alive()
        common.terminate(vicc)


def test_reader_comes_back():
    """As pcscd does when it is restarted."""
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port))
        with door.accept() as reader:
            reader.check_alive()
    with common.Door(door.port) as door:
        with door.accept() as reader:
            reader.check_alive()
            common.terminate(vicc)
    equal(vicc.text['err'], '', 'standard error')


def test_reader_stays_away():
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port))
        with door.accept() as reader:
            reader.check_alive()
            gone = time.monotonic()
    equal(vicc.end(), 0, 'exit status')
    assert 5 <= time.monotonic() - gone < common.LIMIT
    equal(vicc.text['err'], '', 'standard error')


def test_security_state_ends_with_the_connection():
    """The card stays the same one: what a wrong PIN cost is not given back."""
    verified = bytes.fromhex('00200001')
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port))
        with door.accept() as reader:
            equal(reader.exchange(verified + b'\x04' + b'1234'), b'\x90\x00', 'right PIN')
            equal(reader.exchange(verified), b'\x90\x00', 'verified')
        with door.accept() as reader:
            equal(reader.exchange(verified), b'\x63\xC3', 'not verified')
            equal(reader.exchange(verified + b'\x04' + b'0000'), b'\x63\xC2', 'wrong PIN')
        with door.accept() as reader:
            equal(reader.exchange(verified), b'\x63\xC2', 'tries that are left')
        common.terminate(vicc)


common.main(globals())
