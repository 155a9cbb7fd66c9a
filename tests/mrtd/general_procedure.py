# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The general authentication procedure (TR-03110-2, 2.4): PACE with a CHAT, Terminal Authentication 2, passive
authentication of EF.CardSecurity, Chip Authentication 2; what a server does with an identity card."""
import support  # noqa: F401
from terminal import chip_auth, lds, oids, pace, security_info, signed, terminal_auth
from terminal.errors import check
from terminal.tlv import oid, tlv

EID = bytes.fromhex('E80704007F00070302')
PASSWORDS = {pace.PIN: '111111', pace.CAN: '222222', pace.PUK: '3333333333'}


def chat(role, rights):
    """The contents of 7F4C: rights are a number."""
    octets = rights.to_bytes(5 if role == oids.AT else 1, 'big')
    return tlv(0x06, oid(role)) + tlv(0x53, octets)


def read_right(number):
    """The bit by which an authentication terminal reads DG number (TR-03110-4, 2.2.3.2)."""
    return 1 << 7 + number


class Procedure:
    """One run with a card; terminal: certificates and key."""

    def __init__(self, card, terminal):
        self.card, self.terminal = card, terminal
        self.pace = self.key = None

    def read_card_access(self):
        self.access = security_info.SecurityInfos(lds.read(self.card, lds.CARD_ACCESS, short=True))
        infos = [info for info in self.access.chip_auth if info.version == 2]
        check(infos, 'no chip authentication 2 in EF.CardAccess')
        self.use(infos[0])

    def use(self, info):
        """One of the card's keys, in the group that EF.CardAccess tells."""
        self.info = info
        domains = [parts for parts in self.access.others.get('%s.2' % oids.CA, []) + self.access.others.get('%s.1' % oids.CA, [])
                   if security_info.optional(parts) == self.info.key_id]
        self.group = security_info.algorithm_group(domains[0][0])

    def enter(self, reference=pace.PIN, template=None, password=None, extensions=b''):
        self.card.reset()
        self.read_card_access()
        template = template or self.terminal.certificates[-1].chat
        self.pace = pace.Pace(self.card, self.access.pace[0], reference, password or PASSWORDS[reference],
                              chat=template, extensions=extensions).run()
        return self

    def commit(self):
        """The key of chip authentication, whose compressed form the terminal signs."""
        self.sk = self.group.random()
        return self.group.compress(self.group.power(self.sk, self.group.generator))

    def authenticate_terminal(self, auxiliary=b'', compressed=None):
        chain = terminal_auth.chain_to(self.terminal.certificates, self.pace.cars)
        terminal_auth.present(self.card, chain)
        own = self.commit()
        terminal_auth.authenticate_2(self.card, chain[-1], self.terminal.key, self.pace.id_picc(),
                                     own if compressed is None else compressed, auxiliary)
        return self

    def authenticate_chip(self, csca):
        data = lds.read(self.card, lds.CARD_SECURITY, short=True)
        self.security = security_info.SecurityInfos(signed.card_security(data, csca))
        for name, infos in (('PACE', 'pace'), ('chip authentication', 'chip_auth')):
            first, signed_ones = getattr(self.access, infos)[0], getattr(self.security, infos)
            check(repr(first) in [repr(info) for info in signed_ones], 'EF.CardSecurity has other %s', name)
        self.agree(self.security.chip_key(self.info))
        return self

    def agree(self, key):
        chip_auth.ChipAuth(self.card, self.info, key, self.sk).run()

    def application(self):
        lds.select_application(self.card, EID)
        return self

    def status(self, number):
        """Of reading a data group by its short identifier."""
        return support.status_of(self.card, '00B0%02X00' % (0x80 | number), ne=1)
