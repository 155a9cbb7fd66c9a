# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What vicc -v, -v -v and -v -v -v say; and what no level says: PINs."""
import re

import common
from common import equal

PIN = b'73914682'
SECRETS = [  # commands that hold it, and broken ones
    bytes.fromhex('0020000108') + PIN,
    bytes.fromhex('0020008108') + PIN,
    bytes.fromhex('0020000008') + PIN + b'\x00',
    bytes.fromhex('10200001 08') + PIN,
    bytes.fromhex('0C200001 08') + PIN,
    bytes.fromhex('80200001 08') + PIN,
    bytes.fromhex('01200001 08') + PIN,
    bytes.fromhex('00200001 000008') + PIN,
    bytes.fromhex('00210001 0A5308') + PIN,
    bytes.fromhex('00200001 09') + PIN,  # one byte short
    bytes.fromhex('00200001 07') + PIN,  # one byte too many
    bytes.fromhex('00200001 FF') + PIN,
    bytes.fromhex('00200001') + PIN,     # without a length
    bytes.fromhex('00240001 10') + PIN + PIN,
    bytes.fromhex('00240101 08') + PIN,
    bytes.fromhex('002C0001 10') + PIN + PIN,
    bytes.fromhex('002C0201 08') + PIN,
    bytes.fromhex('00280001 08') + PIN,
    bytes.fromhex('00260001 08') + PIN,
    bytes.fromhex('00820000 08') + PIN,
    bytes.fromhex('00860000 0A7C08') + PIN,
    bytes.fromhex('002A8086 08') + PIN,
]
LINE = re.compile(r'^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d\.\d{3}  \[(ERROR|WARNING|INFO|DEBUG|TRACE)\] +\S')


def talk(options, commands):
    """vicc's log of a connection with these commands."""
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port), *options)
        with door.accept() as reader:
            reader.check_alive()
            for command in commands:
                reader.exchange(command)
            reader.send(common.RESET)
            reader.send(common.POWER_OFF)
            equal(reader.exchange(common.GET_ATR), common.ATR)
            common.terminate(vicc)
    return vicc.text['err']


def commands_of(log):
    return [line for line in log.splitlines() if '] > ' in line]


def test_silence():
    equal(talk([], [common.GET_CHALLENGE] + SECRETS), '')


def test_info():
    log = talk(['-v'], [common.GET_CHALLENGE])
    for line in log.splitlines():
        assert LINE.match(line), line
    assert len(re.findall(r'\[INFO\] (Power Up|Power Down|Reset)$', log, re.M)) == 3, log
    assert 'Connected' in log and 'DEBUG' not in log and 'TRACE' not in log, log


def test_one_line_an_apdu():
    log = talk(['-v', '-v'], [common.GET_CHALLENGE, bytes.fromhex('00B0FFFF00')])
    for line in log.splitlines():
        assert LINE.match(line), line
    lines = [line.split('] ', 1)[1] for line in log.splitlines() if '[DEBUG]' in line]
    equal(len(lines), 6, 'lines of three commands')
    for line, words in zip(lines, [
            ['> ', 'SELECT', 'P1=00 P2=0C', 'Nc=2'], ['< ', '9000 success'],
            ['> ', 'GET CHALLENGE', 'Ne=8'], ['< ', '8 bytes', '9000'],
            ['> ', 'READ BINARY', 'P1=FF P2=FF', 'Ne=256'], ['< ', '6', ' ']]):
        for word in words:
            assert word in line, (line, word)
    assert 'TRACE' not in log


def test_bytes_and_objects():
    create = bytes.fromhex('00E0000011620F8202010183020101800200208A0105')
    log = talk(['-vvv'], [create])
    for piece in ('3F00', '62, ', '83, 2 bytes: 0101'):
        assert piece in log, (piece, log)
    for line in log.splitlines():
        assert LINE.match(line), line


def test_pins_are_never_shown():
    for options in (['-v'], ['-vv'], ['-vvv'], ['-vvvv']):
        log = talk(options, SECRETS)
        plain = re.sub(r'[^0-9A-Z]', '', log.upper())
        for end in (4, 8):  # half of it is too much as well
            for part in (PIN[:end], PIN[8 - end:]):
                assert part.decode() not in log, (options, log)
                assert part.hex() not in plain, (options, log)
    equal(len(commands_of(log)), 1 + len(SECRETS), 'commands in the log')


def test_chained_and_fetched_secrets():
    """A PIN that comes in two links of a chain."""
    links = [bytes.fromhex('10200001 04') + PIN[:4], bytes.fromhex('00200001 04') + PIN[4:]]
    log = talk(['-vvv'], links)
    for part in (PIN[:4], PIN[4:]):
        assert part.hex() not in log.lower() and part.decode() not in log, log


common.main(globals())
