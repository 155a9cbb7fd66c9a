# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers' mistakes. A row of the tables is a step, what is wrong with it, the status words that the standard has
for it (Doc 9303-11; where it leaves a choice, those that TR-03105-3.2 accepts). After each of them nothing is left
of the attempt, and a correct new run works."""
import os

import common
import mistakes
import support
from inspection import Inspection
from support import refused
from terminal import bac, ciphers, lds, mrz, pace
from terminal.errors import CardError
from terminal.tlv import oid, tlv

FAILED = 0x6300
WRONG_DATA = 0x6A80
UNKNOWN = 0x6A88
CHAIN = 0x6883  # the last command of a chain was expected
STATUS = 0x6982
ORDER = 0x6985, 0x6982  # conditions of use, security status
INVALID = WRONG_DATA, FAILED  # of a public key: Doc 9303-11, 4.4.4.2
OVER = 0x6882, 0x6982, 0x6987, 0x6988  # for a command of a session that is over

OTHER = mrz.Mrz(mrz.PASSPORT.replace('L898902C36', 'L898902C44'))


def nothing_left(card, enter):
    """No file can be read, neither plainly nor with what may be left of a session; and a correct run works."""
    stale = card.sm
    card.sm = None
    status = support.status_of(card, '00A4040C', lds.AID)
    assert status in (0x9000, STATUS), 'after it SELECT is answered %04X' % status
    if status == 0x9000:
        status = support.status_of(card, '00B09E00', ne=8)
        assert status == STATUS, 'after it READ BINARY is answered %04X' % status
    if stale:
        card.sm = stale
        status = support.status_of(card, '00B09E00', ne=8)
        assert status in OVER, 'after it the old keys are answered %04X' % status
        card.sm = None
    enter(card)
    lds.read(card, lds.COM)


def run_table(card, enter, rows):
    """enter: a correct run from anywhere, which ends in the application. Each row starts without a session."""
    support.run_rows(rows, lambda statuses, function: one_row(card, enter, statuses, function))


def one_row(card, enter, statuses, function):
    card.sm = None
    refused(statuses, function, card)
    nothing_left(card, enter)


# Basic Access Control

def enter_by_bac(card):
    lds.select_application(card)
    bac.run(card, support.MRZ)


def external_authenticate(card, zone=support.MRZ, challenge=None, change=lambda data: data, twice=False):
    """The two commands of BAC with something changed."""
    suite, seed = ciphers.TRIPLE_DES, zone.bac_seed()
    k_enc, k_mac = suite.derive(seed, 1), suite.derive(seed, 2)
    rnd_ic = challenge or card.command('00840000', ne=8)
    cryptogram = suite.encrypt(k_enc, os.urandom(8) + rnd_ic + os.urandom(16))
    data = cryptogram + suite.mac(k_mac, cryptogram)
    if twice:
        card.exchange('00820000', mistakes.flipped(data, 5), 40)
    card.command('00820000', change(data), ne=40)


def replay_authentication(card):
    lds.select_application(card)
    bac.run(card, support.MRZ)
    recorded = card.history[-1][0]
    card.reset()
    lds.select_application(card)
    card.command('00840000', ne=8)
    data, status = card.raw(recorded)
    if status != 0x9000:
        raise CardError(recorded[:4], status)


def selecting(function, **more):
    """A row's function that selects the application first."""
    def run(card):
        lds.select_application(card)
        function(card, **more)
    return run


def test_bac():
    rows = [
        ('EXTERNAL AUTHENTICATE with another MRZ', FAILED, selecting(external_authenticate, zone=OTHER)),
        ('a challenge that the card did not give', ORDER + (FAILED,), selecting(
            external_authenticate, challenge=bytes(8))),
        ('a challenge for the second time', ORDER + (FAILED,), selecting(external_authenticate, twice=True)),
        ('a message of an earlier run', FAILED, replay_authentication),
        ('another challenge encrypted', FAILED, selecting(lambda card: (
            card.command('00840000', ne=8), external_authenticate(card, challenge=b'12345678')))),
    ]
    for size in (0, 1, 39, 41, 72):
        rows.append(('%d bytes' % size, (0x6700, WRONG_DATA, FAILED), selecting(
            external_authenticate, change=lambda data, size=size: (data + bytes(40))[:size])))
    for bit in range(256, 320):
        rows.append(('bit %d of the MAC' % (bit - 256), FAILED, selecting(
            external_authenticate, change=lambda data, bit=bit: mistakes.flipped(data, bit))))
    for bit in range(0, 256, 7):
        rows.append(('bit %d of the cryptogram' % bit, FAILED, selecting(
            external_authenticate, change=lambda data, bit=bit: mistakes.flipped(data, bit))))
    with support.Passport('--protocols', 'bac') as card:
        run_table(card, enter_by_bac, rows)


# Password Authenticated Connection Establishment

class Run(pace.Pace):
    """PACE with something changed: what the methods are to be replaced by is in wrong."""

    def __init__(self, card, info, zone=support.MRZ, reference=pace.MRZ, **wrong):
        super().__init__(card, info, reference, zone)
        for name, function in wrong.items():
            setattr(self, name, lambda *a, function=function, **k: function(self, *a, **k))


def first_info(card):
    lds.select_mf(card)
    return Inspection(card).card_access().pace[0]


def enter_by_pace(card):
    visit = Inspection(card)
    card.reset()
    visit.enter_by_pace().application()


def changed(**wrong):
    """A row's function: PACE with this changed."""
    return lambda card: (card.reset(), Run(card, first_info(card), **wrong).run())


def objects(step, octets):
    """The data of one step of PACE replaced; nothing comes after it. step: the tag of its data object."""
    def general_authenticate(self, data, last=False):
        if data[:1] != bytes([step]):
            return pace.Pace.general_authenticate(self, data, last)
        wrong = octets(data[2:]) if callable(octets) else tlv(step, octets)
        pace.Pace.general_authenticate(self, wrong, last)
        raise Accepted
    return changed(general_authenticate=general_authenticate)


class Accepted(Exception):
    """The card takes what it must refuse."""


def at_data(**more):
    """MSE:Set AT with other data."""
    return changed(set_at=lambda self: self.card.command('0022C1A4', more['data'](self)))


def steps(*names):
    """Steps in this order alone."""
    def run(self):
        for name in names:
            getattr(self, name)()
    return changed(run=run)


def interrupted(command):
    """The steps with another command in between."""
    def run(self):
        self.set_at()
        self.get_nonce()
        self.card.raw(bytes.fromhex(command))
        self.map_nonce()
        self.agree()
        self.authenticate()
    return changed(run=run)


def send(card, tag, value, last=False):
    card.command('00860000' if last else '10860000', tlv(0x7C, tlv(tag, value)), ne=256)


def replayed_token(card):
    """The token of an earlier run."""
    enter_by_pace(card)
    token = [command for command, _ in card.history if command[:4] == b'\0\x86\0\0'][-1]
    card.reset()
    run = Run(card, first_info(card))
    for step in (run.set_at, run.get_nonce, run.map_nonce, run.agree):
        step()
    _, status = card.raw(token)
    card.sm = None
    if status != 0x9000:
        raise CardError(token[:4], status)


def rows_of_pace(group, bits):
    rows = [
        ('another MRZ', FAILED, changed(zone=OTHER)),
        ('another CAN', FAILED, changed(zone='123457', reference=pace.CAN)),
        ('the MRZ where the CAN is announced', FAILED, changed(reference=pace.CAN)),
        ('a token of an earlier run', FAILED, replayed_token),
        ('MSE:Set AT with an unknown protocol', WRONG_DATA, at_data(
            data=lambda self: tlv(0x80, oid('0.4.0.127.0.7.2.2.4.9.9')) + tlv(0x83, b'\x01'))),
        ('MSE:Set AT with a protocol that the chip does not offer', WRONG_DATA, at_data(
            data=lambda self: tlv(0x80, oid('0.4.0.127.0.7.2.2.4.4.3')) + tlv(0x83, b'\x01'))),
        ('MSE:Set AT without a protocol', (WRONG_DATA, UNKNOWN), at_data(data=lambda self: tlv(0x83, b'\x01'))),
        ('MSE:Set AT without a password', (WRONG_DATA, UNKNOWN), at_data(data=lambda self: tlv(0x80, self.info.oid))),
        ('MSE:Set AT with an unknown password', (UNKNOWN, WRONG_DATA), at_data(
            data=lambda self: tlv(0x80, self.info.oid) + tlv(0x83, b'\x09'))),
        ('MSE:Set AT with unknown domain parameters', (UNKNOWN, WRONG_DATA), at_data(
            data=lambda self: tlv(0x80, self.info.oid) + tlv(0x83, b'\x01') + tlv(0x84, b'\x1f'))),
        ('MSE:Set AT with data that are cut off', (WRONG_DATA,), at_data(data=lambda self: tlv(0x80, self.info.oid)[:-1])),
        ('no MSE:Set AT', ORDER + (UNKNOWN, WRONG_DATA), steps('get_nonce')),
        ('a nonce after the mapping', ORDER + INVALID, steps('set_at', 'get_nonce', 'map_nonce', 'get_nonce')),
        ('the key agreement first', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), send(self.card, 0x83, self.group.encode(self.group.generator))))),
        ('the mapping without a nonce', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), send(self.card, 0x81, self.group.encode(self.group.generator))))),
        ('the key agreement without the mapping', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), self.get_nonce(), send(self.card, 0x83, self.group.encode(self.group.generator))))),
        ('the token without a key agreement', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), self.get_nonce(), self.map_nonce(), send(self.card, 0x85, bytes(8), True)))),
        ('the token at once', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), send(self.card, 0x85, bytes(8), True)))),
        ('the mapping twice', ORDER + INVALID, steps('set_at', 'get_nonce', 'map_nonce', 'map_nonce')),
        ('no dynamic authentication data', ORDER + INVALID + (0x6700,), changed(run=lambda self: (
            self.set_at(), self.card.command('10860000', b'\x01\x02', ne=256)))),
        ('dynamic authentication data that are cut off', INVALID, changed(run=lambda self: (
            self.set_at(), self.get_nonce(), self.card.command('10860000', b'\x7c\x43\x81\x41\x04', ne=256)))),
        ('another command before the mapping', ORDER + INVALID + (CHAIN,), interrupted('00A4000C023F00')),
        ('a challenge before the mapping', ORDER + INVALID + (CHAIN,), interrupted('0084000008')),
        ('an unknown command before the mapping', ORDER + INVALID + (CHAIN,), interrupted('00EE0000')),
        ('MSE:Set AT once more before the mapping', ORDER + INVALID, changed(run=lambda self: (
            self.set_at(), self.get_nonce(), self.set_at(), self.map_nonce()))),
        ('a reset before the mapping', ORDER + INVALID + (UNKNOWN,), changed(run=lambda self: (
            self.set_at(), self.get_nonce(), self.card.reset(), self.map_nonce()))),
        ('a reset before the token', ORDER + INVALID + (UNKNOWN,), changed(run=lambda self: (
            self.set_at(), self.get_nonce(), self.map_nonce(), self.agree(), self.card.reset(),
            self.authenticate()))),
        ('a token of seven bytes', INVALID, objects(0x85, lambda token: tlv(0x85, token[:7]))),
        ('a token of nine bytes', INVALID, objects(0x85, lambda token: tlv(0x85, token + b'\0'))),
        ('an empty token', INVALID, objects(0x85, b'')),
        ('the card\'s own token', FAILED, changed(token=lambda self, element: pace.Pace.token(self, self.pk_ifd))),
    ]
    for bit in bits:
        rows.append(('bit %d of the token' % bit, FAILED, objects(
            0x85, lambda token, bit=bit: tlv(0x85, mistakes.flipped(token, bit)))))
    for step, tag in (('mapping', 0x81), ('key agreement', 0x83)):
        for name, octets in mistakes.bad_keys(group):
            rows.append(('%s in the %s' % (name, step), INVALID, objects(tag, octets)))
    return rows


def test_pace_ecdh():
    with support.Passport('--can', support.CAN, '--protocols', 'pace-gm:8:aes-128') as card:
        run_table(card, enter_by_pace, rows_of_pace(first_info(card).group, range(64)))


def test_pace_dh():
    with support.Passport('--can', support.CAN, '--protocols', 'pace-gm:0:3des') as card:
        run_table(card, enter_by_pace, rows_of_pace(first_info(card).group, range(0, 64, 9)))


def test_pace_integrated():
    """The rows of the mapping that differ: the nonce t has the length of the cipher's key."""
    rows = []
    for size in (0, 15, 17, 32):
        rows.append(('a nonce t of %d bytes' % size, INVALID, objects(0x81, bytes(size))))
    with support.Passport('--can', support.CAN, '--protocols', 'pace-im:13:aes-128') as card:
        group = first_info(card).group
        for name, octets in mistakes.bad_keys(group):
            rows.append((name, INVALID, objects(0x83, octets)))
        run_table(card, enter_by_pace, rows)


def test_bac_that_is_not_offered():
    with support.Passport('--can', support.CAN, '--protocols', 'pace-gm:12:aes-128') as card:
        lds.select_mf(card)
        for select in (lds.select_mf, lds.select_application):
            status = support.status_of(card, '00A4040C', lds.AID) if select is lds.select_application else 0x9000
            assert status in (0x9000, STATUS), '%04X' % status
            refused(ORDER + (FAILED, UNKNOWN, 0x6A81, 0x6D00), external_authenticate, card)
        nothing_left(card, enter_by_pace)


# Active Authentication

def test_active_auth():
    """Challenges of another length; a chip without the key."""
    with support.Passport('--protocols', 'bac,aa:ec') as card:
        enter_by_bac(card)
        for size in (1, 7, 9, 16, 255):
            refused((0x6700, WRONG_DATA), card.command, '00880000', bytes(size), 256)
        refused((0x6A86, 0x6B00), card.command, '00880001', bytes(8), 256)
        assert len(card.command('00880000', bytes(8), 256)) == 64
        lds.read(card, lds.COM)
    with support.Passport('--protocols', 'bac') as card:
        enter_by_bac(card)
        refused((0x6A81, 0x6A88, 0x6982, 0x6985, 0x6D00), card.command, '00880000', bytes(8), 256)
        lds.read(card, lds.COM)


# Instructions that a passport does not have

HARMLESS = 0x22, 0x70, 0x84, 0x86, 0x88, 0xA4, 0xB0, 0xB1, 0xC0, 0xCA, 0xCB


def test_every_instruction():
    """Nothing writes into a passport, erases it, or makes it forget: before access and within a session."""
    with support.Passport('--protocols', 'bac') as card:
        enter_by_bac(card)
        before = lds.read(card, lds.dg(1))
        for within in (False, True):
            for ins in range(256):
                for data, ne in ((b'', None), (b'\x80\x01\x00', None), (b'', 256), (b'\x80\x01\x00', 256)):
                    card.sm = None
                    card.reset()
                    enter_by_bac(card) if within else lds.select_application(card)
                    lds.select_file(card, lds.dg(1)) if within else None
                    _, status = card.exchange(bytes([0, ins, 0, 0]), data, ne)
                    assert status != 0x9000 or ins in HARMLESS, '%02X: %04X' % (ins, status)
        card.reset()
        enter_by_bac(card)
        assert lds.read(card, lds.dg(1)) == before


# Secure messaging

def secure_messaging(enter):
    """Rows with every wrong message, from a session on."""
    def row(make):
        def run(card):
            enter(card)
            command = make(card.sm)
            data, status = card.raw(command)
            assert data == b'', 'an error with data: %s' % data.hex()
            if status != 0x9000:
                raise CardError(command[:4], status)
        return run

    def replay(card):
        enter(card)
        lds.select_file(card, lds.COM)
        command = card.history[-1][0]
        card.sm.count(2)
        data, status = card.raw(command)
        if status != 0x9000:
            raise CardError(command[:4], status)

    def plain(card):
        enter(card)
        command = bytes.fromhex('00B09E0008')
        data, status = card.raw(command)
        if status != 0x9000:
            raise CardError(command[:4], status)

    rows = [('bit %d of the MAC' % bit, mistakes.INCORRECT, row(lambda sm, bit=bit: mistakes.mac_bit(sm, bit)))
            for bit in range(64)]
    rows += [(name, statuses, row(make)) for name, statuses, make in mistakes.WRONG_MESSAGES]
    rows.append(('a message for the second time', mistakes.INCORRECT, replay))
    rows.append(('a plain command within the session', OVER, plain))
    return rows


def test_secure_messaging_3des():
    with support.Passport('--protocols', 'bac') as card:
        run_table(card, enter_by_bac, secure_messaging(enter_by_bac))


def test_secure_messaging_aes():
    with support.Passport('--can', support.CAN, '--protocols', 'pace-gm:8:aes-256') as card:
        run_table(card, enter_by_pace, secure_messaging(enter_by_pace))


common.main(globals())
