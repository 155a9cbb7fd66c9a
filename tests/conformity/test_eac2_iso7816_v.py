# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_V: Chip Authentication 3 (TR-03110-2, 3.5; TR-03110-3, B.2), which is an agreement on
keys with somebody and then a pseudonymous signature (PSA) of the card, with terminals that are authorized to have the
second pseudonym and with such as are not."""
import common
import eid
import mistakes
import plan
import sectors
from eid import ALL, PSEUDONYM
from plan import OK, Expected
from sectors import BP256, PSA, Third, point, ps_terminal
from terminal import oids, pseudonymous
from terminal.tlv import oid, one, tlv

FAILURE = Expected('an error or a warning', *range(0x6200, 0x7000))
RIGHTS = ALL[oids.AT], ALL[oids.AT] & ~(1 << PSEUDONYM)
SECTOR = point()
EVERYBODY, AUTHORIZED = 0, 1


def with_each(function, agreed=True):
    """Runs function(procedure) after Terminal Authentication, and after the agreement on keys."""
    def go(rights):
        procedure = Third(card, ps_terminal(SECTOR)).start(rights=rights)
        procedure.rights = rights
        function(procedure.agreed() if agreed else procedure)
    with eid.new_card('--pseudonyms') as card:
        plan.each([('rights %X' % rights, rights) for rights in RIGHTS], go)


def choose(procedure, protocol, key=None, want=OK, how='sm'):
    reference = tlv(0x84, bytes([key or procedure.info.key_id]))
    plan.step(procedure.card, want, '002241A4', tlv(0x80, protocol) + reference, how=how)


def choose_psa(procedure, want=OK, how='sm'):
    choose(procedure, oid(PSA), want=want, how=how)


def sends(procedure, want, objects, how='sm'):
    return plan.step(procedure.card, want, '00860000', tlv(0x7C, objects), 256, how)


def sector_object(element=SECTOR, tag=0x80):
    return tlv(tag, BP256.encode(element))


def signs(procedure):
    """PSA; the signature is right, and has the pseudonyms that PSAInfo says."""
    info, = pseudonymous.infos(procedure.security, oids.PSA + '.1')
    has_right = procedure.rights >> PSEUDONYM & 1
    told = [who == EVERYBODY or who == AUTHORIZED and bool(has_right) for who in info.who]
    choose_psa(procedure)
    answer = one(sends(procedure, OK, sector_object()), 0x7C)
    signature = sectors.Signature(BP256, answer.value)
    signature.verify(procedure.key, SECTOR, PSA, procedure.run.agreed)
    common.equal([found is not None for found in signature.pseudonyms], told, 'pseudonyms')


def refused_signature(objects, how='sm'):
    """PSA with other data than it should have."""
    def go(procedure):
        choose_psa(procedure)
        sends(procedure, FAILURE, objects, how)
    with_each(go)


def refused_key(element):
    """An agreement with another key than the terminal has committed itself to."""
    def go(procedure):
        choose(procedure, procedure.info.oid)
        sends(procedure, FAILURE, tlv(0x80, element))
    with_each(go, False)


def test_EAC2_ISO7816_V_1():
    """The regular run."""
    with_each(signs)


def test_EAC2_ISO7816_V_3():
    """PSA without secure messaging."""
    refused_signature(sector_object(), 'plain')


def test_EAC2_ISO7816_V_4():
    """The sector's key has the tag 84."""
    refused_signature(sector_object(tag=0x84))


def test_EAC2_ISO7816_V_5():
    """No sector's key."""
    refused_signature(b'')


def test_EAC2_ISO7816_V_6():
    """An empty one."""
    refused_signature(tlv(0x80, b'\0'))


def test_EAC2_ISO7816_V_7():
    """After the agreement the old keys are good for nothing."""
    def go(procedure):
        old = procedure.card.sm
        procedure.agreed()
        procedure.card.sm = old
        choose_psa(procedure, FAILURE, 'ended')
    with_each(go, False)


def test_EAC2_ISO7816_V_8():
    """Another ephemeral key than the one that the terminal has named."""
    refused_key(BP256.encode(point()))


def test_EAC2_ISO7816_V_9():
    """An ephemeral key that is not on the curve."""
    octets = BP256.encode(BP256.generator)
    refused_key(mistakes.flipped(octets, 8 * len(octets) - 1))


def test_EAC2_ISO7816_V_10():
    """PSA without an agreement. A card with version 2, as ours, takes the command for that one's agreement, which is
    good with the key that the terminal has named and with no other."""
    def version_3(procedure):
        choose(procedure, procedure.info.oid)
        sends(procedure, FAILURE, sector_object())
        choose_psa(procedure, FAILURE)
        sends(procedure, FAILURE, sector_object())

    def version_2(procedure):
        info = next(info for info in procedure.access.chip_auth if info.version == 2)
        choose(procedure, info.oid, info.key_id)
        sends(procedure, FAILURE, sector_object())
        mine = BP256.power(procedure.sk, BP256.generator)
        choose(procedure, info.oid, info.key_id)
        sends(procedure, OK, sector_object(mine))
    with_each(version_3, False)
    with_each(version_2, False)


def test_EAC2_ISO7816_V_11():
    """PSA twice after one agreement."""
    def go(procedure):
        signs(procedure)
        signs(procedure)
    with_each(go)


def test_EAC2_ISO7816_V_12():
    """A sector whose hash is not in the certificate."""
    refused_signature(sector_object(point()))


common.main(globals())
