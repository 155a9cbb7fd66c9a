# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenSC's programs with a Cryptoflex inside vpcscd."""
import os

import cryptoflex
import harness


def run(t):
    vpcscd = os.environ['VPCSCD']

    def with_card(model, name, use):
        path = os.path.join(t.folder, model)
        service = t.start([vpcscd, '--socket', path, '--type', 'cryptoflex', '--model', model])
        service.wait_line(path)
        client = cryptoflex.Client(t, {'PCSCLITE_CSOCK_NAME': path})
        cryptoflex.is_named(client, name)
        use(client)
        harness.equal(service.stop(), 0, 'exit status of vpcscd after SIGTERM')

    for model, name, generate, bits in cryptoflex.MODELS:
        with_card(model, name, lambda client: cryptoflex.pkcs15(client, generate, bits))
    with_card('16k', 'Cryptoflex 16K', cryptoflex.tool)


harness.main(run, cryptoflex.NEEDS)
