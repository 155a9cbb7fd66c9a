# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restricted Identification (TR-03110-2, 3.6; TR-03110-3, A.1.1.4, A.5, B.4)."""
import hashlib

from . import oids
from .errors import check
from .tlv import dotted, oid, one, parse, tlv

HASHES = {1: 'sha1', 2: 'sha224', 3: 'sha256', 4: 'sha384', 5: 'sha512'}
SECTORS = {0: (0xA0, 0x81), 1: (0xA2, 0x83)}  # public key, identifier


class RestrictedIdInfo:
    """One RestrictedIdentificationInfo."""

    def __init__(self, name, parts):
        version, key_id, only = parts[0].children()
        check(version.integer() == 1, 'restricted identification of version %d', version.integer())
        check(only.tag == 0x01 and only.value in (b'\0', b'\xff'), 'authorizedOnly is %s', only.raw.hex())
        self.oid, self.key_id, self.authorized_only = oid(name), key_id.integer(), only.value != b'\0'


def infos(security):
    """Those of SecurityInfos."""
    depth = oids.RI.count('.') + 2
    return [RestrictedIdInfo(name, parts) for name, found in security.others.items()
            if name.startswith(oids.RI + '.') and name.count('.') == depth for parts in found]


def set_at(card, name, key_id=None):
    reference = tlv(0x84, bytes([key_id])) if key_id is not None else b''
    card.command('002241A4', tlv(0x80, name) + reference)


def identify(card, sectors):
    """The identifiers in sectors {0 or 1: public key as data object 7F49}, in one command."""
    objects = [tlv(SECTORS[i][0], one(key, 0x7F49, 'public key of a sector').value) for i, key in sectors.items()]
    answer = card.command('00860000', tlv(0x7C, *objects), ne=256)
    nodes = parse(one(answer, 0x7C, 'the response of GENERAL AUTHENTICATE').value)
    check([node.tag for node in nodes] == [SECTORS[i][1] for i in sectors], 'identifiers: %s', nodes)
    return {i: node.value for i, node in zip(sectors, nodes)}


def expected(name, group, private, point):
    """The identifier, by whoever knows the chip's private key: H(KA(SK_ID, PK_Sector))."""
    arcs = [int(arc) for arc in dotted(name).split('.')]
    return hashlib.new(HASHES[arcs[-1]], group.secret(private, point)).digest()
