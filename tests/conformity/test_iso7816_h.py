# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_H: DG3 and DG4 need Terminal Authentication, EF.CVCA needs a session (TR-03110-1, 3 and
Doc 9303-10, 4.7)."""
import common
from eac1 import BY_EC, DG3, DG4, EF_CVCA, case, main
from plan import ERROR, OK, OK_OR_ERROR
from terminal import lds
from terminal.tlv import one, tlv

START = tlv(0x54, b'\0')  # the offset of READ BINARY with odd instruction


def select_protected(visit, group):
    """May be selected, but not read."""
    visit.begin()
    visit.step(OK_OR_ERROR, '00A4020C', lds.dg(group).to_bytes(2, 'big'))
    if visit.status == 0x9000:
        visit.step(ERROR, '00B00000', ne=1)


def read_odd(visit, want, at, ne):
    return visit.step(want, bytes.fromhex('00B1') + at, START, ne=ne)


@case(BY_EC)
def test_ISO7816_H_1(visit):
    """SELECT of EF.DG3."""
    select_protected(visit, DG3)


@case(BY_EC)
def test_ISO7816_H_2(visit):
    """SELECT of EF.DG4."""
    select_protected(visit, DG4)


@case(BY_EC)
def test_ISO7816_H_3(visit):
    """READ BINARY of DG3 by its short identifier."""
    visit.begin().read_byte(ERROR, DG3)


@case(BY_EC)
def test_ISO7816_H_4(visit):
    """READ BINARY of DG4 by its short identifier."""
    visit.begin().read_byte(ERROR, DG4)


@case(BY_EC)
def test_ISO7816_H_5(visit):
    """READ BINARY with odd instruction of DG3 by its short identifier."""
    read_odd(visit.begin(), ERROR, b'\0\3', 7)


@case(BY_EC)
def test_ISO7816_H_6(visit):
    """READ BINARY with odd instruction of DG4 by its short identifier."""
    read_odd(visit.begin(), ERROR, b'\0\4', 7)


def without_session(visit, *steps):
    """EF.CVCA is not to be had: the last of these commands is refused at the latest."""
    visit.card.reset()
    steps = (('00A4040C', lds.AID, None),) + steps
    for at, (header, data, ne) in enumerate(steps):
        visit.step(ERROR if at == len(steps) - 1 else OK_OR_ERROR, header, data, ne, how='plain')
        if visit.status != 0x9000:
            return


@case(BY_EC[:1])
def test_ISO7816_H_7(visit):
    """SELECT of EF.CVCA without a session."""
    without_session(visit, ('00A4020C', EF_CVCA, None), ('00B00000', b'', 1))


@case(BY_EC[:1])
def test_ISO7816_H_8(visit):
    """READ BINARY of EF.CVCA by its short identifier without a session."""
    without_session(visit, ('00B09C00', b'', 1))


@case(BY_EC[:1])
def test_ISO7816_H_9(visit):
    """READ BINARY with odd instruction of EF.CVCA by its short identifier without a session."""
    without_session(visit, ('00B1001C', START, 7))


@case(BY_EC[:1])
def test_ISO7816_H_10(visit):
    """READ BINARY with odd instruction of EF.CVCA by its identifier without a session."""
    without_session(visit, ('00B1011C', START, 7))


@case(BY_EC)
def test_ISO7816_H_11(visit):
    """READ BINARY with odd instruction of DG3 by its identifier."""
    read_odd(visit.begin(), ERROR, b'\1\3', 7)


@case(BY_EC)
def test_ISO7816_H_12(visit):
    """READ BINARY with odd instruction of DG4 by its identifier."""
    read_odd(visit.begin(), ERROR, b'\1\4', 7)


@case(BY_EC)
def test_ISO7816_H_13(visit):
    """EF.CVCA in a session, selected."""
    visit.open().step(OK, '00A4020C', EF_CVCA)
    common.equal(len(visit.step(OK, '00B00000', ne=36)), 36, 'size of EF.CVCA')


@case(BY_EC)
def test_ISO7816_H_14(visit):
    """EF.CVCA in a session, by its short identifier."""
    common.equal(len(visit.open().step(OK, '00B09C00', ne=36)), 36, 'size of EF.CVCA')


def whole_by_odd(visit, at):
    answer = read_odd(visit.open(), OK, at, 38)
    common.equal((len(answer), len(one(answer, 0x53).value)), (38, 36), 'sizes of the response and of EF.CVCA')


@case(BY_EC)
def test_ISO7816_H_15(visit):
    """EF.CVCA in a session, with odd instruction by its short identifier."""
    whole_by_odd(visit, b'\x00\x1c')


@case(BY_EC)
def test_ISO7816_H_16(visit):
    """EF.CVCA in a session, with odd instruction by its identifier."""
    whole_by_odd(visit, EF_CVCA)


main(globals())
