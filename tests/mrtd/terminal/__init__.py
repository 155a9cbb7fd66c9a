# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal for electronic passports and identity cards, written from ICAO Doc 9303-10/-11/-12 and BSI TR-03110
with Debian's python3-cryptography. It is the card's independent judge: it shares no line with it, and nobody
who works on it looks into the card's own protocols.

Reading order: tlv, ciphers, groups (with the table domains); transport, sm, card; mrz, bac, pace, chip_auth,
cvc, terminal_auth, active_auth; security_info, signed, lds. Whatever is wrong is a ProtocolError that says so;
a status word that is not 9000 is a CardError, which is one, too."""
