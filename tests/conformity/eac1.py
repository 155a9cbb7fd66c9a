# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units H to N of BSI TR-03105-3.2 share: passports, and visits in the steps of that plan. A case is run with BAC
and with PACE, and with each kind of keys, as far as it is about them."""
import functools
import os
import signal
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'mrtd'))

import common  # noqa: E402
import eid  # noqa: E402
import plan  # noqa: E402
import support  # noqa: E402
from certificates import Presenter  # noqa: E402
from inspection import Inspection  # noqa: E402
from plan import OK  # noqa: E402
from sets import EC, PSS, ROWS, RSA  # noqa: E402
from terminal import lds, pace, security_info  # noqa: E402
from terminal.tlv import tlv  # noqa: E402

BY_EC = ('bac', EC), ('pace', EC)
BY_RSA = ('bac', RSA), ('pace', PSS)
RUNS = BY_EC + BY_RSA
EF_CVCA = b'\x01\x1c'
DG3, DG4 = 3, 4


class Visit(Inspection, Presenter):
    """Any number of sessions with a card. way: by what each is opened: 'bac', 'pace' (with the machine readable zone),
    'can' (PACE with that). pki: the certificates that are for the card."""

    def __init__(self, card, way, pki):
        super().__init__(card)
        self.way, self.pki = way, pki

    def open(self):
        """The procedure to open the ePassport application, after a reset."""
        self.card.reset()
        self.pace = self.chip = None
        return self.enter(self.way)

    def enter(self, way):
        if way == 'bac':
            return self.enter_by_bac()
        return self.enter_by_pace(reference=pace.CAN if way == 'can' else pace.MRZ).application()

    def begin(self):
        """The preconditions: also chip authentication, and the reference of the first trust point."""
        self.open()
        if self.infos is None:
            self.infos = security_info.SecurityInfos(lds.security_infos_of(lds.read(self.card, lds.dg(14))))
        self.authenticate_chip()
        self.reference = lds.references_of(self.read_cvca())[0]
        return self

    def step(self, *words, **how):
        return plan.step(self.card, *words, **how)

    @property
    def status(self):
        """Of the last command."""
        return int.from_bytes(self.card.history[-1][1][-2:], 'big')

    def read_byte(self, want, group):
        """READ BINARY of one byte by the short identifier of a data group."""
        return self.step(want, '00B0%02X00' % (0x80 | group), ne=1)

    def alive_unless_ended(self):
        """After a command that may have ended the session: if it has not, it goes on (the command of annex A, table 2)."""
        if self.card.sm:
            self.step(OK, '00B08100', ne=256)

    # Terminal Authentication, with certificates of the sets

    def present_named(self, *names):
        """Certificates of the sets that are accepted."""
        return self.present(*(self.pki[name] for name in names))

    def set_at(self, want, reference, tag=0x83):
        self.step(want, '002281A4', tlv(tag, reference))

    def signature(self, key, challenge):
        """key: its name in the sets."""
        key = self.pki.key(key)
        return key.sign(key.scheme, self.id_picc() + challenge + self.compressed())

    def external(self, want, signature, how='sm', header='00820000'):
        self.step(want, header, signature, how=how)

    def selected(self, *names):
        """The certificates are presented, and the key of the last one is selected."""
        self.present_named(*names).set_at(OK, self.pki[names[-1]].name)
        return self

    def authenticate(self, *names):
        """The whole of it, which succeeds."""
        self.selected(*names).external(OK, self.signature(ROWS[names[-1]][1], self.challenge()))
        return self


class Cards:
    """One passport for each kind of keys, for all cases: they reset it."""
    passports, visits = {}, {}

    @classmethod
    def visit(cls, way, pki):
        if pki not in cls.passports:
            passport = cls.passports[pki] = support.Passport('--specimen', *pki.options())
            common.Program.running.remove(passport.program)  # it outlives the case
        if (way, pki) not in cls.visits:
            cls.visits[way, pki] = Visit(cls.passports[pki].card, way, pki)
        return cls.visits[way, pki]

    @classmethod
    def end(cls, *error):
        """error: as for __exit__()."""
        cls.visits.clear()
        while cls.passports:
            passport = cls.passports.popitem()[1]
            common.Program.running.append(passport.program)
            passport.__exit__(*error or (None, None, None))


def case(runs=RUNS):
    """Makes a case out of a function of a visit, to be run in these ways and with these keys."""
    def decorate(function):
        @functools.wraps(function)
        def run():
            try:
                plan.each([('%s with %s and %s' % (function.__name__, way, pki), way, pki) for way, pki in runs],
                          lambda way, pki: function(Cards.visit(way, pki)))
            except BaseException:
                Cards.end(*sys.exc_info())
                raise
        return run
    return decorate


def main(tests):
    try:
        common.main(tests)
    finally:
        Cards.end()


class Sample:
    """A card that cases change, one after the other; for with, as often as there are cases. In between, and when it is torn
    out, it loses power and goes on from its image."""

    def __init__(self, way, pki):
        self.way, self.pki, self.kept = way, pki, None

    def __str__(self):
        return '%s and %s' % (self.way, self.pki)

    def __enter__(self):
        if self.kept is None:
            self.kept = eid.Kept('--specimen', *self.pki.options(), card_type='ePass')
        else:
            self.kept.start('--file', self.kept.path)
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            common.equal(self.kept.program.end(signal.SIGTERM), 0, 'exit status of vicc')
        self.kept.stop()

    def visit(self):
        return Visit(self.kept.card, self.way, self.pki)

    def torn_out(self):
        self.kept.cut()
        return self.visit()
