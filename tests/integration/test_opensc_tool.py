# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""opensc-tool, unmodified: lists the readers, reads the ATR, sends a command."""
import harness
import winscard


def run(t):
    t.pcscd()
    t.vicc_at(winscard.Context(), harness.READER_0)
    listing = t.run(['opensc-tool', '-l'])
    harness.contains(listing, 'Virtual PCD 00 00')
    harness.contains(listing, 'Virtual PCD 00 01')
    harness.contains(t.run(['opensc-tool', '-r', '0', '-a']), '3b:95:13:81:01:80:73:ff:01:00:0b')
    harness.contains(t.run(['opensc-tool', '-r', '0', '-s', '00A4000C023F00']),
                     'Received (SW1=0x90, SW2=0x00)')


harness.main(run, ['driver', 'vicc', 'opensc-tool'])
