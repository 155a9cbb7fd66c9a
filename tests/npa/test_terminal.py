# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal on libeac, an implementation of Extended Access Control that is not ours, with identity cards: PACE with
each password, passwords counted, suspended, resumed, blocked and unblocked; Terminal and Chip Authentication with the
specimen PKI, everything verified; data groups read and written; comparisons of auxiliary data."""
import os

import harness
import places
from libeac import CAN, CHAIN, MRZ, PIN, PUK, STEPS_FAILED, TERMINAL, WITH_PIN, Run, good, refused, specimen

EXAMPLES = os.path.join(os.environ.get('VICC_TEST_DATA', ''), 'npa-example-data')

# Rights of authentication terminals (TR-03110-4, table 4).
CAN_ALLOWED, PIN_MANAGEMENT = 1 << 4, 1 << 5

WRONG = {'pin': '999999', 'can': '999999', 'puk': '9999999999', 'mrz': MRZ.replace('640812', '640813')}

# Data groups of the card as it comes (tags and types of BSI TR-03110-4, A).
GROUPS = {
    1: '610413024944', 2: '6203130144', 3: '630A12083230323031303331', 4: '64070C054552494B41',
    5: '650C0C0A4D55535445524D414E4E', 6: '66020C00', 7: '67020C00', 8: '680A12083139363430383132',
    9: '690AA1080C064245524C494E', 10: '6A0413024445', 11: '6B03130146',
    13: '6D120C10' + b'Mein Geburtsname'.hex().upper(),
    17: '712B3029AA110C0F484549444553545241535345203137AB060C044B4F4C4EAD03130144AE0713053531313437',
    18: '7209040702760378900276',
    19: '732FA12D0C2B' + b'ResidencePermit1 field up to 750 characters'.hex().upper(),
    20: '742FA12D0C2B' + b'ResidencePermit1 field up to 250 characters'.hex().upper(),
}
# What the reference's script writes. The card takes it for the beginning of a data object.
WRITTEN = {17: '0107', 18: '0108', 19: '0109', 20: '0200', 21: '0201'}
# Longer and shorter ones.
NEW = {
    17: '712E302CAA120C10' + b'STADTMUSIKANTENW'.hex().upper() + 'AB080C06' + b'BREMEN'.hex().upper() +
        'AD03130144' + 'AE0713053238313935',
    18: '7209040702760302540021', 19: '7304A1020C00', 20: '7406A1040C024142', 21: '750713052B34393330',
}


def tries(card, kind='pin'):
    return card.password(kind)['tries']


# PACE and passwords

def each_password(cards):
    card = cards.insert()
    for kind, value in (('mrz', MRZ), ('can', CAN), ('pin', PIN), ('puk', PUK)):
        good(card, '--password', kind, value)
    for kind in ('mrz', 'can', 'puk'):
        refused(card, 'password %s: 6300' % kind, '--password', kind, WRONG[kind])
    refused(card, 'password pin: 63C2', '--password', 'pin', WRONG['pin'])
    harness.equal(tries(card), 2, 'tries')
    good(card, '--password', 'pin', PIN).has('tries before: 2')
    harness.equal(tries(card), 3, 'tries')
    # A second run protected by the first; the new session's keys serve the third.
    good(card, '--password', 'can', CAN, '--password', 'pin', PIN, '--password', 'puk', PUK, '--password', 'mrz', MRZ)
    card.leave()


def suspended_and_resumed(cards):
    card = cards.insert()
    refused(card, 'password pin: 63C2', '--password', 'pin', WRONG['pin'])
    refused(card, 'password pin: 63C1', '--password', 'pin', WRONG['pin'])
    harness.equal(tries(card), 1, 'tries')
    # Suspended: even the right one is refused, and not counted.
    run = Run(card, '--password', 'pin', PIN).has('tries before: 1')
    if run.status != STEPS_FAILED:
        run.complain('a suspended PIN is taken')
    harness.equal(tries(card), 1, 'tries')
    # The CAN in a session of its own does not last.
    good(card, '--password', 'can', CAN)
    if Run(card, '--password', 'pin', PIN).status != STEPS_FAILED:
        run.complain('a suspended PIN is taken')
    good(card, '--password', 'can', CAN, '--password', 'pin', PIN, '--change', 'pin', '654321')
    harness.equal(tries(card), 3, 'tries')
    good(card, '--password', 'pin', '654321')
    card.leave()


def blocked_and_unblocked(cards):
    card = cards.insert()
    wrong = ['--password', 'pin', WRONG['pin']]
    refused(card, 'password pin: 63C2', *wrong)
    refused(card, 'password pin: 63C1', *wrong)
    refused(card, 'password pin: 63C0', '--password', 'can', CAN, *wrong)
    harness.equal(tries(card), 0, 'tries')
    for before in ([], ['--password', 'can', CAN]):
        run = Run(card, *before, '--password', 'pin', PIN).has('tries before: 0')
        if run.status != STEPS_FAILED:
            run.complain('a blocked PIN is taken')
    uses = card.password('puk')['uses']
    refused(card, 'unblock pin: 6982', '--password', 'can', CAN, '--unblock', 'pin')
    good(card, '--password', 'puk', PUK, '--unblock', 'pin')
    harness.equal((tries(card), card.password('puk')['uses']), (3, uses - 1), 'tries and uses of the PUK')
    good(card, '--password', 'pin', PIN)
    card.leave()


def the_puk_wears_out(cards):
    card = cards.insert()
    good(card, *['--password', 'puk', PUK] + 10 * ['--unblock', 'pin'])
    harness.equal(card.password('puk')['uses'], 0, 'uses of the PUK')
    run = Run(card, '--password', 'puk', PUK, '--unblock', 'pin')
    if run.status != STEPS_FAILED:
        run.complain('a PUK is good for more than ten times')
    card.leave()


def changes_passwords(cards):
    card = cards.insert()
    good(card, *WITH_PIN, '--change', 'pin', '123456', '--change', 'can', '333333')
    refused(card, 'password pin: 63C2', *WITH_PIN)
    refused(card, 'password can: 6300', '--password', 'can', CAN)
    good(card, '--password', 'pin', '123456')
    good(card, '--password', 'can', '333333')
    # Only with the PIN is there a new one.
    refused(card, 'change pin: 6982', '--password', 'can', '333333', '--change', 'pin', '654321')
    refused(card, 'change pin: 6982', '--password', 'puk', PUK, '--change', 'pin', '654321')
    refused(card, 'change pin: 6982', '--change', 'pin', '654321')
    card.leave()


def replaces_the_transport_pin(cards):
    card = cards.insert('--type', 'nPA', '--transport-pin', '12345')
    start = ['--password', 'pin', '12345']
    if Run(card, *start, *CHAIN, '--eac').status != STEPS_FAILED:
        raise AssertionError('a transport PIN opens the card to a service')
    refused(card, 'password pin: 63C2', *WITH_PIN)
    good(card, *start, '--change', 'pin', '654321')
    refused(card, 'password pin: 63C2', *start)
    good(card, '--password', 'pin', '654321', *CHAIN, '--eac', '--read', 4)
    card.leave()


# Extended Access Control with the specimen PKI

def manages_the_pin(cards):
    """A terminal with that right does without the PIN and the PUK."""
    card = cards.insert()
    start = ['--password', 'can', CAN] + CHAIN
    manage = start + chat(CAN_ALLOWED | PIN_MANAGEMENT) + ['--eac']
    other = start + chat((1 << 38) - 1 - PIN_MANAGEMENT) + ['--eac']
    for step in (['--change', 'pin', '123456'], ['--unblock', 'pin'], ['--deactivate', 'pin'], ['--activate', 'pin']):
        refused(card, '%s pin: 6982' % step[0][2:], *other, *step)
    refused(card, 'password pin: 63C2', '--password', 'pin', WRONG['pin'])
    good(card, *manage, '--unblock', 'pin')
    harness.equal(tries(card), 3, 'tries')
    good(card, *manage, '--change', 'pin', '123456')
    good(card, '--password', 'pin', '123456')
    good(card, *manage, '--deactivate', 'pin')
    for password in ('123456', WRONG['pin']):
        if Run(card, '--password', 'pin', password).status != STEPS_FAILED:
            raise AssertionError('a deactivated PIN is taken')
    harness.equal(tries(card), 3, 'tries')
    good(card, *manage, '--activate', 'pin')
    good(card, '--password', 'pin', '123456')
    card.leave()



def authenticates_and_reads(cards):
    card = cards.insert()
    words = WITH_PIN + CHAIN + ['--eac']
    for n in range(1, 22):
        words += ['--expect', '9000' if n in GROUPS else '6A82', '--read', n]
    run = good(card, *words).has('terminal authentication: 9000', 'chip authentication: 9000')
    for n, content in GROUPS.items():
        harness.equal(run.group(n), content, 'DG%d' % n)
    # Without any one of the steps nothing is readable.
    for words in ([], WITH_PIN, WITH_PIN + CHAIN, WITH_PIN + CHAIN + ['--ta']):
        refused(card, 'read 4: 6982', *words, '--read', 4)
    card.leave()


def dataset_with_dg21(cards):
    """A dataset file that adds DG21 to what the card has anyhow."""
    path = os.path.join(cards.t.folder, 'dataset')
    with open(path, 'w') as file:
        file.write('PhoneNumber=+49301234567\n')
    return path


def is_told_from_others(cards):
    """EF.CardSecurity is good for the authority that stands behind it alone."""
    card = cards.insert()
    other = CHAIN[:-1] + [specimen('signer.der')]
    run = Run(card, *WITH_PIN, *other, '--eac').has('terminal authentication: 9000')
    if run.status != 1 or 'EF.CardSecurity is not signed' not in run.text:
        run.complain('the terminal believes any EF.CardSecurity')
    card.leave()


def writes(cards):
    card = cards.insert('--type', 'nPA', '--datasetfile', dataset_with_dg21(cards))
    for command, contents in (['--write-binary'], WRITTEN), ([], NEW):
        words = command + WITH_PIN + CHAIN + ['--eac']
        for n, content in contents.items():
            words += ['--write', '%d=%s' % (n, content)]
        good(card, *words)
        # Another session reads it.
        words = WITH_PIN + CHAIN + ['--eac']
        for n in contents:
            words += ['--read', n]
        run = good(card, *words)
        for n, content in contents.items():
            harness.equal(run.group(n)[:len(content)], content, 'DG%d' % n)
    # So does another card out of the same image.
    card = cards.again(card)
    run = good(card, *words)
    for n, content in NEW.items():
        harness.equal(run.group(n), content, 'DG%d' % n)
    refused(card, 'write 4=0101: 6982', *WITH_PIN, *CHAIN, '--eac', '--write', '4=0101')
    card.leave()


def compares(cards):
    card = cards.insert()
    start = WITH_PIN + CHAIN + ['--eac']
    # Born 1964-08-12, valid to 2020-10-31, community 02760378900276.
    for option, value, sw in (
            ('older-than', '19991231', '9000'), ('older-than', '19640812', '9000'),
            ('older-than', '19640811', '6300'), ('valid-on', '20201020', '9000'), ('valid-on', '20201031', '9000'),
            ('valid-on', '20201101', '6300'), ('community', '0276', '9000'), ('community', '02760378900276', '9000'),
            ('community', '0277', '6300')):
        Run(card, *start, '--' + option, value).has('%s %s: %s' % (option, value, sw))
    good(card, *start, '--older-than', '19991231', '--valid-on', '20201020', '--community', '0276')
    card.leave()


def chat(rights):
    """What PACE is asked for: these rights of an authentication terminal."""
    return ['--chat', '7F4C12060904007F0007030102025305%010X' % rights]


def rights_are_those_of_the_chat(cards):
    """A terminal that asks PACE for fewer rights than its certificate has gets no more."""
    card = cards.insert()
    start = WITH_PIN + CHAIN
    read_4 = 1 << (8 + 3)  # bit 8 is DG1
    good(card, *start, *chat(read_4), '--eac', '--read', 4)
    refused(card, 'read 5: 6982', *start, *chat(read_4), '--eac', '--read', 5)
    refused(card, 'read 4: 6982', *start, *chat(0), '--eac', '--read', 4)
    # With the CAN only who asks for that right.
    good(card, '--password', 'can', CAN, *CHAIN, *chat(read_4 | CAN_ALLOWED), '--eac', '--read', 4)
    if Run(card, '--password', 'can', CAN, *CHAIN, *chat(read_4), '--eac', '--read', 4).status == 0:
        raise AssertionError('CAN without its right')
    card.leave()


def refuses_foreign_terminals(cards):
    card = cards.insert()

    def chain(*names):
        words = ['--key', specimen(names[-1] + '-key.pem')]
        for name in names:
            words += ['--chain', specimen(name + '.cvcert')]
        return words

    # A chain that lacks its middle.
    run = refused(card, 'eac : 6A88', *WITH_PIN, *chain('terminal-at'), '--eac')
    run.has('certificate 1, its authority: 6A88')
    # A document verifier is no terminal.
    refused(card, 'eac : 6A88', *WITH_PIN, *chain('dv-at'), '--eac').has('certificate 1: 9000')
    # Two halves of two chains.
    run = refused(card, 'eac : 6A88', *WITH_PIN, *chain('dv-st', 'terminal-at'), '--eac')
    run.has('certificate 1, its authority: 6A88')
    # A signature terminal is one, but reads nothing.
    refused(card, 'read 4: 6982', *WITH_PIN, *chain('dv-st', 'terminal-st'), '--eac', '--read', 4).has('eac : 9000')
    # Afterwards all is as before.
    good(card, *WITH_PIN, *CHAIN, '--eac', '--read', 4)
    card.leave()


# The example data of the reference

def examples(cards):
    if not os.path.isdir(EXAMPLES):
        print('left out: VICC_TEST_DATA names no folder with npa-example-data')
        return
    for kind in ('ecdh', 'dh'):
        print('   ' + kind, flush=True)
        example(cards, os.path.join(EXAMPLES, kind))


def example(cards, folder):
    """Old certificates, whose authority is for inspection systems: the card lets go of both with --disable-ta-checks,
    but not of the terminal's rights: to read DG1 and to use the CAN. All else is asked for, and refused."""
    def path(name):
        return os.path.join(folder, name)

    options = ['--type', 'nPA', '--ef-cardaccess', path('ef_cardaccess'), '--ef-cardsecurity', path('ef_cardsecurity'),
               '--ca-key', path('npa_key'), '--cvca', path('cvca.cvcert'), '--datasetfile', dataset_with_dg21(cards)]
    eac = ['--chain', path('dvca.cvcert'), '--chain', path('at.cvcert'), '--key', path('at_key.pkcs8'), '--eac']
    card = cards.insert(*options, '--disable-ta-checks')
    # Whether the document is valid may be asked by anybody who has authenticated himself.
    words = eac + ['--expect', '6982', '--older-than', '19991231', '--valid-on', '20201020', '--read', 1]
    for n in range(2, 22):
        words += ['--expect', '6982' if n in GROUPS or n in WRITTEN else '6A82', '--read', n]
    for n, content in WRITTEN.items():
        words += ['--expect', '6982', '--write', '%d=%s' % (n, content)]
    for password in (WITH_PIN, ['--password', 'can', CAN]):
        harness.equal(good(card, *password, *words).group(1), GROUPS[1], 'DG1')
    card.leave()
    card = cards.insert(*options)
    refused(card, 'eac : 6A88', *WITH_PIN, *eac)
    card.leave()


def run(t, place):
    if not TERMINAL:
        raise harness.Skip('there was no libeac-dev to build the terminal with')
    cards = places.Cards(t, place)
    for test in (each_password, suspended_and_resumed, blocked_and_unblocked, the_puk_wears_out, changes_passwords,
                 replaces_the_transport_pin, manages_the_pin,
                 authenticates_and_reads, is_told_from_others, writes, compares, rights_are_those_of_the_chat,
                 refuses_foreign_terminals, examples):
        print('== ' + test.__name__, flush=True)
        test(cards)


places.main(run)
