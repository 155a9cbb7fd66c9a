# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.2, unit ISO7816_M: certificates bring the chip up to date, its day and its trust points (TR-03110-3, 2.5).
The cases build on each other, in their order: at each power-down the card is torn out, and goes on from its image."""
import common
import plan
from eac1 import EF_CVCA, Sample
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from sets import EC, PSS, RSA, Pki, name_of
from terminal.domains import DOMAINS
from terminal.tlv import tlv

BARE = Pki('ECDSA, domain parameters only where they change', 'ec', 3, DOMAINS[13], bare=True)
SAMPLES = [Sample('bac', EC), Sample('pace', BARE), Sample('bac', RSA), Sample('pace', PSS)]


def each_sample(name, function):
    def run(sample):
        with sample:
            function(sample)
    plan.each([('%s with %s' % (name, sample), sample) for sample in SAMPLES], run)


def trust_points(visit, *keys):
    """EF.CVCA has these names, the newest first, and zeros to its end."""
    visit.step(OK, '00A4020C', EF_CVCA)
    data = visit.step(OK, '00B00000', ne=36)
    common.equal(data, b''.join(tlv(0x42, name_of(key)) for key in keys).ljust(36, b'\0'), 'EF.CVCA')
    return len(data.rstrip(b'\0'))


def refused_now(visit, name):
    """A certificate of the first trust point that has been good before."""
    visit.begin().set_dst(OK, visit.reference)
    visit.verify(REFUSED, visit.pki[name])


def test_ISO7816_M_1():
    """The terminal of a domestic verifier sets the card's day: one that has ended before it is refused."""
    def run(sample):
        visit = sample.visit().begin().present_named('DV_CERT_6', 'IS_CERT_6a')
        visit.begin().present_named('DV_CERT_6').set_dst(OK, visit.pki['DV_CERT_6'].name)
        visit.verify(REFUSED, visit.pki['IS_CERT_6b'])
    each_sample('ISO7816_M_1', run)


def test_ISO7816_M_2():
    """A verifier sets the card's day: one that has ended before it is refused."""
    def run(sample):
        visit = sample.visit().begin().present_named('DV_CERT_6a')
        refused_now(visit, 'DV_CERT_6')
    each_sample('ISO7816_M_2', run)


def test_ISO7816_M_3():
    """A link certificate adds a trust point; the first one is good until it ends."""
    def run(sample):
        sample.visit().begin().present_named('LINK_CERT_7')
        visit = sample.torn_out().begin()
        trust_points(visit, 'CVCA_07', 'CVCA_00')
        visit.present_named('DV_CERT_7a')
        visit.begin().present_named('DV_CERT_7b')
        visit.begin().set_dst(OK_OR_ERROR, name_of('CVCA_00'))
        visit.verify(REFUSED, visit.pki['DV_CERT_7a'])
    each_sample('ISO7816_M_3', run)


def test_ISO7816_M_4():
    """Two link certificates in one session replace both trust points."""
    def run(sample):
        visit = sample.visit().begin()
        common.equal(visit.reference, name_of('CVCA_07'), 'the first trust point')
        visit.present_named('LINK_CERT_8', 'LINK_CERT_9', 'DV_CERT_9')
        common.equal(36 - trust_points(visit, 'CVCA_09', 'CVCA_08'), 3, 'zeros at the end')
    each_sample('ISO7816_M_4', run)


def test_ISO7816_M_5():
    """A new CVCA for a terminal."""
    def run(sample):
        visit = sample.visit().begin()
        common.equal(visit.reference, name_of('CVCA_09'), 'the first trust point')
        visit.present_named('LINK_CERT_11b').set_dst(OK, name_of('CVCA_11'))
        visit.verify(REFUSED, visit.pki['IS_CERT_11c'])
    each_sample('ISO7816_M_5', run)


def test_ISO7816_M_6():
    """EF.CVCA ends after 36 bytes."""
    def run(sample):
        visit = sample.visit().open()
        common.equal(36 - trust_points(visit, 'CVCA_11', 'CVCA_09'), 6, 'zeros at the end')
        visit.step(ERROR, '00B00024', ne=1)
    each_sample('ISO7816_M_6', run)


common.main(globals())
