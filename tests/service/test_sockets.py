# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the service is reached: --socket, --daemon, --pid-file, sockets from a service manager, and who is let in."""
import os
import re
import signal
import socket
import struct
import subprocess

import common
import service
from common import equal

VERSION = struct.pack('=IIiiI', 12, 0x11, 4, 4, 0)


def answers(path):
    """Whether a PC/SC service serves us there."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(common.LIMIT)
        try:
            s.connect(path)
            s.sendall(VERSION)
            return s.recv(12) == struct.pack('=iiI', 4, 4, 0)
        except OSError:
            return False


def ours(path=service.SOCKET):
    equal([service.mode(path), service.mode(path + '.ctl')], [0o600, 0o600])
    assert answers(path)


def refused(path, *words):
    status, out, err = service.run('--socket', path)
    equal((status, out), (1, ''))
    service.one_line(err, path, *words)


def test_a_service_says_how_to_reach_it():
    path = os.path.join(service.FOLDER, "it's here")
    program = service.start(path=path)
    ours(path)
    done = common.result('sh', '-c', program.text['out'] + 'printf %s "$PCSCLITE_CSOCK_NAME"')
    equal(done, (0, path, ''))
    service.stop(program)
    equal(service.leftovers(), [])


def test_each_signal_ends_it_in_order():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        program = service.start()
        service.stop(program, number)
        equal((program.text['err'], service.leftovers()), ('', []))


def test_a_live_service_is_not_replaced():
    program = service.start()
    refused(service.SOCKET, 'another service listens there')
    ours()
    service.stop(program)


def test_a_stopped_service_is_live():
    program = service.start()
    program.popen.send_signal(signal.SIGSTOP)
    fill = []
    try:
        while len(fill) < 1000:  # its queue may be full
            s = socket.socket(socket.AF_UNIX)
            s.setblocking(False)
            fill.append(s)
            s.connect(service.SOCKET)
    except BlockingIOError:
        pass
    refused(service.SOCKET, 'another service listens there')
    for s in fill:
        s.close()
    program.popen.send_signal(signal.SIGCONT)
    service.until('it answers', lambda: answers(service.SOCKET))
    service.stop(program)


def test_a_stale_socket_is_replaced():
    service.start().kill()
    equal(service.leftovers(), ['socket', 'socket.ctl'])
    program = service.start()
    ours()
    service.stop(program)
    equal(service.leftovers(), [])


def test_of_many_at_once_one_serves():
    for _ in range(5):
        service.start().kill()
        programs = [common.Program(service.VPCSCD, '--socket', service.SOCKET) for _ in range(6)]
        serving = []
        for program in programs:
            while program.alive() and not program.text['out'].endswith('\n'):
                program.read(0.05)
            if program.text['out']:
                serving.append(program)
            else:
                equal(program.end(), 1)
                service.one_line(program.text['err'], 'another service')
        equal(len(serving), 1, 'services')
        ours()
        service.stop(serving[0])
        equal(service.leftovers(), [])


def test_nothing_else_is_deleted():
    for suffix in ('', '.ctl'):
        path = service.SOCKET + suffix
        open(path, 'w').close()
        refused(service.SOCKET, 'no socket')
        equal(service.leftovers(), [os.path.basename(path)])
        os.unlink(path)
        os.mkdir(path)
        refused(service.SOCKET, 'no socket')
        os.rmdir(path)
        os.symlink('/nowhere/at/all', path)
        refused(service.SOCKET, 'no socket')
        os.unlink(path)


def test_paths():
    refused('/nowhere/at/all', 'No such file')
    status, _, err = service.run('--socket', '/' + 'x' * 104)
    equal(status, 1)
    service.one_line(err, 'too long', 'at most 103')
    longest = service.FOLDER + '/' + 'x' * (102 - len(service.FOLDER))
    program = service.start(path=longest)
    ours(longest)
    service.stop(program)
    # From the root, wherever the command goes.
    equal(service.run('--socket', 'here', '--', 'sh', '-c', 'cd / && test -S "$PCSCLITE_CSOCK_NAME" && echo $PCSCLITE_CSOCK_NAME',
                      cwd=service.FOLDER), (0, service.FOLDER + '/here\n', ''))
    equal(service.leftovers(), [])


def test_only_its_own_socket_is_removed():
    program = service.start()
    for path in (service.SOCKET, service.SOCKET + '.ctl'):
        os.unlink(path)
    second = service.start()
    service.stop(program)
    ours()
    service.stop(second)


def daemon(*options, **more):
    """Starts a daemon; returns its process id."""
    pid_file = os.path.join(service.FOLDER, 'pid')
    status, out, err = service.run('--socket', 'socket', '--daemon', '--pid-file', 'pid', *options, cwd=service.FOLDER, **more)
    equal((status, out, err), (0, "export PCSCLITE_CSOCK_NAME='%s'\n" % service.SOCKET, ''))
    with open(pid_file) as file:
        text = file.read()
    assert re.fullmatch(r'\d+\n', text), text
    equal(service.mode(pid_file), 0o644)
    return int(text)


def end_daemon(pid, number=signal.SIGTERM):
    # Its parent is not us: what is left of it tells.
    os.kill(pid, number)
    service.until('the daemon is gone', lambda: not os.path.exists('/proc/%d/fd/0' % pid))


def test_daemon():
    pid = daemon()
    ours()
    equal(os.readlink('/proc/%d/cwd' % pid), '/')
    equal([os.readlink('/proc/%d/fd/%d' % (pid, fd)) for fd in (0, 1, 2)], ['/dev/null'] * 3)
    equal(os.getsid(pid), pid)
    end_daemon(pid)
    service.until('all is removed', lambda: service.leftovers() == [])


def test_a_daemon_that_cannot_start():
    program = service.start()
    status, out, err = service.run('--daemon', '--socket', service.SOCKET, '--pid-file', service.FOLDER + '/pid')
    equal((status, out), (1, ''))
    service.one_line(err, 'another service')
    service.stop(program)
    equal(service.leftovers(), [])


def test_pid_file_of_before():
    path = os.path.join(service.FOLDER, 'pid')
    with open(path, 'w') as file:
        file.write('1\n')
    end_daemon(daemon())
    service.until('all is removed', lambda: service.leftovers() == [])
    # One that is somebody else's by now stays.
    program = service.start('--pid-file', path)
    os.unlink(path)
    with open(path, 'w') as file:
        file.write('1\n')
    service.stop(program)
    equal(service.leftovers(), ['pid'])
    os.unlink(path)


def test_notify_socket():
    for name in (os.path.join(service.FOLDER, 'notify'), '@vpcscd-test-%d' % os.getpid()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind('\0' + name[1:] if name[0] == '@' else name)
            manager.settimeout(common.LIMIT)
            program = common.Program(service.VPCSCD, '--socket', service.SOCKET, env=dict(os.environ, NOTIFY_SOCKET=name))
            equal(manager.recv(100), b'READY=1')
            ours()
            service.stop(program)
    os.unlink(os.path.join(service.FOLDER, 'notify'))
    program = service.start(env=dict(os.environ, NOTIFY_SOCKET='/nowhere/at/all'))
    program.wait_for('warning: .*NOTIFY_SOCKET')
    service.stop(program)


def listen(path, kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_UNIX, kind)
    made.bind(path)
    if kind == socket.SOCK_STREAM:
        made.listen(5)
    return made


def activated(sockets, names=None, pid=None, options=(), command=()):
    """vpcscd with these sockets as systemd passes them."""
    def prepare():
        high = [os.dup2(s.fileno(), 50 + i) for i, s in enumerate(sockets)]
        for i, fd in enumerate(high):
            os.dup2(fd, 3 + i, True)
            os.close(fd)

    numbers = 'export LISTEN_FDS=%d LISTEN_PID=%s; exec "$0" "$@"' % (len(sockets), pid or '$$')
    environment = dict(os.environ, **({'LISTEN_FDNAMES': names} if names else {}))
    return common.Program('sh', '-c', numbers, service.VPCSCD, *options, *command, close_fds=False, preexec_fn=prepare,
                          env=environment)


def test_activation():
    with listen(service.SOCKET) as passed:
        program = activated([passed])
        program.wait_for(re.escape(service.SOCKET), 'out')
        assert answers(service.SOCKET)
        equal(service.mode(service.SOCKET + '.ctl'), 0o600)
        service.stop(program)
        # The service manager's file is not ours to remove.
        equal(service.leftovers(), ['socket'])
        program = activated([passed], command=['--', 'sh', '-c', 'ls -l /proc/$$/fd | grep socket; env | grep LISTEN'])
        equal(program.end(), 1)
        equal(program.text, {'out': '', 'err': ''})
    os.unlink(service.SOCKET)


def test_activation_of_both_sockets():
    control = os.path.join(service.FOLDER, 'control')
    for names in ('ctl:vpcscd', 'ctl:', 'vpcscd:ctl'):
        with listen(service.SOCKET) as passed, listen(control) as passed_control:
            pair = [passed_control, passed] if names.startswith('ctl') else [passed, passed_control]
            program = activated(pair, names)
            program.wait_for(re.escape(service.SOCKET), 'out')
            os.rename(control, service.SOCKET + '.ctl')
            service.move('eject', '0')
            service.stop(program)
        equal(service.leftovers(), ['socket', 'socket.ctl'])
        os.unlink(service.SOCKET)
        os.unlink(service.SOCKET + '.ctl')


def test_activation_that_is_not_for_us():
    with listen(service.SOCKET) as passed:
        program = activated([passed], pid='1')
        assert 'vpcscd-' in program.wait_for(r'^export .*$', 'out').group(0)
        service.stop(program)
    os.unlink(service.SOCKET)


def test_activation_with_the_wrong_sockets():
    def check(sockets, word, **more):
        program = activated(sockets, **more)
        equal(program.end(), 1, program.text)
        service.one_line(program.text['err'], 'LISTEN_FDS', word)

    with listen(service.SOCKET) as one, listen(service.SOCKET + '2') as two, common.Door() as door:
        check([door.socket], 'Unix socket')
        check([one, two], 'one socket')
        check([one], 'missing', names='ctl')
        check([one], '--socket', options=['--socket', '/x'])
        with socket.socket(socket.AF_UNIX) as unbound:
            check([unbound], 'listens')
        with listen(service.SOCKET + '3', socket.SOCK_DGRAM) as datagrams:
            check([datagrams], 'listens')
        with open('/dev/null') as file:
            check([file], 'Unix socket')
    assert 'socket.ctl' not in service.leftovers()
    for name in service.leftovers():
        os.unlink(os.path.join(service.FOLDER, name))


def ask_as_nobody(path):
    """What another user's bytes are answered."""
    program = ('import socket; s = socket.socket(socket.AF_UNIX); s.settimeout(20)\n'
               's.connect(%r); s.sendall(%r); print(s.recv(100))\n' % (path, VERSION))
    done = subprocess.run(['/usr/bin/python3', '-c', program], preexec_fn=service.become_nobody, capture_output=True,
                          timeout=common.LIMIT)
    return (done.stdout + done.stderr).decode()


def test_another_user_is_refused():
    service.need_root()
    program = service.start()
    os.chmod(service.FOLDER, 0o755)
    assert 'PermissionError' in ask_as_nobody(service.SOCKET)
    for path in (service.SOCKET, service.SOCKET + '.ctl'):
        os.chmod(path, 0o666)
        said = ask_as_nobody(path)
        assert said == "b''\n" or 'ConnectionReset' in said or 'BrokenPipe' in said, said
        program.wait_for('refused .*another user')
        program.text['err'] = ''
    ours_again = answers(service.SOCKET)
    os.chmod(service.FOLDER, 0o700)
    service.stop(program)
    assert ours_again


def test_a_socket_of_another_user_stays():
    service.need_root()
    os.chmod(service.FOLDER, 0o777)
    program = service.start()
    copy = os.path.join(service.FOLDER, 'vpcscd')
    subprocess.run(['cp', service.VPCSCD, copy], check=True)
    done = common.result(copy, '--socket', service.SOCKET, preexec_fn=service.become_nobody)
    equal(done[:2], (1, ''), done)
    service.one_line(done[2], "another user's")
    ours()
    os.unlink(copy)
    service.stop(program)
    os.chmod(service.FOLDER, 0o700)


common.main(globals())
