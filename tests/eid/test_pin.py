# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PIN's life (BSI TR-03110-2, 2.2.3 and 2.4; TR-03110-3, B.7, B.14.1, B.14.2; TR-03127, 3.3): operational, suspended,
resumed, blocked, unblocked, deactivated, transport PIN. The card loses its power between the steps, and in the middle
of them, and comes back from its image."""
import eid
from eid import ALL, DENIED, OK, PASSWORDS, PIN_MANAGEMENT
import common
from general_procedure import Procedure
from support import refused
from terminal import oids, pace

WRONG = '987654'
FAILED = 0x6300
SUSPENDED, BLOCKED, INACTIVE = 0x63C1, 0x63C0, 0x6283
NOT_NOW = {SUSPENDED: (0x6985, 0x6982), BLOCKED: (0x6983, 0x6982), INACTIVE: (0x6984, 0x6982)}
MANAGER = 1 << PIN_MANAGEMENT | 1 << eid.CAN_ALLOWED


def wrong_pin(card, left, reference=pace.PIN, reset=True):
    """One try that fails, and what the card says is left."""
    refused((FAILED, 0x63C0 | left), eid.session, card, reference, WRONG, reset)


def state(card):
    return eid.announce(card, pace.PIN)


def closed(card, want):
    """The right PIN is refused, at MSE:Set AT or at the first step after it, and costs nothing."""
    common.equal('%04X' % state(card), '%04X' % want, 'state of the PIN')
    procedure = Procedure(card, eid.specimen())
    procedure.card.reset()
    procedure.read_card_access()
    run = pace.Pace(card, procedure.access.pace[0], pace.PIN, PASSWORDS[pace.PIN])
    eid.expect(eid.status(card, '0022C1A4', run.set_at_data()), want, 'MSE:Set AT')
    try:
        run.reach_token()
        run.authenticate()
    except eid.support.CardError as error:
        assert error.sw in NOT_NOW[want] + (FAILED, want), error
        assert not card.sm
    else:
        raise AssertionError('the PIN opens a session')
    common.equal('%04X' % state(card), '%04X' % want, 'state of the PIN after that')


def operational(card, pin=PASSWORDS[pace.PIN]):
    eid.session(card, pace.PIN, pin)
    common.equal(state(card), OK, 'state of the PIN')


def suspend(card):
    wrong_pin(card, 2)
    wrong_pin(card, 1)


def block(card):
    suspend(card)
    eid.session(card, pace.CAN)
    wrong_pin(card, 0, reset=False)


def resume(card, pin=PASSWORDS[pace.PIN]):
    """CAN, then PIN within its session."""
    eid.session(card, pace.CAN)
    eid.session(card, pace.PIN, pin, reset=False)


def unblock(card, puk=PASSWORDS[pace.PUK]):
    eid.session(card, pace.PUK, puk)
    return eid.status(card, '002C0303')


def test_tries():
    """Each wrong one counts, the right one sets the counter back, and power cuts change nothing."""
    with eid.Kept() as kept:
        card = kept.card
        for _ in range(3):
            common.equal(state(card), OK)
            wrong_pin(card, 2)
            kept.cut()
            common.equal('%04X' % state(card), '63C2')
            operational(card)
            kept.cut()
        suspend(card)
        kept.cut()
        closed(card, SUSPENDED)
        kept.cut()
        closed(card, SUSPENDED)
        resume(card)
        kept.cut()
        operational(card)


def test_cut_in_the_middle():
    """A try counts before the card has told whether it was right: a terminal that cuts the power then has lost it."""
    with eid.Kept() as kept:
        card = kept.card
        procedure = Procedure(card, eid.specimen())
        steps = ['set_at', 'get_nonce', 'map_nonce', 'agree']
        for count in range(1, len(steps) + 1):
            card.reset()
            procedure.read_card_access()
            run = pace.Pace(card, procedure.access.pace[0], pace.PIN, WRONG)
            for step in steps[:count]:
                getattr(run, step)()
            kept.cut()
            eid.expect(state(card), (OK, 0x63C2), 'a PIN that was not tried, after ' + steps[count - 1])
            operational(card)
        card.reset()
        procedure.read_card_access()
        run = pace.Pace(card, procedure.access.pace[0], pace.PIN, WRONG)
        for step in steps:
            getattr(run, step)()
        refused((FAILED, 0x63C2), run.authenticate)
        kept.stop()
        kept.start('--file', kept.path)
        common.equal('%04X' % state(card), '63C2')


def test_guessing_by_power_cuts():
    """However the power is cut behind the token, three guesses are all there are."""
    with eid.Kept() as kept:
        card = kept.card
        for _ in range(2):
            procedure = Procedure(card, eid.specimen())
            card.reset()
            procedure.read_card_access()
            run = pace.Pace(card, procedure.access.pace[0], pace.PIN, WRONG)
            run.set_at()
            run.reach_token()
            command = bytes.fromhex('008600000C7C0A8508') + run.token(run.pk_ic) + b'\0'
            connection = card.transport.connection
            connection.sendall(len(command).to_bytes(2, 'big') + command)
            connection.recv(1)
            kept.cut()
        closed(card, SUSPENDED)


def test_resumed_is_volatile():
    """Only within the session of the CAN; the CAN itself has no counter and does not set the PIN's back."""
    with eid.Kept() as kept:
        card = kept.card
        suspend(card)
        for ending in (card.reset, kept.cut, lambda: eid.status(card, '00A4000C', b'\x3f\x00')):
            eid.session(card, pace.CAN)
            ending()
            closed(card, SUSPENDED)
        for password in (WRONG, '222223', '000000'):
            refused(FAILED, eid.session, card, pace.CAN, password)
            closed(card, SUSPENDED)
        refused(FAILED, eid.session, card, pace.PUK, '1234567890')
        closed(card, SUSPENDED)
        eid.session(card, pace.PUK)
        refused((FAILED, SUSPENDED) + NOT_NOW[SUSPENDED], eid.session, card, pace.PIN, None, False)
        resume(card)
        operational(card)


def test_session_after_resuming():
    """The second PACE gives a session like any other: with the general procedure behind it (TR-03110-2, 2.4.1)."""
    with eid.new_card() as card:
        suspend(card)
        eid.session(card, pace.CAN)
        template = eid.specimen().certificates[-1].chat
        procedure = eid.session(card, pace.PIN, reset=False, chat=template)
        procedure.authenticate_terminal().authenticate_chip(eid.CSCA).application()
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def test_failed_second_pace():
    """The session of the CAN goes on with its keys (TR-03110-2, 3.2.2), and a second wrong PIN is one too many."""
    with eid.Kept() as kept:
        card = kept.card
        suspend(card)
        eid.session(card, pace.CAN)
        wrong_pin(card, 0, reset=False)
        assert card.sm, 'the session of the CAN is over'
        eid.expect(eid.status(card, '00B09C00', ne=8), OK, 'EF.CardAccess in the session of the CAN')
        refused((FAILED, BLOCKED) + NOT_NOW[BLOCKED], eid.session, card, pace.PIN, None, False)
        kept.cut()
        closed(card, BLOCKED)
        refused((FAILED, BLOCKED) + NOT_NOW[BLOCKED], resume, card)
        closed(card, BLOCKED)


def test_puk():
    """Good for ten times; after them the PIN stays as it is for ever (TR-03110-2, 2.2.1; TR-03127, 3.3.3)."""
    with eid.Kept() as kept:
        card = kept.card
        for use in range(10):
            block(card)
            kept.cut()
            closed(card, BLOCKED)
            eid.expect(unblock(card), OK, 'use %d of the PUK' % (use + 1))
            kept.cut()
            operational(card)
        block(card)
        kept.cut()
        try:
            used = unblock(card)
        except eid.support.CardError as error:
            used = error.sw
        assert used != OK, 'the PUK is good for the eleventh time'
        kept.cut()
        closed(card, BLOCKED)


def test_puk_is_not_blocking():
    """Wrong ones cost nothing; a right one alone, without RESET RETRY COUNTER, costs no use (TR-03110-2, 2.4.1)."""
    with eid.new_card() as card:
        for _ in range(12):
            refused(FAILED, eid.session, card, pace.PUK, '0123456789')
        for _ in range(12):
            eid.session(card, pace.PUK)
        block(card)
        eid.expect(unblock(card), OK, 'RESET RETRY COUNTER')
        operational(card)


def test_change():
    """Who has opened the session with the PIN changes it; who has done so with CAN, PUK or MRZ does not; the new one
    has six figures (TR-03110-2, 2.4.1; TR-03127, 3.3.2)."""
    with eid.Kept() as kept:
        card = kept.card
        for reference in (pace.CAN, pace.PUK):
            eid.session(card, reference)
            eid.expect(eid.status(card, '002C0203', b'123123'), DENIED, 'change of the PIN with %d' % reference)
        eid.session(card, pace.CAN)
        eid.expect(eid.status(card, '002C0303'), DENIED, 'unblocking with the CAN')
        eid.session(card, pace.PIN)
        eid.expect(eid.status(card, '002C0303'), (DENIED, OK), 'unblocking with the PIN')
        for value in (b'', b'12312', b'1231231', b'12312a', bytes(6), b'      '):
            eid.session(card, pace.PIN)
            eid.expect(eid.status(card, '002C0203', value), (0x6A80, 0x6700, 0x6A87), 'new PIN %r' % value)
        eid.session(card, pace.PIN)
        eid.expect(eid.status(card, '002C0203', b'123123'), OK, 'change of the PIN')
        kept.cut()
        operational(card, '123123')
        wrong_pin(card, 2)
        refused((FAILED, 0x63C1), eid.session, card, pace.PIN, PASSWORDS[pace.PIN])
        resume(card, '123123')
        kept.cut()
        operational(card, '123123')


def test_without_session():
    """In plain, and after a session's end, nothing is changed."""
    commands = (('002C0203', b'123123'), ('002C0303', b''), ('00441003', b''), ('00041003', b''), ('002C0202', b'654321'))
    with eid.new_card() as card:
        for header, data in commands:
            card.reset()
            eid.expect(eid.status(card, header, data), DENIED, header + ' in plain')
            eid.session(card, pace.PIN)
            card.sm = None
            eid.expect(eid.status(card, header, data), (DENIED, 0x6987, 0x6988), header + ' in plain after PACE')
            eid.session(card, pace.PIN)
            command = bytearray(card.sm.protect(bytes.fromhex(header), data))
            command[-2] ^= 1
            assert card.raw(bytes(command))[1] in (0x6987, 0x6988), 'a wrong checksum'
            card.sm = None
        operational(card)


def test_parameters():
    """Other passwords than PIN and CAN are not changed, other values of P1 not known."""
    with eid.new_card() as card:
        for header, data in (('002C0201', b'123456'), ('002C0204', b'1234567890'), ('002C0205', b'123456'),
                             ('002C0302', b''), ('002C0304', b''), ('002C0003', b'111111'), ('002C0103', b'111111'),
                             ('002C0403', b''), ('002C0303', b'111111')):
            eid.session(card, pace.PIN)
            eid.expect(eid.status(card, header, data), (0x6A86, 0x6A87, 0x6A88, 0x6A80, DENIED, 0x6700), header)
        manage(card)
        for header, data in (('00441001', b''), ('00441002', b''), ('00441004', b''), ('00440003', b''),
                             ('00041002', b''), ('00041004', b''), ('00041003', b'\x01')):
            eid.expect(eid.status(card, header, data), (0x6A86, 0x6A88, 0x6A80, DENIED, 0x6700, 0x6A82), header)
        operational(card)


def manage(card, reference=pace.CAN, rights=MANAGER):
    """A session of an authority that looks after PINs."""
    return eid.run(card, eid.specimen(), reference, rights)


def test_deactivation():
    """By an authentication terminal with PIN management, with restarts between; a deactivated PIN opens no session
    and keeps its tries (TR-03110-2, 2.4.2)."""
    with eid.Kept() as kept:
        card = kept.card
        wrong_pin(card, 2)
        manage(card)
        eid.expect(eid.status(card, '00041003'), OK, 'DEACTIVATE')
        kept.cut()
        closed(card, INACTIVE)
        refused(NOT_NOW[INACTIVE] + (FAILED, INACTIVE), Procedure(card, eid.specimen()).enter, pace.PIN)
        refused(NOT_NOW[INACTIVE] + (FAILED, INACTIVE), resume, card)
        eid.session(card, pace.PUK)
        eid.expect(eid.status(card, '00441003'), DENIED, 'ACTIVATE by the holder')
        manage(card)
        eid.expect(eid.status(card, '00041003'), OK, 'DEACTIVATE again')
        eid.expect(eid.status(card, '00441003'), OK, 'ACTIVATE')
        kept.cut()
        common.equal('%04X' % state(card), '63C2', 'tries')
        operational(card)


def test_managed():
    """The authority unblocks and changes without the PUK, as often as it likes, and sets a PIN in place of one that
    nobody knows."""
    with eid.Kept() as kept:
        card = kept.card
        for _ in range(11):
            block(card)
            manage(card)
            eid.expect(eid.status(card, '002C0303'), OK, 'RESET RETRY COUNTER')
        kept.cut()
        operational(card)
        block(card)
        manage(card)
        eid.expect(eid.status(card, '002C0203', b'321321'), OK, 'a new PIN')
        kept.cut()
        operational(card, '321321')
        for rights in (ALL[oids.AT] & ~(1 << PIN_MANAGEMENT), 1 << eid.CAN_ALLOWED):
            manage(card, pace.CAN, rights)
            for header, data in (('002C0203', b'111111'), ('002C0303', b''), ('00441003', b''), ('00041003', b'')):
                eid.expect(eid.status(card, header, data), DENIED, header)
        operational(card, '321321')


def test_authenticated_with_pin():
    """A terminal that has opened the session with the PIN and authenticated itself has the right of its
    certificate, not the holder's (TR-03110-2, 2.4.2)."""
    with eid.new_card() as card:
        eid.run(card, eid.specimen(), pace.PIN, 0)
        eid.expect(eid.status(card, '002C0203', b'321321'), DENIED, 'change of the PIN')
        operational(card)


def test_new_can():
    with eid.Kept() as kept:
        card = kept.card
        eid.session(card, pace.PIN)
        eid.expect(eid.status(card, '002C0202', b'654321'), OK, 'new CAN')
        kept.cut()
        refused(FAILED, eid.session, card, pace.CAN, '222222')
        eid.session(card, pace.CAN, '654321')
        for reference, password in ((pace.CAN, '654321'), (pace.PUK, None)):
            eid.session(card, reference, password)
            eid.expect(eid.status(card, '002C0202', b'111222'), DENIED, 'new CAN')


def test_transport_pin():
    """Five figures, good for being replaced and for nothing else (TR-03127, 3.3.2)."""
    with eid.Kept('--transport-pin', '12345') as kept:
        card = kept.card
        eid.session(card, pace.PIN, '12345')
        kept.cut()
        try:
            eid.run(card, eid.specimen(), pace.PIN, password='12345')
        except eid.support.CardError:
            pass
        else:
            for number in range(1, 23):
                eid.expect(eid.group_status(card, number), (DENIED, 0x6A82), 'DG%d with a transport PIN' % number)
        wrong_pin(card, 2)
        wrong_pin(card, 1)
        kept.cut()
        closed(card, SUSPENDED)
        resume(card, '12345')
        eid.session(card, pace.PIN, '12345')
        eid.expect(eid.status(card, '002C0203', b'54321'), (0x6A80, 0x6700), 'another transport PIN')
        eid.session(card, pace.PIN, '12345')
        eid.expect(eid.status(card, '002C0203', b'111111'), OK, 'the first PIN')
        kept.cut()
        refused((FAILED, 0x63C2), eid.session, card, pace.PIN, '12345')
        eid.run(card, eid.specimen())
        eid.expect(eid.group_status(card, 1), OK, 'DG1')


def test_given_secrets():
    zone = ('IDUTOZZZZZZZZZ8<<<<<<<<<<<<<<<7001017M3101018UTO<<<<<<<<<<<4'
            'SPECIMEN<<MAX<<<<<<<<<<<<<<<<<')
    check = eid.support.mrz.Mrz(zone)
    digit = eid.support.mrz.check_digit
    lines = [list(line) for line in check.lines]
    lines[0][14] = digit(zone[5:14])
    lines[1][6], lines[1][14] = digit(zone[30:36]), digit(zone[38:44])
    one, two = ''.join(lines[0]), ''.join(lines[1])
    lines[1][29] = digit(one[5:30] + two[0:7] + two[8:15] + two[18:29])
    zone = ''.join(''.join(line) for line in lines)
    with eid.new_card('--pin', '900000', '--can', '900001', '--puk', '9000000000', '--mrz', zone) as card:
        for reference, password in ((pace.PIN, '900000'), (pace.CAN, '900001'), (pace.PUK, '9000000000'),
                                    (pace.MRZ, eid.support.mrz.Mrz(zone))):
            eid.session(card, reference, password)
        for reference in (pace.PIN, pace.CAN, pace.PUK):
            refused((FAILED, 0x63C2), eid.session, card, reference)


common.main(globals())
