# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The semantics of PC/SC with the system's libpcsclite and vpcscd."""
import os

import harness
import semantics


def run(t):
    vpcscd, path = os.environ['VPCSCD'], os.path.join(t.folder, 'socket')
    t.start([vpcscd, '--socket', path, '--type', 'handler_test']).wait_line(path)
    hand = semantics.Control(t, vpcscd, path)
    hand.eject()
    semantics.run('vpcscd', hand, {'PCSCLITE_CSOCK_NAME': path})


harness.main(run)
