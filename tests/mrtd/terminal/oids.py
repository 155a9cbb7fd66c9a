# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Object identifiers (Doc 9303-10, -11, -12; TR-03110-3, A)."""

BSI = '0.4.0.127.0.7.'
PK, TA, CA, PACE, RI = (BSI + '2.2.' + n for n in ('1', '2', '3', '4', '5'))
CARD_INFO, EID_SECURITY, PT, PSA = (BSI + '2.2.' + n for n in ('6', '7', '8', '11'))
STANDARDIZED = BSI + '1.2'
PLAIN_ECDSA = BSI + '1.1.4.1'
ROLES = BSI + '3.1.2'
IS, AT, ST = (ROLES + n for n in ('.1', '.2', '.3'))
SECURITY_OBJECT = BSI + '3.2.1'
EXTENSIONS = BSI + '3.1.3'

ICAO = '2.23.136.1.1.'
LDS_SECURITY_OBJECT = ICAO + '1'
AA = ICAO + '5'
DOCUMENT_TYPE_LIST = ICAO + '6.2'
MASTER_LIST_SIGNER = ICAO + '3'

HASHES = {
    '1.3.14.3.2.26': 'sha1', '2.16.840.1.101.3.4.2.4': 'sha224', '2.16.840.1.101.3.4.2.1': 'sha256',
    '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512',
}
MAPPINGS = {1: ('gm', 'dh'), 2: ('gm', 'ecdh'), 3: ('im', 'dh'), 4: ('im', 'ecdh'), 6: ('cam', 'ecdh')}
