# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""pcsc_scan, unmodified: -r lists the readers; without it it shows the ATR and sees the card go."""
import harness
import winscard


def run(t):
    t.pcscd()
    listing = t.run(['pcsc_scan', '-r'])
    harness.contains(listing, 'Virtual PCD 00 00')
    harness.contains(listing, 'Virtual PCD 00 01')
    scan = t.start(['stdbuf', '-oL', 'pcsc_scan', '-n'], name='pcsc_scan')
    scan.wait_line('Card state')
    card = t.vicc()
    scan.wait_line('3B 95 13 81 01 80 73 FF 01 00 0B')
    card.stop()
    scan.wait_line('Card removed')
    scan.stop()


harness.main(run, ['driver', 'vicc', 'pcsc_scan', 'stdbuf'])
