# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's AusweisApp2 changes the PIN of an identity card, resumes it with the CAN, unblocks it with the PUK.

What has happened is read from the card's log and its image: the application has a reader of its own, "Simulator",
that would report success by itself."""
import harness
import libeac
import places
from ausweisapp import App
from libeac import CAN, PIN, PUK

READER = harness.READER_0
WRONG_PIN, NEW_PIN = '999999', '654321'
RESET = 'RESET RETRY COUNTER P1=%s P2=03'


class Session:
    """A new card, or one that has been prepared, and a new application that sees it."""

    def __init__(self, cards, t, *options, card=None):
        self.card = card or cards.insert(*options)
        self.app = App(t, self.card.environment)

    def question(self, *names):
        return self.app.question(READER, *names)

    def tries(self, wanted):
        harness.equal(self.card.password('pin')['tries'], wanted, "the PIN's tries in the card's image")

    def logged(self, statuses, instruction):
        """The card's log comes by a pipe, and so may come later than what the application says."""
        harness.until('%s to %s in the log' % (statuses, instruction),
                      lambda: self.card.statuses(instruction) == statuses)

    def change(self, question, pin, new):
        """Answers with the PIN and the new one; the card must have taken it."""
        before = self.card.statuses(RESET % '02')
        harness.equal(question['msg'], 'ENTER_PIN', 'the question')
        self.app.reply(question, pin)
        harness.equal(self.app.finish(new, READER), True, 'success')
        self.logged(before + ['9000'], RESET % '02')
        self.tries(3)

    def wrong_pin(self, question, left):
        """Answers with a wrong PIN; returns the next question."""
        harness.equal(question['msg'], 'ENTER_PIN', 'the question')
        self.app.reply(question, WRONG_PIN)
        again = self.question('ENTER_PIN', 'ENTER_CAN', 'ENTER_PUK')
        self.tries(left)
        harness.equal(again['reader']['card']['retryCounter'], left, 'tries that AusweisApp2 knows of')
        return again

    def close(self):
        self.app.stop()
        self.card.leave()


def sees_no_other_card(t, place):
    card = place.insert(None, '--type', 'iso7816')
    app = App(t, card.environment)
    harness.equal(app.card(READER, wanted=False), None, 'a card that is no identity card')
    app.send('RUN_CHANGE_PIN')
    app.answer('CHANGE_PIN')
    app.answer('INSERT_CARD')
    app.cancel()
    app.stop()
    card.leave()


def sees_the_card(t, cards):
    s = Session(cards, t)
    card = s.app.card(READER)
    harness.equal((card['deactivated'], card['inoperative'], card['retryCounter']), (False, False, 3), 'the card')
    s.close()


def changes_the_pin(t, cards):
    s = Session(cards, t)
    s.change(s.app.begin(READER), PIN, NEW_PIN)
    # The old one is wrong now, the new one right.
    s.app.reply(s.app.begin(READER), PIN)
    question = s.question('ENTER_PIN')
    s.tries(2)
    s.change(question, NEW_PIN, PIN)
    s.close()


def replaces_the_transport_pin(t, cards):
    s = Session(cards, t, '--type', 'nPA', '--transport-pin', '12345')
    s.change(s.app.begin(READER), '12345', NEW_PIN)
    s.change(s.app.begin(READER), NEW_PIN, PIN)
    s.close()


def resumes_with_the_can(t, cards):
    s = Session(cards, t)
    question = s.wrong_pin(s.app.begin(READER), 2)
    question = s.wrong_pin(question, 1)
    # The last try is only for who knows the CAN, also of another day.
    harness.equal(question['msg'], 'ENTER_CAN', 'the question')
    s.app.stop()
    s = Session(cards, t, card=cards.again(s.card))
    harness.equal(s.app.card(READER)['retryCounter'], 1, 'tries that AusweisApp2 knows of')
    question = s.app.begin(READER)
    harness.equal(question['msg'], 'ENTER_CAN', 'the question')
    s.app.reply(question, '999999')
    s.app.reply(s.question('ENTER_CAN'), CAN)
    question = s.question('ENTER_PIN')
    s.tries(1)
    s.change(question, PIN, NEW_PIN)
    s.close()


def unblocks_with_the_puk(t, cards):
    s = Session(cards, t)
    question = s.wrong_pin(s.wrong_pin(s.app.begin(READER), 2), 1)
    s.app.reply(question, CAN)
    question = s.wrong_pin(s.question('ENTER_PIN'), 0)
    harness.equal(question['msg'], 'ENTER_PUK', 'the question')
    uses = s.card.password('puk')['uses']
    s.app.reply(question, '9999999999')
    question = s.question('ENTER_PUK')
    s.tries(0)
    harness.equal(s.card.statuses(RESET % '03'), [], 'unblocked by a wrong PUK')
    s.app.reply(question, PUK)
    question = s.question('ENTER_PIN')
    s.logged(['9000'], RESET % '03')
    s.tries(3)
    harness.equal(s.card.password('puk')['uses'], uses - 1, 'uses of the PUK that are left')
    s.change(question, PIN, NEW_PIN)
    s.close()


def knows_a_deactivated_pin(t, cards):
    if not libeac.TERMINAL:
        return print('left out: no terminal to deactivate it')
    card = cards.insert()
    manage = ['--password', 'can', CAN] + libeac.CHAIN + ['--eac']
    libeac.good(card, *manage, '--deactivate', 'pin')
    s = Session(cards, t, card=card)
    harness.equal(s.app.card(READER)['deactivated'], True, 'deactivated')
    # It asks for nothing then.
    s.app.send('RUN_CHANGE_PIN')
    s.app.answer('CHANGE_PIN')
    s.app.cancel()
    s.app.stop()
    libeac.good(card, *manage, '--activate', 'pin')
    s = Session(cards, t, card=card)
    harness.equal(s.app.card(READER)['deactivated'], False, 'deactivated')
    s.change(s.app.begin(READER), PIN, NEW_PIN)
    s.close()


def knows_a_puk_that_is_used_up(t, cards):
    if not libeac.TERMINAL:
        return print('left out: no terminal to use it up')
    card = cards.insert()
    libeac.good(card, *['--password', 'puk', PUK] + 10 * ['--unblock', 'pin'])
    for session in ([], [], ['--password', 'can', CAN]):
        libeac.Run(card, *session, '--password', 'pin', WRONG_PIN)
    s = Session(cards, t, card=card)
    s.tries(0)
    question = s.app.begin(READER)
    harness.equal(question['msg'], 'ENTER_PUK', 'the question')
    s.app.reply(question, PUK)
    harness.equal(s.app.answer('CHANGE_PIN')['success'], False, 'success with a PUK that is used up')
    s.tries(0)
    harness.equal(s.app.card(READER)['inoperative'], True, 'inoperative')
    s.close()


def cancels(t, cards):
    s = Session(cards, t)
    s.app.begin(READER)
    s.app.cancel()
    harness.equal(s.card.statuses(RESET % '02'), [], 'changes of the PIN')
    s.tries(3)
    s.close()


def run(t, place):
    sees_no_other_card(t, place)
    cards = places.Cards(t, place)
    for test in (sees_the_card, changes_the_pin, replaces_the_transport_pin,
                 resumes_with_the_can, unblocks_with_the_puk, knows_a_deactivated_pin, knows_a_puk_that_is_used_up,
                 cancels):
        print('== ' + test.__name__, flush=True)
        test(t, cards)


places.main(run, ['AusweisApp2'])
