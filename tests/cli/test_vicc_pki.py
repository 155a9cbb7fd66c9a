# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What vicc-pki makes, judged by OpenSSL's programs, and CV certificates by a reader of their own here: TLV by hand, the
signature by openssl dgst, with the public key of the key file."""
import datetime
import glob
import hashlib
import os
import shutil
import subprocess
import tempfile

import common
from common import equal

CURVES = ['P-192', 'P-224', 'P-256', 'P-384', 'P-521', 'brainpoolP192r1', 'brainpoolP224r1', 'brainpoolP256r1',
          'brainpoolP320r1', 'brainpoolP384r1', 'brainpoolP512r1']
DIGESTS = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512']
# RFC 5639, 3.4
BRAINPOOL_P256R1 = {
    0x81: 'A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377',
    0x82: '7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9',
    0x83: '26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6',
    0x84: '048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262'
          '547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997',
    0x85: 'A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7',
    0x87: '01'}
ID_TA = bytes.fromhex('04007F0007020202')
RSA_SUITES = {1: ('sha1', False), 2: ('sha256', False), 3: ('sha1', True), 4: ('sha256', True), 5: ('sha512', False),
              6: ('sha512', True)}
TERMINALS = {1: ('IS', 1, [0, 1]), 2: ('AT', 5, list(range(31)) + list(range(32, 38))), 3: ('ST', 1, [0, 1])}


class Folder:
    """A folder to work in, and the programs there."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def write(self, name, content):
        with open(self.path(name), 'wb') as file:
            file.write(content)

    def pki(self, *arguments):
        status, out, err = common.result(common.VICC_PKI, *arguments, cwd=self.folder.name)
        equal((status, err), (0, ''), 'vicc-pki ' + ' '.join(arguments))
        return out

    def openssl(self, *arguments, good=True):
        done = subprocess.run(['openssl', *arguments], cwd=self.folder.name, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=common.LIMIT)
        assert (done.returncode == 0) == good, (arguments, done.stdout, done.stderr)
        return done.stdout

    def authority(self, *options):
        self.pki('csca', '-n', 'csca-key.pem', '-o', 'csca.pem', '--pem', '--name', 'CSCA Utopia', *options)

    def signer(self, command, *options):
        self.pki(command, '-i', 'csca.pem', '--issuer-key', 'csca-key.pem', '-n', 'signer-key.pem', '-o', 'signer.der',
                 *options)

    def check_chain(self):
        self.openssl('x509', '-inform', 'DER', '-in', 'signer.der', '-out', 'signer.pem')
        self.openssl('verify', '-auth_level', '0', '-x509_strict', '-CAfile', 'csca.pem', 'signer.pem')

    def verify_cms(self, name, *options):
        """The content, with signature and chain verified by OpenSSL."""
        self.openssl('cms', '-verify', '-inform', 'DER', '-in', name, '-CAfile', 'csca.pem', '-purpose', 'any', '-binary',
                     '-auth_level', '0', '-out', 'content', *options)
        return self.read('content')


def tlv(data):
    """The data objects in data: (tag, value) pairs."""
    found = []
    at = 0
    while at < len(data):
        start = at
        at += 1
        if data[start] & 0x1F == 0x1F:
            while data[at] & 0x80:
                at += 1
            at += 1
        tag = int.from_bytes(data[start:at], 'big')
        length = data[at]
        at += 1
        if length > 0x80:
            n = length & 0x7F
            length = int.from_bytes(data[at:at + n], 'big')
            at += n
        assert at + length <= len(data), data.hex()
        found.append((tag, data[at:at + length]))
        at += length
    return found


def only(data, tag):
    objects = tlv(data)
    equal([found for found, _ in objects], [tag])
    return objects[0][1]


def put(tag, value):
    length = len(value)
    size = bytes([length]) if length < 128 else bytes([0x81, length]) if length < 256 else b'\x82' + length.to_bytes(2, 'big')
    return tag.to_bytes((tag.bit_length() + 7) // 8, 'big') + size + value


def number(value):
    value = value.lstrip(b'\0') or b'\0'
    return put(2, (b'\0' if value[0] & 0x80 else b'') + value)


def check_sod(folder, data_groups, digest, version):
    content = folder.verify_cms('sod.cms')
    lds = tlv(only(content, 0x30))
    equal(lds[0], (2, bytes([version])))
    hashes = {}
    for _, one in tlv(lds[2][1]):
        (_, n), (_, value) = tlv(one)
        hashes[n[0]] = value
    equal(hashes, {n: hashlib.new(digest, value).digest() for n, value in data_groups.items()})
    equal(len(lds), 3 + version)
    if version == 1:
        equal(tlv(lds[3][1]), [(0x13, b'0108'), (0x13, b'040000')])


def make_sod(folder, *options):
    """EF.SOD about two data groups; sod.cms is what is in data object 77."""
    data_groups = {1: put(0x61, b'mrz'), 14: put(0x6E, b'\x31\x00')}
    arguments = []
    for n, value in data_groups.items():
        folder.write('dg%d' % n, value)
        arguments += ['--dg', '%d=dg%d' % (n, n)]
    folder.pki('sod', '--force', '-s', 'signer.der', '--signer-key', 'signer-key.pem', '-o', 'sod.bin', *arguments, *options)
    folder.write('sod.cms', only(folder.read('sod.bin'), 0x77))
    return data_groups


def test_sod_rsa():
    for options in ([], ['--pss'], ['--digest', 'sha512'], ['--pss', '--digest', 'sha512']):
        with Folder() as folder:
            folder.authority('-t', 'rsa:2048', *options)
            folder.signer('signer', '-t', 'rsa:2048', *options)
            folder.check_chain()
            for digest in DIGESTS:
                data_groups = make_sod(folder, '--digest', digest, *[o for o in options if o == '--pss'])
                check_sod(folder, data_groups, digest, 0)


def test_sod_ecdsa():
    """A chain on each curve; OpenSSL takes it with curves by name alone."""
    for curve in CURVES:
        with Folder() as folder:
            folder.authority('-t', curve, '--curve-form', 'named')
            folder.signer('signer', '-t', curve, '--curve-form', 'named')
            folder.check_chain()
            digest = 'sha384' if '384' in curve else 'sha256'
            data_groups = make_sod(folder, '--digest', digest, '--lds-version', '0108')
            check_sod(folder, data_groups, digest, 1)
            # The judge does judge.
            changed = bytearray(folder.read('sod.cms'))
            changed[changed.index(hashlib.new(digest, data_groups[1]).digest())] ^= 1
            folder.write('changed.cms', changed)
            folder.openssl('cms', '-verify', '-inform', 'DER', '-in', 'changed.cms', '-CAfile', 'csca.pem',
                           '-purpose', 'any', '-auth_level', '0', '-out', 'content', good=False)
            assert 'WRONG' in folder.pki('show', 'changed.cms')


def test_explicit_curves():
    """As ICAO wants them. OpenSSL reads them, and verifies signatures, but follows no chain."""
    with Folder() as folder:
        folder.authority('-t', 'brainpoolP256r1')
        folder.signer('signer', '-t', 'brainpoolP256r1')
        text = folder.openssl('x509', '-in', 'csca.pem', '-noout', '-text').decode()
        assert 'Field Type: prime-field' in text and 'Generator (uncompressed)' in text, text
        folder.openssl('x509', '-inform', 'DER', '-in', 'signer.der', '-out', 'signer.pem')
        refused = subprocess.run(['openssl', 'verify', '-CAfile', 'csca.pem', 'signer.pem'], cwd=folder.folder.name,
                                 capture_output=True, timeout=common.LIMIT)
        assert b'error 94' in refused.stderr, refused
        body, _, bits = tlv(only(folder.read('signer.der'), 0x30))
        folder.write('body', put(*body))
        folder.write('signature', bits[1][1:])
        folder.openssl('pkey', '-in', 'csca-key.pem', '-pubout', '-out', 'public.pem')
        folder.openssl('dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'body')
        make_sod(folder)
        folder.openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'sod.cms', '-out', 'content')


def test_card_security():
    infos = bytes.fromhex('31143012 060A04007F00070202040202 020102 02010D')
    with Folder() as folder:
        folder.authority('-t', 'rsa:2048')
        folder.signer('signer')
        folder.write('infos', infos)
        folder.pki('card-security', '--security-infos', 'infos', '-s', 'signer.der', '--signer-key', 'signer-key.pem',
                   '-o', 'card-security')
        equal(folder.verify_cms('card-security'), infos)
        shown = folder.pki('show', 'card-security', 'infos')
        assert 'EF.CardSecurity' in shown and 'SecurityInfos' in shown, shown
        equal(shown.count('ECDH-GM-AES-CBC-CMAC-128'), 2)


def test_master_list():
    with Folder() as folder:
        folder.authority('-t', 'rsa:2048')
        folder.pki('csca', '-n', 'next-key.pem', '-t', 'P-384', '--curve-form', 'named', '-o', 'next.der', '--name', 'Next')
        folder.pki('csca-link', '-k', 'next-key.pem', '-i', 'csca.pem', '--issuer-key', 'csca-key.pem', '--name', 'Next',
                   '--curve-form', 'named', '-o', 'link.pem', '--pem')
        folder.openssl('verify', '-CAfile', 'csca.pem', 'link.pem')
        folder.signer('master-list-signer')
        folder.pki('master-list', '-s', 'signer.der', '--signer-key', 'signer-key.pem', '--add-certificate', 'csca.pem',
                   '-o', 'list', 'csca.pem', 'next.der', 'link.pem')
        version, certificates = tlv(only(folder.verify_cms('list'), 0x30))
        equal(version, (2, b'\0'))
        members = [put(*one) for one in tlv(certificates[1])]
        equal(members, sorted(members))
        assert folder.read('next.der') in members and len(members) == 3
        equal(folder.pki('show', 'list').count('\n  certificate  '), 3)


def test_revocation():
    with Folder() as folder:
        folder.authority('-t', 'rsa:2048')
        folder.signer('signer', '--serial', '0A0B')
        folder.check_chain()
        for serial, good in (('0A0B', False), ('0A0C', True)):
            folder.pki('crl', '--force', '-i', 'csca.pem', '--issuer-key', 'csca-key.pem', '--revoke', serial,
                       '--crl-number', '7', '-o', 'crl.pem', '--pem')
            folder.openssl('verify', '-crl_check', '-CAfile', 'csca.pem', '-CRLfile', 'crl.pem', 'signer.pem', good=good)
        text = folder.openssl('crl', '-in', 'crl.pem', '-noout', '-text').decode()
        assert 'CRL Number: \n                7' in text and 'Authority Key Identifier' in text, text


def test_dates_and_names():
    with Folder() as folder:
        folder.authority('-t', 'rsa:1024', '--from', '2026-02-28', '--until', '2060-12-31', '--country', 'XX',
                         '--mrz-country', 'XXX', '--organization', 'Org', '--serial', '80FF', '--email', 'a@b.example',
                         '--crl-url', 'http://c.example/d')
        folder.signer('signer', '-t', 'rsa:1024', '--document-type', 'ID', '--document-type', 'AR', '--from', '2026-02-28')
        text = folder.openssl('x509', '-in', 'csca.pem', '-noout', '-text').decode()
        for word in ('C = XX, O = Org, CN = CSCA Utopia', 'Feb 28 00:00:00 2026', 'Dec 31 23:59:59 2060', 'a@b.example',
                     'http://c.example/d', 'DirName:/L=XXX', '(0x80ff)'):
            assert word in text, (word, text)
        text = folder.openssl('x509', '-inform', 'DER', '-in', 'signer.der', '-noout', '-text').decode()
        assert 'Subject: C = XX, O = Org, CN = Document Signer' in text, text
        assert 'May 28 23:59:59 2036' in text, text  # ten years and three months
        shown = folder.pki('show', 'csca.pem', 'signer.der')
        for word in ('C=XX, O=Org, CN=CSCA Utopia', '2026-02-28 to 2060-12-31', 'a@b.example', 'http://c.example/d', '80FF',
                     'XXX', 'certificate signing', 'CRL signing', 'digital signature', 'RSA, 1024 bits', 'by itself: right',
                     'document types       AR\n                       ID\n', '20260228000000Z'):
            assert word in shown, (word, shown)


class Certificate:
    """A CV certificate, or a request for one (has_chat false)."""

    def __init__(self, data, has_chat=True):
        body, signature = tlv(only(data, 0x7F21))
        equal((body[0], signature[0]), (0x7F4E, 0x5F37))
        self.signed, self.signature = put(*body), signature[1]
        fields = dict(tlv(body[1]))
        equal(fields.pop(0x5F29), b'\0')
        self.car, self.chr = fields.pop(0x42, None), fields.pop(0x5F20)
        self.key = dict(tlv(fields.pop(0x7F49)))
        self.suite = self.key.pop(6)
        equal(self.suite[:-2], ID_TA)
        self.extensions = fields.pop(0x65, b'')
        if has_chat:
            chat = dict(tlv(fields.pop(0x7F4C)))
            equal(chat[6][:-1], bytes.fromhex('04007F0007030102'))
            self.kind, size, self.known = TERMINALS[chat[6][-1]]
            equal(len(chat[0x53]), size)
            self.role = chat[0x53][0] >> 6
            bits = int.from_bytes(chat[0x53], 'big') & ((1 << 8 * size - 2) - 1)
            self.rights = [bit for bit in range(8 * size - 2) if bits >> bit & 1]
            self.dates = ['20%d%d-%d%d-%d%d' % tuple(fields.pop(tag)) for tag in (0x5F25, 0x5F24)]
        equal(fields, {})

    def check(self, folder, suite, key):
        """The signature, by an issuer with this suite and key file."""
        folder.write('body', self.signed)
        folder.openssl('pkey', '-in', key, '-pubout', '-out', 'public.pem')
        signature, options = self.signature, []
        if suite[-2] == 2:
            digest, half = DIGESTS[suite[-1] - 1], len(signature) // 2
            signature = put(0x30, number(signature[:half]) + number(signature[half:]))
        else:
            digest, pss = RSA_SUITES[suite[-1]]
            if pss:
                options = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']
        folder.write('signature', signature)
        folder.openssl('dgst', '-' + digest, '-verify', 'public.pem', '-signature', 'signature', *options, 'body')

    def check_key(self, folder, key):
        """The public key is that of the key file."""
        info = folder.openssl('pkey', '-in', key, '-pubout', '-outform', 'DER')
        assert info.endswith(self.key[0x86]) if self.suite[-2] == 2 else self.key[0x81] in info, self.key


def make_chain(folder, key_type, *options):
    folder.pki('cvca', '-r', 'UTCVCA00001', '-t', key_type, '-n', 'cvca-key.pem', '-o', 'cvca.cvcert', *options)
    folder.pki('dv', '-r', 'UTDV00001', '-i', 'cvca.cvcert', '--issuer-key', 'cvca-key.pem', '-n', 'dv-key.pem',
               '-o', 'dv.cvcert', '--foreign')
    folder.pki('terminal', '-r', 'UTIS00001', '-i', 'dv.cvcert', '--issuer-key', 'dv-key.pem', '-n', 'terminal-key.pem',
               '-o', 'terminal.cvcert')


def check_chain(folder, names=('cvca', 'dv', 'terminal')):
    chain = [Certificate(folder.read(name + '.cvcert')) for name in names]
    for i, certificate in enumerate(chain):
        above = chain[max(i - 1, 0)]
        equal(certificate.car, above.chr)
        equal(certificate.kind, above.kind)
        equal(certificate.suite, above.suite)
        certificate.check(folder, above.suite, names[max(i - 1, 0)] + '-key.pem')
        certificate.check_key(folder, names[i] + '-key.pem')
        if certificate.suite[-2] == 2:
            equal(sorted(certificate.key), [0x86] if i > 0 else list(range(0x81, 0x88)))
    equal(chain[0].role, 3)
    equal(chain[2].role, 0)
    return chain


def test_cv_curves():
    for curve in CURVES:
        with Folder() as folder:
            make_chain(folder, curve)
            chain = check_chain(folder)
            equal([one.role for one in chain], [3, 1, 0])
            if curve == 'brainpoolP256r1':
                del chain[0].key[0x86]
                equal(chain[0].key, {tag: bytes.fromhex(value) for tag, value in BRAINPOOL_P256R1.items()})
            assert 'by itself: right' in folder.pki('show', 'cvca.cvcert')


def test_cv_algorithms():
    for key_type, options, suite in (
            ('rsa:1024', ['--digest', 'sha1'], (1, 1)), ('rsa:1024', [], (1, 2)),
            ('rsa:1024', ['--pss', '--digest', 'sha1'], (1, 3)), ('rsa:2048', ['--pss'], (1, 4)),
            ('rsa:1536', ['--digest', 'sha512'], (1, 5)), ('rsa:2048', ['--pss', '--digest', 'sha512'], (1, 6)),
            *((curve, ['--digest', DIGESTS[i]], (2, i + 1)) for i, curve in enumerate(['P-256'] * 5))):
        with Folder() as folder:
            make_chain(folder, key_type, *options)
            equal(tuple(check_chain(folder)[2].suite[-2:]), suite)


def test_cv_rights():
    with Folder() as folder:
        for kind, size, known in TERMINALS.values():
            folder.pki('cvca', '--force', '--kind', kind, '-r', 'UTCVCA00001', '-n', 'key.pem', '-o', 'cvca')
            equal(Certificate(folder.read('cvca')).rights, known)
            equal(Certificate(folder.read('cvca')).kind, kind)
        for names, bits in (('read-dg4', [11]), ('write-dg17', [37]), ('age-verification,read-dg21', [0, 28]), ('none', []),
                            ('all', TERMINALS[2][2])):
            folder.pki('cvca', '--force', '--kind', 'AT', '-r', 'UTCVCA00001', '-k', 'key.pem', '-o', 'cvca',
                       '--rights', names)
            equal(Certificate(folder.read('cvca')).rights, bits)
        # Unless asked otherwise, those of the issuer.
        folder.pki('cvca', '--force', '--kind', 'AT', '-r', 'UTCVCA00001', '-k', 'key.pem', '-o', 'cvca',
                   '--rights', 'read-dg4')
        folder.pki('dv', '-r', 'UTDV00001', '-i', 'cvca', '--issuer-key', 'key.pem', '-k', 'key.pem', '-o', 'dv')
        equal(Certificate(folder.read('dv')).rights, [11])
        equal(Certificate(folder.read('dv')).role, 2)


def test_cv_dates():
    with Folder() as folder:
        folder.pki('cvca', '-r', 'UTCVCA00001', '-n', 'key.pem', '-o', 'cvca', '--from', '2028-02-29', '--until', '2099-12-31')
        equal(Certificate(folder.read('cvca')).dates, ['2028-02-29', '2099-12-31'])
        folder.pki('dv', '-r', 'UTDV00001', '-i', 'cvca', '--issuer-key', 'key.pem', '-k', 'key.pem', '-o', 'dv',
                   '--from', '2028-02-29')
        equal(Certificate(folder.read('dv')).dates, ['2028-02-29', '2029-02-28'])
        folder.pki('terminal', '-r', 'UTIS00001', '-i', 'dv', '--issuer-key', 'key.pem', '-k', 'key.pem', '-o', 'is')
        days = {(datetime.datetime.utcnow() - datetime.timedelta(minutes=n)).strftime('%Y-%m-%d') for n in (0, 5)}
        assert Certificate(folder.read('is')).dates[0] in days


def test_cv_link_and_request():
    with Folder() as folder:
        make_chain(folder, 'P-256')
        folder.pki('request', '-r', 'UTCVCA00002', '--authority', 'UTCVCA00001', '-n', 'next-key.pem', '-t', 'P-384',
                   '-o', 'next.req')
        request = Certificate(folder.read('next.req'), has_chat=False)
        equal((request.car, request.chr), (b'UTCVCA00001', b'UTCVCA00002'))
        request.check(folder, request.suite, 'next-key.pem')
        request.check_key(folder, 'next-key.pem')
        folder.pki('cvca-link', '--request', 'next.req', '-i', 'cvca.cvcert', '--issuer-key', 'cvca-key.pem', '-o', 'link')
        link = Certificate(folder.read('link'))
        equal((link.car, link.chr, link.role), (b'UTCVCA00001', b'UTCVCA00002', 3))
        equal(sorted(link.key), list(range(0x81, 0x88)))
        link.check(folder, Certificate(folder.read('cvca.cvcert')).suite, 'cvca-key.pem')
        link.check_key(folder, 'next-key.pem')
        assert 'by the key itself: right' in folder.pki('show', 'next.req')
        changed = bytearray(folder.read('next.req'))
        changed[-1] ^= 1
        folder.write('changed.req', changed)
        assert 'WRONG' in folder.pki('show', 'changed.req')
        status, _, err = common.result(common.VICC_PKI, 'cvca-link', '--request', 'changed.req', '-i', 'cvca.cvcert',
                                       '--issuer-key', 'cvca-key.pem', '-o', 'x', cwd=folder.folder.name)
        assert status == 1 and 'changed.req' in err, err


def test_cv_extensions():
    with Folder() as folder:
        make_chain(folder, 'brainpoolP256r1', '--kind', 'AT')
        points = {}
        for name in ('one', 'two'):
            folder.pki('sector', '-n', name + '-key.pem', '-t', 'brainpoolP256r1', '-o', name)
            sector = tlv(only(folder.read(name), 0x7F49))
            equal(sector[0], (6, bytes.fromhex('04007F00070202050203')))
            sector = dict(sector[1:])
            points[name] = sector.pop(0x86)
            assert folder.openssl('pkey', '-in', name + '-key.pem', '-pubout', '-outform', 'DER').endswith(points[name])
            equal(sector, {tag: bytes.fromhex(value) for tag, value in BRAINPOOL_P256R1.items()})
        folder.write('words', b'description')
        folder.pki('terminal', '-r', 'UTAT00001', '-i', 'dv.cvcert', '--issuer-key', 'dv-key.pem', '-k', 'terminal-key.pem',
                   '--sector', 'one', '--sector', 'two', '--ps-sector', '13=two', '--ps-sector', '12=one',
                   '--description', 'words', '-o', 'at')
        extensions = [tlv(value) for tag, value in tlv(Certificate(folder.read('at')).extensions)]
        equal(extensions, [
            [(6, bytes.fromhex('04007F000703010301')), (0x80, hashlib.sha256(b'description').digest())],
            [(6, bytes.fromhex('04007F000703010302')), (0x80, hashlib.sha256(folder.read('one')).digest()),
             (0x81, hashlib.sha256(folder.read('two')).digest())],
            [(6, bytes.fromhex('04007F000703010303'))] +
            [(0xA0, bytes([0x80, 1, domain, 0x81, 32]) + hashlib.sha256(points[name]).digest())
             for domain, name in ((13, 'two'), (12, 'one'))]])
        folder.pki('show', 'at')


def test_public_key_alone():
    """Who only issues need not know the holder's private key."""
    with Folder() as folder:
        make_chain(folder, 'P-256')
        folder.authority('-t', 'P-256')
        folder.openssl('pkey', '-in', 'terminal-key.pem', '-pubout', '-out', 'public.key')
        folder.pki('terminal', '-r', 'UTIS00001', '-i', 'dv.cvcert', '--issuer-key', 'dv-key.pem', '-k', 'public.key', '-o', 'x')
        Certificate(folder.read('x')).check_key(folder, 'terminal-key.pem')
        folder.pki('signer', '-i', 'csca.pem', '--issuer-key', 'csca-key.pem', '-k', 'public.key', '-o', 'y')
        folder.pki('show', 'x', 'y', 'public.key')


def test_private_keys_are_not_shown():
    with Folder() as folder:
        for key_type in ('rsa:1024', 'P-256'):
            folder.pki('key', '--force', '-n', 'key.pem', '-t', key_type)
            shown = folder.pki('show', 'key.pem')
            assert 'not shown' in shown, shown
            numbers = folder.openssl('pkey', '-in', 'key.pem', '-noout', '-text').decode()
            numbers = ''.join(numbers.split()).replace(':', '').upper()
            for word in shown.split():
                assert len(word) < 16 or word.upper() not in numbers, word


def test_show_of_files():
    """DG14 and DG15 are what they have inside; keys of each kind have their size, and what is no point is said to be none."""
    with Folder() as folder:
        for name, arguments, words in (
                ('rsa', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], 'RSA, 1024 bits'),
                ('ec', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP320r1'], 'EC, brainpoolP320r1\n'),
                ('explicit', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521', '-pkeyopt',
                              'ec_param_enc:explicit'], 'EC, P-521, explicit parameters'),
                ('dh', ['-algorithm', 'DHX', '-pkeyopt', 'dh_rfc5114:2'], 'DH, 2048 bits, group of 224 bits')):
            folder.write('key.pem', folder.openssl('genpkey', *arguments))
            folder.write(name, folder.openssl('pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER'))
            folder.write('dg15', put(0x6F, folder.read(name)))
            assert words in folder.pki('show', name), words
            assert words in folder.pki('show', 'dg15'), words
        wrong = bytearray(folder.read('ec'))
        wrong[-1] ^= 1
        folder.write('wrong', wrong)
        assert 'not a point of the curve' in folder.pki('show', 'wrong')
        infos = put(0x31, put(0x30, bytes.fromhex('060A04007F00070202030202 020101 020107')) +
                    put(0x30, bytes.fromhex('060904007F000702020102') + folder.read('explicit') + bytes.fromhex('020107')))
        folder.write('dg14', put(0x6E, infos))
        shown = folder.pki('show', 'dg14')
        for word in ('chip authentication', 'ECDH-AES-CBC-CMAC-128, 0.4.0.127.0.7.2.2.3.2.2', 'P-521, explicit', '  key  '):
            assert word in shown, (word, shown)


def test_standard_output():
    with Folder() as folder:
        folder.authority('-t', 'rsa:1024')
        out = folder.pki('csca', '-k', 'csca-key.pem', '--pem', '-o', '-')
        assert out.startswith('-----BEGIN CERTIFICATE-----\n'), out
        equal(sorted(os.listdir(folder.folder.name)), ['csca-key.pem', 'csca.pem'])


def check_specimen(folder):
    for kind in ('is', 'at', 'st'):
        chain = check_chain(folder, tuple(name + '-' + kind for name in ('cvca', 'dv', 'terminal')))
        for certificate in chain:
            equal(certificate.kind, kind.upper())
            equal(certificate.rights, certificate.known)
            equal(certificate.dates, ['2026-01-01', '2099-12-31'])
            assert certificate.chr.startswith(b'UTSPEC'), certificate.chr
    at = Certificate(folder.read('terminal-at.cvcert'))
    assert hashlib.sha256(folder.read('sector-at.bin')).digest() in at.extensions
    folder.openssl('x509', '-inform', 'DER', '-in', 'csca.der', '-out', 'csca.pem')
    folder.check_chain()
    text = folder.openssl('x509', '-in', 'signer.pem', '-noout', '-subject', '-issuer', '-dates').decode()
    assert text.count('SPECIMEN') >= 4 and 'Dec 31 23:59:59 2099' in text, text
    for key in glob.glob(folder.path('*-key.pem')):
        folder.openssl('pkey', '-in', key, '-noout', '-check')


def test_specimen():
    """The files that are in the tree, and what its script makes of the same keys, and of none."""
    specimen = os.path.join(common.SOURCE_ROOT, 'data', 'specimen')
    with Folder() as folder:
        for path in glob.glob(os.path.join(specimen, '*')):
            shutil.copy(path, folder.folder.name)
        check_specimen(folder)
        environment = dict(os.environ, VICC_PKI=common.VICC_PKI)
        equal(common.result(folder.path('make-pki.sh'), env=environment), (0, '', ''))
        for name in glob.glob(os.path.join(specimen, '*-key.pem')):
            with open(name, 'rb') as file:
                equal(folder.read(os.path.basename(name)), file.read(), name)
        check_specimen(folder)
    with Folder() as folder:
        equal(common.result(os.path.join(specimen, 'make-pki.sh'), folder.folder.name, env=environment), (0, '', ''))
        check_specimen(folder)


common.main(globals())
