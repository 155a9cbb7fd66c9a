# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA and EC keys of the generic card: generated, imported, told; their signatures, cryptograms and agreements held
against the cryptography package (curves that it does not know: against openssl)."""
import os
import subprocess
import tempfile

from common import VICC, Program, dial, equal, main, result, reversed_vicc

try:
    from card_client import Card, objects, take, tlv
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
except ImportError as missing:
    import sys
    print('skipped:', missing)
    sys.exit(77)

HASHES = {0x10: hashes.SHA1(), 0x30: hashes.SHA224(), 0x40: hashes.SHA256(), 0x50: hashes.SHA384(),
          0x60: hashes.SHA512()}
RSA, EC = tlv(0x80, b'\x03'), tlv(0x80, b'\x04')
PKCS1, ECDSA, PSS, CIPHER, ECDH, OAEP = 2, 4, 5, 0xA, 0xB, 0xD
CURVES = {
    'P-192': ('2A8648CE3D030101', ec.SECP192R1), 'P-224': ('2B81040021', ec.SECP224R1),
    'P-256': ('2A8648CE3D030107', ec.SECP256R1), 'P-384': ('2B81040022', ec.SECP384R1),
    'P-521': ('2B81040023', ec.SECP521R1),
    'brainpoolP192r1': ('2B2403030208010103', None), 'brainpoolP224r1': ('2B2403030208010105', None),
    'brainpoolP256r1': ('2B2403030208010107', ec.BrainpoolP256R1),
    'brainpoolP320r1': ('2B2403030208010109', None),
    'brainpoolP384r1': ('2B240303020801010B', ec.BrainpoolP384R1),
    'brainpoolP512r1': ('2B240303020801010D', ec.BrainpoolP512R1),
}
USES = [0xB6, 0xA4, 0xB8, 0xA6]
MESSAGE = b'what is signed'


def new_card(*options):
    _, port = reversed_vicc(*options)
    return Card(dial(port))


def templates(reference, uses=USES):
    return tlv(uses[0], tlv(0x84, bytes([reference]))) + b''.join(tlv(use) for use in uses[1:])


def number(n):
    return n.to_bytes((n.bit_length() + 7) // 8, 'big')


def digest(hash_of, message=MESSAGE):
    one = hashes.Hash(hash_of)
    one.update(message)
    return one.finalize()


def generate(card, reference, mechanism, uses=USES):
    answer = card.ok('00468000', templates(reference, uses) + tlv(0xAC, mechanism), 65536)
    tag, value, rest = take(answer)
    equal((tag, rest), (0x7F49, b''))
    equal(card.ok('00478100', tlv(0xB6, tlv(0x84, bytes([reference]))), 65536), answer)
    return objects(value)


def generate_rsa(card, reference, bits):
    public = generate(card, reference, RSA + tlv(0x81, bits.to_bytes(2, 'big')))
    n, e = (int.from_bytes(public[tag], 'big') for tag in (0x81, 0x82))
    equal((n.bit_length(), e), (bits, 65537))
    return rsa.RSAPublicNumbers(e, n).public_key()


def choose(card, template, reference, algorithm, p1='C1'):
    card.ok('0022%s%02X' % (p1, template),
            tlv(0x83, bytes([reference])) + tlv(0x84, bytes([reference])) + tlv(0x80, bytes([algorithm])))


def rsa_padding(algorithm, hash_of):
    if algorithm & 15 == PKCS1:
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(hash_of), hash_of.digest_size)


def check_rsa_signatures(card, public, reference):
    for half, hash_of in HASHES.items():
        for mechanism in (PKCS1, PSS):
            algorithm = half | mechanism
            choose(card, 0xB6, reference, algorithm)
            signature = card.ok('002A9E9A', digest(hash_of), 65536)
            public.verify(signature, MESSAGE, rsa_padding(algorithm, hash_of), hash_of)
            # The card hashes: values of objects, whole objects, and by the operation of its own.
            inside = tlv(0x80, MESSAGE[:5]) + tlv(0x81, MESSAGE[5:])
            public.verify(card.ok('002A9EAC', inside, 65536), MESSAGE, rsa_padding(algorithm, hash_of), hash_of)
            public.verify(card.ok('002A9EBC', inside, 65536), inside, rsa_padding(algorithm, hash_of), hash_of)
            card.ok('002A9080', MESSAGE)
            signature = card.ok('002A9E9A', le=65536)
            public.verify(signature, MESSAGE, rsa_padding(algorithm, hash_of), hash_of)
            card.refused(0x6985, '002A9E9A', le=65536)
            # And verifies, what is right and what is not.
            card.ok('002A00A8', tlv(0x9A, digest(hash_of)) + tlv(0x9E, signature))
            card.ok('002A9080', MESSAGE)
            card.ok('002A00A8', tlv(0x9E, signature))
            card.ok('002A00A8', tlv(0xAC, tlv(0x80, MESSAGE)) + tlv(0x9E, signature))
            card.refused(0x6300, '002A00A8', tlv(0x9A, digest(hash_of, b'other')) + tlv(0x9E, signature))
            card.refused(0x6300, '002A00A8', tlv(0x9A, digest(hash_of)) + tlv(0x9E, signature[:-1]))
            card.refused(0x6A80, '002A9E9A', digest(hash_of)[1:], 65536)


def test_rsa_signatures():
    card = new_card()
    public = generate_rsa(card, 5, 2048)
    choose(card, 0xB6, 5, 0x42)
    card.refused(0x6982, '002A9E9A', digest(hashes.SHA256()), 65536)
    card.verify()
    check_rsa_signatures(card, public, 5)
    # Without a hash function: a DigestInfo that the terminal makes, or anything short enough.
    choose(card, 0xB6, 5, PKCS1)
    info = bytes.fromhex('3031300D060960864801650304020105000420') + digest(hashes.SHA256())
    public.verify(card.ok('002A9E9A', info, 65536), MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    card.ok('002A9E9A', bytes(245), 65536)
    card.refused(0x6A80, '002A9E9A', bytes(246), 65536)


def test_rsa_sizes():
    card = new_card()
    card.verify()
    for bits in (1024, 1536, 3072):
        public = generate_rsa(card, 6, bits)
        choose(card, 0xB6, 6, 0x42)
        public.verify(card.ok('002A9E9A', digest(hashes.SHA256()), 65536), MESSAGE, padding.PKCS1v15(),
                      hashes.SHA256())
    for bits in (512, 1020, 4104, 1):
        card.refused(0x6A81, '00468000',
                     templates(6) + tlv(0xAC, RSA + tlv(0x81, bits.to_bytes(2, 'big'))), 65536)


def private_parts(parts):
    """7F48 and 5F48, of tags and values."""
    heads = b''.join(tlv(tag, value)[:-len(value)] for tag, value in parts)
    return tlv(0x7F48, heads) + tlv(0x5F48, b''.join(value for _, value in parts))


def rsa_parts(key):
    n = key.private_numbers()
    return private_parts([(0x91, number(n.public_numbers.e)), (0x92, number(n.p)), (0x93, number(n.q)),
                          (0x94, number(n.iqmp)), (0x95, number(n.dmp1)), (0x96, number(n.dmq1)),
                          (0x97, number(n.public_numbers.n))])


def test_rsa_import():
    card = new_card()
    for bits in (1024, 2048, 4096):
        key = rsa.generate_private_key(65537, bits)
        card.import_key(templates(7), tlv(0xAC, RSA), rsa_parts(key))
        card.verify()
        choose(card, 0xB6, 7, 0x42)
        key.public_key().verify(card.ok('002A9E9A', digest(hashes.SHA256()), 65536), MESSAGE,
                                padding.PKCS1v15(), hashes.SHA256())
    # The public part alone: it verifies and does not sign.
    public = key.public_key().public_numbers()
    card.import_key(templates(8), tlv(0xAC, RSA),
                    tlv(0x7F49, tlv(0x81, number(public.n)) + tlv(0x82, number(public.e))))
    choose(card, 0xB6, 8, 0x62)
    signature = key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA512())
    card.ok('002A00A8', tlv(0x9A, digest(hashes.SHA512())) + tlv(0x9E, signature))
    card.refused(0x6985, '002A9E9A', digest(hashes.SHA512()), 65536)
    # Numbers that do not belong together; a part that is missing.
    card.refused(0x6A80, '00DB3FFF', tlv(0x4D, templates(8) + tlv(0xAC, RSA) + private_parts(
        [(0x91, b'\1\0\1'), (0x92, os.urandom(64)), (0x93, os.urandom(64))])))
    card.ok('002A00A8', tlv(0x9A, digest(hashes.SHA512())) + tlv(0x9E, signature))


def test_rsa_ciphers():
    card = new_card()
    public = generate_rsa(card, 5, 2048)
    secret = os.urandom(32)
    card.verify()
    ciphers = [(CIPHER, padding.PKCS1v15())]
    for half, hash_of in HASHES.items():
        ciphers.append((half | OAEP, padding.OAEP(padding.MGF1(hash_of), hash_of, None)))
    for algorithm, scheme in ciphers:
        choose(card, 0xB8, 5, algorithm)
        cryptogram = public.encrypt(secret, scheme)
        equal(card.ok('002A8084', cryptogram, 65536), secret)
        equal(card.ok('002A8086', b'\0' + cryptogram, 65536), secret)
        cryptogram = card.ok('002A8680', secret, 65536)
        equal(cryptogram[:1], b'\0')
        equal(card.ok('002A8084', cryptogram[1:], 65536), secret)
        equal(card.ok('002A8084', card.ok('002A8480', secret, 65536), 65536), secret)
        card.refused(0x6A80, '002A8086', b'\1' + cryptogram[1:], 65536)
        card.refused(0x6A80, '002A8084', cryptogram, 65536)
        card.refused(0x6A80, '002A8480', bytes(256), 65536)
    choose(card, 0xB8, 5, 0x4D)
    broken = bytearray(public.encrypt(secret, ciphers[3][1]))
    broken[100] ^= 1
    card.refused(0x6A80, '002A8084', bytes(broken), 65536)
    card.restart()
    choose(card, 0xB8, 5, CIPHER)
    card.refused(0x6982, '002A8084', public.encrypt(secret, padding.PKCS1v15()), 65536)


def der_signature(plain):
    half = len(plain) // 2
    return utils.encode_dss_signature(int.from_bytes(plain[:half], 'big'), int.from_bytes(plain[half:], 'big'))


def verify_with_openssl(oid, point, signature):
    """For curves that the cryptography package has no name for."""
    algorithm = tlv(0x30, tlv(0x06, bytes.fromhex('2A8648CE3D0201')) + tlv(0x06, oid))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (('key', tlv(0x30, algorithm + tlv(0x03, b'\0' + point))),
                           ('signature', signature), ('message', MESSAGE)):
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(data)
        done = subprocess.run(['openssl', 'dgst', '-sha256', '-keyform', 'DER', '-verify', 'key', '-signature',
                               'signature', 'message'], cwd=folder, capture_output=True)
    assert done.returncode == 0, done


def verify_ec(oid, curve, point, signature, hash_of):
    if curve is not None:
        public = ec.EllipticCurvePublicKey.from_encoded_point(curve(), point)
        public.verify(der_signature(signature), MESSAGE, ec.ECDSA(hash_of))
    elif isinstance(hash_of, hashes.SHA256):
        verify_with_openssl(oid, point, der_signature(signature))


def test_ec_signatures():
    card = new_card()
    card.verify()
    for name, (oid, curve) in CURVES.items():
        oid = bytes.fromhex(oid)
        point = generate(card, 9, EC + tlv(0x06, oid))[0x86]
        for half, hash_of in HASHES.items():
            choose(card, 0xB6, 9, half | ECDSA)
            signature = card.ok('002A9E9A', digest(hash_of), 256)
            try:
                verify_ec(oid, curve, point, signature, hash_of)
            except InvalidSignature:
                raise AssertionError('%s with %s' % (name, hash_of.name)) from None
            card.ok('002A00A8', tlv(0x9A, digest(hash_of)) + tlv(0x9E, signature))
            card.refused(0x6300, '002A00A8', tlv(0x9A, digest(hash_of, b'other')) + tlv(0x9E, signature))
            card.refused(0x6300, '002A00A8', tlv(0x9A, digest(hash_of)) + tlv(0x9E, signature[:-1]))
    choose(card, 0xB6, 9, ECDSA)
    verify_ec(oid, curve, point, card.ok('002A9E9A', digest(hashes.SHA256()), 256), hashes.SHA256())
    card.refused(0x6A81, '00468000', templates(9) + tlv(0xAC, EC + tlv(0x06, b'\x2A\x03')), 256)


def test_ec_import_and_agreement():
    card = new_card()
    card.verify()
    for name, (oid, curve) in CURVES.items():
        if curve is None:
            continue
        ours, theirs = (ec.generate_private_key(curve()) for _ in range(2))
        size = (curve.key_size + 7) // 8
        scalar = theirs.private_numbers().private_value.to_bytes(size, 'big')
        mechanism = tlv(0xAC, EC + tlv(0x06, bytes.fromhex(oid)))
        card.import_key(templates(10), mechanism, private_parts([(0x92, scalar)]))
        encode = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        point = ours.public_key().public_bytes(*encode)
        shared = ours.exchange(ec.ECDH(), theirs.public_key())
        choose(card, 0xB8, 10, ECDH)
        wrapped = tlv(0xA6, tlv(0x7F49, tlv(0x86, point)))
        equal(card.ok('002A8086', wrapped, 256), shared, name)
        card.ok('002241A6', tlv(0x84, b'\x0A'))
        equal(card.ok('00860000', tlv(0x7C, tlv(0x85, point) + tlv(0x82)), 256),
              tlv(0x7C, tlv(0x82, shared)), name)
        # A point that is none, and none at all.
        off = point[:-1] + bytes([point[-1] ^ 1])
        card.refused(0x6A80, '002A8086', tlv(0xA6, tlv(0x7F49, tlv(0x86, off))), 256)
        card.refused(0x6A80, '002A8086', tlv(0xA6, tlv(0x7F49, tlv(0x86, b'\0'))), 256)
        card.refused(0x6A80, '002A8086', wrapped + b'\0', 256)
        card.refused(0x6A80, '002A8086', b'\0' + wrapped, 256)
        # The public key of an imported private one, and one that is imported alone.
        public = objects(take(card.ok('00478100', tlv(0xB6, tlv(0x84, b'\x0A')), 256))[1])[0x86]
        equal(public, theirs.public_key().public_bytes(*encode))
        card.import_key(templates(11), mechanism, tlv(0x7F49, tlv(0x86, point)))
        choose(card, 0xB6, 11, 0x44)
        r, s = utils.decode_dss_signature(ours.sign(MESSAGE, ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(size, 'big') + s.to_bytes(size, 'big')
        if curve.key_size % 8 == 0:
            card.ok('002A00A8', tlv(0x9A, digest(hashes.SHA256())) + tlv(0x9E, signature))
        card.refused(0x6985, '002A9E9A', digest(hashes.SHA256()), 256)
        card.refused(0x6A80, '00DB3FFF', tlv(0x4D, templates(11) + mechanism + tlv(0x7F49, tlv(0x86, off))))


def test_authentication_with_key_pairs():
    card = new_card()
    card.verify()
    public = generate_rsa(card, 5, 1024)
    nonce = os.urandom(16)
    public.verify(card.ok('00884205', nonce, 65536), nonce, padding.PKCS1v15(), hashes.SHA256())
    public.verify(card.ok('00884505', nonce, 65536), nonce, rsa_padding(0x45, hashes.SHA256()), hashes.SHA256())
    _, answer, _ = take(card.ok('00864205', tlv(0x7C, tlv(0x81, nonce) + tlv(0x82)), 65536))
    public.verify(objects(answer)[0x82], nonce, padding.PKCS1v15(), hashes.SHA256())
    # The terminal has the private key; the card, the public one.
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(serialization.Encoding.X962,
                                          serialization.PublicFormat.UncompressedPoint)
    card.import_key(tlv(0xA4, tlv(0x83, b'\x0C')), tlv(0xAC, EC), tlv(0xC0, b'\x02'),
                    tlv(0x7F49, tlv(0x86, point)))

    def sign(challenge):
        r, s = utils.decode_dss_signature(key.sign(challenge, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, 'big') + s.to_bytes(32, 'big')

    card.refused(0x63C2, '0082440C')
    card.ok('0082440C', sign(card.ok('00840000', le=32)))
    card.ok('0082440C')
    card.ok('00840000', le=32)
    card.refused(0x63C1, '0082440C', sign(bytes(32)))
    _, value, _ = take(card.ok('0086440C', tlv(0x7C, tlv(0x81)), 256))
    card.ok('0086440C', tlv(0x7C, tlv(0x82, sign(objects(value)[0x81]))))
    card.refused(0x6985, '0088440C', nonce, 256)


def test_keys_stay_in_an_image():
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'card.json')
        card = new_card('--save-image', image)
        public = generate_rsa(card, 5, 1024)
        point = generate(card, 6, EC)[0x86]
        other = rsa.generate_private_key(65537, 1024).public_key()
        card.import_key(templates(7), tlv(0xAC, RSA), tlv(
            0x7F49, tlv(0x81, number(other.public_numbers().n)) + tlv(0x82, b'\1\0\1')))
        Program.end_all()
        code, text, _ = result(VICC, '--describe', image)
        equal(code, 0)
        for line in ('key 5: rsa, 1024 bits', 'key 6: ec, 256 bits', 'key 7: rsa, 1024 bits'):
            assert line in text, text
        card = new_card('--file', image)
        card.verify()
        choose(card, 0xB6, 5, 0x42)
        public.verify(card.ok('002A9E9A', digest(hashes.SHA256()), 256), MESSAGE, padding.PKCS1v15(),
                      hashes.SHA256())
        choose(card, 0xB6, 6, 0x44)
        verify_ec(None, ec.SECP256R1, point, card.ok('002A9E9A', digest(hashes.SHA256()), 256), hashes.SHA256())
        choose(card, 0xB6, 7, 0x42)
        card.refused(0x6985, '002A9E9A', digest(hashes.SHA256()), 256)
        equal(objects(take(card.ok('00468100', tlv(0xB6, tlv(0x84, b'\7')), 256))[1])[0x81],
              number(other.public_numbers().n))


def test_seed_repeats_everything():
    def conversation():
        card = new_card('--seed', '00112233')
        card.verify()
        log = [card.ok('00468000', templates(5) + tlv(0xAC, RSA + tlv(0x81, b'\x04\x00')), 65536),
               card.ok('00468000', templates(6) + tlv(0xAC, EC), 65536),
               card.ok('00840000', le=16)]
        choose(card, 0xB6, 6, 0x44)
        log.append(card.ok('002A9E9A', digest(hashes.SHA256()), 256))
        choose(card, 0xB6, 5, 0x45)
        log.append(card.ok('002A9E9A', digest(hashes.SHA256()), 256))
        choose(card, 0xB8, 5, CIPHER)
        log.append(card.ok('002A8480', b'secret', 256))
        return log

    equal(conversation(), conversation())


if __name__ == '__main__':
    main(globals())
