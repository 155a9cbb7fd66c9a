#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures of the specimen passport: portrait.jpg, finger.jpg and iris.jpg, in this folder or in that of the argument.

The holder does not exist, and each picture says SPECIMEN. Baseline JPEG (ISO/IEC 10918-1) with the tables of its annex K,
written here with nothing but Python's own library.
"""
import math
import pathlib
import sys

# ISO/IEC 10918-1, tables K.1 to K.6.
LUMINANCE = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]
CHROMINANCE = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99] + [99] * 32
DC_LUMINANCE = ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], list(range(12)))
DC_CHROMINANCE = ([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], list(range(12)))
AC_LUMINANCE = ([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D], list(bytes.fromhex(
    '01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748'
    '494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3'
    'C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA')))
AC_CHROMINANCE = ([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77], list(bytes.fromhex(
    '0001020311040521310612415107617113223281081442 91A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A43444546'
    '4748494A535455565758595A636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9'
    'BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA'.replace(' ', ''))))

FONT = {  # five columns of seven dots, as rows
    'S': '01111 10000 10000 01110 00001 00001 11110', 'P': '11110 10001 10001 11110 10000 10000 10000',
    'E': '11111 10000 10000 11110 10000 10000 11111', 'C': '01111 10000 10000 10000 10000 10000 01111',
    'I': '11111 00100 00100 00100 00100 00100 11111', 'M': '10001 11011 10101 10101 10001 10001 10001',
    'N': '10001 11001 10101 10011 10001 10001 10001'}


def zigzag():
    return sorted(((x, y) for x in range(8) for y in range(8)),
                  key=lambda p: (p[0] + p[1], p[1] if (p[0] + p[1]) % 2 else -p[1]))


ZIGZAG = [y * 8 + x for x, y in zigzag()]
COSINE = [[math.cos((2 * i + 1) * k * math.pi / 16) * (math.sqrt(0.125) if k == 0 else 0.5) for i in range(8)] for k in range(8)]


def codes(table):
    """{value: (code, length)}"""
    counts, values = table
    found, code, at = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for value in values[at:at + count]:
            found[value] = (code, length)
            code += 1
        at += count
        code <<= 1
    return found


class Bits:
    def __init__(self):
        self.out, self.value, self.n = bytearray(), 0, 0

    def put(self, code, length):
        self.value = self.value << length | code
        self.n += length
        while self.n >= 8:
            byte = self.value >> (self.n - 8) & 0xFF
            self.out += bytes([byte, 0]) if byte == 0xFF else bytes([byte])
            self.n -= 8
            self.value &= (1 << self.n) - 1

    def number(self, value):
        size = abs(value).bit_length()
        self.put(value if value >= 0 else value + (1 << size) - 1, size)


def transform(block, quantisation):
    rows = [[sum(COSINE[k][i] * row[i] for i in range(8)) for k in range(8)] for row in block]
    out = []
    for at in ZIGZAG:
        v, u = divmod(at, 8)
        out.append(round(sum(COSINE[v][i] * rows[i][u] for i in range(8)) / quantisation[at]))
    return out


def put_block(bits, block, last, dc, ac):
    size = abs(block[0] - last).bit_length()
    bits.put(*dc[size])
    bits.number(block[0] - last)
    run = 0
    end = max((i for i in range(64) if block[i]), default=0)
    for value in block[1:end + 1]:
        if value == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*ac[0xF0])
            run -= 16
        bits.put(*ac[run << 4 | abs(value).bit_length()])
        bits.number(value)
        run = 0
    if end < 63:
        bits.put(*ac[0])


def segment(marker, body):
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, 'big') + body


def jpeg(width, height, planes, quality):
    """planes: one of grey, or Y, Cb, Cr; each a function of x and y."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    tables = [[min(255, max(1, int((q * scale + 50) // 100))) for q in t] for t in (LUMINANCE, CHROMINANCE)][:len(planes)]
    huffman = [(DC_LUMINANCE, AC_LUMINANCE), (DC_CHROMINANCE, AC_CHROMINANCE)][:len(planes)]
    ready = [(codes(dc), codes(ac)) for dc, ac in huffman]
    out = b'\xff\xd8' + segment(0xE0, b'JFIF\0\x01\x01\x01\x01\x2c\x01\x2c\0\0')
    for i, table in enumerate(tables):
        out += segment(0xDB, bytes([i]) + bytes(table[at] for at in ZIGZAG))
    out += segment(0xC0, bytes([8]) + height.to_bytes(2, 'big') + width.to_bytes(2, 'big') + bytes([len(planes)]) +
                   b''.join(bytes([i + 1, 0x11, min(i, 1)]) for i in range(len(planes))))
    for i, pair in enumerate(huffman):
        for kind, (counts, values) in enumerate(pair):
            out += segment(0xC4, bytes([kind << 4 | i]) + bytes(counts) + bytes(values))
    out += segment(0xDA, bytes([len(planes)]) + b''.join(bytes([i + 1, min(i, 1) * 0x11]) for i in range(len(planes))) + b'\0\x3f\0')
    bits, last = Bits(), [0] * len(planes)
    for top in range(0, height, 8):
        for left in range(0, width, 8):
            for i, plane in enumerate(planes):
                block = transform([[plane(left + x, top + y) - 128 for x in range(8)] for y in range(8)], tables[min(i, 1)])
                put_block(bits, block, last[i], *ready[min(i, 1)])
                last[i] = block[0]
    bits.put(0x7F, 7)
    return out + bytes(bits.out) + b'\xff\xd9'


def smooth(distance, width=1.0):
    """1 inside (a distance below 0), 0 outside, soft between."""
    return min(1.0, max(0.0, 0.5 - distance / width))


def ellipse(x, y, cx, cy, rx, ry):
    return (math.hypot((x - cx) / rx, (y - cy) / ry) - 1) * min(rx, ry)


def mix(old, new, share):
    return tuple(a + (b - a) * share for a, b in zip(old, new))


def letters(x, y, text, left, top, size):
    """Whether a dot of the text is at this point."""
    column, row = int((x - left) // size), int((y - top) // size)
    if not (0 <= row < 7 and 0 <= column < 6 * len(text)) or column % 6 == 5:
        return False
    return FONT[text[column // 6]].split()[row][column % 6] == '1'


def portrait(x, y):
    wave = math.sin(x / 7 + 6 * math.sin(y / 41)) * math.sin(y / 9 + 5 * math.sin(x / 53))
    c = mix((196, 214, 228), (150, 182, 210), 0.35 + 0.2 * wave + y / 640)
    skin, hair, coat = (228, 188, 158), (92, 58, 34), (52, 78, 104)
    c = mix(c, hair, smooth(ellipse(x, y, 120, 134, 76, 98), 3))
    c = mix(c, coat, smooth(ellipse(x, y, 120, 330, 112, 92), 3))
    c = mix(c, (40, 60, 84), smooth(abs(x - 120) - 2) * smooth(256 - y))
    c = mix(c, mix(skin, (190, 146, 118), 0.6), smooth(abs(x - 120) - 24, 6) * smooth(y - 258) * smooth(200 - y))
    shade = 0.12 * (x - 120) / 60 + 0.10 * math.sin(y / 13) * math.sin(x / 11)
    c = mix(c, mix(skin, (176, 128, 100), 0.15 + shade), smooth(ellipse(x, y, 120, 144, 58, 76), 3))
    if y < 120:  # the fringe
        c = mix(c, hair, smooth(ellipse(x, y, 120, 92, 62, 34 + 5 * math.sin(x / 8)), 3))
    for cx in (96, 144):
        c = mix(c, (72, 46, 30), smooth(ellipse(x, y, cx, 127 + abs(x - cx) / 6, 14, 2.6), 2))
        c = mix(c, (246, 244, 240), smooth(ellipse(x, y, cx, 142, 12, 6), 2))
        c = mix(c, (70, 106, 92), smooth(ellipse(x, y, cx, 142, 5.5, 5.5), 2))
        c = mix(c, (16, 16, 16), smooth(ellipse(x, y, cx, 142, 2.5, 2.5), 2))
    c = mix(c, (190, 140, 112), smooth(ellipse(x, y, 125, 166, 4, 18), 6) * 0.7)
    c = mix(c, (176, 122, 98), smooth(ellipse(x, y, 120, 182, 11, 3), 3) * 0.7)
    c = mix(c, (176, 84, 84), smooth(ellipse(x, y, 120, 199 + ((x - 120) / 20) ** 2, 20, 4), 2.5))
    c = mix(c, (120, 50, 54), smooth(abs(y - 198 - ((x - 120) / 18) ** 2) - 0.5, 1.5) * smooth(abs(x - 120) - 19))
    if letters(x + (y - 284) / 4, y, 'SPECIMEN', 28, 284, 4):
        c = mix(c, (214, 40, 40), 0.75)
    return c


def finger(x, y):
    angle = math.atan2(y - 104, x - 80)
    ridge = math.sin(math.hypot((x - 80) * 1.15, y - 104) / 1.6 + 1.2 * math.sin(2 * angle) + angle)
    share = smooth(ellipse(x, y, 80, 100, 70, 92), 10)
    grey = 250 + (190 + 60 * math.tanh(2 * ridge) - 90 - 250) * share
    return min(255, 20 if letters(x, y, 'SPECIMEN', 32, 96, 2) else grey)


def iris(x, y):
    radius, angle = math.hypot(x - 80, y - 60), math.atan2(y - 60, x - 80)
    grey = 205 - 20 * math.sin(x / 31)
    pattern = 110 + 24 * math.sin(37 * angle + 3 * math.sin(radius / 5)) + 20 * math.sin(radius / 2.1 + 5 * math.sin(7 * angle))
    grey += (pattern - grey) * smooth(radius - 46, 3)
    grey += (14 - grey) * smooth(radius - 17, 2)
    return 250 if letters(x, y, 'SPECIMEN', 32, 53, 2) else grey


def luminance(c):
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def colours(picture):
    seen = {}

    def of(x, y):
        if (x, y) not in seen:
            seen[x, y] = picture(x, y)
        return seen[x, y]

    return [lambda x, y: luminance(of(x, y)),
            lambda x, y: 128 + (of(x, y)[2] - luminance(of(x, y))) / 1.772,
            lambda x, y: 128 + (of(x, y)[0] - luminance(of(x, y))) / 1.402]


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    (folder / 'portrait.jpg').write_bytes(jpeg(240, 320, colours(portrait), 80))
    (folder / 'finger.jpg').write_bytes(jpeg(160, 208, [finger], 60))
    (folder / 'iris.jpg').write_bytes(jpeg(160, 120, [iris], 70))


if __name__ == '__main__':
    main()
