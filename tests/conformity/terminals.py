# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regular chains of BSI TR-03105-3.3, section 2.4, by which terminals show what they may: a certificate of a document
verifier and one of a terminal. Numbers are those of the certificates there."""
import functools

import eid
from terminal import oids
from terminal.tlv import tlv

AT_VERIFIERS = {
    '17': ('dv domestic', '00400001FF'), '18': ('dv foreign', '00400000FF'), '24': ('dv domestic', '0000000004'),
}
AT_TERMINALS = {
    '17a': '0000000110', '17b': '0000000030', '17c': '0000000004', '17d': '0000000080', '17e': '0000000040',
    '17f': '0000000001', '17g': '0000000002', '17h': '0000000018', '17j': '0000000003',
    '18c': '0000000004', '18f': '0000000001', '18g': '0000000002', '24': '0000000004',
}


@functools.lru_cache(None)
def chain(kind, verifier, terminal, role='dv domestic', extensions=b''):
    """verifier, terminal: their rights, in hexadecimal. extensions: inside 65, of the terminal's certificate."""
    more = {'extensions': tlv(0x65, extensions)} if extensions else {}
    return eid.chain(eid.root(kind), kind, {'rights': bytes.fromhex(verifier), 'role': role},
                     {'rights': bytes.fromhex(terminal), **more})


def at(verifier, terminal, extensions=b''):
    """DV_CERT_verifier and AT_CERT_terminal."""
    role, rights = AT_VERIFIERS[verifier]
    return chain(oids.AT, rights, AT_TERMINALS[terminal], role, extensions)
