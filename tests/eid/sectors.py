# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal's side of Restricted Identification, Chip Authentication 3 and pseudonymous signatures (BSI TR-03110-2,
3.1.6 and 3.5 to 3.7; TR-03110-3, A.4 to A.6, B.2, B.4, B.5, C.3.2, D.3)."""
import hashlib

import eid
from eid import ALL
import common
from general_procedure import Procedure, chat
from terminal import oids, pace
from terminal.domains import DOMAINS
from terminal.errors import check
from terminal.sm import SecureMessaging
from terminal.tlv import dotted, oid, one, tlv, unsigned

RI_HASHES = {1: 'sha1', 2: 'sha224', 3: 'sha256', 4: 'sha384', 5: 'sha512'}
PS = oids.BSI + '2.2.11'
PSA, PSM, PSC = (PS + '.%d.2.3' % n for n in (1, 2, 3))
PS_KEY = oids.PK + '.3.2'
PS_KEY_TYPE = oids.BSI + '1.1.2.3'
SECTOR, PS_SECTOR = oids.EXTENSIONS + '.2', oids.EXTENSIONS + '.3'
EID_ACCESS, SPECIAL_FUNCTIONS = oids.AT + '.1', oids.AT + '.2'
PSM_MESSAGE = oids.BSI + '3.1.4.4'
BP256 = DOMAINS[13]


class Sector:
    """A key pair of a sector. protocol: of Restricted Identification."""

    def __init__(self, group, protocol):
        self.group, self.protocol = group, protocol
        self.private = group.random()
        self.public = group.power(self.private, group.generator)

    def objects(self):
        """What is inside 7F49, A0 and A2."""
        g, head = self.group, tlv(0x06, oid(self.protocol))
        if g.kind == 'dh':
            return head + tlv(0x81, unsigned(g.p)) + tlv(0x82, unsigned(g.q)) + tlv(0x83, unsigned(g.generator)) + tlv(
                0x84, g.encode(self.public))
        return head + tlv(0x81, unsigned(g.p)) + tlv(0x82, unsigned(g.a)) + tlv(0x83, unsigned(g.b)) + tlv(
            0x84, g.encode(g.generator)) + tlv(0x85, unsigned(g.n)) + tlv(0x86, g.encode(self.public)) + tlv(0x87, b'\1')

    def hash(self, digest='sha256'):
        return hashlib.new(digest, tlv(0x7F49, self.objects())).digest()

    def identifier(self, private):
        """What a card with this private key has to answer."""
        secret = self.group.secret(private, self.public)
        return hashlib.new(RI_HASHES[int(self.protocol.split('.')[-1])], secret).digest()


def sector_extension(*hashes):
    objects = b''.join(tlv(tag, value) for tag, value in zip((0x80, 0x81), hashes))
    return tlv(0x73, tlv(0x06, oid(SECTOR)), objects)


def ps_sector_extension(*pairs):
    """pairs: number of the domain parameters, encoded point."""
    objects = [tlv(0xA0, tlv(0x80, bytes([number])), tlv(0x81, hashlib.sha256(point).digest())) for number, point in pairs]
    return tlv(0x73, tlv(0x06, oid(PS_SECTOR)), *objects)


def authorization(name, bits, size):
    return tlv(0x73, tlv(0x06, oid(name)), tlv(0x53, bits.to_bytes(size, 'big')))


def set_at(card, protocol, key):
    card.command('002241A4', tlv(0x80, oid(protocol)) + tlv(0x84, bytes([key])))


def identify(card, protocol, key, first=None, second=None):
    """Restricted Identification; sectors are sent as A0 and A2, one command each."""
    set_at(card, protocol, key)
    found = []
    for sector, tag, answer_tag in ((first, 0xA0, 0x81), (second, 0xA2, 0x83)):
        if sector is not None:
            answer = card.command('00860000', tlv(0x7C, tlv(tag, sector.objects())), ne=256, extended=True)
            found.append(one(one(answer, 0x7C).value, answer_tag, 'the identifier').value)
    return found


class PsKey:
    """PSPublicKeyInfo with the group manager's key."""

    def __init__(self, parts):
        algorithm, bits = parts[0].children()[0].children() if parts[0].children()[0].tag == 0x30 and len(
            parts[0].children()) == 1 else parts[0].children()
        name, parameters = algorithm.children()
        check(dotted(name.value) == PS_KEY_TYPE, 'key of type %s', dotted(name.value))
        domain, manager = parameters.children()
        self.group = eid.security_info.algorithm_group(domain)
        self.manager = self.group.decode(manager.value)
        self.public = self.group.decode(bits.value[1:])
        options = {node.tag: node.value for node in parts[1].children()}
        self.key_id = int.from_bytes(options[0x82], 'big')


class Signature:
    """What a card answers to PSA, PSM or PSC: pseudonyms and signature; checked with verify()."""

    def __init__(self, group, objects):
        nodes = eid.parse(objects)
        tags = [node.tag for node in nodes]
        check(tags == sorted(set(tags)) and set(tags) <= {0x82, 0x83, 0x84} and 0x84 in tags, 'objects %s', tags)
        values = {node.tag: node.value for node in nodes}
        self.group = group
        self.pseudonyms = [group.decode(values[tag]) if tag in values else None for tag in (0x82, 0x83)]
        self.octets = values[0x84]

    def verify(self, key, sector, protocol, message, digest='sha256'):
        """PVerify (TR-03110-2, 3.1.6.2); sector: its public point."""
        g = self.group
        size, length = g.order_size, hashlib.new(digest).digest_size
        check(len(self.octets) == length + 2 * size, 'a signature of %d bytes', len(self.octets))
        c_octets = self.octets[:length]
        c = int.from_bytes(c_octets, 'big')
        s = [int.from_bytes(self.octets[length + i * size:length + (i + 1) * size], 'big') for i in (0, 1)]
        check(all(0 < x < g.n for x in s), 's1 or s2 out of range')

        def total(*pairs):
            result = None
            for point, factor in pairs:
                result = g.combine(result, g.power(factor % g.n, point))
            return result

        octets = g.compress(total((key.public, c), (g.generator, s[0]), (key.manager, s[1])))
        for pseudonym, factor in zip(self.pseudonyms, s):
            if pseudonym is not None:
                octets += g.compress(pseudonym) + g.compress(total((pseudonym, c), (sector, factor)))
        octets += g.compress(sector) + tlv(0x06, oid(protocol)) + message
        check(hashlib.new(digest, octets).digest() == c_octets, 'wrong pseudonymous signature')


class ChipAuth3:
    """One run after terminal authentication, with the ephemeral key that the terminal has signed."""

    def __init__(self, procedure, info):
        self.card, self.procedure, self.info, self.group = procedure.card, procedure, info, procedure.group
        self.agreed = None

    def agree(self, octets=None):
        set_at(self.card, dotted(self.info.oid), self.info.key_id)
        point = self.group.power(self.procedure.sk, self.group.generator)
        octets = self.group.encode(point) if octets is None else octets
        answer = self.card.command('00860000', tlv(0x7C, tlv(0x80, octets)), ne=256)
        self.agreed = one(one(answer, 0x7C).value, 0x81, 'the answer').raw
        element = self.group.decode(one(self.agreed, 0x81).value)
        self.card.sm = SecureMessaging.derived(self.info.suite, self.group.secret(self.procedure.sk, element))
        return self

    def pseudonyms(self, key, sector):
        """PSA; sector: a point. The verified answer."""
        set_at(self.card, PSA, self.info.key_id)
        answer = self.card.command('00860000', tlv(0x7C, tlv(0x80, key.group.encode(sector))), ne=256)
        signature = Signature(key.group, one(answer, 0x7C).value)
        signature.verify(key, sector, PSA, self.agreed)
        return signature


def sign(card, protocol, key, sector, message=None, files=None):
    """PSM with a message, PSC with file identifiers; the answer, not verified."""
    reference = tlv(0xE1, tlv(0x80, b''.join(fid.to_bytes(2, 'big') for fid in files))) if files is not None else b''
    card.command('002241B6', tlv(0x80, oid(protocol)) + reference + tlv(0x84, bytes([key.key_id])))
    data = tlv(0x80, key.group.encode(sector)) + (tlv(0x81, message) if message is not None else b'')
    answer = card.command('002B0200', tlv(0x73, data), ne=256)
    return Signature(key.group, one(answer, 0x73).value)


# Terminals and the procedure

def own_root(*extensions):
    """An authority that grants what the extensions say."""
    key = eid.key_like(eid.root())
    maker = eid.Holder(b'UTOWNCVCA00001', key)
    more = {'extensions': tlv(0x65, *extensions)} if extensions else {}
    return maker.issue(maker.name, key, 'cvca', eid.octets(oids.AT, ALL[oids.AT]), eid.DATES, kind=oids.AT, **more)


def granting(special, groups=0):
    """Authorization extensions. groups: numbers of data groups that may be signed."""
    bits = sum(1 << 21 + number for number in groups) if groups else 0
    return (authorization(EID_ACCESS, bits, 6), authorization(SPECIAL_FUNCTIONS, special, 1))


def point():
    return BP256.power(BP256.random(), BP256.generator)


def ps_terminal(*points, rights=ALL[oids.AT], authority=None, authorizations=()):
    """A terminal with these sectors for pseudonymous signatures."""
    pairs = [(13, BP256.encode(one)) for one in points]
    both = {'extensions': tlv(0x65, *authorizations)} if authorizations else {}
    return eid.chain(authority or eid.root(), dv=dict(both), terminal={
        'rights': rights, 'extensions': tlv(0x65, ps_sector_extension(*pairs), *authorizations)})


class Third(Procedure):
    """The procedure with version 3."""

    def start(self, reference=pace.PIN, rights=ALL[oids.AT], aux=b'', extensions=b''):
        self.card.reset()
        self.read_card_access()
        self.info = next(info for info in self.access.chip_auth if info.version == 3)
        self.pace = pace.Pace(self.card, self.access.pace[0], reference, eid.PASSWORDS[reference],
                              chat=chat(oids.AT, rights), extensions=extensions).run()
        self.authenticate_terminal(aux)
        data = eid.lds.read(self.card, eid.lds.CARD_SECURITY, short=True)
        contents = eid.support.signed.card_security(data, eid.CSCA)
        self.security = eid.security_info.SecurityInfos(contents)
        self.key = PsKey(self.security.others[PS_KEY][0])
        common.equal(self.key.key_id, self.info.key_id)
        return self

    def agreed(self):
        self.run = ChipAuth3(self, self.info).agree()
        return self
