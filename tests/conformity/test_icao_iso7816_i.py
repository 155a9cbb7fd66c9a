# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_I: Chip Authentication by MSE:Set KAT (1 to 15) and by MSE:Set AT and GENERAL AUTHENTICATE (16
to 29), Doc 9303-11, 6.2; each case with curve and number, after Basic Access Control and after PACE."""
import common
import curves
import icao
import plan
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal import chip_auth, lds
from terminal.security_info import SecurityInfos
from terminal.tlv import tlv

PROTOCOLS = 'bac,pace-gm:13:aes-128,pace-cam:13:aes-128,ca:13:3des,ca:13:aes-256,ca:0:3des,ca:0:aes-128,aa'
KAT, AT = '002241A6', '002241A4'
GENERAL_AUTHENTICATE = '00860000'
UNKNOWN_KEY = b'\x84\x01\x7f'


def with_each(function, kat, kind=None, ways=icao.WAYS):
    """function(run) in a session, for every ChipAuthenticationInfo that fits."""
    def case(card, way, info):
        icao.enter(card, way)
        run = chip_auth.ChipAuth(card, info, infos.chip_key(info))
        run.old = card.sm
        function(run)

    with icao.passport(PROTOCOLS) as card:
        icao.enter(card, 'bac')
        infos = SecurityInfos(lds.security_infos_of(lds.read(card, lds.dg(14))))
        rows = [('%s, %s' % (way, info), card, way, info) for way in ways for info in infos.chip_auth
                if (info.suite.name == '3des' or not kat) and kind in (None, info.kind)]
        assert rows, 'no such chip authentication'
        plan.each(rows, case)


def kat_data(run, octets=None, tag=0x91, reference=None):
    octets = run.group.encode(run.pk) if octets is None else octets
    return tlv(tag, octets) + (run.reference() if reference is None else reference)


def at_data(run, reference=None):
    return tlv(0x80, run.info.oid) + (run.reference() if reference is None else reference)


def key_data(run, octets=None, tag=0x80):
    return tlv(0x7C, tlv(tag, run.group.encode(run.pk) if octets is None else octets))


def alive(card):
    plan.step(card, OK, icao.by_sfi(lds.COM), ne=1)


def choose(run, number):
    run.sk, run.pk = number, run.group.power(number, run.group.generator)


def positive(kat, prepare=lambda run: None, kind=None, ways=icao.WAYS):
    """The session goes on with the new keys."""
    def go(run):
        prepare(run)
        run.run_kat() if kat else run.run()
        alive(run.card)
    with_each(go, kat, kind, ways)


def old_keys(kat):
    """The terminal stays with the old keys: the session is over."""
    def go(run):
        run.run_kat() if kat else run.run()
        run.card.sm = run.old
        plan.step(run.card, ERROR, icao.by_sfi(lds.COM), ne=1, how='ended')
    with_each(go, kat)


def wrong_kat(kind=None, **how):
    """Refused; the session goes on with the old keys. octets: of the key, a function of the group."""
    def go(run):
        given = {**how, 'octets': how['octets'](run.group)} if 'octets' in how else how
        plan.step(run.card, REFUSED, KAT, kat_data(run, **given))
        alive(run.card)
    with_each(go, True, kind)


def wrong_key(kind=None, **how):
    """Likewise, with GENERAL AUTHENTICATE."""
    def go(run):
        given = {**how, 'octets': how['octets'](run.group)} if 'octets' in how else how
        plan.step(run.card, OK, AT, at_data(run))
        plan.step(run.card, REFUSED, GENERAL_AUTHENTICATE, key_data(run, **given), 256)
        alive(run.card)
    with_each(go, False, kind)


def nothing_open(card):
    card.sm = None
    plan.step(card, ERROR, icao.by_sfi(lds.COM), b'', 6, 'plain')


def in_the_plain(kat, keep):
    """Without secure messaging: keep says whether there is a session."""
    def go(run):
        if not keep:
            run.card.reset()
            plan.step(run.card, OK, '00A4040C', lds.AID, how='plain')
        if kat:
            plan.step(run.card, ERROR, KAT, kat_data(run), how='plain')
        else:
            plan.step(run.card, OK_OR_ERROR, AT, at_data(run), how='plain')
            plan.step(run.card, ERROR, GENERAL_AUTHENTICATE, key_data(run), 256, 'plain')
        if keep:
            plan.step(run.card, ERROR, icao.by_sfi(lds.COM), ne=1, how='ended')
        nothing_open(run.card)
    with_each(go, kat)


def at_borders(kat):
    for border in curves.BORDERS:
        def prepare(run):
            choose(run, curves.at_border(run.group, run.group.generator, border))
        positive(kat, prepare, 'ecdh')


def test_ISO7816_I_1():
    """KAT with a right key."""
    positive(True)


def test_ISO7816_I_2():
    """KAT, and the old keys after it."""
    old_keys(True)


def test_ISO7816_I_3():
    """KAT with a key of another size."""
    wrong_kat(octets=curves.other_size)


def test_ISO7816_I_4():
    """KAT without a session."""
    in_the_plain(True, False)


def test_ISO7816_I_5():
    """KAT without secure messaging."""
    in_the_plain(True, True)


def test_ISO7816_I_6():
    """KAT with the key in another object."""
    wrong_kat(tag=0x93)


def test_ISO7816_I_7():
    """KAT with the key 0, 0."""
    wrong_kat('ecdh', octets=curves.origin)


def test_ISO7816_I_8_to_11():
    """KAT with keys at the borders of the curve."""
    at_borders(True)


def test_ISO7816_I_12():
    """KAT with a reference to a private key that there is not."""
    wrong_kat(reference=UNKNOWN_KEY)


def test_ISO7816_I_13():
    """KAT with a key above the prime."""
    wrong_kat('dh', octets=curves.above_prime)


def test_ISO7816_I_14():
    """KAT with a key that is not on the curve."""
    wrong_kat('ecdh', octets=curves.off_the_curve)


def test_ISO7816_I_15():
    """KAT after chip authentication mapping."""
    positive(True, ways=['cam'])


def test_ISO7816_I_16():
    """AT with a right key."""
    positive(False)


def test_ISO7816_I_17():
    """AT, and the old keys after it."""
    old_keys(False)


def test_ISO7816_I_18():
    """AT with a key of another size."""
    wrong_key(octets=curves.other_size)


def test_ISO7816_I_19():
    """AT without a session."""
    in_the_plain(False, False)


def test_ISO7816_I_20():
    """AT without secure messaging."""
    in_the_plain(False, True)


def test_ISO7816_I_21():
    """AT with the key in another object."""
    wrong_key(tag=0x81)


def test_ISO7816_I_22():
    """AT with the key 0, 0."""
    wrong_key('ecdh', octets=curves.origin)


def test_ISO7816_I_23_to_26():
    """AT with keys at the borders of the curve."""
    at_borders(False)


def test_ISO7816_I_27():
    """AT with a reference to a private key that there is not."""
    def go(run):
        plan.step(run.card, REFUSED, AT, at_data(run, UNKNOWN_KEY))
        plan.step(run.card, REFUSED, GENERAL_AUTHENTICATE, key_data(run), 256)
        alive(run.card)
    with_each(go, False)


def test_ISO7816_I_28():
    """AT with a key above the prime."""
    wrong_key('dh', octets=curves.above_prime)


def test_ISO7816_I_29():
    """AT with a key that is not on the curve."""
    wrong_key('ecdh', octets=curves.off_the_curve)


common.main(globals())
