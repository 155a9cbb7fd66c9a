# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vicc -R: what it prints, where it listens, that it takes one reader after the other."""
import re
import socket

import common
from common import equal


def connects(host, port):
    try:
        socket.create_connection((host, port), common.LIMIT).close()
        return True
    except OSError:
        return False


def other_address():
    """An address of this machine that is not loopback. No packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect(('198.51.100.1', 9))
        except OSError:
            raise common.Skip('this machine has no network') from None
        return s.getsockname()[0]


def test_loopback():
    vicc, port = common.reversed_vicc()
    vicc.wait_for(r"^Only this machine can connect; a phone needs .*--hostname '\*'", 'out')
    equal(vicc.text['out'].splitlines()[:2],
          ['VICC hostname:  127.0.0.1', 'VICC port:      %d' % port])
    equal(len(vicc.text['out'].splitlines()), 3, 'lines: no QR code')
    assert connects('127.0.0.1', port)
    assert not connects(other_address(), port), 'listens where nobody asked it to'
    common.terminate(vicc)


def test_loopback_has_both_families():
    vicc, port = common.reversed_vicc()
    with socket.socket(socket.AF_INET6) as s:
        try:
            s.bind(('::1', 0))
        except OSError:
            raise common.Skip('no IPv6 here') from None
    assert connects('::1', port)
    common.terminate(vicc)


def test_loopback_by_name():
    for host, address in (('localhost', '(127.0.0.1|::1)'), ('127.0.0.1', '127.0.0.1'),
                          ('127.1.2.3', '127.1.2.3'), ('::1', '::1'), ('[::1]', '::1')):
        vicc, _ = common.reversed_vicc('-H', host)
        vicc.wait_for('a phone needs', 'out')
        vicc.wait_for('^VICC hostname:  %s$' % address, 'out')
        common.terminate(vicc)


def test_every_address_by_number():
    for host in ('0.0.0.0', '::', '[::]'):
        vicc, _ = common.reversed_vicc('-H', host)
        vicc.wait_for('^VICC hostname:  %s$' % other_address(), 'out')
        common.terminate(vicc)


def test_every_address():
    address = other_address()
    vicc, port = common.reversed_vicc('-H', '*')
    vicc.wait_for(r'^On your NFC phone with the Android Smart Card Emulator app scan this code:$', 'out')
    equal(vicc.text['out'].splitlines()[0], 'VICC hostname:  ' + address)
    assert connects('127.0.0.1', port) and connects(address, port)
    common.terminate(vicc)


def test_one_address():
    address = other_address()
    vicc, port = common.reversed_vicc('-H', address)
    vicc.wait_for('scan this code', 'out')
    equal(vicc.text['out'].splitlines()[0], 'VICC hostname:  ' + address)
    assert connects(address, port) and not connects('127.0.0.1', port)
    common.terminate(vicc)


def test_given_port():
    port = common.free_port()
    vicc = common.vicc('-R', '-P', hex(port))
    vicc.wait_for('^VICC port:      %d$' % port, 'out')
    assert connects('127.0.0.1', port)
    common.terminate(vicc)


def test_one_reader_after_the_other():
    vicc, port = common.reversed_vicc('-v')
    for _ in range(5):
        with common.dial(port) as reader:
            reader.check_alive()
    vicc.wait_for('(?s)(The reader has gone.*){5}')
    common.terminate(vicc)
    equal(len(re.findall('A reader has connected', vicc.text['err'])), 5)


def test_next_reader_waits_for_the_first_to_go():
    vicc, port = common.reversed_vicc()
    first, second = common.dial(port), common.dial(port)
    second.send(common.GET_ATR)
    first.check_alive()
    first.close()
    equal(second.receive(), common.ATR)
    second.close()
    common.terminate(vicc)


common.main(globals())
