# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A little passport chip in Python, against which the terminal itself is tested: BAC, PACE with every mapping,
Chip Authentication 1, reading. What it sends can be spoilt at any step, so that a test sees the terminal notice."""
import os

from terminal import ciphers, lds, pace
from terminal.sm import SecureMessaging
from terminal.tlv import der_integer, oid, one, parse, tlv

MF, APPLICATION = 0x3F00, 1


class Refusal(Exception):
    def __init__(self, sw):
        super().__init__('%04X' % sw)
        self.sw = sw


class Chip:
    """As a transport. info: the PaceInfo or None for BAC alone. files: {fid: content} of the application.
    chip_auth: (ChipAuthInfo, private key, group). spoil(step, value) may change what is sent."""

    def __init__(self, mrz, can='123456', info=None, files=None, chip_auth=None, key=None, spoil=None):
        self.mrz, self.can, self.info, self.files = mrz, can, info, files or {}
        self.chip_auth, self.key = chip_auth, key
        self.spoil = spoil or (lambda step, value: value)
        self.reset()

    def reset(self):
        self.sm = self.next_sm = self.challenge = self.run = None
        self.at, self.file, self.pending = MF, None, None

    def close(self):
        pass

    # Commands

    def transmit(self, command):
        protected = bool(command[0] & 0x0C)
        try:
            if protected:
                answer, sw = self.protected(command)
            else:
                self.sm = None
                answer, sw = self.plain(command)
        except Refusal as refusal:
            answer, sw = b'', refusal.sw
            self.sm = None if protected else self.sm
        return answer + sw.to_bytes(2, 'big')

    def plain(self, command):
        header, rest = command[:4], command[4:]
        if len(rest) > 1 and rest[0] == 0 and len(rest) > 2:
            size = int.from_bytes(rest[1:3], 'big')
            data = rest[3:3 + size] if len(rest) > 3 else b''
            le = rest[3 + len(data):] or (rest[1:3] if not data else b'')
        else:
            data = rest[1:1 + rest[0]] if len(rest) > 1 else b''
            le = rest[1 + len(data):] if data else rest
        ne = (int.from_bytes(le, 'big') or (65536 if len(le) == 2 else 256)) if le else 0
        return self.handle(header, data, ne)

    def protected(self, command):
        if self.sm is None:
            raise Refusal(0x6988)
        try:
            header, data, le = self.sm.open_command(command)
        except Exception:
            raise Refusal(0x6988)
        ne = (int.from_bytes(le, 'big') or (65536 if len(le) == 2 else 256)) if le else 0
        try:
            answer, sw = self.handle(bytes([header[0] & 0xF3]) + header[1:], data, ne)
        except Refusal as refusal:
            answer, sw = b'', refusal.sw
        session = self.sm
        session.count()
        odd = header[1] & 1
        body = b''
        if answer:
            encrypted = session.suite.encrypt(session.k_enc, ciphers.pad(answer, session.suite.block), session._iv())
            body = tlv(0x85, encrypted) if odd else tlv(0x87, b'\x01', encrypted)
        body += tlv(0x99, sw.to_bytes(2, 'big'))
        body += tlv(0x8E, self.spoil('mac', session.suite.mac_padded(session.k_mac, session.ssc + body)))
        if self.next_sm:
            self.sm, self.next_sm = self.next_sm, None
        return body, sw

    def handle(self, header, data, ne):
        ins = header[1]
        handlers = {0xA4: self.select, 0xB0: self.read, 0xB1: self.read_odd, 0x84: self.get_challenge,
                    0x82: self.external, 0x22: self.mse, 0x86: self.general}
        if ins not in handlers:
            raise Refusal(0x6D00)
        answer = handlers[ins](header, data, ne)
        return answer, 0x9000

    # Files

    def select(self, header, data, ne):
        if header[2] == 4:
            if data != lds.AID:
                raise Refusal(0x6A82)
            self.at, self.file = APPLICATION, None
        elif data in (b'', b'\x3f\x00'):
            self.at, self.file = MF, None
        else:
            self.open(int.from_bytes(data, 'big'))
        return b''

    def open(self, fid):
        if self.at == MF:
            known = {lds.CARD_ACCESS: self.card_access()} if self.info else {}
        else:
            known = self.files
            if self.sm is None:
                raise Refusal(0x6982)
        if fid not in known:
            raise Refusal(0x6A82)
        self.file = known[fid]

    def card_access(self):
        parts = tlv(0x06, self.info.oid) + der_integer(2)
        if self.info.parameter is not None:
            parts += der_integer(self.info.parameter)
        return tlv(0x31, tlv(0x30, parts))

    def by_short(self, sfi):
        files = [lds.CARD_ACCESS] if self.at == MF else list(self.files)
        for fid in files:
            if lds.short_identifier(fid) == sfi:
                return self.open(fid)
        raise Refusal(0x6A82)

    def read(self, header, data, ne):
        offset = header[2] << 8 | header[3]
        if header[2] & 0x80:
            self.by_short(header[2] & 0x1F)
            offset = header[3]
        return self.piece(offset, ne)

    def piece(self, offset, ne):
        if self.file is None:
            raise Refusal(0x6986)
        if offset >= len(self.file):
            raise Refusal(0x6B00)
        return self.file[offset:offset + min(ne, 65000)]

    def read_odd(self, header, data, ne):
        if header[3] & 0x1F:
            self.by_short(header[3] & 0x1F)
        offset = int.from_bytes(one(data, 0x54).value, 'big')
        room = ne - (2 if ne < 130 else 3 if ne < 259 else 4)
        return tlv(0x53, self.piece(offset, room))

    # BAC

    def get_challenge(self, header, data, ne):
        self.challenge = os.urandom(8)
        return self.challenge

    def external(self, header, data, ne):
        suite, seed = ciphers.TRIPLE_DES, self.mrz.bac_seed()
        k_enc, k_mac = suite.derive(seed, 1), suite.derive(seed, 2)
        challenge, self.challenge = self.challenge, None
        if challenge is None:
            raise Refusal(0x6985)
        if len(data) != 40 or suite.mac(k_mac, data[:32]) != data[32:]:
            raise Refusal(0x6300)
        plain = suite.decrypt(k_enc, data[:32])
        if plain[8:16] != challenge:
            raise Refusal(0x6300)
        k_ic = os.urandom(16)
        answer = suite.encrypt(k_enc, self.spoil('bac', challenge + plain[:8] + k_ic))
        secret = bytes(a ^ b for a, b in zip(plain[16:], k_ic))
        self.sm = SecureMessaging.derived(suite, secret, challenge[4:] + plain[4:8])
        return answer + suite.mac(k_mac, answer)

    # PACE and Chip Authentication

    def mse(self, header, data, ne):
        fields = {node.tag: node.value for node in parse(data)}
        if header[2:4] == b'\xc1\xa4':
            if not self.info or fields.get(0x80) != self.info.oid:
                raise Refusal(0x6A80)
            password = {b'\x01': self.mrz, b'\x02': self.can}.get(fields.get(0x83))
            if password is None:
                raise Refusal(0x6A88)
            self.run = pace.Pace(None, self.info, 1, password)
            self.step = self.nonce
        elif header[2:4] == b'\x41\xa6':
            self.agree(fields[0x91])
        elif header[2:4] == b'\x41\xa4':
            self.step = self.chip_key
        return b''

    def general(self, header, data, ne):
        objects = one(data, 0x7C).value
        return tlv(0x7C, self.step(objects))

    def nonce(self, objects):
        self.run.nonce = os.urandom(self.info.suite.nonce_size)
        self.step = self.map
        return tlv(0x80, self.info.suite.encrypt(self.run.k_pi, self.run.nonce))

    def map(self, objects):
        run, self.step = self.run, self.key_agreement
        value = one(objects, 0x81).value
        if self.info.mapping == 'im':
            run.nonce_t = value
            run.map_integrated()
            return tlv(0x82)
        run.map_generic(self.info.group.decode(value))
        self.sent = run.group.power(run.sk_map, run.group.generator)
        return tlv(0x82, self.spoil('map', run.group.encode(self.sent)))

    def key_agreement(self, objects):
        run, self.step = self.run, self.token
        value = one(objects, 0x83).value
        run.pk_ic = run.group.decode(value)  # the other side's, in this place
        run.pk_ifd = run.group.power(run.sk_dh, run.generator)
        run.derive()
        return tlv(0x84, self.spoil('key', run.group.encode(run.pk_ifd)))

    def token(self, objects):
        run = self.run
        if one(objects, 0x85).value != run.token(run.pk_ifd):
            raise Refusal(0x6300)
        self.sm = run.sm
        answer = tlv(0x86, self.spoil('token', run.token(run.pk_ic)))
        if self.info.mapping == 'cam':
            n = run.group.n
            data = (pow(self.key, -1, n) * run.sk_map % n).to_bytes(run.group.order_size, 'big')
            iv = run.suite.iv(run.sm.k_enc, b'\xff' * 16)
            answer += tlv(0x8A, run.suite.encrypt(run.sm.k_enc, ciphers.pad(self.spoil('cam', data), 16), iv))
        return answer

    def chip_key(self, objects):
        self.agree(one(objects, 0x80).value)
        return b''

    def agree(self, octets):
        info, private, group = self.chip_auth
        self.next_sm = SecureMessaging.derived(info.suite, group.secret(private, group.decode(octets)))


def security_infos(*infos):
    return tlv(0x31, *infos)


def chip_auth_infos(info, private, group, parameters):
    """ChipAuthenticationInfo and ChipAuthenticationPublicKeyInfo with a standardized group."""
    kind = '1' if group.kind == 'dh' else '2'
    public = group.power(private, group.generator)
    octets = der_integer(public) if group.kind == 'dh' else group.encode(public)
    algorithm = tlv(0x30, tlv(0x06, oid('0.4.0.127.0.7.1.2')), der_integer(parameters))
    return [tlv(0x30, tlv(0x06, info.oid), der_integer(1)),
            tlv(0x30, tlv(0x06, oid('0.4.0.127.0.7.2.2.1.' + kind)),
                tlv(0x30, algorithm, tlv(0x03, b'\0' + octets)))]
