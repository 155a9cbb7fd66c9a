# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passports that are made otherwise: several keys and several PACEs in one chip, large data groups, other versions,
hash functions and signers, trust points of others, images."""
import os
import tempfile
import time

import common
import support
from inspection import IS_TEMPLATE, Inspection
from pki import PSS, Pki, curve, rsa
from support import refused
from terminal import bac, cvc, lds, mrz, pace, terminal_auth
from terminal.errors import check
from terminal.issuer import Holder, SigningKey
from terminal.tlv import one, parse, tlv

UTOPIA = os.path.join(support.TEST_DATA, 'cvc-utopia', 'UTISCVCA')


def test_many_protocols():
    """One chip with many PACEs and keys: each can be asked for by its parameters and its number."""
    offers = ['pace-gm:13:aes-128', 'pace-gm:0:3des', 'pace-im:13:aes-256', 'pace-im:2:aes-128', 'pace-cam:18:aes-256',
              'pace-gm:12:aes-192', 'ca:13:aes-256', 'ca:2:3des', 'ca:12:3des', 'aa:ec:sha-256', 'ta', 'bac']
    csca, terminal = support.csca(), support.specimen_terminal()
    with support.Passport('--specimen', '--protocols', ','.join(offers)) as card:
        visit = Inspection(card)
        infos = visit.card_access().pace
        common.equal(sorted(repr(info) for info in infos), sorted(o for o in offers if o.startswith('pace')), 'offers')
        for info in infos:
            for reference in (pace.MRZ, pace.CAN):
                card.reset()
                visit.enter_by_pace(info, reference, IS_TEMPLATE)
                if info.mapping == 'cam':
                    visit.prove_mapping(csca)
                visit.application()
                visit.read_groups(without=(3, 4))
                if reference == pace.CAN:
                    continue
                for chip in visit.infos.chip_auth:
                    visit.authenticate_chip(info=chip)
                visit.authenticate_terminal(terminal)
                for number in (3, 4):
                    visit.read(lds.dg(number))
                visit.authenticate_actively()
                visit.passive(csca)
        common.equal(len(visit.infos.chip_auth), 3, 'keys')


def test_chip_auth_again_and_again():
    """Each new key agreement starts from the last one's session; terminal authentication takes the newest key."""
    with support.Passport('--protocols', 'bac,ca:13:aes-256,ca:0:3des,ta') as card:
        visit = Inspection(card).enter_by_bac().read_groups(without=(3, 4))
        for info in visit.infos.chip_auth * 3:
            visit.authenticate_chip(info=info, kat=info.suite.name == '3des')
        visit.authenticate_terminal(support.specimen_terminal()).read(lds.dg(3))


def test_a_key_for_each_domain():
    """All domain parameters that there are: EF.DG14 has room for a key with each."""
    numbers = [0, 1, 2, *range(8, 19)]
    with support.Passport('--protocols', ','.join(['bac'] + ['ca:%d:aes-128' % number for number in numbers])) as card:
        visit = Inspection(card).enter_by_bac().read_groups(without=(3, 4))
        common.equal(sorted(info.key_id for info in visit.infos.chip_auth), numbers)
        for info in visit.infos.chip_auth:
            visit.authenticate_chip(info=info)
        visit.read(lds.COM)


def group_file(folder, number, size):
    """A data group of this many bytes in all."""
    inner = size - 4 if size - 4 >= 256 else size - 2
    data = tlv(lds.TAGS[number], bytes(i * 7 % 251 for i in range(inner)))
    while len(data) > size:
        inner -= 1
        data = tlv(lds.TAGS[number], bytes(i * 7 % 251 for i in range(inner)))
    path = os.path.join(folder, 'dg%d' % number)
    with open(path, 'wb') as file:
        file.write(data)
    return '--dg', '%d=%s' % (number, path), data


def test_large_groups():
    """READ BINARY with the odd instruction from 32,768 on, in short and in extended length (Doc 9303-10, 3.6.3.2)."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = {5: 32767, 6: 32768, 7: 32769, 8: 65535, 9: 65536, 10: 70001, 13: 200000}
        options, want = [], {}
        for number, size in sizes.items():
            option, value, want[number] = group_file(folder, number, size)
            options += [option, value]
        with support.Passport('--protocols', 'bac', *options) as card:
            for reading in ({}, {'extended': True, 'size': 30000}, {'extended': True, 'size': 65000, 'short': True}):
                card.reset()
                visit = Inspection(card, **reading).enter_by_bac()
                for number, data in want.items():
                    if number != 13 or reading:
                        assert visit.read(lds.dg(number)) == data, (number, reading)
            data = want[13]
            lds.select_file(card, lds.dg(13))
            for offset in (0, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 199999):
                common.equal(lds.read_odd(card, offset, 1), data[offset:offset + 1], 'offset %d' % offset)
            refused((0x6B00, 0x6A80), lds.read_odd, card, 200000, 1)
            refused((0x6B00, 0x6A80), lds.read_odd, card, 1 << 32, 1)


def test_lengths_of_reading():
    """Every number of bytes, in short and extended length, within a session: the response is as long as asked, though
    protection makes it longer. All there is (Le of 00) is as much as fits."""
    for protocols, most in (('bac', 231), ('pace-gm:13:aes-128', 223)):
        with support.Passport('--specimen', '--protocols', protocols) as card:
            visit = Inspection(card)
            visit.enter_by_bac() if protocols == 'bac' else visit.enter_by_pace().application()
            data = visit.read(lds.dg(2))
            lds.select_file(card, lds.dg(2))
            for size in list(range(1, 256, 5)) + [221, 222, 223, 224, 230, 231, 239, 240, 254, 255]:
                common.equal(lds.read_at(card, 0, size), data[:size], '%d bytes' % size)
                common.equal(lds.read_at(card, 0, size, extended=True), data[:size], '%d bytes, extended' % size)
            common.equal(lds.read_at(card, 0, 256), data[:most], 'all there is')
            for size in (257, 1000, len(data)):
                common.equal(lds.read_at(card, 0, size), data[:size], '%d bytes' % size)


def test_files_of_the_mf():
    """EF.DIR and EF.ATR/INFO (Doc 9303-10, 3.11): the application, the chip's capabilities and buffers."""
    with support.Passport('--specimen') as card:
        lds.select_mf(card)
        entry = one(lds.read(card, lds.DIR), 0x61, 'EF.DIR')
        common.equal(entry.find(0x4F), lds.AID, 'the application in EF.DIR')
        lds.select_mf(card)
        lds.select_file(card, lds.ATR_INFO)
        info = {node.tag: node for node in parse(card.command('00B00000', ne=256))}
        capabilities = info[0x47].value
        assert len(capabilities) >= 3 and capabilities[2] & 0x40, 'no extended length: %s' % capabilities.hex()
        sizes = [node.integer() for node in info[0x7F66].children()]
        assert len(sizes) == 2 and min(sizes) >= 1000, sizes


def test_versions_and_hashes():
    for version, digest in (('1.7', 'sha-1'), ('1.8', 'sha-224'), ('1.7', 'sha-256'), ('1.8', 'sha-384'), ('1.8', 'sha-512')):
        with support.Passport('--specimen', '--lds', version, '--digest', digest) as card:
            visit = Inspection(card).enter_by_bac().read_groups(without=(3, 4))
            visit.passive(support.csca())
            common.equal(visit.sod.digest, digest.replace('-', ''), 'hash function')
            common.equal(visit.com.lds, version.replace('1.', '010'), 'version in EF.COM')
            common.equal(visit.sod.version, 1 if version == '1.8' else 0, 'version of the security object')
            if version == '1.8':
                common.equal(visit.sod.lds_version[0], '0108', 'version in EF.SOD')


def test_signers():
    """Document signers of other countries: RSA, and ECDSA on explicit and on named parameters."""
    for algorithm, signing, digest in (
            (rsa(2048), (), 'sha-256'), (rsa(2048), PSS, 'sha-512'), (curve('brainpoolP256r1'), (), 'sha-256'),
            (curve('brainpoolP512r1'), (), 'sha-512'), (curve('P-384', 'named_curve'), (), 'sha-384')):
        with tempfile.TemporaryDirectory() as folder:
            pki = Pki(folder, algorithm, signing)
            options = '--signer-cert', pki.path('signer.pem'), '--signer-key', pki.path('signer.key'), '--digest', digest
            with support.Passport('--specimen', *options) as card:
                visit = Inspection(card)
                info = [one for one in visit.card_access().pace if one.mapping == 'cam'][0]
                visit.enter_by_pace(info).prove_mapping(pki.csca)
                visit.application().read_groups(without=(3, 4)).passive(pki.csca)


def test_long_document_number():
    """TD1 with a number of more than nine characters (Doc 9303-5, 4.2.2, note j): all of it makes the keys, and names
    the chip in terminal authentication."""
    zone = 'I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<'
    with support.Passport('--mrz', zone, '--protocols', 'bac,pace-gm:13:aes-128,ca:13:aes-128,ta') as card:
        visit = Inspection(card, mrz.Mrz(zone)).enter_by_bac().read_groups(without=(3, 4)).authenticate_chip()
        visit.authenticate_terminal(support.specimen_terminal()).read(lds.dg(3))
        card.reset()
        Inspection(card, mrz.Mrz(zone)).enter_by_pace().application().read(lds.COM)


def test_foreign_trust_point():
    """The chains of VICC_TEST_DATA/cvc-utopia under their own CVCA; the specimen's terminal is none of theirs."""
    if not os.path.isdir(UTOPIA):
        raise common.Skip('VICC_TEST_DATA has no cvc-utopia')
    root = os.path.join(UTOPIA, 'UTISCVCA00001.selfsigned.cvcert')
    for verifier in ('UTISDVCAOD', 'UTISDVCAOF'):
        for protocols in ('bac,ca:13:aes-128,ta', 'pace-gm:12:aes-256,ca:0:3des,ta'):
            with support.Passport('--specimen', '--can', support.CAN, '--cvca', root, '--protocols', protocols) as card:
                visit = Inspection(card)
                if visit.card_access():
                    visit.enter_by_pace(chat=IS_TEMPLATE).application()
                else:
                    visit.enter_by_bac()
                visit.read_groups(without=(3, 4)).authenticate_chip()
                common.equal(visit.references()[0], b'UTISCVCA00001', 'the trust point')
                refused(0x6A88, terminal_auth.present, card, support.specimen_terminal().certificates[1:])
                visit.authenticate_terminal(support.chain_in(UTOPIA, os.path.basename(root), verifier))
                for number in (3, 4):
                    visit.read(lds.dg(number))
                visit.passive(support.csca())


def root_of_the_specimen():
    certificate = cvc.read_all(support.content(support.SPECIMEN, 'cvca-is.cvcert'))[0]
    key = cvc.TerminalKey(support.content(support.SPECIMEN, 'cvca-is-key.pem'))
    number = int(certificate.scheme.split('.')[-1])
    return Holder(certificate.chr, SigningKey('ec', number, key.group, '', key.private), certificate)


def test_image():
    """A passport in an image is the same passport: same files, same keys; trust points and date live on."""
    root = root_of_the_specimen()
    key = SigningKey('ec', 3, root.key.group)
    link = root.issue(b'UTTESTCV00002', key, 'cvca', 3, ('301122', '461122'))
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'passport.json')
        offer = 'bac,pace-cam:13:aes-128,ca:13:aes-128,ca:0:3des,aa:ec,ta'
        with support.Passport('--specimen', '--protocols', offer, '--save-image', image) as card:
            files = whole_visit(card, support.specimen_terminal())
            visit = Inspection(card)
            card.reset()
            visit.enter_by_bac().read_groups(without=(3, 4)).authenticate_chip(info=visit.infos.chip_auth[0])
            terminal_auth.present(card, [link.certificate])
        with support.Passport('--file', image, terse=True) as card:
            visit = Inspection(card).enter_by_bac()
            common.equal(visit.references(), [link.name, root.name], 'trust points')
            card.reset()
            again = whole_visit(card, None)
            for fid in again:
                assert again[fid] == files[fid], '%04X has changed' % fid
            refused((0x6A80, 0x6300, 0x6985, 0x6982, 0x6988), expired, card, link, key)


def whole_visit(card, terminal):
    csca, visit = support.csca(), Inspection(card)
    visit.card_access()
    visit.enter_by_pace(chat=IS_TEMPLATE).prove_mapping(csca)
    visit.application().read_groups(without=(3, 4)).authenticate_actively()
    for info in visit.infos.chip_auth:
        visit.authenticate_chip(info=info)
    if terminal:
        visit.authenticate_terminal(terminal).read(lds.dg(3))
    visit.passive(csca)
    return visit.files


def expired(card, link, key):
    """A document verifier whose time ended before the link certificate began."""
    verifier = link.issue(b'UTTESTDV00001', key, 'dv domestic', 3, ('261122', '291231'))
    card.reset()
    visit = Inspection(card).enter_by_bac().read_groups(without=(3, 4))
    visit.authenticate_chip(info=visit.infos.chip_auth[0])
    terminal_auth.present(card, [verifier.certificate])


def test_delay():
    """--delay: a wrong MRZ costs time, a right one none."""
    other = mrz.Mrz(mrz.PASSPORT.replace('L898902C36', 'L898902C44'))
    with support.Passport('--specimen', '--protocols', 'bac', '--delay') as card:
        lds.select_application(card)
        times = []
        for zone in (support.MRZ, other, other):
            begin = time.monotonic()
            if zone is other:
                refused(0x6300, bac.run, card, zone)
            else:
                bac.run(card, zone)
                card.sm = None
            times.append(time.monotonic() - begin)
        check(times[1] >= 0.25 and times[2] >= 0.5, 'delays of %s', times)


common.main(globals())
