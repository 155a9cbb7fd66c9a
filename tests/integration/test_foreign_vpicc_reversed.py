# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The driver connects to a card of other make, by IPv4 literal, by name and by IPv6 literal."""
import socket
import threading

import foreign_vpicc
import harness
import winscard


def answer_at(door):
    while True:
        try:
            connection, _ = door.accept()
        except OSError:
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            foreign_vpicc.serve(connection)
        except OSError:
            pass


def run(t):
    doors = {}
    for family, address, port in ((socket.AF_INET, '127.0.0.1', 40000),
                                  (socket.AF_INET, '127.0.0.1', 41000),
                                  (socket.AF_INET6, '::1', 42000)):
        try:
            door = socket.socket(family)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((address, port))
        except OSError:
            continue  # a machine without IPv6
        door.listen(1)
        doors[port] = door
        threading.Thread(target=answer_at, args=(door,), daemon=True).start()
    hosts = {40000: '127.0.0.1', 41000: 'localhost', 42000: '[::1]'}  # pcscd takes brackets only in quotes
    t.pcscd([harness.Reader('"%s:%d"' % (hosts[port], port), 'At%d' % port, channel=port)
             for port in doors])
    context = winscard.Context()
    for port in doors:
        name = context.find('At%d' % port)
        harness.equal(context.wait(name, winscard.PRESENT), foreign_vpicc.ATR, name)
        harness.equal(len(context.connect(name).transmit(b'\0\x84\0\0\x08')), 10, name)


harness.main(run, ['driver'])
