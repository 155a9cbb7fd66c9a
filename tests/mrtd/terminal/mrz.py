# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine readable zones of TD1, TD2 and TD3 documents (Doc 9303-3, 4.9; 9303-4, -5, -6)."""
import hashlib

from .errors import check

WEIGHTS = 7, 3, 1
PASSPORT = ('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'
            'L898902C36UTO7408122F1204159ZE184226B<<<<<10')  # the specimen of Doc 9303-4


def check_digit(text):
    total = 0
    for at, c in enumerate(text):
        value = 0 if c == '<' else int(c, 36)
        total += value * WEIGHTS[at % 3]
    return str(total % 10)


class Mrz:
    """The fields that protocols need."""

    def __init__(self, text):
        self.text = text = ''.join(text.split())
        form = {90: ('TD1', 30), 72: ('TD2', 36), 88: ('TD3', 44)}.get(len(text))
        check(form, 'a machine readable zone of %d characters', len(text))
        self.form, width = form
        lines = [text[at:at + width] for at in range(0, len(text), width)]
        if self.form == 'TD1':
            self.document = self._number(lines[0][5:14], lines[0][14], lines[0][15:30])
            self.birth, self.expiry = lines[1][0:7], lines[1][8:15]
        else:
            self.document = self._number(lines[1][0:9], lines[1][9], lines[1][28:35] if self.form == 'TD2' else '')
            self.birth, self.expiry = lines[1][13:20], lines[1][21:28]
        self.lines = lines

    @staticmethod
    def _number(number, digit, optional):
        """With its check digit. A number of more than nine characters goes on in the optional data."""
        if digit == '<' and optional[:1] not in ('', '<'):
            return number + optional.split('<')[0]
        return number + digit

    def verify(self):
        """Every check digit."""
        for name, field in (('document number', self.document), ('date of birth', self.birth),
                            ('date of expiry', self.expiry)):
            check(field[-1] == check_digit(field[:-1]), 'wrong check digit of the %s %s', name, field)
        if self.form == 'TD1':
            covered = self.lines[0][5:30] + self.lines[1][0:7] + self.lines[1][8:15] + self.lines[1][18:29]
            last = self.lines[1][29]
        else:
            line = self.lines[1]
            covered, last = line[0:10] + line[13:20] + line[21:-1], line[-1]
        if self.form == 'TD3':
            number, digit = self.lines[1][28:42], self.lines[1][42]
            check(digit == check_digit(number) or (digit == '<' and not number.strip('<')),
                  'wrong check digit of the personal number')
        check(last == check_digit(covered), 'wrong composite check digit %s', last)

    def information(self):
        """What BAC and PACE derive their keys from: number, birth, expiry, each with its check digit."""
        return (self.document + self.birth + self.expiry).encode()

    def bac_seed(self):
        return hashlib.sha1(self.information()).digest()[:16]

    def pace_secret(self):
        return hashlib.sha1(self.information()).digest()
