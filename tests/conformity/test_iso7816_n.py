# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_N: a link certificate with another algorithm (TR-03110-3, 2.3 and A.6.3). Of the whole plan,
which is to be repeated with the new one, a terminal that is authenticated stands here; the other units try more with cards that
are made with RSA keys."""
import common
import plan
from eac1 import DG3, Sample
from plan import OK
from sets import Pki, name_of
from terminal.domains import DOMAINS

# From a kind of keys to another, as for SigningKey: every scheme there is, other sizes and curves.
EC_KEYS, RSA_KEYS = ('ec', 3, DOMAINS[13]), ('rsa', 4, 1536)
TARGETS = [('rsa', number, 1536) for number in range(1, 7)] + [('rsa', 4, 1024), ('rsa', 4, 3072)]
TARGETS += [('ec', number, DOMAINS[domain]) for number, domain in (
    (1, 8), (1, 9), (2, 10), (2, 11), (3, 12), (3, 14), (4, 15), (4, 16), (5, 17), (5, 18))]


def words(kind, number, size):
    return '%s scheme %d, %s' % (kind, number, getattr(size, 'name', size))


def migrate(way, before, after):
    with Sample(way, Pki(words(*before), *before, later=after)) as sample:
        visit = sample.visit().begin().present_named('LINK_CERT_7', 'LINK_CERT_8', 'LINK_CERT_9', 'LINK_CERT_11b')
        visit.begin()
        common.equal(visit.reference, name_of('CVCA_11'), 'the first trust point')
        visit.present_named('LINK_CERT_13').authenticate('DV_CERT_13', 'IS_CERT_13').read_byte(OK, DG3)


def test_ISO7816_N_1():
    """The certificates of the new algorithm are verified, and it serves to authenticate."""
    rows = [('bac', EC_KEYS, target) for target in TARGETS]
    rows += [('pace', RSA_KEYS, target) for target in (EC_KEYS, ('rsa', 2, 1536), ('rsa', 4, 2048))]
    plan.each([('ISO7816_N_1, %s to %s' % (words(*before), words(*after)), way, before, after)
               for way, before, after in rows], migrate)


common.main(globals())
