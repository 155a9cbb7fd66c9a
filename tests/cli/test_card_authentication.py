# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of the generic card with symmetric mechanisms, against a terminal that is not ours: authentication in all
directions, checksums, ciphers, and secure messaging with session and static keys."""
import os

from common import dial, equal, main, reversed_vicc

try:
    from card_client import Aes, Card, SecureMessaging, TripleDes, modes, mutual_authentication, pad, tlv
except ImportError as missing:
    import sys
    print('skipped:', missing)
    sys.exit(77)

SUITES = {'3DES': (TripleDes(), 16, 1), 'AES-128': (Aes(16), 16, 2),
          'AES-192': (Aes(24), 24, 2), 'AES-256': (Aes(32), 32, 2)}
ECB, CBC, MUTUAL = 1, 2, 6


def new_card():
    _, port = reversed_vicc()
    return Card(dial(port))


def mechanism(key_type):
    return tlv(0xAC, tlv(0x80, bytes([key_type])))


def import_symmetric(card, reference, key_type, key, uses=(0xA4, 0xB4, 0xB8), tries=0):
    templates = [tlv(uses[0], tlv(0x83, bytes([reference])))] + [tlv(use) for use in uses[1:]]
    counter = tlv(0xC0, bytes([tries])) if tries else b''
    card.import_key(*templates, mechanism(key_type), counter, tlv(0x5F48, key))


def with_each_suite(test):
    def run():
        for name, (suite, size, key_type) in SUITES.items():
            card = new_card()
            key = os.urandom(size)
            import_symmetric(card, 2, key_type, key)
            try:
                test(card, suite, key)
            except AssertionError as error:
                raise AssertionError(name) from error
    return run


@with_each_suite
def test_internal(card, suite, key):
    challenge = os.urandom(2 * suite.block)
    # This key can decipher, too: its PIN is asked for.
    card.refused(0x6982, '00880002', challenge, 256)
    card.verify()
    equal(card.ok('00880002', challenge, 256), suite.crypt(key, challenge, mode=modes.ECB))
    equal(card.ok('00880202', challenge, 256), suite.crypt(key, challenge))
    short = os.urandom(suite.block + 1)
    equal(card.ok('00880102', short, 256), suite.crypt(key, pad(short, suite.block), mode=modes.ECB))
    # As the environment says, with an initial vector of its own.
    iv = os.urandom(suite.block)
    card.ok('002241A4', tlv(0x83, b'\x02') + tlv(0x80, b'\x02') + tlv(0x87, iv))
    equal(card.ok('00880000', challenge, 256), suite.crypt(key, challenge, iv))
    card.refused(0x6985, '00880602', challenge, 256)
    card.refused(0x6A86, '00884202', challenge, 256)


def test_secret_of_the_card():
    card = new_card()
    first = card.ok('00880000', bytes(8), 256)
    equal(len(first), 8)
    equal(card.ok('00880000', bytes(8), 256), first)
    assert new_card().ok('00880000', bytes(8), 256) != first, 'two cards have the same secret'


@with_each_suite
def test_external(card, suite, key):
    card.refused(0x6300, '00820002')
    challenge = card.ok('00840000', le=suite.block)
    answer = suite.crypt(key, challenge, mode=modes.ECB)
    card.ok('00820002', answer)
    card.ok('00820002')
    # A challenge is good for one answer, and a wrong one ends what a right one gave.
    card.refused(0x6985, '00820002', answer)
    challenge = card.ok('00840000', le=suite.block)
    answer = suite.crypt(key, challenge, mode=modes.ECB)
    card.refused(0x6300, '00820002', bytes([answer[0] ^ 1]) + answer[1:])
    card.refused(0x6300, '00820002')
    card.refused(0x6985, '00820002', answer)


def test_external_counts():
    card = new_card()
    suite, key = TripleDes(), os.urandom(16)
    import_symmetric(card, 3, 1, key, tries=3)

    def answer(wrong=0):
        cryptogram = suite.crypt(key, card.ok('00840000', le=8), mode=modes.ECB)
        return cryptogram[:-1] + bytes([cryptogram[-1] ^ wrong])

    card.refused(0x63C3, '00820003')
    card.refused(0x63C2, '00820003', answer(1))
    card.refused(0x63C1, '00820003', answer(1))
    card.restart()
    card.refused(0x63C1, '00820003')
    card.ok('00820003', answer())
    card.restart()
    card.refused(0x63C3, '00820003')
    for left in (0x63C2, 0x63C1, 0x63C0):
        card.refused(left, '00820003', answer(1))
    card.refused(0x6983, '00820003', answer())
    card.refused(0x6983, '00820003')


@with_each_suite
def test_general_authenticate(card, suite, key):
    challenge = os.urandom(16)
    card.refused(0x6982, '00860102', tlv(0x7C, tlv(0x81, challenge), tlv(0x82)), 256)
    card.verify()
    # The card proves itself.
    equal(card.ok('00860102', tlv(0x7C, tlv(0x81, challenge), tlv(0x82)), 256),
          tlv(0x7C, tlv(0x82, suite.crypt(key, challenge, mode=modes.ECB))))
    # The terminal proves itself.
    theirs = card.ok('00860102', tlv(0x7C, tlv(0x81)), 256)
    equal(theirs[:4], bytes.fromhex('7C128110'))
    answer = suite.crypt(key, theirs[4:], mode=modes.ECB)
    card.ok('00860102', tlv(0x7C, tlv(0x82, answer)))
    card.ok('00820002')
    card.refused(0x6985, '00860102', tlv(0x7C, tlv(0x82, answer)))
    # Each to the other, by a witness.
    witness = card.ok('00860102', tlv(0x7C, tlv(0x80)), 256)
    equal(witness[:4], bytes.fromhex('7C128010'))
    plain = suite.crypt(key, witness[4:], decrypt=True, mode=modes.ECB)
    equal(card.ok('00860102', tlv(0x7C, tlv(0x80, plain), tlv(0x81, challenge), tlv(0x82)), 256),
          tlv(0x7C, tlv(0x82, suite.crypt(key, challenge, mode=modes.ECB))))
    card.ok('00860102', tlv(0x7C, tlv(0x80)), 256)
    card.refused(0x6300, '00860102', tlv(0x7C, tlv(0x80, plain), tlv(0x81, challenge), tlv(0x82)), 256)
    card.refused(0x6300, '00820002')


@with_each_suite
def test_checksum(card, suite, key):
    message = os.urandom(100)
    card.ok('002241B4', tlv(0x83, b'\x02'))
    card.ok('002281B4', tlv(0x83, b'\x02'))
    card.refused(0x6982, '002A8E80', message, 256)
    card.verify()
    mac = card.ok('002A8E80', message, 256)
    equal(len(mac), suite.block)
    equal(mac[:8], suite.message_mac(key, message))
    card.ok('002A00A2', tlv(0x80, message) + tlv(0x8E, mac))
    card.ok('002A00A2', tlv(0x80, message) + tlv(0x8E, mac[:8]))
    card.refused(0x6300, '002A00A2', tlv(0x80, message) + tlv(0x8E, mac[:7]))
    card.refused(0x6300, '002A00A2', tlv(0x80, message + b'.') + tlv(0x8E, mac))


@with_each_suite
def test_cipher(card, suite, key):
    card.ok('0022C1B8', tlv(0x83, b'\x02'))
    message = os.urandom(3 * suite.block)
    equal(card.ok('002A8480', message, 256), suite.crypt(key, message))
    equal(card.ok('002A8680', message[1:], 256),
          b'\x01' + suite.crypt(key, pad(message[1:], suite.block)))
    card.refused(0x6700, '002A8480', message[1:], 256)
    cryptogram = suite.crypt(key, pad(message, suite.block))
    card.refused(0x6982, '002A8086', b'\x01' + cryptogram, 256)
    card.verify()
    equal(card.ok('002A8086', b'\x01' + cryptogram, 256), message)
    equal(card.ok('002A8086', b'\x02' + cryptogram, 256), pad(message, suite.block))
    equal(card.ok('002A8084', cryptogram, 256), pad(message, suite.block))
    card.refused(0x6A80, '002A8086', b'\x01' + suite.crypt(key, bytes(suite.block)), 256)
    card.refused(0x6A80, '002A8086', b'\x03' + cryptogram, 256)
    card.refused(0x6700, '002A8086', b'\x01' + cryptogram[1:], 256)


def make_protected_file(card):
    """A file that is read and changed under secure messaging alone (compact rules: 7816-4, 9.3.3.1)."""
    card.ok('00E00000', tlv(0x62, tlv(0x82, b'\x01'), tlv(0x83, b'\x10\x01'), tlv(0x80, b'\x01\x00'),
                            tlv(0x88, b'\x08'), tlv(0x8C, bytes.fromhex('034040'))))


def use_protected_file(card, session):
    card.sm = None
    card.refused(0x6982, '00B08100', le=16)
    card.refused(0x6982, '00D68100', b'plain')
    card.sm = session
    text = bytes(range(200))
    card.ok('00D68100', text)
    equal(card.ok('00B08100', le=200), text)
    equal(card.ok('00B10001', tlv(0x54, b'\x05'), 256)[:6], bytes.fromhex('5381FB050607'))
    card.refused(0x6A82, '00B08200', le=16)
    equal(card.ok('00B08100', le=256)[:200], text)


@with_each_suite
def test_mutual_authentication_gives_secure_messaging(card, suite, key):
    make_protected_file(card)
    session = mutual_authentication(card, suite, key, MUTUAL, 2)
    use_protected_file(card, session)


@with_each_suite
def test_mutual_authentication_refuses(card, suite, key):
    size = 2 * suite.block + suite.own_key + 8
    card.refused(0x6985, '00820602', bytes(size), 256)
    card.ok('00840000', le=suite.block)
    card.refused(0x6300, '00820602', bytes(size), 256)
    card.refused(0x6985, '00820602', bytes(size), 256)
    card.ok('00840000', le=suite.block)
    card.refused(0x6700, '00820602', bytes(size - 1), 256)
    card.ok('00840000', le=suite.block // 2)
    card.refused(0x6985, '00820602', bytes(size), 256)
    # The answer to another challenge.
    k_enc, k_mac = suite.derive(key, 1), suite.derive(key, 2)
    card.ok('00840000', le=suite.block)
    cryptogram = suite.crypt(k_enc, os.urandom(2 * suite.block + suite.own_key))
    card.refused(0x6300, '00820602', cryptogram + suite.message_mac(k_mac, cryptogram), 256)
    card.refused(0x6300, '00820002')


@with_each_suite
def test_static_keys_give_secure_messaging(card, suite, key):
    make_protected_file(card)
    mac_key = os.urandom(len(key))
    import_symmetric(card, 4, 1 if suite.block == 8 else 2, mac_key)
    card.ok('002231B4', tlv(0x83, b'\x04'))
    card.ok('002231B8', tlv(0x83, b'\x02'))
    use_protected_file(card, SecureMessaging(suite, key, mac_key))


@with_each_suite
def test_corrupted_commands_are_refused(card, suite, key):
    """Each byte of a protected command, but for the bits of CLA that say on which channel and whether protected."""
    make_protected_file(card)
    headers = {'update': ('00D68100', b'corrupt me', None), 'read': ('00B08100', b'', 16)}
    for name, (header, data, le) in headers.items():
        session = mutual_authentication(card, suite, key, MUTUAL, 2)
        length = len(session.protect(bytes.fromhex(header), data, le))
        for at in range(1, length):
            session = mutual_authentication(card, suite, key, MUTUAL, 2)
            command = bytearray(session.protect(bytes.fromhex(header), data, le))
            if at == len(command) - 1:
                continue  # the outer Le is no part of the message: 7816-4, 10.4
            command[at] ^= 0x01
            answer, status = card.raw(bytes(command))
            assert answer == b'' and status in (0x6987, 0x6988, 0x6700, 0x6982, 0x6D00, 0x6A86), \
                '%s, byte %d: %04X' % (name, at, status)
            # The session is over; nothing was done.
            card.refused(0x6982, '00B08100', le=16)
    card.sm = mutual_authentication(card, suite, key, MUTUAL, 2)
    assert b'corrupt' not in card.ok('00B08100', le=16)


def test_session_ends_with_what_was_proved():
    card = new_card()
    suite, key = Aes(16), os.urandom(16)
    import_symmetric(card, 2, 2, key)
    session = mutual_authentication(card, suite, key, MUTUAL, 2)
    card.sm = session
    card.ok('00820002')
    stale = session.protect(bytes.fromhex('00840000'), b'', 8)
    session.open(*card.raw(stale))
    equal(card.raw(stale), (b'', 0x6988), 'a command again')
    card.sm = None
    card.refused(0x6300, '00820002')
    assert card.raw(session.protect(bytes.fromhex('00840000'), b'', 8))[1] in (0x6882, 0x6987)


if __name__ == '__main__':
    main(globals())
