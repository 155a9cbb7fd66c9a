# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What OpenSC's programs do with a Cryptoflex, whichever service it is behind.

OpenSC's driver "flex" is among its old ones: a configuration of the test's own asks for it. MENDED is a library
that is preloaded where OpenSC itself does not get as far as the card (opensc_flex.c says why)."""
import os
import re

import harness

MENDED = os.environ.get('OPENSC_FLEX', '')
NEEDS = ['opensc-tool', 'opensc-explorer', 'cryptoflex-tool', 'pkcs15-init', 'pkcs15-tool', 'pkcs11-tool', 'openssl']
TRANSPORT_KEY = 'F02A0001082C15E526E93E8A19'
SO_PIN, PIN, NEW_PIN, PUK = '654321', '1234', '567890', '12345678'


class Client:
    """Runs OpenSC's programs in a folder of their own."""

    def __init__(self, t, environment):
        self.t, self.folder = t, t.folder
        conf = self.path('opensc.conf')
        with open(conf, 'w') as file:
            file.write('app default {\n\tcard_drivers = old, internal;\n'
                       '\tframework pkcs15 {\n\t\tuse_file_caching = no;\n\t}\n}\n')
        self.environment = dict(os.environ, OPENSC_CONF=conf, HOME=self.folder, **environment)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *argv, typed=None, status=0, mended=False):
        environment = dict(self.environment, LD_PRELOAD=MENDED) if mended else self.environment
        stdin = {}
        if typed is not None:
            with open(self.path('typed'), 'w') as file:
                file.write(typed)
            stdin = {'stdin': open(self.path('typed'))}
        return self.t.run(list(argv), status=status, env=environment, cwd=self.folder, **stdin)


def is_named(client, name):
    harness.equal(client.run('opensc-tool', '-n').splitlines()[-1], name, 'the card is named')
    harness.contains(client.run('opensc-tool', '--serial'), '00 00 00 01 00 01 00 00')


def verify(client, public_key, signature):
    harness.contains(client.run('openssl', 'dgst', '-sha256', '-verify', public_key, '-signature', signature,
                                'message'), 'Verified OK')


def write_message(client):
    with open(client.path('message'), 'w') as file:
        file.write('signed by a card that is only software\n')


def tool(client):
    """cryptoflex-tool: a PIN file, key files, keys. It expects that the transport key was shown before."""
    printed = client.run('cryptoflex-tool', '--create-pin-file', '1', typed=PIN + '\n' + PUK + '\n', status=None)
    harness.contains(printed, 'Security status not satisfied')
    harness.contains(client.run('opensc-tool', '-s', TRANSPORT_KEY), 'SW1=0x90, SW2=0x00')
    client.run('cryptoflex-tool', '--create-pin-file', '1', typed=PIN + '\n' + PUK + '\n')
    client.run('cryptoflex-tool', '--create-key-files', '2', '--modulus-length', '1024')
    # A wrong CHV1, then none: no key.
    generate = ['cryptoflex-tool', '--generate-key', '--modulus-length', '1024', '--exponent', '65537']
    printed = client.run(*generate, '--verify-pin', typed='9999\n', status=None)
    harness.contains(printed, 'PIN code verification failed')
    harness.contains(client.run(*generate, status=None), 'CHV1 not verified')
    client.run(*generate, '--verify-pin', typed=PIN + '\n')
    client.run(*generate, '--verify-pin', '--key-num', '2', typed=PIN + '\n')
    printed = client.run('cryptoflex-tool', '--list-keys')
    harness.contains(printed, 'Key 1 -- Modulus length 1024')
    harness.contains(printed, 'Key 2 -- Modulus length 1024')
    keys = [read_key(client, number) for number in ('1', '2')]
    assert keys[0] != keys[1], keys
    raw_signature(client, keys[1])


def read_key(client, number):
    printed = client.run('cryptoflex-tool', '--read-key', '--key-num', number, mended=True)
    pem = re.search('-----BEGIN PUBLIC KEY-----.*-----END PUBLIC KEY-----\n', printed, re.DOTALL)
    assert pem, printed
    with open(client.path('key.pem'), 'w') as file:
        file.write(pem.group())
    described = client.run('openssl', 'pkey', '-pubin', '-in', 'key.pem', '-noout', '-text')
    harness.contains(described, '1024 bit')
    harness.contains(described, '65537')
    return pem.group()


def raw_signature(client, pem):
    """INTERNAL AUTHENTICATE by hand with key 2; openssl finds the same number."""
    number = bytes([0]) + bytes(range(1, 128))
    printed = client.run('opensc-tool', '-s', 'C020000108' + PIN.encode().hex() + '00000000',
                         '-s', 'C088000180' + number[::-1].hex() + '80')
    digits = re.findall(r'^((?:[0-9A-F]{2} )+)', printed.split('Received')[-1], re.MULTILINE)
    with open(client.path('power'), 'wb') as file:
        file.write(bytes.fromhex(''.join(digits))[::-1])
    with open(client.path('key.pem'), 'w') as file:
        file.write(pem)
    client.run('openssl', 'pkeyutl', '-verifyrecover', '-pubin', '-inkey', 'key.pem', '-in', 'power',
               '-pkeyopt', 'rsa_padding_mode:none', '-out', 'recovered')
    with open(client.path('recovered'), 'rb') as file:
        harness.equal(file.read(), number, 'what openssl recovers')


def pkcs15(client, generate, bits):
    """A PKCS#15 structure with an RSA key, generated on the card or stored; a signature."""
    transport = ['--use-default-transport-keys', '--so-pin', SO_PIN]
    client.run('pkcs15-init', '--create-pkcs15', '--so-puk', PUK, *transport)
    client.run('pkcs15-init', '--store-pin', '--auth-id', '01', '--pin', PIN, '--puk', PUK, '--label', 'User',
               *transport)
    key = ['--auth-id', '01', '--id', '45', '--pin', PIN]
    if generate:
        client.run('pkcs15-init', '--generate-key', 'rsa/%d' % bits, *key, *transport)
    else:
        client.run('openssl', 'genrsa', '-out', 'private.pem', str(bits))
        client.run('pkcs15-init', '--store-private-key', 'private.pem', *key, *transport)
    printed = client.run('pkcs15-tool', '--dump')
    for part in ('PIN [User]', 'Private RSA Key', 'ModLength      : %d' % bits, 'Native         : yes'):
        harness.contains(printed, part)
    client.run('pkcs15-tool', '--read-public-key', '45', '--output', 'public.pem')
    sign(client, PIN)
    client.run('pkcs15-tool', '--change-pin', '--auth-id', '01', '--pin', PIN, '--new-pin', NEW_PIN)
    printed = client.run('pkcs15-tool', '--verify-pin', '--auth-id', '01', '--pin', PIN, status=None)
    harness.contains(printed, 'failed')  # 6300, as the card's manual says, which OpenSC takes for any failure
    sign(client, NEW_PIN)
    client.run('pkcs15-tool', '--unblock-pin', '--auth-id', '01', '--puk', PUK, '--new-pin', PIN)
    sign(client, PIN)
    # Erased, it is as new.
    client.run('pkcs15-init', '--erase-card', *transport)
    client.run('pkcs15-init', '--create-pkcs15', '--so-puk', PUK, *transport)


def sign(client, pin):
    write_message(client)
    client.run('pkcs11-tool', '--login', '--pin', pin, '--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', '45',
               '--input-file', 'message', '--output-file', 'signature', mended=True)
    verify(client, 'public.pem', 'signature')


# Model; the name that OpenSC has for it; whether the key is generated there; its bits.
MODELS = [
    ('8k', 'Cryptoflex', False, 1024),
    ('16k', 'Cryptoflex 16K', True, 1024),
    ('32k', 'Cryptoflex 32K v4', True, 2048),
]
