# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations with cards, tests/cards/*.apdu (their format: tests/cards/README.md), over any way to a card."""
import glob
import os

import harness

FOLDER = os.path.join(harness.HERE, '..', 'cards')


def parse(text):
    """The bytes of a line; None stands for any byte."""
    pattern = []
    for word in text.split():
        what, star, count = word.partition('*')
        if what == 'count':
            pattern += [i % 256 for i in range(int(count))]
            continue
        digits = [what[i:i + 2] for i in range(0, len(what), 2)]
        values = [None if pair == '??' else bytes.fromhex(pair)[0] for pair in digits]
        pattern += values * (int(count) if star else 1)
    return pattern


def matches(pattern, answer):
    return len(pattern) == len(answer) and all(p in (None, a) for p, a in zip(pattern, answer))


def files(card_type):
    """The conversations with this type of card."""
    found = []
    for path in sorted(glob.glob(os.path.join(FOLDER, '*.apdu'))):
        with open(path) as file:
            if 'card %s\n' % card_type in file:
                found.append(path)
    assert found, 'no conversation with %s' % card_type
    return found


def run(path, card):
    """card has transmit(), reset() and power(); it is new. Returns how many commands were sent."""
    sent, answer = 0, None
    with open(path) as file:
        for number, line in enumerate(file, 1):
            where = '%s:%d' % (os.path.basename(path), number)
            word, _, rest = line.strip().partition(' ')
            if word == '>':
                sent += 1
                answer = card.transmit(bytes(parse(rest)))
            elif word == '<':
                assert matches(parse(rest), answer), '%s: answered %s' % (where, answer[:80].hex(' '))
            elif word == 'reset':
                card.reset()
            elif word == 'power':
                card.power()
            else:
                assert word in ('card', '#', '') or word[0] == '#', '%s: %s?' % (where, word)
    assert sent > 0, '%s: nothing was sent' % path
    return sent
