# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share: data, cards under test. Imported before the terminal: without
python3-cryptography they are skipped."""
import os
import signal
import socket
import sys

import common

try:
    import cryptography  # noqa: F401
except ImportError:
    print('skipped: python3-cryptography is not installed')
    sys.exit(77)

from terminal import cvc, mrz, signed  # noqa: E402
from terminal.card import Card  # noqa: E402
from terminal.errors import CardError, ProtocolError  # noqa: E402
from terminal.transport import Vpcd  # noqa: E402

SPECIMEN = os.path.join(common.SOURCE_ROOT, 'data', 'specimen')
TEST_DATA = os.environ.get('VICC_TEST_DATA', '')
MRZ = mrz.Mrz(mrz.PASSPORT)
CAN = '123456'


def content(*path):
    with open(os.path.join(*path), 'rb') as file:
        return file.read()


def csca():
    return signed.X509(content(SPECIMEN, 'csca.der'))


class Terminal:
    """Certificates and key for terminal authentication; certificates from the trust point down."""

    def __init__(self, certificates, key):
        self.certificates, self.key = certificates, key


def specimen_terminal(kind='is'):
    files = [content(SPECIMEN, '%s-%s.cvcert' % (name, kind)) for name in ('cvca', 'dv', 'terminal')]
    return Terminal(cvc.read_all(b''.join(files)), cvc.TerminalKey(content(SPECIMEN, 'terminal-%s-key.pem' % kind)))


def chain_in(folder, root, verifier):
    """The terminal under a document verifier of VICC_TEST_DATA/cvc-utopia."""
    chain = content(folder, root), content(folder, verifier, verifier + '00001.cvcert'), content(
        folder, verifier, 'UTTERM', 'UTTERM00001.cvcert')
    key = content(folder, verifier, 'UTTERM', 'UTTERM00001.pkcs8')
    return Terminal(cvc.read_all(b''.join(chain)), cvc.TerminalKey(key))


class Passport:
    """A vicc with a passport, and a card behind the vpcd protocol; for with."""

    def __init__(self, *options, card_type='ePass', terse=False):
        given = () if terse or '--specimen' in options else ('--specimen',)
        kind = ('-t', card_type) if card_type else ()
        self.program, port = common.reversed_vicc(*kind, *given, *options)
        self.card = Card(Vpcd(socket.create_connection(('127.0.0.1', port), common.LIMIT)))

    def __enter__(self):
        return self.card

    def __exit__(self, kind, error, trace):
        self.card.close()
        if kind is None:
            common.equal(self.program.end(signal.SIGTERM), 0, 'exit status of vicc')
        else:
            self.program.kill()
            print(self.program.text['err'], file=sys.stderr)
        common.Program.running.remove(self.program)


def status_of(card, header, data=b'', ne=None):
    """The status word of a command."""
    return card.exchange(header, data, ne)[1]


def refused(statuses, function, *arguments):
    """function fails with one of the status words."""
    statuses = (statuses,) if isinstance(statuses, int) else statuses
    try:
        function(*arguments)
    except CardError as error:
        assert error.sw in statuses, '%s, not one of %s' % (error, ' '.join('%04X' % sw for sw in statuses))
    except ProtocolError as error:
        raise AssertionError('not refused, but: %s' % error)
    else:
        raise AssertionError('accepted, not refused with ' + ' '.join('%04X' % sw for sw in statuses))


def run_rows(rows, function):
    """A table of mistakes: rows of name, status words, what is done. All are tried; says which have failed."""
    failed = []
    for name, *row in rows:
        try:
            function(*row)
        except Exception as error:
            failed.append('%s: %s' % (name, error))
    print('    %d mistakes' % len(rows), flush=True)
    assert not failed, '%d of %d rows:\n    %s' % (len(failed), len(rows), '\n    '.join(failed))
