# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""QR codes as vicc and vpcd-config print them, back to text by a scanner that is not ours (zbarimg)."""
import os
import re
import shutil
import subprocess
import tempfile

import common

BLOCK = '\u2588\u2588'
QUIET_ZONE = 2


def urls(lines):
    """The texts of the codes in an output; where the programs were built without libqrencode, the texts are
    there in place of the codes."""
    if os.environ['QRCODE'] == 'no':
        common.equal(modules(lines), [])
        return [line for line in lines if re.match('v(pcd|icc)://', line)]
    return [scan(code) for code in modules(lines)]


def modules(lines):
    """The rows of modules (True: dark) of the codes in a text; each code with its quiet zone."""
    codes, rows = [], []
    for line in lines + ['']:
        if line.startswith('\x1b[4'):
            cells = re.findall(r'\x1b\[4([07])m  ', line)
            row = [cell == '0' for cell in cells]
            assert line == ''.join('\x1b[4%sm  ' % cell for cell in cells) + '\x1b[0m', repr(line)
        elif line.startswith(BLOCK):
            assert len(line) % 2 == 0, repr(line)
            row = [line[i:i + 2] == '  ' for i in range(0, len(line), 2)]
            assert all(line[i:i + 2] in (BLOCK, '  ') for i in range(0, len(line), 2)), repr(line)
        else:
            if rows:
                codes.append(rows)
            rows = []
            continue
        rows.append(row)
    for code in codes:
        check_shape(code)
    return codes


def check_shape(code):
    """Square, of a size that exists, in a quiet zone of two light modules."""
    size = len(code)
    assert all(len(row) == size for row in code), 'not square'
    assert (size - 2 * QUIET_ZONE - 17) % 4 == 0, size
    for i in range(size):
        for edge in list(range(QUIET_ZONE)) + list(range(size - QUIET_ZONE, size)):
            assert not code[edge][i] and not code[i][edge], 'quiet zone'


def scan(code):
    """What a scanner reads. A wider white border than a terminal's stands for the paper around it."""
    if shutil.which('zbarimg') is None:
        raise common.Skip('zbarimg (package zbar-tools) is not installed')
    scale, border = 6, 4
    size = (len(code) + 2 * border) * scale
    rows = []
    for y in range(size):
        line = []
        for x in range(size):
            i, j = y // scale - border, x // scale - border
            inside = 0 <= i < len(code) and 0 <= j < len(code)
            line.append('0' if inside and code[i][j] else '255')
        rows.append(' '.join(line))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'code.pgm')
        with open(path, 'w') as image:
            image.write('P2\n%d %d\n255\n%s\n' % (size, size, '\n'.join(rows)))
        done = subprocess.run(['zbarimg', '--quiet', '--raw', path], capture_output=True,
                              timeout=common.LIMIT)
    assert done.returncode == 0, done
    return done.stdout.decode().rstrip('\n')
