# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_L: what an authenticated terminal may read (TR-03110-3, 2.7), and what ends its rights."""
from certificates import last_changed
from eac1 import BY_EC, DG3, DG4, case, main
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from sets import RSA
from terminal.errors import CardError

CHAIN = 'DV_CERT_1', 'IS_CERT_1'


@case()
def test_ISO7816_L_1(visit):
    """The verifier gives both rights, the terminal has that to DG3: DG3 is read."""
    visit.begin().authenticate('DV_CERT_3', 'IS_CERT_3a').read_byte(OK, DG3)


@case()
def test_ISO7816_L_2(visit):
    """Likewise, and DG4 is not."""
    visit.begin().authenticate('DV_CERT_3', 'IS_CERT_3a').read_byte(ERROR, DG4)


@case()
def test_ISO7816_L_3(visit):
    """The verifier gives both rights, the terminal has that to DG4: DG4 is read."""
    visit.begin().authenticate('DV_CERT_3', 'IS_CERT_3b').read_byte(OK, DG4)


@case()
def test_ISO7816_L_4(visit):
    """Likewise, and DG3 is not."""
    visit.begin().authenticate('DV_CERT_3', 'IS_CERT_3b').read_byte(ERROR, DG3)


@case()
def test_ISO7816_L_5(visit):
    """The verifier gives that to DG3, the terminal has both: DG3 is read."""
    visit.begin().authenticate('DV_CERT_4', 'IS_CERT_4').read_byte(OK, DG3)


@case()
def test_ISO7816_L_6(visit):
    """Likewise, and DG4 is not."""
    visit.begin().authenticate('DV_CERT_4', 'IS_CERT_4').read_byte(ERROR, DG4)


@case()
def test_ISO7816_L_7(visit):
    """The verifier gives that to DG4, the terminal has both: DG4 is read."""
    visit.begin().authenticate('DV_CERT_5', 'IS_CERT_5').read_byte(OK, DG4)


@case()
def test_ISO7816_L_8(visit):
    """Likewise, and DG3 is not."""
    visit.begin().authenticate('DV_CERT_5', 'IS_CERT_5').read_byte(ERROR, DG3)


def without_signature(visit, group):
    visit.begin().selected(*CHAIN).challenge()
    visit.read_byte(ERROR, group)


@case()
def test_ISO7816_L_9(visit):
    """Certificates alone do not open DG3."""
    without_signature(visit, DG3)


@case()
def test_ISO7816_L_10(visit):
    """Certificates alone do not open DG4."""
    without_signature(visit, DG4)


def wrong_signature(visit, group):
    visit.begin().selected(*CHAIN)
    visit.external(REFUSED, last_changed(visit.signature('IS_01', visit.challenge())))
    visit.read_byte(ERROR, group)


@case()
def test_ISO7816_L_11(visit):
    """A wrong signature does not open DG3."""
    wrong_signature(visit, DG3)


@case()
def test_ISO7816_L_12(visit):
    """A wrong signature does not open DG4."""
    wrong_signature(visit, DG4)


def entered_again(visit, way):
    """After Terminal Authentication the application is opened once more, under secure messaging: refused, or without the
    rights."""
    visit.begin().authenticate(*CHAIN)
    visit.step(OK_OR_ERROR, '00A4000C', how='any')
    if visit.status != 0x9000:
        return
    assert visit.card.sm, 'accepted without secure messaging'
    try:
        visit.enter(way)
    except CardError as error:
        assert error.sw in ERROR, error
        return
    visit.read_byte(ERROR, DG3)


@case(BY_EC[:1] + (('bac', RSA),))
def test_ISO7816_L_13(visit):
    """BAC, and BAC again."""
    entered_again(visit, 'bac')


@case(BY_EC[1:] + (('pace', RSA),))
def test_ISO7816_L_14(visit):
    """PACE, and PACE again."""
    entered_again(visit, 'pace')


@case(BY_EC[1:] + (('pace', RSA),))
def test_ISO7816_L_15(visit):
    """PACE, and then BAC."""
    entered_again(visit, 'bac')


@case(BY_EC[:1] + (('bac', RSA),))
def test_ISO7816_L_16(visit):
    """BAC, and then PACE."""
    entered_again(visit, 'pace')


main(globals())
