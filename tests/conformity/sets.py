# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate sets of BSI TR-03105-3.2, section 2.4, for any kind of keys. Their dates are counted from the first day of
the CVCA, which is the card's date, too, when a case begins."""
import atexit
import tempfile

from certificates import LATE, MONTH, START, day, key_object, replaced, trusting, without
from terminal import oids
from terminal.domains import DOMAINS
from terminal.issuer import Holder, SigningKey
from terminal.tlv import tlv

END = 3  # months after its first day the CVCA expires
CVCA, DOMESTIC, FOREIGN, IS = 'cvca', 'dv domestic', 'dv foreign', 'terminal'
BAD_DATE = bytes.fromhex('0A0B0C0D0E0F')
DAY_32 = bytes(int(digit) for digit in day()[:4] + '32')
NAMES = {'CVCA_07': b'DETEST_LINKDE007', 'CVCA_08': b'DETEST_LINKDE008'}
PREFIXES = {'CVCA': b'CA', 'DV': b'DV', 'IS': b'IS'}


def name_of(key):
    """The name that goes with a key; what differs says so in its row."""
    kind, number = key.split('_')
    return NAMES.get(key, b'DETEST%sDE%03d' % (PREFIXES[kind], int(number[:2])))


def after_end(first, last):
    """From and to: so many months after the CVCA expires."""
    return day(END + first), day(END + last)


def row(signer, key, role, dates=MONTH, rights=3, **wrong):
    """wrong: what issue() takes; or object: what key_object() takes."""
    return signer, key, role, dates, rights, wrong


def wrong_key(key='DV_12', dates=LATE, **how):
    return row('CVCA_00', key, DOMESTIC, dates, object=how)


ROWS = {
    'DV_CERT_1': row('CVCA_00', 'DV_01', DOMESTIC),
    'DV_CERT_1a': row('CVCA_00', 'DV_01', DOMESTIC, **without(0x7F4C)),
    'DV_CERT_1b': row('CVCA_00', 'DV_01', DOMESTIC, **without(0x5F25)),
    'DV_CERT_1c': row('CVCA_00', 'DV_01', DOMESTIC, **without(0x5F24)),
    'DV_CERT_1d': row('CVCA_00', 'DV_01', DOMESTIC, **replaced(0x5F25, BAD_DATE)),
    'DV_CERT_1e': row('CVCA_00', 'DV_01', DOMESTIC, **replaced(0x5F24, BAD_DATE)),
    'DV_CERT_1f': row('CVCA_00', 'DV_01', DOMESTIC, (day(), day(END)), **replaced(0x5F25, DAY_32)),
    'DV_CERT_1g': row('CVCA_00', 'DV_01', DOMESTIC, **replaced(0x5F24, DAY_32)),
    'DV_CERT_1h': row('CVCA_00', 'DV_01', DOMESTIC, (day(0, 1), day())),
    'DV_CERT_1i': row('CVCA_00', 'DV_01', DOMESTIC, kind=oids.AT),
    'DV_CERT_1j': wrong_key('DV_01', MONTH, scheme=oids.TA + '.5.1'),
    'IS_CERT_1': row('DV_01', 'IS_01', IS, (day(), day(0, 14))),

    'DV_CERT_2': row('CVCA_00', 'DV_02', FOREIGN),
    'IS_CERT_2a': row('DV_02', 'IS_02', IS, (day(0, 14), day(1))),
    'IS_CERT_2b': row('DV_02', 'IS_02', IS, (day(), day(0, 13))),

    'DV_CERT_3': row('CVCA_00', 'DV_03', DOMESTIC),
    'IS_CERT_3a': row('DV_03', 'IS_03', IS, rights=1),
    'IS_CERT_3b': row('DV_03', 'IS_03', IS, rights=2),
    'DV_CERT_4': row('CVCA_00', 'DV_04', DOMESTIC, rights=1),
    'IS_CERT_4': row('DV_04', 'IS_04', IS),
    'DV_CERT_5': row('CVCA_00', 'DV_05', DOMESTIC, rights=2),
    'IS_CERT_5': row('DV_05', 'IS_05', IS),

    'DV_CERT_6': row('CVCA_00', 'DV_06', DOMESTIC),
    'DV_CERT_6a': row('CVCA_00', 'DV_06', DOMESTIC, (day(1, 1), day(2))),
    'IS_CERT_6a': row('DV_06', 'IS_06', IS, (day(0, 14), day(1))),
    'IS_CERT_6b': row('DV_06', 'IS_06', IS, (day(), day(0, 13))),

    'LINK_CERT_7': row('CVCA_00', 'CVCA_07', CVCA, (day(END, -1), day(END + 2))),
    'DV_CERT_7a': row('CVCA_00', 'DV_07', DOMESTIC, (day(), day(END))),
    'DV_CERT_7b': row('CVCA_07', 'DV_07', DOMESTIC, (day(END, 1), day(END + 1))),
    'LINK_CERT_8': row('CVCA_07', 'CVCA_08', CVCA, after_end(1, 4)),
    'LINK_CERT_9': row('CVCA_08', 'CVCA_09', CVCA, after_end(3, 6)),
    'DV_CERT_9': row('CVCA_09', 'DV_09', DOMESTIC, after_end(3, 4)),

    'LINK_CERT_10': row('DV_10', 'CVCA_00', CVCA, (day(), day(END))),
    'DV_CERT_10a': row('CVCA_00', 'DV_10', DOMESTIC),
    'DV_CERT_10b': row('CVCA_00', 'DV_10', FOREIGN),
    'DV_CERT_10c': row('DV_10', 'DV_10', DOMESTIC, chr=b'DETESTDVDE110'),
    'DV_CERT_10d': row('DV_10', 'DV_10', FOREIGN, chr=b'DETESTDVDE110'),
    'IS_CERT_10': row('CVCA_00', 'IS_10', IS, (day(), day(0, 13))),

    'LINK_CERT_11a': row('IS_11', 'CVCA_00', CVCA, (day(), day(END))),
    'LINK_CERT_11b': row('CVCA_09', 'CVCA_11', CVCA, after_end(5, 8)),
    'DV_CERT_11a': row('CVCA_00', 'DV_11', DOMESTIC),
    'DV_CERT_11b': row('IS_11', 'DV_11', FOREIGN, chr=b'DETESTDVDE001'),
    'DV_CERT_11c': row('IS_11', 'DV_11', DOMESTIC),
    'IS_CERT_11a': row('DV_11', 'IS_11', IS, (day(), day(0, 13))),
    'IS_CERT_11b': row('IS_11', 'IS_11', IS, (day(), day(0, 13))),
    'IS_CERT_11c': row('CVCA_11', 'IS_11', IS, after_end(5, 6)),

    # 12b to 12g and 12o to 12q are 12a, and changed when they are sent.
    'DV_CERT_12a': row('CVCA_00', 'DV_12', DOMESTIC, LATE),
    'DV_CERT_12h': wrong_key(missing=0x06),
    'DV_CERT_12i': wrong_key(scheme=oids.CA + '.2.3'),
    'DV_CERT_12j': wrong_key(missing=0x86),
    'DV_CERT_12k': wrong_key(missing=0x81),
    'DV_CERT_12l': wrong_key(missing=0x82),
    'DV_CERT_12m': wrong_key(more=tlv(0x77, b'\0')),

    'LINK_CERT_13': row('CVCA_11', 'CVCA_13', CVCA, after_end(7, 10)),
    'DV_CERT_13': row('CVCA_13', 'DV_13', DOMESTIC, after_end(7, 8)),
    'IS_CERT_13': row('DV_13', 'IS_13', IS, after_end(7, 8)),

    'DV_CERT_14a': row('CVCA_00', 'DV_14a', DOMESTIC),
    'DV_CERT_14b': row('CVCA_00', 'DV_14b', DOMESTIC),
    'IS_CERT_14a': row('DV_14b', 'IS_14a', IS, (day(), day(0, 14))),
    'IS_CERT_14b': row('DV_14a', 'IS_14b', IS, (day(), day(0, 14))),
}


class Pki:
    """The certificates by their names, each made when it is asked for. kind, number, size: as for SigningKey; short: the
    size of the keys 14b; later: what the keys 13 are; bare: link certificates that do not change the domain parameters
    are without them."""

    def __init__(self, name, kind, number, size, short=None, later=None, bare=False):
        self.name, self.kind = name, (kind, number, size)
        self.short, self.later, self.bare = short, later, bare
        self.keys, self.holders = {}, {}
        self.folder = self.card_options = None

    def __str__(self):
        return self.name

    def key(self, name):
        if name not in self.keys:
            kind, number, size = self.later if name.endswith('_13') else self.kind
            self.keys[name] = SigningKey(kind, number, self.short if name.endswith('b') else size, name)
        return self.keys[name]

    def __getitem__(self, name):
        if name not in self.holders:
            self.holders[name] = self.make(*ROWS[name])
        return self.holders[name]

    def make(self, signer, key, role, dates, rights, wrong):
        wrong, key_pair = dict(wrong), self.key(key)
        if 'object' in wrong:
            wrong.update(key_object(key_pair, **wrong.pop('object')))
            del wrong['key']
        if self.bare and role == CVCA and signer != key and key != 'CVCA_13':
            wrong['key_object'] = key_pair.object(False)
        name = wrong.pop('chr', name_of(key))
        return Holder(name_of(signer), self.key(signer)).issue(name, key_pair, role, rights, dates, **wrong)

    def options(self):
        """Of a card that trusts CVCA_KEY_00 and knows its first day."""
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory()
            atexit.register(self.folder.cleanup)
            root = self.make('CVCA_00', 'CVCA_00', CVCA, (day(), day(END)), 3, {})
            self.card_options = (*START, *trusting(self.folder.name, root))
        return self.card_options


EC = Pki('ECDSA', 'ec', 3, DOMAINS[13], DOMAINS[11])
RSA = Pki('RSA', 'rsa', 2, 1536, 1280)
PSS = Pki('RSA-PSS', 'rsa', 4, 1536, 1280)
