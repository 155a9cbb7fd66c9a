# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_O: what the CHAT of PACE forbids, the chain of certificates does not open (TR-03110-3,
2.7.1)."""
import string

import common
import documents
import eid
import plan
import terminals
from eid import AGE, ALL, MUNICIPALITY, PIN_MANAGEMENT
from plan import DENIED, ERROR
from terminal import lds, oids, pace
from terminal.tlv import tlv

CHAT = 0x3E1FFFFFF7  # of tables 73 to 75, from which the case takes a right
WRITTEN = bytes.fromhex('01020304')


def biometrics(number, verifier, terminal, rights, group):
    """An inspection system wants to read a data group of the passport. rights: of PACE's CHAT."""
    def case(card):
        eid.run(card, terminals.chain(verifier, terminal), pace.CAN, rights, oids.IS, application=False)
        lds.select_application(card, lds.AID)
        plan.step(card, ERROR, '00B0%02X00' % (0x80 | group), ne=1)
    with documents.with_biometrics() as card:
        plan.each([('EAC2_ISO7816_O_%d' % number, card)], case)


def test_EAC2_ISO7816_O_1():
    """DG3 of the passport; the verifier may read both, the terminal it."""
    biometrics(1, '3', '3a', 0x02, 3)


def test_EAC2_ISO7816_O_2():
    """DG4, likewise."""
    biometrics(2, '3', '3b', 0x01, 4)


def test_EAC2_ISO7816_O_3():
    """DG3; the verifier may read it, the terminal both."""
    biometrics(3, '4', '4', 0x02, 3)


def test_EAC2_ISO7816_O_4():
    """DG4, likewise."""
    biometrics(4, '5', '5', 0x01, 4)


def groups(number, verifier, first, bit_of, case):
    """case(card, group) for each certificate of a set, without the right in PACE's CHAT."""
    count = 22 if first == 1 else 6
    rows = []

    def one(name, letter, group):
        eid.run(card, terminals.chain(verifier, verifier + letter), rights=CHAT & ~(1 << bit_of(group)))
        case(card, group)

    with documents.full() as card:
        for group, letter in enumerate(string.ascii_lowercase[:count], first):
            rows.append(('EAC2_ISO7816_O_%d%s' % (number, letter), number, letter, group))
        plan.each(rows, one)


def read(card, group):
    plan.step(card, ERROR, '00B0%02X00' % (0x80 | group), ne=1)


def write(card, group):
    plan.step(card, ERROR, '00D6%02X00' % (0x80 | group), WRITTEN)


def test_EAC2_ISO7816_O_5():
    """A data group is read."""
    groups(5, '19', 1, eid.read_bit, read)


def test_EAC2_ISO7816_O_6():
    """The same under a non-official verifier."""
    groups(6, '20', 1, eid.read_bit, read)


def test_EAC2_ISO7816_O_7():
    """A data group is written."""
    groups(7, '21', 17, eid.write_bit, write)


def test_EAC2_ISO7816_O_8():
    """The same under a non-official verifier."""
    groups(8, '22', 17, eid.write_bit, write)


def function(terminal, bit, header, data=b'', **how):
    """A special function. bit: the right that PACE's CHAT has not."""
    with documents.full() as card:
        eid.run(card, terminals.chain('17', terminal), rights=ALL[oids.AT] & ~(1 << bit), **how)
        plan.step(card, DENIED, header, data)


def test_EAC2_ISO7816_O_9():
    """Age."""
    function('17f', AGE, '80208000', tlv(0x06, eid.auxiliary_oid(1)), aux=eid.auxiliary(birth='20000101'))


def test_EAC2_ISO7816_O_10():
    """Municipality."""
    function('17g', MUNICIPALITY, '80208000', tlv(0x06, eid.auxiliary_oid(3)),
             aux=eid.auxiliary(municipality='02760378900276'))


def test_EAC2_ISO7816_O_12():
    """PIN management."""
    function('17b', PIN_MANAGEMENT, '00041003', application=False)


common.main(globals())
