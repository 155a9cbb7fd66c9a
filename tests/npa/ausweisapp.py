# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AusweisApp2 without a screen, remotely controlled: its messages are JSON over a WebSocket."""
import json
import socket
import tempfile

import harness
import websocket

PORT = 24727
NOISE = {'READER', 'READER_LIST', 'STATUS', 'API_LEVEL', 'INFO'}


class App:
    """The application, running. Each message is kept in received."""

    def __init__(self, t, environment):
        home = tempfile.mkdtemp(prefix='ausweisapp.', dir=t.folder)
        self.process = t.start(
            ['AusweisApp2', '--ui', 'websocket', '--no-proxy', '--port', str(PORT)],
            dict(environment, QT_QPA_PLATFORM='offscreen', HOME=home, XDG_RUNTIME_DIR=home))
        self.received = []
        # A connection makes it look for readers, but not for those of kinds that it does not know yet.
        self.process.wait_line('Update cache entry: PCSC', timeout=60)
        self.socket = harness.until('AusweisApp2 listens', self._connect, timeout=60, step=0.02)
        self.send('SET_API_LEVEL', level=2)
        harness.equal(self.message('API_LEVEL')['current'], 2, 'API level')

    def _connect(self):
        assert self.process.alive(), 'AusweisApp2 has ended:\n' + self.process.tail()
        try:
            return websocket.WebSocket('127.0.0.1', PORT, '/eID-Kernel', harness.LIMIT)
        except OSError:
            return None

    def send(self, command, **more):
        self.socket.send(json.dumps(dict(more, cmd=command)))

    def _receive(self):
        try:
            message = json.loads(self.socket.receive(harness.LIMIT))
        except (socket.timeout, websocket.Closed) as error:
            raise AssertionError('AusweisApp2: %s after %s' % (error, json.dumps(self.received[-6:], indent=1)))
        self.received.append(message)
        return message

    def message(self, *names):
        """The next message of one of these names; others are passed over."""
        while True:
            message = self._receive()
            if message['msg'] in names:
                return message

    def answer(self, *names):
        """The next message of the workflow, which has to be one of these."""
        while True:
            message = self._receive()
            if message['msg'] in names:
                return message
            assert message['msg'] in NOISE, '%s instead of %s' % (message, ' or '.join(names))

    def card(self, reader, wanted=True):
        """What the application says about the card in that reader; with wanted, as soon as it says anything."""
        while True:
            self.send('GET_READER_LIST')
            for entry in self.message('READER_LIST')['readers']:
                if entry['name'] == reader and (entry['card'] or not wanted):
                    return entry['card']
            self.message('READER')  # a reader, or a card, has come or gone: look again

    def begin(self, reader):
        """Starts a change of PIN; returns the first question, which is about the card in that reader."""
        self.card(reader)
        self.send('RUN_CHANGE_PIN')
        self.answer('CHANGE_PIN')
        return self.question(reader, 'ENTER_PIN', 'ENTER_CAN', 'ENTER_PUK')

    def question(self, reader, *names):
        message = self.answer(*names)
        harness.equal(message['reader']['name'], reader, 'the reader that is asked about')
        return message

    def reply(self, question, value):
        """Answers ENTER_X with SET_X."""
        self.send(question['msg'].replace('ENTER_', 'SET_'), value=value)

    def finish(self, new_pin, reader):
        """The new PIN, to the end of the workflow: True if the application says that it has changed."""
        self.reply(self.question(reader, 'ENTER_NEW_PIN'), new_pin)
        return self.answer('CHANGE_PIN')['success']

    def cancel(self):
        self.send('CANCEL')
        harness.equal(self.answer('CHANGE_PIN')['success'], False, 'a change of PIN that was cancelled')

    def stop(self):
        self.socket.close()
        self.process.kill()  # asked to end, it sometimes waits for ever for a plug-in of its own
