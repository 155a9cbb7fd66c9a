# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EF.CardAccess, EF.CardSecurity and EF.ChipSecurity of the identity card (BSI TR-03110-3, A.1), as openssl verifies
their signatures and as the options --ca-key, --ef-cardaccess and --ef-cardsecurity make them; and every cipher and
group of PACE and Chip Authentication 2 that EF.CardAccess can name."""
import itertools
import os
import subprocess
import tempfile

import eid
from eid import OK
import common
from general_procedure import Procedure
from terminal import chip_auth, lds, oids, pace, security_info, signed
from terminal.domains import DH, DOMAINS, EC
from terminal.tlv import der_integer, oid, one, tlv

CHIP_SECURITY = 0x011B
CIPHERS = 1, 2, 3, 4  # 3DES, AES-128, -192, -256: the last arc
STANDARDIZED = oids.STANDARDIZED


def openssl(folder, *words):
    done = subprocess.run(['openssl', *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, '%s\n%s' % (' '.join(words), done.stderr)
    return done.stdout


def verified(data, csca=os.path.join(eid.support.SPECIMEN, 'csca.der')):
    """The content, after openssl cms -verify against a CSCA."""
    with tempfile.TemporaryDirectory() as folder:
        eid.file_in(folder, 'security', data)
        openssl(folder, 'x509', '-inform', 'DER', '-in', csca, '-out', 'csca.pem')
        openssl(folder, 'cms', '-verify', '-inform', 'DER', '-in', 'security', '-CAfile', 'csca.pem', '-purpose', 'any',
                '-binary', '-out', 'content')
        return eid.support.content(folder, 'content')


def files(card, *fids):
    """EF.CardAccess, EF.CardSecurity, EF.ChipSecurity, or these."""
    Procedure(card, eid.specimen(oids.IS)).enter(pace.CAN).authenticate_terminal()
    return [lds.read(card, fid) for fid in fids or (lds.CARD_ACCESS, lds.CARD_SECURITY, CHIP_SECURITY)]


def test_signatures():
    """Both files, by openssl and by the tests' own reader; no bit of them may be flipped."""
    with eid.new_card() as card:
        access, card_security, chip_security = files(card)
        inside = security_info.SecurityInfos(access).raw
        for data in (card_security, chip_security):
            content = verified(data)
            common.equal(content, signed.card_security(data, eid.CSCA))
            message = signed.SignedData(data)
            common.equal(message.content_type, oids.SECURITY_OBJECT)
            infos = security_info.SecurityInfos(content).raw
            missing = [raw for raw in inside if raw not in infos and not raw.endswith(b'\x45')]
            assert not missing, 'EF.CardAccess has %s, the signed file has not' % missing
        for at in range(0, len(card_security), 97):
            bad = card_security[:at] + bytes([card_security[at] ^ 0x04]) + card_security[at + 1:]
            try:
                changed = verified(bad)
            except AssertionError:
                continue
            common.equal(changed, verified(card_security), 'the content, byte %d of the file flipped' % at)


def test_contents():
    """What A.1.2.2 and A.1.2.3 ask for: keys of the generation in the one, the card's own in the other."""
    with eid.new_card() as card, eid.new_card() as other:
        both = [files(one)[1:] for one in (card, other)]
        card_infos = [security_info.SecurityInfos(verified(data)) for data, _ in both]
        keys = [{key.key_id: key.element for key in infos.chip_keys} for infos in card_infos]
        common.equal(keys[0], keys[1], 'keys of the generation')
        assert 0x41 in keys[0] and 0x45 not in keys[0], sorted(keys[0])
        assert card_infos[0].others.get(oids.RI + '.2.3'), 'no Restricted Identification'
        own = [own_keys(security_info.SecurityInfos(verified(data))) for _, data in both]
        assert own[0][0x45] != own[1][0x45], 'the same key in two cards'


def own_keys(infos):
    keys = {key.key_id: key.element for key in infos.chip_keys}
    for parts in infos.others.get(oids.PT, []):
        for node in parts:
            keys.update({key.key_id: key.element for key in security_info.SecurityInfos(node.raw).chip_keys})
    return keys


def test_given_key():
    """--ca-key: EF.CardSecurity is made anew and signed; as PEM, DER and the number alone."""
    group = DOMAINS[13]
    with tempfile.TemporaryDirectory() as folder:
        openssl(folder, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-out', 'pem')
        openssl(folder, 'pkcs8', '-topk8', '-nocrypt', '-in', 'pem', '-outform', 'DER', '-out', 'der')
        key = eid.cvc.TerminalKey(eid.support.content(folder, 'der'))
        eid.file_in(folder, 'number', key.private.to_bytes(32, 'big'))
        for name in ('pem', 'der', 'number'):
            with eid.new_card('--ca-key', os.path.join(folder, name)) as card:
                procedure = eid.run(card, eid.specimen())
                eid.expect(eid.group_status(card, 1), OK, 'DG1')
                common.equal(procedure.security.chip_key(procedure.info).element, group.power(key.private, group.generator))
                verified(files(card, lds.CARD_SECURITY)[0])


def test_given_card_security():
    """--ef-cardsecurity is used as it is, with --ca-key, signed by another signer; a key that is not in there is an
    error."""
    with tempfile.TemporaryDirectory() as folder:
        openssl(folder, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-out', 'key')
        openssl(folder, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-out', 'other')
        paths = {name: os.path.join(folder, name) for name in ('key', 'other', 'security', 'infos')}
        with eid.new_card('--ca-key', paths['key']) as card:
            data = files(card, lds.CARD_SECURITY)[0]
        eid.file_in(folder, 'security', data)
        with eid.new_card('--ca-key', paths['key'], '--ef-cardsecurity', paths['security']) as card:
            eid.run(card, eid.specimen())
            common.equal(files(card, lds.CARD_SECURITY)[0], data)
        status, _, error = common.result(common.VICC, '-R', '-P', '0', '-t', 'nPA', '--ca-key', paths['other'],
                                         '--ef-cardsecurity', paths['security'])
        assert status and 'ca-key' in error, (status, error)
        if os.environ.get('VICC_PKI'):
            signed_again(folder, paths, verified(data))


def signed_again(folder, paths, infos):
    """By vicc-pki with the specimen's signer."""
    eid.file_in(folder, 'infos', infos)
    specimen = eid.support.SPECIMEN
    done = subprocess.run([os.environ['VICC_PKI'], 'card-security', '--security-infos', paths['infos'], '--out',
                           os.path.join(folder, 'again'), '--signer', os.path.join(specimen, 'signer.der'), '--signer-key',
                           os.path.join(specimen, 'signer-key.pem'), '--digest', 'sha512'], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with eid.new_card('--ca-key', paths['key'], '--ef-cardsecurity', os.path.join(folder, 'again')) as card:
        eid.run(card, eid.specimen())
        eid.expect(eid.group_status(card, 1), OK, 'DG1')
        common.equal(files(card, lds.CARD_SECURITY)[0], eid.support.content(folder, 'again'))


# Ciphers and groups

def standardized(number):
    return tlv(0x30, tlv(0x06, oid(STANDARDIZED)), der_integer(number))


def arc(number):
    return 1 if number in DH else 2


def card_access(paces, chips):
    """paces: (mapping, domain, cipher); chips: (domain, cipher, key)."""
    infos = [tlv(0x30, tlv(0x06, oid(oids.TA)), der_integer(2))]
    for mapping, number, cipher in paces:
        kind = arc(number) + {'gm': 0, 'im': 2}[mapping]
        infos.append(tlv(0x30, tlv(0x06, oid('%s.%d.%d' % (oids.PACE, kind, cipher))), der_integer(2), der_integer(number)))
    for number, cipher, key in chips:
        name = '%s.%d' % (oids.CA, arc(number))
        infos.append(tlv(0x30, tlv(0x06, oid('%s.%d' % (name, cipher))), der_integer(2), der_integer(key)))
        infos.append(tlv(0x30, tlv(0x06, oid(name)), standardized(number), der_integer(key)))
    return tlv(0x31, *infos)


def procedure_with(card, pace_info, chip_info, terminal, key):
    """One run with these of the card's infos."""
    run = Procedure(card, terminal)
    card.reset()
    run.read_card_access()
    run.info = chip_info
    run.group = key.group
    run.pace = pace.Pace(card, pace_info, pace.PIN, '111111', chat=terminal.certificates[-1].chat).run()
    run.authenticate_terminal()
    chip_auth.ChipAuth(card, chip_info, key, run.sk).run()
    return run.application()


def test_every_cipher():
    """PACE with each mapping, group and cipher, Chip Authentication 2 with each group and cipher: a few cards that offer
    many of each, and a run for every one of them."""
    paces = [(mapping, number, cipher) for number in DOMAINS for cipher in CIPHERS for mapping in ('gm', 'im')
             if not (mapping == 'im' and number == 10)]
    chips = [(number, cipher) for number in DOMAINS for cipher in CIPHERS]
    pace_parts = [paces[at:at + 6] for at in range(0, len(paces), 6)]
    chip_parts = [chips[at:at + 4] for at in range(0, len(chips), 4)]
    failed, done = [], [set(), set()]
    with tempfile.TemporaryDirectory() as folder:
        for paces_here, chips_here in zip(pace_parts, itertools.cycle(chip_parts)):
            keyed = [(number, cipher, 0x51 + at) for at, (number, cipher) in enumerate(chips_here)]
            path = eid.file_in(folder, 'access', card_access(paces_here, keyed))
            with eid.new_card('--ef-cardaccess', path) as card:
                try:
                    several(card, done)
                except Exception as error:
                    failed.append('%s, %s: %s' % (paces_here, keyed, error))
    assert not failed, '%d cards:\n    %s' % (len(failed), '\n    '.join(failed))
    common.equal(len(done[0]), len(paces), 'kinds of PACE')
    common.equal(len(done[1]), len(chips), 'kinds of Chip Authentication')


def several(card, done):
    """Each kind of PACE and of Chip Authentication of a card at least once."""
    terminal = eid.specimen()
    first = Procedure(card, terminal).enter().authenticate_terminal()
    data = lds.read(card, lds.CARD_SECURITY, short=True)
    infos = security_info.SecurityInfos(signed.card_security(data, eid.CSCA))
    for pace_info, chip_info in zip(first.access.pace, itertools.cycle(first.access.chip_auth)):
        key = infos.chip_key(chip_info)
        procedure_with(card, pace_info, chip_info, terminal, key)
        eid.expect(eid.group_status(card, 1), OK, 'DG1 with %r and %r' % (pace_info, chip_info))
        done[0].add((pace_info.oid, pace_info.parameter))
        done[1].add((chip_info.oid, next(number for number, group in DOMAINS.items() if group is key.group)))


def test_many_privileged_keys():
    """Seven long keys for privileged terminals, the most there can be beside one for all: EF.ChipSecurity has each."""
    numbers = list(range(0x51, 0x58))
    infos = security_info.SecurityInfos(card_access([('gm', 13, 2)], [(13, 2, 0x41)])).raw
    hidden = security_info.SecurityInfos(card_access([], [(2, 2, number) for number in numbers])).raw[1:]
    access = tlv(0x31, *infos, tlv(0x30, tlv(0x06, oid(oids.PT)), tlv(0x31, *hidden)))
    with tempfile.TemporaryDirectory() as folder, \
            eid.new_card('--ef-cardaccess', eid.file_in(folder, 'access', access)) as card:
        told = security_info.SecurityInfos(signed.card_security(files(card, CHIP_SECURITY)[0], eid.CSCA))
        inside = security_info.SecurityInfos(told.others[oids.PT][0][0].raw)
        common.equal(sorted(key.key_id for key in inside.chip_keys), numbers, 'keys in PrivilegedTerminalInfo')


def test_refused_access():
    """EF.CardAccess that is none, or offers nothing that a card can do, is an error that names the option."""
    rows = [b'', b'\x31\x00', b'\x31\x05\x30', card_access([], [(13, 2, 0x41)]), os.urandom(40),
            tlv(0x31, tlv(0x30, tlv(0x06, oid(oids.PACE + '.2.2')), der_integer(2), der_integer(99)))]
    with tempfile.TemporaryDirectory() as folder:
        for data in rows:
            path = eid.file_in(folder, 'access', data)
            status, _, error = common.result(common.VICC, '-R', '-P', '0', '-t', 'nPA', '--ef-cardaccess', path)
            assert status == 1 and 'ef-cardaccess' in error, (data.hex(), status, error)
        assert len(EC) == 11 and one(card_access([('gm', 13, 2)], []), 0x31)


common.main(globals())
