# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_T: commands in parts inside ENVELOPE, and their answers by GET RESPONSE, neither under
secure messaging (TR-03110-3, E)."""
import common
import eid
import plan
from certificates import CONTEXTS, START, Visit, data_of, regular
from plan import ERROR, OK
from terminal import lds, oids, pace

PART = 128


def raw(card, command, data=b''):
    return card.raw(bytes.fromhex(command) + data)


def envelope(card, command, left=None):
    """Sends a command; the last part is answered 61xx. left: xx."""
    parts = [command[at:at + PART] for at in range(0, len(command), PART)]
    for part in parts[:-1]:
        common.equal(raw(card, '10C20000', bytes([len(part)]) + part), (b'', 0x9000))
    answer, sw = raw(card, '00C20000', bytes([len(parts[-1])]) + parts[-1])
    common.equal((answer, sw >> 8), (b'', 0x61))
    assert left is None or sw & 0xFF == left, '%04X' % sw
    return sw & 0xFF


def fetch(card):
    """The answer that was inside, and its status."""
    answer, sw = raw(card, '00C0000000')
    while sw >> 8 == 0x61:
        more, sw = raw(card, '00C0000000')
        answer += more
    common.equal(sw, 0x9000, 'status of GET RESPONSE')
    return answer[:-2], int.from_bytes(answer[-2:], 'big')


def secured(card, header, data=b'', ne=None):
    """A protected command inside; its data."""
    left = envelope(card, card.sm.protect(bytes.fromhex(header), data, ne))
    answer, sw = fetch(card)
    common.equal(left, len(answer) + 2 if len(answer) < 254 else 0, 'how many bytes are left')
    common.equal(sw, 0x9000, 'status of the command inside')
    return card.sm.open(answer, sw)


def test_EAC2_ISO7816_T_1():
    """Certificates."""
    def go(kind):
        visit = Visit(card, kind)
        for holder in regular(kind):
            visit.set_dst(OK, holder.certificate.car)
            common.equal(secured(card, '002A00BE', data_of(holder)), b'')
    with eid.new_card(*START) as card:
        plan.each([('EAC2_ISO7816_T_1' + part, kind) for part, kind in CONTEXTS], go)


def test_EAC2_ISO7816_T_2():
    """The first bytes of EF.DG2 of the passport's application; and more of them than one GET RESPONSE has room for."""
    with eid.new_card('--epassport') as card:
        eid.run(card, eid.specimen(oids.IS), pace.CAN, kind=oids.IS, application=False)
        lds.select_application(card)
        common.equal(secured(card, '00B08200', ne=6), card.command('00B08200', ne=6))
        many = secured(card, '00B00000', ne=1000)
        common.equal((len(many), many[0]), (1000, 0x75), 'DG2')


def test_EAC2_ISO7816_T_3():
    """GET RESPONSE after nothing."""
    with eid.new_card() as card:
        plan.step(card, ERROR, '00C00000', ne=256, how='plain')
        common.equal(len(card.history[-1][1]), 2, 'length of the response')


def test_EAC2_ISO7816_T_4():
    """GET RESPONSE under secure messaging."""
    with eid.new_card() as card:
        eid.session(card, pace.PIN)
        envelope(card, card.sm.protect(bytes.fromhex('00B09C00'), ne=1))
        card.sm.count()  # of the answer that is not fetched
        session = card.sm
        plan.step(card, ERROR, '00C00000', ne=256, how='any')
        if card.sm:
            plan.alive(card)
        else:
            card.sm = session
            plan.step(card, ERROR, '00B09C00', ne=1, how='ended')


def test_EAC2_ISO7816_T_5():
    """An error inside is not one of ENVELOPE."""
    with eid.new_card() as card:
        envelope(card, bytes.fromhex('00B09D0000'), 2)
        answer, sw = fetch(card)
        assert answer == b'' and sw in ERROR, '%s %04X' % (answer.hex(), sw)


common.main(globals())
