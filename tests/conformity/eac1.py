# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units H to N of BSI TR-03105-3.2 share: passports, and visits of them in the steps of that plan. A case is run
once with BAC and once with PACE, unless it says otherwise."""
import functools
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'mrtd'))

import plan  # noqa: E402
import support  # noqa: E402
from inspection import Inspection  # noqa: E402
from plan import OK  # noqa: E402
from terminal import lds, security_info  # noqa: E402
from terminal.tlv import tlv  # noqa: E402

WAYS = 'bac', 'pace'
EF_CVCA = b'\x01\x1c'
DG3, DG4 = 3, 4


class Visit(Inspection):
    """Any number of sessions with a card, each opened by BAC or PACE with the machine readable zone."""

    def __init__(self, card, way):
        super().__init__(card)
        self.way = way

    def open(self):
        """The procedure to open the ePassport application, after a reset."""
        self.card.reset()
        self.pace = self.chip = None
        return self.enter_by_bac() if self.way == 'bac' else self.enter_by_pace().application()

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


def case(*ways, options=()):
    """Makes a case out of a function of a visit: it is run on a new card in each of the ways."""
    def decorate(function):
        @functools.wraps(function)
        def run():
            with support.Passport('--specimen', *options) as card:
                plan.each([('%s with %s' % (function.__name__, way), way) for way in ways or WAYS],
                          lambda way: function(Visit(card, way)))
        return run
    return decorate


def offset_object(offset=0):
    return tlv(0x54, bytes([offset]))
