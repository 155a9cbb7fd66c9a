# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passports read whole, for the units on how files are coded (layer 7): every file, to its end and not only as far as it
says itself. A passport is read once in a program."""
import functools

import plan
import support
from inspection import IS_TEMPLATE, Inspection
from terminal import lds, mrz, security_info
from terminal.errors import check
from terminal.tlv import parse, tlv

SPECIMEN = ('--specimen',)
LDS_1_8 = ('--specimen', '--lds', '1.8', '--digest', 'sha-512')
# Passports with every kind of DG14 that goes with Terminal Authentication.
TERMINAL_AUTH = {
    'specimen': SPECIMEN,
    'one curve': ('--specimen', '--protocols', 'bac,ca:13:aes-128,ta'),
    'one group': ('--specimen', '--protocols', 'bac,ca:2:3des,ta'),
    'several keys': ('--specimen', '--protocols',
                     'bac,pace-gm:12:aes-256,ca:12:3des,ca:12:aes-192,ca:0:3des,ca:18:aes-256,ta'),
    'mapping alone': ('--specimen', '--protocols', 'pace-cam:13:aes-128,ta'),
    'with a signature algorithm': ('--specimen', '--protocols', 'pace-im:13:aes-128,aa:ec:sha-256,ca:13:aes-128,ta'),
}
IN_MF = {'EF.ATR/INFO': lds.ATR_INFO, 'EF.DIR': lds.DIR, 'EF.CardAccess': lds.CARD_ACCESS}
IN_APPLICATION = {'EF.COM': lds.COM, 'EF.SOD': lds.SOD, 'EF.CVCA': lds.CVCA,
                  **{'EF.DG%d' % number: lds.dg(number) for number in range(1, 17) if number not in (3, 4)}}


def whole(card, fid):
    """All bytes of a file, or None where there is none."""
    answer, sw = card.exchange('00A4020C', fid.to_bytes(2, 'big'))
    if sw == 0x6A82:
        return None
    check(sw == 0x9000, 'SELECT of %04X: %04X', fid, sw)
    data = card.command('00B00000', ne=65536, extended=True, allowed=(0x9000, 0x6282))
    check(len(data) < 65000, '%04X is longer than one response', fid)
    return data


def several(card, names):
    found = {name: whole(card, fid) for name, fid in names.items()}
    return {name: data for name, data in found.items() if data is not None}


def enter(visit):
    """Into the application; returns EF.CardSecurity if there is one."""
    access = visit.card_access()
    if access is None:
        visit.enter_by_bac()
        return {}
    infos = sorted(access.pace, key=lambda info: info.mapping != 'cam')
    visit.enter_by_pace(infos[0], chat=IS_TEMPLATE)
    found = several(visit.card, {'EF.CardSecurity': lds.CARD_SECURITY})
    if infos[0].mapping == 'cam':
        visit.prove_mapping(support.csca())
    visit.application()
    return found


def authenticate(visit, files):
    """What the chip asks for before it opens DG3 and DG4."""
    if 'EF.CVCA' not in files:
        return
    visit.infos = security_info.SecurityInfos(lds.security_infos_of(files['EF.DG14']))
    if visit.infos.chip_auth:
        visit.authenticate_chip()
    visit.authenticate_terminal(support.specimen_terminal())


@functools.lru_cache(maxsize=None)
def read(*options):
    """{name: content} of all files of such a passport."""
    with support.Passport(*options) as card:
        lds.select_mf(card)
        files = several(card, IN_MF)
        zone = mrz.Mrz(options[options.index('--mrz') + 1]) if '--mrz' in options else support.MRZ
        visit = Inspection(card, zone)
        files.update(enter(visit))
        files.update(several(card, IN_APPLICATION))
        authenticate(visit, files)
        files.update(several(card, {'EF.DG3': lds.dg(3), 'EF.DG4': lds.dg(4)}))
        return files


def one_object(data, tag, what):
    """The object that data consists of and nothing behind it, its length in the shortest form."""
    nodes = objects(data)
    check(len(nodes) == 1, '%s consists of %d objects', what, len(nodes))
    check(nodes[0].tag == tag, '%s is an object %X, not %X', what, nodes[0].tag, tag)
    return nodes[0]


def objects(data):
    """The objects that data consists of, their lengths in the shortest form."""
    nodes = parse(data)
    for node in nodes:
        check(node.raw == tlv(node.tag, node.value), 'object %X has a length that is longer than it need be', node.tag)
    return nodes


def strict(node):
    """DER within a data object: no length longer than need be, numbers and truth values in their one form, sets sorted."""
    content = node.value
    if node.tag >> 8 * ((node.tag.bit_length() - 1) // 8) & 0x20:
        parts = objects(content)
        for part in parts:
            strict(part)
        raws = [part.raw for part in parts]
        check(node.tag != 0x31 or raws == sorted(raws), 'a set that is not sorted: %s', node.raw[:20].hex())
    elif node.tag == 0x02:
        check(content and not (len(content) > 1 and content[0] in (0x00, 0xFF) and content[0] >> 7 == content[1] >> 7),
              'INTEGER %s', content.hex())
    elif node.tag == 0x01:
        check(content in (b'\x00', b'\xff'), 'BOOLEAN %s', content.hex())
    return node


def each(passports, function):
    """function(files) for passports, a table of name and options."""
    plan.each([(name, options) for name, options in passports.items()], lambda options: function(read(*options)))
