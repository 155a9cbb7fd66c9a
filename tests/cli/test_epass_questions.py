# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two questions of a passport that nothing is said of: on a terminal they are asked, answers make the passport, wrong
ones are said and asked again; elsewhere nobody is asked."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import tempfile
import termios
import time

import common
from common import equal

ZONE = 'I<UTOD23145890<734?<<<<<<<<<<<340712?M950712?UTO<<<<<<<<<<<?STEVENSON<<PETER<JOHN<<<<<<<<<'
PORTRAIT = os.path.join(common.SOURCE_ROOT, 'data', 'specimen', 'portrait.jpg')


class Terminal:
    """vicc -R with a passport on a terminal of its own; for with."""

    def __init__(self, *options):
        self.master, slave = pty.openpty()
        self.text = ''
        self.process = subprocess.Popen(
            [common.VICC, '-t', 'ePass', '-R', '-P', '0', *options], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, env=dict(os.environ, TERM='dumb'))
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    def wait_for(self, pattern):
        """What comes up to a text that fits is taken."""
        deadline = time.monotonic() + common.LIMIT
        while not (found := re.search(pattern, self.text)):
            left = deadline - time.monotonic()
            assert left > 0, 'no %r in %r' % (pattern, self.text)
            if select.select([self.master], [], [], left)[0]:
                try:
                    self.text += os.read(self.master, 4096).decode()
                except OSError as error:
                    raise AssertionError('no %r in %r' % (pattern, self.text)) from error
        self.text = self.text[found.end():]
        return found

    def wait_for_editor(self):
        """libedit takes the terminal over only after it has shown the question; an end of input typed before is lost."""
        deadline = time.monotonic() + common.LIMIT
        while os.environ.get('LIBEDIT') == 'yes' and termios.tcgetattr(self.master)[3] & termios.ICANON:
            assert time.monotonic() < deadline, 'nobody edits: ' + self.text
            time.sleep(0.01)

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        equal(self.process.wait(common.LIMIT), 0, 'exit status')


def files(image):
    """Contents by path, of a passport's image."""
    with open(image, encoding='ascii') as file:
        mf = json.load(file)['mf']
    application = next(file for file in mf['files'] if file['kind'] == 'df')

    def content(file):
        data = file['data']
        return bytes.fromhex(''.join(data) if isinstance(data, list) else data)

    return {file['fid']: content(file) for file in application['files']}


def test_answers():
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'image')
        with Terminal('--save-image', image) as terminal:
            terminal.wait_for(r'MRZ: +')
            terminal.type(ZONE[:-1] + '\n')
            terminal.wait_for('89 characters')
            terminal.wait_for(r'MRZ: +')
            terminal.type(ZONE.replace('734?', '7348') + '\n')
            terminal.wait_for('check digit of the document number .line 1, column 19.: it is 8, but must be 9')
            terminal.wait_for(r'MRZ: +')
            terminal.type(ZONE + '\n')
            terminal.wait_for(r'Path: +')
            terminal.type(PORTRAIT + '\n')
            terminal.wait_for(r'VICC port: +\d+')
            terminal.end()
        found = files(image)
        equal(found['0101'][5:], ZONE.replace('734?', '7349').replace('712?M', '7127M').replace('712?U', '7122U')
              .replace('<?S', '<2S').encode(), 'DG1')
        with open(PORTRAIT, 'rb') as file:
            assert file.read() in found['0102']
        assert '0103' not in found, 'DG3'


def test_no_answers():
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'image')
        with Terminal('--save-image', image) as terminal:
            terminal.wait_for(r'MRZ: +')
            terminal.type('\n')
            terminal.wait_for(r'Path: +')
            terminal.type('\n')
            terminal.wait_for(r'VICC port: +\d+')
            terminal.end()
        assert b'ERIKSSON' in files(image)['0101']
        assert '0103' in files(image), 'DG3'


def test_wrong_picture():
    with Terminal() as terminal:
        terminal.wait_for(r'MRZ: +')
        terminal.type('\n')
        terminal.wait_for(r'Path: +')
        terminal.type('/nonexistent.jpg\n')
        terminal.wait_for('/nonexistent.jpg: No such file')
        terminal.wait_for(r'Path: +')
        terminal.type('/dev/null\n')
        terminal.wait_for('/dev/null: is not a JPEG')
        terminal.wait_for(r'Path: +')
        terminal.type(PORTRAIT + '\n')
        terminal.wait_for(r'VICC port: +\d+')
        terminal.end()


def test_zone_in_lines():
    """As it stands in a document, it is pasted in two or three lines."""
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'image')
        with Terminal('--save-image', image) as terminal:
            terminal.wait_for(r'MRZ: +')
            terminal.type('hello\n')
            terminal.wait_for('5 characters')
            terminal.wait_for(r'MRZ: +')
            terminal.type(ZONE[:30] + '\n\n')
            terminal.wait_for('30 characters')
            terminal.wait_for(r'MRZ: +')
            terminal.type('%s\n%s\n%s\n' % (ZONE[:30], ZONE[30:60], ZONE[60:]))
            terminal.wait_for(r'Path: +')
            terminal.type('\n')
            terminal.wait_for(r'VICC port: +\d+')
            terminal.end()
        assert b'STEVENSON' in files(image)['0101']


def test_completion():
    if os.environ.get('LIBEDIT') != 'yes':
        raise common.Skip('built without libedit')
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'image')
        with Terminal('--save-image', image) as terminal:
            terminal.wait_for(r'MRZ: +')
            terminal.type(ZONE + '\n')
            terminal.wait_for(r'Path: +')
            terminal.type(PORTRAIT[:-6] + '\t\n')
            terminal.wait_for(r'VICC port: +\d+')
            terminal.end()
        with open(PORTRAIT, 'rb') as file:
            assert file.read() in files(image)['0102']


def test_end_of_input():
    with Terminal() as terminal:
        terminal.wait_for(r'MRZ: +')
        terminal.wait_for_editor()
        terminal.type('\x04')
        terminal.wait_for('the input ended; --specimen')
        equal(terminal.process.wait(common.LIMIT), 1, 'exit status')


def test_nothing_is_asked():
    for options in (['--specimen'], ['--mrz', ZONE]):
        with Terminal(*options) as terminal:
            terminal.wait_for(r'VICC port: +\d+')
            assert 'MRZ' not in terminal.text, terminal.text
            terminal.end()
    program, _ = common.reversed_vicc('-t', 'ePass')  # its input is no terminal
    equal(program.end(signal.SIGTERM), 0, 'exit status')


common.main(globals())
