# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that break the protocol in slot 0, through the real pcscd.

After each: pcscd lives, the other slot and the other reader answered all the time, the slot takes the
next card. After all: no descriptor, no thread and no memory is lost.
"""
import socket
import struct
import threading
import time

import foreign_vpicc
import harness
import winscard
from foreign_vpicc import ATR, message, receive, respond, serve
from witness import SECOND_READER, Witnesses

CHALLENGE = bytes.fromhex('0084000008')


# Seconds; shorter than usual, so that silence ends within the test.
LIMITS = {'VPCD_TIMEOUT_ATR': '2', 'VPCD_TIMEOUT_MESSAGE': '2', 'VPCD_TIMEOUT_COMMAND': '3'}


def read_message(s):
    """The next message of the reader, or None when it has closed."""
    length = receive(s, 2)
    return receive(s, struct.unpack('>H', length)[0]) if len(length) == 2 else None


def await_message(s, payload):
    """Reads on until the reader sends this (an ATR request is answered on the way)."""
    while True:
        got = read_message(s)
        if got is None or got == payload:
            return got
        if got == b'\x04':
            s.sendall(message(ATR))


def hear(s):
    """Reads what comes until the reader closes, or the test closes the socket."""
    try:
        while s.recv(65536):
            pass
    except OSError:
        pass


# Before the ATR: each gets a fresh connection, and returns when it has done its worst.

def one_byte_and_closes(s, context):
    s.sendall(b'\0')


def one_byte_and_stays(s, context):
    s.sendall(b'\0')
    witness_time()


def half_an_atr(s, context):
    await_atr_request(s)
    s.sendall(message(ATR)[:5])


def claims_65535_and_stops(s, context):
    await_atr_request(s)
    s.sendall(b'\xFF\xFF' + bytes(10))
    witness_time()


def never_answers_atr(s, context):
    await_atr_request(s)
    witness_time()


def is_put_out(s, context):
    """Says nothing when asked for its ATR, and never leaves: the reader closes at its time limit."""
    start = time.monotonic()
    await_atr_request(s)
    hear(s)
    took = time.monotonic() - start
    assert 1 < took < 8, 'put out after %.1f s, the limit is 2' % took


def resets_the_connection(s, context):
    await_atr_request(s)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


def await_atr_request(s):
    while read_message(s) not in (b'\x04', None):
        pass


def witness_time():
    """How long a peer stays that does nothing more: it is the others we watch meanwhile."""
    time.sleep(0.5)


def atr_of(length):
    def peer(s, context):
        answer = (b'\x3B\x9F\x95\x81\x31' + bytes(length))[:length]
        t = threading.Thread(target=quiet_serve, args=(s, answer), daemon=True)
        t.start()
        if 0 < length <= 33:
            context.wait(harness.READER_0, winscard.PRESENT)
        else:
            witness_time()
            state, _ = context.status_change(harness.READER_0, 0)
            assert not state & winscard.PRESENT, 'an ATR of %d bytes made a card' % length
    peer.__name__ = 'atr_of_%d_bytes' % length
    return peer


def quiet_serve(s, atr=ATR, answer=respond):
    try:
        serve(s, atr, answer)
    except OSError:
        pass


# With a good ATR: the application sends a command and must get an error, never data.

def response(raw, stays=False, limit=0):
    """A peer that answers a command with these bytes on the wire, then closes or stays; the application
    has its error after limit seconds."""
    def peer(s, context):
        asked = threading.Event()

        def play():
            try:
                if await_message(s, CHALLENGE) is not None:
                    asked.set()
                    s.sendall(raw)
                    if not stays:
                        s.shutdown(socket.SHUT_RDWR)
                    hear(s)
            except OSError:
                pass
        threading.Thread(target=play, daemon=True).start()
        context.wait(harness.READER_0, winscard.PRESENT)
        card = context.connect(harness.READER_0)
        start = time.monotonic()
        try:
            answer = card.transmit(CHALLENGE)
        except winscard.Error as error:
            assert asked.is_set(), 'failed before the card was asked: %s' % error
        else:
            raise AssertionError('a broken answer came through as %s' % answer.hex())
        took = time.monotonic() - start
        # At once is before any limit; and the limits are not those of old, 10 and 60 s.
        assert limit <= took < (limit + 7 if limit else 2), 'the error came after %.1f s, not %d' % (took, limit)
        disconnect(card)
    return peer


def disconnect(card):
    try:
        card.disconnect()
    except winscard.Error:
        pass


def unasked(raw):
    """A peer that sends this besides what it is asked for; well-formed messages are passed over."""
    def peer(s, context):
        threading.Thread(target=quiet_serve, args=(s,), daemon=True).start()
        context.wait(harness.READER_0, winscard.PRESENT)
        try:
            s.sendall(raw)
        except OSError:
            pass
        card = None
        try:
            card = context.connect(harness.READER_0)
            harness.equal(len(card.transmit(CHALLENGE)), 10)
        except winscard.Error:
            pass  # refused is fine too; wrong data is not
        if card is not None:
            disconnect(card)
    return peer


def floods(s, context):
    """As much as the reader takes within a second, read by nobody."""
    s.settimeout(1)
    deadline = time.monotonic() + 1
    try:
        while time.monotonic() < deadline:
            s.sendall(message(bytes(1000)) * 60)
    except OSError:
        pass


class Trickle:
    """A socket that sends byte by byte."""

    def __init__(self, s):
        self.s, self.recv = s, s.recv

    def sendall(self, payload):
        for byte in payload:
            self.s.sendall(bytes([byte]))


def byte_by_byte(s, context):
    """Slow but right: this one must work."""
    threading.Thread(target=quiet_serve, args=(Trickle(s),), daemon=True).start()
    context.wait(harness.READER_0, winscard.PRESENT)
    card = context.connect(harness.READER_0)
    harness.equal(len(card.transmit(CHALLENGE)), 10)
    answer = card.transmit(bytes.fromhex('00B00000000200'))
    harness.equal(answer, foreign_vpicc.counting(0, 512) + b'\x90\0')
    disconnect(card)


PEERS = [
    ('one byte and closes', one_byte_and_closes),
    ('one byte and stays', one_byte_and_stays),
    ('half an ATR and closes', half_an_atr),
    ('claims 65535 bytes and stops', claims_65535_and_stops),
    ('never answers the ATR request', never_answers_atr),
    ('is put out at the time limit', is_put_out),
    ('resets the connection', resets_the_connection),
] + [('an ATR of %d bytes' % n, atr_of(n)) for n in (0, 1, 33, 34, 255, 65535)] + [
    ('a response of 0 bytes', response(message(b''), True)),
    ('a response of 1 byte', response(message(b'\x90'), True)),
    ('half a length', response(b'\x01')),
    ('a response cut off', response(message(bytes(300))[:100])),
    ('a response cut off behind its length', response(b'\x01\x2C')),
    ('a response cut off, stays', response(message(bytes(300))[:100], True, limit=2)),
    ('no response, closes', response(b'')),
    ('no response, stays', response(b'', True, limit=3)),
    ('64 KB unasked', unasked(message(bytes(65535)))),
    ('65 short messages unasked', unasked(message(ATR) * 65)),
    ('noise unasked', unasked(b'\xA5' * 65536)),
    ('floods', floods),
    ('byte by byte', byte_by_byte),
]


def good_card(context):
    """The slot takes the next card, and it answers."""
    card = foreign_vpicc.Foreign()
    context.wait(harness.READER_0, winscard.PRESENT)
    handle = harness.until('the next card answers', lambda: try_card(context))
    handle.disconnect()
    card.remove()
    context.wait(harness.READER_0, winscard.EMPTY)


def try_card(context):
    """What is seen first may be the peer before it going."""
    try:
        handle = context.connect(harness.READER_0)
        harness.equal(len(handle.transmit(CHALLENGE)), 10)
        return handle
    except winscard.Error:
        return None


def play(name, peer, context):
    s = foreign_vpicc.dial('127.0.0.1', harness.PORT)
    s.settimeout(20)
    try:
        peer(s, context)
    except OSError as error:
        print('%s: the reader broke it off (%s)' % (name, error))
    finally:
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        s.close()


def run(t):
    pcscd = t.pcscd([harness.Reader(), SECOND_READER], env=LIMITS)
    context = winscard.Context()
    witnesses = Witnesses(t)
    good_card(context)
    descriptors, threads = pcscd.descriptors(), pcscd.threads()
    resident = None
    for round_number in range(2):  # what the first round took, the second must not take again
        for name, peer in PEERS:
            try:
                play(name, peer, context)
                good_card(context)
                assert pcscd.alive(), 'pcscd has died'
                witnesses.check()
            except Exception as error:
                raise AssertionError('%s: %s' % (name, error)) from error
        if resident is None:
            resident = pcscd.resident()
    harness.until('descriptors and threads are back where they were',
                  lambda: (pcscd.descriptors(), pcscd.threads()) == (descriptors, threads))
    grown = pcscd.resident() - resident
    print('memory grew by %d KB in the second round' % grown)
    assert grown < 1024, 'memory grew by %d KB in the second round' % grown


harness.main(run, ['driver'])
