# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_ISO7816_M: certificates bring the card up to date, its day and its trust points (TR-03110-3,
2.5). The cases build on each other, in their order: their cards lose power in between and go on from their images."""
import functools
import tempfile

import common
import eid
import plan
import sectors
from certificates import CONTEXTS, LETTERS, MONTH, START, Visit, authority, day, issue, trusting
from plan import ERROR, OK, OK_OR_ERROR, REFUSED
from terminal import lds, oids
from terminal.domains import DOMAINS
from terminal.issuer import SigningKey
from terminal.tlv import oid, tlv

LAST = 3  # the months after which the first CVCAs expire


def later(months, days=0):
    """YYMMDD, so much after the last day of the first CVCAs."""
    return day(LAST + months, days)


def own_authority(kind, rights=None, **more):
    return authority(kind, SigningKey('ec', 3, DOMAINS[13]), day(LAST), rights=rights, **more)


class Sample:
    """A card, and who has got certificates from its CVCAs: (kind, name) to a Holder."""

    def __init__(self, *authorities):
        self.authorities, self.kept = authorities, None

    def __enter__(self):
        """A visit begins with power."""
        if self.kept:
            self.kept.card.transport.close()
            self.kept.start('--file', self.kept.path)
            return self.kept
        with tempfile.TemporaryDirectory() as folder:
            self.kept = eid.Kept(*START, *trusting(folder, *self.authorities))
        return self.kept

    def __exit__(self, *error):
        self.kept.stop()


class Series:
    """Cases 1 to 5 with terminals of one kind."""

    def __init__(self, kind):
        self.kind, self.root = kind, own_authority(kind)

    def issue(self, issuer, name, role, *dates):
        return issue(issuer, name, role, self.kind, dates)

    @functools.cached_property
    def verifier(self):
        """DV_CERT_6."""
        return self.issue(self.root, b'DETESTDVDE006', 'dv domestic', *MONTH)

    def link(self, issuer, number, first, last):
        return self.issue(issuer, b'DETESTLINKDE%03d' % number, 'cvca', first, last)

    def case_1(self, kept):
        name = b'DETEST%sDE006' % LETTERS[self.kind]
        late = self.issue(self.verifier, name, 'terminal', day(0, 14), day(1))
        early = self.issue(self.verifier, name, 'terminal', day(), day(0, 13))
        visit = Visit(kept.card, self.kind).present(self.verifier, late)
        visit.enter().present(self.verifier)
        visit.set_dst(OK, self.verifier.name)
        visit.verify(REFUSED, early)

    def case_2(self, kept):
        late = self.issue(self.root, b'DETESTDVDE006', 'dv domestic', day(1, 1), day(2))
        visit = Visit(kept.card, self.kind).present(late).enter()
        visit.set_dst(OK, visit.reference)
        visit.verify(REFUSED, self.verifier)

    def case_3(self, kept):
        self.first = self.link(self.root, 7, later(0, -1), later(2))
        by_old = self.issue(self.root, b'DETESTDVDE007', 'dv domestic', day(), later(0))
        by_new = self.issue(self.first, b'DETESTDVDE007', 'dv domestic', later(0, 1), later(1))
        visit = Visit(kept.card, self.kind).present(self.first)
        kept.cut()
        common.equal(visit.enter().references, [self.first.name, self.root.name])
        visit.set_dst(OK, visit.references[1])
        visit.verify(OK, by_old)
        visit.enter().set_dst(OK, visit.references[0])
        visit.verify(OK, by_new)
        visit.enter().set_dst(OK_OR_ERROR, self.root.name)
        visit.verify(REFUSED, by_old)

    def case_4(self, kept):
        second = self.link(self.first, 8, later(1), later(4))
        self.third = self.link(second, 9, later(3), later(6))
        verifier = self.issue(self.third, b'DETESTDVDE009', 'dv domestic', later(3), later(4))
        visit = Visit(kept.card, self.kind)
        visit.set_dst(OK, visit.references[0])
        visit.verify(OK, second)
        visit.present(self.third, verifier)
        kept.cut()
        common.equal(visit.enter().references, [self.third.name, second.name])

    def case_5(self, kept):
        self.fourth = self.link(self.third, 11, later(5), later(8))
        name = b'DETEST%sDE011' % LETTERS[self.kind]
        terminal = self.issue(self.fourth, name, 'terminal', later(5), later(6))
        visit = Visit(kept.card, self.kind)
        visit.set_dst(OK, visit.references[0])
        visit.verify(OK, self.fourth)
        visit.set_dst(OK, self.fourth.name)
        visit.verify(REFUSED, terminal)


SERIES = {part: Series(kind) for part, kind in CONTEXTS}
OTHERS = Series(oids.AT)  # of the card whose inspection systems change
SAMPLES = {'a': Sample(SERIES['a'].root, OTHERS.root), 'b': Sample(SERIES['b'].root)}


def in_both(number, case):
    def run(part):
        with SAMPLES[part] as kept:
            case(SERIES[part], kept)
    plan.each([('EAC2_ISO7816_M_%d%s' % (number, part), part) for part in SERIES], run)


def test_EAC2_ISO7816_M_1():
    """A domestic terminal that is valid from a later day on raises the card's date."""
    in_both(1, Series.case_1)


def test_EAC2_ISO7816_M_2():
    """So does a verifier."""
    in_both(2, Series.case_2)


def test_EAC2_ISO7816_M_3():
    """A link certificate brings a trust point; the old one is the second, until it has expired."""
    in_both(3, Series.case_3)


def test_EAC2_ISO7816_M_4():
    """Two link certificates and a verifier in one session; the trust point before them is gone."""
    in_both(4, Series.case_4)


def test_EAC2_ISO7816_M_5():
    """A new trust point does not issue certificates of terminals."""
    in_both(5, Series.case_5)


def test_EAC2_ISO7816_M_6():
    """The day that inspection systems have brought counts for authentication terminals, which have their trust point
    still."""
    verifier = OTHERS.issue(OTHERS.root, b'DETESTDVDE017', 'dv domestic', *MONTH)
    with SAMPLES['a'] as kept:
        visit = Visit(kept.card, oids.AT)
        common.equal(visit.references, [OTHERS.root.name])
        visit.set_dst(OK, visit.reference)
        visit.verify(REFUSED, verifier)


def test_EAC2_ISO7816_M_7():
    """Two link certificates for authentication terminals, with power off after each. The verifier is here by the newest
    trust point, which the case selects, and once more by the one before, as the certificate is described."""
    first = OTHERS.issue(OTHERS.root, b'DETESTLINKDE23A', 'cvca', later(2), later(5))
    second = OTHERS.issue(first, b'DETESTLINKDE23B', 'cvca', later(4), later(7))
    with SAMPLES['a'] as kept:
        visit = Visit(kept.card, oids.AT)
        for link, before in ((first, OTHERS.root), (second, first)):
            visit.set_dst(OK, visit.references[0])
            visit.verify(OK, link)
            kept.cut()
            common.equal(visit.enter().references, [link.name, before.name])
        for reference, issuer in zip(visit.references, (second, first)):
            visit.enter().set_dst(OK, reference)
            visit.verify(OK, OTHERS.issue(issuer, b'DETESTDVDE023', 'dv domestic', later(4), later(5)))


def test_EAC2_ISO7816_M_8():
    """The trust points of inspection systems have not changed with them."""
    fourth = SERIES['a'].fourth
    verifier = SERIES['a'].issue(fourth, b'DETESTDVDE011', 'dv domestic', later(5), later(6))
    with SAMPLES['a'] as kept:
        visit = Visit(kept.card, oids.IS)
        common.equal(visit.reference, fourth.name)
        visit.present(verifier)


# The rights of a trust point are those of its own certificate, not of the ones before it. Verifiers are issued by the
# trust point whose rights are meant.

DATES = later(5, -1), later(8)
READ_DG1, READ_DG8 = 1 << eid.read_bit(1), 1 << eid.read_bit(8)


def read_dg1(visit, issuer, want):
    """With DV_CERT_20a and AT_CERT_20w."""
    verifier = issue(issuer, b'DETESTDVDE020', 'dv foreign', oids.AT, DATES, rights=0x3FFFFF00)
    visit.authenticate(verifier, issue(verifier, b'DETESTATDE020', 'terminal', oids.AT, DATES, rights=READ_DG1))
    inside(visit)
    plan.step(visit.card, want, '00B08100', ne=1)


def inside(visit):
    visit.procedure.authenticate_chip(eid.CSCA)
    visit.procedure.application()


def along_links(run, wants, first, *links, extensions=b''):
    """run(visit, CVCA, want) under a CVCA with these rights, then under one after the other that a link certificate names.
    first, links: rights and what else issue() takes."""
    holder = own_authority(oids.AT, **first)
    with Sample(holder) as kept:
        visit = Visit(kept.card, oids.AT, extensions)
        run(visit, holder, wants[0])
        for name, link, want in zip((b'DETESTLINKDE32A', b'DETESTLINKDE32B'), links, wants[1:]):
            holder = issue(holder, name, 'cvca', oids.AT, DATES, **link)
            visit.enter().present(holder)
            run(visit, holder, want)


EVERYTHING = {'rights': eid.ALL[oids.AT]}
NOT_DG1 = {'rights': eid.ALL[oids.AT] & ~READ_DG1}


def test_EAC2_ISO7816_M_9():
    """A link certificate takes the right to read DG1 away."""
    along_links(read_dg1, (OK, ERROR), EVERYTHING, {'rights': 0})


def test_EAC2_ISO7816_M_10():
    """A link certificate gives it."""
    along_links(read_dg1, (ERROR, OK), NOT_DG1, {'rights': READ_DG1})


def test_EAC2_ISO7816_M_11():
    """One gives it, the next takes it away."""
    along_links(read_dg1, (ERROR, OK, ERROR), NOT_DG1, {'rights': READ_DG1}, {'rights': 0})


# The right to compare DG8 is in an authorisation extension.

DG8 = oid(oids.BSI + '3.1.4.5.8')


def comparing(bits):
    """The extension with these rights, in the object 65."""
    return tlv(0x65, tlv(0x73, tlv(0x06, oid(sectors.EID_ACCESS)), tlv(0x80, bits.to_bytes(6, 'big'))))


COMPARE_DG8 = comparing(1 << 7)
WITH, WITHOUT = {'rights': READ_DG8, 'extensions': COMPARE_DG8}, {'rights': 0, 'extensions': comparing(0)}


@functools.lru_cache(None)
def contents_of_dg8():
    with eid.new_card() as card:
        eid.run(card, eid.specimen())
        return lds.read(card, lds.dg(8))


def compare_dg8(visit, issuer, want):
    """With DV_CERT_30a and AT_CERT_30y."""
    verifier = issue(issuer, b'DETESTDVDE030', 'dv domestic', oids.AT, DATES, extensions=comparing(0x3FFFFF))
    terminal = issue(verifier, b'DETESTATDE030', 'terminal', oids.AT, DATES, extensions=COMPARE_DG8)
    data = tlv(0x67, tlv(0x73, tlv(0x06, DG8), tlv(0x53, contents_of_dg8())))
    visit.authenticate(verifier, terminal, auxiliary=data)
    inside(visit)
    plan.step(visit.card, want, '00330000', tlv(0x06, DG8))


def test_EAC2_ISO7816_M_12():
    """A link certificate gives the right to compare DG8."""
    along_links(compare_dg8, (ERROR, OK), EVERYTHING, WITH, extensions=COMPARE_DG8)


def test_EAC2_ISO7816_M_13():
    """A link certificate takes it away."""
    along_links(compare_dg8, (OK, ERROR), {**EVERYTHING, **WITH}, WITHOUT, extensions=COMPARE_DG8)


def test_EAC2_ISO7816_M_14():
    """One gives it, the next takes it away."""
    along_links(compare_dg8, (ERROR, OK, ERROR), EVERYTHING, WITH, WITHOUT, extensions=COMPARE_DG8)


common.main(globals())
