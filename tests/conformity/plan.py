# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of the test plans share: what a step expects, in the plans' words, and a step itself."""


class Expected:
    """Status words. checking: any checking error of ISO/IEC 7816-4 (64, 67 to 6F) will do, too."""

    def __init__(self, name, *statuses, checking=False):
        self.name, self.statuses, self.checking = name, statuses, checking

    def __contains__(self, sw):
        first = sw >> 8
        return sw in self.statuses or self.checking and (first == 0x64 or 0x67 <= first <= 0x6F)


OK = Expected('9000', 0x9000)
DENIED = Expected('6982', 0x6982)
ERROR = Expected('a checking error', checking=True)
REFUSED = Expected('a checking error or 6300', 0x6300, checking=True)
OK_OR_ERROR = Expected('9000 or a checking error', 0x9000, checking=True)


def step(card, want, header, data=b'', ne=None, how='sm'):
    """One command of a scenario, whose answer must be as expected; its data. how: 'sm' (under secure messaging, as must
    be the answer), 'plain' (neither is), 'ended' (the command is, the answer is not: the session is over), 'any' (the
    answer may be either; after a plain one there is no session). After 'plain' and 'ended' the terminal keeps the old
    keys, so that a scenario can try them."""
    session, header = card.sm, bytes.fromhex(header) if isinstance(header, str) else header
    assert how == 'plain' or session, 'no session'
    if how == 'plain':
        card.sm = None
    answer, sw = card.exchange(header, data, ne)
    protected = card.sm is not None
    if how in ('plain', 'ended'):
        card.sm = session
    got = '%s: %04X%s' % (header.hex(' ').upper(), sw, ' under secure messaging' if protected else '')
    assert sw in want, '%s, not %s' % (got, want.name)
    assert how == 'any' or protected == (how == 'sm'), '%s, not %s' % (got, how)
    return answer


def alive(card):
    """Secure messaging works: a byte of EF.CardAccess is read."""
    step(card, OK, '00B09C00', ne=1)


def each(rows, function):
    """Rows of a table: the case's name, and what function takes. All are tried; says which have failed."""
    failed = []
    for name, *row in rows:
        try:
            function(*row)
        except Exception as error:
            failed.append('%s: %s: %s' % (name, type(error).__name__, error))
    assert not failed, '%d of %d:\n    %s' % (len(failed), len(rows), '\n    '.join(failed))
