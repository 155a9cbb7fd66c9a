# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs tests/pcsc/semantics and is the hand that puts its card in and takes it out.

From the environment: SEMANTICS (the program), VPCSCD, LIBPCSCLITE (the folder of our library)."""
import os
import subprocess

import harness

SEMANTICS = os.environ.get('SEMANTICS', '')


class Vicc:
    """The card is a vicc of its own."""

    def __init__(self, t):
        self.t, self.card = t, None

    def insert(self, kind):
        self.card = self.t.vicc('--wait', '-t', kind)

    def eject(self):
        if self.card:
            self.card.kill()
        self.card = None


class Control:
    """The card is in vpcscd."""

    def __init__(self, t, vpcscd, path):
        self.t, self.start = t, [vpcscd, 'ctl', '--socket', path]

    def insert(self, kind):
        self.t.run(self.start + ['swap', harness.READER_0, '--type', kind])

    def eject(self):
        self.t.run(self.start + ['eject', harness.READER_0], status=None)


def run(answerer, hand, env=None):
    """Fails unless every case of the program passes."""
    program = subprocess.Popen([SEMANTICS, answerer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               env=dict(os.environ, **(env or {})), preexec_fn=harness._die_with_parent)
    cases = 0
    for line in program.stdout:
        words = line.split()
        if words[0] == '?insert':
            hand.insert(words[1])
        elif words[0] == '?eject':
            hand.eject()
        else:
            print(line, end='', flush=True)
            cases += line.startswith('ok ')
            continue
        program.stdin.write('done\n')
        program.stdin.flush()
    harness.equal(program.wait(harness.LIMIT), 0, 'exit status of semantics')
    assert cases > 30, 'only %d cases were run' % cases
