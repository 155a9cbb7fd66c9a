# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every wrong command, option, value and file of vicc-pki: one clear line on standard error, the right exit status, and
nothing written."""
import os
import re
import subprocess
import tempfile

import common
from common import equal

SIGNS = ['--issuer', 'a', '--issuer-key', 'b']

WRONG = [
    # arguments, words that the line must have
    ([], ['command', '--help']),
    (['nothing'], ['nothing', 'no such command', '--help']),
    (['--out', 'x'], ['--out', 'unknown option']),
    (['csca', '--nothing'], ['--nothing', '--help']),
    (['csca', 'word'], ['word', '--help']),
    (['csca', '--', 'word'], ['word', '--help']),
    (['csca', '--sector', 'x'], ['--sector', 'unknown option']),
    (['csca', '-n', 'k'], ['--out']),
    (['key', '-k', 'k', '-t', 'P-256'], ['--key-type', '--new-key']),
    (['csca', '-o', ''], ['--out', 'missing']),
    (['csca', '-o'], ['-o', 'missing']),
    (['csca', '-o', 'o'], ['--key', '--new-key']),
    (['csca', '-o', 'o', '-n', 'n', '-k', 'k'], ['--key', '--new-key', 'one']),
    (['csca', '-o', 'o', '-k', 'k', '-t', 'P-256'], ['--key-type', '--new-key']),
    (['csca', '-t', 'rsa:256'], ['--key-type rsa:256', '512', '4096', 'brainpool']),
    (['csca', '-t', 'rsa:4097'], ['--key-type', '4096']),
    (['csca', '-t', 'rsa:'], ['--key-type', '4096']),
    (['csca', '-t', 'secp256k1'], ['--key-type', 'brainpool']),
    (['csca', '--digest', 'md5'], ['--digest md5', 'sha512']),
    (['csca', '--from', '2026-02-30'], ['--from 2026-02-30', 'YYYY-MM-DD']),
    (['csca', '--until', '2100-01-01'], ['--until 2100-01-01', '2099']),
    (['csca', '--signs-until', 'soon'], ['--signs-until soon', 'YYYY-MM-DD']),
    (['csca', '--serial', ''], ['--serial', 'hexadecimal']),
    (['csca', '--serial', '1'], ['--serial', 'hexadecimal']),
    (['csca', '--serial', '0001'], ['--serial', '00']),
    (['csca', '--serial', '80' * 20], ['--serial', '80']),
    (['csca', '--serial', '01' * 21], ['--serial', '20']),
    (['csca', '--curve-form', 'short'], ['--curve-form short', 'explicit', 'named']),
    (['signer', '-o', 'o', '-n', 'n'], ['--issuer', '--issuer-key']),
    (['signer', '-o', 'o', '-n', 'n', '-i', 'i'], ['--issuer-key']),
    (['signer', '--document-type', ''], ['--document-type', 'missing']),
    (['crl', '--crl-number', 'x'], ['--crl-number x', '2147483647']),
    (['sod', '-o', 'o'], ['--signer', '--signer-key']),
    (['sod', '--dg', 'x'], ['--dg x', '1=']),
    (['sod', '--dg', '1='], ['--dg', '1=']),
    (['sod', '--dg', '0=x'], ['--dg', '1 to 16']),
    (['sod', '--dg', '17=x'], ['--dg', '1 to 16']),
    (['sod', '--dg', '1=x', '--dg', '1=y'], ['--dg', 'twice']),
    (['sod', '--lds-version', '1.7'], ['--lds-version 1.7', '0107', '0108']),
    (['card-security', '-o', 'o', '-s', 's', '--signer-key', 'k'], ['--security-infos']),
    (['master-list', '-o', 'o', '-s', 's', '--signer-key', 'k'], ['file']),
    (['cvca', '-o', 'o', '-n', 'n'], ['--reference']),
    (['cvca', '--kind', 'XX'], ['--kind XX', 'IS', 'AT', 'ST']),
    (['terminal', '-o', 'o', *SIGNS, '--request', 'r', '-k', 'k'], ['--request', 'key']),
    (['terminal', '-o', 'o', *SIGNS, '--request', 'r', '-r', 'UTIS00001'], ['--request', 'reference']),
    (['terminal', '--sector', 'a', '--sector', 'b', '--sector', 'c'], ['--sector c', 'too many']),
    (['terminal', '--ps-sector', 'a'], ['--ps-sector a', '13=sector.bin']),
    (['terminal', '--ps-sector', '13='], ['--ps-sector 13=', '13=sector.bin']),
    (['terminal', '--ps-sector', '128=a'], ['--ps-sector 128=a', '127']),
    (['terminal', '--ps-sector', 'x=a'], ['--ps-sector x=a', '127']),
    (['terminal'] + 5 * ['--ps-sector', '13=a'], ['--ps-sector 13=a', 'too many']),
    (['show'], ['file']),
    (['csca', '-o', 'x', '-k', 'key.pem', '--from', '2030-01-01', '--until', '2029-01-01'], ['--until', 'first']),
    (['sod', '-o', 'x', '-s', 'csca.der', '--signer-key', 'key.pem', '--dg', '1=text'], ['--dg', 'two']),
    (['cvca', '-o', 'x', '-k', 'key.pem', '-r', 'UT1'], ['--reference', 'country']),
    (['cvca', '-o', 'x', '-k', 'key.pem', '-r', '1TCVCA00001'], ['--reference', 'country']),
    (['request', '-o', 'x', '-k', 'key.pem', '-r', 'UTIS00001', '--authority', 'X'], ['--authority']),
]

# Commands that fail with exit status 1, in a folder with good files.
FAILING = [
    (['csca', '-o', 'x', '-k', 'nothing'], ['nothing', 'No such file']),
    (['csca', '-o', 'x', '-k', 'empty'], ['empty', 'empty']),
    (['csca', '-o', 'x', '-k', 'text'], ['text', 'not an RSA or EC key']),
    (['csca', '-o', 'x', '-k', 'public.pem'], ['public.pem', 'private']),
    (['csca', '-o', 'x', '-k', 'key.pem', '--pss'], ['--pss', 'EC']),
    (['csca', '-o', 'nowhere/x', '-k', 'key.pem'], ['nowhere/x', 'No such file']),
    (['csca', '-o', 'nowhere/x', '-n', 'y'], ['nowhere/x', 'No such file']),
    (['cvca', '-o', 'nowhere/x', '-n', 'y', '-r', 'UTCVCA00001'], ['nowhere/x', 'No such file']),
    (['request', '-o', 'nowhere/x', '-n', 'y', '-r', 'UTIS00001'], ['nowhere/x', 'No such file']),
    (['sector', '-o', 'nowhere/x', '-n', 'y'], ['nowhere/x', 'No such file']),
    (['csca', '-o', 'x', '-n', 'key.pem'], ['key.pem', '--force']),
    (['csca', '-o', 'csca.der', '-k', 'key.pem'], ['csca.der', '--force']),
    (['csca', '-o', 'x', '-k', 'key.pem', '--country', 'utopia'], ['--country', 'capital']),
    (['csca', '-o', 'x', '-n', 'y', '-t', 'P-256', '--country', 'utopia'], ['--country', 'capital']),
    (['cvca', '-o', 'x', '-n', 'y', '-r', 'UTCVCA00001', '--rights', 'sign'], ['--rights', 'IS', 'sign']),
    (['terminal', '-o', 'x', '-n', 'y', '-r', 'UTIS00001', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem',
      '--description', 'nothing'], ['nothing', 'No such file']),
    (['csca', '-o', 'x', '-k', 'key.pem', '--signs-until', '2099-01-01'], ['--signs-until']),
    (['signer', '-o', 'x', '-k', 'public.pem', '-i', 'text', '--issuer-key', 'key.pem'], ['text', 'X.509']),
    (['signer', '-o', 'x', '-k', 'public.pem', '-i', 'csca.der', '--issuer-key', 'other.pem'],
     ['other.pem', 'csca.der', 'not the key']),
    (['crl', '-o', 'x', '-i', 'csca.der', '--issuer-key', 'key.pem', '--revoke', 'no'], ['--revoke no', 'hexadecimal']),
    (['crl', '-o', 'x', '-i', 'csca.der', '--issuer-key', 'key.pem', '--revoke', '00'], ['--revoke', '00']),
    (['sod', '-o', 'x', '-s', 'csca.der', '--signer-key', 'key.pem', '--dg', '1=text', '--dg', '2=nothing'],
     ['nothing', 'No such file']),
    (['card-security', '-o', 'x', '-s', 'csca.der', '--signer-key', 'key.pem', '--security-infos', 'text'],
     ['text', 'SecurityInfos']),
    (['master-list', '-o', 'x', '-s', 'csca.der', '--signer-key', 'key.pem', 'text'], ['text', 'X.509']),
    (['cvca', '-o', 'x', '-k', 'key.pem', '-r', 'UTCVCA00001', '--rights', 'sign'], ['--rights', 'IS', 'sign']),
    (['cvca', '-o', 'x', '-k', 'key.pem', '-r', 'UTCVCA00001', '--rights', 'read-dg3,'], ['--rights', 'IS']),
    (['cvca', '-o', 'x', '-k', 'rsa.pem', '-r', 'UTCVCA00001', '--digest', 'sha384'], ['--digest', 'RSA']),
    (['dv', '-o', 'x', '-k', 'public.pem', '-r', 'UTDV00001', '-i', 'csca.der', '--issuer-key', 'key.pem'],
     ['csca.der', 'CV certificate']),
    (['dv', '-o', 'x', '-k', 'public.pem', '-r', 'UTDV00001', '-i', 'cvca.cvcert', '--issuer-key', 'other.pem'],
     ['other.pem', 'cvca.cvcert']),
    (['dv', '-o', 'x', '-k', 'other.pem', '-r', 'UTDV00001', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem'],
     ['--key', 'curve']),
    (['dv', '-o', 'x', '-k', 'rsa.pem', '-r', 'UTDV00001', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem'],
     ['--key', 'kinds']),
    (['dv', '-o', 'x', '--request', 'cvca.cvcert', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem'],
     ['cvca.cvcert', 'request']),
    (['terminal', '-o', 'x', '-k', 'key.pem', '-r', 'UTIS00001', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem',
      '--sector', 'text'], ['text', '7F49']),
    (['terminal', '-o', 'x', '-k', 'key.pem', '-r', 'UTIS00001', '-i', 'cvca.cvcert', '--issuer-key', 'key.pem',
      '--ps-sector', '13=text'], ['text', '7F49']),
    (['request', '-o', 'x', '-k', 'public.pem', '-r', 'UTIS00001'], ['public.pem', 'private']),
    (['sector', '-o', 'x', '-k', 'rsa.pem'], ['--key', 'EC']),
    (['show', 'text'], ['text', 'EF.SOD']),
    (['show', 'nothing', 'csca.der'], ['nothing', 'No such file']),
    (['show', 'cut'], ['cut', 'known']),
]


def one_line(text):
    assert text.startswith('vicc-pki: ') and text.endswith('\n') and text.count('\n') == 1, repr(text)


def check(arguments, words, want, folder):
    status, out, err = common.result(common.VICC_PKI, *arguments, cwd=folder)
    equal(status, want, 'vicc-pki ' + ' '.join(arguments) + ': ' + err)
    assert arguments[:1] == ['show'] or out == '', out
    one_line(err)
    for word in words:
        assert word in err, '%s: no %r in %r' % (arguments, word, err)


def test_wrong_options():
    with tempfile.TemporaryDirectory() as folder:
        for arguments, words in WRONG:
            check(arguments, words, 2, folder)
        equal(os.listdir(folder), [])


def make(folder, *arguments):
    status, out, err = common.result(common.VICC_PKI, *arguments, cwd=folder)
    equal((status, out, err), (0, '', ''), 'vicc-pki ' + ' '.join(arguments))


def test_failures():
    with tempfile.TemporaryDirectory() as folder:
        make(folder, 'csca', '-n', 'key.pem', '-t', 'brainpoolP256r1', '-o', 'csca.der')
        make(folder, 'key', '-n', 'other.pem', '-t', 'P-256')
        make(folder, 'key', '-n', 'rsa.pem', '-t', 'rsa:1024')
        make(folder, 'cvca', '-k', 'key.pem', '-r', 'UTCVCA00001', '-o', 'cvca.cvcert')
        equal(common.result('openssl', 'pkey', '-in', 'key.pem', '-pubout', '-out', 'public.pem', cwd=folder)[0], 0)
        with open(os.path.join(folder, 'csca.der'), 'rb') as file:
            content = file.read()
        for name, text in (('text', b'hello'), ('empty', b''), ('cut', content[:-1])):
            with open(os.path.join(folder, name), 'wb') as file:
                file.write(text)
        before = sorted(os.listdir(folder))
        for arguments, words in FAILING:
            check(arguments, words, 1, folder)
        equal(sorted(os.listdir(folder)), before, 'files after failures')
        with open(os.path.join(folder, 'csca.der'), 'rb') as file:
            equal(file.read(), content, 'csca.der after failures')


def test_overwriting():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'key.pem')
        make(folder, 'key', '-n', 'key.pem')
        equal(os.stat(path).st_mode & 0o777, 0o600, 'mode of a key')
        with open(path) as file:
            first = file.read()
        check(['key', '-n', 'key.pem'], ['key.pem', '--force'], 1, folder)
        with open(path) as file:
            equal(file.read(), first)
        os.chmod(path, 0o644)
        make(folder, 'key', '-n', 'key.pem', '--force')
        with open(path) as file:
            assert file.read() != first
        equal(os.stat(path).st_mode & 0o777, 0o600, 'mode of a key after --force')
        equal(os.listdir(folder), ['key.pem'])
        os.symlink('elsewhere', os.path.join(folder, 'link'))
        check(['key', '-n', 'link'], ['link', '--force'], 1, folder)
        assert not os.path.exists(os.path.join(folder, 'elsewhere'))


def test_a_key_goes_only_for_a_certificate():
    """--force: the old key stays where the certificate for the new one cannot be written."""
    with tempfile.TemporaryDirectory() as folder:
        command = ['csca', '-n', 'key.pem', '-t', 'brainpoolP256r1', '--force', '-o']
        path = os.path.join(folder, 'key.pem')
        check(command + ['missing/csca.der'], ['missing/csca.der'], 1, folder)
        equal(os.listdir(folder), [], 'files after a failure')
        make(folder, *command, 'csca.der')
        with open(path) as file:
            first = file.read()
        check(command + ['missing/csca.der'], ['missing/csca.der'], 1, folder)
        with open(path) as file:
            equal(file.read(), first, 'the key after a failure')
        make(folder, *command, 'csca.der')
        with open(path) as file:
            assert file.read() != first
        equal(sorted(os.listdir(folder)), ['csca.der', 'key.pem'])


def test_help():
    status, out, err = common.result(common.VICC_PKI, '--help')
    equal((status, err), (0, ''))
    commands = re.findall(r'^  ([a-z-]+) +', out.split('Commands:')[1].split('Output:')[0], re.M)
    assert len(commands) == 16, commands
    for command in commands:
        status, out, err = common.result(common.VICC_PKI, command, '--help')
        equal((status, err), (0, ''))
        assert out.startswith('Usage: vicc-pki %s [OPTION]...' % command), out
        # Each option that is listed is taken: what is wrong comes later, or is its value.
        for name, value in re.findall(r'^  (?:-\w, |    )--([\w-]+)( \S+)?', out, re.M):
            if name in ('help', 'version'):
                continue
            err = common.result(common.VICC_PKI, command, '--' + name, *(['x'] if value else []), '--wrong')[2]
            assert 'unknown option' not in err or '--wrong' in err, (command, name, err)
    equal(common.result(common.VICC_PKI, '-h')[0], 0)
    status, out, err = common.result(common.VICC_PKI, '--version')
    equal((status, err), (0, ''))
    assert re.fullmatch(r'vicc-pki \S+\n', out), out


def test_output_that_does_not_arrive():
    if not os.path.exists('/dev/full'):
        raise common.Skip('no /dev/full')
    with open('/dev/full', 'w') as full:
        done = subprocess.run([common.VICC_PKI, '--help'], stdout=full, stderr=subprocess.PIPE, timeout=common.LIMIT)
    equal(done.returncode, 1)
    one_line(done.stderr.decode())


common.main(globals())
