# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_R: Restricted Identification (TR-03110-2, 3.6; TR-03110-3, B.4), with each key of
the card: key 43 is for authorised terminals only, key 44 is not."""
import common
import eid
import plan
import sectors
import terminals
from eid import ALL, RESTRICTED_ID
from plan import DENIED, ERROR, OK, Expected
from terminal import oids
from terminal.domains import DOMAINS
from terminal.tlv import oid, one, tlv

RI = oids.RI + '.2.3'
BAD_OID = '0.4.0.127.0.7.2.2.2.5.1'
AUTHORIZED, FREE = 0x43, 0x44
FIRST, SECOND, OTHER = (sectors.Sector(DOMAINS[13], RI) for _ in range(3))
WRONG_SECTOR = Expected('6300 or 6A80', 0x6300, 0x6A80)


def enter(card, verifier='17', terminal='17c', rights=ALL[oids.AT], known=(FIRST,)):
    """All that goes before. rights: in the CHAT of PACE. known: sectors of the terminal's certificate."""
    extension = sectors.sector_extension(*(sector.hash() for sector in known))
    eid.run(card, terminals.chain(verifier, terminal, extension), rights=rights)


def choose(card, key, want=OK, protocol=RI):
    plan.step(card, want, '002241A4', tlv(0x80, oid(protocol)) + tlv(0x84, bytes([key])))


def identify(card, sector, want=OK, tag=0xA0):
    """The identifier for a sector; the answer to A0 is 81, to A2 83."""
    answer = plan.step(card, want, '00860000', tlv(0x7C, tlv(tag, sector.objects())), 256)
    if want is not OK:
        return None
    found = one(one(answer, 0x7C).value, 0x81 if tag == 0xA0 else 0x83).value
    common.equal(len(found), 32, 'size of the identifier')
    return found


def with_keys(number, function):
    """Runs function(card, key) with both."""
    with eid.new_card() as card:
        plan.each([('EAC2_ISO7816_R_%d, key %X' % (number, key), function, card, key) for key in (AUTHORIZED, FREE)],
                  lambda function, *arguments: function(*arguments))


def test_EAC2_ISO7816_R_1():
    """An identifier for the sector of the certificate."""
    def case(card, key):
        enter(card)
        choose(card, key)
        identify(card, FIRST)
    with_keys(1, case)


def test_EAC2_ISO7816_R_3():
    """Without the right in the CHAT of PACE one is told by the key that is for all, and not by the other."""
    def case(card, key):
        enter(card, rights=ALL[oids.AT] & ~(1 << RESTRICTED_ID))
        choose(card, key)
        identify(card, FIRST, DENIED if key == AUTHORIZED else OK)
    with_keys(3, case)


def test_EAC2_ISO7816_R_5():
    """By a protocol that there is not."""
    def case(card, key):
        enter(card)
        choose(card, key, ERROR, BAD_OID)
    with_keys(5, case)


def test_EAC2_ISO7816_R_6():
    """For a sector that is not the terminal's."""
    def case(card, key):
        enter(card)
        choose(card, key)
        identify(card, OTHER, WRONG_SECTOR)
    with_keys(6, case)


def test_EAC2_ISO7816_R_8():
    """As case 1, under a non-official verifier."""
    def case(card, key):
        enter(card, '18', '18c')
        choose(card, key)
        identify(card, FIRST)
    with_keys(8, case)


def test_EAC2_ISO7816_R_10():
    """The same identifier after a reset."""
    def case(card, key):
        found = []
        for _ in range(2):
            enter(card, '24', '24', known=(FIRST, SECOND))
            choose(card, key)
            found.append(identify(card, FIRST))
        common.equal(found[0], found[1])
    with_keys(10, case)


def test_EAC2_ISO7816_R_12():
    """Another one for each of the two sectors of a certificate."""
    def case(card, key):
        enter(card, '24', '24', known=(FIRST, SECOND))
        choose(card, key)
        first = identify(card, FIRST)
        choose(card, key)
        assert first != identify(card, SECOND, tag=0xA2), 'the same identifier in both sectors'
    with_keys(12, case)


common.main(globals())
