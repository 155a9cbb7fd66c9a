# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc with a reader of other make: it connects, or waits to be connected to; a reader that sends length
and payload apart, with Nagle's algorithm on, is served at full speed."""
import time

import conversation
import foreign_reader
import harness

COMMANDS, LIMIT = 500, 10  # seconds: half of what the delays would cost


def talk(slot):
    slot.power_on()
    harness.equal(slot.atr(), harness.ATR, 'ATR')
    slot.reset()
    harness.equal(slot.atr(), harness.ATR, 'ATR after reset')
    conversation.check_alive(slot)
    for size in (256, 4096, 32000, 65533):
        conversation.check_alive(slot, size)
    slot.send(b'')  # a message of no bytes, an undefined control: passed over
    slot.send(b'\x7F')
    start = time.monotonic()
    for _ in range(COMMANDS):
        conversation.check_alive(slot)
    took = time.monotonic() - start
    assert took < LIMIT, '%d commands took %.2f s' % (COMMANDS, took)
    slot.power_off()


def run(t):
    for apart in (False, True):
        door = foreign_reader.Door()
        vicc = t.vicc('-H', '127.0.0.1', '-P', str(door.port))
        slot = door.accept(apart=apart, nodelay=not apart)
        talk(slot)
        harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
        try:
            door.accept(timeout=0)
        except BlockingIOError:
            pass
        else:
            raise AssertionError('on its way out vicc connected again')
        slot.close()
        door.close()
    vicc = t.vicc('-R')
    vicc.wait_line('VICC port:')
    for apart in (False, True):
        slot = foreign_reader.dial('127.0.0.1', harness.PORT, apart=apart, nodelay=not apart)
        talk(slot)
        slot.close()
    assert vicc.alive(), 'a reversed vicc waits for the next reader'


harness.main(run, ['vicc'])
