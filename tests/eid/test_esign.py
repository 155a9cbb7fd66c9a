# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DF eSign and DF CIA of the identity card (BSI TR-03127, 3.2.3, 3.3.4, 4.5, 4.6.2; ISO/IEC 7816-8, 7816-15): key pair,
certificate, PIN, signatures that openssl verifies; the description of them is decoded and must be true."""
import hashlib
import os
import subprocess
import tempfile

import eid
from eid import ALL, DENIED, INSTALL, INSTALL_QUALIFIED, NO_FILE, OK
import common
from support import refused
from terminal import lds, oids, pace
from terminal.domains import DOMAINS
from terminal.tlv import der_integer, oid, one, parse, tlv

PIN, NEW = b'444444', b'565656'
VERIFY, CHANGE, SET, UNBLOCK, SIGN = '00200081', '00240081', '00240181', '002C0381', '002A9E9A'
GENERATE, READ_KEY, END_PIN, END_KEY = '00478000', '00478100', '00E61081', '00E62184'
GROUP = DOMAINS[13]
HASH = hashlib.sha256(b'what is signed').digest()


def signer(card, reference=pace.PIN, rights=ALL[oids.ST]):
    """A signature terminal in DF eSign."""
    eid.run(card, eid.specimen(oids.ST), reference, rights, oids.ST)
    lds.select_application(card, eid.ESIGN)


def installer(card, bit=INSTALL):
    """An authentication terminal that may install certificates, in DF eSign."""
    eid.run(card, eid.specimen(), pace.PIN, 1 << bit)
    lds.select_application(card, eid.ESIGN)


def holder(card, reference):
    """The holder's own reader, in DF eSign."""
    eid.session(card, reference)
    lds.select_application(card, eid.ESIGN)


def public_key(answer):
    fields = {node.tag: node.value for node in one(answer, 0x7F49, 'the public key').children()}
    return GROUP.decode(fields[0x86])


def spki(element):
    algorithm = tlv(0x30, tlv(0x06, oid('1.2.840.10045.2.1')), tlv(0x06, oid('1.3.36.3.3.2.8.1.1.7')))
    return tlv(0x30, algorithm, tlv(0x03, b'\0' + GROUP.encode(element)))


def openssl_verifies(key, signature, digest):
    """key: SubjectPublicKeyInfo; signature: r and s side by side."""
    numbers = [int.from_bytes(part, 'big') for part in (signature[:32], signature[32:])]
    with tempfile.TemporaryDirectory() as folder:
        names = [eid.file_in(folder, name, data) for name, data in (
            ('key', key), ('signature', tlv(0x30, *map(der_integer, numbers))), ('hash', digest))]
        done = subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', names[0],
                               '-sigfile', names[1], '-in', names[2]], capture_output=True, text=True)
    return done.returncode == 0 and 'Verified Successfully' in done.stdout


def signed(card, element, digest=HASH, pin=PIN):
    eid.expect(eid.status(card, VERIFY, pin), OK, 'VERIFY')
    signature = card.command(SIGN, digest, ne=256)
    common.equal(len(signature), 64, 'length of the signature')
    assert openssl_verifies(spki(element), signature, digest), 'openssl does not verify the signature'
    assert not openssl_verifies(spki(element), signature, hashlib.sha256(digest).digest())
    return signature


def test_life():
    """Key pair, certificate, signatures, an end to both, with power cuts between."""
    with eid.Kept() as kept:
        card = kept.card
        signer(card)
        assert eid.status(card, READ_KEY, b'', 256) != OK, 'there is a key'
        eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY')
        assert eid.status(card, SIGN, HASH, 256) != OK, 'signed without a key'
        element = public_key(card.command(GENERATE, ne=256))
        kept.cut()
        signer(card)
        common.equal(public_key(card.command(READ_KEY, ne=256)), element, 'the key after a power cut')
        assert eid.status(card, GENERATE, b'', 256) not in (OK,), 'a second key over the first'
        first = signed(card, element)
        assert signed(card, element) != first, 'two signatures are the same'
        certificate = certificate_for(element)
        for bit, fid in ((INSTALL, 0xC001), (INSTALL_QUALIFIED, 0xC000)):
            installer(card, bit)
            eid.expect(eid.update(card, fid, certificate), OK, 'UPDATE BINARY of %04X' % fid)
        kept.cut()
        signer(card)
        for fid in (0xC000, 0xC001):
            common.equal(lds.read(card, fid), certificate, '%04X' % fid)
        signed(card, element)
        eid.expect(eid.status(card, END_KEY), OK, 'TERMINATE of the key')
        kept.cut()
        signer(card)
        assert eid.status(card, READ_KEY, b'', 256) != OK
        other = public_key(card.command(GENERATE, ne=256))
        assert other != element
        signed(card, other)
        eid.expect(eid.status(card, END_PIN), OK, 'TERMINATE of the PIN')
        assert eid.status(card, VERIFY, PIN) != OK
        kept.cut()
        signer(card)
        assert eid.status(card, VERIFY, PIN) != OK and eid.status(card, SIGN, HASH, 256) != OK


def certificate_for(element):
    """X.509 about the card's key, signed by openssl with another one."""
    with tempfile.TemporaryDirectory() as folder:
        def run(*words):
            done = subprocess.run(['openssl', *words], cwd=folder, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr

        eid.file_in(folder, 'public', spki(element))
        run('pkey', '-pubin', '-inform', 'DER', '-in', 'public', '-out', 'public.pem')
        run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-nodes', '-keyout', 'key',
            '-out', 'ca.pem', '-subj', '/C=UT/CN=CA')
        run('req', '-new', '-key', 'key', '-subj', '/C=UT/CN=Erika', '-out', 'request')
        run('x509', '-req', '-in', 'request', '-force_pubkey', 'public.pem', '-CA', 'ca.pem', '-CAkey', 'key',
            '-outform', 'DER', '-out', 'certificate')
        return eid.support.content(folder, 'certificate')


def test_one_signature_a_pin():
    """A verified PIN is good for one signature, in this session and this application."""
    with eid.Kept() as kept:
        card = kept.card
        signer(card)
        element = public_key(card.command(GENERATE, ne=256))
        eid.expect(eid.status(card, SIGN, HASH, 256), DENIED, 'without PIN')
        signed(card, element)
        eid.expect(eid.status(card, SIGN, HASH, 256), DENIED, 'the second signature')
        eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY')
        signer(card)
        eid.expect(eid.status(card, SIGN, HASH, 256), DENIED, 'in the next session')
        eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY')
        kept.cut()
        signer(card)
        eid.expect(eid.status(card, SIGN, HASH, 256), DENIED, 'after a power cut')
        for digest in (b'', bytes(65), bytes(200)):
            eid.status(card, VERIFY, PIN)
            eid.expect(eid.status(card, SIGN, digest, 256), (0x6700, 0x6A80), '%d bytes' % len(digest))
        for name in ('sha1', 'sha224', 'sha384', 'sha512'):
            signed(card, element, hashlib.new(name, b'what is signed').digest())


def test_pin():
    """Three tries, the PUK's ten, a change, the first PIN of a card without one (TR-03127, 3.3.4)."""
    with eid.Kept() as kept:
        card = kept.card
        for left in (2, 1, 0):
            signer(card, pace.CAN)
            eid.expect(eid.status(card, VERIFY, b'000000'), 0x63C0 | left, 'a wrong PIN')
            kept.cut()
        signer(card, pace.CAN)
        eid.expect(eid.status(card, VERIFY, PIN), (0x6983, 0x63C0), 'the right PIN, blocked')
        eid.expect(eid.status(card, UNBLOCK), DENIED, 'unblocking with the CAN')
        for use in range(10):
            holder(card, pace.PUK)
            eid.expect(eid.status(card, UNBLOCK), OK, 'use %d of the PUK' % (use + 1))
        kept.cut()
        holder(card, pace.PUK)
        assert eid.status(card, UNBLOCK) != OK, 'the PUK is good for the eleventh time'
        eid.expect(eid.status(card, '002C0303'), OK, 'the eID PIN has ten of its own')
        signer(card, pace.CAN)
        eid.expect(eid.status(card, CHANGE, b'000000' + NEW), 0x63C2, 'a change with a wrong PIN')
        eid.expect(eid.status(card, CHANGE, PIN + b'56565'), (0x6A80, 0x6700), 'a PIN of five figures')
        eid.expect(eid.status(card, CHANGE, PIN + NEW), OK, 'a change')
        eid.expect(eid.status(card, VERIFY), 0x63C3, 'the PIN, which has been changed, not verified')
        kept.cut()
        signer(card, pace.CAN)
        eid.expect(eid.status(card, VERIFY, PIN), 0x63C2, 'the old PIN')
        eid.expect(eid.status(card, VERIFY, NEW), OK, 'the new PIN')


def test_first_pin():
    """Set by a signature terminal in a session of the eID PIN; not by the CAN, and not over another."""
    with eid.Kept('--esign-pin', 'none') as kept:
        card = kept.card
        signer(card)
        assert eid.status(card, VERIFY, PIN) not in (OK,)
        assert eid.status(card, GENERATE, b'', 256) != OK, 'a key without a PIN'
        for reference in (pace.CAN, pace.PUK):
            signer(card, reference)
            eid.expect(eid.status(card, SET, NEW), DENIED, 'setting the PIN')
        signer(card)
        for value in (b'', b'12345', b'1234567', b'12345a'):
            eid.expect(eid.status(card, SET, value), (0x6A80, 0x6700, 0x6A87), 'PIN %r' % value)
        eid.expect(eid.status(card, SET, NEW), OK, 'setting the PIN')
        kept.cut()
        signer(card)
        assert eid.status(card, SET, PIN) != OK, 'set over the first'
        signed(card, public_key(card.command(GENERATE, ne=256)), pin=NEW)


def test_who_may():
    """Everything there is to be done in DF eSign, by everybody who is not the one for it: 6982."""
    signing = {'VERIFY': (VERIFY, PIN), 'CHANGE': (CHANGE, PIN + PIN), 'sign': (SIGN, HASH)}
    managing = {'terminate the PIN': (END_PIN, b''), 'terminate the key': (END_KEY, b'')}
    with eid.new_card() as card:
        signer(card)
        card.command(GENERATE, ne=256)
        rows = [
            ('nobody', lambda: (card.reset(), lds.select_application(card, eid.ESIGN)), {**signing, **managing}),
            ('the holder with PIN', lambda: holder(card, pace.PIN), {**signing, **managing}),
            ('the holder with PUK', lambda: holder(card, pace.PUK), {**signing, **managing}),
            ('an authentication terminal', lambda: esign_at(card, ALL[oids.AT]), {**signing, **managing}),
            ('an inspection system', lambda: esign_is(card), {**signing, **managing}),
            ('a signature terminal without a right', lambda: signer(card, pace.PIN, 0), {**signing, **managing}),
            ('a signature terminal with CAN', lambda: signer(card, pace.CAN), managing),
            ('a signature terminal with PUK', lambda: signer(card, pace.PUK), managing),
        ]
        for who, come, commands in rows:
            for name, (header, data) in commands.items():
                come()
                eid.expect(eid.status(card, header, data, 256 if header == SIGN else None), DENIED, '%s by %s' % (name, who))
        signer(card)
        card.command(READ_KEY, ne=256)
        for rights in (0, ALL[oids.AT] & ~(3 << INSTALL)):
            esign_at(card, rights)
            eid.expect(eid.status(card, GENERATE, b'', 256), DENIED, 'generate')
            for fid in (0xC000, 0xC001):
                eid.expect(eid.update(card, fid, b'\x30\0'), DENIED, 'UPDATE BINARY')
                eid.expect(eid.status(card, '00B00000', ne=1), (DENIED, 0x6282, 0x6B00), 'READ BINARY')
        for rights in (1, 2):
            signer(card, pace.PIN, rights)
            eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY with right %d' % rights)
            eid.expect(eid.update(card, 0xC001, b'\x30\0'), DENIED, 'UPDATE BINARY by a signature terminal')


def esign_at(card, rights):
    eid.run(card, eid.specimen(), pace.PIN, rights)
    lds.select_application(card, eid.ESIGN)


def esign_is(card):
    eid.run(card, eid.specimen(oids.IS), pace.CAN, ALL[oids.IS], oids.IS)
    lds.select_application(card, eid.ESIGN)


def test_elsewhere():
    """The references count in DF eSign alone."""
    with eid.new_card() as card:
        eid.run(card, eid.specimen(oids.ST), pace.PIN, ALL[oids.ST], oids.ST)
        for header, data in ((VERIFY, PIN), (CHANGE, PIN + NEW), (SET, NEW), (END_PIN, b''), (END_KEY, b''),
                             (GENERATE, b''), (SIGN, HASH)):
            assert eid.status(card, header, data) not in (OK,), header + ' outside of DF eSign'
        signer(card)
        eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY')


def test_given_pair():
    """--esign-key, --esign-cert, --esign-ca-cert; a key and a certificate that do not go together are an error."""
    with tempfile.TemporaryDirectory() as folder:
        def run(*words):
            done = subprocess.run(['openssl', *words], cwd=folder, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr

        for name in ('one', 'other'):
            run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-nodes', '-keyout',
                name + '.pem', '-outform', 'DER', '-out', name + '.der', '-subj', '/C=UT/CN=' + name)
        run('pkey', '-in', 'one.pem', '-pubout', '-outform', 'DER', '-out', 'public')
        paths = {name: os.path.join(folder, name) for name in os.listdir(folder)}
        options = ['--esign-key', paths['one.pem'], '--esign-cert', paths['one.der'], '--esign-ca-cert', paths['other.der']]
        with eid.new_card(*options) as card:
            signer(card)
            for fid, name in ((0xC001, 'one.der'), (0xC000, 'other.der')):
                common.equal(lds.read(card, fid), eid.support.content(paths[name]), name)
            eid.expect(eid.status(card, VERIFY, PIN), OK, 'VERIFY')
            signature = card.command(SIGN, HASH, ne=256)
            assert openssl_verifies(eid.support.content(paths['public']), signature, HASH)
        status, _, error = common.result(common.VICC, '-R', '-P', '0', '-t', 'nPA', '--esign-key', paths['one.pem'],
                                         '--esign-cert', paths['other.der'])
        assert status and 'esign' in error, (status, error)


# DF CIA

def cia(card, fid):
    lds.select_application(card, eid.CIA)
    return read_all(card, fid)


def read_all(card, fid):
    lds.select_file(card, fid)
    return card.command('00B00000', ne=256, allowed=(OK, 0x6282))


def values(node, tag):
    """Of all primitive objects below with this tag."""
    found = []
    for part in parse(node):
        if part.tag == tag:
            found.append(part.value)
        if part.tag & 0x20 or part.tag >> 8 and part.tag >> 8 & 0x20:
            found += values(part.value, tag)
    return found


def test_description():
    """EF.OD leads to the directories, these to key 84, PIN 81 and to C000 and C001, which there are; free to read."""
    with eid.new_card() as card:
        card.reset()
        directory = cia(card, 0x5031)
        pointers = {node.tag: int.from_bytes(values(node.value, 0x04)[0], 'big') for node in parse(directory)}
        common.equal(sorted(pointers), [0xA0, 0xA4, 0xA8], 'private keys, certificates, authentication objects')
        contents = {tag: cia(card, fid) for tag, fid in pointers.items()}
        private_key(contents[0xA0])
        certificates(card, contents[0xA4])
        authentication(contents[0xA8])
        info = one(cia(card, 0x5032), 0x30, 'EF.CIAInfo')
        assert b'eSign Application' in info.raw and oids.PLAIN_ECDSA in [
            eid.dotted(value) for value in values(info.value, 0x06)], info
        for fid in (0x4400, 0x4404, 0x4408):
            assert fid in pointers.values()


def private_key(data):
    """PrivateKeyObjectChoice [0]: EC key; label, usage, reference 84; authId is the PIN's."""
    node = one(data, 0xA0, 'an EC private key')
    common_attributes, class_attributes = node.children()[:2]
    assert b'PrK.ICC.QES' in common_attributes.raw
    assert b'\x01' in values(common_attributes.value, 0x04), 'authId'
    common.equal(int.from_bytes(values(class_attributes.value, 0x02)[0], 'big'), 0x84, 'keyReference')


def certificates(card, data):
    """Two certificates in C000 and C001; the holder's has the key's identifier."""
    entries = parse(data)
    common.equal([node.tag for node in entries], [0x30, 0x30], 'two X.509 certificates')
    fids = [int.from_bytes(values(node.value, 0x04)[-1][-2:], 'big') for node in entries]
    common.equal(fids, [0xC000, 0xC001])
    signer(card)
    for fid in fids:
        eid.expect(eid.status(card, '00A4020C', fid.to_bytes(2, 'big')), OK, 'SELECT %04X' % fid)
    card.reset()


def authentication(data):
    node = one(data, 0x30, 'a PIN')
    assert b'eSign-PIN' in node.raw and b'\x01' in values(node.value, 0x04)
    numbers = values(node.value, 0x02) + values(node.value, 0x80)
    assert b'\x06' in numbers, 'the least length is six'
    assert any(number[-1:] == b'\x81' for number in numbers), 'the reference is 81'


def test_directory():
    """EF.DIR names the applications that can be selected, and no other."""
    for options, epassport in (((), False), (('--epassport',), True)):
        with eid.new_card(*options) as card:
            card.reset()
            data = card.command('00B09E00', ne=256, allowed=(OK, 0x6282))
            names = [node.find(0x4F) for node in parse(data)]
            for name in (eid.EID, eid.ESIGN, eid.CIA):
                assert name in names, name.hex()
                eid.expect(eid.status(card, '00A4040C', name), OK, 'SELECT ' + name.hex())
            got = eid.status(card, '00A4040C', lds.AID)
            eid.expect(got, OK if epassport else NO_FILE, 'SELECT of the passport')
            refused((NO_FILE,), card.command, '00A4040C', bytes.fromhex('A00000000101'))


common.main(globals())
