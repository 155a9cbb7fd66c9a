# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_I: Chip Authentication 2 (TR-03110-2, 3.4; TR-03110-3, B.2), with inspection systems
(which come with the CAN: unit H has them refused with the PIN) and authentication terminals, and every key that
EF.CardSecurity of several cards has."""
import functools
import tempfile

import common
import eid
import mistakes
import plan
from general_procedure import Procedure
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal import lds, oids, pace, security_info, signed
from terminal.chip_auth import ChipAuth
from terminal.domains import DOMAINS
from terminal.tlv import der_integer, oid, tlv, unsigned

REFERENCES = {oids.IS: pace.CAN, oids.AT: pace.PIN}
CHIP_SECURITY, INDIVIDUAL = 0x011B, 0x45
NO_KEY = 0x77


def card_access(*keys):
    """keys: arcs of the protocol, domain parameters, number of the key or None."""
    infos = [tlv(0x30, tlv(0x06, oid(oids.TA)), der_integer(2)),
             tlv(0x30, tlv(0x06, oid(oids.PACE + '.2.2')), der_integer(2), der_integer(13))]
    for arcs, number, key in keys:
        reference = b'' if key is None else der_integer(key)
        infos.append(tlv(0x30, tlv(0x06, oid('%s.%s' % (oids.CA, arcs))), der_integer(2), reference))
        domain = tlv(0x30, tlv(0x06, oid(oids.STANDARDIZED)), der_integer(number))
        infos.append(tlv(0x30, tlv(0x06, oid('%s.%s' % (oids.CA, arcs[0]))), domain, reference))
    return tlv(0x31, *infos)


# What EF.CardAccess says, None: that of the card; and the keys in EF.CardSecurity.
CARDS = [
    (None, [0x41]),
    (card_access(('2.4', 15, 0x51), ('1.2', 2, 0x52)), [0x51, 0x52]),
    (card_access(('2.1', 12, None)), [None]),
]


class Visit:
    """From PACE to Terminal Authentication, by which the terminal commits itself to an ephemeral key. key: the number of the
    card's key. choose: gives the private key, the octets that will be sent, and what the terminal commits itself to, as a
    function of the group; without, they are drawn and right."""

    def __init__(self, card, kind, key, choose=None):
        self.card, self.run = card, Procedure(card, eid.specimen(kind))
        self.run.enter(REFERENCES[kind])
        if key not in [info.key_id for info in self.run.access.chip_auth]:
            self.run.access = inside(self.run.access)
        self.info = next(info for info in self.run.access.chip_auth if info.key_id == key)
        self.run.use(self.info)
        self.group = self.run.group
        sk, self.octets, compressed = (choose or drawn)(self.group)
        self.run.authenticate_terminal(compressed=compressed)
        self.sk = sk

    def read(self, fid=lds.CARD_SECURITY):
        return security_info.SecurityInfos(signed.card_security(lds.read(self.card, fid), eid.CSCA))

    def chip(self, infos):
        """The protocol with the key that these SecurityInfos have."""
        return ChipAuth(self.card, self.info, infos.chip_key(self.info), self.sk)


def inside(infos):
    """What is in the one PrivilegedTerminalInfo."""
    (found,), = infos.others[oids.PT]
    return security_info.SecurityInfos(found.raw)


def pair(group, sk):
    element = group.power(sk, group.generator)
    return sk, group.encode(element), group.compress(element)


def drawn(group):
    return pair(group, group.random())


def with_each(function, kind=None, choose=None):
    """Runs function(visit, chip) for all terminals and keys, or those of the kind 'dh' or 'ecdh'."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for access, keys in CARDS:
            options = () if access is None else ('--ef-cardaccess', eid.file_in(folder, 'access', access))
            with eid.new_card(*options) as card:
                for key in keys:
                    rows += [('%s, key %s of %s' % (eid.KINDS[terminal], key, keys), card, terminal, key)
                             for terminal in REFERENCES]

                def go(card, terminal, key, keys=keys):
                    visit = Visit(card, terminal, key)
                    if kind not in (None, visit.group.kind):
                        return
                    if choose:
                        visit = Visit(card, terminal, key, choose)
                    infos = visit.read()
                    common.equal([found.key_id for found in infos.chip_keys], keys, 'keys in EF.CardSecurity')
                    function(visit, visit.chip(infos))
                plan.each(rows, go)
                rows.clear()


def set_at_data(chip):
    return tlv(0x80, chip.info.oid) + chip.reference()


def key_data(visit, tag=0x80):
    return tlv(0x7C, tlv(tag, visit.octets))


def set_at(chip):
    plan.step(chip.card, OK, '002241A4', set_at_data(chip))


def agrees(visit, chip):
    """The card's token is right, and the new keys are in force."""
    chip.run()
    plan.alive(visit.card)


def refuses(visit, chip):
    """What the terminal has committed itself to is no key."""
    set_at(chip)
    plan.step(visit.card, REFUSED, '00860000', key_data(visit), 256)
    plan.alive(visit.card)


def test_EAC2_ISO7816_I_1():
    """The regular run."""
    with_each(agrees)


def test_EAC2_ISO7816_I_2():
    """The old keys are good for nothing afterwards."""
    def go(visit, chip):
        old = visit.card.sm
        chip.run()
        visit.card.sm = old
        plan.step(visit.card, ERROR, '00B09C00', ne=1, how='ended')
    with_each(go)


def test_EAC2_ISO7816_I_3():
    """An ephemeral key of another length."""
    def other(group):
        return drawn(DOMAINS[0 if group.kind == 'dh' else 9])
    with_each(refuses, choose=other)


def test_EAC2_ISO7816_I_4():
    """Without secure messaging."""
    def go(visit, chip):
        plan.step(visit.card, OK_OR_ERROR, '002241A4', set_at_data(chip), how='plain')
        plan.step(visit.card, ERROR, '00860000', key_data(visit), 256, 'plain')
        plan.step(visit.card, ERROR, '00B09C00', ne=1, how='ended')
    with_each(go)


def test_EAC2_ISO7816_I_5():
    """The class 8C."""
    def go(visit, chip):
        session = visit.card.sm
        plan.step(visit.card, ERROR, '802241A4', set_at_data(chip), how='any')
        visit.card.sm = session
        plan.step(visit.card, ERROR, '80860000', key_data(visit), 256, 'any')
    with_each(go)


def test_EAC2_ISO7816_I_6():
    """The ephemeral key has the tag 81."""
    def go(visit, chip):
        set_at(chip)
        plan.step(visit.card, ERROR, '00860000', key_data(visit, 0x81), 256)
        plan.alive(visit.card)
    with_each(go)


def test_EAC2_ISO7816_I_7():
    """MSE:Set AT with a Le."""
    def go(visit, chip):
        plan.step(visit.card, ERROR, '002241A4', set_at_data(chip), 256)
        plan.alive(visit.card)
    with_each(go)


def test_EAC2_ISO7816_I_8():
    """GENERAL AUTHENTICATE without a Le, inside and outside."""
    def go(visit, chip):
        card = visit.card
        set_at(chip)
        command = card.sm.protect(bytes.fromhex('00860000'), key_data(visit))
        answer, sw = card.whole(command[:-1] if command[4] else command[:-2])
        assert sw in ERROR, '%04X' % sw
        if answer:
            card.sm.open(answer, sw)
            plan.alive(card)
        else:
            plan.step(card, ERROR, '00B09C00', ne=1, how='ended')
    with_each(go)


def test_EAC2_ISO7816_I_9():
    """The point 0, 0."""
    def zero(group):
        return 1, b'\x04' + bytes(2 * group.size), bytes(group.size)
    with_each(refuses, 'ecdh', zero)


# Keys whose coordinates are short, or begin with a one

@functools.lru_cache(None)
def key_with(group, coordinate, small):
    k, point = group.random(), None
    while point is None or (point[coordinate] >> 8 * (group.size - 1) != 0 if small else
                            point[coordinate] >> 8 * group.size - 1 == 0):
        k = k % (group.n - 1) + 1
        point = group.combine(point, group.generator) if point else group.power(k, group.generator)
    return pair(group, k)


def border(coordinate, small):
    with_each(agrees, 'ecdh', lambda group: key_with(group, coordinate, small))


def test_EAC2_ISO7816_I_10():
    """A small x-coordinate."""
    border(0, True)


def test_EAC2_ISO7816_I_11():
    """A large x-coordinate."""
    border(0, False)


def test_EAC2_ISO7816_I_12():
    """A small y-coordinate."""
    border(1, True)


def test_EAC2_ISO7816_I_13():
    """A large y-coordinate."""
    border(1, False)


def test_EAC2_ISO7816_I_14():
    """A reference to a key that is not there."""
    def go(visit, chip):
        data = tlv(0x80, chip.info.oid) + tlv(0x84, bytes([NO_KEY]))
        plan.step(visit.card, REFUSED, '002241A4', data)
        plan.alive(visit.card)
    with_each(go)


def test_EAC2_ISO7816_I_15():
    """A number above the prime."""
    def above(group):
        return 1, unsigned(group.p + 1), group.compress(group.p + 1)
    with_each(refuses, 'dh', above)


def test_EAC2_ISO7816_I_16():
    """A point that is not on the curve."""
    def off(group):
        octets = group.encode(group.generator)
        return 1, mistakes.flipped(octets, 8 * len(octets) - 1), group.compress(group.generator)
    with_each(refuses, 'ecdh', off)


def test_EAC2_ISO7816_I_17():
    """The key in PrivilegedTerminalInfo of EF.ChipSecurity, also where EF.CardAccess tells of it nowhere else."""
    hidden = privileged(card_access(('2.2', 13, 0x41)), card_access(('2.2', 13, INDIVIDUAL)))
    plan.each([('told', None), ('not told', hidden)], individual)


def privileged(access, hidden):
    """Chip Authentication of the second EF.CardAccess put into PrivilegedTerminalInfo of the first one."""
    infos = tlv(0x31, *(raw for raw in security_info.SecurityInfos(hidden).raw[2:]))
    return tlv(0x31, *security_info.SecurityInfos(access).raw, tlv(0x30, tlv(0x06, oid(oids.PT)), infos))


def individual(access):
    with tempfile.TemporaryDirectory() as folder:
        options = () if access is None else ('--ef-cardaccess', eid.file_in(folder, 'access', access))
        with eid.new_card(*options) as card:
            visit = Visit(card, oids.IS, INDIVIDUAL)
            agrees(visit, visit.chip(inside(visit.read(CHIP_SECURITY))))


common.main(globals())
