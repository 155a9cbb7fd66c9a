# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_N: a link certificate whose key is of another kind than the CVCA's before it, and a
chain below it (TR-03110-3, 2.3). Case 1 with inspection systems, case 2 with authentication terminals; each for every
step of a way from one kind of keys to the next, along which the card goes."""
import tempfile

import common
import eid
import plan
from certificates import LETTERS, START, Visit, authority, day, issue, trusting
from terminal import oids
from terminal.domains import DOMAINS
from terminal.issuer import SigningKey

# The kinds of keys: scheme of RSA or of ECDSA, bits or number of the domain parameters.
WAY = [('ec', 3, 13), ('ec', 4, 16), ('ec', 5, 13), ('ec', 2, 10), ('rsa', 2, 1536), ('rsa', 4, 1536), ('rsa', 6, 2048),
       ('rsa', 1, 1024), ('ec', 3, 12), ('ec', 5, 17), ('ec', 1, 8)]
LINK, BELOW = (day(10), day(13)), (day(10), day(11))


def new_key(how, name):
    kind, scheme, size = how
    return SigningKey(kind, scheme, size if kind == 'rsa' else DOMAINS[size], name)


def migrated(card, kind, before, how):
    """To a new kind of keys: the link certificate, a verifier and a terminal in one session. The new CVCA."""
    link = issue(before, b'DETESTLINKD%03X%02d' % (WAY.index(how), 13), 'cvca', kind, LINK, new_key(how, 'cvca'))
    verifier = issue(link, b'DETESTDVDE013', 'dv domestic', kind, BELOW, new_key(how, 'dv'))
    terminal = issue(verifier, b'DETEST%sDE013' % LETTERS[kind], 'terminal', kind, BELOW, new_key(how, 'terminal'))
    visit = Visit(card, kind)
    common.equal(visit.references[0], before.name)
    visit.present(link, verifier, terminal)
    visit.set_at(plan.OK, terminal)
    visit.external(plan.OK, terminal, visit.challenge())
    return link


def along(number, kind):
    holders = [authority(kind, new_key(WAY[0], 'cvca'), day(14))]
    with tempfile.TemporaryDirectory() as folder, eid.new_card(*START, *trusting(folder, holders[0])) as card:
        plan.each([('EAC2_ISO7816_N_%d, from %s to %s' % (number, old, new), new) for old, new in zip(WAY, WAY[1:])],
                  lambda how: holders.append(migrated(card, kind, holders[-1], how)))


def test_EAC2_ISO7816_N_1():
    """The trust point of inspection systems."""
    along(1, oids.IS)


def test_EAC2_ISO7816_N_2():
    """The trust point of authentication terminals."""
    along(2, oids.AT)


common.main(globals())
