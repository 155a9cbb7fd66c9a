# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_J: certificates are verified (TR-03110-3, 2.5 and B.11.4). Nothing here changes the
card for good. Every case has two parts where the plan has them: a with the certificates of inspection systems, b with
those of authentication terminals."""
import tempfile

import certificates
import common
import eid
import plan
from certificates import CONTEXTS, LATE, LETTERS, START, Visit, body_as_7f4f, data_of, day, increased, issue, \
    key_like, key_object, last_changed, regular, replaced, resized_body, resized_signature, rsa_authority, rsa_key, \
    signature_as_5f38, signed, trusting, without
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal import oids
from terminal.domains import DOMAINS
from terminal.issuer import SigningKey
from terminal.tlv import oid, tlv

BAD_DATE = bytes.fromhex('0A0B0C0D0E0F')


def day_32():
    return bytes(int(digit) for digit in day()[:4] + '32')


def both(number, function, *more, card=None):
    certificates.both('EAC2_ISO7816_J_%d' % number, function, *more, card=card)


def refused_chain(visit, verifier=None, reference=None, data=None, below=None):
    """The document verifier's certificate is not accepted, and so nothing is that it has issued. verifier: what issue()
    takes to make it. reference, data: how it is announced and sent, if otherwise than it should be; data is a function
    of the certificate. below: as verifier, for the terminal."""
    kind = visit.kind
    first = issue(eid.root(kind), b'DETESTDVDE001', 'dv domestic', kind, **verifier) if verifier else regular(kind)[0]
    second = regular(kind)[1] if below is None else issue(first, b'DETEST%sDE001' % LETTERS[kind], 'terminal', kind, **below)
    visit.set_dst(OK_OR_ERROR if reference else OK, reference(visit.reference) if reference else visit.reference)
    visit.send(REFUSED, data(first) if data else data_of(first))
    visit.set_dst(OK_OR_ERROR, first.name)
    visit.verify(REFUSED, second)


def refused_verifier(number, **how):
    both(number, lambda visit: refused_chain(visit, how))


def test_EAC2_ISO7816_J_1():
    """A regular chain is accepted."""
    both(1, lambda visit: visit.present(*regular(visit.kind)))


def test_EAC2_ISO7816_J_2():
    """Under a reference that the card does not know."""
    both(2, lambda visit: refused_chain(visit, reference=last_changed))


def test_EAC2_ISO7816_J_3():
    """A signature that is changed in its last digit."""
    both(3, lambda visit: refused_chain(
        visit, data=lambda holder: data_of(holder, last_changed(holder.certificate.signature))))


def test_EAC2_ISO7816_J_4():
    """No signature."""
    both(4, lambda visit: refused_chain(visit, data=lambda holder: holder.certificate.body))


def test_EAC2_ISO7816_J_5():
    """No body."""
    both(5, lambda visit: refused_chain(visit, data=lambda holder: tlv(0x5F37, holder.certificate.signature)))


def test_EAC2_ISO7816_J_6():
    """No certificate holder authorization template."""
    refused_verifier(6, **without(0x7F4C))


def test_EAC2_ISO7816_J_7():
    """No effective date."""
    refused_verifier(7, **without(0x5F25))


def test_EAC2_ISO7816_J_8():
    """No expiration date."""
    refused_verifier(8, **without(0x5F24))


def test_EAC2_ISO7816_J_9():
    """An effective date that is not BCD."""
    refused_verifier(9, **replaced(0x5F25, BAD_DATE))


def test_EAC2_ISO7816_J_10():
    """An expiration date that is not BCD."""
    refused_verifier(10, **replaced(0x5F24, BAD_DATE))


def test_EAC2_ISO7816_J_11():
    """The terminal of a foreign verifier does not raise the card's date: one that expires before the day from which the
    first one is valid is accepted after it."""
    kind = oids.IS
    foreign = issue(eid.root(kind), b'DETESTDVDE002', 'dv foreign', kind)
    late = issue(foreign, b'DETESTISDE002', 'terminal', kind, (day(0, 14), day(1)))
    early = issue(foreign, b'DETESTISDE002', 'terminal', kind, (day(), day(0, 13)))
    with eid.new_card(*START) as card:
        visit = Visit(card, kind).present(foreign, late)
        visit.enter().present(foreign, early)


def test_EAC2_ISO7816_J_12():
    """Commands without secure messaging end the session; commands under it are then refused without it."""
    def run(visit):
        first, second = regular(visit.kind)
        visit.set_dst(OK_OR_ERROR, visit.reference, how='plain')
        visit.verify(ERROR, first, how='ended')
        visit.enter()
        visit.set_dst(OK, visit.reference)
        visit.verify(OK_OR_ERROR, second, how='plain')
        visit.set_dst(ERROR, first.name, how='ended')
    both(12, run)


def test_EAC2_ISO7816_J_13():
    """MSE: Set DST of class 8C."""
    def run(visit):
        plan.step(visit.card, ERROR, '802281B6', tlv(0x83, visit.reference), how='any')
        if visit.card.sm:
            plan.alive(visit.card)
    both(13, run)


def test_EAC2_ISO7816_J_14():
    """PSO: Verify Certificate of class 8C."""
    def run(visit):
        visit.set_dst(OK, visit.reference)
        visit.send(ERROR, data_of(regular(visit.kind)[0]), how='any', header='802A00BE')
        if visit.card.sm:
            plan.alive(visit.card)
    both(14, run)


def test_EAC2_ISO7816_J_15():
    """The body under the tag 7F4F."""
    both(15, lambda visit: refused_chain(visit, data=body_as_7f4f))


def test_EAC2_ISO7816_J_16():
    """The signature under the tag 5F38."""
    both(16, lambda visit: refused_chain(visit, data=signature_as_5f38))


def test_EAC2_ISO7816_J_17():
    """Valid from a day 32."""
    refused_verifier(17, dates=(day(), '991231'), **replaced(0x5F25, day_32()))


def test_EAC2_ISO7816_J_18():
    """Valid to a day 32."""
    refused_verifier(18, **replaced(0x5F24, day_32()))


def test_EAC2_ISO7816_J_19():
    """Expires a day before it is valid."""
    refused_verifier(19, dates=(day(0, 1), day()))


def test_EAC2_ISO7816_J_20():
    """A reset takes the verifier's key away."""
    def run(visit):
        first, second = regular(visit.kind)
        visit.present(first)
        visit.enter()
        visit.set_dst(OK_OR_ERROR, first.name)
        visit.verify(REFUSED, second)
    both(20, run)


def test_EAC2_ISO7816_J_21():
    """The role of one kind of terminals with the rights of another."""
    def run(visit):
        other, rights = (oids.AT, b'\x83') if visit.kind == oids.IS else (oids.IS, bytes.fromhex('BFFFFFFFFF'))
        refused_chain(visit, {'template': tlv(0x7F4C, tlv(0x06, oid(other)), tlv(0x53, rights))})
    both(21, run)


def new_key(**how):
    """A key on the curve of the specimen's authorities, and its object changed."""
    return key_object(SigningKey('ec', 3, DOMAINS[13]), **how)


def test_EAC2_ISO7816_J_22():
    """A public key for a scheme that there is not."""
    both(22, lambda visit: refused_chain(visit, new_key(scheme=oids.TA + '.5.1')))


# The card's date stays as it was: after the certificate that is refused, which is valid from a later day on, one is
# accepted that expires before that day.

def date_kept(visit, reference=None, data=None, authority=None, first=None, dst=True):
    """first: what issue() takes to make the certificate that is refused. reference, data: as for refused_chain(). dst:
    whether a key is selected."""
    issuer = authority(visit.kind) if authority else eid.root(visit.kind)
    late = issue(issuer, b'DETESTDVDE012', 'dv domestic', visit.kind, LATE, **first or {})
    if dst:
        visit.set_dst(OK_OR_ERROR if reference else OK, reference(visit.reference) if reference else visit.reference)
    visit.send(REFUSED, data(late) if data else data_of(late))
    visit.enter()
    regular_verifier = regular(visit.kind, issuer if authority else None)[0]
    visit.set_dst(OK, visit.reference)
    visit.verify(OK, regular_verifier)


def kept(number, card=None, **how):
    both(number, lambda visit: date_kept(visit, **how), card=card)


def test_EAC2_ISO7816_J_23():
    """Under a wrong reference."""
    kept(23, reference=last_changed)


def test_EAC2_ISO7816_J_24():
    """A wrong tag of the body."""
    kept(24, data=body_as_7f4f)


def test_EAC2_ISO7816_J_25():
    """A wrong tag of the signature."""
    kept(25, data=signature_as_5f38)


def test_EAC2_ISO7816_J_26():
    """A wrong length of the body."""
    kept(26, data=resized_body(-1))


def test_EAC2_ISO7816_J_27():
    """A wrong length of the signature."""
    kept(27, data=resized_signature(-1))


def test_EAC2_ISO7816_J_28():
    """A signature that is one more than it should be."""
    kept(28, data=signed(increased))


def test_EAC2_ISO7816_J_29():
    """A signature whose last byte is missing."""
    kept(29, data=signed(lambda s: s[:-1]))


class RsaCard:
    """A card whose trust points have keys for RSA; for with."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        options = trusting(self.folder.name, *(rsa_authority(kind) for _, kind in CONTEXTS))
        self.passport = eid.new_card(*START, *options)

    def __enter__(self):
        return self.passport.__enter__()

    def __exit__(self, *error):
        self.passport.__exit__(*error)
        self.folder.cleanup()


def kept_by_rsa(number, **how):
    with RsaCard() as card:
        kept(number, card=card, authority=rsa_authority, **how)


def test_EAC2_ISO7816_J_30():
    """RSA: a signature greater than the modulus."""
    kept_by_rsa(30, data=signed(lambda s: b'\xff' * len(s)))


def test_EAC2_ISO7816_J_31():
    """ECDSA: r is 0."""
    kept(31, data=signed(lambda s: bytes(len(s) // 2) + s[len(s) // 2:]))


def test_EAC2_ISO7816_J_32():
    """ECDSA: s is 0."""
    kept(32, data=signed(lambda s: s[:len(s) // 2] + bytes(len(s) // 2)))


def test_EAC2_ISO7816_J_33():
    """No key is selected."""
    kept(33, dst=False)


def test_EAC2_ISO7816_J_34():
    """A public key that is not for terminal authentication."""
    kept(34, first=new_key(scheme=oids.CA + '.2.3'))


def test_EAC2_ISO7816_J_35():
    """A public key without its object identifier."""
    kept(35, first=new_key(missing=0x06))


def test_EAC2_ISO7816_J_36():
    """ECDSA: a public key without its point."""
    kept(36, first=new_key(missing=0x86))


def test_EAC2_ISO7816_J_37():
    """RSA: a public key without its modulus."""
    kept_by_rsa(37, first=key_object(rsa_key('verifier'), missing=0x81))


def test_EAC2_ISO7816_J_38():
    """RSA: a public key without its exponent."""
    kept_by_rsa(38, first=key_object(rsa_key('verifier'), missing=0x82))


def test_EAC2_ISO7816_J_39():
    """A public key with an object that is not known."""
    kept(39, first=new_key(more=tlv(0x77, b'\x01')))


# Who may issue a certificate for whom

def refused_below(number, *roles):
    """Of a chain of certificates for these roles, under the CVCA, the last one is refused."""
    kind, holder = oids.IS, eid.root(oids.IS)
    with eid.new_card(*START) as card:
        visit = Visit(card, kind)
        for depth, role in enumerate(roles):
            issuer, holder = holder, issue(holder, b'DETEST%sDE01%d' % (role[:2].upper().encode(), depth), role, kind)
            last, below_terminal = depth == len(roles) - 1, 'terminal' in roles[:depth]
            plan.each([('EAC2_ISO7816_J_%d, certificate %d' % (number, depth + 1), issuer, holder)],
                      lambda issuer, holder: (visit.set_dst(OK_OR_ERROR if below_terminal else OK, issuer.name),
                                              visit.verify(REFUSED if last else OK, holder)))


def test_EAC2_ISO7816_J_40():
    """A CVCA for a terminal."""
    refused_below(40, 'terminal')


def test_EAC2_ISO7816_J_41():
    """A domestic verifier for a CVCA."""
    refused_below(41, 'dv domestic', 'cvca')


def test_EAC2_ISO7816_J_42():
    """A foreign verifier for a CVCA."""
    refused_below(42, 'dv foreign', 'cvca')


def test_EAC2_ISO7816_J_43():
    """A domestic verifier for a domestic one."""
    refused_below(43, 'dv domestic', 'dv domestic')


def test_EAC2_ISO7816_J_44():
    """A domestic verifier for a foreign one."""
    refused_below(44, 'dv domestic', 'dv foreign')


def test_EAC2_ISO7816_J_45():
    """A foreign verifier for a domestic one."""
    refused_below(45, 'dv foreign', 'dv domestic')


def test_EAC2_ISO7816_J_46():
    """A foreign verifier for a foreign one."""
    refused_below(46, 'dv foreign', 'dv foreign')


def test_EAC2_ISO7816_J_47():
    """A terminal for a foreign verifier."""
    refused_below(47, 'dv domestic', 'terminal', 'dv foreign')


def test_EAC2_ISO7816_J_48():
    """A terminal for a domestic verifier."""
    refused_below(48, 'dv domestic', 'terminal', 'dv domestic')


def test_EAC2_ISO7816_J_49():
    """A terminal for a terminal."""
    refused_below(49, 'dv domestic', 'terminal', 'terminal')


def test_EAC2_ISO7816_J_50():
    """A terminal for a CVCA."""
    refused_below(50, 'dv domestic', 'terminal', 'cvca')


# Shorter keys than the CVCA's, for ECDSA and for RSA

def short_key(issuer):
    """With the issuer's scheme."""
    if issuer.key.kind == 'rsa':
        return rsa_key('short', 1280)
    return SigningKey('ec', issuer.key.number, DOMAINS[11])


def on_both_cards(function, number):
    for name, new, authority in (('ECDSA', lambda: eid.new_card(*START), eid.root), ('RSA', RsaCard, rsa_authority)):
        with new() as card:
            plan.each([(name, authority)], lambda authority: both(number, function, authority, card=card))


def test_EAC2_ISO7816_J_51():
    """A verifier with a shorter key."""
    def run(visit, authority):
        issuer = authority(visit.kind)
        first = issue(issuer, b'DETESTDVDE014', 'dv domestic', visit.kind, key=short_key(issuer))
        second = issue(first, b'DETESTISDE014', 'terminal', visit.kind, key=key_like(issuer, b'terminal'))
        visit.set_dst(OK, visit.reference)
        visit.verify(REFUSED, first)
        visit.set_dst(OK_OR_ERROR, first.name)
        visit.verify(REFUSED, second)
    on_both_cards(run, 51)


def test_EAC2_ISO7816_J_52():
    """A terminal with a shorter key."""
    def run(visit, authority):
        issuer = authority(visit.kind)
        first = issue(issuer, b'DETESTDVDE014', 'dv domestic', visit.kind)
        second = issue(first, b'DETESTISDE014', 'terminal', visit.kind, key=short_key(issuer))
        visit.present(first)
        visit.set_dst(OK, first.name)
        visit.verify(REFUSED, second)
    on_both_cards(run, 52)


common.main(globals())
