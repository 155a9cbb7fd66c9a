# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers that break the protocol against vicc, waiting (-R) and connecting (--wait): vicc lives, loses no
descriptor and no memory, and serves the next reader."""
import socket
import struct
import time

import conversation
import foreign_reader
import foreign_vpicc
import harness


def raw(slot, payload):
    slot.connection.sendall(payload)


def one_byte_and_closes(slot):
    raw(slot, b'\0')


def half_a_command(slot):
    raw(slot, b'\0\x05\0\x84\0')


def claims_65535_and_closes(slot):
    raw(slot, b'\xFF\xFF' + bytes(10))


def resets_the_connection(slot):
    slot.send(b'\x04')
    slot.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


def closes_before_the_answer(slot):
    for _ in range(20):
        slot.send(conversation.challenge(32000))


def undefined_controls(slot):
    """None is answered; the connection goes on."""
    for code in list(range(3, 4)) + list(range(5, 256)):
        slot.send(bytes([code]))
    harness.equal(slot.atr(), harness.ATR)


def empty_messages(slot):
    for _ in range(1000):
        slot.send(b'')
    harness.equal(slot.atr(), harness.ATR)


def short_commands(slot):
    """2 and 3 bytes are no command: an error, but an answer."""
    for command in (b'\0\x84', b'\0\x84\0', bytes(2), bytes(3)):
        harness.equal(len(slot.transmit(command)), 2, 'answer to %s' % command.hex())


def broken_lengths(slot):
    for command in ('00D600000510', '00D6000000FFFF', '00D600000000', '00D60000000005', '00A4000CFF3F00',
                    '00B00000000000FF', 'FFFFFFFFFF', '00E000000462020000'):
        answer = slot.transmit(bytes.fromhex(command))
        assert len(answer) == 2 and answer[0] in (0x64, 0x67, 0x6A, 0x69, 0x6B, 0x6D, 0x6E), \
            '%s: %s' % (command, answer.hex())


def largest_command(slot):
    slot.transmit(b'\0\xD6\0\0\0' + (65526).to_bytes(2, 'big') + bytes(65526))
    slot.transmit(b'\xFF' * 65535)


def byte_by_byte(slot):
    for byte in b'\0\x01\x04' + b'\0\x05' + conversation.challenge(8):
        raw(slot, bytes([byte]))
    harness.equal(slot.receive(), harness.ATR)
    harness.equal(len(slot.receive()), 10)


def many_at_once(slot):
    """Messages that come in one piece are answered one after the other."""
    message = foreign_vpicc.message(conversation.challenge(8))
    raw(slot, message * 200)
    for _ in range(200):
        harness.equal(len(slot.receive()), 10)


def floods_and_reads_nothing(slot):
    """Commands without end: vicc must not store answers without bound."""
    slot.connection.settimeout(0.5)
    message = foreign_vpicc.message(conversation.challenge(65533))
    deadline = time.monotonic() + 2
    try:
        while time.monotonic() < deadline:
            raw(slot, message * 100)
    except OSError:
        pass


READERS = [
    one_byte_and_closes, half_a_command, claims_65535_and_closes, resets_the_connection,
    closes_before_the_answer, undefined_controls, empty_messages, short_commands, broken_lengths,
    largest_command, byte_by_byte, many_at_once, floods_and_reads_nothing,
]


def suffer(vicc, connect):
    def good():
        slot = connect()
        slot.power_on()
        harness.equal(slot.atr(), harness.ATR, 'ATR')
        conversation.check_alive(slot)
        slot.close()

    good()
    resident = descriptors = None
    for _ in range(2):  # what the first round took, the second must not take again
        for reader in READERS:
            try:
                slot = connect()
                reader(slot)
                slot.close()
                good()
                assert vicc.alive(), 'vicc has died'
            except Exception as error:
                raise AssertionError('%s: %s' % (reader.__name__, error)) from error
        if resident is None:
            resident, descriptors = vicc.resident(), vicc.descriptors()
    # Whether it has noticed already that the last reader went is chance: one more or less.
    assert abs(vicc.descriptors() - descriptors) <= 1, 'descriptors were lost'
    grown = vicc.resident() - resident
    assert grown < 512, 'memory grew by %d KB' % grown


def run(t):
    vicc = t.vicc('-R')
    vicc.wait_line('VICC port:')
    suffer(vicc, lambda: foreign_reader.dial('127.0.0.1', harness.PORT))
    vicc.stop()

    door = foreign_reader.Door()
    suffer(t.vicc('--wait', '-H', '127.0.0.1', '-P', str(door.port)), door.accept)


harness.main(run, ['vicc'])
