# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What vicc -v -v -v tells of a visit of an identity card and of a passport: commands and bytes as they pass, but no
password, no session key, and nothing of what secure messaging has hidden."""
import re

import eid
from eid import ALL, OK, PASSWORDS
import common
import support
from inspection import IS_TEMPLATE, Inspection
from terminal import lds, oids, pace

NEW_PIN, ESIGN_PIN = '271828', '444444'
PROBE = 8  # bytes: fewer may stand anywhere


class Witness:
    """Keeps what the terminal alone knows of its sessions: keys, and data in the clear. For with: a card; then the log is
    searched."""

    def __init__(self, *options, passwords=(), **how):
        self.passport = support.Passport('-vvv', *options, **how)
        self.secrets = {password.encode() for password in passwords}
        self.exchange = self.passport.card.exchange
        self.passport.card.exchange = self.watch
        self.raw = self.passport.card.raw
        self.passport.card.raw = self.pass_on

    def pass_on(self, command):
        """Takes the log while it comes, lest vicc waits for somebody to do so."""
        response = self.raw(command)
        self.passport.program.read(0)
        return response

    def watch(self, header, data=b'', ne=None, extended=False):
        sm = self.passport.card.sm
        answer, sw = self.exchange(header, data, ne, extended)
        if sm is not None:
            self.secrets |= {bytes(key) for key in (sm.k_enc, sm.k_mac)}
            self.secrets |= {part[:PROBE] for part in (data, answer) if len(part) >= PROBE}
        return answer, sw

    def __enter__(self):
        return self.passport.card

    def __exit__(self, kind, error, trace):
        program, card = self.passport.program, self.passport.card
        history = card.history
        self.passport.__exit__(kind, error, trace)
        if kind is None:
            self.search(program.text['err'], history)

    def search(self, log, history):
        plain = re.sub('[^0-9A-Z]', '', log.upper())
        # What has passed in the clear as well, EF.CardAccess in EF.CardSecurity say, is no secret.
        public = b''.join(command + response for command, response in history if command[0] & 0x0C == 0)
        secrets = [secret for secret in self.secrets if secret not in public]
        assert len(secrets) > 20, secrets
        assert history[0][0][5:7].hex().upper() in plain, 'bytes of the first command'
        for secret in secrets:
            assert secret.hex().upper() not in plain, secret
            assert secret.decode('latin-1') not in log, secret


def test_identity_card():
    everything = [*PASSWORDS.values(), NEW_PIN, ESIGN_PIN, 'T220001293']
    with Witness(card_type='nPA', terse=True, passwords=everything) as card:
        visit = eid.run(card, eid.specimen(), aux=eid.auxiliary(birth='19900101'))
        for number in (4, 5, 8, 17):
            visit.card.command('00B0%02X00' % (0x80 | number), ne=256)
        common.equal(eid.update(card, 0x0111, bytes.fromhex('710CA10A0C08') + b'elsewhere'[:8]), OK)
        eid.run(card, eid.specimen(oids.ST), pace.PIN, ALL[oids.ST], oids.ST)
        lds.select_application(card, eid.ESIGN)
        common.equal(eid.status(card, '00200081', ESIGN_PIN.encode()), OK)
        eid.session(card, pace.PIN)
        common.equal(eid.status(card, '002C0203', NEW_PIN.encode()), OK)
        support.refused((0x63C2, 0x6300), eid.session, card, pace.PIN)
        eid.session(card, pace.CAN)
        eid.session(card, pace.PUK)


def test_passport():
    zone = support.MRZ.text
    everything = [support.CAN, zone[44:54], zone[57:64]]
    with Witness(passwords=everything) as card:
        visit = Inspection(card)
        visit.enter_by_pace(chat=IS_TEMPLATE).application().read_groups(without=(3, 4))
        visit.authenticate_chip()
        visit.authenticate_terminal(support.specimen_terminal())
        visit.read(lds.dg(3))
        card.reset()
        Inspection(card).enter_by_pace(reference=pace.CAN)
        card.reset()
        Inspection(card).enter_by_bac().application().read(lds.COM)


common.main(globals())
