# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card that leaves while an application has it reset has left: its reader is empty, not one with a mute card."""
import socket

import foreign_vpicc
import harness
import winscard

ROUNDS = 12


class Fleeting(foreign_vpicc.Foreign):
    """Closes as soon as it is reset."""

    def _run(self):
        answers = {foreign_vpicc.GET_ATR: foreign_vpicc.message(foreign_vpicc.ATR)}
        while True:
            payload = foreign_vpicc.receive(self.connection, 3)[2:]
            if payload == b'' or payload[0] == foreign_vpicc.RESET:
                return self.connection.shutdown(socket.SHUT_RDWR)
            self.connection.sendall(answers.get(payload[0], b''))


def run(t):
    t.pcscd()
    context = winscard.Context()
    ways = [lambda card: card.reconnect(winscard.RESET), lambda card: card.disconnect(winscard.RESET)]
    for i in range(ROUNDS):
        fleeting = Fleeting()
        context.wait(harness.READER_0, winscard.PRESENT)
        card = context.connect(harness.READER_0)
        try:
            ways[i % 2](card)
        except winscard.Error:
            pass  # as it is
        context.wait(harness.READER_0, winscard.EMPTY)
        fleeting.remove()
        if i % 2 == 0:
            card.disconnect()


harness.main(run, ['driver'])
