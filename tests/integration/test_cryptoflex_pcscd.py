# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenSC's programs with a Cryptoflex of vicc, through pcscd and our driver."""
import cryptoflex
import harness
import winscard


def run(t):
    t.pcscd()
    context = winscard.Context()
    client = cryptoflex.Client(t, {})

    def with_card(model, name, use):
        vicc = t.vicc_at(context, harness.READER_0, '--type', 'cryptoflex', '--model', model)
        # Rights live as long as the card has power, which pcscd takes away when nobody is connected.
        card = context.connect(harness.READER_0)
        cryptoflex.is_named(client, name)
        use()
        card.disconnect()
        harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
        context.wait(harness.READER_0, winscard.EMPTY)

    for model, name, generate, bits in cryptoflex.MODELS:
        with_card(model, name, lambda: cryptoflex.pkcs15(client, generate, bits))
    with_card('16k', 'Cryptoflex 16K', lambda: cryptoflex.tool(client))


harness.main(run, ['driver', 'vicc'] + cryptoflex.NEEDS)
