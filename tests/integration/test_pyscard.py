# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""pyscard, unmodified: readers(), a connection, its ATR, commands short and extended."""
import harness
import winscard


def run(t):
    from smartcard.System import readers
    from smartcard.util import toHexString

    t.pcscd()
    t.vicc_at(winscard.Context(), harness.READER_0)
    names = [str(reader) for reader in readers()]
    harness.equal(names, [harness.READER_0, harness.READER_1])
    connection = readers()[0].createConnection()
    connection.connect()
    harness.equal(toHexString(connection.getATR()), '3B 95 13 81 01 80 73 FF 01 00 0B', 'ATR')
    data, sw1, sw2 = connection.transmit([0x00, 0x84, 0x00, 0x00, 0x08])
    harness.equal((len(data), sw1, sw2), (8, 0x90, 0x00), 'GET CHALLENGE')
    data, sw1, sw2 = connection.transmit([0x00, 0x84, 0x00, 0x00, 0x00, 0x7D, 0x00])
    harness.equal((len(data), sw1, sw2), (32000, 0x90, 0x00), 'GET CHALLENGE of 32000')
    data, sw1, sw2 = connection.transmit([0x00, 0xA4, 0x00, 0x0C, 0x02, 0x7F, 0x7F])
    harness.equal((data, sw1, sw2), ([], 0x6A, 0x82), 'SELECT of a file that is not there')
    connection.disconnect()


harness.main(run, ['driver', 'vicc', 'pyscard'])
