# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit LDS_L: EF.ATR/INFO (Doc 9303-10, 3.11.1)."""
import common
import passports
import plan
import support
from passports import objects
from terminal.errors import check


def info():
    return {node.tag: node for node in objects(passports.read(*passports.SPECIMEN)['EF.ATR/INFO'])}


def test_LDS_L_1():
    """It consists of data objects."""
    assert info(), 'it is empty'


def test_LDS_L_2():
    """There is one on extended length."""
    assert 0x7F66 in info(), 'no object 7F66'


def test_LDS_L_3():
    """That has two positive integers."""
    numbers = objects(info()[0x7F66].value)
    common.equal([number.tag for number in numbers], [0x02, 0x02], 'objects')
    for number in numbers:
        check(number.value and number.value[0] < 0x80 and number.integer() > 0, '%s is not positive', number)


def test_LDS_L_4():
    """The capabilities tell of chaining."""
    assert info()[0x47].value[2] & 0x80, 'no chaining'


def test_LDS_L_5():
    """It can be selected in the MF, without access."""
    with support.Passport(*passports.SPECIMEN) as card:
        card.reset()
        plan.step(card, plan.OK, '00A4000C', b'\x3f\x00', how='plain')
        plan.step(card, plan.OK, '00A4020C', b'\x2f\x01', how='plain')


common.main(globals())
