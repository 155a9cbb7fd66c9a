# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a passport can offer, as plans of one inspection each: all of them, and a few that hold every pair.

A plan has these factors (None where there is nothing to choose):
    access      bac, gm, im, cam        chip         none, kat, at (how chip authentication is asked for)
    domain      of PACE                 chip_domain  of chip authentication
    cipher      of PACE                 chip_cipher
    password    mrz, can                active       none, rsa, ec with their hash functions
    zone        td1, td2, td3           terminal     no, yes
    reading     how files are read
"""
import itertools
import random

import support
from inspection import IS_TEMPLATE, Inspection
from terminal import lds, mrz, pace
from terminal.domains import DH, DOMAINS
from terminal.errors import check

CIPHERS = '3des', 'aes-128', 'aes-192', 'aes-256'
ZONES = {
    'td3': mrz.PASSPORT,
    'td2': 'I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6',
    'td1': 'I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
}
READINGS = {
    'fid': {}, 'sfi': {'short': True}, 'extended': {'extended': True, 'size': 4000},
    'odd': {'odd': True}, 'sfi-extended': {'short': True, 'extended': True, 'size': 65000},
}
ACTIVE = {
    'none': ('none',), 'rsa': tuple('rsa:sha-' + bits for bits in ('1', '224', '256', '384', '512')),
    'ec': ('ec:sha-224', 'ec:sha-256'),
}
FACTORS = {
    'access': ('bac', 'gm', 'im', 'cam'), 'domain': (None,) + tuple(DOMAINS), 'cipher': CIPHERS,
    'password': ('mrz', 'can'), 'zone': tuple(ZONES), 'reading': tuple(READINGS),
    'chip': ('none', 'kat', 'at'), 'chip_domain': (None,) + tuple(DOMAINS), 'chip_cipher': (None,) + CIPHERS,
    'active': ('none',) + ACTIVE['rsa'] + ACTIVE['ec'], 'terminal': ('no', 'yes'),
}


def possible(plan):
    """What the standards allow (Doc 9303-11, 4.4.3, 6.2.4, 7.1, 9.5.1)."""
    access, domain, cipher = plan['access'], plan['domain'], plan['cipher']
    if access == 'bac':
        if domain is not None or cipher != '3des' or plan['password'] != 'mrz':
            return False
    elif domain is None or (access == 'im' and domain == 10):
        return False
    elif access == 'cam' and (domain in DH or cipher == '3des'):
        return False
    if plan['chip'] == 'none':
        if plan['chip_domain'] is not None or plan['chip_cipher'] is not None:
            return False
    elif plan['chip_domain'] is None or plan['chip_cipher'] is None:
        return False
    elif plan['chip'] == 'kat' and plan['chip_cipher'] != '3des':
        return False
    return plan['terminal'] == 'no' or plan['chip'] != 'none' or access == 'cam'


WAY, KIND = ('access', 'domain', 'cipher', 'password'), ('chip', 'chip_domain', 'chip_cipher')
REST = 'active', 'terminal', 'zone', 'reading'
NEUTRAL = {'access': 'bac', 'domain': None, 'cipher': '3des', 'password': 'mrz', 'chip': 'none', 'chip_domain': None,
           'chip_cipher': None, 'active': 'none', 'terminal': 'no', 'zone': 'td3', 'reading': 'fid'}


def choices(names):
    """Every possible way of access, or kind of chip authentication."""
    found = (dict(zip(names, values)) for values in itertools.product(*(FACTORS[name] for name in names)))
    return [part for part in found if possible({**NEUTRAL, **part})]


def everything():
    """Every combination of the protocols, in a fixed order; zones, ways of reading and hash functions take turns."""
    turns = itertools.cycle(itertools.product(ZONES, READINGS))
    digests = {kind: itertools.cycle(names) for kind, names in ACTIVE.items()}
    ways, kinds = choices(WAY), choices(KIND)
    for way, kind, active, terminal in itertools.product(ways, kinds, ACTIVE, FACTORS['terminal']):
        plan = {**way, **kind, 'active': active, 'terminal': terminal}
        if possible(plan):
            zone, reading = next(turns)
            yield {**plan, 'zone': zone, 'reading': reading, 'active': next(digests[active])}


def pairs(items):
    """The pairs of (factor, value)."""
    return set(itertools.combinations(sorted(items, key=lambda item: item[0]), 2))


def all_pairs(ways, kinds):
    """Every pair that some possible plan has: within a way or a kind those that occur there; else all."""
    wanted = set()
    for part in ways + kinds:
        wanted |= pairs(part.items())
    groups = [WAY, KIND] + [(name,) for name in REST]
    for one, other in itertools.combinations(groups, 2):
        for first, second in itertools.product(one, other):
            for values in itertools.product(FACTORS[first], FACTORS[second]):
                wanted |= pairs(zip((first, second), values))
    return wanted


def pairwise(apart=(), seed=1):
    """Plans that together have every possible pair of values, the same ones every time. apart: pairs of factors
    that need not meet in every value."""
    drawn = random.Random(seed)
    ways, kinds = choices(WAY), choices(KIND)
    left = {pair for pair in all_pairs(ways, kinds) if {pair[0][0], pair[1][0]} not in [set(two) for two in apart]}
    plans = []
    for target in sorted(left, key=repr):
        if target not in left:
            continue
        best = max(candidates(drawn, dict(target), ways, kinds), key=lambda plan: len(left & pairs(plan.items())))
        left -= pairs(best.items())
        plans.append(best)
    return plans


def candidates(drawn, target, ways, kinds, count=16):
    """Some possible plans that have the target's values."""
    def agrees(part):
        return all(part.get(name, value) == value for name, value in target.items())

    ways, kinds, found = [way for way in ways if agrees(way)], [kind for kind in kinds if agrees(kind)], []
    for _ in range(100 * count):
        plan = {**drawn.choice(ways), **drawn.choice(kinds), **{name: drawn.choice(FACTORS[name]) for name in REST},
                **target}
        if possible(plan):
            found.append(plan)
            if len(found) == count:
                break
    assert found, 'no plan has %s' % target
    return found


def text(plan):
    """One word for a plan, as a failed test and the matrix name it."""
    def part(*names):
        return ':'.join(str(plan[name]) for name in names if plan[name] is not None)

    return '/'.join((part('access', 'domain', 'cipher'), part('password'), part('chip', 'chip_domain', 'chip_cipher'),
                     part('active'), 'ta' if plan['terminal'] == 'yes' else '-', part('zone'), part('reading')))


def options(plan):
    """The options of vicc for a chip that offers just this."""
    protocols = ['bac'] if plan['access'] == 'bac' else [
        'pace-%s:%s:%s' % (plan['access'], plan['domain'], plan['cipher'])]
    if plan['chip'] != 'none':
        protocols.append('ca:%s:%s' % (plan['chip_domain'], plan['chip_cipher']))
    protocols += ['aa:' + plan['active']] if plan['active'] != 'none' else []
    protocols += ['ta'] if plan['terminal'] == 'yes' else []
    number = [] if plan['access'] == 'bac' else ['--can', support.CAN]
    return ['--mrz', ZONES[plan['zone']], *number, '--protocols', ','.join(protocols)]


def run(plan, csca, terminal):
    """Starts such a passport and inspects it."""
    with support.Passport(*options(plan)) as card:
        inspect(plan, card, csca, terminal)


def inspect(plan, card, csca, terminal):
    visit = Inspection(card, mrz.Mrz(ZONES[plan['zone']]), **READINGS[plan['reading']])
    infos = visit.card_access()
    check((infos is None) == (plan['access'] == 'bac'), 'EF.CardAccess: %s', infos and infos.pace)
    if plan['access'] == 'bac':
        visit.enter_by_bac()
    else:
        enter(plan, visit, infos, csca)
    visit.read_groups(without=(3, 4) if plan['terminal'] == 'yes' else ())
    check(lds.mrz_of(visit.group(1)) == visit.zone.text, 'DG1 has another MRZ')
    if plan['active'] != 'none':
        digest = visit.authenticate_actively()
        check(plan['active'].endswith(':' + digest.replace('sha', 'sha-')), 'active authentication with %s', digest)
    if plan['chip'] != 'none':
        visit.authenticate_chip(kat=plan['chip'] == 'kat')
        found = visit.infos.chip_auth[0].suite.name
        check(found == plan['chip_cipher'], 'chip authentication with %s', found)
    if plan['terminal'] == 'yes':
        visit.authenticate_terminal(terminal)
        for number in {3, 4} & set(visit.com.groups):
            visit.read(lds.dg(number))
    visit.passive(csca)


def enter(plan, visit, infos, csca):
    names = [repr(info) for info in infos.pace]
    check(names == ['pace-%(access)s:%(domain)s:%(cipher)s' % plan], 'EF.CardAccess offers %s', names)
    chat = IS_TEMPLATE if plan['terminal'] == 'yes' else None
    visit.enter_by_pace(infos.pace[0], pace.MRZ if plan['password'] == 'mrz' else pace.CAN, chat)
    if plan['access'] == 'cam':
        visit.prove_mapping(csca)
    visit.application()
