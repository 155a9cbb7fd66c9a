# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal itself, with a little chip in Python: everything fits together, and whatever the chip does wrong is
noticed and said."""
import hashlib
import tempfile

import common
import chip
import plans
import support
from inspection import Inspection
from pki import Pki, curve, rsa
from terminal import ciphers, lds, mrz, oids, pace, security_info, signed
from terminal.card import Card
from terminal.domains import DH, DOMAINS
from terminal.errors import ProtocolError
from terminal.tlv import der_integer, oid, tlv

NUMBERS = {('gm', 'dh'): 1, ('gm', 'ecdh'): 2, ('im', 'dh'): 3, ('im', 'ecdh'): 4, ('cam', 'ecdh'): 6}
DG1 = tlv(0x61, tlv(0x5F1F, mrz.PASSPORT.encode()))
COM = tlv(0x60, tlv(0x5F01, b'0107'), tlv(0x5F36, b'040000'), tlv(0x5C, b'\x61\x6d'))
LONG = tlv(0x6D, bytes(range(256)) * 200)  # DG13, longer than READ BINARY with an even instruction reaches
FILES = {lds.COM: COM, lds.dg(1): DG1, lds.dg(13): LONG}


def pace_info(mapping, domain, cipher):
    number = NUMBERS[mapping, DOMAINS[domain].kind]
    protocol = oid('%s.%d.%d' % (oids.PACE, number, ciphers.BY_NAME[cipher].number))
    return security_info.PaceInfo(protocol, domain, DOMAINS[domain])


def noticed(text, function):
    try:
        function()
    except ProtocolError as error:
        assert text in str(error), error
    else:
        raise AssertionError('not noticed: ' + text)


def test_bac_and_reading():
    card = Card(chip.Chip(support.MRZ, files=FILES))
    for reading in ({}, {'short': True}, {'odd': True}, {'extended': True, 'size': 30000}, {'short': True, 'odd': True}):
        card.reset()
        visit = Inspection(card, **reading)
        assert visit.card_access() is None
        visit.enter_by_bac()
        for fid, content in FILES.items():
            assert visit.read(fid) == content, (reading, fid)


def test_every_pace():
    for domain in DOMAINS:
        for mapping in ('gm', 'im', 'cam'):
            if (mapping == 'im' and domain == 10) or (mapping == 'cam' and domain in DH):
                continue
            ciphers_of = ['aes-192', 'aes-256'] if mapping == 'cam' else ['3des', 'aes-192']
            for cipher, reference in zip(ciphers_of, (pace.MRZ, pace.CAN)):
                info = pace_info(mapping, domain, cipher)
                private = info.group.random()
                card = Card(chip.Chip(support.MRZ, info=info, files=FILES, key=private))
                visit = Inspection(card).enter_by_pace(reference=reference)
                common.equal(repr(visit.access.pace[0]), repr(info))
                if mapping == 'cam':
                    public = info.group.power(private, info.group.generator)
                    visit.pace.check_chip(Key(info.group, public))
                common.equal(visit.application().read(lds.dg(1)), DG1, repr(info))


class Key:
    def __init__(self, group, element):
        self.group, self.element = group, element


def test_spoilt_pace():
    def spoil(step, change):
        return lambda now, value: change(value) if now == step else value

    def run(mapping, step, change):
        info = pace_info(mapping, 13, 'aes-128')
        Inspection(Card(chip.Chip(support.MRZ, info=info, key=5, spoil=spoil(step, change)))).enter_by_pace()

    flip = lambda value: value[:-1] + bytes([value[-1] ^ 1])  # noqa: E731
    noticed('not a point', lambda: run('gm', 'map', flip))
    noticed('uncompressed', lambda: run('gm', 'map', lambda value: b'\0'))
    noticed('not a point', lambda: run('im', 'key', flip))
    noticed('wrong token', lambda: run('gm', 'token', flip))
    noticed('wrong token', lambda: run('im', 'token', lambda value: value[:7]))
    other = Inspection(Card(chip.Chip(mrz.Mrz(mrz.PASSPORT.replace('2C36', '2C44')), info=pace_info('gm', 13, '3des'))))
    noticed('6300', other.enter_by_pace)
    noticed('random numbers', lambda: Inspection(Card(chip.Chip(
        support.MRZ, spoil=spoil('bac', lambda value: bytes(8) + value[8:])))).enter_by_bac())


def test_wrong_mac_of_the_card():
    for bit in range(0, 64, 9):
        def spoil(step, value):
            return bytes(b ^ (0x80 >> bit % 8 if at == bit // 8 else 0) for at, b in enumerate(value)) \
                if step == 'mac' else value
        visit = Inspection(Card(chip.Chip(support.MRZ, files=FILES, spoil=spoil))).enter_by_bac()
        noticed('wrong checksum', lambda: visit.read(lds.COM))


def test_chip_authentication():
    for domain, cipher, kat in ((13, 'aes-128', False), (0, '3des', True), (2, 'aes-256', False), (18, '3des', True)):
        group = DOMAINS[domain]
        number = 1 if group.kind == 'dh' else 2
        protocol = oid('%s.%d.%d' % (oids.CA, number, ciphers.BY_NAME[cipher].number))
        info = security_info.ChipAuthInfo(protocol, 1, None)
        private = group.random()
        infos = chip.security_infos(*chip.chip_auth_infos(info, private, group, domain))
        files = {**FILES, lds.dg(14): tlv(0x6E, infos)}
        for right in (True, False):
            used = private if right else private + 1
            card = Card(chip.Chip(support.MRZ, files=files, chip_auth=(info, used, group)))
            visit = Inspection(card).enter_by_bac()
            visit.infos = security_info.SecurityInfos(lds.security_infos_of(visit.read(lds.dg(14))))
            if right:
                visit.authenticate_chip(kat)
                common.equal(visit.read(lds.dg(1)), DG1)
            else:
                noticed('', lambda: visit.authenticate_chip(kat))


def test_plans():
    """The plans of test_pairs.py hold every pair of choices that the standards allow."""
    found = set()
    for plan in plans.pairwise():
        assert plans.possible(plan), plans.text(plan)
        found |= plans.pairs(plan.items())
    for at, plan in enumerate(plans.everything()):
        if at % 97 == 0:
            missing = plans.pairs(plan.items()) - found
            assert not missing, missing
    for zone in plans.ZONES.values():
        mrz.Mrz(zone).verify()


# Passive authentication, with security objects that openssl makes

def security_object(pki, groups, digest, *options):
    """EF.SOD with the hashes of these groups."""
    name = [value for value, text in oids.HASHES.items() if text == digest][0]
    hashes = [tlv(0x30, der_integer(number), tlv(0x04, hashlib.new(digest, data).digest()))
              for number, data in groups.items()]
    pki.write('content', tlv(0x30, der_integer(0), tlv(0x30, tlv(0x06, oid(name))), tlv(0x30, *hashes)))
    pki.openssl('cms', '-sign', '-binary', '-nodetach', '-in', 'content', '-outform', 'DER', '-out', 'sod', '-signer',
                'signer.pem', '-inkey', 'signer.key', '-md', digest, '-econtent_type', oids.LDS_SECURITY_OBJECT,
                '-nosmimecap', *options)
    return tlv(0x77, pki.content('sod'))


def test_passive_authentication():
    pss = '-keyopt', 'rsa_padding_mode:pss'
    groups = {1: DG1, 13: LONG}
    for algorithm, digest, options in (
            (rsa(2048), 'sha1', ()), (rsa(2048), 'sha256', pss + ('-keyid',)), (rsa(2048), 'sha512', pss),
            (curve('brainpoolP256r1'), 'sha256', ()), (curve('P-521', 'named_curve'), 'sha512', ()),
            (curve('brainpoolP384r1'), 'sha384', ()), (curve('P-224'), 'sha224', ())):
        with tempfile.TemporaryDirectory() as folder:
            pki = Pki(folder, algorithm)
            data = security_object(pki, groups, digest, *options)
            sod = signed.SecurityObject(data)
            sod.verify(pki.csca)
            for number, content in groups.items():
                sod.check_group(number, content)
            noticed('wrong hash of DG1', lambda: sod.check_group(1, DG1[:-1] + b'9'))
            noticed('no hash of DG2', lambda: sod.check_group(2, DG1))
            spoilt(pki, data)


def spoilt(pki, data):
    """A wrong bit in content or signature, and another CSCA."""
    at = data.index(tlv(0x04, signed.SecurityObject(data).hashes[13])) + 9
    content = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
    noticed('wrong message digest', lambda: signed.SecurityObject(content).verify(pki.csca))
    signature = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
    noticed('', lambda: signed.SecurityObject(signature).verify(pki.csca))
    with tempfile.TemporaryDirectory() as folder:
        other = Pki(folder, curve('P-256', 'named_curve'))
        noticed('', lambda: signed.SecurityObject(data).verify(other.csca))


common.main(globals())
