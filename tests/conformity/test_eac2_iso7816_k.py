# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_K: terminals prove that they have the key of their certificate (TR-03110-2, 3.3;
TR-03110-3, B.3). Every case has two parts: a with an inspection system, b with an authentication terminal."""
import certificates
import common
import eid
import plan
from certificates import START, Visit, issue, last_changed, regular
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal import oids


def both(number, function):
    certificates.both('EAC2_ISO7816_K_%02d' % number, function)


def presented(visit):
    """The regular chain; the terminal, whose turn it is."""
    visit.present(*regular(visit.kind))
    return regular(visit.kind)[1]


def announced(visit):
    terminal = presented(visit)
    visit.set_at(OK, terminal)
    return terminal


def test_EAC2_ISO7816_K_1():
    """All as it should be."""
    both(1, lambda visit: visit.authenticate(*regular(visit.kind)))


def test_EAC2_ISO7816_K_2():
    """MSE: Set AT for a holder that there is not."""
    def run(visit):
        terminal = presented(visit)
        visit.set_at(OK_OR_ERROR, terminal, last_changed(terminal.name))
        visit.external(REFUSED, terminal, visit.challenge(OK_OR_ERROR))
    both(2, run)


def test_EAC2_ISO7816_K_3():
    """EXTERNAL AUTHENTICATE without secure messaging."""
    def run(visit):
        terminal = announced(visit)
        visit.external(ERROR, terminal, visit.challenge(), how='plain')
    both(3, run)


def unproved(visit, holder):
    """The holder of a certificate that is not a terminal's."""
    visit.set_at(OK_OR_ERROR, holder)
    visit.external(REFUSED, holder, visit.challenge(OK_OR_ERROR))


def test_EAC2_ISO7816_K_4():
    """A document verifier is no terminal."""
    def run(visit):
        visit.present(regular(visit.kind)[0])
        unproved(visit, regular(visit.kind)[0])
    both(4, run)


def test_EAC2_ISO7816_K_5():
    """Nor is the CVCA."""
    both(5, lambda visit: unproved(visit, eid.root(visit.kind)))


def test_EAC2_ISO7816_K_6():
    """EXTERNAL AUTHENTICATE of class 8C."""
    def run(visit):
        terminal = announced(visit)
        visit.external(ERROR, terminal, visit.challenge(), how='any', header='80820000')
        if visit.card.sm:
            plan.alive(visit.card)
    both(6, run)


def test_EAC2_ISO7816_K_7():
    """The first of two challenges is signed."""
    def run(visit):
        terminal = announced(visit)
        first = visit.challenge()
        visit.challenge(OK_OR_ERROR)
        visit.external(REFUSED, terminal, first)
    both(7, run)


def test_EAC2_ISO7816_K_8():
    """A challenge of seven bytes, if the card gives one."""
    def run(visit):
        terminal = announced(visit)
        short = visit.challenge(OK_OR_ERROR, 7)
        if short:
            visit.external(REFUSED, terminal, short)
    both(8, run)


def test_EAC2_ISO7816_K_9():
    """A signature without a challenge; Chip Authentication fails after it."""
    def run(visit):
        visit.external(REFUSED, announced(visit), b'')
        visit.agree(ERROR)
    both(9, run)


def test_EAC2_ISO7816_K_10():
    """No MSE: Set AT."""
    def run(visit):
        terminal = presented(visit)
        visit.external(REFUSED, terminal, visit.challenge(OK_OR_ERROR))
        visit.agree(ERROR)
    both(10, run)


def test_EAC2_ISO7816_K_11():
    """MSE: Set AT with the terminal's name under the tag 84."""
    def run(visit):
        terminal = presented(visit)
        visit.set_at(ERROR, terminal, tag=0x84)
        visit.external(REFUSED, terminal, visit.challenge(OK_OR_ERROR))
        visit.agree(ERROR)
    both(11, run)


def test_EAC2_ISO7816_K_12():
    """Without power the terminal is forgotten."""
    def run(visit):
        visit.authenticate(*regular(visit.kind))
        visit.card.transport.power()
        visit.enter()
        visit.agree(ERROR)
    both(12, run)


def not_again(visit, first, second, auxiliary=(b'', b'')):
    """Chains that are presented one after the other in a session: the second one's certificates are accepted, but nobody
    is authenticated."""
    visit.authenticate(*first, auxiliary=auxiliary[0])
    visit.present(*second)
    visit.set_at(OK_OR_ERROR, second[-1], auxiliary=auxiliary[1])
    visit.external(ERROR, second[-1], visit.challenge(OK_OR_ERROR), auxiliary[1])


def test_EAC2_ISO7816_K_13():
    """Terminal Authentication twice, with the same certificates."""
    both(13, lambda visit: not_again(visit, regular(visit.kind), regular(visit.kind)))


def other(kind):
    """Document verifier and terminal of set 3 (inspection systems), 20 (authentication terminals)."""
    verifier = issue(eid.root(kind), b'DETESTDVDE003', 'dv domestic', kind)
    return verifier, issue(verifier, b'DETESTTEDE003', 'terminal', kind)


def test_EAC2_ISO7816_K_14():
    """With others."""
    both(14, lambda visit: not_again(visit, other(visit.kind), regular(visit.kind)))


def test_EAC2_ISO7816_K_15():
    """With other auxiliary data: first an age that the holder has not, then one that he has."""
    chain = regular(oids.AT)
    with eid.new_card(*START) as card:
        not_again(Visit(card, oids.AT), chain, chain, (
            eid.auxiliary(birth='19400101'), eid.auxiliary(birth='20080101')))


def test_EAC2_ISO7816_K_16():
    """The challenge before the certificates."""
    def run(visit):
        challenge = visit.challenge()
        terminal = announced(visit)
        visit.external(OK, terminal, challenge)
    both(16, run)


common.main(globals())
