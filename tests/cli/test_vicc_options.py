# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every wrong option, port, host and file of vicc: one clear line on standard error, the right exit status,
nothing on standard output."""
import os
import shutil
import socket
import subprocess
import tempfile

import common
from common import equal

LATER = ['relay']
VALUES = ['reader', 'mitm']

WRONG = [
    # options, words that the line must have
    (['--nothing'], ['--nothing', '--help']),
    (['-x'], ['-x', '--help']),
    (['-vx'], ['-x', '--help']),
    (['word'], ['word', '--help']),
    (['--', 'word'], ['word', '--help']),
    (['--re'], ['--re', 'more than one']),
    (['--wait=1'], ['--wait', 'no value']),
    (['--port'], ['--port', 'missing']),
    (['-P'], ['-P', 'missing']),
    (['--hostname'], ['--hostname', 'missing']),
    (['--type'], ['--type', 'missing']),
    (['--port', '0'], ['--port 0', '65535']),
    (['--port', '65536'], ['--port 65536', '65535']),
    (['--port', '99999999999999999999999'], ['--port', '65535']),
    (['--port', '-1'], ['--port -1', '65535']),
    (['--port', ''], ['--port', '65535']),
    (['--port', '1x'], ['--port 1x', '65535']),
    (['--port', 'http'], ['--port http', '65535']),
    (['--port', '1\n2'], ['--port', '65535']),
    (['--hostname', ''], ['--hostname', 'missing']),
    (['--hostname', '[]'], ['--hostname', 'missing']),
    (['--hostname', '*'], ['--hostname', '--reversed']),
    (['--type', 'JavaCard'], ['--type JavaCard', 'iso7816', 'handler_test']),
    (['--type', 'ISO7816'], ['--type ISO7816', 'iso7816']),
    (['--type', ''], ['--type', 'iso7816']),
    (['--seed', ''], ['--seed', 'character']),
    (['--date', ''], ['--date', 'YYYY-MM-DD']),
    (['--date', '2026-2-1'], ['--date 2026-2-1', 'YYYY-MM-DD']),
    (['--date', '2026-02-30'], ['--date 2026-02-30', '2000 to 2099']),
    (['--date', '1999-12-31'], ['--date 1999-12-31', '2000 to 2099']),
    (['--file'], ['--file', 'missing']),
    (['--file', ''], ['--file', 'missing']),
    (['--save-image', ''], ['--save-image', 'missing']),
    (['--no-save'], ['--no-save', '--file']),
    (['--file', 'a', '--no-save', '--save-image', 'b'], ['--no-save', '--save-image']),
    (['--encrypt'], ['--encrypt', '--save-image']),
    (['--file', 'a', '--encrypt'], ['--encrypt', '--save-image']),
    (['--image-password-file', 'a'], ['--image-password-file', '--file']),
    (['--model', '16k'], ['--model', '--type cryptoflex']),
    (['--model', '16k', '--type', 'cryptoflex'], ['--model', '--type cryptoflex']),
    (['--type', 'cryptoflex', '--model', '16K'], ['--model 16K', '8k', '32k-egate']),
    (['--type', 'cryptoflex', '--model', ''], ['--model', '8k']),
    (['--type', 'cryptoflex', '--model'], ['--model', 'missing']),
    (['--disable-ta-checks'], ['--disable-ta-checks', '--type nPA']),
    (['-d', '/dev/null'], ['--datasetfile', '--type nPA']),
    (['--type', 'nPA', '--pin', '12345'], ['--pin: give', 'six figures']),
    (['--type', 'nPA', '--pin', '12345x'], ['--pin: give', 'six figures']),
    (['--type', 'nPA', '--transport-pin', '123456'], ['--transport-pin', 'five figures']),
    (['--type', 'nPA', '--pin', '123456', '--transport-pin', '12345'], ['--pin', '--transport-pin']),
    (['--type', 'nPA', '--pseudonyms', '--ef-cardaccess', 'x'], ['--pseudonyms', '--ef-cardaccess']),
    (['--type', 'nPA', '--can', ''], ['--can', 'six figures']),
    (['--type', 'nPA', '--puk', '123456789'], ['--puk', 'ten figures']),
    (['--type', 'nPA', '--mrz', 'IDD<<'], ['--mrz']),
    (['--type', 'nPA', '--ef-cardaccess', ''], ['--ef-cardaccess', 'file']),
    (['--type', 'nPA', '--cvca'], ['--cvca', 'missing']),
]
WRONG += [(['--type', name], ['--type ' + name, 'not available in this version']) for name in LATER]
WRONG += [(['--' + name, '/dev/null'], ['--' + name, 'not available in this version']) for name in VALUES]


def one_line(text):
    assert text.startswith('vicc: ') and text.endswith('\n') and text.count('\n') == 1, repr(text)


def test_wrong_options():
    for options, words in WRONG:
        status, out, err = common.result(common.VICC, *options)
        equal((status, out), (2, ''), 'vicc ' + ' '.join(options))
        one_line(err)
        for word in words:
            assert word in err, '%s: no %r in %r' % (options, word, err)


def test_nobody_listens():
    port = str(common.free_port())
    status, out, err = common.result(common.VICC, '-H', '127.0.0.1', '-P', port)
    equal((status, out), (1, ''))
    lines = err.splitlines()
    assert len(lines) <= 2 and '127.0.0.1 port ' + port in lines[0], err
    assert 'pcscd' in err and 'driver' in err and '--wait' in err, err


def test_no_such_host():
    status, out, err = common.result(common.VICC, '-H', 'no-such-host.invalid')
    equal((status, out), (1, ''))
    one_line(err)
    assert 'no-such-host.invalid' in err and '--hostname' in err, err


def test_port_in_use():
    with common.Door() as door:
        status, out, err = common.result(common.VICC, '-R', '-P', str(door.port))
    equal((status, out), (1, ''))
    one_line(err)
    assert str(door.port) in err and '--port' in err, err


def test_listen_on_an_address_of_another_machine():
    status, out, err = common.result(common.VICC, '-R', '-P', '0', '-H', '198.51.100.1')
    equal((status, out), (1, ''))
    one_line(err)
    assert '198.51.100.1' in err and '--hostname' in err, err


def test_slot_taken():
    """A reader that closes each connection without a word."""
    with common.Door() as door:
        vicc = common.vicc('-P', str(door.port))
        door.socket.settimeout(0.1)
        while vicc.alive():
            try:
                door.accept().close()
            except socket.timeout:
                pass
        equal(vicc.end(), 1, 'exit status')
    one_line(vicc.text['err'])
    assert str(door.port) in vicc.text['err'], vicc.text


def test_help_and_version():
    for option in ('--help', '-h'):
        status, out, err = common.result(common.VICC, option)
        equal((status, err), (0, ''))
        assert out.startswith('Usage: vicc'), out
    status, out, err = common.result(common.VICC, '--version')
    equal((status, err), (0, ''))
    assert out.startswith('vicc ') and out.count('\n') == 1, out


def test_card_types():
    for name, challenge_sw in (('iso7816', b'\x90\x00'), ('handler_test', None)):
        with common.Door() as door:
            vicc = common.vicc('--type=' + name, '-P%d' % door.port)
            with door.accept() as reader:
                atr = reader.exchange(common.GET_ATR)
                assert 2 <= len(atr) <= 33, atr
                answer = reader.exchange(common.GET_CHALLENGE)
                assert challenge_sw is None or answer[-2:] == challenge_sw, answer
                equal(vicc.end(2), 0)


def test_seed():
    """The same seed, the same numbers; and it is said aloud."""
    def challenge(*options):
        with common.Door() as door:
            vicc = common.vicc('-P', str(door.port), *options)
            with door.accept() as reader:
                answer = reader.exchange(common.GET_CHALLENGE)
                common.terminate(vicc)
        return answer, vicc.text['err']

    first, said = challenge('--seed', '1')
    assert '--seed' in said and 'secret' in said and said.count('\n') == 1, said
    equal(challenge('--seed', '1')[0], first)
    assert challenge('--seed', '2')[0] != first
    equal(challenge()[1], '', 'log without options')
    assert challenge()[0] != challenge()[0]


def test_what_else_is_in_a_folder():
    """--cvc-dir passes over what is no certificate, and waits for nobody who would write into a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(os.path.join(folder, 'pipe'))
        os.mkdir(os.path.join(folder, 'folder'))
        shutil.copy(os.path.join(common.SOURCE_ROOT, 'data', 'specimen', 'cvca-at.cvcert'), folder)
        equal(common.result(os.environ['VPCSCD'], '--type', 'nPA', '--cvc-dir', folder, '--', 'true'), (0, '', ''))


def test_output_that_does_not_arrive():
    """Nobody takes half a list of options for all of it."""
    for program, *words in ((common.VICC, '--help'), (common.VICC, '--version'),
                            (os.environ['VPCSCD'], '--help'), (os.environ['VPCSCD'], 'ctl', '--help')):
        with open('/dev/full', 'w') as full:
            done = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, timeout=common.LIMIT)
        equal(done.returncode, 1, ' '.join(words))
        text = done.stderr.decode()
        assert 'cannot write the output: No space' in text and text.count('\n') == 1, text


common.main(globals())
