# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CSCA and a document signer that openssl makes."""
import subprocess

import support
from terminal import signed


class Pki:
    """In a folder: csca.key, csca.pem, csca.der, signer.key, signer.pem. algorithm: words for openssl genpkey;
    signing: words for openssl req and x509, as for PSS."""

    def __init__(self, folder, algorithm, signing=()):
        self.folder = folder
        for name in ('csca', 'signer'):
            self.openssl('genpkey', *algorithm, '-out', name + '.key')
        self.openssl('req', '-x509', '-new', '-key', 'csca.key', '-subj', '/C=UT/CN=CSCA', '-out', 'csca.pem', '-days',
                     '9', *signing)
        self.openssl('req', '-new', '-key', 'signer.key', '-subj', '/C=UT/CN=Signer', '-out', 'signer.csr')
        self.write('extensions', b'authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n'
                   b'keyUsage=critical,digitalSignature\n')
        self.openssl('x509', '-req', '-in', 'signer.csr', '-CA', 'csca.pem', '-CAkey', 'csca.key', '-set_serial', '7',
                     '-days', '9', '-extfile', 'extensions', '-out', 'signer.pem', *signing)
        self.openssl('x509', '-in', 'csca.pem', '-outform', 'DER', '-out', 'csca.der')
        self.csca = signed.X509(self.content('csca.der'))

    def path(self, name):
        return '%s/%s' % (self.folder, name)

    def openssl(self, *words):
        done = subprocess.run(['openssl', *words], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def write(self, name, data):
        with open(self.path(name), 'wb') as file:
            file.write(data)

    def content(self, name):
        return support.content(self.folder, name)


def rsa(bits):
    return '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:%d' % bits


def curve(name, how='explicit'):
    return '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:' + name, '-pkeyopt', 'ec_param_enc:' + how


PSS = '-sigopt', 'rsa_padding_mode:pss'
