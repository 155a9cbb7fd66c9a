# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the terminal on libeac (terminal/), and what a card of type nPA holds when nothing is said."""
import os
import re
import subprocess

import harness

TERMINAL = os.environ.get('TERMINAL', '')
SPECIMEN = os.environ.get('SPECIMEN', '')

PIN, CAN, PUK = '111111', '222222', '3333333333'
MRZ = 'IDD<<T220001293<<<<<<<<<<<<<<<6408125<2010315D<<<<<<<<<<<<<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<'

STEPS_FAILED = 3


class Run:
    """One run of the terminal: its exit status and what it printed."""

    def __init__(self, card, *words):
        self.argv = [TERMINAL, '--reader', harness.READER_0] + [str(word) for word in words]
        done = subprocess.run(self.argv, env=dict(os.environ, **card.environment), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.status, self.text = done.returncode, done.stdout

    def complain(self, what):
        raise AssertionError('%s: %s\nstatus %d\n%s' % (what, ' '.join(self.argv), self.status, self.text))

    def has(self, *lines):
        for line in lines:
            if line not in self.text.splitlines():
                self.complain('no line "%s"' % line)
        return self

    def group(self, n):
        found = re.search(r'^DG%d ([0-9A-F]*)$' % n, self.text, re.M)
        return found.group(1) if found else None


def good(card, *words):
    run = Run(card, *words)
    return run if run.status == 0 else run.complain('fails')


def refused(card, line, *words):
    """The terminal must end at a step that the card answers with this line."""
    run = Run(card, *words)
    if run.status != STEPS_FAILED or run.text.splitlines()[-1] != line:
        run.complain('not "%s"' % line)
    return run


def specimen(name):
    return os.path.join(SPECIMEN, name)


CHAIN = ['--chain', specimen('dv-at.cvcert'), '--chain', specimen('terminal-at.cvcert'),
         '--key', specimen('terminal-at-key.pem'), '--csca', specimen('csca.der')]
WITH_PIN = ['--password', 'pin', PIN]
