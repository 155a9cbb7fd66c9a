# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""opensc-explorer on the generic card: records are appended, shown and changed; a file with an access rule is
read after the PIN has been verified, and not before; opensc-tool -f begins with the MF."""
import os

import harness
import winscard

COMMANDS = """\
apdu 00E000001362118204040100108302500180020040880108
apdu 00E000001662148202010183025002800200048801108C03031010
apdu 00E2000805A102030405
apdu 00E2000803111213
cat 5001
update_record 5001 1 0 BBBB
echo after-update
cat 5001
echo protected
cat 5002
echo verify
verify CHV1 31:32:33:34
cat 5002
echo info
info 5001
cat 2F01
"""


def run(t):
    t.pcscd()
    t.vicc_at(winscard.Context(), harness.READER_0)
    script = os.path.join(t.folder, 'script')
    with open(script, 'w') as file:
        file.write(COMMANDS)
    printed = t.run(['opensc-explorer', '-r', '0', script], status=None)
    created, rest = printed.split('after-update')
    changed, rest = rest.split('protected')
    refused, rest = rest.split('verify', 1)
    allowed, info = rest.split('info', 1)
    harness.equal(created.count('Success!'), 4, created)
    harness.contains(created, '00000000: A1 02 03 04 05')
    harness.contains(changed, '00000000: BB BB')
    harness.contains(changed, '00000000: 11 12 13')
    harness.contains(refused, 'Read failed')
    harness.contains(allowed, 'Code correct')
    harness.contains(allowed, '00000000: 00 00 00 00')
    harness.contains(info, 'Linear variable')
    harness.contains(info, '43 01 D8 47 03 F7 81 FF')
    harness.contains(t.run(['opensc-tool', '-r', '0', '-f'], status=None), '3f00 type: DF')


harness.main(run, ['driver', 'vicc', 'opensc-explorer', 'opensc-tool'])
