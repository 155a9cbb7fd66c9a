# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SecurityInfos: what EF.CardAccess, EF.CardSecurity and DG14 say of the chip (Doc 9303-11, 9.2; TR-03110-3,
A.1), and public keys as SubjectPublicKeyInfo."""
from . import oids
from .ciphers import SUITES
from .domains import DOMAINS, NAMED_CURVES
from .errors import ProtocolError, check
from .groups import Dh, Ec
from .tlv import dotted, oid, one

EC_PUBLIC_KEY, DH_PUBLIC_NUMBER, DH_PKCS3 = '1.2.840.10045.2.1', '1.2.840.10046.2.1', '1.2.840.113549.1.3.1'


def known(group):
    """The standardized group that is the same as this one; explicit parameters must be of such a one."""
    for number, other in DOMAINS.items():
        if type(other) is type(group) and other.same(group):
            return other
    raise ProtocolError('domain parameters that no standard knows (p = %X)' % group.p)


def ec_parameters(node):
    """ECParameters, explicit, or the name of a curve."""
    if node.tag == 0x06:
        number = NAMED_CURVES.get(dotted(node.value))
        check(number, 'unknown curve %s', dotted(node.value))
        return DOMAINS[number]
    version, field, curve, base, order, *cofactor = node.children()
    kind, p = field.children()
    check(dotted(kind.value) == '1.2.840.10045.1.1', 'not a prime field: %s', dotted(kind.value))
    check(not cofactor or cofactor[0].integer() == 1, 'cofactor is not 1')
    p, n = p.integer(), order.integer()
    a, b = (int.from_bytes(part.value, 'big') for part in curve.children()[:2])
    size = (p.bit_length() + 7) // 8
    check(len(base.value) == 1 + 2 * size and base.value[0] == 4, 'base point is not uncompressed')
    x, y = (int.from_bytes(c, 'big') for c in (base.value[1:1 + size], base.value[1 + size:]))
    return known(Ec(p, a, b, x, y, n))


def algorithm_group(node):
    """The group of an AlgorithmIdentifier."""
    algorithm, *parameters = node.children()
    name = dotted(algorithm.value)
    check(len(parameters) == 1, 'AlgorithmIdentifier %s has no parameters', name)
    if name == oids.STANDARDIZED:
        number = parameters[0].integer()
        check(number in DOMAINS, 'no standardized domain parameters %d', number)
        return DOMAINS[number]
    if name == EC_PUBLIC_KEY:
        return ec_parameters(parameters[0])
    numbers = [part.integer() for part in parameters[0].children() if part.tag == 0x02]
    if name == DH_PUBLIC_NUMBER:
        return known(Dh(*numbers[:3]))
    check(name == DH_PKCS3, 'unknown algorithm of a public key: %s', name)
    return known(Dh(numbers[0], numbers[1], None))


def public_key(spki):
    """(group, element) of a SubjectPublicKeyInfo with a key of a group."""
    algorithm, key = spki.children()
    group = algorithm_group(algorithm)
    check(key.tag == 0x03 and key.value[:1] == b'\0', 'bad BIT STRING')
    octets = key.value[1:]
    if group.kind == 'dh':
        octets = one(octets, 0x02, 'DH public key').value.lstrip(b'\0')
    return group, group.decode(octets)


class PaceInfo:
    def __init__(self, protocol, parameter, group):
        arcs = dotted(protocol).split('.')
        self.oid, self.parameter, self.group = protocol, parameter, group
        check(len(arcs) == 11 and int(arcs[-2]) in oids.MAPPINGS and int(arcs[-1]) in SUITES,
              'unknown PACE protocol %s', dotted(protocol))
        self.mapping, self.kind = oids.MAPPINGS[int(arcs[-2])]
        self.suite = SUITES[int(arcs[-1])]
        check(self.mapping != 'cam' or self.suite.number != 1, 'PACE-CAM with 3DES')
        check(group.kind == self.kind, 'PACE %s with a group of %s', self.kind, group.kind)

    def __repr__(self):
        return 'pace-%s:%s:%s' % (self.mapping, self.parameter, self.suite.name)


class ChipAuthInfo:
    def __init__(self, protocol, version, key_id):
        arcs = [int(arc) for arc in dotted(protocol).split('.')]
        self.oid, self.version, self.key_id = protocol, version, key_id
        self.kind = {1: 'dh', 2: 'ecdh', 3: 'ecdh'}[arcs[-2]]
        self.suite = SUITES[arcs[-1]]

    def __repr__(self):
        return 'ca%d:%s:%s' % (self.version, self.kind, self.suite.name)


class ChipKey:
    """A static public key of the chip."""

    def __init__(self, spki, key_id):
        self.key_id = key_id
        self.group, self.element = public_key(spki)


class SecurityInfos:
    """pace, chip_auth, chip_keys, terminal_auth (versions), active_auth (signature algorithm), others
    {protocol: [nodes]}."""

    def __init__(self, data):
        self.pace, self.chip_auth, self.chip_keys, self.terminal_auth = [], [], [], []
        self.active_auth, self.others, self.domains = None, {}, dict(DOMAINS)
        self.raw = [node.raw for node in one(data, 0x31, 'SecurityInfos').children()]
        infos = [one(raw, 0x30, 'SecurityInfo').children() for raw in self.raw]
        for name, parts in [(dotted(info[0].value), info[1:]) for info in infos]:
            self._domain(name, parts)
        for name, parts in [(dotted(info[0].value), info[1:]) for info in infos]:
            self._info(name, parts)

    def _domain(self, name, parts):
        """PACEDomainParameterInfo: explicit parameters under a number of the chip's own."""
        if name.startswith(oids.PACE + '.') and name.count('.') == oids.PACE.count('.') + 1:
            number = parts[1].integer() if len(parts) > 1 else None
            check(number not in DOMAINS, 'explicit domain parameters with the standardized number %s', number)
            self.domains[number] = algorithm_group(parts[0])

    def _info(self, name, parts):
        depth = name.count('.') - oids.PACE.count('.')
        value = oid(name)
        if name.startswith(oids.PACE + '.') and depth == 2:
            check(parts[0].integer() == 2, 'PACEInfo of version %d', parts[0].integer())
            number = parts[1].integer() if len(parts) > 1 else None
            check(number in self.domains, 'PACEInfo names the domain parameters %s, which are not there', number)
            self.pace.append(PaceInfo(value, number, self.domains[number]))
        elif name.startswith(oids.CA + '.') and depth == 2:
            self.chip_auth.append(ChipAuthInfo(value, parts[0].integer(), optional(parts)))
        elif name.startswith(oids.PK + '.') and depth == 1:
            self.chip_keys.append(ChipKey(parts[0], optional(parts)))
        elif name == oids.TA:
            self.terminal_auth.append(parts[0].integer())
        elif name == oids.AA:
            check(parts[0].integer() == 1, 'ActiveAuthenticationInfo of version %d', parts[0].integer())
            self.active_auth = dotted(parts[1].value)
        else:
            self.others.setdefault(name, []).append(parts)

    def chip_key(self, info):
        """The key that a ChipAuthInfo goes with."""
        found = [key for key in self.chip_keys if key.group.kind == info.kind and info.key_id in (None, key.key_id)]
        check(len(found) == 1, '%d keys for %s with key %s', len(found), info, info.key_id)
        return found[0]


def optional(parts):
    return parts[1].integer() if len(parts) > 1 else None
