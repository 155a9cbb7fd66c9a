# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chip Authentication 3 and pseudonymous signatures with their verification (TR-03110-2, 3.1.6, 3.5, 3.7; TR-03110-3,
A.1.1.2, A.1.1.5, A.6, B.2, B.5)."""
import hashlib

from . import oids
from .errors import check
from .security_info import algorithm_group
from .sm import SecureMessaging
from .tlv import dotted, oid, one, tlv

PSA, PSM, PSC = ('%s.%d.2' % (oids.PSA, variant) for variant in (1, 2, 3))
PUBLIC_KEY = oids.PK + '.3.2'
EC_PS_PUBLIC_KEY = '0.4.0.127.0.7.1.1.2.3'
HASHES = {3: 'sha256', 4: 'sha384', 5: 'sha512'}


class Info:
    """PSAInfo, PSMInfo or PSCInfo: who is told which pseudonym."""

    def __init__(self, name, parts):
        version, *who = (part.integer() for part in parts[0].children())
        check(version == 1 and len(who) == 2 and set(who) <= {0, 1, 2}, '%s: version %d, %s', name, version, who)
        self.oid, self.who, self.key_id = oid(name), who, parts[1].integer()
        self.digest = HASHES[int(name.split('.')[-1])]


class GroupKey:
    """PSPublicKeyInfo: the public keys of the manager and of the chips of the group."""

    def __init__(self, parts):
        algorithm, key = one(parts[0].value, 0x30, 'SubjectPublicKeyInfo').children()
        kind, parameters = algorithm.children()
        check(dotted(kind.value) == EC_PS_PUBLIC_KEY, 'key of the kind %s', dotted(kind.value))
        domain, manager = parameters.children()
        check(manager.tag == 0x04 and key.tag == 0x03 and key.value[:1] == b'\0', 'keys %s, %s', manager, key)
        self.group = algorithm_group(domain)
        self.manager, self.public = self.group.decode(manager.value), self.group.decode(key.value[1:])
        optional = {node.tag: int.from_bytes(node.value, 'big') for node in parts[1].children()}
        self.key_id = optional[0x82]


def infos(security, kind):
    return [Info(name, parts) for name, found in security.others.items() if name.startswith(kind + '.')
            for parts in found]


def group_keys(security):
    return [GroupKey(parts) for parts in security.others.get(PUBLIC_KEY, [])]


class Signature:
    """What a chip has answered: pseudonyms (elements, or None) and c, s1, s2."""

    def __init__(self, key, digest, answer):
        self.key, self.digest = key, digest
        tags = [node.tag for node in answer.children()]
        check(tags[-1:] == [0x84] and tags == sorted(set(tags)) and set(tags) <= {0x82, 0x83, 0x84},
              'a pseudonymous signature has the objects %s', tags)
        found = [answer.find(tag) for tag in (0x82, 0x83)]
        self.pseudonyms = [key.group.decode(octets) if octets else None for octets in found]
        octets, hash_size, size = answer.find(0x84), hashlib.new(digest).digest_size, key.group.order_size
        check(len(octets) == hash_size + 2 * size, 'a signature of %d bytes', len(octets))
        self.c = octets[:hash_size]
        self.s = [int.from_bytes(part, 'big') for part in (octets[hash_size:-size], octets[-size:])]

    def verify(self, sector, name, message):
        """PVerify."""
        group, key, c = self.key.group, self.key, int.from_bytes(self.c, 'big') % self.key.group.n
        check(all(0 < s < group.n for s in self.s), 's1 or s2 out of range')
        q = group.combine(group.combine(group.power(c, key.public), group.power(self.s[0], group.generator)),
                          group.power(self.s[1], key.manager))
        data = group.compress(q)
        for pseudonym, s in zip(self.pseudonyms, self.s):
            if pseudonym:
                a = group.combine(group.power(c, pseudonym), group.power(s, sector))
                data += group.compress(pseudonym) + group.compress(a)
        data += group.compress(sector) + tlv(0x06, name) + message
        check(hashlib.new(self.digest, data).digest() == self.c, 'the pseudonymous signature is wrong')
        return self


class ChipAuth3:
    """Version 3 with a ChipAuthInfo, its group, and the terminal's ephemeral key."""

    def __init__(self, card, info, group, sk):
        self.card, self.info, self.group, self.sk = card, info, group, sk
        self.agreed = None

    def agree(self):
        """The first part: keys with somebody."""
        self.card.command('002241A4', tlv(0x80, self.info.oid) + tlv(0x84, bytes([self.info.key_id])))
        pk = self.group.encode(self.group.power(self.sk, self.group.generator))
        answer = one(self.card.command('00860000', tlv(0x7C, tlv(0x80, pk)), ne=256), 0x7C, 'the response')
        key = one(answer.value, 0x81, 'the chip\'s ephemeral key')
        secret = self.group.secret(self.sk, self.group.decode(key.value))
        self.agreed = key.raw
        self.card.sm = SecureMessaging.derived(self.info.suite, secret)
        return self

    def authenticate(self, info, key, sector):
        """The second part: he is a chip of the group. Returns the verified signature."""
        self.card.command('002241A4', tlv(0x80, info.oid) + tlv(0x84, bytes([info.key_id])))
        answer = self.card.command('00860000', tlv(0x7C, tlv(0x80, key.group.encode(sector))), ne=256)
        signature = Signature(key, info.digest, one(answer, 0x7C, 'the response'))
        return signature.verify(sector, info.oid, self.agreed)


def commitment(digest, message):
    """Data object 67 by which the terminal commits itself to a message."""
    return tlv(0x67, tlv(0x73, tlv(0x06, oid('0.4.0.127.0.7.3.1.4.4')),
                         tlv(0x53, hashlib.new(digest, message).digest())))


def set_dst(card, info, reference=b''):
    card.command('002241B6', tlv(0x80, info.oid) + reference + tlv(0x84, bytes([info.key_id])))


def compute(card, objects):
    return one(card.command('002B0200', tlv(0x73, objects), ne=256), 0x73, 'the response')


def sign_message(card, info, key, sector, message):
    """PSM. Returns the verified signature."""
    set_dst(card, info)
    answer = compute(card, tlv(0x80, key.group.encode(sector)) + tlv(0x81, message))
    return Signature(key, info.digest, answer).verify(sector, info.oid, message)


def sign_credentials(card, info, key, sector, files):
    """PSC of files {identifier: contents}. Returns the verified signature."""
    set_dst(card, info, tlv(0xE1, tlv(0x80, b''.join(fid.to_bytes(2, 'big') for fid in files))))
    answer = compute(card, tlv(0x80, key.group.encode(sector)))
    message = tlv(0x73, *(tlv(0x53, contents) for contents in files.values()))
    return Signature(key, info.digest, answer).verify(sector, info.oid, message)
