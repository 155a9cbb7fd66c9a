# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A card of other make works behind our driver: ATR, short and extended commands, every length."""
import foreign_vpicc
import harness
import winscard


def run(t):
    t.pcscd()
    context = winscard.Context()
    foreign = foreign_vpicc.Foreign()
    harness.equal(context.wait(harness.READER_0, winscard.PRESENT), foreign_vpicc.ATR, 'ATR')
    card = context.connect(harness.READER_0)
    harness.equal(card.transmit(bytes.fromhex('00A4000C023F00')), b'\x90\x00', 'SELECT')
    harness.equal(len(card.transmit(bytes.fromhex('0084000008'))), 10, 'GET CHALLENGE')
    for ne in (1, 2, 255, 256, 257, 4096, 32000, 65533):
        command = (bytes([0, 0xB0, 0, 0, ne % 256]) if ne <= 256 else
                   bytes([0, 0xB0, 0, 0, 0]) + ne.to_bytes(2, 'big'))
        harness.equal(card.transmit(command), foreign_vpicc.counting(0, ne) + b'\x90\x00',
                      'READ BINARY of %d' % ne)
    for nc in (1, 255, 256, 4096, 32000, 65526):
        data = foreign_vpicc.counting(nc, nc)
        command = b'\x80\x0E\0\0\0' + nc.to_bytes(2, 'big') + data + b'\0\0'
        harness.equal(card.transmit(command), data + b'\x90\x00', 'echo of %d' % nc)
    card.disconnect()
    foreign.remove()
    context.wait(harness.READER_0, winscard.EMPTY)


harness.main(run, ['driver'])
