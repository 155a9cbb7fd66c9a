# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity card in vicc, through our driver and pcscd, with pyscard."""
import eid
import harness
import visits
import winscard
from terminal.card import Card
from terminal.transport import Pcsc


def run(t):
    t.pcscd()
    context = winscard.Context()
    vicc = t.vicc_at(context, harness.READER_0, '-t', 'nPA')
    card = Card(Pcsc(harness.READER_0))
    visits.everything(card)
    eid.run(card, eid.specimen())
    card.transport.power()
    card.sm = None
    assert eid.group_status(card, 1) != eid.OK, 'DG1 after a power cut'
    eid.run(card, eid.specimen())
    card.close()
    harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')


harness.main(run, ['driver', 'vicc', 'pyscard'])
