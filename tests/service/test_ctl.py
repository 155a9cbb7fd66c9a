# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards are taken out, put in and exchanged while applications use them: vpcscd ctl, SIGUSR1 and SIGUSR2."""
import fcntl
import os
import pty
import select
import signal
import socket
import subprocess
import termios
import threading
import time

import common
import service
import winscard
from common import equal
from winscard import EMPTY, PRESENT

READER_1 = 'Virtual PCD 00 01'
SELECT_MF = common.SELECT_MF


def counter(context, reader=service.READER):
    """Insertions and removals so far."""
    return context.status_change(reader, 0)[0] >> 16


def fails(words, *want):
    status, out, err = service.ctl(*words)
    equal((status, out), (1, ''), ' '.join(words))
    service.one_line(err, 'ctl: ' + service.SOCKET, *want)


def expect_error(code, call, *args):
    try:
        call(*args)
    except winscard.Error as error:
        equal(error.code, code, str(error))
        return
    raise AssertionError('no error %08X' % code)


def test_eject_and_insert():
    program = service.start()
    context = winscard.Context()
    equal(context.wait(service.READER, PRESENT), service.ATR)
    card = context.connect(service.READER)
    equal(card.transmit(SELECT_MF), b'\x90\x00')
    service.move('eject', '0')
    context.wait(service.READER, EMPTY)
    equal(counter(context), 1)
    expect_error(winscard.W_REMOVED_CARD, card.transmit, SELECT_MF)
    expect_error(winscard.E_NO_SMARTCARD, context.connect, service.READER)
    fails(['eject', '0'], 'empty already')
    service.move('insert', service.READER)
    equal(context.wait(service.READER, PRESENT), service.ATR)
    equal(counter(context), 2)
    # The handle is of the card that was there before.
    expect_error(winscard.W_REMOVED_CARD, card.transmit, SELECT_MF)
    card.reconnect(winscard.LEAVE)
    equal(card.transmit(SELECT_MF), b'\x90\x00')
    fails(['insert', '0'], 'a card in it already')
    context.release()
    service.stop(program)


def test_what_a_card_holds_stays_but_not_who_was_let_in():
    program = service.start()
    context = winscard.Context()
    card = context.connect(service.READER)
    equal(card.transmit(bytes.fromhex('00E0000010620E82010183025001800200208A0105')), b'\x90\x00')
    equal(card.transmit(bytes.fromhex('00A4020C025001')), b'\x90\x00')
    service.move('eject', '0')
    service.move('insert', '0')
    context.wait(service.READER, PRESENT)
    card.reconnect(winscard.LEAVE)
    equal(card.transmit(bytes.fromhex('00B0000000')), bytes.fromhex('6986'), 'no EF is selected')
    equal(card.transmit(bytes.fromhex('00A4020C025001')), b'\x90\x00')
    # A swap brings a new one.
    service.move('swap', '0')
    context.wait(service.READER, PRESENT)
    card.reconnect(winscard.LEAVE)
    equal(card.transmit(bytes.fromhex('00A4020C025001')), bytes.fromhex('6A82'))
    context.release()
    service.stop(program)


def test_swap():
    program = service.start('-t', 'iso7816', '-t', 'handler_test')
    context = winscard.Context()
    first, second = context.wait(service.READER, PRESENT), context.wait(READER_1, PRESENT)
    assert first != second
    card = context.connect(service.READER)
    service.move('swap', '0', '--type', 'handler_test')
    expect_error(winscard.W_REMOVED_CARD, card.transmit, SELECT_MF)
    service.until('the other card', lambda: context.status_change(service.READER, 0)[1] == second)
    equal(counter(context), 2)
    service.move('swap', service.READER)  # another of the same type
    service.until('another card', lambda: counter(context) == 4)
    equal(context.wait(service.READER, PRESENT), second)
    service.move('eject', '0')
    service.move('swap', '0', '-t', 'iso7816')  # into the empty reader
    equal(context.wait(service.READER, PRESENT), first)
    fails(['insert', '1'], 'already')
    fails(['swap', '0', '--type', 'JavaCard'], '--type JavaCard')
    equal(context.wait(service.READER, PRESENT), first)
    equal(counter(context), 6)
    context.release()
    service.stop(program)


def test_swap_to_an_image():
    """Options that made the card before do not count for one out of an image."""
    image = os.path.join(service.FOLDER, 'image')
    equal(service.run('-t', 'nPA', '--pin', '123456', '--save-image', image, '--', 'true')[0], 0)
    program = service.start('-t', 'nPA', '--pin', '654321')
    context = winscard.Context()
    context.wait(service.READER, PRESENT)
    service.move('swap', '0', '--file', image)
    service.until('the other card', lambda: counter(context) == 2)
    fails(['swap', '0', '--file', image, '--pin', '123456'], '--pin', 'new card')
    context.release()
    service.stop(program)
    os.remove(image)


def on_a_terminal():
    """vpcscd at SOCKET with a terminal of its own, and the other end of that."""
    master, slave = pty.openpty()

    def own():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        service.die_with_parent()

    program = subprocess.Popen([service.VPCSCD, '--socket', service.SOCKET], stdin=slave, stdout=slave, stderr=slave,
                               preexec_fn=own)
    os.close(slave)
    text = b''
    while b'export PCSCLITE_CSOCK_NAME' not in text:
        assert select.select([master], [], [], common.LIMIT)[0], text
        text += os.read(master, 4096)
    return program, master


def test_a_service_asks_nobody():
    """Whoever swaps cards is elsewhere, and the clients wait: no question at the terminal where it was started."""
    image, password = (os.path.join(service.FOLDER, name) for name in ('image', 'password'))
    with open(password, 'w') as file:
        file.write('secret')
    equal(service.run('--save-image', image, '--image-password-file', password, '--', 'true')[0], 0)
    program, terminal = on_a_terminal()
    try:
        service.move('swap', '0', '--type', 'ePass')
        fails(['swap', '0', '--file', image], '--image-password-file')
        service.move('swap', '0', '--file', image, '--image-password-file', password)
        fails(['swap', '0', '--save-image', image + '2', '--encrypt'], '--image-password-file')
    finally:
        program.terminate()
        equal(program.wait(common.LIMIT), 0)
        os.close(terminal)
    os.remove(image)


def test_a_seed_is_for_its_card_alone():
    program = service.start('--seed', 'x')
    context = winscard.Context()

    def challenge():
        context.wait(service.READER, PRESENT)
        card = context.connect(service.READER)
        answer = card.transmit(common.GET_CHALLENGE)
        card.disconnect()
        return answer

    first = challenge()
    for words, same in ((['--seed', 'x'], True), (['--seed', 'y'], False), ([], True)):
        service.move('swap', '0', *words)
        equal(challenge() == first, same, str(words))
    context.release()
    service.stop(program)


def test_wrong_readers():
    port = common.free_port()
    program = service.start('-t', 'iso7816', '--vpcd', str(port), '--reader-name', 'My reader')
    for name in ('2', '16', 'Virtual PCD 00 02', 'my reader', 'x' * 300, 'a\nb\x1b[1m'):
        fails(['eject', name], 'no reader', '0 to 1')
    for name in ('1', 'My reader'):
        for action in ('eject', 'insert', 'swap'):
            fails([action, name], 'vicc')
    service.stop(program)
    program = service.start()
    fails(['eject', '1'], 'no reader', 'only one')
    service.stop(program)


def test_signals():
    program = service.start('-t', 'iso7816', '-t', 'handler_test')
    context = winscard.Context()
    for _ in range(3):
        os.kill(program.pid, signal.SIGUSR1)
        context.wait(service.READER, EMPTY)
        equal(bool(context.status_change(READER_1, 0)[0] & PRESENT), True)
        os.kill(program.pid, signal.SIGUSR2)
        context.wait(service.READER, PRESENT)
    os.kill(program.pid, signal.SIGUSR2)
    program.wait_for('warning: .*a card in it already')
    os.kill(program.pid, signal.SIGUSR1)
    context.wait(service.READER, EMPTY)
    os.kill(program.pid, signal.SIGUSR1)
    program.wait_for('warning: .*empty already')
    context.release()
    service.stop(program)


def test_signals_beside_a_command():
    """The command takes its own card out: the signal is for vpcscd, its parent."""
    script = 'kill -USR1 $PPID; until opensc-tool -l | grep -q "^0 *No"; do :; done; exit 5'
    service.need('opensc-tool')
    equal(service.run('--', 'sh', '-c', script)[0], 5)


def test_ctl_of_a_command():
    equal(service.run('--', service.VPCSCD, 'ctl', 'eject', '0'), (0, '', ''))


def test_two_at_once():
    """Of many who eject at one time, one has done it."""
    program = service.start()
    for action in ('eject', 'insert') * 3:
        results = []
        threads = [threading.Thread(target=lambda: results.append(service.ctl(action, '0')[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(sorted(results), [0] + [1] * 5, action)
    service.stop(program)


def test_while_a_card_works():
    """Nobody waits for the card: not who takes it out, not who asks for the state; and its answer is not given."""
    program = service.start('--type', 'handler_test')
    context, other = winscard.Context(), winscard.Context()
    card = context.connect(service.READER)
    errors = []

    def work():
        try:
            card.transmit(bytes.fromhex('803800FF'))  # takes 2.55 s
        except winscard.Error as error:
            errors.append(error.code)

    thread = threading.Thread(target=work)
    begin = time.monotonic()
    thread.start()
    time.sleep(0.3)  # until it works: nothing tells
    service.move('eject', '0')
    other.wait(service.READER, EMPTY)
    service.move('swap', '0', '--type', 'iso7816')
    took = time.monotonic() - begin
    thread.join()
    equal(errors and errors[0] in (winscard.E_NOT_TRANSACTED, winscard.W_REMOVED_CARD, winscard.E_NO_SMARTCARD), True, errors)
    assert took < 2.5, took
    equal(other.wait(service.READER, PRESENT), service.ATR)
    card = other.connect(service.READER)
    equal(card.transmit(SELECT_MF), b'\x90\x00')
    context.release()
    other.release()
    service.stop(program)


def raw():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(common.LIMIT)
    s.connect(service.SOCKET + '.ctl')
    return s


def said(request):
    with raw() as s:
        s.sendall(request)
        s.shutdown(socket.SHUT_WR)
        return s.recv(10000)


def test_requests_of_no_sense():
    program = service.start()
    before = program.descriptors()
    for request in (b'', b'\0', b'eject', b'eject\0', b'eject\x000', b'\0\0\0', b'EJECT\x000\0', b'GET / HTTP/1.1\r\n\r\n',
                    b'swap\x000\0--type\0', b'swap\x000\0' + b'x\0' * 100, b'eject\x000\0x\0'):
        answer = said(request)
        assert answer.endswith(b'\n') and answer.count(b'\n') == 1 and answer != b'ok\n', (request, answer)
    try:
        equal(said(b'x' * 10000), b'', 'too much')
    except ConnectionError:
        pass
    service.until('all are closed', lambda: program.descriptors() == before)
    service.stop(program)


def test_who_stops_in_the_middle_holds_up_nobody():
    program = service.start()
    before = program.descriptors()
    halves = []
    for i in range(5):
        halves.append(raw())
        halves[-1].sendall(b'ej' if i % 2 else b'')
    begin = time.monotonic()
    service.move('eject', '0')
    assert time.monotonic() - begin < 4
    # They are let go after 5 s; more than are served at once wait that long.
    halves += [raw() for _ in range(5)]
    service.move('insert', '0')
    for s in halves:
        s.close()
    service.until('all are closed', lambda: program.descriptors() == before)
    service.stop(program)


if __name__ == '__main__':
    service.need_pcsclite()
    common.main(globals())
