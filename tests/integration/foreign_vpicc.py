# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card that shares no code with ours, written from docs/vpcd-protocol.md alone.

It answers SELECT of the MF, GET CHALLENGE and READ BINARY (bytes that count up from the offset), and
CLA 80 INS 0E sends the command's data back. As a program: foreign_vpicc.py [--listen] [HOST] [PORT].
"""
import argparse
import os
import socket
import struct
import threading

ATR = bytes.fromhex('3B951381018073FF01000B')
OFF, ON, RESET, GET_ATR = 0, 1, 2, 4


def receive(connection, size):
    """Exactly size bytes; fewer only when the peer has closed."""
    parts = bytearray()
    while len(parts) < size:
        more = connection.recv(size - len(parts))
        if not more:
            break
        parts += more
    return bytes(parts)


def message(payload):
    return struct.pack('>H', len(payload)) + payload


def counting(offset, length):
    pattern = bytes(range(256))
    start = offset % 256
    return ((pattern[start:] + pattern * (length // 256 + 1)))[:length]


def parse(command):
    """(data, Ne or None) of a command in any of its forms, or None if the lengths do not fit."""
    body = command[4:]
    if len(body) == 0:
        return b'', None
    if len(body) == 1:
        return b'', body[0] or 256
    if body[0] != 0:
        lc, rest = body[0], body[1:]
        if len(rest) == lc:
            return rest, None
        return (rest[:lc], rest[lc] or 256) if len(rest) == lc + 1 else None
    if len(body) == 3:
        return b'', struct.unpack('>H', body[1:])[0] or 65536
    if len(body) < 3:
        return None
    lc, rest = struct.unpack('>H', body[1:3])[0], body[3:]
    if len(rest) == lc:
        return rest, None
    if len(rest) == lc + 2:
        return rest[:lc], struct.unpack('>H', rest[lc:])[0] or 65536
    return None


def respond(command):
    if len(command) < 4 or parse(command) is None:
        return b'\x67\x00'
    data, ne = parse(command)
    ne = min(ne or 0, 65533)
    head = command[:4]
    if head[1] == 0xA4:
        return b'\x90\x00' if data in (b'', b'\x3F\x00') else b'\x6A\x82'
    if head[1] == 0x84:
        return os.urandom(ne) + b'\x90\x00'
    if head[1] == 0xB0:
        return counting(head[2] << 8 | head[3], ne) + b'\x90\x00'
    if head[:2] == b'\x80\x0E':
        return data[:ne] + b'\x90\x00'
    return b'\x6D\x00'


def serve(connection, atr=ATR, answer=respond):
    """Plays the card until the reader closes; returns the control codes it saw, in order."""
    seen = []
    while True:
        length = receive(connection, 2)
        if len(length) < 2:
            return seen
        size = struct.unpack('>H', length)[0]
        payload = receive(connection, size)
        if len(payload) < size:
            return seen
        if size == 1:
            seen.append(payload[0])
            if payload[0] == GET_ATR:
                connection.sendall(message(atr))
        elif size > 1:
            connection.sendall(message(answer(payload)))


def dial(host, port):
    """A connection to a reader; the peer's buffering is none of our business, ours is off."""
    connection = socket.create_connection((host, port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Foreign:
    """A card in a thread of the test: put in when made, taken out by remove()."""

    def __init__(self, host='127.0.0.1', port=35963, **what):
        self.connection = dial(host, port)
        self.thread = threading.Thread(target=self._run, kwargs=what, daemon=True)
        self.thread.start()

    def _run(self, **what):
        try:
            serve(self.connection, **what)
        except OSError:
            pass

    def remove(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(10)
        self.connection.close()


def listening(host, port):
    """A socket that waits for readers, as a card in reversed mode does."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((host, port))
    door.listen(1)
    return door


def program():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--listen', action='store_true', help='wait for the reader (reversed mode)')
    options.add_argument('host', nargs='?', default='127.0.0.1')
    options.add_argument('port', nargs='?', default=35963, type=int)
    given = options.parse_args()
    if not given.listen:
        serve(dial(given.host, given.port))
        return
    door = listening(given.host, given.port)
    print('listening', flush=True)
    while True:
        connection, _ = door.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        serve(connection)
        connection.close()


if __name__ == '__main__':
    program()
