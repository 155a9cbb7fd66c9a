# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The semantics of PC/SC with our own libpcsclite, in the application's process."""
import os

import harness
import semantics


def run(t):
    semantics.run('library', semantics.Vicc(t),
                  {'LD_LIBRARY_PATH': os.environ['LIBPCSCLITE'], 'VPCD_WAIT': '0'})


harness.main(run, ['vicc'])
