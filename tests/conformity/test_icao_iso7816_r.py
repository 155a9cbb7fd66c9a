# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit ISO7816_R: Active Authentication (Doc 9303-11, 6.1)."""
import common
import icao
import plan
from plan import ERROR, OK
from terminal import active_auth, lds
from terminal.security_info import SecurityInfos

RND = bytes.fromhex('5566778811223344')
RSA, EC = (icao.PROTOCOLS.replace(',aa,', ',aa:%s,' % kind) for kind in ('rsa:sha-256', 'ec:sha-256'))


def with_cards(function, ways=icao.WAYS, kinds=(RSA, EC)):
    for protocols in kinds:
        with icao.passport(protocols) as card:
            for way in ways:
                function(card, icao.enter(card, way))


def signature(card, visit):
    """INTERNAL AUTHENTICATE; the signature is right."""
    visit.read_groups(without=(3, 4))
    data = plan.step(card, OK, '00880000', RND, 256)
    return active_auth.verify(visit.group(15), SecurityInfos(lds.security_infos_of(visit.group(14))), data, RND)


def test_ISO7816_R_2():
    """After Basic Access Control."""
    with_cards(signature, ['bac'])


def test_ISO7816_R_3():
    """A challenge of less than eight bytes."""
    with_cards(lambda card, visit: plan.step(card, ERROR, '00880000', bytes.fromhex('11223344'), 256))


def test_ISO7816_R_4():
    """A challenge of more than eight bytes."""
    with_cards(lambda card, visit: plan.step(card, ERROR, '00880000', bytes.fromhex('112233445566778899'), 256))


def test_ISO7816_R_5():
    """The signature with RSA, with every hash function."""
    for digest in ('sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'):
        kind = RSA.replace('sha-256', digest)
        with_cards(lambda card, visit: common.equal(signature(card, visit), digest.replace('-', ''), 'hash function'),
                   ['bac'], [kind])


def test_ISO7816_R_6():
    """The signature with ECDSA, with every hash function that the key may sign."""
    for digest in ('sha-224', 'sha-256'):
        kind = EC.replace('sha-256', digest)
        with_cards(lambda card, visit: common.equal(signature(card, visit), digest.replace('-', ''), 'hash function'),
                   ['bac'], [kind])


def test_ISO7816_R_7():
    """After PACE."""
    with_cards(signature, ['pace', 'cam'])


common.main(globals())
