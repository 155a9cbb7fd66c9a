# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terminal Authentication, versions 1 and 2 (Doc 9303-11, 7.1; TR-03110-2, 3.3; TR-03110-3, B.3, C.3)."""
from .errors import check
from .tlv import oid, tlv


def set_dst(card, reference):
    card.command('002281B6', tlv(0x83, reference))


def verify_certificate(card, certificate, link_size=0):
    """PSO: VERIFY CERTIFICATE. link_size: send it chained in links of that size."""
    data = certificate.body + tlv(0x5F37, certificate.signature)
    if link_size:
        card.chained('002A00BE', data, size=link_size)
    else:
        card.command('002A00BE', data)


def present(card, chain, link_size=0):
    """The certificates from the first one below a trust point to the terminal's."""
    for certificate in chain:
        set_dst(card, certificate.car)
        verify_certificate(card, certificate, link_size)


def chain_to(certificates, references):
    """Those of the certificates that lead from one of the card's references down to the last of them."""
    chain, wanted = [], certificates[-1]
    while True:
        chain.insert(0, wanted)
        if wanted.car in references:
            return chain
        found = [one for one in certificates if one.chr == wanted.car and one is not wanted and one not in chain]
        check(found, '%s: no certificate of its issuer, and the card knows %s', wanted, references)
        wanted = found[0]


def challenge(card):
    answer = card.command('00840000', ne=8)
    check(len(answer) == 8, 'a challenge of %d bytes', len(answer))
    return answer


def authenticate(card, certificate, key, id_picc, compressed):
    """Version 1: after the chain."""
    card.command('002281A4', tlv(0x83, certificate.chr))
    signature = key.sign(certificate.scheme, id_picc + challenge(card) + compressed)
    card.command('00820000', signature)


def set_at_2(card, certificate, compressed, auxiliary=b''):
    card.command('002281A4', tlv(0x80, oid(certificate.scheme)) + tlv(0x83, certificate.chr) +
                 auxiliary + tlv(0x91, compressed))


def authenticate_2(card, certificate, key, id_picc, compressed, auxiliary=b''):
    """Version 2; the terminal commits itself to the key of chip authentication that comes. auxiliary: the whole
    object 67, or nothing."""
    set_at_2(card, certificate, compressed, auxiliary)
    signature = key.sign(certificate.scheme, id_picc + challenge(card) + compressed + auxiliary)
    card.command('00820000', signature)
