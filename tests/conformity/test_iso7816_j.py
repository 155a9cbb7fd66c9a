# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_J: certificates are verified (TR-03110-1, 3.5 and TR-03110-3, 2.5). Nothing here changes
the card for good, so a case is run with BAC and with PACE on the same card."""
from certificates import body_as_7f4f, data_of, increased, last_changed, resized_body, resized_signature, \
    signature_as_5f38, signed
from eac1 import BY_EC, BY_RSA, case, main
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal.tlv import tlv


def refused_chain(visit, name='DV_CERT_1', send=data_of, reference=None, below='IS_CERT_1'):
    """The document verifier's certificate is not accepted, and so it issues none. send: what is sent of it; reference:
    whom it is verified with, if it is not its issuer; below: a certificate that it has issued."""
    verifier = visit.begin().pki[name]
    visit.set_dst(OK_OR_ERROR if reference else OK, reference or visit.reference)
    visit.send(REFUSED, send(verifier))
    visit.set_dst(OK_OR_ERROR, verifier.name)
    visit.verify(REFUSED, visit.pki[below])


def date_kept(visit, name='DV_CERT_12a', send=data_of, reference=None):
    """A document verifier's certificate that begins late is not accepted, and does not set the card's date: one that ends
    earlier is accepted then. reference: as above; empty: no key is selected."""
    visit.begin()
    if reference != b'':
        visit.set_dst(OK_OR_ERROR if reference else OK, reference or visit.reference)
    visit.send(REFUSED, send(visit.pki[name]))
    visit.begin()
    visit.set_dst(OK, visit.reference)
    visit.verify(OK, visit.pki['DV_CERT_1'])


def as_7f4f_and_signed(visit):
    """The body under the tag 7F4F, which the signature covers."""
    def data(holder):
        body = b'\x7f\x4f' + holder.certificate.body[2:]
        key = visit.pki.key('CVCA_00')
        return body + tlv(0x5F37, key.sign(key.scheme, body))
    return data


@case()
def test_ISO7816_J_1(visit):
    """A regular chain is accepted."""
    visit.begin().present_named('DV_CERT_1', 'IS_CERT_1')


@case()
def test_ISO7816_J_2(visit):
    """Under a reference that the card does not know."""
    refused_chain(visit, reference=last_changed(visit.begin().reference))


@case()
def test_ISO7816_J_3(visit):
    """A signature that is changed in its last digit."""
    refused_chain(visit, send=signed(last_changed))


@case()
def test_ISO7816_J_4(visit):
    """No signature."""
    refused_chain(visit, send=lambda holder: holder.certificate.body)


@case()
def test_ISO7816_J_5(visit):
    """No body."""
    refused_chain(visit, send=lambda holder: tlv(0x5F37, holder.certificate.signature))


@case()
def test_ISO7816_J_6(visit):
    """No certificate holder authorization template."""
    refused_chain(visit, 'DV_CERT_1a')


@case()
def test_ISO7816_J_7(visit):
    """No effective date."""
    refused_chain(visit, 'DV_CERT_1b')


@case()
def test_ISO7816_J_8(visit):
    """No expiration date."""
    refused_chain(visit, 'DV_CERT_1c')


@case()
def test_ISO7816_J_9(visit):
    """An effective date that is not BCD."""
    refused_chain(visit, 'DV_CERT_1d')


@case()
def test_ISO7816_J_10(visit):
    """An expiration date that is not BCD."""
    refused_chain(visit, 'DV_CERT_1e')


@case()
def test_ISO7816_J_11(visit):
    """The terminal of a foreign verifier does not raise the card's date: one that expires before the day from which the
    first one is valid is accepted after it."""
    visit.begin().present_named('DV_CERT_2', 'IS_CERT_2a')
    visit.begin().present_named('DV_CERT_2', 'IS_CERT_2b')


@case()
def test_ISO7816_J_12(visit):
    """Commands without secure messaging end the session."""
    verifier = visit.begin().pki['DV_CERT_1']
    visit.set_dst(OK_OR_ERROR, visit.reference, how='plain')
    visit.verify(ERROR, verifier, how='ended')
    visit.begin()
    visit.set_dst(OK, visit.reference)
    visit.verify(ERROR, verifier, how='plain')
    visit.set_dst(ERROR, verifier.name, how='ended')


@case()
def test_ISO7816_J_13(visit):
    """MSE: Set DST of class 8C."""
    visit.begin().step(ERROR, '802281B6', tlv(0x83, visit.reference), how='any')
    visit.alive_unless_ended()


@case()
def test_ISO7816_J_15(visit):
    """PSO: Verify Certificate of class 8C."""
    visit.begin().set_dst(OK, visit.reference)
    visit.send(ERROR, data_of(visit.pki['DV_CERT_1']), how='any', header='802A00BE')
    visit.alive_unless_ended()


@case()
def test_ISO7816_J_17(visit):
    """The body under the tag 7F4F."""
    refused_chain(visit, send=body_as_7f4f)


@case()
def test_ISO7816_J_18(visit):
    """The signature under the tag 5F38."""
    refused_chain(visit, send=signature_as_5f38)


@case()
def test_ISO7816_J_19(visit):
    """Valid from a day 32."""
    refused_chain(visit, 'DV_CERT_1f')


@case()
def test_ISO7816_J_20(visit):
    """Valid to a day 32."""
    refused_chain(visit, 'DV_CERT_1g')


@case()
def test_ISO7816_J_21(visit):
    """Expires a day before it is valid."""
    refused_chain(visit, 'DV_CERT_1h')


@case()
def test_ISO7816_J_22(visit):
    """A reset takes the verifier's key away."""
    visit.begin().present_named('DV_CERT_1')
    visit.begin().set_dst(OK_OR_ERROR, visit.pki['DV_CERT_1'].name)
    visit.verify(REFUSED, visit.pki['IS_CERT_1'])


@case()
def test_ISO7816_J_23(visit):
    """The role of another kind of terminals."""
    refused_chain(visit, 'DV_CERT_1i')


@case()
def test_ISO7816_J_24(visit):
    """A public key for a scheme that there is not."""
    refused_chain(visit, 'DV_CERT_1j')


@case()
def test_ISO7816_J_25(visit):
    """Under a wrong reference; the card's date stays."""
    date_kept(visit, reference=last_changed(visit.begin().reference))


@case()
def test_ISO7816_J_26(visit):
    """A wrong tag of the body (12b); the card's date stays."""
    date_kept(visit, send=as_7f4f_and_signed(visit))


@case()
def test_ISO7816_J_27(visit):
    """A wrong tag of the signature (12c); the card's date stays."""
    date_kept(visit, send=signature_as_5f38)


@case()
def test_ISO7816_J_28(visit):
    """A wrong length of the body (12d): one less, as the certificate has it, and one more, as the scenario has it; the
    card's date stays."""
    for by in (-1, 1):
        date_kept(visit, send=resized_body(by))


@case()
def test_ISO7816_J_29(visit):
    """A wrong length of the signature (12e), in both ways; the card's date stays."""
    for by in (-1, 1):
        date_kept(visit, send=resized_signature(by))


@case()
def test_ISO7816_J_30(visit):
    """A signature that is one more than it should be (12f); the card's date stays."""
    date_kept(visit, send=signed(increased))


@case()
def test_ISO7816_J_31(visit):
    """A signature whose last byte is missing (12g); the card's date stays."""
    date_kept(visit, send=signed(lambda s: s[:-1]))


@case(BY_RSA)
def test_ISO7816_J_32(visit):
    """A signature greater than the modulus (12o); the card's date stays."""
    modulus = visit.pki.key('CVCA_00').private.public_key().public_numbers().n
    size = modulus.bit_length() // 8
    date_kept(visit, send=signed(lambda s: min(int.from_bytes(s, 'big') + modulus, 256 ** size - 1).to_bytes(size, 'big')))


@case(BY_EC)
def test_ISO7816_J_33(visit):
    """r is 0 (12p); the card's date stays."""
    date_kept(visit, send=signed(lambda s: bytes(len(s) // 2) + s[len(s) // 2:]))


@case(BY_EC)
def test_ISO7816_J_34(visit):
    """s is 0 (12q); the card's date stays."""
    date_kept(visit, send=signed(lambda s: s[:len(s) // 2] + bytes(len(s) // 2)))


@case()
def test_ISO7816_J_35(visit):
    """No key is selected; the card's date stays."""
    date_kept(visit, reference=b'')


@case()
def test_ISO7816_J_36(visit):
    """A public key that is not for terminal authentication; the card's date stays."""
    date_kept(visit, 'DV_CERT_12i')


@case()
def test_ISO7816_J_37(visit):
    """A public key without its object identifier; the card's date stays."""
    date_kept(visit, 'DV_CERT_12h')


@case(BY_EC)
def test_ISO7816_J_38(visit):
    """A public key without its point; the card's date stays."""
    date_kept(visit, 'DV_CERT_12j')


@case(BY_RSA)
def test_ISO7816_J_39(visit):
    """A public key without its modulus; the card's date stays."""
    date_kept(visit, 'DV_CERT_12k')


@case(BY_RSA)
def test_ISO7816_J_40(visit):
    """A public key without its exponent; the card's date stays."""
    date_kept(visit, 'DV_CERT_12l')


@case()
def test_ISO7816_J_41(visit):
    """A public key with an object that is not known; the card's date stays."""
    date_kept(visit, 'DV_CERT_12m')


# Who may issue a certificate for whom

def refused_below(visit, *names):
    """Of this chain the last certificate is not accepted. A terminal that is selected as an issuer may be refused as
    such."""
    visit.begin().present_named(*names[:-1])
    issuer, last = ([None] + [visit.pki[name] for name in names])[-2:]
    below_terminal = names[0].startswith('DV') and len(names) == 3
    visit.set_dst(OK_OR_ERROR if below_terminal else OK, issuer.name if issuer else visit.reference)
    visit.verify(REFUSED, last)


@case()
def test_ISO7816_J_43(visit):
    """A CVCA for a terminal."""
    refused_below(visit, 'IS_CERT_10')


@case()
def test_ISO7816_J_44(visit):
    """A domestic verifier for a CVCA."""
    refused_below(visit, 'DV_CERT_10a', 'LINK_CERT_10')


@case()
def test_ISO7816_J_45(visit):
    """A foreign verifier for a CVCA."""
    refused_below(visit, 'DV_CERT_10b', 'LINK_CERT_10')


@case()
def test_ISO7816_J_46(visit):
    """A domestic verifier for a domestic one."""
    refused_below(visit, 'DV_CERT_10a', 'DV_CERT_10c')


@case()
def test_ISO7816_J_47(visit):
    """A domestic verifier for a foreign one."""
    refused_below(visit, 'DV_CERT_10a', 'DV_CERT_10d')


@case()
def test_ISO7816_J_48(visit):
    """A foreign verifier for a domestic one."""
    refused_below(visit, 'DV_CERT_10b', 'DV_CERT_10c')


@case()
def test_ISO7816_J_49(visit):
    """A foreign verifier for a foreign one."""
    refused_below(visit, 'DV_CERT_10b', 'DV_CERT_10d')


@case()
def test_ISO7816_J_50(visit):
    """A terminal for a foreign verifier."""
    refused_below(visit, 'DV_CERT_11a', 'IS_CERT_11a', 'DV_CERT_11b')


@case()
def test_ISO7816_J_51(visit):
    """A terminal for a domestic verifier."""
    refused_below(visit, 'DV_CERT_11a', 'IS_CERT_11a', 'DV_CERT_11c')


@case()
def test_ISO7816_J_52(visit):
    """A terminal for a terminal."""
    refused_below(visit, 'DV_CERT_11a', 'IS_CERT_11a', 'IS_CERT_11b')


@case()
def test_ISO7816_J_53(visit):
    """A terminal for a CVCA."""
    refused_below(visit, 'DV_CERT_11a', 'IS_CERT_11a', 'LINK_CERT_11a')


# Shorter keys than the CVCA's

@case()
def test_ISO7816_J_55(visit):
    """A verifier with a shorter key."""
    refused_chain(visit, 'DV_CERT_14b', below='IS_CERT_14a')


@case()
def test_ISO7816_J_56(visit):
    """A terminal with a shorter key."""
    refused_below(visit, 'DV_CERT_14a', 'IS_CERT_14b')


main(globals())
