# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The semantics of PC/SC with pcscd, our driver and vicc: what the other two are compared with."""
import harness
import semantics


def run(t):
    t.pcscd()
    semantics.run('pcscd', semantics.Vicc(t))


harness.main(run, ['driver', 'vicc'])
