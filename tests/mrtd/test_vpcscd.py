# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passports inside vpcscd, with pyscard and the system's libpcsclite."""
import common
import service

service.need_pcsclite()
try:
    import smartcard.System
except ImportError:
    print('skipped: python3-pyscard is not installed')
    raise SystemExit(77)

import pcsc_tests  # noqa: E402
import plans  # noqa: E402


def test_plans():
    """One service with a reader for each passport."""
    rows = [pcsc_tests.named(name) for name in pcsc_tests.NAMES]
    words = [word for plan in rows for word in ['-t', 'ePass', '--specimen'] + plans.options(plan)]
    running = service.start(*words)
    found = sorted(str(reader) for reader in smartcard.System.readers())
    common.equal(len(found), len(rows), 'readers')
    for plan, reader in zip(rows, found):
        try:
            pcsc_tests.inspect(plan, reader)
        except Exception as error:
            raise AssertionError('%s: %s' % (plans.text(plan), error)) from error
    service.stop(running)


common.main(globals())
