# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers that break the protocol, and those that begin a message and stay: vicc gives each of them its time,
lives, keeps no descriptor and no memory, and serves the next reader."""
import socket
import struct
import time

import common
from common import equal

REST = 10  # seconds that vicc waits for the rest of a message


class Stays:
    """Sends the beginning of a message and no more; another reader waits its turn meanwhile."""

    def __init__(self, sent):
        self.vicc, port = common.reversed_vicc()
        self.bad = common.dial(port)
        self.begun = time.monotonic()
        self.bad.connection.sendall(sent)
        self.good = common.dial(port)
        self.good.send(common.GET_ATR)

    def check(self):
        """vicc lets go by itself."""
        equal(self.good.receive(), common.ATR)
        waited = time.monotonic() - self.begun
        assert REST <= waited < common.LIMIT, 'let go after %.1f s' % waited
        assert self.bad.is_closed()
        self.good.check_alive()
        common.terminate(self.vicc)
        equal(self.vicc.text['err'], '', 'standard error')


def test_begun_messages():
    """One byte; a claim of 65535 bytes. Both at the same time, since it takes long."""
    for reader in [Stays(b'\x00'), Stays(b'\xFF\xFF' + bytes(100))]:
        reader.check()


def one_byte_and_closes(reader):
    reader.connection.sendall(b'\x00')


def half_a_message_and_closes(reader):
    reader.connection.sendall(b'\x00\x07\x00\xA4\x00')


def claims_65535_bytes_and_closes(reader):
    reader.connection.sendall(b'\xFF\xFF' + bytes(60000))


def byte_by_byte(reader):
    for byte in common.message(common.GET_ATR) + common.message(common.SELECT_MF):
        reader.connection.sendall(bytes([byte]))
        time.sleep(0.002)
    equal(reader.receive(), common.ATR)
    equal(reader.receive(), b'\x90\x00')


def undefined_control_codes(reader):
    for code in range(256):
        if code not in (0, 1, 2, 4):
            reader.send(bytes([code]))
    reader.check_alive()


def empty_messages(reader):
    reader.connection.sendall(bytes(2) * 10000)
    reader.check_alive()


def power_without_end(reader):
    reader.connection.sendall(common.message(b'\x01') * 5000 + common.message(b'\x02') * 5000)
    reader.check_alive()


def largest_messages(reader):
    for byte in (b'\x00', b'\xFF'):
        equal(len(reader.exchange(byte * 65535)), 2)


def random_bytes(reader):
    state = 1
    for _ in range(300):
        payload = bytearray()
        for _ in range(state % 40 + 2):
            state = (state * 1103515245 + 12345) % 2 ** 31
            payload.append(state >> 16 & 0xFF)
        assert len(reader.exchange(bytes(payload))) >= 2
    reader.check_alive()


def floods_and_takes_no_answer(reader):
    reader.connection.settimeout(0.3)
    try:
        while True:
            reader.connection.sendall(common.message(bytes.fromhex('0084000000FFFF')) * 500)
    except OSError:
        pass


def resets_the_connection(reader):
    reader.send(common.GET_CHALLENGE)
    reader.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


READERS = [
    one_byte_and_closes, half_a_message_and_closes, claims_65535_bytes_and_closes, byte_by_byte,
    undefined_control_codes, empty_messages, power_without_end, largest_messages, random_bytes,
    floods_and_takes_no_answer, resets_the_connection,
]


def suffer(vicc, meet):
    """Each hostile reader, and a good one after it, three times over: the second and third time must leave
    nothing behind that the first did not."""
    measured = []
    for _ in range(3):
        for hostile in READERS:
            with meet() as reader:
                hostile(reader)
            with meet() as reader:
                reader.check_alive()
            assert vicc.alive(), hostile.__name__
        with meet() as reader:
            reader.check_alive()
            measured.append((vicc.descriptors(), vicc.resident()))
    equal(measured[2][0], measured[0][0], 'descriptors')
    assert measured[2][1] - measured[0][1] < 256, 'resident memory, KB: %r' % measured
    common.terminate(vicc)
    equal(vicc.text['err'], '', 'standard error')


def test_vicc_that_listens():
    vicc, port = common.reversed_vicc()
    suffer(vicc, lambda: common.dial(port))


def test_vicc_that_connects():
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port))
        suffer(vicc, door.accept)


common.main(globals())
