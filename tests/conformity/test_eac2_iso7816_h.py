# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_H: PACE (TR-03110-2, 3.2; TR-03110-3, B.1), with every kind of it that the card
offers: generic, integrated and chip authentication mapping, curves and numbers, 3DES and AES."""
import tempfile

import common
import eid
import mistakes
import plan
from general_procedure import PASSWORDS, Procedure, chat
from plan import OK, REFUSED, Expected
from terminal import oids, pace, security_info
from terminal.domains import DOMAINS
from terminal.mrz import Mrz
from terminal.tlv import der_integer, oid, one, tlv, unsigned

ZONE = 'IDD<<T220001293<<<<<<<<<<<<<<<6408125<2010315D<<<<<<<<<<<<<4MUSTERMANN<<ERIKA<<<<<<<<<<<<<'
SECRETS = {**PASSWORDS, pace.MRZ: Mrz(ZONE)}
# Arcs of the protocol, domain parameters.
SUITES = ('2.2', 13), ('2.1', 13), ('4.2', 13), ('6.2', 13), ('1.2', 1), ('3.4', 2)
WRONG_DATA, UNKNOWN = Expected('6A80', 0x6A80), Expected('6A88', 0x6A88)
TRY_FAILED = Expected('6300, 63CX or a checking error', 0x6300, *range(0x63C0, 0x63D0), checking=True)
TEMPLATES = {oids.IS: chat(oids.IS, 0x03), oids.AT: chat(oids.AT, 0x3F7FFFFFFF), oids.ST: chat(oids.ST, 0x03)}


def card_access():
    """The card's own, but for the kinds of PACE."""
    with eid.new_card() as card:
        run = Procedure(card, None)
        run.read_card_access()
    rest = [raw for raw in run.access.raw if not one(raw, 0x30).children()[0].value.startswith(oid(oids.PACE))]
    kinds = [tlv(0x30, tlv(0x06, oid('%s.%s' % (oids.PACE, arcs))), der_integer(2), der_integer(number))
             for arcs, number in SUITES]
    return tlv(0x31, *kinds, *rest)


def with_each(function, kind=None):
    """Runs function(card, info) for every kind of PACE, or those of the kind 'dh' or 'ecdh'."""
    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'access', ACCESS)
        with eid.new_card('--ef-cardaccess', path) as card:
            found = security_info.SecurityInfos(eid.lds.read(card, eid.lds.CARD_ACCESS, short=True)).pace
            common.equal(len(found), len(SUITES), 'kinds of PACE')
            plan.each([(repr(info), card, info) for info in found if kind in (None, info.kind)], function)


def prepare(card, info, reference, template=None):
    card.reset()
    return pace.Pace(card, info, reference, SECRETS[reference], chat=template)


def announce(run, want=OK):
    plan.step(run.card, want, '0022C1A4', run.set_at_data(), how='plain')


def positive(reference, template=None):
    def go(card, info):
        run = prepare(card, info, reference, template)
        announce(run)
        run.reach_token()
        run.authenticate()
        assert bool(run.cars) == bool(template), 'references of certification authorities: %s' % run.cars
        plan.alive(card)
    with_each(go)


def forbidden(reference, template):
    with_each(lambda card, info: announce(prepare(card, info, reference, template), WRONG_DATA))


def wrong_token(reference, template):
    """A right session follows, so that the password keeps its tries."""
    def go(card, info):
        run = prepare(card, info, reference, template)
        announce(run)
        run.reach_token()
        token = tlv(0x7C, tlv(0x85, mistakes.flipped(run.token(run.pk_ic), 63)))
        plan.step(card, TRY_FAILED, '00860000', token, 256, 'plain')
        prepare(card, info, reference, template).run()
    with_each(go)


def wrong_key(octets, kind=None):
    """octets: of the ephemeral public key, a function of the group."""
    def go(card, info):
        run = prepare(card, info, pace.PIN)
        announce(run)
        run.get_nonce()
        run.map_nonce()
        plan.step(card, REFUSED, '10860000', tlv(0x7C, tlv(0x83, octets(info.group))), 256, 'plain')
    with_each(go, kind)


def test_EAC2_ISO7816_H_1():
    """The CAN, and a terminal that does not say what it is."""
    positive(pace.CAN)


def test_EAC2_ISO7816_H_2():
    """The PIN, and a terminal that does not say what it is."""
    positive(pace.PIN)


def test_EAC2_ISO7816_H_3():
    """The PUK, and a terminal that does not say what it is."""
    positive(pace.PUK)


def table(number, function, rows):
    """Cases that differ in the terminal's kind and the password."""
    for letter, (kind, reference) in zip('abcdefg', rows):
        def case(kind=kind, reference=reference):
            function(reference, TEMPLATES[kind])
        globals()['test_EAC2_ISO7816_H_%d%s' % (number, letter)] = case


# 4: passwords that a kind of terminals may use. 5: those that it may not. 6: as 4, with a wrong token.
ALLOWED = [(oids.IS, pace.MRZ), (oids.IS, pace.CAN), (oids.AT, pace.CAN), (oids.AT, pace.PIN), (oids.ST, pace.CAN),
           (oids.ST, pace.PIN), (oids.ST, pace.PUK)]
table(4, positive, ALLOWED)
table(5, forbidden, [(oids.IS, pace.PIN), (oids.IS, pace.PUK), (oids.AT, pace.MRZ), (oids.AT, pace.PUK),
                     (oids.ST, pace.MRZ)])
table(6, wrong_token, ALLOWED)


def test_EAC2_ISO7816_H_23():
    """A password that no card has."""
    def go(card, info):
        card.reset()
        announce(pace.Pace(card, info, 5, '111111'), UNKNOWN)
    with_each(go)


def test_EAC2_ISO7816_H_33():
    """An ephemeral key of another length."""
    def shorter(group):
        other = DOMAINS[0 if group.kind == 'dh' else 9]
        return other.encode(other.power(other.random(), other.generator))
    wrong_key(shorter)


def test_EAC2_ISO7816_H_34():
    """The point 0, 0."""
    wrong_key(lambda group: b'\x04' + bytes(2 * group.size), 'ecdh')


def test_EAC2_ISO7816_H_35():
    """A number above the prime."""
    wrong_key(lambda group: unsigned(group.p + 1), 'dh')


def test_EAC2_ISO7816_H_36():
    """A point that is not on the curve."""
    wrong_key(lambda group: mistakes.flipped(group.encode(group.generator), 8 * (1 + 2 * group.size) - 1), 'ecdh')


ACCESS = card_access()
common.main(globals())
