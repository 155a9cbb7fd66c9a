# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restricted Identification, Chip Authentication 3 and pseudonymous signatures of the identity card. The card's private
keys are read from its image, so that each identifier is computed here as well."""
import hashlib
import json

import eid
import sectors
from eid import ALL, DENIED, OK, PSEUDONYM, RESTRICTED_ID, UNKNOWN, WRONG_DATA
import common
from general_procedure import Procedure
from sectors import BP256, PSA, PSC, PSM, Sector, Third, granting, own_root, point, ps_terminal
from support import refused
from terminal import oids, pace
from terminal.domains import DOMAINS
from terminal.tlv import dotted, oid, tlv, unsigned

RI = oids.RI + '.2.3'
AUTHORIZED, FREE, PS = 0x43, 0x44, 0x46
DATA = WRONG_DATA, UNKNOWN, DENIED, 0x6985, 0x6300


def image(kept):
    with open(kept.path) as file:
        return json.load(file)


def keys(kept):
    """{key id: (private key, second one)}."""
    found = {}
    for key in image(kept)['state']['eac']['keys']:
        texts = [key.get(name, '0') for name in ('private', 'second')]
        found[key['id']] = tuple(int(''.join(text), 16) for text in texts)
    return found


def terminal_of(*hashes, rights=ALL[oids.AT], authority=None, **more):
    """One that belongs to the sectors with these hashes, in this order."""
    extensions = tlv(0x65, sectors.sector_extension(*hashes))
    return eid.chain(authority or eid.root(), terminal={'rights': rights, 'extensions': extensions}, **more)


# Restricted Identification

def test_identifiers():
    """First and second sector, both keys, what they have to be; the same in each session and after a power cut, another
    for each sector and key."""
    one, two = Sector(BP256, RI), Sector(BP256, RI)
    with eid.Kept() as kept:
        private, seen = keys(kept), {}
        for _ in range(2):
            for key in (AUTHORIZED, FREE):
                eid.run(kept.card, terminal_of(one.hash(), two.hash()))
                found = sectors.identify(kept.card, RI, key, one, two)
                common.equal(found, [sector.identifier(private[key][0]) for sector in (one, two)], 'key %X' % key)
                assert len(set(found)) == 2 and seen.setdefault(key, found) == found
                eid.run(kept.card, terminal_of(one.hash(), two.hash()))
                common.equal(sectors.identify(kept.card, RI, key, None, two), found[1:], 'the second sector alone')
            kept.cut()
        assert not set(seen[AUTHORIZED]) & set(seen[FREE])


def test_cards_differ():
    one, found = Sector(BP256, RI), set()
    for _ in range(3):
        with eid.new_card() as card:
            eid.run(card, terminal_of(one.hash()))
            found |= set(sectors.identify(card, RI, FREE, one))
    common.equal(len(found), 3)


def test_rights_to_identify():
    """The key for the authorized asks for the right; for the other no right is needed (TR-03110-4, 2.2.3.2)."""
    one = Sector(BP256, RI)
    with eid.Kept() as kept:
        for rights in (0, 1 << RESTRICTED_ID, ALL[oids.AT] & ~(1 << RESTRICTED_ID)):
            eid.run(kept.card, terminal_of(one.hash(), rights=rights), rights=rights)
            sectors.identify(kept.card, RI, FREE, one)
            if rights >> RESTRICTED_ID & 1:
                sectors.identify(kept.card, RI, AUTHORIZED, one)
            else:
                refused(DENIED, sectors.identify, kept.card, RI, AUTHORIZED, one)


def test_wrong_sectors():
    """A sector that is not the certificate's, in its place, or not as it was hashed, is refused: then the right one
    is answered."""
    one, two, three = (Sector(BP256, RI) for _ in range(3))
    wrong_oid = Sector(BP256, oids.RI + '.2.2')
    wrong_oid.private, wrong_oid.public = one.private, one.public
    off = Sector(BP256, RI)
    off.public = (off.public[0], off.public[1] ^ 1)
    rows = [
        ('a sector of somebody else', (one, two), three, None), ('the sectors exchanged', (one, two), two, one),
        ('the first as the second', (one,), None, one), ('no sector in the certificate', (), one, None),
        ('the protocol of another hash', (one,), wrong_oid, None),
        ('a point off the curve, as certified', (off,), off, None),
    ]
    with eid.Kept() as kept:
        private = keys(kept)[FREE][0]
        for name, certified, first, second in rows:
            eid.run(kept.card, terminal_of(*(sector.hash() for sector in certified)))
            try:
                refused(DATA, sectors.identify, kept.card, RI, FREE, first, second)
            except AssertionError as error:
                raise AssertionError('%s: %s' % (name, error))
            eid.expect(eid.group_status(kept.card, 1), OK, 'DG1 after ' + name)
            eid.run(kept.card, terminal_of(one.hash()))
            common.equal(sectors.identify(kept.card, RI, FREE, one), [one.identifier(private)], name)
        for hashed in (one.hash('sha1'), one.hash()[:-1], one.hash() + b'\0', bytes(32), b''):
            eid.run(kept.card, terminal_of(hashed))
            refused(DATA, sectors.identify, kept.card, RI, FREE, one)


class Weak:
    """A sector with domain parameters that nobody should use; objects as they are sent."""

    def __init__(self, protocol, values):
        self.values = tlv(0x06, oid(protocol)) + b''.join(
            tlv(tag, unsigned(value) if isinstance(value, int) else value) for tag, value in values.items())

    def objects(self):
        return self.values

    def hash(self):
        return hashlib.sha256(tlv(0x7F49, self.values)).digest()


def curve_with(**changed):
    g = BP256
    given = {'p': g.p, 'a': g.a, 'b': g.b, 'base': g.encode(g.generator), 'n': g.n,
             'public': g.encode(point()), 'f': 1, **changed}
    return Weak(RI, dict(zip(range(0x81, 0x88), given.values())))


def test_other_parameters():
    """The document verifier chooses the domain parameters (TR-03110-3, A.2.1.4): those of other standardized curves
    are answered, weak ones and such as contradict themselves are not, though they are certified."""
    one, n = Sector(DOMAINS[12], RI), BP256.n
    weak = [
        ('a base point off the curve', curve_with(b=BP256.b + 1)), ('an even order', curve_with(n=n + 1)),
        ('a small order', curve_with(n=7)), ('another order', curve_with(n=DOMAINS[12].n)),
        ('an even prime', curve_with(p=BP256.p + 1)), ('a singular curve', curve_with(a=0, b=0, base=b'\4' + bytes(
            31) + b'\1' + bytes(31) + b'\1', public=b'\4' + bytes(31) + b'\4' + bytes(31) + b'\x08')),
        ('order 0', curve_with(n=b'\0')), ('no base point', curve_with(base=b'')),
    ]
    with eid.Kept() as kept:
        eid.run(kept.card, terminal_of(one.hash()))
        common.equal(sectors.identify(kept.card, RI, FREE, one), [one.identifier(keys(kept)[FREE][0])])
        for name, sector in weak:
            eid.run(kept.card, terminal_of(sector.hash()))
            try:
                refused(DATA, sectors.identify, kept.card, RI, FREE, sector)
            except AssertionError as error:
                raise AssertionError('%s: %s' % (name, error))
            eid.expect(eid.group_status(kept.card, 1), OK, 'DG1 after ' + name)


def test_wrong_protocols():
    one = Sector(BP256, RI)
    with eid.new_card() as card:
        eid.run(card, terminal_of(one.hash()))
        for protocol, key in ((oids.RI + '.2.9', FREE), (oids.RI + '.1.3', FREE), (oids.RI + '.2.5', FREE), (RI, 0x41),
                              (RI, 0x63), (oids.RI, FREE)):
            refused(DATA, sectors.identify, card, protocol, key, one)
        sectors.identify(card, RI, FREE, one)


def test_before_chip_authentication():
    one = Sector(BP256, RI)
    with eid.new_card() as card:
        procedure = Procedure(card, terminal_of(one.hash())).enter()
        refused(DATA, sectors.identify, card, RI, FREE, one)
        procedure.authenticate_terminal()
        refused(DATA, sectors.identify, card, RI, FREE, one)
        for kind in (oids.IS, oids.ST):
            eid.run(card, eid.specimen(kind), pace.CAN)
            refused(DATA, sectors.identify, card, RI, FREE, one)


def test_specimen_sector():
    """The sector of the specimen terminal (data/specimen)."""
    with eid.Kept() as kept:
        data = eid.support.content(eid.support.SPECIMEN, 'sector-at.bin')
        node = eid.parse(data)[0]
        common.equal(node.tag, 0x7F49)
        given = Sector(BP256, dotted(node.children()[0].value))
        given.public = BP256.decode({part.tag: part.value for part in node.children()}[0x86])
        common.equal(tlv(0x7F49, given.objects()), data)
        eid.run(kept.card, eid.specimen())
        common.equal(sectors.identify(kept.card, given.protocol, FREE, given), [given.identifier(keys(kept)[FREE][0])])


def changed_image(kept, change):
    """The card goes on with another image."""
    kept.stop()
    contents = image(kept)
    change(contents['state']['eac']['keys'])
    with open(kept.path, 'w') as file:
        json.dump(contents, file)
    kept.start('--file', kept.path)


def test_groups():
    """Every hash function, and DH as well as curves, with keys put into the card's image."""
    failed = []
    with eid.Kept() as kept:
        for number, (kind, arc) in {0: ('dh', 1), 1: ('dh', 2), 2: ('dh', 3), 12: ('ecdh', 2), 13: ('ecdh', 1),
                                    16: ('ecdh', 4), 17: ('ecdh', 5), 18: ('ecdh', 5), 14: ('ecdh', 4)}.items():
            group = DOMAINS[number]
            protocol = '%s.%d.%d' % (oids.RI, 1 if kind == 'dh' else 2, arc)
            size = (group.n.bit_length() + 7) // 8
            private = group.random()

            def change(found):
                key = next(key for key in found if key['id'] == FREE)
                key.update(parameters=number, private=private.to_bytes(size, 'big').hex(), protocols=[oid(protocol).hex()])

            changed_image(kept, change)
            one, two = Sector(group, protocol), Sector(group, protocol)
            try:
                eid.run(kept.card, terminal_of(one.hash(), two.hash()))
                found = sectors.identify(kept.card, protocol, FREE, one, two)
                common.equal(found, [sector.identifier(private) for sector in (one, two)])
            except Exception as error:
                failed.append('%d, %s: %s' % (number, protocol, error))
    assert not failed, '\n    '.join(failed)


# Chip Authentication 3 and PSA

def pseudonyms_of(kept, sector):
    first, second = keys(kept)[PS]
    return [BP256.power(private, sector) for private in (first, second)]


def test_chip_authentication_3():
    """Key agreement, signature under one or two pseudonyms, each the one that the card's keys give; rights count then
    and not before."""
    with eid.Kept('--pseudonyms') as kept:
        card, sector = kept.card, point()
        for rights, both in ((1 << PSEUDONYM | 1 << eid.read_bit(1), True), (1 << eid.read_bit(1), False)):
            procedure = Third(card, ps_terminal(sector)).start(rights=rights).agreed()
            eid.status(card, '00A4040C', eid.EID)
            eid.expect(eid.group_status(card, 1), (DENIED, 0x6A82, 0x6986), 'DG1 before PSA')
            eid.status(card, '00A4000C', b'\x3f\x00')
            signature = procedure.run.pseudonyms(procedure.key, sector)
            want = pseudonyms_of(kept, sector)
            common.equal(signature.pseudonyms, [want[0], want[1] if both else None])
            procedure.application()
            eid.expect(eid.group_status(card, 1), OK, 'DG1')
            eid.expect(eid.group_status(card, 4), DENIED, 'DG4')
            kept.cut()


def test_group_key():
    """SK_ICC = SK_1 + SK_M SK_2: what is signed is the group's, so its public key follows from the card's two and the
    manager's (TR-03110-2, 3.1.6.1)."""
    with eid.Kept('--pseudonyms') as kept:
        key = Third(kept.card, ps_terminal(point())).start().key
        first, second = keys(kept)[PS]
        total = BP256.combine(BP256.power(first, BP256.generator), BP256.power(second, key.manager))
        common.equal(total, key.public, 'the public key of the group')


def test_psa_again():
    """More sectors in one session; signatures differ, pseudonyms do not."""
    with eid.Kept('--pseudonyms') as kept:
        one, two = point(), point()
        procedure = Third(kept.card, ps_terminal(one, two)).start().agreed()
        first, second, third = (procedure.run.pseudonyms(procedure.key, sector) for sector in (one, two, one))
        common.equal(first.pseudonyms, third.pseudonyms)
        assert first.octets != third.octets and first.pseudonyms != second.pseudonyms
        common.equal(second.pseudonyms, pseudonyms_of(kept, two))


def test_spoilt_signature():
    """The check here does find faults."""
    with eid.Kept('--pseudonyms') as kept:
        sector = point()
        procedure = Third(kept.card, ps_terminal(sector)).start().agreed()
        good = procedure.run.pseudonyms(procedure.key, sector)
        for change in (lambda s: setattr(s, 'octets', s.octets[:-1] + bytes([s.octets[-1] ^ 1])),
                       lambda s: s.pseudonyms.reverse(), lambda s: s.pseudonyms.__setitem__(1, None)):
            spoilt = sectors.Signature.__new__(sectors.Signature)
            spoilt.group, spoilt.octets, spoilt.pseudonyms = good.group, good.octets, list(good.pseudonyms)
            change(spoilt)
            try:
                spoilt.verify(procedure.key, sector, PSA, procedure.run.agreed)
            except eid.support.ProtocolError:
                continue
            raise AssertionError('a spoilt signature is accepted')
        good.verify(procedure.key, sector, PSA, procedure.run.agreed)


def psa_raw(procedure, octets, key=PS, protocol=PSA):
    sectors.set_at(procedure.card, protocol, key)
    procedure.card.command('00860000', tlv(0x7C, tlv(0x80, octets)), ne=256)


def test_psa_refusals():
    sector, other = point(), point()
    good = BP256.encode(sector)
    rows = [
        ('a sector of somebody else', lambda p: psa_raw(p, BP256.encode(other))),
        ('a point off the curve', lambda p: psa_raw(p, good[:-1] + bytes([good[-1] ^ 1]))),
        ('a point cut off', lambda p: psa_raw(p, good[:-1])),
        ('no point', lambda p: psa_raw(p, b'')),
        ('an unknown key', lambda p: psa_raw(p, good, 0x63)),
        ('the key of chip authentication 2', lambda p: psa_raw(p, good, 0x41)),
        ('another hash function', lambda p: psa_raw(p, good, PS, sectors.PS + '.1.2.5')),
        ('the protocol of messages', lambda p: psa_raw(p, good, PS, PSM)),
        ('no key named', lambda p: p.card.command('002241A4', tlv(0x80, oid(PSA)))),
    ]
    with eid.Kept('--pseudonyms') as kept:
        for name, function in rows:
            procedure = Third(kept.card, ps_terminal(sector)).start().agreed()
            try:
                refused(DATA, function, procedure)
            except AssertionError as error:
                raise AssertionError('%s: %s' % (name, error))
            eid.status(kept.card, '00A4040C', eid.EID)
            eid.expect(eid.group_status(kept.card, 1), (DENIED, 0x6A82, 0x6986), 'DG1 after ' + name)
        procedure = Third(kept.card, ps_terminal(sector)).start()
        refused(DATA, psa_raw, procedure, good)
        procedure = Third(kept.card, eid.specimen()).start().agreed()
        refused(DATA, psa_raw, procedure, good)


def test_key_agreement_refusals():
    """The ephemeral key is the one that the terminal has signed."""
    with eid.Kept('--pseudonyms') as kept:
        sector = point()
        good = BP256.encode(point())
        for octets in (good, good[:-1], b'', b'\x04' + bytes(64)):
            procedure = Third(kept.card, ps_terminal(sector)).start()
            refused(DATA, sectors.ChipAuth3(procedure, procedure.info).agree, octets)
            assert kept.card.sm
            procedure.agreed().run.pseudonyms(procedure.key, sector)


def test_version_2_beside():
    """Chip Authentication 2 with its key and Restricted Identification work as before."""
    one = Sector(BP256, RI)
    with eid.Kept('--pseudonyms') as kept:
        eid.run(kept.card, terminal_of(one.hash()))
        common.equal(sectors.identify(kept.card, RI, FREE, one), [one.identifier(keys(kept)[FREE][0])])
        sector = point()
        procedure = Third(kept.card, ps_terminal(sector)).start().agreed()
        procedure.run.pseudonyms(procedure.key, sector)
        procedure.application()
        eid.expect(eid.group_status(kept.card, 1), OK, 'DG1')


# Messages and credentials

PSC_BIT, PSM_BIT = 7, 6


def commitment(*messages):
    templates = [tlv(0x73, tlv(0x06, oid(sectors.PSM_MESSAGE)), tlv(0x53, hashlib.sha256(message).digest()))
                 for message in messages]
    return tlv(0x67, *templates)


def started(kept, sector, special, groups, aux=b'', asked=None, version=3):
    """A terminal with these rights behind chip authentication."""
    extensions = granting(special, groups)
    asked = extensions if asked is None else asked
    made = ps_terminal(sector, authority=kept.authority, authorizations=extensions)
    procedure = Third(kept.card, made).start(aux=aux, extensions=tlv(0x65, *asked))
    if version == 3:
        procedure.agreed().run.pseudonyms(procedure.key, sector)
    else:
        info = next(info for info in procedure.access.chip_auth if info.version == 2)
        eid.chip_auth.ChipAuth(kept.card, info, procedure.security.chip_key(info), procedure.sk).run()
    return procedure.application()


class Granting:
    """A card that trusts an authority with all authorization extensions."""

    def __enter__(self):
        self.authority = own_root(*granting(0xFF, range(1, 23)))
        self.folder = eid.tempfile.TemporaryDirectory()
        path = eid.file_in(self.folder.name, 'cvca', self.authority.certificate.raw)
        self.kept = eid.Kept('--pseudonyms', '--cvca', path)
        self.kept.authority = self.authority
        return self.kept.__enter__()

    def __exit__(self, *error):
        self.folder.cleanup()
        return self.kept.__exit__(*error)


def test_messages():
    """PSM: of a message whose hash the terminal has signed before; with version 2 and version 3."""
    message = b'I agree.'
    with Granting() as kept:
        for version in (2, 3):
            sector = point()
            procedure = started(kept, sector, 1 << PSM_BIT, (), commitment(message), version=version)
            signature = sectors.sign(kept.card, PSM, procedure.key, sector, message)
            signature.verify(procedure.key, sector, PSM, message)
            common.equal(signature.pseudonyms, [None, pseudonyms_of(kept, sector)[1]])
            for other in (b'I agree!', b'', message + b'\0'):
                refused(DATA, sectors.sign, kept.card, PSM, procedure.key, sector, other)
            refused(DATA, sectors.sign, kept.card, PSM, procedure.key, point(), message)
            procedure = started(kept, sector, 1 << PSM_BIT, (), version=version)
            refused(DATA, sectors.sign, kept.card, PSM, procedure.key, sector, message)
            procedure = started(kept, sector, 1 << PSC_BIT, (), commitment(message), version=version)
            refused(DATA, sectors.sign, kept.card, PSM, procedure.key, sector, message)


def test_credentials():
    """PSC: of the contents of data groups that the terminal may have signed (TR-03110-3, A.6.5.1)."""
    with Granting() as kept:
        sector = point()
        procedure = started(kept, sector, 1 << PSC_BIT, (1, 4, 5))
        contents = {number: kept.card.command('00B0%02X00' % (0x80 | number), ne=256) for number in (1, 4, 5, 8)}
        for numbers in ((4,), (5, 4, 1), (1, 5)):
            signature = sectors.sign(kept.card, PSC, procedure.key, sector, files=[0x0100 | n for n in numbers])
            message = tlv(0x73, *(tlv(0x53, contents[number]) for number in numbers))
            signature.verify(procedure.key, sector, PSC, message)
            common.equal(signature.pseudonyms, [None, pseudonyms_of(kept, sector)[1]])
        for files in ((0x0108,), (0x0104, 0x0108), (0x0199,), (0x011C,)):
            refused(DATA + (0x6A82,), sectors.sign, kept.card, PSC, procedure.key, sector, None, files)
        procedure = started(kept, sector, 1 << PSM_BIT, (1, 4, 5))
        refused(DATA, sectors.sign, kept.card, PSC, procedure.key, sector, None, (0x0104,))


def test_authorization_in_pace():
    """What PACE does not ask for is not granted (TR-03110-3, 2.7.1)."""
    message = b'I agree.'
    with Granting() as kept:
        sector = point()
        procedure = started(kept, sector, 0xC0, range(1, 23), commitment(message), asked=granting(1 << PSC_BIT, (4,)))
        refused(DATA, sectors.sign, kept.card, PSM, procedure.key, sector, message)
        sectors.sign(kept.card, PSC, procedure.key, sector, files=(0x0104,))
        refused(DATA, sectors.sign, kept.card, PSC, procedure.key, sector, None, (0x0105,))


common.main(globals())
