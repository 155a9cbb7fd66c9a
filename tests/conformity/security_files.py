# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EF.CardAccess, EF.CardSecurity and EF.ChipSecurity: the types of their SecurityInfos (TR-03110-3, A.1.1, A.6.1), and what
the units EAC2_DATA_A, B and C of BSI TR-03105-3.3 have in common."""
import functools
import tempfile

import eid
from asn1 import BITS, BOOLEAN, IA5, OCTETS, PRINTABLE, UTF8, Any, Choice, Many, Optional, Sequence, Tagged, integer, name, \
    octets, whole
from terminal import lds, oids, pace, security_info, signed
from terminal.domains import DOMAINS
from terminal.tlv import dotted, oid, one, parse, tlv

CHIP_SECURITY = 0x011B
INTEGER = integer()
KEYS = {'chip': {0x41, 0x45, 0x46}, 'sector': {0x43, 0x44}}  # what the card says of itself (docs/npa.md)
PACE_PARAMETER = 13


class Algorithm(Sequence):
    """AlgorithmIdentifier of domain parameters: a standardized number, or parameters that the terminal can use."""

    def __init__(self):
        super().__init__(name(oids.STANDARDIZED, security_info.EC_PUBLIC_KEY, security_info.DH_PUBLIC_NUMBER), Any())

    def inside(self, node):
        super().inside(node)
        algorithm, parameters = node.children()
        if dotted(algorithm.value) == oids.STANDARDIZED:
            integer(*DOMAINS).check(parameters)
        security_info.algorithm_group(node)


class PublicKey(Sequence):
    """SubjectPublicKeyInfo of Chip Authentication: a point of the curve, or a number of the group."""

    def __init__(self):
        super().__init__(Algorithm(), BITS)

    def inside(self, node):
        super().inside(node)
        security_info.public_key(node)


FILE_ID = Sequence(octets(2), Optional(octets(1)))
TERMINAL_TYPE = Sequence(name(), Optional(Many(0x31, name())))
CARD_DATA = Choice(FILE_ID, Tagged(0xA0, Sequence(
    Optional(Tagged(0xA0, FILE_ID)), Optional(Tagged(0x81, UTF8)), Optional(Tagged(0xA2, Many(0x31, TERMINAL_TYPE))),
    Optional(Tagged(0x83, INTEGER)), Optional(Tagged(0x84, BOOLEAN)))))
AUTH_INFO = Sequence(integer(1), integer(0, 1, 2), integer(0, 1, 2))
PS_KEY = Sequence(Sequence(Sequence(name(oids.BSI + '1.1.2.3'), Sequence(Algorithm(), OCTETS)), BITS))
HASHES = Sequence(Sequence(name(*oids.HASHES), Optional(Any())), Many(0x30, Sequence(INTEGER, OCTETS)))


def arcs(first, *ranges):
    """The object identifiers below the first one, by the values of the next arcs."""
    names = [first]
    for values in ranges:
        names = ['%s.%d' % (one, value) for one in names for value in values]
    return names


def kinds():
    """{name: (object identifiers, type)}"""
    table = {
        'PACEInfo': (arcs(oids.PACE, (1, 2, 3, 4, 6), (1, 2, 3, 4)), (integer(2), Optional(INTEGER))),
        'PACEDomainParameterInfo': (arcs(oids.PACE, (1, 2, 3, 4, 6)), (Algorithm(), Optional(INTEGER))),
        'ChipAuthenticationInfo': (arcs(oids.CA, (1, 2), (1, 2, 3, 4)), (integer(1, 2, 3), Optional(INTEGER))),
        'ChipAuthenticationDomainParameterInfo': (arcs(oids.CA, (1, 2)), (Algorithm(), Optional(INTEGER))),
        'ChipAuthenticationPublicKeyInfo': (arcs(oids.PK, (1, 2)), (PublicKey(), Optional(INTEGER))),
        'TerminalAuthenticationInfo': ([oids.TA], (integer(2),)),
        'RestrictedIdentificationInfo': (arcs(oids.RI, (1, 2), (1, 2, 3, 4, 5)),
                                         (Sequence(integer(1), INTEGER, BOOLEAN), Optional(INTEGER))),
        'RestrictedIdentificationDomainParameterInfo': (arcs(oids.RI, (1, 2)), (Algorithm(),)),
        'CardInfo': ([oids.CARD_INFO], (IA5, Optional(CARD_DATA))),
        'EIDSecurityInfo': ([oids.EID_SECURITY], (HASHES, Optional(Sequence(PRINTABLE, PRINTABLE)))),
        'PSPublicKeyInfo': ([oids.PK + '.3.2'], (PS_KEY, Optional(Sequence(
            Optional(Tagged(0x81, INTEGER)), Optional(Tagged(0x82, INTEGER)))))),
    }
    for number, kind in enumerate(('PSAInfo', 'PSMInfo', 'PSCInfo'), 1):
        table[kind] = arcs(oids.PSA, (number,), (2,), (3, 4, 5)), (AUTH_INFO, Optional(INTEGER))
    return {kind: (names, Sequence(name(*names), *members)) for kind, (names, members) in table.items()}


class Infos(Sequence):
    """Any SecurityInfo that we know."""

    def inside(self, node):
        kind = kind_of(node)
        assert kind, 'unknown SecurityInfo %s' % node
        KINDS[kind][1].inside(node)


KINDS = kinds()
INFO = Infos()
KINDS['PrivilegedTerminalInfo'] = [oids.PT], Sequence(name(oids.PT), Many(0x31, INFO, 1))
INFOS = Many(0x31, INFO, 1)


def kind_of(node):
    protocol = dotted(node.children()[0].value)
    return next((kind for kind, (names, _) in KINDS.items() if protocol in names), None)


class File:
    """The SecurityInfos of one file; of(kind) are those of a kind."""

    def __init__(self, data):
        self.data, self.nodes = data, one(data, 0x31).children()

    def of(self, kind):
        return [node for node in self.nodes if kind_of(node) == kind]

    def ids(self, kind):
        """parameterId or keyId of each; None: it has none."""
        return [number(node) for node in self.of(kind)]


def number(node):
    third = node.children()[2:]
    return third[0].integer() if third else None


def protocol(node):
    return node.children()[0].value


def fits(general, special):
    """An object identifier is that of a kind of the other's protocols: the last arcs tell the kind of key agreement."""
    return dotted(general).split('.')[-1] == dotted(special).split('.')[oids.CA.count('.') + 1]


# Cards and their files

def tells_privately(access):
    """An EF.CardAccess with what is for privileged terminals in PrivilegedTerminalInfo (A.1.2.1)."""
    nodes = parse(one(access, 0x31).value)
    private = [node.raw for node in nodes if len(node.children()) > 2 and number(node) == 0x45]
    rest = [node.raw for node in nodes if node.raw not in private]
    inner = tlv(0x30, tlv(0x06, oid(oids.PT)), tlv(0x31, *sorted(private)))
    return tlv(0x31, *sorted(rest + [inner]))


def read(*options):
    """EF.CardAccess, EF.CardSecurity and EF.ChipSecurity of a card, as a privileged terminal reads them."""
    with eid.new_card(*options) as card:
        access = lds.read(card, lds.CARD_ACCESS, short=True)
        eid.Procedure(card, eid.specimen(oids.IS)).enter(pace.CAN).authenticate_terminal()
        return [access] + [lds.read(card, fid, short=True) for fid in (lds.CARD_SECURITY, CHIP_SECURITY)]


@functools.lru_cache(None)
def cards():
    """{name: files}: the default card, one with pseudonyms, one whose EF.CardAccess has PrivilegedTerminalInfo."""
    found = {'default': read(), 'pseudonyms': read('--pseudonyms')}
    with tempfile.TemporaryDirectory() as folder:
        found['private'] = read('--ef-cardaccess', eid.file_in(folder, 'access', tells_privately(found['default'][0])))
    return found


def verified(data):
    """The SecurityInfos of EF.CardSecurity or EF.ChipSecurity, whose signature is verified."""
    return File(signed.card_security(data, eid.CSCA))


# The cases that all three files have

def security_infos(file, *kinds_there):
    """Case 1: the syntax of them all, and which are there."""
    whole(INFOS, file.data)
    for kind in kinds_there:
        assert file.of(kind), 'no ' + kind


def check(file, kind):
    for node in file.of(kind):
        KINDS[kind][1].check(node)


def pace_infos(file):
    """Case 2."""
    check(file, 'PACEInfo')
    assert file.ids('PACEInfo') == [PACE_PARAMETER], file.ids('PACEInfo')


def chip_auth_infos(file):
    """Case 4."""
    check(file, 'ChipAuthenticationInfo')
    ids = file.ids('ChipAuthenticationInfo')
    assert set(ids) <= KEYS['chip'] and len(set(ids)) == len(ids), ids


def chip_auth_domains(file):
    """Case 5."""
    check(file, 'ChipAuthenticationDomainParameterInfo')
    for node in file.of('ChipAuthenticationDomainParameterInfo'):
        partners = [info for info in file.of('ChipAuthenticationInfo') if number(info) == number(node)]
        assert partners and all(fits(protocol(node), protocol(info)) for info in partners), node


def terminal_auth_infos(file):
    """Case 6."""
    check(file, 'TerminalAuthenticationInfo')


def card_infos(file):
    """Case 7."""
    check(file, 'CardInfo')
    assert len(file.of('CardInfo')) == 1, 'CardInfo %d times' % len(file.of('CardInfo'))


def chip_keys(file):
    """Case 8 of the signed files."""
    check(file, 'ChipAuthenticationPublicKeyInfo')
    for node in file.of('ChipAuthenticationPublicKeyInfo'):
        assert number(node) in KEYS['chip'], node
        for kind in ('ChipAuthenticationInfo', 'ChipAuthenticationDomainParameterInfo'):
            partners = [info for info in file.of(kind) if number(info) == number(node)]
            wanted = oid('%s.%s' % (oids.CA, dotted(protocol(node)).split('.')[-1]))
            assert partners and all(protocol(info).startswith(wanted) for info in partners), '%s: no %s' % (node, kind)


def sector_infos(file):
    """Case 9 of the signed files."""
    check(file, 'RestrictedIdentificationInfo')
    params = [node.children()[1].children() for node in file.of('RestrictedIdentificationInfo')]
    found = {key.integer(): only.value != b'\0' for version, key, only in params}
    assert found == {0x43: True, 0x44: False}, found


def sector_domain(file):
    """Case 10 of the signed files."""
    nodes = file.of('RestrictedIdentificationDomainParameterInfo')
    assert len(nodes) == 1, '%d domain parameters of Restricted Identification' % len(nodes)
    check(file, 'RestrictedIdentificationDomainParameterInfo')
