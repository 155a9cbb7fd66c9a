# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logical data structure: files, how to read them, what is in them (Doc 9303-10)."""
import struct

from .errors import ProtocolError, check
from .tlv import header, one, parse, tlv

AID = bytes.fromhex('A0000002471001')
CARD_ACCESS, CARD_SECURITY, ATR_INFO, DIR = 0x011C, 0x011D, 0x2F01, 0x2F00  # in the MF
COM, SOD, CVCA = 0x011E, 0x011D, 0x011C  # in the application
SHORT = {CARD_ACCESS: 0x1C, SOD: 0x1D, COM: 0x1E, ATR_INFO: 0x01, DIR: 0x1E}
TAGS = dict(zip(range(1, 17), bytes.fromhex('6175637665666768696A6B6C6D6E6F70')))
NUMBERS = {tag: number for number, tag in TAGS.items()}


def dg(number):
    return 0x0100 + number


def short_identifier(fid):
    return SHORT.get(fid, fid & 0x1F)


def select_application(card, aid=AID):
    card.command('00A4040C', aid)


def select_mf(card):
    card.command('00A4000C', b'\x3f\x00')


def select_file(card, fid):
    card.command('00A4020C', fid.to_bytes(2, 'big'))


def read_at(card, offset, size, sfi=None, extended=False):
    """One READ BINARY: even, with a short identifier at the beginning of a file; odd beyond 32,767."""
    if offset > 0x7FFF:
        return read_odd(card, offset, size, extended=extended)
    first = 0x80 | sfi if sfi and offset == 0 else offset >> 8
    return card.command(bytes([0, 0xB0, first, offset & 0xFF]), ne=size, extended=extended)


def read_odd(card, offset, size, sfi=0, extended=False):
    """READ BINARY with the offset in a data object."""
    octets = offset.to_bytes((offset.bit_length() + 7) // 8 or 1, 'big')
    room = size if size in (256, 65536) else min(65536, size + len(tlv(0x53, bytes(size))) - size)
    answer = card.command(bytes([0, 0xB1, 0, sfi]), tlv(0x54, octets), ne=room, extended=extended)
    return one(answer, 0x53, 'the response of READ BINARY').value


def read(card, fid, short=False, size=0xDF, extended=False, odd=False):
    """A whole file: eight bytes first, which tell its length, then the rest in pieces. short: by short identifier
    instead of selecting it."""
    sfi = short_identifier(fid) if short else None
    if not short:
        select_file(card, fid)
    first = read_odd(card, 0, 8, sfi or 0) if odd else read_at(card, 0, 8, sfi)
    tag, start, length = header(first)
    data, total = first, start + length
    while len(data) < total:
        want = min(size, total - len(data))
        more = read_odd(card, len(data), want, extended=extended) if odd else read_at(
            card, len(data), want, extended=extended)
        check(more, 'file %04X ends after %d of %d bytes', fid, len(data), total)
        data += more
    return data[:total]


class Com:
    """EF.COM: versions, and the data groups there are."""

    def __init__(self, data):
        parts = {node.tag: node.value for node in one(data, 0x60, 'EF.COM').children()}
        check(list(parts) == [0x5F01, 0x5F36, 0x5C], 'EF.COM has the objects %s', ['%X' % tag for tag in parts])
        self.lds, self.unicode = parts[0x5F01].decode(), parts[0x5F36].decode()
        check(set(parts[0x5C]) <= set(NUMBERS), 'EF.COM names an unknown tag: %s', parts[0x5C].hex())
        self.groups = [NUMBERS[tag] for tag in parts[0x5C]]


def mrz_of(data):
    """The machine readable zone of DG1."""
    return one(data, 0x61, 'DG1').child(0x5F1F, 'DG1').value.decode('ascii')


class Face:
    """The facial record of DG2 (ISO/IEC 7816-11 around ISO/IEC 19794-5:2005)."""

    def __init__(self, data):
        group = one(one(data, 0x75, 'DG2').value, 0x7F61, 'biometric group template')
        check(group.child(0x02).integer() == 1, 'not one instance')
        template = group.child(0x7F60)
        self.header = {node.tag: node.value for node in template.child(0xA1).children()}
        blocks = [node for node in template.children() if node.tag in (0x5F2E, 0x7F2E)]
        check(len(blocks) == 1, '%d biometric data blocks', len(blocks))
        record = blocks[0].value
        check(record[:8] == b'FAC\x00010\x00', 'no facial record: %s', record[:8].hex())
        length, images = struct.unpack('>IH', record[8:14])
        check(length == len(record), 'facial record of %d bytes says %d', len(record), length)
        check(images == 1, '%d images', images)
        block, points = struct.unpack('>IH', record[14:20])
        check(block == length - 14, 'block of %d bytes', block)
        (self.gender, self.eyes, self.hair) = record[20:23]
        rest = record[34 + 8 * points:]
        (self.kind, image_type, self.width, self.height, self.colours, self.source, self.device,
         self.quality) = struct.unpack('>BBHHBBHH', rest[:12])
        check(image_type in (0, 1), 'image type %d', image_type)
        self.type, self.image = ('jpeg', 'jpeg2000')[image_type], rest[12:]
        check(self.image[:3] == b'\xff\xd8\xff' if image_type == 0 else
              self.image[:4] in (b'\0\0\0\x0c', b'\xff\x4f\xff\x51'), 'the image is not of its type')

    def size_of_jpeg(self):
        """Width and height as the JPEG itself says."""
        at = 2
        while at + 9 < len(self.image):
            marker, length = struct.unpack('>HH', self.image[at:at + 4])
            if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
                height, width = struct.unpack('>HH', self.image[at + 5:at + 9])
                return width, height
            at += 2 + length
        raise ProtocolError('no frame in the JPEG')


def references_of(data):
    """The authority references of EF.CVCA, which is filled up with zeros."""
    return [node.value for node in parse(data.rstrip(b'\0'))]


def security_infos_of(data):
    """The content of DG14."""
    return one(data, 0x6E, 'DG14').value
