# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passive Authentication: signed data (CMS, RFC 5652), the certificates below (X.509, Doc 9303-12, 7.1), the hashes
of the data groups (Doc 9303-10, 4.6.2)."""
import datetime
import hashlib

from . import oids
from .errors import check
from .signatures import key_of, verify
from .tlv import dotted, one

SIGNED_DATA, CONTENT_TYPE, MESSAGE_DIGEST = '1.2.840.113549.1.7.2', '1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4'
SUBJECT_KEY, KEY_USAGE, USAGE_PERIOD, SUBJECT_NAME, ISSUER_NAME, BASIC, REVOCATION, AUTHORITY_KEY = (
    '2.5.29.%d' % n for n in (14, 15, 16, 17, 18, 19, 31, 35))


class X509:
    def __init__(self, raw):
        self.raw = raw
        tbs, self.algorithm, signature = one(raw, 0x30, 'certificate').children()
        self.tbs, self.signature = tbs.raw, signature.value[1:]
        parts = tbs.children()
        check(parts[0].tag == 0xA0 and parts[0].child(0x02).integer() == 2, 'the certificate is not of version 3')
        self.serial, inner, self.issuer, validity, self.subject, spki = parts[1:7]
        check(inner.raw == self.algorithm.raw, 'two signature algorithms in one certificate')
        check(1 <= len(self.serial.value) <= 20 and self.serial.integer() > 0, 'serial number')
        self.begins, self.ends = (time(node) for node in validity.children())
        self.spki, self.key = spki, key_of(spki)
        self.extensions, self.critical = {}, set()
        for node in [part for part in parts[7:] if part.tag == 0xA3]:
            for extension in node.child(0x30).children():
                name, *critical, value = extension.children()
                self.extensions[dotted(name.value)] = value.value
                if critical and critical[0].value == b'\xff':
                    self.critical.add(dotted(name.value))

    def name(self):
        """The subject as text."""
        return ' '.join(pair.children()[1].value.decode('utf-8', 'replace')
                        for part in self.subject.children() for pair in part.children())

    def country(self, name):
        found = [pair.children()[1].value for part in name.children() for pair in part.children()
                 if dotted(pair.children()[0].value) == '2.5.4.6']
        check(len(found) == 1, 'a name with %d countries', len(found))
        return found[0].decode()

    def key_usage(self):
        bits = one(self.extensions[KEY_USAGE], 0x03, 'key usage').value
        return {8 * at + bit for at, octet in enumerate(bits[1:]) for bit in range(8) if octet & 0x80 >> bit}

    def check_profile(self, is_ca):
        """What Doc 9303-12, table 6, says of CSCA and document signers."""
        needed = (KEY_USAGE, USAGE_PERIOD, SUBJECT_NAME, ISSUER_NAME, REVOCATION)
        for name in needed + ((SUBJECT_KEY, BASIC) if is_ca else (AUTHORITY_KEY, oids.DOCUMENT_TYPE_LIST)):
            check(name in self.extensions, '%s: no extension %s', self.name(), name)
            check(name in (KEY_USAGE, BASIC) or name not in self.critical, 'extension %s is critical', name)
        check(KEY_USAGE in self.critical, 'key usage is not critical')
        check(self.key_usage() == ({5, 6} if is_ca else {0}), 'key usage %s of %s', self.key_usage(), self.name())
        if is_ca:
            constraints = one(self.extensions[BASIC], 0x30, 'basic constraints').children()
            check(BASIC in self.critical and constraints[0].value == b'\xff', 'not a CA')
            check(constraints[1].integer() == 0, 'path length')
        else:
            check(BASIC not in self.extensions, 'basic constraints in a document signer')
        for name in (self.issuer, self.subject):
            check(self.country(name).isupper(), 'the country is not in upper case')

    def check_issued_by(self, issuer, when=None):
        check(self.issuer.raw == issuer.subject.raw, '%s is not issued by %s', self.name(), issuer.name())
        verify(issuer.key, self.algorithm, self.signature, self.tbs)
        if AUTHORITY_KEY in self.extensions and SUBJECT_KEY in issuer.extensions:
            theirs = one(issuer.extensions[SUBJECT_KEY], 0x04, 'key identifier').value
            ours = one(self.extensions[AUTHORITY_KEY], 0x30, 'authority key').find(0x80)
            check(ours == theirs, 'authority key identifier of %s', self.name())
        when = when or datetime.datetime.utcnow()
        check(issuer.begins <= when <= issuer.ends and self.begins <= when <= self.ends,
              '%s or its issuer is not valid at %s', self.name(), when)


def time(node):
    text = node.value.decode()
    if node.tag == 0x17:
        text = ('19' if text[0] >= '5' else '20') + text
    return datetime.datetime.strptime(text, '%Y%m%d%H%M%SZ')


class SignedData:
    """A CMS message with one signer. content and content_type are what was signed."""

    def __init__(self, data):
        content_type, content = one(data, 0x30, 'ContentInfo').children()
        check(dotted(content_type.value) == SIGNED_DATA, 'not SignedData: %s', dotted(content_type.value))
        parts = content.child(0x30).children()
        self.version = parts[0].integer()
        self.digests = [dotted(node.children()[0].value) for node in parts[1].children()]
        inner, octets = parts[2].children()
        self.content_type = dotted(inner.value)
        self.content = octets.child(0x04).value
        certificates = [part for part in parts[3:] if part.tag == 0xA0]
        self.certificates = [X509(node.raw) for part in certificates for node in part.children()]
        self.signer = one(parts[-1].value, 0x30, 'SignerInfo').children()
        check(parts[-1].tag == 0x31, 'no signer')

    def _certificate(self, identifier):
        """That of the signer."""
        for certificate in self.certificates:
            if identifier.tag == 0x30:
                issuer, serial = identifier.children()
                if (issuer.raw, serial.raw) == (certificate.issuer.raw, certificate.serial.raw):
                    return certificate
            elif certificate.extensions.get(SUBJECT_KEY, b'')[2:] == identifier.value:
                return certificate
        check(False, 'no certificate of the signer among %d', len(self.certificates))

    def verify(self, csca, content_type, when=None):
        """The chain: content by signer by CSCA. Returns the signer's certificate."""
        check(self.content_type == content_type, 'content of type %s', self.content_type)
        version, identifier, digest, attributes, algorithm, signature = self.signer[:6]
        check(version.integer() == (1 if identifier.tag == 0x30 else 3), 'SignerInfo of version %d',
              version.integer())
        check(attributes.tag == 0xA0, 'no signed attributes')
        digest_name = dotted(digest.children()[0].value)
        check(digest_name in self.digests, 'the digest algorithm is not in the list')
        name = oids.HASHES.get(digest_name)
        check(name, 'unknown hash function %s', digest_name)
        values = {dotted(node.children()[0].value): node.children()[1].children()[0] for node in attributes.children()}
        check(dotted(values[CONTENT_TYPE].value) == content_type, 'content type of the signed attributes')
        check(values[MESSAGE_DIGEST].value == hashlib.new(name, self.content).digest(), 'wrong message digest')
        signer = self._certificate(identifier)
        verify(signer.key, algorithm, signature.value, b'\x31' + attributes.raw[1:], name)
        check(signer.raw != csca.raw, 'the CSCA signs by itself')
        signer.check_issued_by(csca, when)
        csca.check_issued_by(csca, when)
        return signer


class SecurityObject:
    """EF.SOD."""

    def __init__(self, data):
        self.signed = SignedData(one(data, 0x77, 'EF.SOD').value)
        parts = one(self.signed.content, 0x30, 'LDSSecurityObject').children()
        self.version = parts[0].integer()
        self.digest = oids.HASHES[dotted(parts[1].children()[0].value)]
        pairs = [node.children() for node in parts[2].children()]
        self.hashes = {number.integer(): value.value for number, value in pairs}
        check(len(pairs) == len(self.hashes), 'a data group twice')
        self.lds_version = [part.value.decode() for part in parts[3].children()] if len(parts) > 3 else None
        check(self.version == (1 if self.lds_version else 0), 'LDSSecurityObject of version %d', self.version)

    def verify(self, csca, when=None):
        return self.signed.verify(csca, oids.LDS_SECURITY_OBJECT, when)

    def check_group(self, number, data):
        check(number in self.hashes, 'EF.SOD has no hash of DG%d', number)
        check(hashlib.new(self.digest, data).digest() == self.hashes[number], 'wrong hash of DG%d', number)


def card_security(data, csca, when=None):
    """The SecurityInfos of EF.CardSecurity, verified."""
    signed = SignedData(data)
    signed.verify(csca, oids.SECURITY_OBJECT, when)
    return signed.content
