# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity cards inside vpcscd, with pyscard and the system's libpcsclite."""
import common
import service

service.need_pcsclite()
try:
    import smartcard.System
except ImportError:
    print('skipped: python3-pyscard is not installed')
    raise SystemExit(77)

import eid  # noqa: E402, F401
import visits  # noqa: E402
from terminal.card import Card  # noqa: E402
from terminal.transport import Pcsc  # noqa: E402


def test_two_cards():
    """Each by itself: what one is told does not change the other."""
    running = service.start('-t', 'nPA', '-t', 'nPA')
    found = sorted(str(reader) for reader in smartcard.System.readers())
    common.equal(len(found), 2, 'readers')
    for reader in found:
        card = Card(Pcsc(reader))
        visits.everything(card)
        card.close()
    service.stop(running)


common.main(globals())
