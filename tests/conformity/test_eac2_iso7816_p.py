# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_P: the life of PIN, CAN and PUK (TR-03110-2, 2.4). Each case has a card of its own
and brings it into the state that the plan asks for."""
import common
import eid
import plan
import terminals
from eid import PASSWORDS
from plan import DENIED, ERROR, OK, Expected
from terminal import pace

TRIES = 3
WRONG = '999999'
FAILED = [Expected('6300 or %04X' % (0x63C0 | left), 0x6300, 0x63C0 | left) for left in range(TRIES)]
LEFT = [Expected('%04X' % (0x63C0 | left), 0x63C0 | left) for left in range(TRIES)] + [OK]
NOT_NOW = Expected('6985 or 6982', 0x6985, 0x6982)
INACTIVE = Expected('6283', 0x6283)


def run_of(card, reference, password=None):
    """A run of PACE that has not begun; the card is as it was."""
    session, card.sm = card.sm, None
    if not hasattr(card, 'access'):
        procedure = eid.Procedure(card, None)
        procedure.read_card_access()
        card.access = procedure.access
    card.sm = session
    return pace.Pace(card, card.access.pace[0], reference, password or PASSWORDS[reference])


def announce(run, want):
    """MSE:Set AT, under secure messaging if there is a session."""
    plan.step(run.card, want, '0022C1A4', run.set_at_data(), how='sm' if run.card.sm else 'plain')


def agree(run):
    """The steps up to the token, whose answers the terminal checks."""
    session = run.card.sm
    run.reach_token()
    assert run.card.sm is session, 'the session is over'


def enter(card, reference, password=None, want=OK, reset=True):
    """PACE that succeeds."""
    if reset:
        card.reset()
    run = run_of(card, reference, password)
    announce(run, want)
    agree(run)
    run.authenticate()


def fail(card, left, want, reset=True):
    """PACE with a wrong PIN. want: of MSE:Set AT, whatever the number of tries is."""
    if reset:
        card.reset()
    run = run_of(card, pace.PIN, WRONG)
    announce(run, want)
    agree(run)
    plan.step(card, FAILED[left], '00860000', eid.tlv(0x7C, eid.tlv(0x85, run.token(run.pk_ic))), 256,
              'sm' if card.sm else 'plain')


def state(card, want):
    """What MSE:Set AT says of the PIN after a reset."""
    card.reset()
    announce(run_of(card, pace.PIN), want)


def works(card, reference, password):
    """PACE, and a byte read in its session."""
    enter(card, reference, password)
    plan.alive(card)


def suspend(card):
    for left in range(TRIES - 1, 0, -1):
        fail(card, left, LEFT[left + 1])
    state(card, LEFT[1])


def block(card):
    suspend(card)
    enter(card, pace.CAN)
    fail(card, 0, LEFT[1], reset=False)


def change(card, want, value, header='002C0203'):
    plan.step(card, want, header, value.encode())


def test_EAC2_ISO7816_P_1():
    """A wrong PIN costs a try."""
    with eid.new_card() as card:
        fail(card, 2, OK)
        state(card, LEFT[2])


def test_EAC2_ISO7816_P_2():
    """The right one behind it gives it back."""
    with eid.new_card() as card:
        fail(card, 2, OK)
        enter(card, pace.PIN, want=LEFT[2])
        state(card, OK)


def test_EAC2_ISO7816_P_3():
    """Wrong ones until one try is left; each costs one."""
    with eid.new_card() as card:
        suspend(card)


def test_EAC2_ISO7816_P_4():
    """A suspended PIN opens no session."""
    with eid.new_card() as card:
        suspend(card)
        card.reset()
        run = run_of(card, pace.PIN)
        announce(run, LEFT[1])
        try:
            agree(run)
        except eid.support.CardError as error:
            assert error.sw in NOT_NOW, error
            return
        plan.step(card, NOT_NOW, '00860000', eid.tlv(0x7C, eid.tlv(0x85, run.token(run.pk_ic))), 256, 'plain')


def test_EAC2_ISO7816_P_5():
    """The CAN resumes it; the PIN in that session is operational for good."""
    with eid.new_card() as card:
        suspend(card)
        enter(card, pace.CAN)
        enter(card, pace.PIN, want=LEFT[1], reset=False)
        state(card, OK)


def test_EAC2_ISO7816_P_6():
    """What the CAN resumes is suspended again after a reset."""
    with eid.new_card() as card:
        suspend(card)
        enter(card, pace.CAN)
        state(card, LEFT[1])


def changed(reference=pace.PIN):
    """A new PIN in a session, and a session with it."""
    with eid.new_card() as card:
        enter(card, reference)
        change(card, OK, '123123')
        works(card, pace.PIN, '123123')


def test_EAC2_ISO7816_P_7():
    """Who has opened the session with the PIN changes it."""
    changed()


def test_EAC2_ISO7816_P_8():
    """One more wrong PIN in the session of the CAN blocks it."""
    with eid.new_card() as card:
        suspend(card)
        enter(card, pace.CAN)
        fail(card, 0, LEFT[1], reset=False)


def test_EAC2_ISO7816_P_8a():
    """MSE:Set AT tells of a blocked PIN."""
    with eid.new_card() as card:
        block(card)
        state(card, LEFT[0])


def test_EAC2_ISO7816_P_9():
    """The PUK unblocks, and the PIN is the old one."""
    with eid.new_card() as card:
        block(card)
        enter(card, pace.PUK)
        plan.step(card, OK, '002C0303')
        state(card, OK)
        works(card, pace.PIN, PASSWORDS[pace.PIN])


def test_EAC2_ISO7816_P_12():
    """The PUK is not for changing the PIN."""
    with eid.new_card() as card:
        enter(card, pace.PUK)
        change(card, DENIED, '123123')


def test_EAC2_ISO7816_P_13():
    """Nor for unblocking it with a new one."""
    with eid.new_card() as card:
        block(card)
        enter(card, pace.PUK)
        change(card, DENIED, '123123')
        state(card, LEFT[0])


def test_EAC2_ISO7816_P_14():
    """As case 7."""
    changed()


def managed(value, header, reference):
    """A new password by an authentication terminal that manages PINs, and a session with it."""
    with eid.new_card() as card:
        eid.run(card, terminals.chain('17', '17b'), pace.PIN, application=False)
        change(card, OK, value, header)
        works(card, reference, value)


def test_EAC2_ISO7816_P_15():
    """An authentication terminal with "PIN management" changes the PIN."""
    managed('123123', '002C0203', pace.PIN)


def test_EAC2_ISO7816_P_17():
    """It changes the CAN."""
    managed('654321', '002C0202', pace.CAN)


def test_EAC2_ISO7816_P_19():
    """MSE:Set AT tells of a deactivated PIN."""
    with eid.new_card() as card:
        eid.run(card, terminals.chain('17', '17b'), pace.PIN, application=False)
        plan.step(card, OK, '00041003')
        state(card, INACTIVE)


def test_EAC2_ISO7816_P_20():
    """A PIN of less than six digits is refused, and the old one stays."""
    with eid.new_card() as card:
        enter(card, pace.PIN)
        change(card, ERROR, '12312')
        works(card, pace.PIN, PASSWORDS[pace.PIN])


def test_EAC2_ISO7816_P_21():
    """Cases 1 and 2, and a session with the PIN, one behind the other."""
    with eid.new_card() as card:
        fail(card, 2, OK)
        state(card, LEFT[2])
        enter(card, pace.PIN, want=LEFT[2])
        state(card, OK)
        works(card, pace.PIN, PASSWORDS[pace.PIN])


common.main(globals())
