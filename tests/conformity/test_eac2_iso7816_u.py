# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_U: COMPARE of data groups and of what VERIFY compares, too, with what the terminal has
signed with Terminal Authentication (TR-03110-3, A.7.5, B.6 and B.14.9; TR-03110-4, table 5)."""
import functools
import string
import tempfile

import common
import documents
import eid
import plan
import sectors
import terminals
from eid import ALL
from general_procedure import Procedure, chat
from plan import DENIED, ERROR, OK, Expected
from terminal import oids, pace
from terminal.errors import CardError
from terminal.tlv import oid, tlv

GROUPS = range(1, 23)
EVERY_GROUP = (1 << 22) - 1
DIFFERENT = Expected('6340', 0x6340)
DIFFERENT_OR_ERROR = Expected('6340 or a checking error', 0x6340, checking=True)
NOT_FOUND = Expected('6A88', 0x6A88)
BIRTH, EXPIRY, MUNICIPALITY = (eid.auxiliary_oid(arc) for arc in (1, 2, 3))
OLDER, YOUNGER, BEFORE = b'19640811', b'19640813', b'20301030'  # that they must be; the document is valid
PLACE = bytes.fromhex('02760378900276')


def comparing(bits):
    return tlv(0x73, tlv(0x06, oid(sectors.EID_ACCESS)), tlv(0x80, bits.to_bytes(6, 'big')))


ROOT = sectors.own_root(comparing(EVERY_GROUP))


@functools.lru_cache(None)
def key(name):
    return eid.key_like(ROOT)


@functools.lru_cache(None)
def terminal_of(role, bits):
    """DV_CERT_30 (official) or 31, and the terminal's certificate of that set with these rights to compare."""
    def certificate(name, rights, bits, **more):
        return {'rights': rights, 'key': key(name), 'extensions': tlv(0x65, comparing(bits)), **more}
    return eid.chain(ROOT, dv=certificate('verifier', 0x007FFFFFFF, EVERY_GROUP, role=role),
                     terminal=certificate('terminal', 0x007FFFFFFF, bits))


@functools.lru_cache(None)
def contents():
    """{number: data group}."""
    with documents.full() as card:
        eid.run(card, eid.specimen())
        return {number: card.command('00B0%02X00' % (0x80 | number), ne=256) for number in GROUPS}


def content_oid(number):
    return oid(oids.BSI + '3.1.4.5.%d' % number)


def template(name, value, tag=0x73, name_tag=0x06):
    return tlv(tag, tlv(name_tag, name), tlv(0x53, value))


def enter(card, terminal, templates, extensions=b''):
    procedure = Procedure(card, terminal).enter(pace.PIN, chat(oids.AT, ALL[oids.AT]), extensions=extensions)
    procedure.authenticate_terminal(tlv(0x67, *templates))
    procedure.authenticate_chip(eid.CSCA).application()


def compare(card, want, name):
    plan.step(card, want, '00330000', tlv(0x06, name))


def every_group(case, want, role='dv domestic', rights=lambda bit: bit, sent=lambda data: b'\0' + data,
                asked=lambda bit: tlv(0x65, comparing(bit))):
    """Cases a to v, for DG1 to DG22. rights: to compare, of the terminal's certificate; sent: the BIT STRING that the
    terminal has signed, None: nothing; asked: the object 65 of PACE. They are functions of the data group or its right."""
    def go(card, number):
        bit, value = 1 << number - 1, sent(contents()[number])
        value = b'' if value is None else tlv(0x03, value)
        enter(card, terminal_of(role, rights(bit)), [template(content_oid(number), value)], asked(bit))
        compare(card, want, content_oid(number))
    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'cvca', ROOT.certificate.raw)
        with documents.full('--cvca', path) as card:
            plan.each([('EAC2_ISO7816_U_%d%s' % (case, letter), card, number)
                       for number, letter in zip(GROUPS, string.ascii_lowercase)], go)


def test_EAC2_ISO7816_U_1():
    """What the data group is."""
    every_group(1, OK)


def test_EAC2_ISO7816_U_2():
    """What it is not."""
    every_group(2, DIFFERENT, sent=lambda data: b'\0' + data[:-1] + bytes([data[-1] ^ 1]))


def test_EAC2_ISO7816_U_3():
    """A terminal without the right."""
    every_group(3, DENIED, rights=lambda bit: 0)


def test_EAC2_ISO7816_U_4():
    """Nothing to be compared, in a template of the kind."""
    every_group(4, DIFFERENT, sent=lambda data: None)


def test_EAC2_ISO7816_U_5():
    """As case 1, under a non-official verifier."""
    every_group(5, OK, role='dv foreign')


def test_EAC2_ISO7816_U_6():
    """PACE was asked for no authorisations."""
    every_group(6, ERROR, asked=lambda bit: b'')


def test_EAC2_ISO7816_U_7():
    """PACE was asked for an authorisation without rights."""
    every_group(7, ERROR, asked=lambda bit: tlv(0x65, comparing(0)))


def test_EAC2_ISO7816_U_8():
    """PACE was asked for authorisations, and none was named."""
    every_group(8, ERROR, asked=lambda bit: tlv(0x65))


# What VERIFY compares, too

def compared(templates, *steps):
    """steps: what is compared, and what that answers."""
    with documents.full() as card:
        enter(card, terminals.chain('17', '17j'), templates)
        for name, want in steps:
            compare(card, want, name)


def test_EAC2_ISO7816_U_9():
    """Age and validity."""
    compared([template(BIRTH, YOUNGER), template(EXPIRY, BEFORE)], (BIRTH, OK), (EXPIRY, OK))


def test_EAC2_ISO7816_U_10():
    """All three."""
    compared([template(BIRTH, YOUNGER), template(EXPIRY, BEFORE), template(MUNICIPALITY, PLACE)],
             (BIRTH, OK), (EXPIRY, OK), (MUNICIPALITY, OK))


def test_EAC2_ISO7816_U_11():
    """Of two days of birth the second one counts, which they are old enough for."""
    compared([template(BIRTH, OLDER), template(BIRTH, YOUNGER)], (BIRTH, OK))


def test_EAC2_ISO7816_U_12():
    """And which they are not old enough for."""
    compared([template(BIRTH, YOUNGER), template(BIRTH, OLDER)], (BIRTH, DIFFERENT_OR_ERROR))


def wrong_object(given):
    """Either Terminal Authentication refuses the data, or they are not there."""
    try:
        compared([given], (BIRTH, NOT_FOUND))
    except CardError as error:
        assert error.sw in ERROR, error


def test_EAC2_ISO7816_U_13():
    """A template with the tag 72."""
    wrong_object(template(BIRTH, YOUNGER, tag=0x72))


def test_EAC2_ISO7816_U_14():
    """An object identifier with the tag 07."""
    wrong_object(template(BIRTH, YOUNGER, name_tag=0x07))


common.main(globals())
