# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpcscd -- COMMAND: the command's exit status, its surroundings, its signals; and nothing is left, however it ends."""
import os
import re
import resource
import signal
import socket
import stat
import sys

import common
import service
from common import equal

# What a process finds around it, other than the socket.
SURROUNDINGS = r"""
grep -E '^Sig(Blk|Ign):' /proc/self/status
ulimit -n
umask
ls /proc/$$/fd
env | grep -E '^(LISTEN_|NOTIFY_|FOO)' | sort
"""


def sh(script, *options, **more):
    return service.run(*options, '--', 'sh', '-c', script, **more)


def test_exit_status():
    for script, want in (('true', 0), ('exit 1', 1), ('exit 42', 42), ('exit 255', 255), ('kill -KILL $$', 128 + 9),
                         ('kill -TERM $$', 128 + 15), ('kill -SEGV $$', 128 + 11)):
        equal(sh(script), (want, '', ''), script)
    equal(service.leftovers(), [])


def test_commands_that_cannot_run():
    plain = os.path.join(service.FOLDER, 'plain')
    open(plain, 'w').close()
    for command, want in (('no-such-program', 127), ('/no/such/program', 127), (plain, 126), (service.FOLDER, 126)):
        status, out, err = service.run('--', command)
        equal((status, out), (want, ''), command)
        service.one_line(err, 'cannot run ' + command)
    os.unlink(plain)
    equal(service.leftovers(), [])


def test_streams_go_through():
    done = common.subprocess.run([service.VPCSCD, '--', 'cat'], input=b'x' * 100000, capture_output=True,
                                 timeout=common.LIMIT)
    equal((done.returncode, len(done.stdout), done.stderr), (0, 100000, b''))


def comparable(text):
    """Ignored are also the two signals that the C library keeps for itself (by posix_spawn(), without effect), and
    SIGCHLD stays out: while it is ignored there is no exit status, for us and for the command."""
    known = ~(1 << (signal.SIGCHLD - 1) | 3 << 31)
    ignored = int(re.search(r'SigIgn:\s+(\w+)', text).group(1), 16) & known
    return re.sub(r'SigIgn:.*', 'SigIgn %x' % ignored, text)


def odd():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGWINCH])
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    os.umask(0o27)


def test_surroundings_are_those_we_got():
    environment = dict(os.environ, FOO='1', LISTEN_FDS='1', LISTEN_PID='1')
    for more in ({}, {'preexec_fn': odd, 'restore_signals': False}):
        plain = common.result('sh', '-c', SURROUNDINGS, env=environment, **more)
        equal(plain[0], 0, plain[2])
        status, out, err = sh(SURROUNDINGS, env=environment, **more)
        equal((status, err), (0, ''))
        equal(comparable(out), comparable(plain[1]))
        assert re.search(r'^0\n1\n2\n[^0-9]', out, re.M), out


def test_it_does_not_see_our_service_manager():
    status, out, err = sh(SURROUNDINGS, env=dict(os.environ, NOTIFY_SOCKET='/nowhere/at/all'))
    assert status == 0 and 'NOTIFY' not in out, out


def test_socket():
    script = 'stat -c "%a %F %n" "$PCSCLITE_CSOCK_NAME" "$PCSCLITE_CSOCK_NAME.ctl" "$(dirname "$PCSCLITE_CSOCK_NAME")"'
    other = os.path.join(service.FOLDER, 'other')
    os.mkdir(other)
    for environment, parent in (({}, service.FOLDER), ({'XDG_RUNTIME_DIR': '/nowhere', 'TMPDIR': other}, other),
                                ({'XDG_RUNTIME_DIR': 'relative', 'TMPDIR': service.FOLDER}, service.FOLDER),
                                ({'XDG_RUNTIME_DIR': '/nowhere', 'TMPDIR': '/' + 'x' * 100}, '/tmp'),
                                ({'XDG_RUNTIME_DIR': '', 'TMPDIR': ''}, '/tmp')):
        status, out, err = sh(script, env=dict(os.environ, **environment))
        equal((status, err), (0, ''))
        path = out.split('\n')[0].split()[-1]
        equal(out.splitlines(), ['600 socket ' + path, '600 socket %s.ctl' % path, '700 directory ' + os.path.dirname(path)])
        equal(os.path.dirname(os.path.dirname(path)), parent)
        assert not os.path.exists(os.path.dirname(path)), path
    os.rmdir(other)
    equal(service.leftovers(), [])


def test_signals_reach_the_command():
    script = ('for s in INT TERM HUP QUIT; do trap "echo $s" $s; done; echo ready; '
              'while kill -0 $PPID 2>/dev/null; do sleep 0.02; done')  # until vpcscd is killed
    program = common.Program(service.VPCSCD, '--', 'sh', '-c', script)
    program.wait_for('ready', 'out')
    for name in ('INT', 'TERM', 'HUP', 'QUIT'):
        program.popen.send_signal(getattr(signal, 'SIG' + name))
        program.wait_for('^%s$' % name, 'out')
    equal(len(service.leftovers()), 1)
    assert program.alive()
    program.kill()
    os.system('rm -r %s/vpcscd-*' % service.FOLDER)  # nobody can clean up after SIGKILL


def test_signals_that_end_it():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        program = common.Program(service.VPCSCD, '--', 'sh', '-c', 'echo ready; exec sleep 100',
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        program.wait_for('ready', 'out')
        equal(program.end(number), 128 + number)
        equal(program.text['err'], '')
    equal(service.leftovers(), [])


def test_ctrl_c_reaches_the_command_once():
    """At a terminal the signal goes to both."""
    script = 'trap "echo got" INT; echo ready; while true; do sleep 0.02; done'
    pid, terminal = os.forkpty()
    if pid == 0:
        os.execv(service.VPCSCD, [service.VPCSCD, '--', 'sh', '-c', script])
    text = b''
    while b'ready' not in text:
        text += os.read(terminal, 1000)
    os.write(terminal, b'\x03')
    while b'got' not in text:
        text += os.read(terminal, 1000)
    os.write(terminal, b'\x1c')  # Ctrl-\ ends it
    try:
        while True:
            text += os.read(terminal, 1000)
    except OSError:
        pass
    equal(text.count(b'got'), 1, text)
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 128 + signal.SIGQUIT)
    equal(service.leftovers(), [])


def test_nohup():
    program = common.Program(service.VPCSCD, '--', 'sh', '-c', 'echo ready; read x < "$1"; echo end', 'sh',
                             '/dev/stdin', preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    program.wait_for('ready', 'out')
    program.popen.send_signal(signal.SIGHUP)
    equal(program.end(), 0)
    program.wait_for('end', 'out')


def test_standard_streams_may_be_closed():
    equal(common.result('sh', '-c', 'exec "$0" -- sh -c "exit 3" <&- >&- 2>&-', service.VPCSCD), (3, '', ''))
    equal(common.result('sh', '-c', '"$0" -vvv -- sh -c "exit 3" 2>&-', service.VPCSCD), (3, '', ''))
    # Nobody reads the log.
    equal(common.result('sh', '-c', '{ sleep 0.1; "$0" -vvv -- sh -c "exit 3" || echo $? >&3; } 3>&1 2>&1 >/dev/null | true; sleep 0.5',
                        service.VPCSCD)[0], 0)
    equal(service.leftovers(), [])


def test_a_start_that_fails_halfway():
    with common.Door() as door:
        status, out, err = service.run('-t', 'iso7816', '--vpcd', str(door.port), '--', 'true')
    equal((status, out), (1, ''))
    service.one_line(err, '--vpcd %d' % door.port, 'in use')
    status, out, err = service.run('--pid-file', '/nowhere/pid', '--', 'true')
    equal((status, out), (1, ''))
    service.one_line(err, '--pid-file /nowhere/pid', 'No such file')
    status, out, err = service.run('--pid-file', '/dev/null', '--', 'true')
    equal((status, out), (1, ''))
    service.one_line(err, '--pid-file /dev/null')
    assert stat.S_ISCHR(os.stat('/dev/null').st_mode)
    equal(service.leftovers(), [])


def test_few_descriptors():
    """It works, or one line says why not; at 64 it works."""
    worked = []
    for n in list(range(4, 40)) + [64]:
        status, out, err = sh('echo $(ulimit -n)', '--vpcd', str(common.free_port()), preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))))
        if status == 0:
            equal((out, err), ('%d\n' % n, ''))
            worked.append(n)
        elif err.startswith('vpcscd: '):
            equal(status == 1 or status == 126, True, '%d: %d %s' % (n, status, err))
            service.one_line(err, 'open files')
        else:
            equal(status, 127, 'the loader of programs, at %d: %s' % (n, err))
    assert 64 in worked, worked
    equal(service.leftovers(), [])


def test_verbose():
    status, out, err = sh('exit 4', '-v')
    equal((status, out), (4, ''))
    assert re.search(r'^\d\d\.\d\d\.\d{4} .* \[INFO\] Serving at /', err, re.M), err
    assert 'iso7816' in err


def test_trace():
    """Each APDU with its reader; what may be a PIN is not shown."""
    service.need('opensc-tool')
    command = ['opensc-tool', '-r', '1', '-s', '00:20:00:81:04:DE:AD:BE:EF', '-s', '00:A4:00:0C:02:3F:00']
    for level, seen in (('-v', False), ('-vv', True), ('-vvv', True)):
        status, out, err = service.run('-t', 'iso7816', '-t', 'iso7816', '--reader-name', 'Second', level, '--', *command)
        equal(status, 0, err)
        equal(bool(re.search(r'\[DEBUG\] Second: > VERIFY P1=00 P2=81 Nc=4 ', err)), seen, err)
        equal('[DEBUG] Second: Power Up\n' in err, seen)
        equal(bool(re.search(r'\[TRACE\] Second:  +3F00', err)), level == '-vvv', err)
        assert not re.search('DE ?AD ?BE ?EF', err.replace(' '.join(command), ''), re.I), err


if sys.platform != 'linux' or not hasattr(socket, 'AF_UNIX'):
    sys.exit(77)
common.main(globals())
