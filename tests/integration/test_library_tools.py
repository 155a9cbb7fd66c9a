# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are not ours, with our libpcsclite by LD_LIBRARY_PATH: each is short-lived, and finds the
card of a vicc that keeps trying to reach it; and of one that waits to be reached."""
import os
import signal
import sys

import harness

CONNECTING = {'VPCD_DEVICENAME': 'localhost:47011', 'VPCD_SLOTS': '1'}
ATR = '3b:95:13:81:01:80:73:ff:01:00:0b'
PYSCARD = '''
from smartcard.System import readers
connection = readers()[0].createConnection()
connection.connect()
print(bytes(connection.getATR()).hex(':'))
print('%02X%02X' % connection.transmit([0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00])[1:])
'''


def try_all(t, env):
    env = dict(os.environ, LD_LIBRARY_PATH=os.environ['LIBPCSCLITE'], VPCD_WAIT='10000', **env)
    for _ in range(3):
        harness.contains(t.run(['opensc-tool', '-a'], env=env), ATR)
    harness.contains(t.run(['pcsc_scan', '-r'], env=env), harness.READER_0)
    scan = t.start(['stdbuf', '-oL', 'pcsc_scan', '-n'], env=env, name='pcsc_scan')
    scan.wait_line('Card inserted')
    scan.wait_line(ATR.replace(':', ' ').upper())
    scan.stop(signal.SIGINT)
    said = t.run([sys.executable, '-c', PYSCARD], env=env)
    harness.contains(said, ATR)
    harness.contains(said, '9000')


def run(t):
    t.vicc('--wait')
    try_all(t, {})
    t.vicc('-R', '-P', '47011').wait_line('47011')
    try_all(t, CONNECTING)


harness.main(run, ['vicc', 'opensc-tool', 'pcsc_scan', 'stdbuf', 'pyscard'])
