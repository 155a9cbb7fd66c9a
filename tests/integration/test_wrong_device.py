# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DEVICENAME that cannot be used: one clear line in pcscd's log, the other reader works."""
import socket

import foreign_vpicc
import harness
import winscard

WRONG = ['/dev/null:70000', '/dev/null:abc', '/dev/null:', '127.0.0.1:0', '127.0.0.1:65536',
         ':35963', 'h' * 300 + ':35963', '"[::1:35963"', '"/dev/null:35963?timeout=soon"']


def run(t):
    busy = socket.socket()
    busy.bind(('127.0.0.1', 35000))
    busy.listen(1)
    for device in WRONG + ['/dev/null:35000']:
        pcscd = t.pcscd([harness.Reader(device, 'Wrong', channel=0x8C7B), harness.Reader()])
        context = winscard.Context()
        names = context.readers()
        assert not [name for name in names if name.startswith('Wrong')], '%s: %s' % (device, names)
        reader = context.find('Virtual PCD')
        card = foreign_vpicc.Foreign()
        context.wait(reader, winscard.PRESENT)
        card.remove()
        said = [line for line in pcscd.lines if 'DEVICENAME' in line or 'port 35000' in line]
        print('\n'.join(said))
        assert said, '%s: no line says what is wrong' % device
        pcscd.stop()


harness.main(run, ['driver'])
