# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chains of certificates before the identity card (BSI TR-03110-3, 2.4 to 2.7 and A.7): every scheme, link certificates,
the card's own date, which only rises and only by those who may raise it; all of it kept in the card's image. Chains are
made here and by vicc-pki."""
import json
import os
import subprocess
import tempfile

import eid
from eid import ALL, OK, UNKNOWN, WRONG_DATA
import common
import support
from general_procedure import Procedure
from support import refused
from terminal import cvc, oids, pace, terminal_auth
from terminal.domains import DOMAINS
from terminal.issuer import SigningKey

NOT_ACCEPTED = 0x6300, 0x6982, 0x6985, 0x6988, 0x6A80, 0x6A88
SCHEMES = [('rsa', number, 2048) for number in (1, 2, 3, 4, 5, 6)] + [
    ('rsa', 2, 1024), ('rsa', 4, 1280), ('rsa', 2, 1536), ('rsa', 4, 3072)]
SCHEMES += [('ec', number, domain) for number, domain in (
    (1, 13), (2, 11), (2, 10), (3, 12), (3, 13), (3, 14), (4, 15), (4, 16), (5, 17), (5, 18), (1, 8), (1, 9), (5, 13),
    (2, 17), (1, 18))]


def references(card, kind=oids.AT):
    procedure = Procedure(card, eid.specimen(kind))
    return procedure.enter(pace.PIN if kind == oids.AT else pace.CAN).pace.cars


def readable(card, terminal, kind=oids.AT, number=1):
    eid.run(card, terminal, pace.PIN if kind == oids.AT else pace.CAN, ALL[kind], kind)
    return eid.group_status(card, number) == OK


def refused_chain(card, terminal):
    procedure = Procedure(card, terminal).enter()
    refused(NOT_ACCEPTED, procedure.authenticate_terminal)


def update(card, *certificates):
    """Certificates without terminal authentication behind them (2.5: to bring the card up to date)."""
    Procedure(card, eid.specimen()).enter()
    terminal_auth.present(card, certificates)


def link(authority, name, dates, key=None, **more):
    return authority.issue(name, key or eid.key_like(authority), 'cvca', eid.octets(oids.AT, more.pop('rights', ALL[oids.AT])),
                           dates, kind=oids.AT, **more)


def scheme_key(kind, number, size, name):
    return SigningKey(kind, number, DOMAINS[size] if kind == 'ec' else size, name)


def test_schemes():
    """Every scheme of a terminal, of its verifier and of the authority above, which comes by a link certificate."""
    failed = []
    with eid.Kept('--date', '2026-11-22') as kept:
        for kind, number, size in SCHEMES:
            authority = link(eid.root(), b'UTTESTCV00002', eid.DATES, scheme_key(kind, number, size, 'cvca'))
            names = iter(('dv', 'terminal'))
            made = eid.chain(eid.root(), links=[authority],
                             key=lambda: scheme_key(kind, number, size, next(names)))
            with eid.new_card('--date', '2026-11-22') as card:
                try:
                    assert readable(card, made), 'DG1 cannot be read'
                except Exception as error:
                    failed.append('%s, scheme %d, %s: %s' % (kind, number, size, error))
        common.equal(references(kept.card), [eid.root().name])
    assert not failed, '\n    '.join(failed)


def test_mixed_schemes():
    """One signature algorithm, one set of domain parameters and one size of keys from the authority down to the
    terminal; a link certificate may change them (TR-03110-3, 2.3)."""
    curve = link(eid.root(), b'UTTESTCV00002', eid.DATES, scheme_key('ec', 4, 16, 'a'))
    with eid.new_card() as card:
        update(card, curve.certificate)
        for verifier, terminal in ((('ec', 5, 16), ('ec', 5, 16)), (('ec', 4, 16), ('ec', 5, 16)),
                                   (('rsa', 6, 2048), ('rsa', 6, 2048)), (('ec', 4, 16), ('rsa', 4, 2048))):
            refused_chain(card, eid.chain(curve, dv={'key': scheme_key(*verifier, 'b')},
                                          terminal={'key': scheme_key(*terminal, 'c')}))
        own = scheme_key('ec', 4, 12, 'd')
        refused_chain(card, eid.chain(curve, dv={'key': own, 'key_object': own.object(True)}))
        assert readable(card, eid.chain(curve))
        rsa = link(curve, b'UTTESTCV00003', eid.DATES, scheme_key('rsa', 4, 2048, 'e'))
        update(card, rsa.certificate)
        for size, number in ((1536, 4), (2048, 2)):
            key = scheme_key('rsa', number, size, 'f')
            refused_chain(card, eid.chain(rsa, key=lambda key=key: key))
        assert readable(card, eid.chain(rsa, key=lambda: scheme_key('rsa', 4, 2048, 'g')))


def test_links():
    """A link certificate brings a new trust point at once and for good; the card names two, the newest first; with a
    third the oldest is out (2.5.1)."""
    authority = eid.root()
    first = link(authority, b'UTSPECAT00002', ('260201', '461122'))
    second = link(first, b'UTSPECAT00003', ('260301', '461122'))
    third = link(second, b'UTSPECAT00004', ('260401', '461122'))
    with eid.Kept() as kept:
        card = kept.card
        common.equal(references(card), [authority.name])
        update(card, first.certificate)
        kept.cut()
        common.equal(references(card), [first.name, authority.name])
        assert readable(card, eid.chain(first)) and readable(card, eid.chain(authority))
        update(card, second.certificate)
        kept.cut()
        common.equal(references(card), [second.name, first.name])
        refused((UNKNOWN, WRONG_DATA), terminal_auth.set_dst, card, authority.name)
        assert readable(card, eid.chain(second)) and readable(card, eid.chain(first))
        refused_old(card, eid.chain(authority))
        update(card, third.certificate)
        kept.cut()
        common.equal(references(card), [third.name, second.name])
        common.equal(references(card, oids.IS), [b'UTSPECIS00001'], 'trust points of inspection systems')


def refused_old(card, made):
    """A chain under a trust point that is gone."""
    Procedure(card, made).enter()
    refused((UNKNOWN, WRONG_DATA), terminal_auth.set_dst, card, made.certificates[1].car)


def test_links_at_once():
    """Three links, verifier and terminal in one session, then the same chain without what is known."""
    authority = eid.root()
    first = link(authority, b'UTSPECAT00002', ('260201', '461122'))
    second = link(first, b'UTSPECAT00003', ('260301', '461122'))
    third = link(second, b'UTSPECAT00004', ('260401', '461122'))
    made = eid.chain(authority, links=[first, second, third])
    with eid.new_card() as card:
        assert readable(card, made)
        assert readable(card, eid.chain(third))


def test_rights_of_links():
    """What a new authority may not grant, nobody below it has."""
    authority = eid.root()
    first = link(authority, b'UTSPECAT00002', ('260201', '461122'), rights=1 << eid.read_bit(1) | 1 << eid.read_bit(5))
    with eid.Kept() as kept:
        eid.run(kept.card, eid.chain(authority, links=[first]), rights=ALL[oids.AT])
        got = [number for number in range(1, 23) if eid.group_status(kept.card, number) == OK]
        common.equal(got, [1, 5])
        kept.cut()
        eid.run(kept.card, eid.chain(first), rights=ALL[oids.AT])
        got = [number for number in range(1, 23) if eid.group_status(kept.card, number) == OK]
        common.equal(got, [1, 5])
        eid.run(kept.card, eid.chain(authority), rights=ALL[oids.AT])
        assert eid.group_status(kept.card, 4) == OK


def test_bad_links():
    """They leave the trust points as they were, in the image, too."""
    authority, other = eid.root(), eid.key_like(eid.root())
    rows = [
        ('signed by another key', {'signer': other}),
        ('a flipped bit', {'spoil': lambda s: s[:-1] + bytes([s[-1] ^ 1])}),
        ('by nobody', {'car': b'UTNOBODY00001'}),
        ('for inspection systems', {'kind': oids.IS, 'template': eid.tlv(0x7F4C, eid.tlv(0x06, eid.oid(oids.IS)), eid.tlv(
            0x53, b'\xff'))}),
        ('without domain parameters', {'key_object': eid.key_like(authority).object(False)}),
    ]
    with eid.Kept() as kept:
        for name, wrong in rows:
            wrong = {**{'kind': oids.AT}, **wrong}
            bad = authority.issue(b'UTSPECAT00002', eid.key_like(authority), 'cvca', eid.octets(oids.AT, ALL[oids.AT]),
                                  ('260201', '461122'), **wrong)
            Procedure(kept.card, eid.specimen()).enter()
            try:
                terminal_auth.set_dst(kept.card, authority.name)
                terminal_auth.verify_certificate(kept.card, bad.certificate)
            except support.CardError as error:
                assert error.sw in NOT_ACCEPTED, error
            else:
                assert name in ('by nobody', 'without domain parameters'), '%s is accepted' % name
                assert name != 'by nobody', '%s is accepted' % name
            kept.cut()
            if name != 'without domain parameters':
                common.equal(references(kept.card), [authority.name], name)


# Dates

def stored_date(kept):
    with open(kept.path) as file:
        return json.load(file).get('date')


def accepts(card, dates):
    """Whether a terminal with these dates, under a verifier that is always valid, is accepted."""
    try:
        return readable(card, eid.chain(eid.root(), dv={'dates': ('260101', '461122')}, terminal={'dates': dates}))
    except support.CardError as error:
        assert error.sw in NOT_ACCEPTED, error
        return False


def test_expiry():
    """The last day counts; the day after does not (2.5.1: "expired" is an end before the card's date)."""
    for day, want in (('2026-11-21', True), ('2026-11-22', True), ('2026-11-23', False), ('2027-01-01', False)):
        with eid.new_card('--date', day) as card:
            common.equal(accepts(card, ('260101', '261122')), want, 'a certificate to 2026-11-22 on ' + day)


def test_dates_rise():
    """Links, verifiers and terminals of domestic verifiers raise the date; terminals of foreign ones do not; nothing
    lowers it. What is not valid yet is so at once: the card has no clock (2.5.2, 2.7.2)."""
    authority = eid.root()

    def by(**how):
        return lambda: eid.chain(authority, **how)

    old = ('260101', '461122')
    rows = [
        ('a verifier', by(dv={'dates': ('270101', '461122')}, terminal={'dates': old}), '2027-01-01'),
        ('a terminal of a domestic verifier', by(terminal={'dates': ('280101', '461122')}), '2028-01-01'),
        ('an old terminal', by(terminal={'dates': old}), '2028-01-01'),
        ('a terminal of a foreign verifier', by(dv={'role': 'dv foreign'}, terminal={'dates': ('290101', '461122')}),
         '2028-01-01'),
        ('a foreign verifier', by(dv={'role': 'dv foreign', 'dates': ('290301', '461122')}, terminal={'dates': old}),
         '2029-03-01'),
        ('the leap day', by(terminal={'dates': ('320229', '461122')}), '2032-02-29'),
    ]
    with eid.Kept('--date', '2026-11-22') as kept:
        common.equal(stored_date(kept), '2026-11-22')
        for name, make, want in rows:
            assert readable(kept.card, make()), name
            common.equal(stored_date(kept), want, name)
            kept.cut()
        assert not accepts(kept.card, ('260101', '320228'))
        assert accepts(kept.card, ('260101', '320229'))
        update(kept.card, link(authority, b'UTSPECAT00002', ('330101', '461122')).certificate)
        common.equal(stored_date(kept), '2033-01-01', 'a link certificate')
        update(kept.card, eid.chain(authority, dv={'dates': ('340101', '461122')}).certificates[1])
        common.equal(stored_date(kept), '2034-01-01', 'a verifier alone')


def test_bad_dates_do_not_count():
    """A certificate that is not accepted leaves the date alone."""
    authority = eid.root()
    with eid.Kept('--date', '2026-11-22') as kept:
        for how in ({'dv': {'dates': ('300101', '461122'), 'signer': eid.key_like(authority)}},
                    {'dv': {'dates': ('300101', '461122'), 'kind': oids.IS, 'rights': b'\x3f'}},
                    {'terminal': {'dates': ('300101', '461122'), 'spoil': lambda s: s[:-1] + bytes([s[-1] ^ 1])}},
                    {'terminal': {'dates': ('300101', '461122'), 'role': 'cvca'}}):
            made = eid.chain(authority, **how)
            procedure = Procedure(kept.card, made).enter()
            chain = made.certificates[1:]
            refused(NOT_ACCEPTED, forced, kept.card, chain)
            common.equal(stored_date(kept), '2026-11-22')
            assert procedure
        kept.cut()
        assert accepts(kept.card, ('260101', '261122'))


def forced(card, chain):
    for certificate in chain:
        terminal_auth.set_dst(card, certificate.car)
        terminal_auth.verify_certificate(card, certificate)


def test_expired_trust_point():
    """Not for verifiers any more, but for links to its successor (2.5.1)."""
    authority = eid.root()
    short = link(authority, b'UTSPECAT00002', ('260201', '281231'))
    later = link(short, b'UTSPECAT00003', ('290101', '461122'))
    with eid.Kept('--date', '2026-11-22') as kept:
        card = kept.card
        assert readable(card, eid.chain(authority, links=[short]))
        update(card, eid.chain(authority, dv={'dates': ('290601', '461122')}).certificates[1])
        common.equal(stored_date(kept), '2029-06-01')
        kept.cut()
        Procedure(card, eid.chain(short)).enter()
        verifier = eid.chain(short).certificates[1]
        refused(NOT_ACCEPTED, forced, card, [verifier])
        update(card, later.certificate)
        kept.cut()
        assert readable(card, eid.chain(later))


def test_ignored_dates():
    """--disable-ta-checks is for old certificates of tests."""
    old = eid.chain(eid.root(), dv={'dates': ('100101', '110101')}, terminal={'dates': ('100101', '100131')})
    with eid.new_card('--date', '2026-11-22', '--disable-ta-checks') as card:
        assert readable(card, old)
        for kind in (oids.IS, oids.ST):
            eid.run(card, eid.specimen(kind), pace.CAN)
    with eid.new_card('--date', '2026-11-22') as card:
        refused_chain(card, old)


# vicc-pki

class Maker:
    """A folder in which vicc-pki makes certificates."""

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name
        return self

    def __exit__(self, *error):
        self.temporary.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, command, name, reference, issuer=None, *options):
        by = ['--issuer', self.path(issuer + '.cvcert'), '--issuer-key', self.path(issuer + '.pem')] if issuer else []
        words = [os.environ['VICC_PKI'], command, '--reference', reference, '--new-key', self.path(name + '.pem'), '--out',
                 self.path(name + '.cvcert'), '--from', '2026-01-01', '--until', '2046-01-01', *by, *options]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, '%s\n%s' % (' '.join(words), done.stderr)

    def terminal(self, *names):
        certificates = cvc.read_all(b''.join(support.content(self.path(name + '.cvcert')) for name in names))
        return support.Terminal(certificates, cvc.TerminalKey(support.content(self.path(names[-1] + '.pem'))))


def test_vicc_pki():
    """An authority of its own with --cvca, a link certificate, a verifier and terminals below either of them, with
    several kinds of keys."""
    if not os.environ.get('VICC_PKI'):
        raise common.Skip('no vicc-pki')
    for key_type in ('brainpoolP256r1', 'secp384r1', 'rsa:2048'):
        with Maker() as maker:
            maker.make('cvca', 'root', 'UTOWNAT00001', None, '--kind', 'AT', '--rights', 'all', '--key-type', key_type)
            maker.make('cvca-link', 'next', 'UTOWNAT00002', 'root', '--rights', 'all', '--key-type', key_type)
            maker.make('dv', 'dv', 'UTOWNDV00001', 'next', '--rights', 'all', '--key-type', key_type)
            maker.make('terminal', 'one', 'UTOWNTE00001', 'dv', '--rights', 'read-dg4', '--key-type', key_type)
            with eid.Kept('--cvca', maker.path('root.cvcert')) as kept:
                made = maker.terminal('root', 'next', 'dv', 'one')
                eid.run(kept.card, made)
                got = [group for group in range(1, 23) if eid.group_status(kept.card, group) == OK]
                common.equal(got, [4], key_type)
                kept.cut()
                procedure = Procedure(kept.card, made).enter()
                common.equal(procedure.pace.cars, [b'UTOWNAT00002', b'UTOWNAT00001'])
                refused((UNKNOWN, WRONG_DATA), terminal_auth.set_dst, kept.card, b'UTSPECAT00001')


common.main(globals())
