# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our libpcsclite.so.1 exports what PCSC-Lite 1.9.9 exports, no less and no more, and asks for no library
that has no business there."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def output(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(library):
    lines = output('nm', '-D', '--defined-only', library).split('\n')
    names = (line.split()[-1].split('@')[0] for line in lines if line)
    got = sorted(name for name in names if not name.startswith('__odr_asan.'))  # AddressSanitizer adds these
    with open(os.path.join(HERE, 'symbols.expected'), encoding='ascii') as file:
        want = sorted(file.read().split())
    assert got == want, 'missing: %s; too many: %s' % (set(want) - set(got), set(got) - set(want))
    dynamic = output('readelf', '-d', library)
    assert 'Library soname: [libpcsclite.so.1]' in dynamic, dynamic
    for name in ('libcrypto', 'libssl', 'libpcsclite.so.1]\n 0x'):
        assert 'NEEDED' not in ''.join(line for line in dynamic.split('\n') if name in line), dynamic


main(sys.argv[1])
