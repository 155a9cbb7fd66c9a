# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGINT and SIGTERM: vicc stops at once with status 0 and says nothing, whatever it is doing."""
import signal
import time

import common
from common import equal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def quiet(vicc, number):
    equal(vicc.end(number), 0, 'exit status')
    equal(vicc.text['err'], '', 'standard error')


def test_idle_connection():
    for number in SIGNALS:
        with common.Door() as door:
            vicc = common.vicc('-P', str(door.port))
            with door.accept() as reader:
                reader.check_alive()
                quiet(vicc, number)
                assert reader.is_closed()


def test_message_half_received():
    for number in SIGNALS:
        with common.Door() as door:
            vicc = common.vicc('-P', str(door.port))
            with door.accept() as reader:
                reader.check_alive()
                reader.connection.sendall(b'\x00\x05\x00')
                quiet(vicc, number)


def test_reader_that_does_not_take_the_answers():
    for number in SIGNALS:
        with common.Door() as door:
            vicc = common.vicc('-P', str(door.port))
            with door.accept() as reader:
                reader.connection.settimeout(0.5)
                try:
                    while True:
                        reader.connection.sendall(common.message(bytes.fromhex('0084000000FFFF')) * 100)
                except OSError:
                    pass
                quiet(vicc, number)


def test_command_that_takes_its_time():
    """handler_test's longest delay is 2.55 s; stopping does not wait for its end."""
    for number in SIGNALS:
        with common.Door() as door:
            vicc = common.vicc('-vv', '--type', 'handler_test', '-P', str(door.port))
            with door.accept() as reader:
                reader.send(bytes.fromhex('803800FF'))
                vicc.wait_for('] > ')
                begun = time.monotonic()
                equal(vicc.end(number), 0, 'exit status')
                assert time.monotonic() - begun < 2.4, 'stopped late'


def test_waiting_for_a_reader_to_listen():
    for number in SIGNALS:
        vicc = common.vicc('-v', '--wait', '-P', str(common.free_port()))
        vicc.wait_for('Waiting for a reader')
        equal(vicc.end(number), 0)
        equal(vicc.text['err'].count('\n'), 1, 'lines')


def test_waiting_for_a_reader_to_connect():
    for number in SIGNALS:
        vicc, _ = common.reversed_vicc()
        quiet(vicc, number)


def test_looking_for_a_reader_that_went():
    for number in SIGNALS:
        with common.Door() as door:
            vicc = common.vicc('-v', '-P', str(door.port))
            reader = door.accept()
            reader.check_alive()
        reader.close()
        vicc.wait_for('The reader has gone')
        equal(vicc.end(number), 0)


def test_many_starts_and_stops():
    """Also at the very start no signal goes wrong: the status is 0, or the signal's own before main."""
    for i in range(40):
        with common.Door() as door:
            vicc = common.vicc('-P', str(door.port))
            if i % 2:
                door.accept().close()
            status = vicc.end(signal.SIGTERM)
            assert status in (0, -signal.SIGTERM), status


common.main(globals())
