# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""pcscd -f -d loads the driver and says so; both slots are there, under the names people hard-code."""
import harness
import winscard


def run(t):
    pcscd = t.pcscd()
    line = pcscd.wait_line('Attempting startup of Virtual PCD')
    harness.contains(line, harness.DRIVER)
    pcscd.wait_line('Waiting for virtual ICC on port 35963')
    pcscd.wait_line('Waiting for virtual ICC on port 35964')
    context = winscard.Context()
    harness.equal(context.readers(), [harness.READER_0, harness.READER_1])
    for reader in context.readers():
        context.wait(reader, winscard.EMPTY)


harness.main(run, ['driver'])
