# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chip Authentication, versions 1 and 2 (Doc 9303-11, 6.2; TR-03110-2, 3.4; TR-03110-3, B.2, C.2)."""
from .errors import check
from .sm import SecureMessaging
from .tlv import one, tlv


class ChipAuth:
    """One run with a ChipAuthInfo and the ChipKey that goes with it."""

    def __init__(self, card, info, key, sk=None):
        self.card, self.info, self.key, self.group = card, info, key, key.group
        self.sk = sk or self.group.random()
        self.pk = self.group.power(self.sk, self.group.generator)

    def reference(self):
        return tlv(0x84, bytes([self.info.key_id])) if self.info.key_id is not None else b''

    def compressed(self):
        """Comp(PK_DH,IFD) for terminal authentication."""
        return self.group.compress(self.pk)

    def _session(self, nonce=b''):
        secret = self.group.secret(self.sk, self.key.element) + nonce
        return SecureMessaging.derived(self.info.suite, secret)

    def run_kat(self):
        """Version 1 in one command, for 3DES."""
        self.card.command('002241A6', tlv(0x91, self.group.encode(self.pk)) + self.reference())
        self.card.sm = self._session()
        return self

    def set_at(self):
        self.card.command('002241A4', tlv(0x80, self.info.oid) + self.reference())

    def send_key(self, octets=None):
        octets = self.group.encode(self.pk) if octets is None else octets
        answer = self.card.command('00860000', tlv(0x7C, tlv(0x80, octets)), ne=256)
        return one(answer, 0x7C, 'the response of GENERAL AUTHENTICATE')

    def run(self):
        """Version 1 or 2, as the info says."""
        self.set_at()
        answer = self.send_key()
        if self.info.version == 1:
            check(answer.value == b'', 'chip authentication 1 answers %s', answer.value.hex())
            self.card.sm = self._session()
            return self
        nonce, token = answer.find(0x81), answer.find(0x82)
        check(nonce and len(nonce) == 8 and token, 'chip authentication 2 answers %s', answer.value.hex())
        session = self._session(nonce)
        check(token == self.token(session), 'chip authentication 2: wrong token of the card')
        self.card.sm = session
        return self

    def token(self, session):
        key = tlv(0x06, self.info.oid) + tlv(self.group.tag, self.group.encode(self.pk))
        return self.info.suite.mac(session.k_mac, tlv(0x7F49, key))
