# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regular chains of BSI TR-03105-3.3, section 2.4, by which terminals show what they may: a certificate of a document
verifier and one of a terminal. Numbers are those of the certificates there."""
import functools
import string

import eid
from eid import read_bit, write_bit
from terminal import oids
from terminal.tlv import tlv

OFFICIAL, OTHER = 'dv domestic', 'dv foreign'
# (kind of terminal, role, rights)
VERIFIERS = {
    '1': (oids.IS, OFFICIAL, '03'), '3': (oids.IS, OFFICIAL, '03'), '3a': (oids.IS, OFFICIAL, '3F'),
    '4': (oids.IS, OFFICIAL, '01'), '5': (oids.IS, OFFICIAL, '02'),
    '17': (oids.AT, OFFICIAL, '00400001FF'), '18': (oids.AT, OTHER, '00400000FF'),
    '19': (oids.AT, OFFICIAL, '003FFFFF10'), '19a': (oids.AT, OFFICIAL, '00BFFFFF10'),
    '20': (oids.AT, OTHER, '003FFFFF00'), '21': (oids.AT, OFFICIAL, '3F00000010'), '22': (oids.AT, OTHER, '3F00000000'),
    '24': (oids.AT, OFFICIAL, '0000000004'),
}
TERMINALS = {
    '1': '03', '3a': '01', '3b': '02', '3c': '3D', '4': '03', '5': '03',
    '17a': '0000000110', '17b': '0000000030', '17c': '0000000004', '17d': '0000000080', '17e': '0000000040',
    '17f': '0000000001', '17g': '0000000002', '17h': '0000000018', '17j': '0000000003',
    '18c': '0000000004', '18f': '0000000001', '18g': '0000000002', '19w': '0080000110', '24': '0000000004',
}
# One right each: a to v read DG1 to DG22, a to f write DG17 to DG22; with "CAN allowed" in official sets.
for number, can in (('19', 0x10), ('20', 0)):
    TERMINALS.update({number + letter: '%010X' % (1 << read_bit(group) | can)
                      for group, letter in enumerate(string.ascii_lowercase[:22], 1)})
for number, can in (('21', 0x10), ('22', 0)):
    TERMINALS.update({number + letter: '%010X' % (1 << write_bit(group) | can)
                      for group, letter in enumerate(string.ascii_lowercase[:6], 17)})


@functools.lru_cache(None)
def root(kind):
    return eid.root(kind)


@functools.lru_cache(None)
def key(kind, owner):
    return eid.key_like(root(kind))


def made(kind, verifier, terminal):
    """verifier, terminal: what issue() takes, and rights, role. The keys are the same for each chain of a kind."""
    keys = key(kind, 'verifier'), key(kind, 'terminal')
    return eid.chain(root(kind), kind, {'key': keys[0], **verifier}, {'key': keys[1], **terminal})


def chain(verifier, terminal, extension=b''):
    """DV_CERT_verifier and AT_CERT_terminal or IS_CERT_terminal. extension: a template in the terminal's certificate."""
    kind, role, rights = VERIFIERS[verifier]
    more = {'extensions': tlv(0x65, extension)} if extension else {}
    return made(kind, {'rights': bytes.fromhex(rights), 'role': role},
                {'rights': bytes.fromhex(TERMINALS[terminal]), **more})
