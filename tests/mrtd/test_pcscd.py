# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passports in vicc, through our driver and pcscd, with pyscard."""
import harness
import pcsc_tests
import plans
import support  # noqa: F401
import winscard


def run(t):
    t.pcscd()
    context = winscard.Context()
    for name in pcsc_tests.NAMES:
        plan = pcsc_tests.named(name)
        vicc = t.vicc_at(context, harness.READER_0, '-t', 'ePass', '--specimen', *plans.options(plan))
        try:
            pcsc_tests.inspect(plan, harness.READER_0)
        except Exception as error:
            raise AssertionError('%s: %s' % (name, error)) from error
        harness.equal(vicc.stop(), 0, 'exit status of vicc after SIGTERM')
        context.wait(harness.READER_0, winscard.EMPTY)


harness.main(run, ['driver', 'vicc', 'pyscard'])
