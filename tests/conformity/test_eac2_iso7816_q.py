# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_Q: age, validity and municipality are verified (TR-03110-3, A.7.5 and B.6) against
what the terminal has signed with Terminal Authentication."""
import tempfile

import common
import eid
import plan
import terminals
from plan import DENIED, OK, REFUSED, Expected
from terminal.errors import CardError
from terminal.tlv import tlv

BIRTH, EXPIRY, MUNICIPALITY = 1, 2, 3
VALUES = {BIRTH: b'19640812', EXPIRY: b'20301031', MUNICIPALITY: bytes.fromhex('02760378900276')}
PERSON = 'DateOfBirth=19640812\nDateOfExpiry=20301031\nCommunityID=02760378900276\n'
OLDER, YOUNGER = b'19640811', b'19640813'  # that they must be: born on that day or before
BEFORE, AFTER, TODAY = b'20301030', b'20301101', b'20261122'
NOT_FOUND = Expected('6A88', 0x6A88)
FAILED = Expected('6300', 0x6300)


def template(arc, value, tag=0x73, name_tag=0x06):
    return tlv(tag, tlv(name_tag, eid.auxiliary_oid(arc)), tlv(0x53, value))


def verified(numbers, given, *steps):
    """numbers: of the certificates. given: templates inside 67. steps: what is verified, and what that answers."""
    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'person', PERSON)
        with eid.new_card('--datasetfile', path) as card:
            eid.run(card, terminals.chain(*numbers), aux=tlv(0x67, *given) if given else b'')
            for arc, want in steps:
                plan.step(card, want, '80208000', tlv(0x06, eid.auxiliary_oid(arc)))


def test_EAC2_ISO7816_Q_1():
    """Old enough."""
    verified(('17', '17f'), [template(BIRTH, YOUNGER)], (BIRTH, OK))


def test_EAC2_ISO7816_Q_2():
    """Not old enough."""
    verified(('17', '17f'), [template(BIRTH, OLDER)], (BIRTH, FAILED))


def test_EAC2_ISO7816_Q_3():
    """Age, without the right."""
    verified(('17', '17a'), [template(BIRTH, YOUNGER)], (BIRTH, DENIED))


def test_EAC2_ISO7816_Q_4():
    """Age, of which nothing was signed."""
    verified(('17', '17f'), [], (BIRTH, NOT_FOUND))


def test_EAC2_ISO7816_Q_5():
    """As case 1, under a non-official verifier, as are those that follow with set 18."""
    verified(('18', '18f'), [template(BIRTH, YOUNGER)], (BIRTH, OK))


def test_EAC2_ISO7816_Q_6():
    """Valid the day before the last one."""
    verified(('17', '17g'), [template(EXPIRY, BEFORE)], (EXPIRY, OK))


def test_EAC2_ISO7816_Q_7():
    """Not valid any more the day after it."""
    verified(('17', '17g'), [template(EXPIRY, AFTER)], (EXPIRY, FAILED))


def test_EAC2_ISO7816_Q_8():
    """Validity, of which nothing was signed."""
    verified(('17', '17g'), [], (EXPIRY, NOT_FOUND))


def test_EAC2_ISO7816_Q_9():
    """Valid today."""
    verified(('18', '18g'), [template(EXPIRY, TODAY)], (EXPIRY, OK))


def test_EAC2_ISO7816_Q_10():
    """Of this municipality."""
    verified(('17', '17g'), [template(MUNICIPALITY, VALUES[MUNICIPALITY])], (MUNICIPALITY, OK))


def test_EAC2_ISO7816_Q_11():
    """Of another one."""
    verified(('17', '17g'), [template(MUNICIPALITY, bytes.fromhex('02760378900277'))], (MUNICIPALITY, FAILED))


def test_EAC2_ISO7816_Q_12():
    """Municipality, without the right."""
    verified(('17', '17a'), [template(MUNICIPALITY, VALUES[MUNICIPALITY])], (MUNICIPALITY, DENIED))


def test_EAC2_ISO7816_Q_13():
    """Municipality, of which nothing was signed."""
    verified(('17', '17g'), [], (MUNICIPALITY, NOT_FOUND))


def test_EAC2_ISO7816_Q_14():
    """As case 10."""
    verified(('18', '18g'), [template(MUNICIPALITY, VALUES[MUNICIPALITY])], (MUNICIPALITY, OK))


def test_EAC2_ISO7816_Q_15():
    """The leftmost part alone."""
    verified(('17', '17g'), [template(MUNICIPALITY, VALUES[MUNICIPALITY][:3])], (MUNICIPALITY, OK))


def test_EAC2_ISO7816_Q_16():
    """As case 15."""
    verified(('18', '18g'), [template(MUNICIPALITY, VALUES[MUNICIPALITY][:3])], (MUNICIPALITY, OK))


def test_EAC2_ISO7816_Q_17():
    """Age and validity, both signed."""
    verified(('17', '17f'), [template(BIRTH, YOUNGER), template(EXPIRY, BEFORE)], (BIRTH, OK), (EXPIRY, OK))


def test_EAC2_ISO7816_Q_18():
    """All three."""
    verified(('17', '17j'), [template(BIRTH, YOUNGER), template(EXPIRY, BEFORE),
                             template(MUNICIPALITY, VALUES[MUNICIPALITY])],
             (BIRTH, OK), (EXPIRY, OK), (MUNICIPALITY, OK))


def test_EAC2_ISO7816_Q_19():
    """Of two days of birth the second one counts, which they are old enough for."""
    verified(('17', '17f'), [template(BIRTH, OLDER), template(BIRTH, YOUNGER)], (BIRTH, OK))


def test_EAC2_ISO7816_Q_20():
    """And which they are not old enough for."""
    verified(('17', '17f'), [template(BIRTH, YOUNGER), template(BIRTH, OLDER)], (BIRTH, REFUSED))


def wrong_object(given):
    """Either Terminal Authentication refuses the data, or they are not there."""
    try:
        verified(('17', '17f'), [given], (BIRTH, NOT_FOUND))
    except CardError as error:
        assert error.sw in plan.ERROR, error


def test_EAC2_ISO7816_Q_21():
    """A template with the tag 72."""
    wrong_object(template(BIRTH, YOUNGER, tag=0x72))


def test_EAC2_ISO7816_Q_22():
    """An object identifier with the tag 07."""
    wrong_object(template(BIRTH, YOUNGER, name_tag=0x07))


common.main(globals())
