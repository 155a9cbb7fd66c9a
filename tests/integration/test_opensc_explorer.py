# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""opensc-explorer on the generic card: create, put, get (the same bytes come back), cd, mkdir, rm."""
import os

import harness
import winscard


def run(t):
    t.pcscd()
    t.vicc_at(winscard.Context(), harness.READER_0)
    sent, got = os.path.join(t.folder, 'sent'), os.path.join(t.folder, 'got')
    content = bytes(7 * i % 251 for i in range(700))
    with open(sent, 'wb') as file:
        file.write(content)
    script = os.path.join(t.folder, 'script')
    with open(script, 'w') as file:
        file.write('mkdir 5000 1000\n'
                   'cd 5000\n'
                   'create 5001 700\n'
                   'put 5001 %s\n'
                   'cd ..\n'
                   'cd 5000\n'
                   'get 5001 %s\n'
                   'rm 5001\n'
                   'echo after-rm\n'
                   'info 5001\n' % (sent, got))
    printed = t.run(['opensc-explorer', '-r', '0', script], status=None)
    harness.contains(printed, 'after-rm')
    with open(got, 'rb') as file:
        harness.equal(file.read(), content, 'what get brought back\n' + printed)
    harness.contains(printed.split('after-rm')[-1], 'File not found')


harness.main(run, ['driver', 'vicc', 'opensc-explorer'])
