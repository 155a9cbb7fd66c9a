# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two processes at one card: a transaction keeps the other out, a reset is told to the other, and a process that dies in a
transaction ends it. An application that is slow to close, or does not read, holds up nobody."""
import os
import re
import signal
import sys

import common
import service
import winscard
from common import equal
from winscard import _call, DWORD

EF = bytes.fromhex('00E0000010620E82010183025001800200208A0105')
SELECT_EF = bytes.fromhex('00A4020C025001')
READ_EF = bytes.fromhex('00B0000002')
ROUNDS = 300

# Adds one to a number in the card's EF: a read and a write, which belong together.
COUNTER = r"""
import sys
import winscard
from winscard import _call, DWORD
context = winscard.Context()
card = context.connect(%r)
for _ in range(int(sys.argv[1])):
    _call('SCardBeginTransaction', card.handle)
    assert card.transmit(bytes.fromhex('00A4020C025001')) == b'\x90\x00'
    number = int.from_bytes(card.transmit(bytes.fromhex('00B0000002'))[:2], 'big') + 1
    assert card.transmit(bytes.fromhex('00D6000002') + number.to_bytes(2, 'big')) == b'\x90\x00'
    _call('SCardEndTransaction', card.handle, DWORD(0))
""" % service.READER

# Holds a transaction until it is killed.
HOLDER = r"""
import time
import winscard
context = winscard.Context()
card = context.connect(%r)
winscard._call('SCardBeginTransaction', card.handle)
print('holding', flush=True)
time.sleep(1000)
""" % service.READER


def python(program, *words):
    return common.Program('/usr/bin/python3', '-c', program, *words, preexec_fn=service.die_with_parent)


def begin(card):
    _call('SCardBeginTransaction', card.handle)


def end(card, disposition=winscard.LEAVE):
    _call('SCardEndTransaction', card.handle, DWORD(disposition))


def expect_error(code, call, *args):
    try:
        call(*args)
    except winscard.Error as error:
        equal(error.code, code, str(error))
        return
    raise AssertionError('no error %08X' % code)


def test_transactions_exclude_each_other():
    program = service.start()
    context = winscard.Context()
    card = context.connect(service.READER)
    equal(card.transmit(EF), b'\x90\x00')
    equal(card.transmit(SELECT_EF), b'\x90\x00')
    equal(card.transmit(bytes.fromhex('00D60000020000')), b'\x90\x00')
    counters = [python(COUNTER, str(ROUNDS)) for _ in range(3)]
    for counter in counters:
        equal(counter.end(), 0, counter.text['err'])
    equal(card.transmit(SELECT_EF), b'\x90\x00')
    equal(card.transmit(READ_EF), (3 * ROUNDS).to_bytes(2, 'big') + b'\x90\x00')
    context.release()
    service.stop(program)


def test_without_transactions_it_would_be_seen():
    """The measure measures: without the two calls the numbers are lost."""
    program = service.start()
    context = winscard.Context()
    card = context.connect(service.READER)
    equal(card.transmit(EF), b'\x90\x00')
    equal(card.transmit(SELECT_EF), b'\x90\x00')
    equal(card.transmit(bytes.fromhex('00D60000020000')), b'\x90\x00')
    careless = re.sub(r".*SCard(Begin|End)Transaction.*\n", '', COUNTER)
    assert careless.count('\n') == COUNTER.count('\n') - 2
    counters = [python(careless, str(10 * ROUNDS)) for _ in range(3)]
    for counter in counters:
        equal(counter.end(), 0, counter.text['err'])
    equal(card.transmit(SELECT_EF), b'\x90\x00')
    number = int.from_bytes(card.transmit(READ_EF)[:2], 'big')
    print('    %d of %d counted' % (number, 30 * ROUNDS))
    assert number < 30 * ROUNDS
    context.release()
    service.stop(program)


def test_a_reset_is_told_to_the_other():
    program = service.start()
    one, other = winscard.Context(), winscard.Context()
    card, others = one.connect(service.READER), other.connect(service.READER)
    for reset in (lambda: card.reconnect(winscard.RESET), lambda: card.reconnect(winscard.UNPOWER)):
        reset()
        equal(card.transmit(common.SELECT_MF), b'\x90\x00')
        expect_error(winscard.W_RESET_CARD, others.transmit, common.SELECT_MF)
        expect_error(winscard.W_RESET_CARD, others.status)
        others.reconnect(winscard.LEAVE)
        equal(others.transmit(common.SELECT_MF), b'\x90\x00')
    begin(card)
    end(card, winscard.RESET)
    expect_error(winscard.W_RESET_CARD, others.transmit, common.SELECT_MF)
    others.reconnect(winscard.LEAVE)
    card.disconnect(winscard.RESET)
    expect_error(winscard.W_RESET_CARD, others.transmit, common.SELECT_MF)
    one.release()
    other.release()
    service.stop(program)


def test_death_ends_a_transaction():
    program = service.start()
    context = winscard.Context()
    card = context.connect(service.READER)
    for number in (signal.SIGKILL, signal.SIGTERM):
        holder = python(HOLDER)
        holder.wait_for('holding', 'out')
        os.kill(holder.pid, number)
        expect_error(winscard.W_RESET_CARD, begin, card)  # the card has been reset; and we did not wait for ever
        card.reconnect(winscard.LEAVE)
        begin(card)
        end(card)
        holder.kill()
    context.release()
    service.stop(program)


if sys.platform != 'linux':
    sys.exit(77)
service.need_pcsclite()
common.main(globals())
