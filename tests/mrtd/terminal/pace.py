# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Password Authenticated Connection Establishment (Doc 9303-11, 4.4; TR-03110-2, 3.2; TR-03110-3, A.3), one method
a step, so that a test can go wrong at each of them."""
import os

from .ciphers import unpad
from .errors import check
from .sm import SecureMessaging
from .tlv import one, tlv

MRZ, CAN, PIN, PUK = 1, 2, 3, 4

CONSTANTS = {  # c0, c1 of the integrated mapping, by the length of the nonce s
    16: ('A668892A7C41E3CA739F40B057D85904', 'A4E136AC725F738B01C1F60217C188AD'),
    32: ('D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676',
         '54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517'),
}


def pseudo_random(suite, s, t, p):
    """R_p(s,t) of Doc 9303-11, 4.4.3.3.2."""
    c0, c1 = (bytes.fromhex(c) for c in CONSTANTS[len(s)])
    key, octets = suite.encrypt(t, s)[:suite.key_size], b''
    while 8 * len(octets) < p.bit_length() + 64:
        octets += suite.encrypt(key, c1)
        key = suite.encrypt(key, c0)[:suite.key_size]
    return int.from_bytes(octets, 'big') % p


def secret_of(password):
    """The octets of a password: an Mrz, or the characters of CAN, PIN or PUK."""
    return password.encode() if isinstance(password, str) else password.pace_secret()


class Pace:
    """One run. reference: MRZ, CAN, PIN or PUK; chat: the value of 7F4C's contents, if terminal authentication
    is to follow. sk_map, sk_dh and nonce_t are drawn unless they are given."""

    def __init__(self, card, info, reference, password, **more):
        self.card, self.info, self.reference = card, info, reference
        self.suite, self.group = info.suite, info.group
        self.k_pi = self.suite.derive(secret_of(password), 3)
        self.chat, self.extensions = more.get('chat'), more.get('extensions', b'')
        self.name_parameter = more.get('name_parameter', True)
        self.sk_map = more.get('sk_map') or self.group.random()
        self.sk_dh = more.get('sk_dh') or self.group.random()
        self.nonce_t = more.get('nonce_t') or os.urandom(self.suite.key_size)
        self.cars, self.chip_data, self.pk_map_ic = [], None, None

    def run(self):
        self.set_at()
        self.reach_token()
        self.authenticate()
        return self

    def reach_token(self):
        """All that lies between the announcement and the token."""
        self.get_nonce()
        self.map_nonce()
        self.agree()

    # Steps

    def set_at(self):
        """A PIN may be announced with the number of tries that it has left (TR-03110-3, B.11.1)."""
        warned = (0x63C1, 0x63C2) if self.reference == PIN else ()
        self.card.command('0022C1A4', self.set_at_data(), allowed=(0x9000,) + warned)

    def set_at_data(self):
        data = tlv(0x80, self.info.oid) + tlv(0x83, bytes([self.reference]))
        if self.name_parameter and self.info.parameter is not None:
            data += tlv(0x84, bytes([self.info.parameter]))
        return data + (tlv(0x7F4C, self.chat) if self.chat else b'') + self.extensions

    def general_authenticate(self, objects, last=False):
        """The objects of the response, checked to be those of the step."""
        answer = self.card.command('00860000' if last else '10860000', tlv(0x7C, objects), ne=256)
        return one(answer, 0x7C, 'the response of GENERAL AUTHENTICATE')

    def get_nonce(self):
        z = self._only(self.general_authenticate(b''), 0x80)
        check(z and len(z) % self.suite.block == 0, 'an encrypted nonce of %d bytes', len(z))
        if self.info.mapping == 'im':
            check(len(z) == self.suite.nonce_size, 'the nonce of integrated mapping has %d bytes', len(z))
        self.nonce = self.suite.decrypt(self.k_pi, z)

    def map_nonce(self):
        if self.info.mapping == 'im':
            answer = self._only(self.general_authenticate(tlv(0x81, self.nonce_t)), 0x82)
            check(answer == b'', 'mapping data in integrated mapping: %s', answer.hex())
            self.map_integrated()
            return
        mine = self.group.encode(self.group.power(self.sk_map, self.group.generator))
        theirs = self._only(self.general_authenticate(tlv(0x81, mine)), 0x82)
        check(theirs != mine, 'the card sends the mapping data back')
        self.map_generic(self.group.decode(theirs))

    def agree(self):
        self.pk_ifd = self.group.power(self.sk_dh, self.generator)
        answer = self._only(self.general_authenticate(tlv(0x83, self.group.encode(self.pk_ifd))), 0x84)
        self.pk_ic = self.group.decode(answer)
        check(self.pk_ic != self.pk_ifd, 'the card sends the public key back')
        self.derive()

    def authenticate(self):
        answer = self.general_authenticate(tlv(0x85, self.token(self.pk_ic)), last=True)
        tags = [node.tag for node in answer.children()]
        check(answer.find(0x86) == self.token(self.pk_ifd), 'PACE: wrong token of the card')
        allowed = [0x86] + [0x87, 0x88] * bool(self.chat) + [0x8A] * (self.info.mapping == 'cam')
        check(set(tags) <= set(allowed) and tags == sorted(tags), 'PACE ends with the objects %s', tags)
        self.cars = [node.value for node in answer.children() if node.tag in (0x87, 0x88)]
        self.chip_data = answer.find(0x8A)
        check(self.info.mapping != 'cam' or self.chip_data, 'no chip authentication data')
        self.card.sm = self.sm

    # Computations

    @staticmethod
    def _only(answer, tag):
        return one(answer.value, tag, 'the dynamic authentication data').value

    def map_generic(self, pk_map_ic):
        self.pk_map_ic = pk_map_ic
        group = self.group
        h = group.power(self.sk_map, pk_map_ic)
        s = int.from_bytes(self.nonce, 'big')
        self.generator = group.combine(group.power(s, group.generator), h)

    def map_integrated(self):
        self.generator = self.group.map_integrated(
            pseudo_random(self.suite, self.nonce, self.nonce_t, self.group.p))

    def derive(self):
        self.sm = SecureMessaging.derived(self.suite, self.group.secret(self.sk_dh, self.pk_ic))

    def token(self, element):
        key = tlv(0x06, self.info.oid) + tlv(self.group.tag, self.group.encode(element))
        return self.suite.mac(self.sm.k_mac, tlv(0x7F49, key))

    def id_picc(self):
        """Comp(PK_DH,IC), by which terminal authentication names the chip."""
        return self.group.compress(self.pk_ic)

    def check_chip(self, key):
        """Chip-authentication mapping: the chip has the private key to this ChipKey (4.4.3.5.2)."""
        iv = self.suite.iv(self.sm.k_enc, b'\xff' * 16)
        ca = unpad(self.suite.decrypt(self.sm.k_enc, self.chip_data, iv))
        check(len(ca) == self.group.order_size, 'chip authentication data of %d bytes', len(ca))
        check(key.group.same(self.group), 'the key of chip authentication mapping is of another group')
        check(self.group.power(int.from_bytes(ca, 'big'), key.element) == self.pk_map_ic,
              'chip authentication mapping: the card does not have the private key')
