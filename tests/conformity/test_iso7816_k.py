# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_K: the terminal proves that it has the key of its certificate (TR-03110-1, 3.5)."""
import support
from certificates import increased, last_changed
from eac1 import BY_EC, DG3, case, main
from plan import ERROR, OK_OR_ERROR, REFUSED
from sets import EC, PSS, RSA

CHAIN = 'DV_CERT_1', 'IS_CERT_1'


def signed(visit, challenge, key='IS_01'):
    return visit.signature(key, challenge)


@case((('bac', EC), ('bac', RSA), ('bac', PSS)))
def test_ISO7816_K_1a(visit):
    """All is well; in a session of BAC the signature is of the document number."""
    visit.begin().authenticate(*CHAIN)


@case((('pace', EC), ('can', EC), ('pace', RSA), ('pace', PSS)))
def test_ISO7816_K_1b(visit):
    """All is well; in a session of PACE the signature is of the chip's key in it."""
    visit.begin().authenticate(*CHAIN)


@case()
def test_ISO7816_K_2(visit):
    """A key is selected that no certificate has."""
    visit.begin().present_named(*CHAIN)
    visit.set_at(OK_OR_ERROR, last_changed(visit.pki['IS_CERT_1'].name))
    visit.external(REFUSED, signed(visit, visit.challenge(OK_OR_ERROR)))


@case()
def test_ISO7816_K_4(visit):
    """The signature comes without secure messaging."""
    visit.begin().selected(*CHAIN)
    visit.external(ERROR, signed(visit, visit.challenge()), how='plain')


@case()
def test_ISO7816_K_5(visit):
    """A document verifier is no terminal."""
    visit.begin().present_named('DV_CERT_1')
    visit.set_at(OK_OR_ERROR, visit.pki['DV_CERT_1'].name)
    visit.external(REFUSED, signed(visit, visit.challenge(OK_OR_ERROR), 'DV_01'))


@case()
def test_ISO7816_K_6(visit):
    """A CVCA is no terminal."""
    visit.begin().set_at(OK_OR_ERROR, visit.reference)
    visit.external(REFUSED, signed(visit, visit.challenge(OK_OR_ERROR), 'CVCA_00'))


@case()
def test_ISO7816_K_7(visit):
    """EXTERNAL AUTHENTICATE of class 8C."""
    visit.begin().selected(*CHAIN)
    visit.external(ERROR, signed(visit, visit.challenge()), how='any', header='80820000')
    visit.alive_unless_ended()


@case()
def test_ISO7816_K_10(visit):
    """Of two challenges the first is signed."""
    visit.begin().selected(*CHAIN)
    first = visit.challenge()
    if visit.challenge(OK_OR_ERROR):
        visit.external(REFUSED, signed(visit, first))


@case()
def test_ISO7816_K_12(visit):
    """A challenge of seven bytes."""
    visit.begin().selected(*CHAIN)
    short = visit.challenge(OK_OR_ERROR, 7)
    if short:
        visit.external(REFUSED, signed(visit, short))


@case()
def test_ISO7816_K_14(visit):
    """No challenge."""
    visit.begin().selected(*CHAIN).external(REFUSED, signed(visit, b''))
    visit.read_byte(ERROR, DG3)


@case()
def test_ISO7816_K_15(visit):
    """No key is selected."""
    challenge = visit.begin().present_named(*CHAIN).challenge(OK_OR_ERROR)
    if challenge:
        visit.external(REFUSED, signed(visit, challenge))
        visit.read_byte(ERROR, DG3)


@case()
def test_ISO7816_K_17(visit):
    """The name of the key in an object 84."""
    visit.begin().present_named(*CHAIN).set_at(ERROR, visit.pki['IS_CERT_1'].name, tag=0x84)
    challenge = visit.challenge(OK_OR_ERROR)
    if challenge:
        visit.external(REFUSED, signed(visit, challenge))
        visit.read_byte(ERROR, DG3)


@case()
def test_ISO7816_K_18(visit):
    """The rights end when the card loses power."""
    visit.begin().authenticate(*CHAIN)
    visit.card.transport.power()
    visit.open().read_byte(ERROR, DG3)


@case()
def test_ISO7816_K_19(visit):
    """Passive Authentication after Chip Authentication, and then Active Authentication, too, are no hindrance."""
    for active in (False, True):
        visit.begin().read_groups(without=(3, 4)).passive(support.csca())
        if active:
            visit.authenticate_actively()
        visit.authenticate(*CHAIN)


@case(BY_EC[1:] + (('pace', RSA), ('pace', PSS)))
def test_ISO7816_K_20(visit):
    """The signature is one more than it should be; it is of the document number, as in a session of BAC."""
    visit.begin().selected(*CHAIN).external(REFUSED, increased(signed(visit, visit.challenge())))
    challenge, key = visit.begin().selected(*CHAIN).challenge(), visit.pki.key('IS_01')
    visit.external(REFUSED, key.sign(key.scheme, visit.zone.document.encode() + challenge + visit.compressed()))


main(globals())
