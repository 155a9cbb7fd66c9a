# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of BSI TR-03105-3.3, section 2.4, and visits in which they are presented. Their dates are counted from
the first day of the CVCA, which is the card's date, too, when a case begins."""
import calendar
import datetime
import functools

import eid
import plan
from eid import ALL
from general_procedure import Procedure, chat
from plan import OK, OK_OR_ERROR
from terminal import oids, pace
from terminal.issuer import Holder, SigningKey
from terminal.tlv import length, oid, parse, tlv

FIRST = datetime.date(2026, 1, 1)
START = '--date', FIRST.isoformat()
CONTEXTS = ('a', oids.IS), ('b', oids.AT)
PASSWORDS = {oids.IS: pace.CAN, oids.AT: pace.PIN, oids.ST: pace.CAN}
CHATS = {oids.IS: 0x23, oids.AT: 0x3FFFFFFFF7, oids.ST: 0x03}
LETTERS = {oids.IS: b'IS', oids.AT: b'AT', oids.ST: b'ST'}


def day(months=0, days=0):
    """YYMMDD, so much after the first day."""
    month = FIRST.month - 1 + months
    year, month = FIRST.year + month // 12, month % 12 + 1
    start = FIRST.replace(year=year, month=month, day=min(FIRST.day, calendar.monthrange(year, month)[1]))
    return (start + datetime.timedelta(days)).strftime('%y%m%d')


MONTH = day(), day(1)
LATE = day(1, 20), day(1, 25)


def octets(kind, rights=None):
    return eid.octets(kind, ALL[kind] if rights is None else rights)


def key_like(issuer, name):
    """Another key of the issuer's kind; for RSA always the same one for a name, since they take long."""
    return rsa_key(name) if issuer.key.kind == 'rsa' else eid.key_like(issuer)


def rsa_key(name, bits=1536):
    return SigningKey('rsa', 4, bits, name)


def issue(issuer, name, role, kind, dates=MONTH, key=None, rights=None, **more):
    """A certificate. more: what issue() of the issuer takes, to make a wrong one."""
    return issuer.issue(name, key or key_like(issuer, name), role, octets(kind, rights), dates, kind=kind, **more)


@functools.lru_cache(None)
def regular(kind, authority=None):
    """Document verifier and terminal of set 1 (inspection systems), 33 or 19 (authentication terminals)."""
    verifier = issue(authority or eid.root(kind), b'DETESTDVDE001', 'dv domestic', kind)
    return verifier, issue(verifier, b'DETEST%sDE001' % LETTERS[kind], 'terminal', kind, (day(), day(0, 14)))


def authority(kind, key, last='991231', name=b'UTTEST%s00001', **more):
    """A CVCA of one's own, valid to its last day, for a card that is made with it."""
    maker = Holder(name % LETTERS[kind], key)
    return issue(maker, maker.name, 'cvca', kind, (day(), last), key, **more)


@functools.lru_cache(None)
def rsa_authority(kind):
    return authority(kind, rsa_key('cvca'))


def trusting(folder, *authorities):
    """The options of a card that trusts these CVCAs, whose certificates are written into the folder."""
    options = []
    for number, holder in enumerate(authorities):
        options += ['--cvca', eid.file_in(folder, 'cvca%d' % number, holder.certificate.raw)]
    return options


# Changes of the objects in a certificate's body

def is_tag(part, tag):
    return parse(part)[0].tag == tag


def without(tag):
    return {'change': lambda parts: [part for part in parts if not is_tag(part, tag)]}


def replaced(tag, value):
    return {'change': lambda parts: [tlv(tag, value) if is_tag(part, tag) else part for part in parts]}


def last_changed(octets):
    return octets[:-1] + bytes([octets[-1] ^ 1])


def key_object(key, scheme=None, missing=None, more=b''):
    """A key's object 7F49 for another scheme, without one of its objects, with one more; for issue()."""
    parts = parse(parse(key.object(False, scheme))[0].value)
    return {'key': key, 'key_object': tlv(0x7F49, *(node.raw for node in parts if node.tag != missing), more)}


# What is sent of a certificate

def data_of(holder, signature=None):
    certificate = holder.certificate
    return certificate.body + tlv(0x5F37, certificate.signature if signature is None else signature)


def signed(change):
    """With another signature."""
    return lambda holder: data_of(holder, change(holder.certificate.signature))


def increased(octets):
    number = int.from_bytes(octets, 'big') + 1
    return (number % 256 ** len(octets)).to_bytes(len(octets), 'big')


def body_as_7f4f(holder):
    return b'\x7f\x4f' + data_of(holder)[2:]


def signature_as_5f38(holder):
    return holder.certificate.body + tlv(0x5F38, holder.certificate.signature)


def resized(data_object, by):
    """The length of the object, whose tag has two bytes, says so many bytes more than there are."""
    size = len(data_object) - 3 - (data_object[2] & 0x7F if data_object[2] & 0x80 else 0)
    return data_object[:2] + length(size + by) + data_object[len(data_object) - size:]


def resized_body(by):
    return lambda holder: resized(holder.certificate.body, by) + tlv(0x5F37, holder.certificate.signature)


def resized_signature(by):
    return lambda holder: holder.certificate.body + resized(tlv(0x5F37, holder.certificate.signature), by)


# Visits

def both(name, function, *more, card=None):
    """Runs function(visit, *more) for both contexts, on a new card or on this one."""
    rows = [(name + part, kind) for part, kind in CONTEXTS]
    if card:
        plan.each(rows, lambda kind: function(Visit(card, kind), *more))
        return
    with eid.new_card(*START) as card:
        both(name, function, *more, card=card)


class Presenter:
    """Certificates are presented to self.card."""

    def set_dst(self, want, reference, how='sm'):
        plan.step(self.card, want, '002281B6', tlv(0x83, reference), how=how)

    def send(self, want, data, how='sm', header='002A00BE'):
        plan.step(self.card, want, header, data, how=how)

    def verify(self, want, holder, how='sm'):
        self.send(want, data_of(holder), how)

    def present(self, *holders):
        """Certificates that are accepted, from below the CVCA to the terminal's."""
        for holder in holders:
            self.set_dst(OK, holder.certificate.car)
            self.verify(OK, holder)
        return self

    def challenge(self, want=OK, size=8):
        """The challenge; of another size if the card is asked for another. Nothing, if it refuses."""
        answer = plan.step(self.card, want, '00840000', ne=size)
        assert len(answer) in (0, size) and (answer or want is not OK), 'a challenge of %d bytes' % len(answer)
        return answer


class Visit(Presenter):
    """A session with the card that PACE has opened as a terminal of this kind, with these extensions (the object 65); for
    any number of sessions."""

    def __init__(self, card, kind, extensions=b''):
        self.card, self.kind, self.extensions = card, kind, extensions
        self.enter()

    def enter(self):
        """Resets the card."""
        template = chat(self.kind, CHATS[self.kind])
        self.procedure = Procedure(self.card, None).enter(PASSWORDS[self.kind], template, None, self.extensions)
        self.references = self.procedure.pace.cars
        self.reference = self.references[0]
        self.compressed = self.procedure.commit()
        return self

    # Terminal Authentication, once the chain is there

    def set_at(self, want, holder, reference=None, tag=0x83, auxiliary=b''):
        data = tlv(0x80, oid(holder.certificate.scheme)) + tlv(tag, reference or holder.name) + tlv(0x91, self.compressed)
        plan.step(self.card, want, '002281A4', data + auxiliary)

    def external(self, want, holder, challenge, auxiliary=b'', how='sm', header='00820000'):
        message = self.procedure.pace.id_picc() + challenge + self.compressed + auxiliary
        plan.step(self.card, want, header, holder.key.sign(holder.certificate.scheme, message), how=how)

    def authenticate(self, *holders, auxiliary=b''):
        """The whole of it, which succeeds."""
        self.present(*holders)
        self.set_at(OK, holders[-1], auxiliary=auxiliary)
        self.external(OK, holders[-1], self.challenge(), auxiliary)
        return self

    def agree(self, want):
        """Chip Authentication 2, whose last command is answered so."""
        procedure, info = self.procedure, self.procedure.info
        plan.step(self.card, OK_OR_ERROR, '002241A4', tlv(0x80, info.oid) + tlv(0x84, bytes([info.key_id])))
        public = procedure.group.power(procedure.sk, procedure.group.generator)
        plan.step(self.card, want, '00860000', tlv(0x7C, tlv(0x80, procedure.group.encode(public))), 256)
