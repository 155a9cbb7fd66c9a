# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity card tells who it is, sector by sector: Restricted Identification, Chip Authentication 3 and pseudonymous
signatures, which are verified with the keys that EF.CardSecurity has; and who is not told."""
import hashlib
import json
import os
import tempfile

import common
import support
from general_procedure import Procedure, chat
from support import refused
from terminal import lds, oids, pseudonymous, restricted_id, security_info, signed
from terminal.domains import DOMAINS
from terminal.errors import ProtocolError
from terminal.issuer import Holder, SigningKey
from terminal.tlv import oid, one, parse, tlv

CSCA, AT = support.csca(), support.specimen_terminal('at')
SECTOR = support.content(support.SPECIMEN, 'sector-at.bin')
RIGHT_RI, RIGHT_PSA = 1 << 2, 1 << 30
NOT_ALLOWED, ORDER, WRONG_DATA, UNKNOWN = 0x6982, 0x6985, 0x6A80, 0x6A88
AUTHORIZED, FREE = 0x43, 0x44  # keys of Restricted Identification
BRAINPOOL = DOMAINS[13]
MESSAGE = b'I was here.'


def identity_card(*options):
    return support.Passport(*options, card_type='nPA', terse=True)


# A terminal of two sectors, with rights that have no room in a CHAT

def special(functions, groups):
    """Extensions with PSC (80) and PSM (40), and with the data groups that may be signed (TR-03110-4, 2.2.3.2)."""
    bits = sum(1 << 21 + number for number in groups)
    return (tlv(0x73, tlv(0x06, oid(oids.AT + '.2')), tlv(0x53, bytes([functions]))) +
            tlv(0x73, tlv(0x06, oid(oids.AT + '.1')), tlv(0x53, bits.to_bytes(6, 'big'))))


def sector_key(group=BRAINPOOL):
    """Data object 7F49 of a new sector, and its point."""
    key = SigningKey('ec', 3, group)
    return key.object(True, oids.RI + '.2.3'), key.public


def hashed(tag, octets):
    return tlv(tag, hashlib.sha256(octets).digest())


def make_terminal(folder, sectors=(), point=None, extensions=b''):
    """A PKI of its own: (terminal, file of the trust point). sectors: data objects 7F49 of at most two sectors; point: of the
    sector of pseudonymous signatures."""
    names = b'UTROOTAT00001', b'UTDVAT00001', b'UTTERMAT00001'
    keys = [SigningKey('ec', 3, BRAINPOOL) for _ in names]
    rights, dates = bytes.fromhex('3FFFFFFFFF'), ('260101', '991231')
    own = extensions
    if sectors:
        own += tlv(0x73, tlv(0x06, oid(oids.EXTENSIONS + '.2')),
                   *(hashed(0x80 + i, key) for i, key in enumerate(sectors)))
    if point:
        own += tlv(0x73, tlv(0x06, oid(oids.EXTENSIONS + '.3')),
                   tlv(0xA0, tlv(0x80, b'\x0d'), hashed(0x81, BRAINPOOL.encode(point))))
    holder, chain = Holder(names[0], keys[0]), []
    for name, key, role in zip(names, keys, ('cvca', 'dv domestic', 'terminal')):
        more = own if role == 'terminal' else extensions
        wrong = {'extensions': tlv(0x65, more)} if more else {}
        holder = holder.issue(name, key, role, rights, dates, kind=oids.AT, **wrong)
        chain.append(holder.certificate)
    path = os.path.join(folder, 'root.cvcert')
    with open(path, 'wb') as file:
        file.write(chain[0].raw)
    return support.Terminal(chain, keys[-1]), path


# Restricted Identification

def whole(card, terminal=AT, rights=None):
    template = None if rights is None else chat(oids.AT, rights)
    return Procedure(card, terminal).enter(template=template).authenticate_terminal().authenticate_chip(CSCA)


def sector_infos(run):
    return {info.key_id: info for info in restricted_id.infos(run.security)}


def identifiers(card, info, sectors):
    restricted_id.set_at(card, info.oid, info.key_id)
    return restricted_id.identify(card, sectors)


def private_keys(path):
    """Those of Restricted Identification, out of the card's image."""
    with open(path, encoding='utf-8') as file:
        keys = json.load(file)['state']['eac']['keys']
    octets = {key['id']: key['private'] for key in keys if key['use'] == 'sector'}
    return {number: int(''.join(hexed), 16) for number, hexed in octets.items()}


def test_identifier():
    """It is the hash of the secret that the chip's key and the sector's have, whenever it is asked for, and by another key
    another one."""
    point = BRAINPOOL.decode(one(SECTOR, 0x7F49).find(0x86))
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'card.json')
        with identity_card('--save-image', image) as card:
            infos, found = sector_infos(whole(card)), {}
            common.equal({n: info.authorized_only for n, info in infos.items()}, {AUTHORIZED: True, FREE: False}, 'keys')
            for _ in range(2):
                for number, info in infos.items():
                    answer = identifiers(card, info, {0: SECTOR})[0]
                    common.equal(answer, found.setdefault(number, answer), 'identifier by key %X' % number)
                whole(card)
        for number, private in private_keys(image).items():
            want = restricted_id.expected(infos[number].oid, BRAINPOOL, private, point)
            common.equal(found[number].hex(), want.hex(), 'identifier by key %X' % number)
        assert found[AUTHORIZED] != found[FREE]


def test_two_sectors():
    """Together, or one after the other; also with other domain parameters than the chip's key has."""
    with tempfile.TemporaryDirectory() as folder:
        (first, point), (second, other_point) = sector_key(), sector_key(DOMAINS[16])
        terminal, root = make_terminal(folder, [first, second])
        image = os.path.join(folder, 'card.json')
        with identity_card('--cvca', root, '--save-image', image) as card:
            info = sector_infos(whole(card, terminal))[FREE]
            both = identifiers(card, info, {0: first, 1: second})
            restricted_id.set_at(card, info.oid, info.key_id)
            common.equal(restricted_id.identify(card, {0: first}), {0: both[0]}, 'first sector alone')
            common.equal(restricted_id.identify(card, {1: second}), {1: both[1]}, 'second sector alone')
            refused(WRONG_DATA, restricted_id.identify, card, {1: first})
            refused(ORDER, restricted_id.identify, card, {0: first})
        private = private_keys(image)[FREE]
        want = {0: restricted_id.expected(info.oid, BRAINPOOL, private, point),
                1: restricted_id.expected(info.oid, DOMAINS[16], private, other_point)}
        common.equal(both, want, 'identifiers')


def test_who_is_not_identified():
    with identity_card() as card:
        infos = sector_infos(whole(card))
        free, only = infos[FREE], infos[AUTHORIZED]

        def asks(info, run=None):
            return lambda: refused(NOT_ALLOWED, restricted_id.set_at, card, info.oid, info.key_id)
        card.reset()
        asks(free)()
        Procedure(card, AT).enter()
        asks(free)()
        Procedure(card, AT).enter().authenticate_terminal()
        asks(free)()
        whole(card, rights=(1 << 40) - 1 & ~RIGHT_RI & ~(3 << 38))
        refused(NOT_ALLOWED, identifiers, card, only, {0: SECTOR})
        identifiers(card, free, {0: SECTOR})
        whole(card, rights=RIGHT_RI)
        identifiers(card, only, {0: SECTOR})
        rows = [
            ('a key that is not there', UNKNOWN, restricted_id.set_at, free.oid, 0x47),
            ('one of two keys', UNKNOWN, restricted_id.set_at, free.oid, None),
            ('a key for something else', UNKNOWN, restricted_id.set_at, free.oid, 0x41),
            ('another hash function', WRONG_DATA, restricted_id.set_at, oid(oids.RI + '.2.4'), FREE),
            ('DH', WRONG_DATA, restricted_id.set_at, oid(oids.RI + '.1.3'), FREE),
            ('another sector', WRONG_DATA, identifiers, free, {0: sector_key()[0]}),
            ('a second sector', WRONG_DATA, identifiers, free, {1: SECTOR}),
        ]
        support.run_rows(rows, lambda statuses, function, *words: refused(statuses, function, card, *words))
        restricted_id.set_at(card, free.oid, free.key_id)
        common.equal(hex(support.status_of(card, '10860000', tlv(0x7C, b'')) & 0xFF00), hex(0x9000), 'first of a chain')
        common.equal(hex(support.status_of(card, '00A4000C', bytes.fromhex('3F00'))), hex(0x9000), 'something else')
        refused(ORDER, restricted_id.identify, card, {0: SECTOR})


# Chip Authentication 3 and pseudonymous signatures

class Answer:
    """The objects of an answer."""

    def __init__(self, **octets):
        self.octets = {int(name[1:], 16): value for name, value in octets.items() if value}

    def children(self):
        return [parse(tlv(tag, value))[0] for tag, value in sorted(self.octets.items())]

    def find(self, tag):
        return self.octets.get(tag)


def test_verification():
    """The signatures of tests/vectors/pseudonymous.txt are right, and not for another message, sector or kind."""
    values = {}
    with open(os.path.join(common.SOURCE_ROOT, 'tests/vectors/pseudonymous.txt'), encoding='utf-8') as file:
        for line in file:
            name, _, value = line.partition(' = ')
            if value and not name.startswith('#'):
                values[name] = bytes.fromhex(value)
    cases = ('bp256', 'sha256', 3), ('bp384', 'sha384', 4), ('bp512', 'sha512', 5), ('p256', 'sha512', 5)
    for curve, digest, arc in cases:
        def value(what, start='%s_%s_' % (curve, digest)):
            return values[start + what]
        key = pseudonymous.GroupKey.__new__(pseudonymous.GroupKey)
        key.group = group = DOMAINS[value('domain')[0]]
        key.manager, key.public, sector = (group.decode(value(name)) for name in ('manager', 'group', 'sector'))
        for told in (1, 2, 3):
            answer = Answer(x82=value('pseudonym_1') if told & 1 else None,
                            x83=value('pseudonym_2') if told & 2 else None, x84=value('psm_%d' % told))
            signature = pseudonymous.Signature(key, digest, answer)
            name, other = (oid('%s.%d' % (kind, arc)) for kind in (pseudonymous.PSM, pseudonymous.PSC))
            signature.verify(sector, name, values['message'])
            for wrong in ((group.power(2, sector), name, values['message']), (sector, other, values['message']),
                          (sector, name, b'')):
                try:
                    signature.verify(*wrong)
                except ProtocolError:
                    continue
                raise AssertionError('a wrong signature is right')


class PseudonymousRun(Procedure):
    """Up to Terminal Authentication with the key of version 3; then EF.CardSecurity has been read."""

    def begin(self, template=None, extensions=b'', auxiliary=b''):
        self.enter(template=template, extensions=extensions)
        (self.info,) = (info for info in self.access.chip_auth if info.version == 3)
        (domain,) = (parts[0] for parts in self.access.others[oids.CA + '.2']
                     if security_info.optional(parts) == self.info.key_id)
        self.group = security_info.algorithm_group(domain)
        self.authenticate_terminal(auxiliary)
        data = lds.read(self.card, lds.CARD_SECURITY, short=True)
        self.security = security_info.SecurityInfos(signed.card_security(data, CSCA))
        (self.group_key,) = pseudonymous.group_keys(self.security)
        common.equal(self.group_key.key_id, self.info.key_id, 'key of the group')
        return self

    def agree_3(self):
        return pseudonymous.ChipAuth3(self.card, self.info, self.group, self.sk).agree()

    def kind(self, name):
        """The only info of this kind, the same in both files if both have it."""
        (info,) = pseudonymous.infos(self.security, name)
        assert all(vars(other) == vars(info) for other in pseudonymous.infos(self.access, name))
        return info


def with_sector(*options, extensions=b''):
    """A card with pseudonyms, and a terminal of a sector with this point; for with."""
    folder = tempfile.TemporaryDirectory()
    point = BRAINPOOL.power(BRAINPOOL.random(), BRAINPOOL.generator)
    terminal, root = make_terminal(folder.name, point=point, extensions=extensions)
    return folder, point, terminal, ('--pseudonyms', '--cvca', root, *options)


def test_chip_authentication_3():
    """Two sessions with the same terminal: the first pseudonym is for all, the second for those with the right."""
    folder, point, terminal, options = with_sector()
    with folder, identity_card(*options) as card:
        run, found = PseudonymousRun(card, terminal), []
        for rights, told in (((1 << 30) - 1, 1), (RIGHT_PSA | 1 << 8, 2)):
            run.begin(chat(oids.AT, rights))
            chip = run.agree_3()
            run.application()
            common.equal(hex(run.status(1)), hex(NOT_ALLOWED), 'DG1 before the signature')
            signature = chip.authenticate(run.kind(pseudonymous.PSA), run.group_key, point)
            common.equal(hex(run.status(1)), hex(0x9000), 'DG1')
            common.equal([p is not None for p in signature.pseudonyms], [True, told == 2], 'pseudonyms')
            found.append(signature.pseudonyms[0])
            chip.authenticate(run.kind(pseudonymous.PSA), run.group_key, point)
        common.equal(found[0], found[1], 'pseudonym')
        assert BRAINPOOL.compress(found[0]) != BRAINPOOL.compress(signature.pseudonyms[1])


def test_specimen_terminal_has_a_sector():
    point = BRAINPOOL.decode(one(SECTOR, 0x7F49).find(0x86))
    with identity_card('--pseudonyms') as card:
        run = PseudonymousRun(card, AT).begin()
        run.agree_3().authenticate(run.kind(pseudonymous.PSA), run.group_key, point)
        # the other ways are there as before
        common.equal(hex(whole(card).application().status(1)), hex(0x9000), 'DG1 after version 2')
        identifiers(card, sector_infos(whole(card))[FREE], {0: SECTOR})


def test_image_keeps_the_key():
    """The pseudonyms of a card that is put in again are the same; those of another card are others."""
    folder, point, terminal, options = with_sector()
    with folder:
        image, found = os.path.join(folder.name, 'card.json'), []
        for words in ((*options, '--save-image', image), ('-f', image), options):
            with support.Passport(*words, card_type=None if '-f' in words else 'nPA', terse=True) as card:
                run = PseudonymousRun(card, terminal).begin()
                chip = run.agree_3()
                found.append(chip.authenticate(run.kind(pseudonymous.PSA), run.group_key, point).pseudonyms)
        common.equal(found[1], found[0], 'pseudonyms')
        assert found[2] != found[0] and None not in found[0]


def test_chip_authentication_3_out_of_order():
    folder, point, terminal, options = with_sector()
    with folder, identity_card(*options) as card:
        run = PseudonymousRun(card, terminal).begin()
        info, psa = run.info, run.kind(pseudonymous.PSA)
        chosen = tlv(0x80, psa.oid) + tlv(0x84, bytes([psa.key_id]))
        refused(ORDER, card.command, '002241A4', chosen)
        chip = run.agree_3()
        stranger = BRAINPOOL.power(2, point)
        refused(WRONG_DATA, chip.authenticate, psa, run.group_key, stranger)
        refused(WRONG_DATA, card.command, '002241A4', tlv(0x80, psa.oid))
        refused(UNKNOWN, card.command, '002241A4', tlv(0x80, psa.oid) + tlv(0x84, b'\x41'))
        chip.authenticate(psa, run.group_key, point)
        Procedure(card, terminal).enter()
        refused(NOT_ALLOWED, card.command, '002241A4', chosen)
        refused(NOT_ALLOWED, card.command, '002241A4', tlv(0x80, info.oid) + tlv(0x84, bytes([info.key_id])))
        run.begin()
        run.sk = run.group.random()  # not the one that the terminal has signed
        refused(0x6300, run.agree_3)


def test_messages():
    rights = special(0xC0, range(1, 23))
    folder, point, terminal, options = with_sector(extensions=rights)
    commitment = pseudonymous.commitment('sha256', MESSAGE)
    with folder, identity_card(*options) as card:
        run, asked = PseudonymousRun(card, terminal), tlv(0x65, rights)
        run.begin(extensions=asked, auxiliary=commitment)
        psm, key = run.kind(pseudonymous.PSM), run.group_key
        refused(NOT_ALLOWED, pseudonymous.set_dst, card, psm)
        chip = run.agree_3()
        refused(NOT_ALLOWED, pseudonymous.set_dst, card, psm)
        told = chip.authenticate(run.kind(pseudonymous.PSA), key, point).pseudonyms[1]
        signature = pseudonymous.sign_message(card, psm, key, point, MESSAGE)
        common.equal(signature.pseudonyms, [None, told], 'pseudonyms')
        refused(WRONG_DATA, pseudonymous.sign_message, card, psm, key, point, MESSAGE + b'!')
        refused(WRONG_DATA, pseudonymous.sign_message, card, psm, key, BRAINPOOL.power(2, point), MESSAGE)
        refused(ORDER, pseudonymous.compute, card, tlv(0x80, key.group.encode(point)) + tlv(0x81, MESSAGE))
        # not asked for with PACE
        run.begin(auxiliary=commitment)
        run.agree_3().authenticate(run.kind(pseudonymous.PSA), key, point)
        refused(NOT_ALLOWED, pseudonymous.sign_message, card, psm, key, point, MESSAGE)


def test_credentials():
    """Of data groups that the terminal may have signed, though it may not read them."""
    rights = special(0x80, (4, 5))
    folder, point, terminal, options = with_sector(extensions=rights)
    with folder, identity_card(*options) as card:
        run, asked = PseudonymousRun(card, terminal), tlv(0x65, rights)
        whole(card, terminal).application()
        contents = {0x100 + n: card.command('00B0%02X00' % (0x80 | n), ne=256) for n in (4, 5, 1)}
        assert all(parse(octets)[0].raw == octets for octets in contents.values())
        run.begin(chat(oids.AT, 0), asked)
        psc, key = run.kind(pseudonymous.PSC), run.group_key
        run.agree_3().authenticate(run.kind(pseudonymous.PSA), key, point)
        refused(UNKNOWN, pseudonymous.sign_credentials, card, psc, key, point, {0x0104: b''})  # of the application
        run.application()
        common.equal(hex(run.status(4)), hex(NOT_ALLOWED), 'reading DG4')
        for fids in ((0x0104, 0x0105), (0x0105, 0x0104), (0x0104,)):
            pseudonymous.sign_credentials(card, psc, key, point, {fid: contents[fid] for fid in fids})
        refused(NOT_ALLOWED, pseudonymous.sign_credentials, card, psc, key, point, contents)
        refused(UNKNOWN, pseudonymous.sign_credentials, card, psc, key, point, {0x0199: b''})


common.main(globals())
