# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card's security state ends with reset and with power-off: what VERIFY opened is shut again."""
import harness
import winscard

VERIFY_PIN = bytes.fromhex('0020000104') + b'1234'
ASK = bytes.fromhex('00200001')  # no data: tells whether it is verified


def run(t):
    t.pcscd()
    context = winscard.Context()
    t.vicc_at(context, harness.READER_0)
    card = context.connect(harness.READER_0)

    def verified():
        answer = card.transmit(ASK)
        assert answer == b'\x90\0' or answer[:1] == b'\x63', 'VERIFY without data: %s' % answer.hex()
        return answer == b'\x90\0'

    for what in (winscard.RESET, winscard.UNPOWER):
        assert not verified(), 'verified before VERIFY'
        harness.equal(card.transmit(VERIFY_PIN), b'\x90\0', 'VERIFY')
        assert verified(), 'not verified after VERIFY'
        card.reconnect(winscard.LEAVE)
        assert verified(), 'a reconnect that leaves the card alone ended the session'
        card.reconnect(what)
    assert not verified(), 'verified after power-off'


harness.main(run, ['driver', 'vicc'])
