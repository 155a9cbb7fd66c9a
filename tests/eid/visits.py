# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A day of an identity card, as a list of visits to terminals, for any way to the card: every password, reading and
writing, comparisons, PIN management, Restricted Identification, a signature."""
import hashlib

import eid
from eid import ALL, DENIED, OK
import common
import sectors
from sectors import Sector
from support import refused
from terminal import lds, oids, pace
from terminal.domains import DOMAINS
from terminal.signatures import EcKey
from terminal.tlv import one, tlv

GROUP = DOMAINS[13]


def read_and_write(card):
    eid.run(card, eid.specimen(), aux=eid.auxiliary(birth='20000101'))
    groups = [number for number in range(1, 23) if eid.group_status(card, number) == OK]
    assert {1, 3, 4, 5, 8, 17, 18} <= set(groups), groups
    place = lds.read(card, lds.dg(17))
    eid.expect(eid.update(card, lds.dg(17), tlv(0x71, tlv(0xA1, tlv(0x0C, b'Utopia')))), OK, 'UPDATE BINARY')
    common.equal(lds.read(card, lds.dg(17)), tlv(0x71, tlv(0xA1, tlv(0x0C, b'Utopia'))))
    eid.expect(eid.update(card, lds.dg(17), place), OK, 'UPDATE BINARY')
    common.equal(lds.read(card, lds.dg(17)), place)
    eid.expect(eid.status(card, '80208000', tlv(0x06, eid.auxiliary_oid(1))), OK, 'age')


def few_rights(card):
    eid.run(card, eid.specimen(), pace.CAN, 1 << eid.CAN_ALLOWED | 1 << eid.read_bit(4))
    common.equal([number for number in range(1, 23) if eid.group_status(card, number) == OK], [4])
    eid.run(card, eid.specimen(oids.IS), pace.CAN, ALL[oids.IS], oids.IS)
    eid.expect(eid.group_status(card, 5), OK, 'DG5')


def pin(card):
    """Changed, suspended, resumed, blocked, unblocked, and as it was in the end."""
    eid.session(card, pace.PIN)
    eid.expect(eid.status(card, '002C0203', b'121212'), OK, 'a new PIN')
    for left in (2, 1):
        refused((0x6300, 0x63C0 | left), eid.session, card, pace.PIN, '000000')
    common.equal('%04X' % eid.announce(card, pace.PIN), '63C1')
    eid.session(card, pace.CAN)
    eid.session(card, pace.PIN, '121212', False)
    for left in (2, 1):
        refused((0x6300, 0x63C0 | left), eid.session, card, pace.PIN, '000000')
    eid.session(card, pace.CAN)
    refused((0x6300, 0x63C0), eid.session, card, pace.PIN, '000000', False)
    common.equal('%04X' % eid.announce(card, pace.PIN), '63C0')
    eid.session(card, pace.PUK)
    eid.expect(eid.status(card, '002C0303'), OK, 'RESET RETRY COUNTER')
    eid.session(card, pace.PIN, '121212')
    eid.expect(eid.status(card, '002C0203', b'111111'), OK, 'the old PIN')


def sector(card):
    """Long commands: a sector's key comes with its domain parameters."""
    protocol = oids.RI + '.2.3'
    mine = Sector(GROUP, protocol)
    made = eid.chain(eid.root(), terminal={'extensions': tlv(0x65, sectors.sector_extension(mine.hash()))})
    found = []
    for _ in range(2):
        eid.run(card, made)
        found += sectors.identify(card, protocol, 0x44, mine)
    common.equal(found[0], found[1])


def signature(card):
    eid.run(card, eid.specimen(oids.ST), pace.PIN, ALL[oids.ST], oids.ST)
    lds.select_application(card, eid.ESIGN)
    answer = one(card.command('00478000', ne=256), 0x7F49)
    key = EcKey(GROUP, GROUP.decode(answer.find(0x86)))
    message = b'what is signed'
    digest = hashlib.sha256(message).digest()
    eid.expect(eid.status(card, '002A9E9A', digest, 256), DENIED, 'signing without a PIN')
    eid.expect(eid.status(card, '00200081', b'444444'), OK, 'VERIFY')
    key.verify_plain(card.command('002A9E9A', digest, ne=256), message, 'sha256')


def links(card):
    """A link certificate, and a chain with RSA, whose certificates are longer than a short command."""
    authority = eid.root()
    key = eid.SigningKey('rsa', 4, 2048, 'cvca')
    link = authority.issue(b'UTSPECAT00002', key, 'cvca', eid.octets(oids.AT, ALL[oids.AT]), eid.DATES, kind=oids.AT)
    names = iter(('dv', 'terminal'))
    eid.run(card, eid.chain(authority, links=[link], key=lambda: eid.SigningKey('rsa', 4, 2048, next(names))))
    eid.expect(eid.group_status(card, 1), OK, 'DG1')


def everything(card):
    for visit in (read_and_write, few_rights, pin, sector, signature, links):
        try:
            visit(card)
        except Exception as error:
            raise AssertionError('%s: %s' % (visit.__name__, error)) from error
