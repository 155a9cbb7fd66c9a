# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Card images as people use them: options, files, locks, passwords, and images written from the documentation."""
import glob
import json
import os
import pty
import re
import stat
import subprocess
import tempfile
import time

import common
from common import equal

VPCSCD = os.environ.get('VPCSCD', '')
VERIFY_WRONG = bytes.fromhex('002000010439393939')
MINIMAL = {'format': 'virtual-smart-card-image', 'version': 2, 'type': 'iso7816',
           'mf': {'passwords': [{'number': 1, 'text': '1234'}]}}


class Folder:
    """A folder of the test's own, with images in it."""

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def path(self, name):
        return os.path.join(self.temporary.name, name)

    def write(self, name, contents):
        with open(self.path(name), 'w') as file:
            file.write(contents if isinstance(contents, str) else json.dumps(contents))
        return self.path(name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()


def serve(door, *options):
    """A vicc with a card, and the reader it is in."""
    program = common.vicc('-H', '127.0.0.1', '-P', str(door.port), *options)
    reader = door.accept()
    reader.send(common.POWER_ON)
    return program, reader


def converse(commands, *options):
    """The answers of a card, in hexadecimal."""
    with common.Door() as door:
        program, reader = serve(door, *options)
        answers = [reader.exchange(bytes.fromhex(command)).hex() for command in commands]
        reader.close()
        program.kill()
        return answers


def refused(words, *options, program=None):
    """The program ends at once, with one line that has these words."""
    status, out, err = common.result(program or common.VICC, *options)
    equal((status, out), (1, ''), 'status of %s' % (options,))
    assert err.count('\n') == 1, err
    for word in words:
        assert word in err, '%r: no %r' % (err, word)


def test_kept_from_run_to_run():
    with Folder() as folder:
        path = folder.write('card.json', MINIMAL)
        equal(converse(['002000010439393939'], '--file', path), ['63c2'])
        equal(converse(['002000010439393939'], '-f', path), ['63c1'])
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        equal(sorted(os.listdir(folder.temporary.name)), ['card.json'])


def test_no_save():
    with Folder() as folder:
        path = folder.write('card.json', MINIMAL)
        os.chmod(path, 0o444)
        before = folder.read('card.json')
        for _ in range(2):
            equal(converse(['002000010439393939'], '--file', path, '--no-save'), ['63c2'])
        equal(folder.read('card.json'), before)


def test_save_image():
    with Folder() as folder:
        path = folder.path('new.json')
        equal(converse(['002000010439393939'], '--save-image', path), ['63c2'])
        equal(converse(['002000010439393939'], '--file', path), ['63c1'])
        refused(['new.json', 'exists already'], '--save-image', path)
        equal(converse(['002000010439393939'], '--file', path, '--no-save'), ['63c0'])
        # A copy that goes on by itself.
        other = folder.path('other.json')
        equal(converse(['002000010439393939'], '--file', path, '--save-image', other), ['63c0'])
        equal(json.loads(folder.read('new.json'))['mf']['passwords'][0]['tries'], 1)
        equal(json.loads(folder.read('other.json'))['mf']['passwords'][0]['tries'], 0)
        refused(['nowhere/x.json'], '--save-image', folder.path('nowhere/x.json'))


def test_one_card_has_it():
    with Folder() as folder, common.Door() as door:
        path = folder.write('card.json', MINIMAL)
        program, reader = serve(door, '--file', path)
        refused(['card.json', 'another card has this image', '--no-save'], '--file', path)
        equal(reader.exchange(VERIFY_WRONG), b'\x63\xC2')
        refused(['another card has this image'], '--file', path)
        reader.close()
        program.kill()
        equal(converse(['002000010439393939'], '--file', path), ['63c1'])


def test_what_is_wrong_is_said():
    with Folder() as folder:
        path = folder.write('card.json', MINIMAL)
        refused(['no.json', 'No such file'], '--file', folder.path('no.json'))
        refused(['--type handler_test', 'card.json', 'iso7816'], '--type', 'handler_test', '--file', path)
        refused(['text.json:1:5', 'not a card image'], '--file', folder.write('text.json', 'hello'))
        refused(['type'], '--file', folder.write('type.json', {**MINIMAL, 'type': 'toaster'}))
        refused(['mf.fid: there is no such field'], '--file', folder.write('x.json', {**MINIMAL, 'mf': {'fid': 1}}))
        refused(['not encrypted'], '--file', path, '--image-password-file', path)
        for name in ('text.json', 'type.json', 'x.json'):
            assert folder.read(name) in ('hello', json.dumps({**MINIMAL, 'type': 'toaster'}),
                                         json.dumps({**MINIMAL, 'mf': {'fid': 1}}))
        equal(common.result(common.VICC, '--describe', folder.path('no.json'))[0], 1)


def test_encrypted():
    with Folder() as folder:
        path = folder.path('card.json')
        right = folder.write('right', 'correct horse\nnot this\n')
        wrong = folder.write('wrong', 'wrong horse\n')
        empty = folder.write('empty', '\n')
        equal(converse(['002000010439393939'], '--save-image', path, '--image-password-file', right), ['63c2'])
        sealed = folder.read('card.json')
        assert '"1234"' not in sealed and 'passwords' not in sealed
        refused(['card.json', 'password is wrong'], '--file', path, '--image-password-file', wrong)
        refused(['empty'], '--file', path, '--image-password-file', empty)
        refused(['no-such'], '--file', path, '--image-password-file', folder.path('no-such'))
        if no_terminal():
            refused(['encrypted', '--image-password-file'], '--file', path)
        equal(folder.read('card.json'), sealed)
        equal(converse(['002000010439393939'], '--file', path, '--image-password-file', right), ['63c1'])
        status, out, _ = common.result(common.VICC, '--describe', path, '--image-password-file', right)
        equal(status, 0)
        assert 'password 1: 1 of 3 tries left' in out, out


def no_terminal():
    try:
        os.close(os.open('/dev/tty', os.O_RDWR))
        return False
    except OSError:
        return True


def at_terminal(keys, *options):
    """Runs vicc at a terminal where somebody types; returns exit status and what is on the screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(common.VICC, [common.VICC, *options])
    screen = b''
    deadline = time.monotonic() + common.LIMIT
    while time.monotonic() < deadline:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            part = b''
        if not part:
            break
        screen += part
        if keys and screen.rstrip().endswith(b':'):
            os.write(terminal, keys.pop(0))
            screen += b'|'
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return status, screen.decode()


def test_password_at_the_terminal():
    with Folder() as folder:
        path = folder.path('card.json')
        port = str(common.free_port())
        # Nobody listens there, so vicc ends after it has made the image.
        status, screen = at_terminal([b'horsx\x7fe\r', b'horse\r'], '--save-image', path, '--encrypt', '-P', port)
        assert 'horse' not in screen and 'The same again' in screen, screen
        assert 'password' not in folder.read('card.json').replace('encrypted', '')
        status, screen = at_terminal([b'horse\r'], '--describe', path)
        equal(status, 0, screen)
        assert 'password 1: 3 of 3' in screen, screen
        status, screen = at_terminal([b'house\r'], '--describe', path)
        equal(status, 1)
        assert 'password is wrong' in screen, screen
        status, screen = at_terminal([b'ho\x03'], '--describe', path)
        equal(status, 1)
        assert 'no password' in screen, screen
        other = folder.path('other.json')
        status, screen = at_terminal([b'a\r', b'b\r'], '--save-image', other, '--encrypt', '-P', port)
        equal((status, os.path.exists(other)), (1, False))
        assert 'not the same' in screen, screen


CONVERSATION = ['00a4000c023f00', '0084000008', '0084000020', '002000010431323334',
                '00e000000d620b8201018002000883020001', '00d6000004deadbeef', '00b0000008', '0084000010', '0070000001']


def test_seeded_runs_are_alike():
    with Folder() as folder:
        path = folder.write('card.json', MINIMAL)
        options = ['--seed', 'x', '--date', '2026-11-22']
        for more in ([], ['--file', path, '--no-save'], ['--type', 'cryptoflex']):
            first = converse(CONVERSATION, *options, *more)
            equal(converse(CONVERSATION, *options, *more), first, 'conversation')
        assert converse(CONVERSATION, '--seed', 'y') != converse(CONVERSATION, '--seed', 'x')


def test_seed_and_date_are_said_aloud():
    with common.Door() as door:
        program, reader = serve(door, '--seed', 'x', '--date', '2026-11-22')
        program.wait_for('--seed.*nothing in it is secret')
        program.wait_for('--date.*2026-11-22')
        reader.close()


def test_types_make_images_that_load():
    for kind in ('iso7816', 'handler_test', 'cryptoflex'):
        with Folder() as folder:
            path, again = folder.path('card.json'), folder.path('again.json')
            converse(['00a40000023f00'], '--type', kind, '--save-image', path)
            before = folder.read('card.json')
            equal(json.loads(before)['type'], kind)
            converse(['00a40000023f00'], '--file', path)
            equal(folder.read('card.json'), before, 'image of ' + kind)
            converse(['00a40000023f00'], '--file', path, '--save-image', again)
            equal(folder.read('again.json'), before, 'copy of the image of ' + kind)
            equal(common.result(common.VICC, '--describe', path)[0], 0)


def documented():
    """The images in the documentation, and the description there of the first one."""
    with open(os.path.join(common.SOURCE_ROOT, 'docs', 'card-image.md')) as file:
        text = file.read()
    return re.findall(r'^```json\n(.*?)^```$', text, re.M | re.S), \
        re.search(r'^\$ vicc --describe card.json\n(.*?)^```$', text, re.M | re.S).group(1)


def test_images_of_the_documentation_work():
    blocks, description = documented()
    assert len(blocks) >= 4, blocks
    with Folder() as folder:
        for block in blocks:
            status, out, err = common.result(common.VICC, '--describe', folder.write('card.json', block))
            equal((status, err), (0, ''), block)
        out = common.result(common.VICC, '--describe', folder.write('card.json', blocks[0]))[1]
        equal(out, description, 'description in the documentation')
        # Where there is what the text says.
        answers = converse(['00a4040c08a000000001020304', '00a4020c020001', '00b0000012',
                            '002000010431323334', '00b0000012', '00d6000001ff'], '--file', folder.path('card.json'))
        equal([answer[-4:] for answer in answers], ['9000', '9000', '6982', '9000', '9000', '6982'])
        equal(answers[4], '00112233445566778899aabbccddeeff0102' + '9000')
        # Access rules: as explained below the block.
        folder.write('card.json', blocks[2])
        select = '00a4000c02%04x'
        answers = converse([select % 3, '00b0000001', '002000010431323334', '00b0000001', '00d600000100',
                            select % 1, '00d6000001ff', select % 2, '00b0000001', '00200002083837363534333231',
                            '00b0000001'], '--file', folder.path('card.json'))
        equal([answer[-4:] for answer in answers],
              ['9000', '6982', '9000', '9000', '6982', '9000', '9000', '9000', '6982', '9000', '9000'])


def test_installed_examples_work():
    examples = glob.glob(os.path.join(common.SOURCE_ROOT, 'data', 'images', '*.json'))
    assert len(examples) >= 2, examples
    for example in examples:
        status, out, err = common.result(common.VICC, '--describe', example)
        equal((status, err), (0, ''), example)
        assert out.startswith('type '), out
        equal(converse(['00a4000c023f00'], '--file', example, '--no-save'), ['9000'], example)


def test_keys_of_the_example_sign():
    path = os.path.join(common.SOURCE_ROOT, 'data', 'images', 'keys.json')
    sign = '002a9e9a20' + 32 * '5a' + '00'
    answers = converse(['002241b603840102', sign, '002000010431323334', sign, '002241b603840103', sign],
                       '--file', path, '--no-save')
    equal([answer[-4:] for answer in answers], ['9000', '6982', '9000', '9000', '9000', '9000'])
    assert len(answers[3]) >= 128 and len(answers[5]) == 516, answers


def test_description_has_no_secrets():
    with Folder() as folder:
        path = folder.write('card.json', {**MINIMAL, 'mf': {
            'passwords': [{'number': 1, 'text': 'tellnobody'}],
            'keys': [{'number': 3, 'type': 'aes', 'secret': '000102030405060708090A0B0C0D0E0F'}],
            'files': [{'kind': 'transparent', 'fid': '0001', 'data': 'FEEDC0DE'}]}})
        out = common.result(common.VICC, '--describe', path)[1]
        assert 'key 3: aes, 128 bits' in out and '0001 transparent, 4 bytes' in out, out
        for secret in ('tellnobody', '0001020304', 'FEED'):
            assert secret not in out, out


def test_vpcscd():
    with Folder() as folder:
        one, two = folder.write('one.json', MINIMAL), folder.write('two.json', {**MINIMAL, 'atr': '3B80800101'})
        done = subprocess.run(
            [VPCSCD, '--file', one, '--file', two, '--no-save', '--', 'sh', '-c', 'exec 3<"$0"; echo ready', one],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=common.LIMIT)
        equal((done.returncode, done.stdout, done.stderr), (0, b'ready\n', b''))
        refused(['another card has this image'], '--file', one, '--file', one, '--', 'true', program=VPCSCD)
        refused(['--type handler_test', 'one.json'], '--type', 'handler_test', '--file', one, '--', 'true',
                program=VPCSCD)


common.main(globals())
