# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share: identity cards under test, terminals with any certificates, the functions of
the card as BSI TR-03110-3 and -4 describe them. The terminal is that of tests/mrtd, which shares no line with the
card."""
import os
import signal
import socket
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'mrtd'))

import common  # noqa: E402
import support  # noqa: E402
from general_procedure import EID, PASSWORDS, Procedure, chat  # noqa: E402
from terminal import chip_auth, cvc, lds, oids, pace, security_info, terminal_auth  # noqa: E402
from terminal.card import Card  # noqa: E402
from terminal.issuer import Holder, SigningKey  # noqa: E402
from terminal.tlv import dotted, oid, parse, tlv  # noqa: E402
from terminal.transport import Vpcd  # noqa: E402

CSCA = support.csca()
KINDS = {oids.IS: 'is', oids.AT: 'at', oids.ST: 'st'}
ALL = {oids.IS: 0x3F, oids.AT: (1 << 38) - 1, oids.ST: 0x3F}
DATES = '260101', '461122'
OK, WARNING, DENIED, WRONG_DATA, UNKNOWN = 0x9000, 0x6300, 0x6982, 0x6A80, 0x6A88
NO_FILE = 0x6A82
ESIGN = bytes.fromhex('A000000167455349474E')
CIA = bytes.fromhex('E828BD080FA000000167455349474E')

# The rights of authentication terminals (TR-03110-4, table 4), as numbers of their bits.
AGE, MUNICIPALITY, RESTRICTED_ID, PRIVILEGED, CAN_ALLOWED, PIN_MANAGEMENT, INSTALL, INSTALL_QUALIFIED = range(8)
PSEUDONYM = 30


def read_bit(group):
    return 7 + group


def write_bit(group):
    return 37 - (group - 17)


# Cards

def new_card(*options):
    """For with."""
    return support.Passport(*options, card_type='nPA', terse=True)


class Kept:
    """A card whose image is kept, so that it can be torn out of the reader at any time."""

    def __init__(self, *options, card_type='nPA'):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, 'card.json')
        self.start('--type', card_type, '--save-image', self.path, *options)

    def start(self, *options):
        self.program, port = common.reversed_vicc(*options)
        transport = Vpcd(socket.create_connection(('127.0.0.1', port), common.LIMIT))
        if not hasattr(self, 'card'):
            self.card = Card(transport)
        self.card.transport, self.card.sm = transport, None

    def stop(self):
        self.program.kill()
        common.Program.running.remove(self.program)
        self.card.transport.close()

    def cut(self, *options):
        """The card loses its power without a warning and comes back."""
        self.stop()
        self.start('--file', self.path, *options)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            common.equal(self.program.end(signal.SIGTERM), 0, 'exit status of vicc')
        self.stop()
        self.folder.cleanup()


def file_in(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


# Terminals

def root(kind=oids.AT):
    """The specimen's authority for this kind of terminals, with its key."""
    name = KINDS[kind]
    certificate = cvc.read_all(support.content(support.SPECIMEN, 'cvca-%s.cvcert' % name))[0]
    key = cvc.TerminalKey(support.content(support.SPECIMEN, 'cvca-%s-key.pem' % name))
    signer = SigningKey('ec', int(certificate.scheme.split('.')[-1]), key.group, 'root', key.private)
    return Holder(certificate.chr, signer, certificate)


def octets(kind, rights):
    return rights.to_bytes(5 if kind == oids.AT else 1, 'big')


def key_like(holder):
    """Another key of the holder's kind."""
    return SigningKey(holder.key.kind, holder.key.number, holder.key.group)


def chain(authority, kind=oids.AT, dv=None, terminal=None, links=(), key=None):
    """A Terminal under an authority. dv, terminal: what issue() takes, and rights, dates, role. links: authorities
    between that one and the document verifier."""
    def issued(by, name, role, how):
        how = dict(how or {})
        rights = how.pop('rights', ALL[kind])
        own = how.pop('key', None) or (key() if key else key_like(by))
        return by.issue(how.pop('name', name), own, how.pop('role', role),
                        rights if isinstance(rights, bytes) else octets(kind, rights), how.pop('dates', DATES),
                        **{'kind': kind, **how})

    above = links[-1] if links else authority
    verifier = issued(above, b'UTTESTDV00001', 'dv domestic', dv)
    holder = issued(verifier, b'UTTESTTE00001', 'terminal', terminal)
    made = support.Terminal([authority.certificate] + [link.certificate for link in links] +
                            [verifier.certificate, holder.certificate], holder.key)
    made.kind = kind
    return made


def specimen(kind=oids.AT):
    return support.specimen_terminal(KINDS[kind])


def auxiliary(**values):
    """The object 67. birth, expiry: YYYYMMDD; municipality: hexadecimal digits."""
    arcs = {'birth': 1, 'expiry': 2, 'municipality': 3}
    templates = []
    for name, value in values.items():
        value = bytes.fromhex(value) if name == 'municipality' else value.encode()
        templates.append(tlv(0x73, tlv(0x06, auxiliary_oid(arcs[name])), tlv(0x53, value)))
    return tlv(0x67, *templates)


def auxiliary_oid(arc):
    return oid(oids.BSI + '3.1.4.%d' % arc)


def run(card, terminal, reference=pace.PIN, rights=None, kind=oids.AT, key_id=None, **more):
    """The whole procedure. rights: the number in the CHAT of PACE; None: all of the terminal's. aux: the object 67.
    password: another one."""
    procedure = Procedure(card, terminal)
    template = None if rights is None else chat(kind, rights)
    procedure.enter(reference, template, more.get('password'))
    procedure.authenticate_terminal(more.get('aux', b''))
    procedure.authenticate_chip(CSCA)
    return procedure.application() if more.get('application', True) else procedure


def session(card, reference, password=None, reset=True, chat=None):
    """PACE alone, as the holder's own reader does it."""
    procedure = Procedure(card, specimen())
    if reset:
        card.reset()
    procedure.read_card_access()
    procedure.pace = pace.Pace(card, procedure.access.pace[0], reference, password or PASSWORDS[reference],
                               chat=chat).run()
    return procedure


def status(card, header, data=b'', ne=None):
    return support.status_of(card, header, data, ne)


def announce(card, reference):
    """The status of MSE:Set AT for a password, which tells its state (TR-03110-3, B.14.1)."""
    procedure = Procedure(card, specimen())
    card.reset()
    procedure.read_card_access()
    data = pace.Pace(card, procedure.access.pace[0], reference, '').set_at_data()
    return status(card, '0022C1A4', data)


def group_status(card, number):
    return status(card, '00B0%02X00' % (0x80 | number), ne=1)


def update(card, fid, data, offset=0):
    """Selects a file and writes into it."""
    lds.select_file(card, fid)
    return status(card, '00D6%04X' % offset, data)


def expect(got, want, what):
    want = (want,) if isinstance(want, int) else want
    assert got in want, '%s: %04X, not %s' % (what, got, ' or '.join('%04X' % sw for sw in want))


def present(card, procedure, terminal):
    """The chain from what the card trusts to the terminal; its last certificate."""
    certificates = terminal_auth.chain_to(terminal.certificates, procedure.pace.cars)
    terminal_auth.present(card, certificates)
    return certificates[-1]


__all__ = [name for name in dir() if not name.startswith('_')] + ['EID', 'PASSWORDS', 'Procedure', 'chat']
