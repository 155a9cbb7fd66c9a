# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_L: what a terminal may is what verifier and terminal have in common, and only after
all of Terminal Authentication (TR-03110-3, 2.7; TR-03110-4)."""
import contextlib
import string

import common
import documents
import eid
import plan
import terminals
from eid import ALL
from plan import DENIED, ERROR, OK, OK_OR_ERROR, REFUSED
from support import mrz
from terminal import lds, oids, pace, terminal_auth
from terminal.tlv import oid, tlv

MRZ = mrz.Mrz('IDD<<T220001293<<<<<<<<<<<<<<<6408125<2010315D<<<<<<<<<<<<<4MUSTERMANN<<ERIKA<<<<<<<<<<<<<')
# The CHATs of PACE. That for authentication terminals has neither DG22 nor "privileged terminal" in the plan.
CHAT_IS, CHAT_AT = 0x23, ALL[oids.AT]
WRITTEN = bytes.fromhex('01020304')


# The passport's application

def inspector(card, verifier, terminal, function=None):
    """The whole procedure, or up to Terminal Authentication, which function(procedure) carries out."""
    chain = terminals.chain(verifier, terminal)
    if function is None:
        eid.run(card, chain, pace.MRZ, CHAT_IS, oids.IS, password=MRZ, application=False)
        lds.select_application(card, lds.AID)
        return
    procedure = eid.Procedure(card, chain).enter(pace.MRZ, eid.chat(oids.IS, CHAT_IS), MRZ)
    function(procedure)


def read_passport(card, want, group):
    plan.step(card, want, '00B0%02X00' % (0x80 | group), ne=1)


def biometrics(verifier, terminal, group, want):
    with documents.with_biometrics() as card:
        inspector(card, verifier, terminal)
        read_passport(card, want, group)


def test_EAC2_ISO7816_L_1():
    """The verifier may read DG3 and DG4, the terminal DG3: it reads DG3."""
    biometrics('3', '3a', 3, OK)


def test_EAC2_ISO7816_L_2():
    """It does not read DG4."""
    biometrics('3', '3a', 4, ERROR)


def test_EAC2_ISO7816_L_3():
    """The terminal may read DG4: it does."""
    biometrics('3', '3b', 4, OK)


def test_EAC2_ISO7816_L_4():
    """It does not read DG3."""
    biometrics('3', '3b', 3, ERROR)


def test_EAC2_ISO7816_L_5():
    """The verifier may read DG3, the terminal both: it reads DG3."""
    biometrics('4', '4', 3, OK)


def test_EAC2_ISO7816_L_6():
    """It does not read DG4."""
    biometrics('4', '4', 4, ERROR)


def test_EAC2_ISO7816_L_7():
    """The verifier may read DG4, the terminal both: it reads DG4."""
    biometrics('5', '5', 4, OK)


def test_EAC2_ISO7816_L_8():
    """It does not read DG3."""
    biometrics('5', '5', 3, ERROR)


def no_chip_authentication(procedure):
    """Chip Authentication is refused, at once or when the key comes."""
    card, info = procedure.card, procedure.info
    plan.step(card, OK_OR_ERROR, '002241A4', tlv(0x80, info.oid) + tlv(0x84, bytes([info.key_id])))
    point = procedure.group.encode(procedure.group.power(procedure.sk, procedure.group.generator))
    plan.step(card, ERROR, '00860000', tlv(0x7C, tlv(0x80, point)), 256)


def unfinished(group, spoiled):
    """Terminal Authentication up to its signature, which is spoiled or not sent: nothing is read."""
    def authenticate(procedure):
        card, compressed = procedure.card, procedure.commit()
        terminal = eid.present(card, procedure, procedure.terminal)
        terminal_auth.set_at_2(card, terminal, compressed)
        challenge = terminal_auth.challenge(card)
        if spoiled:
            signature = procedure.terminal.key.sign(terminal.scheme, procedure.pace.id_picc() + challenge + compressed)
            plan.step(card, REFUSED, '00820000', signature[:-1] + bytes([signature[-1] ^ 1]))
        no_chip_authentication(procedure)
        plan.step(card, OK_OR_ERROR, '00A4040C', lds.AID)
        read_passport(card, ERROR, group)
    with documents.with_biometrics() as card:
        inspector(card, '1', '1', authenticate)


def test_EAC2_ISO7816_L_9():
    """The chain alone does not open DG3."""
    unfinished(3, False)


def test_EAC2_ISO7816_L_10():
    """Nor DG4."""
    unfinished(4, False)


def test_EAC2_ISO7816_L_11():
    """A wrong signature does not open DG3."""
    unfinished(3, True)


def test_EAC2_ISO7816_L_12():
    """Nor DG4."""
    unfinished(4, True)


# Data groups of the eID application

def groups(number, verifier, first, case):
    """case(card, group) for each certificate of a set, whose one right is for that data group."""
    def one(name, letter, group):
        eid.run(card, terminals.chain(verifier, verifier + letter), rights=CHAT_AT)
        case(card, group)

    letters = string.ascii_lowercase[:22 if first == 1 else 6]
    with documents.full() as card:
        plan.each([('EAC2_ISO7816_L_%d%s' % (number, letter), number, letter, group)
                   for group, letter in enumerate(letters, first)], one)


def read(card, group):
    plan.step(card, OK, '00B0%02X00' % (0x80 | group), ne=1)


def write(card, group):
    plan.step(card, OK, '00D6%02X00' % (0x80 | group), WRITTEN)


def test_EAC2_ISO7816_L_13():
    """A data group is read."""
    groups(13, '19', 1, read)


def test_EAC2_ISO7816_L_14():
    """The same under a non-official verifier."""
    groups(14, '20', 1, read)


def test_EAC2_ISO7816_L_15():
    """A data group is written."""
    groups(15, '21', 17, write)


def test_EAC2_ISO7816_L_16():
    """The same under a non-official verifier."""
    groups(16, '22', 17, write)


# Special functions

def enter(card, terminal, reference=pace.PIN, **how):
    eid.run(card, terminals.chain('17', terminal), reference, CHAT_AT, **how)


@contextlib.contextmanager
def session(terminal, reference=pace.PIN, **how):
    with documents.full() as card:
        enter(card, terminal, reference, **how)
        yield card


def verify(terminal, want, arc, **value):
    with session(terminal, aux=eid.auxiliary(**value)) as card:
        plan.step(card, want, '80208000', tlv(0x06, eid.auxiliary_oid(arc)))


def test_EAC2_ISO7816_L_17():
    """Age, with that right."""
    verify('17f', OK, 1, birth='19640812')


def test_EAC2_ISO7816_L_18():
    """Age, with another one."""
    verify('17d', DENIED, 1, birth='19640812')


def test_EAC2_ISO7816_L_19():
    """Municipality, with that right."""
    verify('17g', OK, 3, municipality='02760378900276')


def test_EAC2_ISO7816_L_20():
    """Municipality, with another one."""
    verify('17d', DENIED, 3, municipality='02760378900276')


def test_EAC2_ISO7816_L_23():
    """With "CAN allowed", and the CAN, DG1 is read."""
    with session('17a', pace.CAN) as card:
        read(card, 1)


def test_EAC2_ISO7816_L_25():
    """With "PIN management" the PIN is deactivated."""
    with session('17b', application=False) as card:
        plan.step(card, OK, '00041003')


def test_EAC2_ISO7816_L_26():
    """And activated, in a session of the CAN."""
    with session('17b', application=False) as card:
        plan.step(card, OK, '00041003')
        enter(card, '17b', pace.CAN, application=False)
        plan.step(card, OK, '00441003')


def test_EAC2_ISO7816_L_27():
    """It is not deactivated with another right."""
    with session('17d', application=False) as card:
        plan.step(card, DENIED, '00041003')


def test_EAC2_ISO7816_L_28():
    """As case 27."""
    test_EAC2_ISO7816_L_27()


# What later editions may have more

def test_EAC2_ISO7816_L_35():
    """Bits of inspection systems that have no meaning are ignored."""
    biometrics('3a', '3c', 3, OK)


def test_EAC2_ISO7816_L_36():
    """And of authentication terminals."""
    with documents.full() as card:
        eid.run(card, terminals.chain('19a', '19w'), pace.CAN, CHAT_AT)
        read(card, 1)


def test_EAC2_ISO7816_L_37():
    """A privileged terminal reads EF.ChipSecurity before Chip Authentication."""
    with eid.new_card() as card:
        eid.Procedure(card, terminals.chain('17', '17h')).enter(pace.CAN, eid.chat(oids.AT, CHAT_AT)).authenticate_terminal()
        plan.step(card, OK, '00B09B00', ne=1)


def evolved(verifier, terminal):
    """Terminal Authentication succeeds with these certificates, of set 32."""
    rights = {'rights': bytes.fromhex('007FFFFFFF')}
    chain = terminals.made(oids.AT, {'role': terminals.OTHER, **rights, **verifier}, {**rights, **terminal})
    with eid.new_card() as card:
        eid.Procedure(card, chain).enter(pace.PIN, eid.chat(oids.AT, CHAT_AT)).authenticate_terminal()


def extended(arc, bits):
    """An authorisation extension, the same in both certificates."""
    extension = {'extensions': tlv(0x65, tlv(0x73, tlv(0x06, oid(oids.AT + arc)), tlv(0x80, bytes.fromhex(bits))))}
    evolved(extension, extension)


def test_EAC2_ISO7816_L_38():
    """Access to a data group that there is not."""
    extended('.1', '100000000000')


def test_EAC2_ISO7816_L_39():
    """A special function that there is not."""
    extended('.1', '20')


def test_EAC2_ISO7816_L_40():
    """A CHAT with two bytes more."""
    def template(bits):
        return {'template': tlv(0x7F4C, tlv(0x06, oid(oids.AT)), tlv(0x53, bytes.fromhex(bits)))}
    evolved(template('0000407FFFFFFF'), template('0000007FFFFFFF'))


def test_EAC2_ISO7816_L_41():
    """Access to data groups with two bytes more."""
    extended('.1', '0000000000000001')


def test_EAC2_ISO7816_L_42():
    """Special functions with two bytes more."""
    extended('.1', '000001')


def test_EAC2_ISO7816_L_44():
    """Another kind of extension, with as many bits as access to data groups has."""
    extended('.2', '000000000001')


def test_EAC2_ISO7816_L_45():
    """The same with as many bits as special functions have."""
    extended('.2', '01')


common.main(globals())
