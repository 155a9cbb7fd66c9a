# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chip and Terminal Authentication of passports: readers' mistakes, and certificates of every kind (TR-03105-3.2,
units I, J, K, L, M). After a failure the session stays, but gives no right to DG3 or DG4."""
import common
import mistakes
import support
from inspection import IS_TEMPLATE, Inspection
from support import refused
from terminal import chip_auth, cvc, lds, oids, terminal_auth
from terminal.domains import DOMAINS
from terminal.issuer import Holder, SigningKey
from terminal.tlv import oid, tlv

FAILED, WRONG_DATA, UNKNOWN, STATUS = 0x6300, 0x6A80, 0x6A88, 0x6982
ORDER = 0x6985, 0x6982
INVALID = WRONG_DATA, FAILED
NOT_ACCEPTED = 0x6300, 0x6982, 0x6985, 0x6988, 0x6A80, 0x6A88  # a certificate: 6300 or a checking error
DATES = '261122', '461122'


def sessions(*protocols):
    """A passport that offers these."""
    return support.Passport('--specimen', '--protocols', ','.join(protocols))


class Visit(Inspection):
    """An inspection up to chip authentication."""

    def begin(self, chip=True):
        self.card.reset()
        self.pace = self.chip = None
        if self.card_access():
            self.enter_by_pace(chat=IS_TEMPLATE).application()
        else:
            self.enter_by_bac()
        if self.infos is None:
            self.read_groups(without=(3, 4))
        return self.authenticate_chip() if chip else self

    def readable(self, number):
        status = support.status_of(self.card, '00B0%02X00' % (0x80 | number), ne=8)
        assert status in (0x9000, STATUS), '%04X' % status
        return status == 0x9000


def still_a_session(visit):
    """The session is alive and has no rights."""
    assert visit.card.sm, 'the session is over'
    lds.read(visit.card, lds.COM)
    assert not visit.readable(3) and not visit.readable(4), 'there are rights left'


# Chip Authentication

def with_key(visit, octets, kat):
    info = visit.infos.chip_auth[0]
    run = chip_auth.ChipAuth(visit.card, info, visit.infos.chip_key(info))
    if kat:
        visit.card.command('002241A6', tlv(0x91, octets) + run.reference())
    else:
        run.set_at()
        run.send_key(octets)


def key_rows(group, kat):
    return [(name, INVALID, lambda visit, octets=octets: with_key(visit, octets, kat))
            for name, octets in mistakes.bad_keys(group)]


def at_rows():
    def send(header, *objects):
        return lambda visit: visit.card.command(header, b''.join(objects), ne=256 if header[2:4] == '86' else None)

    return [
        ('MSE:Set AT with an unknown protocol', (WRONG_DATA,), send('002241A4', tlv(0x80, oid(oids.CA + '.2.9')))),
        ('MSE:Set AT without a protocol', (WRONG_DATA, UNKNOWN), send('002241A4', tlv(0x84, b'\x01'))),
        ('MSE:Set AT with an unknown key', (UNKNOWN, WRONG_DATA), lambda visit: visit.card.command(
            '002241A4', tlv(0x80, visit.infos.chip_auth[0].oid) + tlv(0x84, b'\x63'))),
        ('MSE:Set KAT without a key', INVALID + (UNKNOWN,), send('002241A6')),
        ('MSE:Set KAT with data that are cut off', INVALID, send('002241A6', b'\x91\x41\x04')),
    ]


def run_chip_table(visit, rows):
    def one_row(statuses, function):
        visit.begin(chip=False)
        refused(statuses, function, visit)
        still_a_session(visit)
        visit.authenticate_chip()
    support.run_rows(rows, one_row)


def test_chip_auth_mistakes():
    for protocol, kat in (('ca:13:aes-128', False), ('ca:12:3des', True), ('ca:0:3des', True), ('ca:0:aes-128', False)):
        with sessions('bac', protocol, 'ta') as card:
            visit = Visit(card).begin(chip=False)
            rows = key_rows(visit.infos.chip_keys[0].group, kat)
            run_chip_table(visit, rows + (at_rows() if not kat else []))


def test_chip_auth_needs_a_session():
    with sessions('bac', 'ca:13:aes-128') as card:
        visit = Visit(card).begin(chip=False)
        info = visit.infos.chip_auth[0]
        card.reset()
        lds.select_application(card)
        refused(ORDER, card.command, '002241A4', tlv(0x80, info.oid))


def test_old_keys_after_chip_auth():
    with sessions('bac', 'ca:13:aes-128') as card:
        visit = Visit(card).begin(chip=False)
        old = card.sm.copy()
        visit.authenticate_chip()
        old.count(4)
        card.sm = old
        refused((0x6987, 0x6988), lds.select_file, card, lds.COM)
        card.sm = None
        refused(STATUS, lds.read, card, lds.COM)


# Terminal Authentication: order

def chain(visit, terminal):
    return terminal_auth.chain_to(terminal.certificates, visit.references())


def external(visit, signature):
    visit.card.command('00820000', signature)


def presented(visit, terminal):
    """The chain is there, and the terminal's key selected."""
    links = chain(visit, terminal)
    terminal_auth.present(visit.card, links)
    visit.card.command('002281A4', tlv(0x83, links[-1].chr))
    return links[-1]


def signing(visit, terminal, change):
    """EXTERNAL AUTHENTICATE with what is signed changed: (id_picc, challenge, compressed key) to octets."""
    certificate = presented(visit, terminal)
    octets = change(visit.id_picc(), terminal_auth.challenge(visit.card), visit.compressed())
    external(visit, terminal.key.sign(certificate.scheme, octets))


def order_rows(terminal):
    def signed(*change):
        return lambda visit: signing(visit, terminal, *change)

    def no_challenge(visit):
        certificate = presented(visit, terminal)
        external(visit, terminal.key.sign(certificate.scheme, visit.id_picc() + bytes(8) + visit.compressed()))

    def no_key(visit):
        terminal_auth.challenge(visit.card)
        external(visit, bytes(64))

    def second_use(visit):
        certificate = presented(visit, terminal)
        challenge = terminal_auth.challenge(visit.card)
        good = terminal.key.sign(certificate.scheme, visit.id_picc() + challenge + visit.compressed())
        refused((FAILED,), external, visit, mistakes.flipped(good, 100))
        external(visit, good)

    def no_terminal(visit):
        """The DV's key in place of the terminal's."""
        links = chain(visit, terminal)
        terminal_auth.present(visit.card, links[:-1])
        visit.card.command('002281A4', tlv(0x83, links[-2].chr))
        terminal_auth.challenge(visit.card)
        external(visit, bytes(64))

    def signature(change):
        def run(visit):
            certificate = presented(visit, terminal)
            octets = visit.id_picc() + terminal_auth.challenge(visit.card) + visit.compressed()
            external(visit, change(terminal.key.sign(certificate.scheme, octets)))
        return run

    rows = [
        ('another document number or PACE key', (FAILED,), signed(lambda i, c, k: bytes([i[0] ^ 1]) + i[1:] + c + k)),
        ('no document number', (FAILED,), signed(lambda i, c, k: c + k)),
        ('another challenge', (FAILED,), signed(lambda i, c, k: i + mistakes.flipped(c, 0) + k)),
        ('another key of chip authentication', (FAILED,), signed(lambda i, c, k: i + c + mistakes.flipped(k, 9))),
        ('no key of chip authentication', (FAILED,), signed(lambda i, c, k: i + c)),
        ('no GET CHALLENGE', ORDER + (FAILED,), no_challenge),
        ('no key of the terminal', ORDER + (FAILED, UNKNOWN), no_key),
        ('a challenge for the second time', ORDER + (FAILED,), second_use),
        ('the document verifier in place of the terminal', NOT_ACCEPTED, no_terminal),
        ('a name that no certificate has', (UNKNOWN, WRONG_DATA), lambda visit: visit.card.command(
            '002281A4', tlv(0x83, b'UTNOBODY00001'))),
        ('MSE:Set AT with an empty name', (WRONG_DATA, UNKNOWN), lambda visit: visit.card.command(
            '002281A4', tlv(0x83))),
        ('a reference that the card does not know', (UNKNOWN, WRONG_DATA), lambda visit: terminal_auth.set_dst(
            visit.card, b'UTNOBODY00001')),
        ('an empty signature', NOT_ACCEPTED + (0x6700,), signature(lambda s: b'')),
        ('a signature that is cut off', NOT_ACCEPTED + (0x6700,), signature(lambda s: s[:-1])),
        ('a signature of zeros', NOT_ACCEPTED, signature(lambda s: bytes(len(s)))),
        ('a signature one byte too long', NOT_ACCEPTED + (0x6700,), signature(lambda s: s + b'\0')),
    ]
    return rows + [('bit %d of the signature' % bit, (FAILED,), signature(
        lambda s, bit=bit: mistakes.flipped(s, bit))) for bit in range(0, 512, 37)]


def run_terminal_table(visit, rows, terminal):
    def one_row(statuses, function):
        visit.begin()
        refused(statuses, function, visit)
        still_a_session(visit)
        visit.authenticate_terminal(terminal)
        assert visit.readable(3) and visit.readable(4), 'no rights after a correct run'
    support.run_rows(rows, one_row)


def test_order_and_signature():
    terminal = support.specimen_terminal()
    for protocols in (('bac', 'ca:13:aes-128', 'ta'), ('pace-gm:13:aes-128', 'ca:0:3des', 'ta'),
                      ('pace-cam:12:aes-192', 'ta')):
        with sessions(*protocols) as card:
            visit = Visit(card)
            if 'cam' in protocols[0]:
                visit.authenticate_chip = lambda *a: visit
            visit.begin()
            run_terminal_table(visit, order_rows(terminal), terminal)


def test_before_chip_auth():
    """TR-03105-3.2, ISO7816_K: without chip authentication there is no terminal authentication, whichever key the
    terminal says is its newest."""
    terminal = support.specimen_terminal()
    for way in ('bac', 'pace-gm:13:aes-128', 'pace-im:0:3des'):
        with sessions(way, 'ca:13:aes-128', 'ta') as card:
            visit = Visit(card)
            for own_key in (True, False):
                visit.begin(chip=False)
                compressed = visit.pace.group.compress(visit.pace.pk_ifd) if visit.pace and own_key else b''

                def whole():
                    links = chain(visit, terminal)
                    terminal_auth.present(card, links)
                    terminal_auth.authenticate(card, links[-1], terminal.key, visit.id_picc(), compressed)
                refused(ORDER + (FAILED,), whole)
                still_a_session(visit)


def test_once_a_session():
    """Doc 9303-11, 7.1.3: one terminal authentication a session."""
    terminal = support.specimen_terminal()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card).begin().authenticate_terminal(terminal)
        assert visit.readable(3)
        refused(ORDER, visit.authenticate_terminal, terminal)


def test_rights_end_with_the_keys():
    """Doc 9303-11, 7.1.3: rights are those of the session that was authenticated; a new chip authentication has none,
    and so has a reset."""
    terminal = support.specimen_terminal()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card).begin().authenticate_terminal(terminal)
        assert visit.readable(3)
        visit.begin()
        assert not visit.readable(3)
        terminal_auth.present(card, chain(visit, terminal))


# Terminal Authentication: certificates

def specimen_root():
    """The specimen's CVCA with its key."""
    certificates = cvc.read_all(support.content(support.SPECIMEN, 'cvca-is.cvcert'))
    key = cvc.TerminalKey(support.content(support.SPECIMEN, 'cvca-is-key.pem'))
    number = int(certificates[0].scheme.split('.')[-1])
    signer = SigningKey('ec' if key.group else 'rsa', number, key.group or 0, 'root', key.private)
    return Holder(certificates[0].chr, signer, certificates[0])


def ec_key(root, number=3, group=None):
    return SigningKey('ec', number, group or root.key.group)


class Chain:
    """CVCA, document verifier, terminal, with something wrong in one of them."""

    def __init__(self, root, dv=None, terminal=None, dates=None, key=None):
        dates = dates or DATES
        make = key or (lambda: ec_key(root))
        dv, terminal = dict(dv or {}), dict(terminal or {})
        self.dv = root.issue(b'UTTESTDV00001', make(), dv.pop('role', 'dv domestic'), dv.pop('rights', 3),
                             dv.pop('dates', dates), **dv)
        self.terminal = self.dv.issue(b'UTTESTIS00001', make(), terminal.pop('role', 'terminal'),
                                      terminal.pop('rights', 3), terminal.pop('dates', dates), **terminal)
        self.links = [self.dv.certificate, self.terminal.certificate]

    def authenticate(self, visit, links=None):
        links = links or self.links
        terminal_auth.present(visit.card, links)
        terminal_auth.authenticate(visit.card, links[-1], self.terminal.key, visit.id_picc(), visit.compressed())


def test_chip_authentication_of_own_chain():
    """Certificates made here are good ones: so what is refused below is refused for its fault."""
    root = specimen_root()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card).begin()
        Chain(root).authenticate(visit)
        assert visit.readable(3) and visit.readable(4)


def test_rights():
    """TR-03105-3.2, ISO7816_L: the rights are those that all certificates of the chain give."""
    root = specimen_root()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card)
        for dv in range(4):
            for terminal in range(4):
                visit.begin()
                Chain(root, {'rights': dv}, {'rights': terminal}).authenticate(visit)
                rights = dv & terminal
                common.equal((visit.readable(3), visit.readable(4)), (bool(rights & 1), bool(rights & 2)),
                             'rights %d and %d' % (dv, terminal))
                lds.read(card, lds.dg(1))


def spoiled(at):
    return lambda signature: mistakes.flipped(signature, at)


def drop(tag):
    """A body without one of its objects."""
    return lambda parts: [part for part in parts if not part.startswith(tag.to_bytes(2 if tag > 255 else 1, 'big'))]


def certificate_rows(root):
    """(name, chain): one of its certificates must be refused."""
    rows = [
        ('a signature of the DV with bit 3 flipped', Chain(root, {'spoil': spoiled(3)})),
        ('a signature of the terminal with the last bit flipped', Chain(root, None, {'spoil': spoiled(511)})),
        ('a signature that is cut off', Chain(root, {'spoil': lambda s: s[:-1]})),
        ('an empty signature', Chain(root, {'spoil': lambda s: b''})),
        ('a DV signed by another key', Chain(root, {'signer': ec_key(root)})),
        ('an expired DV', Chain(root, {'dates': ('250101', '251231')})),
        ('an expired terminal', Chain(root, None, {'dates': ('250101', '251231')})),
        ('a date that is none', Chain(root, {'dates': ('261322', '461122')})),
        ('a month of 0', Chain(root, {'dates': ('260022', '461122')})),
        ('a role that is none', Chain(root, {'kind': oids.ROLES + '.9'})),
        ('a template of two bytes', Chain(root, {'rights': b'\x03\x03'})),
        ('a key of another curve', Chain(root, {'key_object': SigningKey('ec', 3, DOMAINS[12]).object(True)})),
        ('a point off the curve', Chain(root, {'key_object': off_curve(root)})),
    ]
    for tag in (0x5F29, 0x42, 0x7F49, 0x5F20):
        rows.append(('no object %X in the DV' % tag, Chain(root, {'change': drop(tag)})))
    return rows


def off_curve(root):
    key = ec_key(root)
    good = key.group.encode(key.public)
    return tlv(0x7F49, tlv(0x06, oid(key.scheme)), tlv(0x86, mistakes.flipped(good, 8 * len(good) - 1)))


def test_wrong_certificates():
    """A certificate that is not accepted leaves nothing; then a good chain works. tests/conformity, ISO7816_J, has more that
    are wrong."""
    root, terminal = specimen_root(), support.specimen_terminal()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card)
        rows = [(name, NOT_ACCEPTED, lambda visit, chain=chain: chain.authenticate(visit))
                for name, chain in certificate_rows(root)]
        run_terminal_table(visit.begin(), rows, terminal)


def test_truncated_certificates():
    """Every length below the whole of the DV's certificate."""
    terminal = support.specimen_terminal()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card).begin()
        first = chain(visit, terminal)[0]
        data = first.body + tlv(0x5F37, first.signature)
        for size in range(1, len(data)):
            terminal_auth.set_dst(card, first.car)
            refused(NOT_ACCEPTED + (0x6700, 0x6987), card.command, '002A00BE', data[:size])
        still_a_session(visit)
        visit.authenticate_terminal(terminal)
        assert visit.readable(3)


def test_chained_certificates():
    """PSO: VERIFY CERTIFICATE in links of command chaining."""
    terminal = support.specimen_terminal()
    with sessions('bac', 'ca:13:aes-128', 'ta') as card:
        for size in (1, 100, 223):
            visit = Visit(card).begin()
            visit.authenticate_terminal(terminal, link_size=size)
            assert visit.readable(3)


def test_link_certificates():
    """TR-03105-3.2, ISO7816_M: a link certificate brings a trust point, the old one stays for a while; both are told;
    the card's date rises with the certificates of its own country."""
    root = specimen_root()
    with sessions('bac', 'pace-gm:13:aes-128', 'ca:13:aes-128', 'ta') as card:
        visit = Visit(card).begin()
        common.equal(visit.references()[0], root.name, 'the trust point')
        first = root.issue(b'UTTESTCV00002', ec_key(root), 'cvca', 3, ('261123', '461122'))
        terminal_auth.present(card, [first.certificate])
        Chain(first).authenticate(visit)
        assert visit.readable(3)
        visit.begin()
        common.equal(visit.references(), [first.name, root.name], 'the trust points')
        common.equal(lds.references_of(visit.read_cvca()), [first.name, root.name], 'EF.CVCA')
        second = first.issue(b'UTTESTCV00003', ec_key(root), 'cvca', 3, ('261124', '461122'))
        terminal_auth.present(card, [second.certificate])
        visit.begin()
        common.equal(visit.references(), [second.name, first.name], 'the trust points')
        refused((UNKNOWN, WRONG_DATA), terminal_auth.set_dst, card, root.name)


common.main(globals())
