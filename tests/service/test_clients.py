# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpcscd -- COMMAND with applications that know nothing of it, with the system's libpcsclite; as an ordinary user where
the test may become one. No pcscd takes part: the socket is in a folder of that user alone."""
import os
import re
import shutil
import subprocess
import sys

import common
import service
from common import equal

HOME = os.path.join(service.FOLDER, 'home')
HEX_ATR = service.ATR.hex()


def prepare():
    """A home that an ordinary user may write to, and a program that he may run."""
    os.chmod(service.FOLDER, 0o755)
    os.mkdir(HOME)
    shutil.copy(service.VPCSCD, service.FOLDER)
    if os.geteuid() == 0:
        os.chown(HOME, service.NOBODY, service.NOBODY)


def vpcscd(*words, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(('PCSCLITE_', 'XDG_'))}
    environment.update(HOME=HOME, TMPDIR=HOME)
    done = subprocess.run([os.path.join(service.FOLDER, 'vpcscd')] + list(words), stdin=subprocess.DEVNULL, cwd=HOME,
                          capture_output=True, timeout=60, env=environment,
                          preexec_fn=service.become_nobody if os.geteuid() == 0 else None, **more)
    # The socket's folder is gone, whatever the command did.
    equal([name for name in os.listdir(HOME) if name.startswith('vpcscd-')], [])
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_user_is_an_ordinary_one():
    prepare()
    equal(vpcscd('--', 'sh', '-c', 'test $(id -u) -ne 0')[0], 0)


def test_pcsc_scan():
    service.need('pcsc_scan')
    status, out, err = vpcscd('-t', 'iso7816', '-t', 'handler_test', '--', 'pcsc_scan', '-r')
    equal(status, 0, out + err)
    assert '0: Virtual PCD 00 00' in out and '1: Virtual PCD 00 01' in out, out


def test_opensc_tool():
    service.need('opensc-tool')
    status, out, _ = vpcscd('--', 'opensc-tool', '-a')
    equal((status, out.replace(':', '').strip().lower()), (0, HEX_ATR))
    status, out, _ = vpcscd('--reader-name', 'My reader', '--', 'opensc-tool', '-l')
    equal(status, 0)
    assert re.search(r'^0 +Yes .*My reader$', out, re.M), out
    equal(vpcscd('--', 'opensc-tool', '--no-such-option')[0] != 0, True)


def test_opensc_explorer():
    service.need('opensc-explorer')
    content = bytes(7 * i % 251 for i in range(700))
    with open(os.path.join(HOME, 'sent'), 'wb') as file:
        file.write(content)
    with open(os.path.join(HOME, 'script'), 'w') as file:
        file.write('mkdir 5000 1000\ncd 5000\ncreate 5001 700\nput 5001 sent\ncd ..\ncd 5000\nget 5001 got\nrm 5001\n'
                   'echo after-rm\ninfo 5001\n')
    _, out, err = vpcscd('--', 'opensc-explorer', '-r', '0', 'script')
    assert 'File not found' in (out + err).split('after-rm')[-1], out + err
    with open(os.path.join(HOME, 'got'), 'rb') as file:
        equal(file.read(), content)


PYSCARD = r"""
from smartcard.System import readers
from smartcard.util import toHexString
print([str(r) for r in readers()])
connection = readers()[0].createConnection()
connection.connect()
print(toHexString(connection.getATR(), 1))
print(connection.transmit([0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00]))
data, sw1, sw2 = connection.transmit([0x00, 0x84, 0x00, 0x00, 0x00, 0x01, 0x2C])
print(len(data), hex(sw1), hex(sw2))
"""


def test_pyscard():
    if common.result('/usr/bin/python3', '-c', 'import smartcard.scard')[0] != 0:
        raise common.Skip('python3-pyscard is not installed')
    status, out, err = vpcscd('--', '/usr/bin/python3', '-c', PYSCARD)
    equal((status, err), (0, ''), out)
    equal(out.splitlines(), ["['Virtual PCD 00 00']", HEX_ATR.upper(), '([], 144, 0)', '300 0x90 0x0'])


def find_library():
    """libpcsclite.so.1, which Java looks for in places that Debian does not use."""
    for line in common.result('/sbin/ldconfig', '-p')[1].splitlines():
        if 'libpcsclite.so.1 ' in line:
            return line.split('=> ')[1]
    raise common.Skip('libpcsclite.so.1 is not known to ldconfig')


def test_java():
    service.need('java', 'javac')
    library = find_library()
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'Terminal.java')
    done = subprocess.run(['javac', '-d', HOME, source], capture_output=True, timeout=120)
    equal(done.returncode, 0, done.stderr)
    status, out, err = vpcscd('--', 'java', '-Xshare:auto', '-Dsun.security.smartcardio.library=' + library, '-cp', HOME,
                              'Terminal')
    equal(status, 0, err)
    equal(out.splitlines(), ['Virtual PCD 00 00: true', 'T=1 ' + HEX_ATR.upper(), '9000 9000 300'])


def test_a_vicc_in_a_reader_of_ours():
    """--vpcd: the card is another process, and may come and go."""
    service.need('opensc-tool')
    port = str(common.free_port())
    script = ('"$0" --port $1 --wait & vicc=$!\n'
              'until opensc-tool -l 2>/dev/null | grep -q "^1 *Yes"; do kill -0 $vicc || exit 9; done\n'
              'opensc-tool -r 1 -a; opensc-tool -r 1 -s 00:84:00:00:08; kill $vicc; wait $vicc\n'
              'until opensc-tool -l 2>/dev/null | grep -q "^1 *No"; do :; done; exit 6\n')
    shutil.copy(service.VICC, service.FOLDER)
    status, out, err = vpcscd('-t', 'iso7816', '--vpcd', port, '--', 'sh', '-c', script, service.FOLDER + '/vicc', port)
    equal(status, 6, out + err)
    assert HEX_ATR in out.replace(':', '').lower() and 'SW1=0x90, SW2=0x00' in out, out


if sys.platform != 'linux':
    sys.exit(77)
service.need_pcsclite()
common.main(globals())
