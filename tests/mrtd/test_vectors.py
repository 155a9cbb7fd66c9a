# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal against the published examples of Doc 9303-11 and TR-03110 and against recorded exchanges with real
chips: with the recorded random numbers it must send the recorded bytes and accept the recorded answers."""
import hashlib

import common
import support  # noqa: F401
from cryptography.hazmat.primitives.asymmetric import rsa
from terminal import (active_auth, bac, chip_auth, ciphers, cvc, lds, mrz, pace, security_info, signatures, signed,
                      terminal_auth, tlv)
from terminal.card import Card
from terminal.domains import DOMAINS
from terminal.errors import ProtocolError
from terminal.sm import SecureMessaging
from terminal.transport import Script
from vectors import Vectors

OK = b'\x90\x00'
BP256 = DOMAINS[13]


def equal(got, want, what='value'):
    got, want = (x.hex() if isinstance(x, bytes) else x for x in (got, want))
    common.equal(got, want, what)


def refused(text, function, *arguments):
    try:
        function(*arguments)
    except ProtocolError as error:
        assert text in str(error), error
    else:
        raise AssertionError('accepted, not refused with "%s"' % text)


def test_key_derivation():
    v = Vectors('kdf')
    for name, suite in (('3des', ciphers.TRIPLE_DES), ('aes128', ciphers.AES_128), ('aes192', ciphers.AES_192),
                        ('aes256', ciphers.AES_256)):
        equal(suite.derive(v['can'], 3), v['can_kpi_' + name], name)
    for counter in (1, 2, 3):
        equal(ciphers.AES_128.derive(v['seed'], counter), v['seed_c%d_aes128' % counter])


def test_mrz():
    zone = mrz.Mrz(mrz.PASSPORT)
    zone.verify()
    equal(zone.information(), b'L898902C3674081221204159')
    for at in (9, 19, 27, 42, 43):
        line = list(mrz.PASSPORT)
        line[44 + at] = '0' if line[44 + at] != '0' else '1'
        refused('check digit', mrz.Mrz(''.join(line)).verify)
    v = Vectors('icao-bac')
    second = v['mrz_td2_line2'].decode()
    equal(mrz.Mrz('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + second).information(), v['mrz_information'])
    card = mrz.Mrz('I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<')
    card.verify()
    equal(card.information(), b'D23145890774081221204159')
    long = mrz.Mrz('I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<')
    equal(long.information(), b'D23145890734934071279507122')
    equal(hashlib.sha1(v['mrz_td1_information']).digest()[:16], v['mrz_td1_k_seed'])


def test_bac():
    """Doc 9303-11, D: the whole conversation."""
    v = Vectors('icao-bac')
    pairs = [(v['apdu_get_challenge'], v['rnd_ic'] + OK),
             (v['apdu_external_authenticate'], v['rapdu_external_authenticate'])]
    pairs += [(v['sm%d_command' % n], v['sm%d_response' % n]) for n in (1, 2, 3)]
    transport = Script(pairs)
    card = Card(transport)
    second = v['mrz_td2_line2'].decode()
    zone = mrz.Mrz('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + second)
    bac.run(card, zone, v['rnd_ifd'], v['k_ifd'])
    equal((card.sm.k_enc, card.sm.k_mac, card.sm.ssc), (v['ks_enc'], v['ks_mac'], v['ssc']))
    card.command('00A4020C', b'\x01\x1e')
    equal(card.command('00B00000', ne=4), v['sm2_data'])
    equal(card.command('00B00004', ne=0x12), v['sm3_data'])
    transport.close()


def test_bac_faults():
    """Each bit of the card's answer flipped is noticed."""
    v = Vectors('icao-bac')
    zone = mrz.Mrz('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + v['mrz_td2_line2'].decode())
    good = v['rapdu_external_authenticate']
    for bit in range(8 * (len(good) - 2)):
        bad = bytearray(good)
        bad[bit // 8] ^= 0x80 >> bit % 8
        card = Card(Script([(v['apdu_get_challenge'], v['rnd_ic'] + OK),
                            (v['apdu_external_authenticate'], bytes(bad))]))
        refused('MAC', bac.run, card, zone, v['rnd_ifd'], v['k_ifd'])


def example(name):
    """An example of PACE: (vectors, its PaceInfo, MRZ or CAN)."""
    v = Vectors('icao-pace-' + name)
    number = {'gm-ecdh': 13, 'gm-dh': 0, 'im-ecdh': 13, 'im-dh': 0, 'cam-ecdh': 13}[name]
    equal(v['parameter_id'][0], number, 'parameter')
    return v, security_info.PaceInfo(v['oid'], number, DOMAINS[number])


class Password:
    """A password of which the example gives the octets or the key alone."""

    def __init__(self, octets):
        self.octets = octets

    def pace_secret(self):
        return self.octets


def run_pace(name):
    v, info = example(name)
    pairs = v.pairs(1, 2, 3, 4, 5)
    transport = Script(pairs)
    more = {'sk_dh': v.number('sk_dh_ifd'), 'name_parameter': False}
    if info.mapping == 'im':
        more['nonce_t'] = v['nonce_t']
        password = '123456'  # its key is K_pi of the examples
    else:
        more['sk_map'] = v.number('sk_map_ifd')
        password = Password(hashlib.sha1(v['mrz_information']).digest())
    run = pace.Pace(Card(transport), info, v['c1'][-1], password, **more)
    if 'k_pi' in v:
        equal(run.k_pi, v['k_pi'], 'K_pi')
    run.run()
    transport.close()
    equal(run.nonce, v['nonce_s'], 's')
    generator = v['g_map'] if 'g_map' in v else b'\x04' + v['g_map_x'] + v['g_map_y']
    equal(info.group.encode(run.generator).rjust(len(generator), b'\0'), generator, 'mapped generator')
    equal((run.card.sm.k_enc, run.card.sm.k_mac), (v['ks_enc'], v['ks_mac']), 'session keys')
    return v, info, run


def test_pace_gm_ecdh():
    v, info, run = run_pace('gm-ecdh')
    infos = security_info.SecurityInfos(v['ef_cardaccess'])
    equal([repr(one) for one in infos.pace], ['pace-gm:13:aes-128'])
    equal(infos.pace[0].oid, info.oid)


def test_pace_gm_dh():
    v, info, run = run_pace('gm-dh')
    equal((info.group.p, info.group.generator, info.group.q), tuple(v.number(n) for n in 'pgq'))


def test_pace_im_ecdh():
    run_pace('im-ecdh')


def test_pace_im_dh():
    run_pace('im-dh')


def test_pace_cam():
    v, info, run = run_pace('cam-ecdh')
    key = Key(info.group, info.group.decode(v['pk_ic']))
    run.check_chip(key)
    other = Key(info.group, info.group.power(7, info.group.generator))
    refused('private key', run.check_chip, other)


class Key:
    def __init__(self, group, element):
        self.group, self.element = group, element


def test_pace_faults():
    """A wrong bit in any answer of the card is noticed at the end, a bad point at once."""
    v, info = example('gm-ecdh')
    for step in (2, 3, 4, 5):
        for at in range(5, len(v['r%d' % step]) - 2, 7):
            pairs = dict(v.pairs(1, 2, 3, 4, 5))
            answer = bytearray(v['r%d' % step])
            answer[at] ^= 1
            pairs[v['c%d' % step]] = bytes(answer)
            run = pace.Pace(Card(Tolerant(pairs)), info, 1, Password(hashlib.sha1(v['mrz_information']).digest()),
                            sk_map=v.number('sk_map_ifd'), sk_dh=v.number('sk_dh_ifd'), name_parameter=False)
            refused('', run.run)


class Tolerant:
    """Answers a known command as recorded, any other with the recorded answer of its step."""

    def __init__(self, pairs):
        self.answers = list(pairs.values())

    def transmit(self, command):
        return self.answers.pop(0)


def test_groups():
    """n times the generator is neutral, and arithmetic obeys its laws; so the tables have no slip."""
    for number, group in DOMAINS.items():
        a, b = group.random(), group.random()
        if group.kind == 'ecdh':
            assert group.power(group.n, group.generator) is None
            assert group.on_curve(group.generator)
            equal(group.n.bit_length() in (group.p.bit_length(), group.p.bit_length() - 1), True, 'cofactor')
        else:
            equal(group.power(group.q, group.generator), 1)
        left = group.combine(group.power(a, group.generator), group.power(b, group.generator))
        equal(left, group.power((a + b) % group.n, group.generator), 'domain %d' % number)
        equal(group.decode(group.encode(left)), left)
    bad = bytearray(BP256.encode(BP256.generator))
    bad[-1] ^= 1
    refused('not a point', BP256.decode, bytes(bad))
    refused('uncompressed', BP256.decode, b'\x02' + bytes(bad[1:33]))
    group = DOMAINS[0]
    for value in (0, 1, group.p - 1, group.p, 2):
        refused('public value', group.decode, tlv.unsigned(value))
    assert pow(2, group.q, group.p) != 1


def test_ecdsa():
    for number in (12, 13, 15, 18):
        group = DOMAINS[number]
        private = group.random()
        key = signatures.EcKey(group, group.power(private, group.generator))
        for digest in ('sha224', 'sha256', 'sha512'):
            signature = signatures.sign_plain(group, private, b'message', digest)
            key.verify_plain(signature, b'message', digest)
            refused('wrong', key.verify_plain, signature, b'Message', digest)


def chip_auth_example(country):
    """c1 ... the exchanges, the last of them with the keys of chip authentication."""
    v = Vectors('ca1-recorded-' + country)
    infos = security_info.SecurityInfos(lds.security_infos_of(v['ef_dg14']))
    numbers = sorted(int(name[1:]) for name in v.values if name[0] == 'c' and name[1:].isdigit())
    transport = Script(v.pairs(*numbers))
    card = Card(transport)
    suite = ciphers.TRIPLE_DES if len(v['before_ssc']) == 8 else ciphers.BY_NAME['aes-%d' % (8 * len(v['before_ks_enc']))]
    card.sm = SecureMessaging(suite, v['before_ks_enc'], v['before_ks_mac'], v['before_ssc'])
    return v, infos, transport, card, numbers


def played(country):
    v, infos, transport, card, numbers = chip_auth_example(country)
    key = infos.chip_keys[0]
    wanted = 1 if len(v['after_ssc']) == 8 else 2
    found = [info for info in infos.chip_auth if info.suite.number == wanted]
    if found:
        info = found[0]
    else:  # some chips have no ChipAuthenticationInfo: then it is 3DES
        info = security_info.ChipAuthInfo(tlv.oid('0.4.0.127.0.7.2.2.3.2.1'), 1, None)
    run = chip_auth.ChipAuth(card, info, key, v.number('sk_ifd'))
    equal(run.group.encode(run.pk), v['pk_ifd'])
    return v, run, transport, card, numbers


def test_chip_auth_recorded():
    """The terminal sends what was recorded, as far as it was our kind of terminal: the messages before are opened,
    and what the terminal would send has the same plain text."""
    for country in ('at', 'de', 'my', 'fr'):
        v, run, transport, card, numbers = played(country)
        session = card.sm.copy()
        for n in numbers[:-1]:
            header, data, le = session.open_command(v['c%d' % n])
            answer = session.open(v['r%d' % n][:-2], 0x9000)
        if header[1] == 0x86:
            equal(data, tlv.tlv(0x7C, tlv.tlv(0x80, v['pk_ifd'])))
            equal(answer, b'\x7c\0')
        else:
            equal(header, bytes.fromhex('0C2241A6'))
            equal(data, tlv.tlv(0x91, v['pk_ifd']) + run.reference())
        after = run._session()
        equal((after.k_enc, after.k_mac), (v['after_ks_enc'], v['after_ks_mac']), country)
        after.open_command(v['c%d' % numbers[-1]])
        after.open(v['r%d' % numbers[-1]][:-2], 0x9000)
        equal(after.ssc, v['after_ssc'])


def test_chip_auth_sent():
    """Where the recorded terminal sends as ours does, the whole exchange byte for byte."""
    sent = []
    for country in ('at', 'de', 'my', 'fr'):
        v, run, transport, card, numbers = played(country)
        header = card.sm.copy().open_command(v['c%d' % numbers[0]])[0]
        if len(numbers) == 3:
            run.run()
        elif header == bytes.fromhex('0C2241A6'):
            run.run_kat()
        else:
            continue
        session, last = card.sm.copy(), v['c%d' % numbers[-1]]
        header, data, le = session.open_command(last)
        card.command(bytes([header[0] & 0xF3]) + header[1:], data, ne=int.from_bytes(le, 'big') or 256 if le else None)
        transport.close()
        sent.append(country)
    assert len(sent) >= 2, sent


def test_active_auth():
    v = Vectors('aa-rsa-recorded')
    card = Card(Script([(v['sm_command'], v['sm_response'])]))
    card.sm = SecureMessaging(ciphers.TRIPLE_DES, v['sm_ks_enc'], v['sm_ks_mac'], v['sm_ssc_before'])
    equal(active_auth.run(card, v['ef_dg15'], rnd=v['rnd_ifd']), 'sha256')
    refused('wrong hash', active_auth.verify, v['ef_dg15'], None, v['signature'], bytes(8))
    bad = bytearray(v['signature'])
    bad[40] ^= 4
    refused('no message', active_auth.verify, v['ef_dg15'], None, bytes(bad), v['rnd_ifd'])


def test_active_auth_hashes():
    """Doc 9303-11, F: the message representative, for every hash function and either trailer."""
    v = Vectors('icao-aa-rsa')
    private = rsa.generate_private_key(65537, 1024).private_numbers()
    n = private.public_numbers.n
    key = signatures.RsaKey(n, 65537)

    def sign(representative):
        return pow(int.from_bytes(representative, 'big'), private.d, n).to_bytes(128, 'big')

    equal(active_auth.recover(key, sign(v['f']), v['rnd_ifd']), 'sha1')
    rnd = bytes(range(8))
    for trailer, name in active_auth.TRAILERS.items():
        m1 = bytes(128 - 3 - hashlib.new(name).digest_size)
        representative = b'\x6a' + m1 + hashlib.new(name, m1 + rnd).digest() + bytes([trailer, 0xCC])
        if name == 'sha1':
            refused('trailer BC', active_auth.recover, key, sign(representative), rnd)
            continue
        equal(active_auth.recover(key, sign(representative), rnd), name)
        refused('wrong hash', active_auth.recover, key, sign(representative), bytes(8))


def eac_example(kind):
    v = Vectors('bsi-eac2-' + kind)
    number = 13 if kind == 'ecdh' else 0
    return v, security_info.PaceInfo(v['pace_oid'], number, DOMAINS[number])


def test_eac_pace():
    for kind in ('ecdh', 'dh'):
        v, info = eac_example(kind)
        run = pace.Pace(None, info, pace.PIN, v['pin'].decode(), sk_map=v.number('sk_map_pcd'),
                        sk_dh=v.number('sk_pace_pcd'))
        run.nonce = run.suite.decrypt(run.k_pi, v['nonce_z'])
        equal(run.nonce, v['nonce_s'])
        group = info.group
        run.map_generic(group.decode(v['pk_map_picc']))
        equal(group.encode(run.generator), v['g_map'].lstrip(b'\0'))
        run.pk_ifd, run.pk_ic = group.power(run.sk_dh, run.generator), group.decode(v['pk_pace_picc'])
        equal(group.encode(run.pk_ifd), v['pk_pace_pcd'].lstrip(b'\0'))
        run.derive()
        equal((run.sm.k_enc, run.sm.k_mac), (v['pace_ks_enc'], v['pace_ks_mac']))
        equal((run.token(run.pk_ic), run.token(run.pk_ifd)), (v['t_pcd'], v['t_picc']))
        session = run.sm
        session.count()
        equal(session.suite.encrypt(session.k_enc, ciphers.pad(v['sm_ssc1_plain'], 16), session._iv()), v['sm_ssc1_cipher'])
        session.count()
        equal(session.suite.mac_padded(session.k_mac, session.ssc + v['sm_ssc2_mac_input']), v['sm_ssc2_mac'])


def test_eac_terminal_auth():
    for kind in ('ecdh', 'dh'):
        v, info = eac_example(kind)
        certificates = cvc.read_all(v['ta_cvca_cert'] + v['ta_dv_cert'] + v['ta_terminal_cert'])
        known = {}
        for certificate in certificates:
            if certificate.car == certificate.chr:
                known[certificate.chr] = certificate
            certificate.verify(known[certificate.car])
            known[certificate.chr] = certificate
        terminal = certificates[-1]
        chain = terminal_auth.chain_to(certificates, [certificates[0].chr])
        equal(chain[-1].raw, terminal.raw)
        group = info.group
        signed_data = (group.compress(group.decode(v['pk_pace_picc'])) + v['ta_challenge'] +
                       group.compress(group.decode(v['pk_ca_pcd'])))
        cvc.verify(terminal.key, terminal.scheme, v['ta_signature'], signed_data)
        refused('wrong', cvc.verify, terminal.key, terminal.scheme, v['ta_signature'], signed_data + b'\0')
        signature = cvc.TerminalKey(v['ta_terminal_key_pkcs8']).sign(terminal.scheme, b'challenge')
        cvc.verify(terminal.key, terminal.scheme, signature, b'challenge')


def test_eac_chip_auth():
    for kind in ('ecdh', 'dh'):
        v, info = eac_example(kind)
        group = info.group
        chip = security_info.ChipAuthInfo(v['ca_oid'], 2, None)
        key = Key(group, group.decode(v['pk_ca_picc']))
        answer = tlv.tlv(0x7C, tlv.tlv(0x81, v['ca_nonce']), tlv.tlv(0x82, v['ca_token'])) + OK
        card = Card(Tolerant({0: OK, 1: answer}))
        run = chip_auth.ChipAuth(card, chip, key, v.number('sk_ca_pcd')).run()
        equal((run.card.sm.k_enc, run.card.sm.k_mac), (v['ca_ks_enc'], v['ca_ks_mac']))
        infos = security_info.SecurityInfos(v['ef_cardaccess'])
        assert infos.terminal_auth == [2] and v['ca_oid'] in [one.oid for one in infos.chip_auth]


def test_card_security():
    """EF.CardSecurity of BSI's example: content and signature are parsed; its CSCA is not published."""
    for kind in ('ecdh', 'dh'):
        v, info = eac_example(kind)
        message = signed.SignedData(v['ef_cardsecurity'])
        equal(message.content_type, '0.4.0.127.0.7.3.2.1')
        infos = security_info.SecurityInfos(message.content)
        assert [key for key in infos.chip_keys if key.element == info.group.decode(v['pk_ca_picc'])], infos.chip_keys


def test_tlv():
    for tag, size in ((0x7F49, 0), (0x80, 127), (0x5F37, 128), (0x81, 255), (0x53, 256), (0x75, 65536)):
        data = tlv.tlv(tag, bytes(size))
        node = tlv.one(data, tag)
        equal((len(node.value), node.raw), (size, data))
        for at in range(min(len(data), 12)):
            refused('', tlv.one, data[:at], tag)
    for name in ('0.4.0.127.0.7.2.2.4.2.2', '2.23.136.1.1.1', '1.2.840.113549.1.1.1', '2.999.3'):
        equal(tlv.dotted(tlv.oid(name)), name)


common.main(globals())
