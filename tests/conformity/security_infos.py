# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SecurityInfos one by one, as units LDS_E, LDS_I and LDS_K of ICAO's plan examine them (Doc 9303-11, 9.2)."""
from passports import objects, one_object, strict
from terminal import oids
from terminal.domains import DOMAINS
from terminal.errors import check
from terminal.security_info import public_key
from terminal.tlv import dotted

OID, INTEGER, SEQUENCE, SET = 0x06, 0x02, 0x30, 0x31


def infos_of(data):
    """[(protocol, the rest)] of a SET in DER."""
    found = []
    for info in objects(strict(one_object(data, SET, 'SecurityInfos')).value):
        check(info.tag == SEQUENCE, 'object %X is no SecurityInfo', info.tag)
        name, *rest = info.children()
        check(name.tag == OID, 'a SecurityInfo without a protocol')
        found.append((dotted(name.value), rest))
    return found


def those(data, protocol, arcs):
    """The infos whose protocol has so many arcs more than this."""
    depth = protocol.count('.') + arcs
    return [(name, rest) for name, rest in infos_of(data) if name.startswith(protocol + '.') and name.count('.') == depth]


def number(node, what):
    check(node.tag == INTEGER and node.integer() >= 0, '%s is %s', what, node)
    return node.integer()


def key_id(rest):
    """Of infos whose last part it is, if they have it."""
    check(len(rest) <= 2, 'parts %s', rest)
    return number(rest[1], 'key') if len(rest) == 2 else None


def pace_info(name, rest):
    """PACEInfo: a protocol that there is, version 2, standardized domain parameters of its kind; returns the parameters."""
    kind, cipher = (int(arc) for arc in name.split('.')[-2:])
    check(kind in oids.MAPPINGS and 1 <= cipher <= 4, 'protocol %s', name)
    check(number(rest[0], 'version') == 2, 'version')
    check(len(rest) == 2, 'no domain parameters')
    parameter = number(rest[1], 'domain parameters')
    check(parameter in DOMAINS and DOMAINS[parameter].kind == oids.MAPPINGS[kind][1], 'domain parameters %d', parameter)
    return parameter


def chip_auth_info(name, rest):
    kind, cipher = (int(arc) for arc in name.split('.')[-2:])
    check(kind in (1, 2) and 1 <= cipher <= 4, 'protocol %s', name)
    check(number(rest[0], 'version') == 1, 'version')
    return ('dh', 'ecdh')[kind - 1], key_id(rest)


def chip_key_info(name, rest):
    """ChipAuthenticationPublicKeyInfo: the key is one of its group."""
    check(rest[0].tag == SEQUENCE, 'no SubjectPublicKeyInfo')
    group, _ = public_key(rest[0])
    check({'dh': '1', 'ecdh': '2'}[group.kind] == name.split('.')[-1], 'protocol %s with a key of %s', name, group.kind)
    return group.kind, key_id(rest)
