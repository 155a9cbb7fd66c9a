# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every wrong option of vpcscd and of vpcscd ctl: one clear line, exit status 2, nothing else; and what they say of
themselves."""
import os

import common
import service
from common import equal

WRONG = [
    (['--nothing'], ['--nothing', '--help']),
    (['-x'], ['-x', '--help']),
    (['word'], ['word', 'vpcscd -- word']),
    (['opensc-tool', '-a'], ['vpcscd -- opensc-tool']),
    (['--'], ['missing behind --']),
    (['--daemon', '--', 'true'], ['--daemon', 'foreground']),
    (['--daemon=1'], ['--daemon', 'no value']),
    (['--socket'], ['--socket', 'missing']),
    (['--socket', ''], ['--socket', 'missing']),
    (['--pid-file', ''], ['--pid-file', 'missing']),
    (['--vpcd'], ['--vpcd', 'missing']),
    (['--vpcd', '0', '--', 'true'], ['--vpcd 0', '65535']),
    (['--vpcd', '65536'], ['--vpcd 65536', '65535']),
    (['--vpcd', 'x\n'], ['--vpcd', '65535']),
    (['--vpcd', '5', '--vpcd', '5'], ['--vpcd', 'same port']),
    (['--vpcd', '5', '--seed', 'x'], ['--seed', '--vpcd 5', '--type']),
    (['--reader-name', ''], ['--reader-name', '127']),
    (['--reader-name', 'x' * 128], ['--reader-name', '127']),
    (['--reader-name', 'a\nb'], ['--reader-name', 'printable']),
    (['-t', 'iso7816', '--reader-name', 'A', '-t', 'iso7816', '--reader-name', 'A'], ['--reader-name', 'same name']),
    (['-t', 'iso7816'] * 17, ['too many readers', '16']),
    (['--type', 'JavaCard'], ['--type JavaCard', 'iso7816']),
    (['--type', 'relay'], ['--type relay', 'not available']),
    (['--seed', ''], ['--seed', 'character']),
]

WRONG_CTL = [
    ([], ['eject, insert or swap']),
    (['eject'], ['which reader']),
    (['eject', ''], ['which reader']),
    (['remove', '0'], ['eject, insert']),
    (['eject', '0', '1'], ['only swap']),
    (['eject', '0', '--type', 'iso7816'], ['only swap']),
    (['--type', 'iso7816', 'swap', '0'], ['behind the reader']),
    (['swap', '--type', 'iso7816', '0'], ['behind the reader']),
    (['swap', '0', '--nothing'], ['--nothing']),
    (['--vpcd', '5', 'swap', '0'], ['--vpcd']),
    (['--socket'], ['--socket', 'missing']),
    (['eject', '0', '--', 'x'], ['behind --']),
    (['swap', '0'] + ['--seed=x'] * 70, ['too many words']),
    (['swap', '0', '--seed=' + 'x' * 5000], ['too long']),
]


def test_wrong_image():
    for path, word in (('/dev/null', 'image'), ('/no/such/image', 'No such file')):
        status, out, err = service.run('--file', path)
        equal((status, out), (1, ''), 'vpcscd --file ' + path)
        service.one_line(err, path, word)
    equal(service.leftovers(), [])


def test_wrong_options():
    for options, words in WRONG:
        status, out, err = service.run(*options)
        equal((status, out), (2, ''), 'vpcscd ' + ' '.join(options))
        service.one_line(err, *words)
    equal(service.leftovers(), [])


def test_wrong_requests():
    for words, want in WRONG_CTL:
        status, out, err = common.result(service.VPCSCD, 'ctl', *words)
        equal((status, out), (2, ''), 'vpcscd ctl ' + ' '.join(words))
        service.one_line(err, 'ctl: ', *want)


def test_which_service():
    environment = {k: v for k, v in os.environ.items() if k != 'PCSCLITE_CSOCK_NAME'}
    status, out, err = common.result(service.VPCSCD, 'ctl', 'eject', '0', env=environment)
    equal((status, out), (2, ''))
    service.one_line(err, '--socket', 'PCSCLITE_CSOCK_NAME')


def test_no_service():
    status, out, err = service.ctl('eject', '0', path='/nowhere/at/all')
    equal((status, out), (1, ''))
    service.one_line(err, '/nowhere/at/all', 'No such file')
    status, out, err = service.ctl('eject', '0', path='/' + 'x' * 200)
    equal((status, out), (1, ''))
    service.one_line(err, 'too long')


def test_help_and_version():
    for words, start in ((['--help'], 'Usage: vpcscd '), (['-h'], 'Usage: vpcscd '), (['ctl', '--help'], 'Usage: vpcscd ctl'),
                         (['ctl', 'eject', '0', '-h'], 'Usage: vpcscd ctl'), (['--version'], 'vpcscd ')):
        status, out, err = service.run(*words)
        equal((status, err), (0, ''), ' '.join(words))
        assert out.startswith(start), out


common.main(globals())
