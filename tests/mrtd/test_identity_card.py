# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The German identity card before the tests' own terminal: PACE, Terminal Authentication 2 and Chip Authentication 2
against the specimen PKI, the rights of the CHAT one by one, and what a server may do wrong."""
import os

import common
import mistakes
import support
from general_procedure import PASSWORDS, Procedure, chat, read_right
from support import refused
from terminal import chip_auth, oids, pace, terminal_auth
from terminal.tlv import parse, tlv

CSCA, AT = support.csca(), support.specimen_terminal('at')
ALL = int.from_bytes(AT.certificates[-1].rights, 'big')
ORDER = 0x6982, 0x6985
FAILED, WRONG_DATA, UNKNOWN = 0x6300, 0x6A80, 0x6A88


def identity_card(*options):
    return support.Passport(*options, card_type='nPA', terse=True)


def whole(card, **how):
    return Procedure(card, AT).enter(**how).authenticate_terminal().authenticate_chip(CSCA).application()


def test_whole_procedure():
    with identity_card() as card:
        for reference in (pace.PIN, pace.CAN):
            run = whole(card, reference=reference)
            groups = [number for number in range(1, 23) if run.status(number) == 0x9000]
            assert {1, 4, 5, 8, 17} <= set(groups), groups
            for number in groups:
                data = card.command('00B0%02X00' % (0x80 | number), ne=256)
                common.equal(parse(data)[0].tag, 0x60 + number, 'tag of DG%d' % number)


def test_nothing_before():
    """Neither EF.CardSecurity nor data groups before the procedure is through; each step alone opens nothing."""
    with identity_card() as card:
        run = Procedure(card, AT)
        for stage in (lambda: card.reset(), run.enter, run.authenticate_terminal):
            stage()
            assert support.status_of(card, '00A4040C', bytes.fromhex('E80704007F00070302')) in (0x9000, 0x6982)
            for number in range(1, 23):
                assert run.status(number) in (0x6982, 0x6A82), number


def test_each_right_alone():
    """TR-03110-4, 2.2.3: with one bit of the CHAT one data group can be read, and no other."""
    with identity_card() as card:
        there = {number for number, status in all_statuses(whole(card)).items() if status == 0x9000}
        for number in range(1, 22):
            run = whole(card, template=chat(oids.AT, read_right(number)))
            for other, status in all_statuses(run).items():
                want = (0x9000,) if other == number and number in there else (0x6982, 0x6A82)
                assert status in want, 'right to DG%d: DG%d is answered %04X' % (number, other, status)


def all_statuses(run):
    return {number: run.status(number) for number in range(1, 23)}


def test_rights_of_chat_and_certificate():
    """No more than the CHAT leaves; a CHAT of one role and certificates of another do not go together, nor does an
    inspection system with a PIN."""
    with identity_card() as card:
        run = whole(card, template=chat(oids.AT, 0))
        assert not [number for number, status in all_statuses(run).items() if status == 0x9000]
        Procedure(card, AT).enter(pace.PIN, chat(oids.ST, 3))
        refused((WRONG_DATA, UNKNOWN), terminal_auth.present, card, AT.certificates[1:])
        refused((WRONG_DATA, 0x6982), Procedure(card, AT).enter, pace.PIN, chat(oids.IS, 0x23))


def test_password_counters():
    """TR-03110-2, 2.5: three tries for the PIN, the last one after the CAN; a right PIN sets them back."""
    with identity_card() as card:
        run = Procedure(card, AT)
        refused(FAILED, run.enter, pace.CAN, None, '123456')
        run.enter(pace.CAN)
        for left in (2, 1):
            refused((FAILED, 0x63C0 | left), run.enter, pace.PIN, None, '999999')
            card.reset()
            run.read_card_access()
            announced = pace.Pace(card, run.access.pace[0], pace.PIN, '', chat=AT.certificates[-1].chat).set_at_data()
            common.equal(hex(support.status_of(card, '0022C1A4', announced)), hex(0x63C0 | left), 'MSE:Set AT')
        refused((FAILED, 0x63C1, 0x6982, 0x6983, 0x6985), run.enter)  # suspended: the right PIN alone is refused
        resume(card, run)
        run.enter()
        run.enter()


def test_blocked_pin():
    """Three wrong ones, the last in the CAN's session: only the PUK helps, with RESET RETRY COUNTER."""
    with identity_card() as card:
        run = Procedure(card, AT)
        for _ in range(2):
            refused((FAILED, 0x63C2, 0x63C1), run.enter, pace.PIN, None, '999999')
        refused((FAILED, 0x63C0), resume, card, run, '999999')
        card.reset()
        refused((0x63C0, 0x6983, FAILED), run.enter)
        refused((0x63C0, 0x6983, FAILED), resume, card, run)
        card.reset()
        run.read_card_access()
        pace.Pace(card, run.access.pace[0], pace.PUK, PASSWORDS[pace.PUK]).run()
        card.command('002C0303')
        run.enter()


def resume(card, run, pin=PASSWORDS[pace.PIN]):
    """CAN, then the PIN within its session."""
    card.reset()
    run.read_card_access()
    pace.Pace(card, run.access.pace[0], pace.CAN, PASSWORDS[pace.CAN]).run()
    pace.Pace(card, run.access.pace[0], pace.PIN, pin).run()


# What a server does wrong: after it no data group can be read, and a correct run works

def presented(run):
    chain = terminal_auth.chain_to(AT.certificates, run.pace.cars)
    terminal_auth.present(run.card, chain)
    return chain[-1]


def signing(change):
    """EXTERNAL AUTHENTICATE over something else."""
    def go(run):
        run.enter()
        certificate, compressed = presented(run), run.commit()
        terminal_auth.set_at_2(run.card, certificate, compressed)
        octets = change(run.pace.id_picc(), terminal_auth.challenge(run.card), compressed)
        run.card.command('00820000', AT.key.sign(certificate.scheme, octets))
    return go


def chip_key(card):
    """The card's key, read in a correct run before."""
    run = Procedure(card, AT).enter().authenticate_terminal().authenticate_chip(CSCA)
    return run.security.chip_key(run.info)


def another_key(key):
    """Chip authentication with another key than the terminal has signed."""
    def go(run):
        run.enter().authenticate_terminal()
        run.commit()
        run.agree(key)
    return go


def no_terminal(key):
    def go(run):
        run.enter()
        run.commit()
        run.agree(key)
    return go


def bad_key(key, octets):
    def go(run):
        run.enter().authenticate_terminal()
        chip = chip_auth.ChipAuth(run.card, run.info, key, run.sk)
        chip.set_at()
        chip.send_key(octets)
    return go


def replayed(run):
    """The signature of an earlier session."""
    run.enter().authenticate_terminal()
    certificate = AT.certificates[-1]
    old = AT.key.sign(certificate.scheme, run.pace.id_picc() + bytes(8) + run.commit())
    run.enter()
    terminal_auth.set_at_2(run.card, presented(run), run.commit())
    terminal_auth.challenge(run.card)
    run.card.command('00820000', old)


def test_mistakes():
    with identity_card() as card:
        key = chip_key(card)
        rows = [
            ('another PACE key signed', (FAILED,), signing(lambda i, c, k: mistakes.flipped(i, 3) + c + k)),
            ('another challenge signed', (FAILED,), signing(lambda i, c, k: i + mistakes.flipped(c, 3) + k)),
            ('another chip authentication key signed', (FAILED,), signing(lambda i, c, k: i + c + mistakes.flipped(k, 3))),
            ('auxiliary data signed that were not sent', (FAILED,), signing(lambda i, c, k: i + c + k + tlv(0x67, b''))),
            ('a signature of an earlier session', (FAILED,), replayed),
            ('chip authentication with a key that was not signed', ORDER + (FAILED, WRONG_DATA), another_key(key)),
            ('chip authentication without a terminal', ORDER + (FAILED, WRONG_DATA), no_terminal(key)),
            ('a name that no certificate has', (UNKNOWN, WRONG_DATA), lambda run: (run.enter(), terminal_auth.set_dst(
                run.card, b'DENOBODY00001'))),
            ('no challenge', ORDER + (FAILED,), lambda run: (run.enter(), terminal_auth.set_at_2(
                run.card, presented(run), run.commit()), run.card.command('00820000', bytes(64)))),
        ]
        rows += [(name, (WRONG_DATA, FAILED), bad_key(key, octets)) for name, octets in mistakes.bad_keys(key.group)]

        def one_row(statuses, function):
            run = Procedure(card, AT)
            refused(statuses, function, run)
            for number in (1, 4, 17):
                assert run.status(number) in (0x6982, 0x6A82, 0x6986), 'DG%d can be read' % number
            assert whole(card).status(1) == 0x9000
        support.run_rows(rows, one_row)


def test_foreign_trust_point():
    """The chains of VICC_TEST_DATA/cvc-utopia: a domestic and a foreign document verifier under another CVCA."""
    folder = os.path.join(support.TEST_DATA, 'cvc-utopia', 'UTATCVCA')
    if not os.path.isdir(folder):
        raise common.Skip('VICC_TEST_DATA has no cvc-utopia')
    root = 'UTATCVCA00001.selfsigned.cvcert'
    for verifier in ('UTATDVCAOD', 'UTATDVCANO'):
        terminal = support.chain_in(folder, root, verifier)
        with identity_card('--cvca', os.path.join(folder, root)) as card:
            run = Procedure(card, terminal).enter().authenticate_terminal().authenticate_chip(CSCA).application()
            assert run.status(1) == 0x9000 and run.status(5) == 0x9000


common.main(globals())
