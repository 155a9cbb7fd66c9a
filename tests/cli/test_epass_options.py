# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a passport that are wrong, and files that are not what they should be: one line on standard error that names
option or file, field and rule; status 2 for what the command line alone shows, 1 for files."""
import os
import tempfile

import common
from common import equal

NAME = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'
DATA = 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'
SPECIMEN = os.path.join(common.SOURCE_ROOT, 'data', 'specimen')

WRONG = [
    # options, words that the line must have
    (['--mrz', ''], ['--mrz', '0 characters', '88 (TD3)']),
    (['--mrz', NAME], ['--mrz', '44 characters']),
    (['--mrz', NAME + DATA.replace('C36', 'C35')],
     ['--mrz', 'check digit of the document number', 'line 2, column 10', 'it is 5, but must be 6']),
    (['--mrz', NAME + DATA[:-1] + '7'], ['--mrz', 'composite check digit', 'line 2, column 44']),
    (['--mrz', NAME + DATA.replace('740812', '741312')], ['--mrz', 'date of birth', 'the month is 01 to 12']),
    (['--mrz', NAME.lower() + DATA], ['--mrz', 'line 1, column 1', 'A to Z']),
    (['--picture', ''], ['--picture', 'name of a file']),
    (['--dg', ''], ['--dg', '1 to 16']),
    (['--dg', '1'], ['--dg 1', '1 to 16']),
    (['--dg', '0=a'], ['--dg 0=a', '1 to 16']),
    (['--dg', '17=a'], ['--dg 17=a', '1 to 16']),
    (['--dg', '1='], ['--dg 1=', 'name of a file']),
    (['--dg', '=a'], ['--dg =a', '1 to 16']),
    (['--dg', '2=a', '--dg', '2=b'], ['--dg', 'data group 2', 'twice']),
    (['--dg', '2=a', '--picture', 'b'], ['--picture', '--dg 2']),
    (['--can', '12345'], ['--can: give', 'six figures']),
    (['--can', '1234567'], ['--can', 'six figures']),
    (['--can', '12345x'], ['--can', 'six figures']),
    (['--lds', '1.9'], ['--lds 1.9', '1.7 or 1.8']),
    (['--digest', 'md5'], ['--digest md5', 'sha-256']),
    (['--signer-cert', 'a'], ['--signer-cert', '--signer-key']),
    (['--signer-key', 'a'], ['--signer-key', '--signer-cert']),
    (['--cvca', 'a', '--cvca', 'b', '--cvca', 'c'], ['--cvca', '2 trust points']),
    (['--cvca', 'a', '--protocols', 'bac'], ['--cvca', 'ta']),
    (['--protocols', ''], ['--protocols', 'bac', 'pace-gm']),
    (['--protocols', 'bac,'], ['--protocols', 'the protocols are']),
    (['--protocols', 'BAC'], ['--protocols', 'BAC', 'the protocols are']),
    (['--protocols', 'bac,pace'], ['pace', 'the protocols are']),
    (['--protocols', 'bac:13'], ['bac:13', 'too many']),
    (['--protocols', 'bac,bac'], ['bac', 'twice']),
    (['--protocols', 'pace-gm,pace-gm:13:aes-128'], ['pace-gm:13:aes-128', 'twice']),
    (['--protocols', 'bac,aa,aa:ec'], ['aa:ec', 'twice']),
    (['--protocols', 'pace-gm:3'], ['pace-gm:3', '3 to 7 are reserved']),
    (['--protocols', 'pace-gm:7'], ['pace-gm:7', 'reserved']),
    (['--protocols', 'pace-gm:19'], ['pace-gm:19', '0 to 2 or 8 to 18']),
    (['--protocols', 'pace-gm:'], ['pace-gm:', '0 to 2 or 8 to 18']),
    (['--protocols', 'pace-gm:13:des'], ['pace-gm:13:des', '3des, aes-128']),
    (['--protocols', 'pace-gm:13:3des:x'], ['too many']),
    (['--protocols', 'pace-im:10'], ['pace-im:10', 'integrated mapping', '10']),
    (['--protocols', 'pace-cam:0'], ['pace-cam:0', 'curve']),
    (['--protocols', 'pace-cam:13:3des'], ['pace-cam:13:3des', 'aes-128']),
    (['--protocols', 'bac,aa:dsa'], ['aa:dsa', 'rsa or ec']),
    (['--protocols', 'bac,aa:rsa:md5'], ['aa:rsa:md5', 'sha-512']),
    (['--protocols', 'bac,aa:ec:sha-512'], ['aa:ec:sha-512', '256 bits']),
    (['--protocols', 'bac,aa:ec:sha-1'], ['aa:ec:sha-1', 'ECDSA']),
    (['--protocols', 'ca'], ['ca', 'bac or one of']),
    (['--protocols', 'bac,ta'], ['ta comes after ca']),
    (['--protocols', 'bac,aa', '--dg', '15=a'], ['--protocols', 'aa', '--dg 15']),
    (['--protocols', 'bac,ca', '--dg', '14=a'], ['--protocols', 'ca', '--dg 14']),
    (['--protocols', ','.join(['ca'] + ['pace-gm:%d:%s' % (8 + i // 3, cipher) for i, cipher in
                                        enumerate(('aes-128', 'aes-192', 'aes-256') * 11) if i < 31])],
     ['--protocols', 'EF.DG14', '32']),
    # what would come to nothing
    (['--sod', 'a', '--digest', 'sha-1'], ['--digest', '--sod']),
    (['--sod', 'a', '--signer-cert', 'b', '--signer-key', 'c'], ['--signer-cert', '--sod']),
    (['--sod', 'a', '--com', 'b', '--lds', '1.8'], ['--lds', '--com', '--sod']),
    (['--sod', 'a', '--cvca', 'b'], ['--cvca', 'ta', '--sod']),
    (['--dg', '14=a', '--cvca', 'b'], ['--cvca', 'ta', '--dg 14']),
    # of the image's card
    (['--file', 'a', '--specimen'], ['--specimen', 'new card', '--file']),
    (['--can', '123456', '--file', 'a'], ['--can', 'new card', '--file']),
]


def one_line(text):
    assert text.startswith('vicc: ') and text.endswith('\n') and text.count('\n') == 1, repr(text)


def refused(want, options, words):
    status, out, err = common.result(common.VICC, '--type', 'ePass', *options)
    equal((status, out), (want, ''), 'vicc -t ePass ' + ' '.join(options))
    one_line(err)
    for word in words:
        assert word in err, '%s: no %r in %r' % (options, word, err)


def test_wrong_options():
    for options, words in WRONG:
        refused(2, options, words)


def test_what_a_password_is_not():
    for value in ('48151', '4815162', '48151x'):
        err = common.result(common.VICC, '--type', 'ePass', '--can', value)[2]
        assert value not in err, err


def test_options_of_another_type():
    status, out, err = common.result(common.VICC, '--specimen')
    equal((status, out), (2, ''), 'vicc --specimen')
    one_line(err)
    assert '--type ePass' in err, err


def test_wrong_files():
    with tempfile.TemporaryDirectory() as folder:
        def path(name, content):
            where = os.path.join(folder, name)
            with open(where, 'wb') as file:
                file.write(content)
            return where

        empty = path('empty', b'')
        dg1 = path('dg1', bytes.fromhex('615B5F1F58') + (NAME + DATA).encode())
        wrong_digit = path('digit', bytes.fromhex('615B5F1F58') + (NAME + DATA[:9] + '5' + DATA[10:]).encode())
        longer = path('longer', bytes.fromhex('615B5F1F58') + (NAME + DATA).encode() + b'\0')
        signer = os.path.join(SPECIMEN, 'signer.der')
        refused(1, ['--dg', '1=%s/none' % folder], [folder + '/none', 'No such file'])
        refused(1, ['--dg', '1=' + empty], [empty, 'EF.DG1', '61'])
        refused(1, ['--dg', '1=' + longer], [longer, 'nothing behind'])
        refused(1, ['--dg', '2=' + dg1], [dg1, 'EF.DG2', '75'])
        refused(1, ['--dg', '1=' + wrong_digit],
                [wrong_digit, 'check digit of the document number', 'it is 5, but must be 6'])
        refused(1, ['--com', dg1], [dg1, 'EF.COM', '60'])
        refused(1, ['--sod', dg1], [dg1, 'EF.SOD', '77'])
        refused(1, ['--picture', dg1], [dg1, 'JPEG'])
        refused(1, ['--picture', folder], ['--picture ' + folder])
        with open(os.path.join(SPECIMEN, 'portrait.jpg'), 'rb') as file:
            portrait = file.read()
        for n in (0, 1, 2, 100, len(portrait) // 2, len(portrait) - 1):
            refused(1, ['--picture', path('cut', portrait[:n])], ['--picture', 'its end is missing'])
        refused(1, ['--cvca', dg1], [dg1, 'CVCA'])
        refused(1, ['--cvca', os.path.join(SPECIMEN, 'dv-is.cvcert')], ['dv-is.cvcert', 'CVCA'])
        refused(1, ['--cvca', os.path.join(SPECIMEN, 'cvca-at.cvcert')], ['cvca-at.cvcert', 'inspection systems'])
        cvca = os.path.join(SPECIMEN, 'cvca-is.cvcert')
        refused(1, ['--cvca', cvca, '--cvca', cvca], [cvca, 'same name'])
        refused(1, ['--signer-cert', dg1, '--signer-key', os.path.join(SPECIMEN, 'signer-key.pem')],
                [dg1, 'X.509'])
        refused(1, ['--signer-cert', signer, '--signer-key', signer], [signer, 'private key'])
        refused(1, ['--signer-cert', signer, '--signer-key', os.path.join(SPECIMEN, 'csca-key.pem')],
                [signer, 'is not the certificate of the key', 'csca-key.pem'])


common.main(globals())
