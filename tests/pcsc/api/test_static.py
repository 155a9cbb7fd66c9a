# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An application is linked with libpcsclite.a alone, and works. Usage: test_static.py LIBRARY HEADERS COMPILER..."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main(library, headers, *compiler):
    with tempfile.TemporaryDirectory() as work:
        made = os.path.join(work, 'application')
        subprocess.run(list(compiler) + ['-I', headers, os.path.join(HERE, 'static.c'), library, '-pthread', '-o', made],
                       check=True)
        subprocess.run([made], check=True)


main(*sys.argv[1:])
