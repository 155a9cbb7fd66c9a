# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_P: PACE (Doc 9303-11, 4.4), each case with every mapping and kind of group that it is about."""
import common
import curves
import icao
import mistakes
import plan
import support
from plan import ERROR, OK, OK_OR_ERROR, REFUSED, Expected
from terminal import lds, pace
from terminal.security_info import SecurityInfos
from terminal.sm import encode
from terminal.tlv import tlv

KINDS = 'pace-gm:13:aes-128', 'pace-gm:0:3des', 'pace-im:13:aes-256', 'pace-im:0:aes-192', 'pace-cam:13:aes-128'
PROTOCOLS = 'bac,%s,aa,ca:13:aes-128' % ','.join(KINDS)
NONCE, MAP, AGREE, TOKEN = 'nonce', 'map', 'agree', 'token'
SM_REFUSED = Expected('6982, 6987 or 6988', 0x6982, 0x6987, 0x6988)
SM_COM_READ = icao.by_sfi(lds.COM)


def with_each(function, mappings=('gm', 'im', 'cam'), kind=None):
    """function(run) for a run of each PACE, on a card that has been reset; then nothing is open but within a session."""
    def case(card, info):
        card.reset()
        function(pace.Pace(card, info, pace.MRZ, support.MRZ))

    with icao.passport(PROTOCOLS) as card:
        infos = SecurityInfos(lds.read(card, lds.CARD_ACCESS, short=True)).pace
        rows = [(repr(info), card, info) for info in infos if info.mapping in mappings and kind in (None, info.kind)]
        assert rows, 'no such PACE'
        plan.each(rows, case)


def send(run, stage, data, want=OK, chaining=None):
    """One GENERAL AUTHENTICATE with these data, whatever they are. chaining: if otherwise than it should be."""
    chaining = stage != TOKEN if chaining is None else chaining
    return plan.step(run.card, want, '10860000' if chaining else '00860000', data, 256, 'plain')


def objects(run, stage):
    """What belongs into 7C."""
    group = run.group
    if stage == NONCE:
        return b''
    if stage == MAP:
        return tlv(0x81, run.nonce_t if run.info.mapping == 'im' else group.encode(group.power(run.sk_map, group.generator)))
    if stage == AGREE:
        return tlv(0x83, group.encode(group.power(run.sk_dh, run.generator)))
    return tlv(0x85, run.token(run.pk_ic))


def until(run, stage):
    """The steps before this one."""
    run.set_at()
    for name, step in ((NONCE, run.get_nonce), (MAP, run.map_nonce), (AGREE, run.agree), (TOKEN, run.authenticate)):
        if name == stage:
            return run
        step()
    return run


def nothing_open(card):
    card.sm = None
    plan.step(card, OK_OR_ERROR, '00A4040C', lds.AID, how='plain')
    plan.step(card, ERROR, icao.by_sfi(lds.COM), b'', 6, 'plain')
    plan.step(card, ERROR, icao.by_sfi(lds.dg(1)), b'', 6, 'plain')


def wrong(stage, data, mappings=('gm', 'im', 'cam'), kind=None, want=ERROR, chaining=None):
    """The data of a step, made of its run, are refused."""
    def go(run):
        until(run, stage)
        send(run, stage, data(run), want, chaining)
        nothing_open(run.card)
    with_each(go, mappings, kind)


def wrong_template(stage, alter):
    wrong(stage, lambda run: alter(objects(run, stage)))


def wrong_key(stage, octets, kind=None):
    """An ephemeral key as curves.py makes it."""
    tag, mappings = (0x81, ('gm', 'cam')) if stage == MAP else (0x83, ('gm', 'im', 'cam'))
    wrong(stage, lambda run: tlv(0x7C, tlv(tag, octets(run.group))), mappings, kind, REFUSED)


def retagged(tag):
    """The one object with another tag, in the right template."""
    return lambda body: tlv(0x7C, bytes([tag]) + body[1:])


def wrong_announcement(data):
    """data: of MSE:Set AT, a function of the run. It is refused, and GENERAL AUTHENTICATE after it."""
    def go(run):
        plan.step(run.card, ERROR, '0022C1A4', data(run), how='plain')
        send(run, NONCE, b'\x7c\x00', ERROR)
        nothing_open(run.card)
    with_each(go)


def announcement(run, protocol=None, reference=b'\x83\x01\x01', parameter=None):
    """The objects of MSE:Set AT; any can be given as it is to be sent."""
    protocol = tlv(0x80, run.info.oid) if protocol is None else protocol
    return protocol + reference + (tlv(0x84, bytes([run.info.parameter])) if parameter is None else parameter)


def finish(run):
    run.authenticate()
    lds.select_application(run.card)
    plan.step(run.card, OK, SM_COM_READ, ne=6)


def positive(reference, password):
    def go(run):
        finish(until(pace.Pace(run.card, run.info, reference, password), TOKEN))
    with_each(go)


def test_ISO7816_P_1():
    """With the machine readable zone."""
    positive(pace.MRZ, support.MRZ)


def test_ISO7816_P_2():
    """With the card access number."""
    positive(pace.CAN, support.CAN)


def test_ISO7816_P_3():
    """A command without secure messaging after it."""
    def go(run):
        run.run()
        plan.step(run.card, OK, '00A4040C', lds.AID)
        plan.step(run.card, ERROR, icao.by_sfi(lds.COM), b'', 6, 'plain')
        plan.step(run.card, ERROR, SM_COM_READ, ne=6, how='ended')
    with_each(go)


def test_ISO7816_P_5():
    """MSE:Set AT with the protocol in object 81."""
    wrong_announcement(lambda run: announcement(run, tlv(0x81, run.info.oid)))


def test_ISO7816_P_6():
    """MSE:Set AT with an object identifier that is not PACE's."""
    wrong_announcement(lambda run: announcement(run, tlv(0x80, run.info.oid[:7] + b'\x09' + run.info.oid[8:])))


def test_ISO7816_P_7():
    """MSE:Set AT with the tag of an object identifier in object 80."""
    wrong_announcement(lambda run: announcement(run, tlv(0x80, tlv(0x06, run.info.oid))))


def test_ISO7816_P_8():
    """MSE:Set AT with a password that there is not."""
    for reference in (0, 3, 4, 5, 0xFF):
        wrong_announcement(lambda run: announcement(run, reference=bytes([0x83, 0x01, reference])))


def test_ISO7816_P_9():
    """MSE:Set AT with domain parameters that the chip has not."""
    wrong_announcement(lambda run: announcement(run, parameter=b'\x84\x01\x1f'))


def test_ISO7816_P_11():
    """The nonce asked for in another template."""
    wrong_template(NONCE, lambda body: tlv(0x8C, body))


def test_ISO7816_P_12():
    """The nonce asked for without data."""
    wrong(NONCE, lambda run: b'')


def test_ISO7816_P_13():
    """The nonce asked for with an object in the template."""
    wrong(NONCE, lambda run: tlv(0x7C, b'\x81\x01\x01'))


def test_ISO7816_P_14():
    """The nonce asked for twice: the second one counts."""
    def go(run):
        until(run, MAP)
        first = run.nonce
        run.get_nonce()
        assert run.nonce != first, 'the same nonce'
        run.map_nonce()
        run.agree()
        finish(run)
    with_each(go)


def test_ISO7816_P_15():
    """Mapping in another template."""
    wrong_template(MAP, lambda body: tlv(0x8C, body))


def test_ISO7816_P_16():
    """Mapping without a template."""
    wrong_template(MAP, lambda body: body)


def test_ISO7816_P_17():
    """Mapping data with another tag."""
    wrong_template(MAP, retagged(0x82))


def test_ISO7816_P_19():
    """Key agreement in another template."""
    wrong_template(AGREE, lambda body: tlv(0x8C, body))


def test_ISO7816_P_20():
    """Key agreement without a template."""
    wrong_template(AGREE, lambda body: body)


def test_ISO7816_P_21():
    """A public key with another tag."""
    wrong_template(AGREE, retagged(0x84))


def test_ISO7816_P_22():
    """A public key and another object."""
    wrong_template(AGREE, lambda body: tlv(0x7C, body + b'\x84\x01\x01'))


def test_ISO7816_P_23():
    """A public key of another size."""
    wrong_key(AGREE, curves.other_size)


def test_ISO7816_P_24():
    """The public key 0, 0."""
    wrong_key(AGREE, curves.origin, 'ecdh')


def test_ISO7816_P_25_to_28():
    """Public keys at the borders of the curve."""
    def go(run):
        for border in curves.BORDERS:
            run.card.reset()
            until(run, AGREE)
            run.sk_dh = curves.at_border(run.group, run.generator, border)
            run.agree()
            finish(run)
    with_each(go, kind='ecdh')


def test_ISO7816_P_29():
    """A public key above the prime."""
    wrong_key(AGREE, curves.above_prime, 'dh')


def test_ISO7816_P_30():
    """A public key that is not on the curve."""
    wrong_key(AGREE, curves.off_the_curve, 'ecdh')


def test_ISO7816_P_31():
    """The token in another template."""
    wrong_template(TOKEN, lambda body: tlv(0x8C, body))


def test_ISO7816_P_32():
    """The token without a template."""
    wrong_template(TOKEN, lambda body: body)


def test_ISO7816_P_33():
    """The token with another tag."""
    wrong_template(TOKEN, retagged(0x86))


def test_ISO7816_P_34():
    """The token and another object."""
    wrong_template(TOKEN, lambda body: tlv(0x7C, body + b'\x86\x01\x01'))


def wrong_token(alter):
    wrong(TOKEN, lambda run: tlv(0x7C, tlv(0x85, alter(run, run.token(run.pk_ic)))), want=REFUSED)


def test_ISO7816_P_35():
    """A wrong token."""
    wrong_token(lambda run, token: mistakes.flipped(token, 63))


def test_ISO7816_P_36():
    """A token that is too short."""
    wrong_token(lambda run, token: token[:-1])


def test_ISO7816_P_41():
    """A mapping key of another size."""
    wrong_key(MAP, curves.other_size)


def test_ISO7816_P_42():
    """The mapping key 0, 0."""
    wrong_key(MAP, curves.origin, 'ecdh')


def test_ISO7816_P_43_to_46():
    """Mapping keys at the borders of the curve."""
    def go(run):
        for border in curves.BORDERS:
            run.card.reset()
            until(run, MAP)
            run.sk_map = curves.at_border(run.group, run.group.generator, border)
            run.map_nonce()
            run.agree()
            finish(run)
    with_each(go, ('gm', 'cam'), 'ecdh')


def test_ISO7816_P_47():
    """A mapping key above the prime."""
    wrong_key(MAP, curves.above_prime, 'dh')


def test_ISO7816_P_48():
    """A mapping key of zeros."""
    wrong_key(MAP, curves.zeros, 'dh')


def test_ISO7816_P_49():
    """A mapping key that is not on the curve."""
    wrong_key(MAP, curves.off_the_curve, 'ecdh')


def test_ISO7816_P_50():
    """A mapping key in a form that there is not."""
    wrong_key(MAP, curves.odd_form, 'ecdh')


def test_ISO7816_P_51():
    """A nonce of the terminal that is too short, and one that is too long."""
    for size in (-1, 1):
        wrong(MAP, lambda run: tlv(0x7C, tlv(0x81, bytes(len(run.nonce_t) + size))), ['im'], want=REFUSED)


def test_ISO7816_P_52():
    """A public key in a form that there is not."""
    wrong_key(AGREE, curves.odd_form, 'ecdh')


def test_ISO7816_P_53():
    """A public key of zeros."""
    wrong_key(AGREE, curves.zeros, 'dh')


def wrong_chaining(stage):
    wrong(stage, lambda run: tlv(0x7C, objects(run, stage)), chaining=stage == TOKEN)


def test_ISO7816_P_54():
    """The nonce asked for by a last command of a chain."""
    wrong_chaining(NONCE)


def test_ISO7816_P_55():
    """Mapping in a last command of a chain."""
    wrong_chaining(MAP)


def test_ISO7816_P_56():
    """Key agreement in a last command of a chain."""
    wrong_chaining(AGREE)


def test_ISO7816_P_57():
    """The token in a command that is not the last of its chain."""
    wrong_chaining(TOKEN)


def read_between(stage, *rest):
    """EF.CardAccess is read before this step, which is then refused, as are those after it."""
    def go(run):
        until(run, stage)
        bodies = {name: tlv(0x7C, objects(run, name)) for name in (stage,) + rest if name != TOKEN or hasattr(run, 'pk_ic')}
        plan.step(run.card, OK_OR_ERROR, '00B09C00', b'', 1, 'plain')
        for name in (stage,) + rest:
            send(run, name, bodies.get(name, tlv(0x7C, tlv(0x85, bytes(8)))), ERROR)
        nothing_open(run.card)
    with_each(go)


def test_ISO7816_P_58():
    """Another command instead of the token."""
    def go(run):
        until(run, TOKEN)
        plan.step(run.card, OK_OR_ERROR, '00B09C00', b'', 1, 'plain')
        nothing_open(run.card)
    with_each(go)


def test_ISO7816_P_59():
    """Another command before mapping."""
    read_between(MAP)


def test_ISO7816_P_60():
    """Another command before key agreement."""
    read_between(AGREE, TOKEN)


def test_ISO7816_P_61():
    """Another command before the token."""
    read_between(TOKEN)


def test_ISO7816_P_62():
    """A token over the public key without tag 7F49."""
    def token(run, right):
        return run.suite.mac(run.sm.k_mac, tlv(0x06, run.info.oid) + tlv(run.group.tag, run.group.encode(run.pk_ic)))
    wrong_token(token)


def test_ISO7816_P_64():
    """MSE:Set AT without a protocol."""
    wrong_announcement(lambda run: announcement(run, b'', parameter=b''))


def test_ISO7816_P_65():
    """MSE:Set AT with an empty protocol."""
    wrong_announcement(lambda run: announcement(run, b'\x80\x00', parameter=b''))


def test_ISO7816_P_66():
    """MSE:Set AT with an object identifier that is too long."""
    wrong_announcement(lambda run: announcement(run, tlv(0x80, run.info.oid + b'\x02'), parameter=b''))


def test_ISO7816_P_67():
    """MSE:Set AT with an object identifier that is too short."""
    wrong_announcement(lambda run: announcement(run, tlv(0x80, run.info.oid[:-1]), parameter=b''))


def test_ISO7816_P_68():
    """MSE:Set AT with a PACE that the chip does not offer."""
    wrong_announcement(lambda run: announcement(run, tlv(0x80, run.info.oid[:-2] + b'\x05\x01'), parameter=b''))


def test_ISO7816_P_69():
    """MSE:Set AT without a password."""
    wrong_announcement(lambda run: announcement(run, reference=b''))


def test_ISO7816_P_70():
    """MSE:Set AT with an empty password."""
    wrong_announcement(lambda run: announcement(run, reference=b'\x83\x00'))


def test_ISO7816_P_71():
    """MSE:Set AT with a password whose length is wrong."""
    wrong_announcement(lambda run: announcement(run, reference=b'\x83\x03\x01'))


def test_ISO7816_P_72():
    """MSE:Set AT with a password reference of two bytes."""
    wrong_announcement(lambda run: announcement(run, reference=b'\x83\x02\x01\xff'))


def only_one(name_parameter):
    """On chips with one set of domain parameters."""
    for kind in KINDS:
        with icao.passport(kind) as card:
            info = SecurityInfos(lds.read(card, lds.CARD_ACCESS, short=True)).pace[0]
            run = pace.Pace(card, info, pace.MRZ, support.MRZ, name_parameter=name_parameter)
            finish(until(run, TOKEN))


def test_ISO7816_P_73():
    """The only domain parameters are named."""
    only_one(True)


def test_ISO7816_P_74():
    """The only domain parameters are not named."""
    only_one(False)


def test_ISO7816_P_75():
    """MSE:Set AT with empty domain parameters."""
    wrong_announcement(lambda run: announcement(run, parameter=b'\x84\x00'))


def test_ISO7816_P_76():
    """A token that is too long."""
    wrong_token(lambda run, token: token + b'\x00')


def test_ISO7816_P_77():
    """MSE:Set AT with the protocol in object 06."""
    wrong_announcement(lambda run: announcement(run, tlv(0x06, run.info.oid)))


def test_ISO7816_P_78():
    """Generic and integrated mapping end without chip authentication data."""
    def go(run):
        run.run()
        assert run.chip_data is None, 'object 8A'
    with_each(go, ('gm', 'im'))


def spoilt_select(spoil):
    """SELECT whose protection is wrong; the session is over."""
    def go(run):
        card = run.run().card
        session = card.sm
        answer, sw = card.raw(spoil(session.copy()))
        assert not answer and sw in SM_REFUSED, '%s %04X, not %s' % (answer.hex(), sw, SM_REFUSED.name)
        session.count(2)
        answer, sw = card.raw(session.protect(bytes.fromhex('00B09C00'), b'', 1))
        assert sw in ERROR, 'the session goes on: %04X' % sw
    with_each(go)


def test_ISO7816_P_79():
    """SELECT with the wrong counter."""
    def spoil(session):
        session.count()
        return session.protect(bytes.fromhex('00A4040C'), lds.AID)
    spoilt_select(spoil)


def test_ISO7816_P_80():
    """SELECT whose cryptogram is left out."""
    def spoil(session):
        command = session.protect(bytes.fromhex('00A4040C'), lds.AID)
        return encode(command[:4], command[5:5 + command[4]][-10:], 256)
    spoilt_select(spoil)


common.main(globals())
