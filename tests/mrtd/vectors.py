# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worked examples of tests/vectors."""
import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'vectors')


class Vectors:
    def __init__(self, name):
        self.values = {}
        with open(os.path.join(FOLDER, name + '.txt')) as file:
            for line in file:
                name, equals, value = line.split('#')[0].strip().partition(' = ')
                if equals and not line.startswith('#'):
                    self.values[name] = value.strip()

    def __contains__(self, name):
        return name in self.values

    def __getitem__(self, name):
        value = self.values[name]
        return value[5:].encode() if value.startswith('text:') else bytes.fromhex(value)

    def number(self, name):
        return int.from_bytes(self[name], 'big')

    def pairs(self, *numbers):
        """Recorded commands and responses: c1, r1, c2 ..."""
        return [(self['c%d' % n], self['r%d' % n]) for n in numbers]
