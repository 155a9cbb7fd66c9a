# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_C: Basic Access Control and its secure messaging (Doc 9303-11, 4.3 and 9.8)."""
import os

import common
import icao
import mistakes
import plan
import support
from plan import ERROR, OK, OK_OR_ERROR, REFUSED, Expected
from terminal import bac, lds, mrz
from terminal.ciphers import TRIPLE_DES
from terminal.sm import encode
from terminal.tlv import parse

SM_REFUSED = Expected('6982, 6987 or 6988', 0x6982, 0x6987, 0x6988)
COM_READ = icao.by_sfi(lds.COM)
OTHER = mrz.Mrz(mrz.PASSPORT.replace('L898902C36', 'L898902C44'))


def in_application(function):
    with icao.passport() as card:
        lds.select_application(card)
        function(card)


def in_session(function):
    with icao.passport() as card:
        icao.enter(card, 'bac')
        function(card)


def challenge(card):
    rnd = plan.step(card, OK, '00840000', ne=8, how='plain')
    common.equal(len(rnd), 8, 'bytes of the challenge')
    return rnd


def authentication(rnd_ic, zone=support.MRZ):
    """The data of MUTUAL AUTHENTICATE."""
    k_enc, k_mac = (TRIPLE_DES.derive(zone.bac_seed(), number) for number in (1, 2))
    cryptogram = TRIPLE_DES.encrypt(k_enc, os.urandom(8) + rnd_ic + os.urandom(16))
    return cryptogram + TRIPLE_DES.mac(k_mac, cryptogram)


def authenticate(card, want, data):
    return plan.step(card, want, '00820000', data, 40, 'plain')


def test_ISO7816_C_1():
    """GET CHALLENGE brings eight bytes, other ones each time."""
    in_application(lambda card: common.equal(challenge(card) == challenge(card), False, 'the same challenge'))


def test_ISO7816_C_2():
    """MUTUAL AUTHENTICATE brings forty bytes, which are the card's part."""
    def go(card):
        common.equal(len(authenticate(card, OK, authentication(challenge(card)))), 40, 'bytes')
        card.reset()
        lds.select_application(card)
        bac.run(card, support.MRZ)
    in_application(go)


def test_ISO7816_C_3():
    """Keys of another machine readable zone."""
    in_application(lambda card: authenticate(card, REFUSED, authentication(challenge(card), OTHER)))


def test_ISO7816_C_4():
    """Without a challenge, and with the one before the last."""
    def go(card):
        authenticate(card, REFUSED, authentication(bytes(8)))
        first = challenge(card)
        challenge(card)
        authenticate(card, REFUSED, authentication(first))
    in_application(go)


def test_ISO7816_C_6():
    """A wrong checksum."""
    def go(card):
        for bit in (0, 63):
            data = authentication(challenge(card))
            authenticate(card, REFUSED, data[:32] + mistakes.flipped(data[32:], bit))
    in_application(go)


def objects(card, tags):
    """The objects of the last response under secure messaging."""
    nodes = parse(card.history[-1][1][:-2])
    common.equal(['%02X' % node.tag for node in nodes], tags, 'objects')
    common.equal([len(node.value) for node in nodes[-2:]], [2, 8], 'lengths of 99 and 8E')
    return nodes


def coding(*steps):
    """Steps: header, data, ne, what is read, the tags of the response."""
    def go(card):
        for header, data, ne, want, tags in steps:
            common.equal(plan.step(card, OK, header, data, ne), want, 'data')
            objects(card, tags)
    in_session(go)


SELECT_COM = '00A4020C', icao.fid_of(lds.COM), None, b'', ['99', '8E']
def com(size):
    with icao.passport() as card:
        return icao.enter(card, 'bac').read(lds.COM)[:size]


def test_ISO7816_C_8():
    """READ BINARY by short identifier."""
    coding((COM_READ, b'', 6, com(6), ['87', '99', '8E']))


def test_ISO7816_C_9():
    """READ BINARY with the odd instruction by short identifier."""
    coding(('00B1001E', b'\x54\x01\x00', 6, b'\x53\x04' + com(4), ['85', '99', '8E']))


def test_ISO7816_C_10():
    """SELECT and READ BINARY."""
    coding(SELECT_COM, ('00B00000', b'', 6, com(6), ['87', '99', '8E']))


def test_ISO7816_C_11():
    """SELECT and READ BINARY with the odd instruction."""
    coding(SELECT_COM, ('00B10000', b'\x54\x01\x00', 6, b'\x53\x04' + com(4), ['85', '99', '8E']))


def spoilt(header, data, ne, spoil):
    """A command whose protection spoil(session, bytes of the body) has changed is refused, and the session is over."""
    def go(card):
        session, header_bytes = card.sm, bytes.fromhex(header) if isinstance(header, str) else header
        command = session.copy().protect(header_bytes, data, ne)
        body = spoil(session.copy(), command[5:5 + command[4]])
        answer, sw = card.raw(encode(command[:4], body, 256))
        assert not answer and sw in SM_REFUSED, '%s %04X, not %s' % (answer.hex(), sw, SM_REFUSED.name)
        session.count(2)
        answer, sw = card.raw(session.protect(COM_READ, b'', 6))
        assert sw in ERROR, 'the session goes on: %04X' % sw
    in_session(go)


def without_checksum(session, body):
    return body[:-10]


def corrupted(session, body):
    return mistakes.flipped(body, 8 * len(body) - 1)


def off_by_one(session, body):
    """As protected by a terminal whose counter is one too far."""
    session.count()
    header = bytes.fromhex('00A4020C')
    command = session.protect(header, icao.fid_of(lds.COM))
    return command[5:5 + command[4]]


def test_ISO7816_C_12():
    """SELECT without a checksum."""
    spoilt(*SELECT_COM[:3], without_checksum)


def test_ISO7816_C_13():
    """SELECT with a wrong checksum."""
    spoilt(*SELECT_COM[:3], corrupted)


def test_ISO7816_C_14():
    """SELECT with the wrong counter."""
    spoilt(*SELECT_COM[:3], off_by_one)


def test_ISO7816_C_16():
    """SELECT without secure messaging; the session is over."""
    def go(card):
        plan.step(card, OK_OR_ERROR, *SELECT_COM[:2], how='plain')
        plan.step(card, ERROR, '00B00000', ne=6, how='plain')
        plan.step(card, ERROR, COM_READ, ne=6, how='ended')
    in_session(go)


def test_ISO7816_C_17():
    """READ BINARY without a checksum."""
    spoilt(COM_READ, b'', 6, without_checksum)


def test_ISO7816_C_18():
    """READ BINARY with a wrong checksum."""
    spoilt('00B00000', b'', 6, corrupted)


common.main(globals())
