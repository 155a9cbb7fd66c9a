# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the tests of the identity card meet it: behind pcscd and our driver, or inside vpcscd. Both give a client its
environment and the name of its reader, and each card a trace and an image.

What a test believes about a card it takes from these two, never from what a client says."""
import json
import os
import re
import subprocess
import sys

import harness
import winscard

VPCSCD = os.environ.get('VPCSCD', '')


class Card:
    """A card that is in the reader until leave()."""

    def __init__(self, process, image, environment, leave):
        self.process, self.image_path, self.environment, self._leave = process, image, environment, leave

    def leave(self):
        self._leave()

    def image(self):
        with open(self.image_path) as file:
            return json.load(file)

    def password(self, kind):
        """What the card's image has of a password: tries, and so on."""
        return self.image()['state']['eac']['passwords'][kind]

    def exchanges(self):
        """[(command, status word)]: both as the card's log has them."""
        pairs, command = [], None
        for line in list(self.process.lines):
            match = re.search(r'\] (?:[^<>]*: )?([<>]) (.*)', line)
            if match and match.group(1) == '>':
                command = match.group(2)
            elif match and command is not None:
                status = re.search(r'\b([0-9A-F]{4})\b(?! bytes)', match.group(2))
                pairs.append((command, status.group(1) if status else ''))
                command = None
        return pairs

    def statuses(self, instruction):
        """The status words of all commands whose line in the log begins so, in their order."""
        return [status for command, status in self.exchanges() if command.startswith(instruction)]


class Pcscd:
    """vicc behind pcscd with our driver."""

    name = 'pcscd'
    needs = ['driver', 'vicc']

    def __init__(self, t):
        self.t = t
        t.pcscd()
        self.context = winscard.Context()

    def insert(self, image, *options):
        vicc = self.t.vicc_at(self.context, harness.READER_0, '-vv', *options)

        def leave():
            harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
            self.context.wait(harness.READER_0, winscard.EMPTY)

        return Card(vicc, image, {}, leave)


class Vpcscd:
    """A card inside vpcscd."""

    name = 'vpcscd'
    needs = []

    def __init__(self, t):
        self.t = t
        self.path = os.path.join(t.folder, 'socket')

    def insert(self, image, *options):
        service = self.t.start([VPCSCD, '-vv', '--socket', self.path] + list(options))
        service.wait_line('export PCSCLITE_CSOCK_NAME=')

        def leave():
            harness.equal(service.stop(), 0, 'exit status of vpcscd after SIGTERM')

        return Card(service, image, {'PCSCLITE_CSOCK_NAME': self.path}, leave)


def need_identity_card():
    """Skips where there is no such card type."""
    listed = subprocess.run([VPCSCD, '--help'], stdout=subprocess.PIPE, text=True).stdout
    if not re.search(r'\bnPA\b', listed.split('Known, but')[0]):
        raise harness.Skip('there is no card of type nPA')


def main(run, needs=()):
    """run(t, place), where the test's argument says the place."""
    place = {'pcscd': Pcscd, 'vpcscd': Vpcscd}[sys.argv[1]]
    harness.main(lambda t: run(t, place(t)), place.needs + list(needs))


class Cards:
    """New identity cards, each with an image of its own."""

    def __init__(self, t, place):
        need_identity_card()
        self.t, self.place, self.n = t, place, 0

    def insert(self, *options):
        self.n += 1
        image = os.path.join(self.t.folder, 'card-%d.json' % self.n)
        return self.place.insert(image, *(options or ('--type', 'nPA')), '--save-image', image)

    def again(self, card):
        """The same card, out of its image."""
        card.leave()
        return self.place.insert(card.image_path, '--file', card.image_path)
