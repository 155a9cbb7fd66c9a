# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed files, as units LDS_D (EF.SOD) and LDS_K (EF.CardSecurity) of ICAO's plan examine them (Doc 9303-10, 4.6.2;
9303-12, 7.1; RFC 5652)."""
import support
from passports import one_object, strict
from terminal import oids, signed
from terminal.errors import check
from terminal.tlv import dotted

SEQUENCE = 0x30


def is_der(data):
    """A signed message in DER."""
    strict(one_object(data, SEQUENCE, 'the signed message'))


def values(data, content_type):
    """Versions, digest algorithms, the kind of content, the signer's certificate and no revocation list."""
    message = signed.SignedData(data)
    check(message.version == 3, 'version %d', message.version)
    check(message.digests and all(name in oids.HASHES for name in message.digests), 'digests %s', message.digests)
    check(message.content_type == content_type, 'content of type %s', message.content_type)
    check(message.certificates, 'no certificate')
    body = one_object(data, SEQUENCE, 'ContentInfo').children()[1].child(SEQUENCE).children()
    tags = [part.tag for part in body]
    check(tags == [0x02, 0x31, SEQUENCE, 0xA0, 0x31], 'SignedData has the objects %s', ['%02X' % tag for tag in tags])


def signer(data, content_type):
    """One SignerInfo, with attributes and a right signature; returns the certificate."""
    message = signed.SignedData(data)
    body = one_object(data, SEQUENCE, 'ContentInfo').children()[1].child(SEQUENCE).children()
    infos = body[-1].children()
    check(len(infos) == 1, '%d signers', len(infos))
    tags = [part.tag for part in infos[0].children()]
    check(tags in ([0x02, SEQUENCE, SEQUENCE, 0xA0, SEQUENCE, 0x04], [0x02, 0x80, SEQUENCE, 0xA0, SEQUENCE, 0x04]),
          'SignerInfo has the objects %s', ['%02X' % tag for tag in tags])
    kinds = [dotted(attribute.children()[0].value) for attribute in infos[0].children()[3].children()]
    check(len(kinds) == len(set(kinds)), 'an attribute twice')
    check({signed.CONTENT_TYPE, signed.MESSAGE_DIGEST} <= set(kinds), 'attributes %s', kinds)
    return message.verify(support.csca(), content_type)


def certificate(data, content_type):
    """The document signer's: version 3, serial number, one algorithm, names, validity, extensions."""
    found = signer(data, content_type)
    found.check_profile(False)
    strict(one_object(found.raw, SEQUENCE, 'certificate'))
    check(found.country(found.issuer) == found.country(found.subject), 'countries')
    check(found.begins < found.ends, 'validity')
