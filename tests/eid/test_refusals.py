# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What terminals do wrong with an identity card (BSI TR-03110-2, 2.3 and 3; TR-03110-3, 2 and B; cases after
TR-03105-3.3): each step out of its order, wrong identifiers and references, certificates that are foreign, expired, not yet
valid, badly signed or ask for more than their issuer has, answers of another session, resets in the middle. After each
of them nothing can be read, and a correct run works."""
import eid
from eid import ALL, DENIED, OK, UNKNOWN, WRONG_DATA
import common
import mistakes
import support
from general_procedure import Procedure, chat
from support import refused
from terminal import chip_auth, oids, pace, terminal_auth
from terminal.domains import DOMAINS
from terminal.errors import CardError, ProtocolError
from terminal.issuer import SigningKey
from terminal.tlv import oid, parse, tlv

FAILED = 0x6300
ORDER = DENIED, 0x6985, 0x6983
DATA = WRONG_DATA, UNKNOWN
NOT_ACCEPTED = 0x6300, 0x6982, 0x6985, 0x6988, 0x6A80, 0x6A88  # a certificate: 6300 or a checking error
AT = eid.specimen()


def nothing_left(card):
    """No data group, no special function, in the session that is left or in none; then a correct run."""
    for number in (1, 8, 17, 22):
        eid.expect(eid.group_status(card, number), (DENIED, 0x6A82, 0x6986, 0x6987, 0x6988), 'DG%d' % number)
    lds_eid = eid.status(card, '00A4040C', eid.EID)
    assert lds_eid in (OK, DENIED, 0x6987, 0x6988), '%04X' % lds_eid
    for number in (1, 8, 17, 22):
        eid.expect(eid.group_status(card, number), (DENIED, 0x6A82, 0x6986, 0x6987, 0x6988), 'DG%d' % number)
    for header, data in (('00441003', b''), ('00D69100', b'\x71\x00')):
        assert eid.status(card, header, data) in (DENIED, 0x6987, 0x6988, 0x6986, 0x6A82), header
    eid.run(card, AT)
    eid.expect(eid.group_status(card, 1), OK, 'DG1 in a correct run')


def run_table(rows):
    with eid.new_card() as card:
        def one(statuses, function):
            if statuses is None:
                function(Procedure(card, AT))
            else:
                refused(statuses, function, Procedure(card, AT))
            nothing_left(card)
        support.run_rows(rows, one)


# Steps out of their order

def sign(run, certificate, compressed, challenge, aux=b''):
    return AT.key.sign(certificate.scheme, run.pace.id_picc() + challenge + compressed + aux)


def send(header, data=b'', ne=None):
    return lambda run: run.card.command(header, data, ne=ne)


def plain(function):
    """The same without any session."""
    def go(run):
        run.card.reset()
        function(run)
    return go


def in_session(function, template=AT.certificates[-1].chat):
    def go(run):
        run.enter(pace.PIN, template)
        function(run)
    return go


def after_terminal(function):
    def go(run):
        run.enter().authenticate_terminal()
        function(run)
    return go


def without_chat(run):
    """PACE that names no kind of terminal is not followed by terminal authentication (TR-03110-2, 2.3.2.1)."""
    eid.session(run.card, pace.PIN)
    run.pace = eid.session(run.card, pace.PIN).pace
    terminal_auth.present(run.card, AT.certificates[1:])
    certificate, compressed = AT.certificates[-1], run.commit()
    terminal_auth.set_at_2(run.card, certificate, compressed)
    run.card.command('00820000', sign(run, certificate, compressed, terminal_auth.challenge(run.card)))


def external_without_key(run):
    eid.present(run.card, run, AT)
    compressed = run.commit()
    run.card.command('00820000', sign(run, AT.certificates[-1], compressed, terminal_auth.challenge(run.card)))


def external_twice(run):
    """A challenge is good for one answer."""
    certificate, compressed = eid.present(run.card, run, AT), run.commit()
    terminal_auth.set_at_2(run.card, certificate, compressed)
    good = sign(run, certificate, compressed, terminal_auth.challenge(run.card))
    refused(FAILED, run.card.command, '00820000', mistakes.flipped(good, 77))
    run.card.command('00820000', good)


def authenticated_twice(run):
    """TR-03110-2, 3.3.2: once a session with the same key."""
    run.authenticate_terminal()


def skipped(first):
    """The chain from its second certificate on."""
    return lambda run: terminal_auth.present(run.card, AT.certificates[first:])


def chip_before_terminal(run):
    run.card.command('002241A4', tlv(0x80, run.info.oid) + tlv(0x84, b'\x41'))
    run.commit()
    chip_auth.ChipAuth(run.card, run.info, run_key(run), run.sk).send_key()


def by_kat(run):
    point = run.group.power(run.sk, run.group.generator)
    run.card.command('002241A6', tlv(0x91, run.group.encode(point)))


KEYS = {}


def run_key(run):
    """The card's static key, from a correct run with another card of the generation."""
    if 'key' not in KEYS:
        with eid.new_card() as card:
            other = eid.run(card, AT)
            KEYS['key'] = other.security.chip_key(other.info)
    return KEYS['key']


def pace_steps(*steps):
    """PACE in another order."""
    def go(run):
        run.card.reset()
        run.read_card_access()
        one = pace.Pace(run.card, run.access.pace[0], pace.PIN, '111111', chat=AT.certificates[-1].chat)
        one.set_at()
        point = one.group.encode(one.group.power(5, one.group.generator))
        objects = {0: b'', 1: tlv(0x81, point), 2: tlv(0x83, point), 3: tlv(0x85, bytes(8))}
        for step in steps:
            run.card.command('00860000' if step == 3 else '10860000', tlv(0x7C, objects[step]), ne=256)
    return go


def order_rows():
    general = '00860000', b'\x7c\x00', 256
    certificate = AT.certificates[1].body + tlv(0x5F37, AT.certificates[1].signature)
    return [
        ('GENERAL AUTHENTICATE without MSE', ORDER + DATA, plain(send(*general))),
        ('EXTERNAL AUTHENTICATE in plain', ORDER, plain(send('00820000', bytes(64)))),
        ('VERIFY CERTIFICATE in plain', ORDER, plain(send('002A00BE', certificate))),
        ('MSE:Set DST in plain', ORDER + DATA, plain(send('002281B6', tlv(0x83, AT.certificates[1].car)))),
        ('MSE:Set AT for chip authentication in plain', ORDER + DATA, plain(lambda run: (
            run.read_card_access(), run.card.command('002241A4', tlv(0x80, run.info.oid) + tlv(0x84, b'\x41'))))),
        ('terminal authentication after PACE without CHAT', ORDER + DATA + (FAILED,), without_chat),
        ('VERIFY CERTIFICATE without MSE:Set DST', ORDER + DATA, in_session(send('002A00BE', certificate))),
        ('the terminal\'s certificate without the verifier\'s', NOT_ACCEPTED, in_session(skipped(2))),
        ('EXTERNAL AUTHENTICATE without MSE:Set AT', ORDER + (FAILED,) + DATA, in_session(external_without_key)),
        ('EXTERNAL AUTHENTICATE at once', ORDER + DATA, in_session(send('00820000', bytes(64)))),
        ('a challenge twice', ORDER + (FAILED,), in_session(external_twice)),
        ('terminal authentication twice', ORDER + DATA, after_terminal(authenticated_twice)),
        ('terminal authentication again after chip authentication', ORDER + DATA, second_terminal_then),
        ('chip authentication before terminal authentication', ORDER + DATA, in_session(chip_before_terminal)),
        ('chip authentication version 1 by MSE:Set KAT', ORDER + DATA + (0x6A86, 0x6A81), after_terminal(by_kat)),
        ('Restricted Identification before chip authentication', ORDER, after_terminal(send(
            '002241A4', tlv(0x80, oid(oids.RI + '.2.3')) + tlv(0x84, b'\x44')))),
        ('PACE: mapping first', ORDER + DATA + (FAILED,), pace_steps(1)),
        ('PACE: key agreement in place of mapping', ORDER + DATA + (FAILED,), pace_steps(0, 2)),
        ('PACE: the token at once', ORDER + DATA + (FAILED, 0x6883), pace_steps(3)),
        ('PACE: the nonce after the mapping', ORDER + DATA + (FAILED,), pace_steps(0, 1, 0)),
        ('PACE: mapping twice', ORDER + DATA + (FAILED,), pace_steps(0, 1, 1)),
        ('PACE: token in place of the key', ORDER + DATA + (FAILED, 0x6883), pace_steps(0, 1, 3)),
    ]


def second_terminal_then(run):
    """Behind chip authentication the rights of the first time stay, so the session is ended here."""
    run.enter().authenticate_terminal().authenticate_chip(eid.CSCA)
    try:
        run.authenticate_terminal()
    finally:
        run.card.reset()


def test_order():
    run_table(order_rows())


# Wrong names

def at_data(run, objects):
    eid.present(run.card, run, AT)
    run.card.command('002281A4', objects(run))


def pace_at(*objects):
    return plain(send('0022C1A4', b''.join(objects)))


GOOD_PACE = oid(oids.PACE + '.2.2')


def name_rows():
    protocol, password, domain = tlv(0x80, GOOD_PACE), tlv(0x83, b'\x03'), tlv(0x84, b'\x0d')
    template = tlv(0x7F4C, AT.certificates[-1].chat)
    scheme = AT.certificates[-1].scheme

    def ta(function):
        return in_session(lambda run: at_data(run, function))

    def ca(*objects):
        return after_terminal(lambda run: run.card.command('002241A4', b''.join(objects)))

    def name(run):
        return tlv(0x83, AT.certificates[-1].chr)

    ca_oid = tlv(0x80, oid(oids.CA + '.2.2'))
    other = tlv(0x7F4C, tlv(0x06, oid(oids.ROLES + '.7')) + tlv(0x53, bytes(5)))
    short = tlv(0x7F4C, tlv(0x06, oid(oids.AT)) + tlv(0x53, bytes(3)))
    rows = [
        ('PACE with an unknown protocol', DATA, pace_at(tlv(0x80, oid(oids.PACE + '.2.9')), password, domain)),
        ('PACE with a protocol that EF.CardAccess does not have', DATA, pace_at(
            tlv(0x80, oid(oids.PACE + '.2.4')), password, domain)),
        ('PACE with the protocol of chip authentication', DATA, pace_at(ca_oid, password, domain)),
        ('PACE with an empty protocol', DATA, pace_at(tlv(0x80), password, domain)),
        ('PACE without a protocol', DATA, pace_at(password, domain)),
        ('PACE without a password', DATA, pace_at(protocol, domain)),
        ('PACE with password 0', DATA, pace_at(protocol, tlv(0x83, b'\0'), domain)),
        ('PACE with password 5', DATA, pace_at(protocol, tlv(0x83, b'\5'), domain)),
        ('PACE with a password of two bytes', DATA, pace_at(protocol, tlv(0x83, b'\3\3'), domain)),
        ('PACE with other domain parameters', DATA, pace_at(protocol, password, tlv(0x84, b'\x0c'))),
        ('PACE with an unknown kind of terminal', DATA, pace_at(protocol, password, domain, other)),
        ('PACE with a template that is too short', DATA, pace_at(protocol, password, domain, short)),
        ('PACE with a template that is empty', DATA, pace_at(protocol, password, domain, tlv(0x7F4C))),
        ('PACE with data that are cut off', DATA, pace_at(protocol, password, domain, template[:-1])),
        ('terminal authentication: no name', DATA + ORDER, ta(lambda run: tlv(
            0x80, oid(scheme)) + tlv(0x91, run.commit()))),
        ('terminal authentication: the verifier\'s name', NOT_ACCEPTED, as_verifier),
        ('terminal authentication: nobody\'s name', DATA, ta(lambda run: tlv(0x80, oid(scheme)) + tlv(
            0x83, b'DENOBODY00001') + tlv(0x91, run.commit()))),
        ('terminal authentication: another scheme than the certificate\'s', DATA, ta(lambda run: tlv(
            0x80, oid(oids.TA + '.2.5')) + name(run) + tlv(0x91, run.commit()))),
        ('terminal authentication: an RSA scheme', DATA, ta(lambda run: tlv(
            0x80, oid(oids.TA + '.1.2')) + name(run) + tlv(0x91, run.commit()))),
        ('terminal authentication: an unknown scheme', DATA, ta(lambda run: tlv(
            0x80, oid(oids.TA + '.2.9')) + name(run) + tlv(0x91, run.commit()))),
        ('terminal authentication: the protocol of PACE', DATA, ta(lambda run: protocol + name(run) + tlv(
            0x91, run.commit()))),
        ('chip authentication: an unknown protocol', DATA, ca(tlv(0x80, oid(oids.CA + '.2.9')), tlv(0x84, b'\x41'))),
        ('chip authentication: a protocol that is not offered', DATA, ca(
            tlv(0x80, oid(oids.CA + '.2.4')), tlv(0x84, b'\x41'))),
        ('chip authentication: DH where the key is of a curve', DATA, ca(
            tlv(0x80, oid(oids.CA + '.1.2')), tlv(0x84, b'\x41'))),
        ('chip authentication: an unknown key', DATA, ca(ca_oid, tlv(0x84, b'\x63'))),
        ('chip authentication: the key of Restricted Identification', DATA, ca(ca_oid, tlv(0x84, b'\x44'))),
        ('chip authentication: no protocol', DATA, ca(tlv(0x84, b'\x41'))),
        ('a trust point nobody knows', DATA, in_session(lambda run: terminal_auth.set_dst(run.card, b'DENOBODY00001'))),
        ('the trust point of another kind of terminals', DATA, in_session(lambda run: terminal_auth.set_dst(
            run.card, b'UTSPECIS00001'))),
        ('a trust point with a letter in small', DATA, in_session(lambda run: terminal_auth.set_dst(
            run.card, b'UTSPECAT0000a'))),
        ('an empty name of a trust point', DATA, in_session(lambda run: terminal_auth.set_dst(run.card, b''))),
    ]
    return rows


def as_verifier(run):
    """The document verifier, whose key we have, in place of a terminal."""
    run.enter()
    terminal_auth.present(run.card, AT.certificates[1:2])
    verifier, compressed = AT.certificates[1], run.commit()
    key = eid.cvc.TerminalKey(support.content(support.SPECIMEN, 'dv-at-key.pem'))
    terminal_auth.authenticate_2(run.card, verifier, key, run.pace.id_picc(), compressed)


def test_names():
    run_table(name_rows())


# Certificates

def spoilt(bit):
    return {'spoil': lambda signature: mistakes.flipped(signature, bit)}


def drop(tag):
    first = tag.to_bytes(2 if tag > 255 else 1, 'big')
    return {'change': lambda parts: [part for part in parts if not part.startswith(first)]}


def swapped(parts):
    return parts[:1] + parts[2:3] + parts[1:2] + parts[3:]


def certificate_rows():
    authority, foreign, other = eid.root(), foreign_root(), eid.key_like(eid.root())
    inspector = eid.root(oids.IS)
    past = '200101', '251231'
    rows = [
        ('a verifier of a foreign authority', eid.chain(foreign)),
        ('a foreign authority by the name of ours', eid.chain(named_as_ours(foreign, authority))),
        ('a verifier signed by another key', eid.chain(authority, dv={'signer': other})),
        ('a terminal signed by the authority, by the name of the verifier', eid.chain(
            authority, terminal={'signer': authority.key})),
        ('a verifier with bit 5 of its signature flipped', eid.chain(authority, dv=spoilt(5))),
        ('a terminal with the last bit of its signature flipped', eid.chain(authority, terminal=spoilt(511))),
        ('an empty signature', eid.chain(authority, dv={'spoil': lambda s: b''})),
        ('a signature of zeros', eid.chain(authority, dv={'spoil': lambda s: bytes(len(s))})),
        ('a signature cut by one', eid.chain(authority, terminal={'spoil': lambda s: s[:-1]})),
        ('an expired verifier', eid.chain(authority, dv={'dates': past})),
        ('an expired terminal', eid.chain(authority, terminal={'dates': past})),
        ('an end before the beginning', eid.chain(authority, dv={'dates': ('460101', '260101')})),
        ('the thirteenth month', eid.chain(authority, dv={'dates': ('261301', '461122')})),
        ('the 31st of April', eid.chain(authority, terminal={'dates': ('260431', '461122')})),
        ('a verifier that makes a verifier', eid.chain(authority, terminal={'role': 'dv domestic'})),
        ('a verifier that makes a foreign verifier', eid.chain(authority, terminal={'role': 'dv foreign'})),
        ('a verifier that makes an authority', eid.chain(authority, terminal={'role': 'cvca'})),
        ('a terminal right below the authority', eid.chain(authority, dv={'role': 'terminal'})),
        ('a terminal below a terminal', below_terminal(authority)),
        ('a verifier for inspection systems', eid.chain(authority, dv={'kind': oids.IS, 'rights': b'\x3f'})),
        ('a terminal that is an inspection system', eid.chain(authority, terminal={'kind': oids.IS, 'rights': b'\x3f'})),
        ('a terminal that is a signature terminal', eid.chain(authority, terminal={'kind': oids.ST, 'rights': b'\x03'})),
        ('a chain for authentication terminals below the authority for inspection systems', eid.chain(inspector)),
        ('a role that nobody knows', eid.chain(authority, dv={'kind': oids.ROLES + '.9'})),
        ('rights of four bytes', eid.chain(authority, dv={'rights': bytes(4)})),
        ('rights of six bytes, of which all are used', eid.chain(authority, terminal={'rights': b'\x01' + bytes(5)})),
        ('a key of another curve without its parameters', eid.chain(authority, dv={
            'key_object': SigningKey('ec', 3, DOMAINS[12]).object(False)})),
        ('a point off the curve', eid.chain(authority, dv={'key_object': off_curve(authority)})),
        ('a scheme that nobody knows', eid.chain(authority, dv={'key_object': eid.key_like(authority).object(
            False, oids.TA + '.2.9')})),
        ('the protocol of PACE as scheme', eid.chain(authority, dv={'key_object': eid.key_like(authority).object(
            False, oids.PACE + '.2.2')})),
        ('an issuer\'s name that is not the issuer\'s', eid.chain(authority, terminal={'car': b'UTOTHERDV0001'})),
        ('an empty name', eid.chain(authority, dv={'chr': b''})),
        ('a name of seventeen characters', eid.chain(authority, dv={'chr': b'UT' + b'X' * 15})),
        ('objects in another order', eid.chain(authority, dv={'change': swapped})),
        ('an object twice', eid.chain(authority, dv={'change': lambda parts: parts + parts[-1:]})),
        ('version 2 of the profile', eid.chain(authority, dv={'change': lambda parts: [tlv(0x5F29, b'\1')] + parts[1:]})),
    ]
    rows += [('no object %X in the verifier' % tag, eid.chain(authority, dv=drop(tag)))
             for tag in (0x5F29, 0x42, 0x7F49, 0x5F20, 0x7F4C, 0x5F25, 0x5F24)]
    return rows


def below_terminal(authority):
    made = eid.chain(authority)
    upper = eid.Holder(made.certificates[-1].chr, made.key, made.certificates[-1])
    lower = upper.issue(b'UTLOWER00001', eid.key_like(upper), 'terminal', eid.octets(oids.AT, ALL[oids.AT]), eid.DATES,
                        kind=oids.AT)
    return support.Terminal(made.certificates + [lower.certificate], lower.key)


def foreign_root():
    key = eid.key_like(eid.root())
    maker = eid.Holder(b'XXFOREIGN00001', key)
    return maker.issue(maker.name, key, 'cvca', eid.octets(oids.AT, ALL[oids.AT]), eid.DATES, kind=oids.AT)


def named_as_ours(foreign, authority):
    return eid.Holder(authority.name, foreign.key, authority.certificate)


def off_curve(authority):
    key = eid.key_like(authority)
    good = key.group.encode(key.public)
    return tlv(0x7F49, tlv(0x06, oid(key.scheme)), tlv(0x86, mistakes.flipped(good, 8 * len(good) - 1)))


def forced(made):
    """The chain is sent as it is, whatever it says."""
    def go(run):
        run.enter(pace.PIN, chat(oids.AT, ALL[oids.AT]))
        chain = made.certificates[1:]
        for certificate in chain:
            terminal_auth.set_dst(run.card, certificate.car)
            terminal_auth.verify_certificate(run.card, certificate)
        terminal_auth.authenticate_2(run.card, chain[-1], made.key, run.pace.id_picc(), run.commit())
    return go


def test_own_chain_is_good():
    """So what is refused below is refused for its fault."""
    with eid.new_card() as card:
        eid.run(card, eid.chain(eid.root()))
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def test_certificates():
    run_table([(name, NOT_ACCEPTED, forced(made)) for name, made in certificate_rows()])


def test_template_of_another_kind():
    """What PACE named and what the certificates say must be one kind: 6985 (TR-03110-3, 2.7.1 and B.14.7) or a
    refusal before that."""
    rows = []
    for kind, reference in ((oids.IS, pace.CAN), (oids.ST, pace.PIN)):
        def go(run, kind=kind, reference=reference):
            run.enter(reference, chat(kind, ALL[kind]))
            terminal_auth.present(run.card, AT.certificates[1:])
            run.terminal = AT
            compressed = run.commit()
            terminal_auth.authenticate_2(run.card, AT.certificates[-1], AT.key, run.pace.id_picc(), compressed)
        rows.append(('authentication terminal after PACE for %s' % kind, ORDER + DATA + (FAILED,), go))
    run_table(rows)


def test_more_rights_than_the_issuer():
    """They are not refused, but count for nothing: the chain's rights are the common ones (TR-03110-3, 2.7)."""
    with eid.new_card() as card:
        made = eid.chain(eid.root(), dv={'rights': 1 << eid.read_bit(4)})
        eid.run(card, made, rights=ALL[oids.AT])
        found = [number for number in range(1, 23) if eid.group_status(card, number) == OK]
        common.equal(found, [4], 'data groups that can be read')
        eid.expect(eid.status(card, '00041003'), DENIED, 'DEACTIVATE')


# Values of another session, and ends in the middle

def old_values(card):
    """What a listener has of one correct session."""
    card.history.clear()
    eid.run(card, AT)
    return [command for command, response in card.history]


def test_replay():
    """All commands of a session, sent again: PACE, the protected ones, and mixed into a new session."""
    with eid.new_card() as card:
        commands = old_values(card)
        card.reset()
        statuses = [card.raw(command)[1] for command in commands]
        assert statuses[-1] != OK and OK not in statuses[-4:], statuses
        nothing_left(card)
        Procedure(card, AT).enter()
        for command in [one for one in commands if one[0] & 0x0C][:6]:
            eid.expect(card.raw(command)[1], (0x6882, 0x6987, 0x6988, DENIED), 'an old command')
        card.sm = None
        nothing_left(card)


def test_replayed_challenge():
    """A signature over the challenge of another session or of an earlier one in this session."""
    with eid.new_card() as card:
        run = Procedure(card, AT).enter()
        certificate, compressed = eid.present(card, run, AT), run.commit()
        terminal_auth.set_at_2(card, certificate, compressed)
        old_signature = sign(run, certificate, compressed, terminal_auth.challenge(card))
        terminal_auth.challenge(card)
        refused(FAILED, card.command, '00820000', old_signature)
        nothing_left(card)
        run = Procedure(card, AT).enter()
        certificate, compressed = eid.present(card, run, AT), run.commit()
        terminal_auth.set_at_2(card, certificate, compressed)
        old_challenge = terminal_auth.challenge(card)
        run = Procedure(card, AT).enter()
        certificate = eid.present(card, run, AT)
        terminal_auth.set_at_2(card, certificate, compressed)
        terminal_auth.challenge(card)
        refused(FAILED, card.command, '00820000', sign(run, certificate, compressed, old_challenge))
        nothing_left(card)


def test_challenge_before_the_chain():
    """TR-03110-3, B.3: GET CHALLENGE may come first; the challenge is kept."""
    with eid.new_card() as card:
        run = Procedure(card, AT).enter()
        challenge = terminal_auth.challenge(card)
        certificate, compressed = eid.present(card, run, AT), run.commit()
        terminal_auth.set_at_2(card, certificate, compressed)
        card.command('00820000', sign(run, certificate, compressed, challenge))
        run.authenticate_chip(eid.CSCA).application()
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def test_nonces_differ():
    """Nonces, challenges and ephemeral keys are new in each session."""
    with eid.new_card() as card:
        seen = set()
        for _ in range(6):
            run = Procedure(card, AT).enter()
            values = (run.pace.nonce, run.pace.pk_map_ic, run.pace.pk_ic, terminal_auth.challenge(card))
            assert not seen & set(values), 'a value came twice'
            seen |= set(values)


def stages():
    """The procedure as functions of one step each."""
    run_steps = [
        ('PACE', lambda run: run.enter()),
        ('the verifier\'s certificate', lambda run: terminal_auth.present(run.card, AT.certificates[1:2])),
        ('the terminal\'s certificate', lambda run: terminal_auth.present(run.card, AT.certificates[2:])),
        ('MSE:Set AT', lambda run: terminal_auth.set_at_2(run.card, AT.certificates[-1], run.commit())),
        ('GET CHALLENGE', lambda run: setattr(run, 'challenge', terminal_auth.challenge(run.card))),
        ('EXTERNAL AUTHENTICATE', lambda run: run.card.command('00820000', sign(
            run, AT.certificates[-1], run.group.compress(run.group.power(run.sk, run.group.generator)), run.challenge))),
        ('chip authentication', lambda run: run.authenticate_chip(eid.CSCA)),
        ('SELECT', lambda run: run.application()),
    ]
    return run_steps


def test_ends_in_the_middle():
    """Reset, power cut, a plain command, or a wrong checksum after each step: nothing is left, and what comes next in
    the old order is refused."""
    def plain_command(card):
        card.sm = None
        assert card.exchange('00A4000C', b'\x3f\x00')[1] in (OK, DENIED, 0x6987, 0x6988)

    def wrong_checksum(card):
        command = bytearray(card.sm.protect(bytes.fromhex('00B09C00'), b'', 8))
        command[-2] ^= 0x10
        assert card.raw(bytes(command))[1] in (0x6987, 0x6988)
        card.sm = None

    steps = stages()
    with eid.new_card() as card:
        endings = [('reset', lambda card: card.reset()), ('power off', power_off),
                   ('plain command', plain_command), ('wrong checksum', wrong_checksum)]
        for name, ending in endings:
            for count in range(1, len(steps) + 1):
                run = Procedure(card, AT)
                for step in steps[:count]:
                    step[1](run)
                keys = card.sm.copy()
                ending(card)
                after(card, run, steps, count, keys, '%s after %s' % (name, steps[count - 1][0]))


def power_off(card):
    card.sm = None
    card.transport.power()


def after(card, run, steps, count, keys, what):
    """The next step in plain and with the old keys."""
    for sm in (None, keys):
        card.sm = sm
        if 1 <= count < len(steps) - 1:
            try:
                steps[count][1](run)
            except (CardError, ProtocolError):
                pass
            else:
                raise AssertionError('%s: %s is accepted' % (what, steps[count][0]))
        card.sm = sm and sm.copy()
        assert eid.group_status(card, 1) != OK, '%s: DG1 can be read' % what
    card.sm = None
    nothing_left(card)


def test_failure_keeps_the_session():
    """TR-03110-2, 3.3.2 and 3.4.2: after a failed terminal or chip authentication the session goes on with the keys it
    has, and the right thing can follow."""
    with eid.new_card() as card:
        run = Procedure(card, AT).enter()
        certificate, compressed = eid.present(card, run, AT), run.commit()
        terminal_auth.set_at_2(card, certificate, compressed)
        terminal_auth.challenge(card)
        refused(FAILED, card.command, '00820000', bytes(63) + b'\1')
        assert card.sm, 'the session is over'
        run.authenticate_terminal()
        key = run_key(run)
        other = chip_auth.ChipAuth(card, run.info, key)
        other.set_at()
        refused((FAILED, WRONG_DATA, 0x6985, DENIED), other.send_key)
        assert card.sm, 'the session is over'
        eid.expect(eid.group_status(card, 1), (DENIED, 0x6986, 0x6A82), 'DG1')
        run.authenticate_chip(eid.CSCA).application()
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def test_truncated_data():
    """Each protected command of terminal and chip authentication with its data cut at every length."""
    with eid.new_card() as card:
        run = Procedure(card, AT).enter()
        certificate, compressed = eid.present(card, run, AT), run.commit()
        whole = tlv(0x80, oid(certificate.scheme)) + tlv(0x83, certificate.chr) + tlv(0x91, compressed)
        for size in range(1, len(whole)):
            got = eid.status(card, '002281A4', whole[:size])
            assert got != OK or size in complete(whole), 'MSE:Set AT of %d bytes' % size
        run.authenticate_terminal()
        whole = tlv(0x80, run.info.oid) + tlv(0x84, b'\x41')
        for size in range(1, len(whole)):
            got = eid.status(card, '002241A4', whole[:size])
            assert got != OK or size in complete(whole), 'MSE:Set AT of %d bytes' % size
        run.authenticate_chip(eid.CSCA).application()
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def complete(data):
    """Lengths at which a data object ends."""
    sizes, at = set(), 0
    for node in parse(data):
        at += len(node.raw)
        sizes.add(at)
    return sizes


common.main(globals())
