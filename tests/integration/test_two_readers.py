# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two entries in reader.conf, each with its slots, side by side: four cards, none takes another's place."""
import foreign_vpicc
import harness
import winscard


def run(t):
    second = harness.PORT + 100
    t.pcscd([harness.Reader(), harness.Reader('/dev/null:%d' % second, 'Second', channel=second)])
    context = winscard.Context()
    places = {context.find(friendly, slot): port + slot
              for friendly, port in (('Virtual PCD', harness.PORT), ('Second', second))
              for slot in (0, 1)}
    harness.equal(sorted(context.readers()), sorted(places))
    gone = context.find('Second')
    cards = {}
    for number, (name, port) in enumerate(places.items()):
        for other in list(places)[number:]:
            context.wait(other, winscard.EMPTY)
        cards[name] = foreign_vpicc.Foreign(
            port=port, answer=lambda command, name=name: name.encode() + b'\x90\0')
        context.wait(name, winscard.PRESENT)
    handles = {name: context.connect(name) for name in places}
    for _ in range(20):
        for name, handle in handles.items():
            harness.equal(handle.transmit(b'\0\x84\0\0\0'), name.encode() + b'\x90\0')
    cards[gone].remove()
    context.wait(gone, winscard.EMPTY)
    for name in set(places) - {gone}:
        harness.equal(handles[name].transmit(b'\0\x84\0\0\0'), name.encode() + b'\x90\0')


harness.main(run, ['driver'])
