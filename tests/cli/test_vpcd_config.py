# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""vpcd-config: slots, addresses and codes, from whatever configuration there is."""
import os
import pty
import re
import shutil
import subprocess
import tempfile

import common
import qr
from common import equal

SLOTS = int(os.environ['VPCDSLOTS'])
READER = '''FRIENDLYNAME "%s"
DEVICENAME   "%s"
LIBPATH      %s
CHANNELID    0x8C7B
'''
DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
SCAN = 'On your NFC phone with the Remote Smart Card Reader app scan this code:'
WARNING = 'vpcd-config: warning: '


def run(text=None, prefix=(), files=None):
    """vpcd-config with a configuration: exit status, lines of output, lines of errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'reader.conf')
        if files is not None:
            path = folder
            for name, content in files.items():
                with open(os.path.join(folder, name), 'w') as file:
                    file.write(content)
        elif text is not None:
            with open(path, 'w') as file:
                file.write(text)
        status, out, err = common.result(*prefix, common.VPCD_CONFIG, '--config', path)
    return status, out.splitlines(), err.replace(folder, 'FOLDER').splitlines()


def without_network(*setup):
    """A prefix that runs a command where there is only what setup makes."""
    if shutil.which('unshare') is None or shutil.which('ip') is None:
        raise common.Skip('unshare or ip is not installed')
    prefix = ['unshare', '-n' if os.geteuid() == 0 else '-rn', 'sh', '-c', ' && '.join(setup + ('exec "$@"',)), 'sh']
    if common.result(*prefix, 'true')[0] != 0:
        raise common.Skip('no network namespaces here')
    return prefix


LAN = ('ip link set lo up', 'ip link add va type veth peer name vb', 'ip link set va up', 'ip link set vb up',
       'ip addr add 10.1.2.3/24 dev va')


def reader(device, name='Virtual PCD', driver=DRIVER):
    return READER % (name, device, driver)


def fields(lines, key):
    return [line.split(None, 2)[2] for line in lines if line.startswith(key)]


def test_slots_of_a_reader():
    prefix = without_network(*LAN)
    status, out, err = run(reader('*:35963'), prefix)
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD hostname:'), ['10.1.2.3'] * SLOTS)
    equal(fields(out, 'VPCD port:'), [str(35963 + i) for i in range(SLOTS)])
    equal(out.count(SCAN), SLOTS)
    equal(out[:3], ['VPCD hostname:  10.1.2.3', 'VPCD port:      35963', SCAN])
    equal(out.count(''), SLOTS - 1, 'blank lines, between slots')
    equal(qr.urls(out), ['vpcd://10.1.2.3:%d' % (35963 + i) for i in range(SLOTS)])


def test_ipv6():
    prefix = without_network('ip link set lo up', 'ip link add va type veth peer name vb', 'ip link set va up',
                             'ip link set vb up', 'ip addr add 2001:db8::7/64 dev va nodad')
    status, out, err = run(reader('*:1000'), prefix)
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD hostname:'), ['2001:db8::7'] * SLOTS)
    equal(qr.urls(out)[0], 'vpcd://[2001:db8::7]:1000')


def test_default_route_first_and_all_others_named():
    prefix = without_network(*LAN, 'ip addr add 10.9.9.9/24 dev vb', 'ip route add default via 10.9.9.1')
    status, out, err = run(reader('*:35963'), prefix)
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD hostname:'), ['10.9.9.9'] * SLOTS)
    equal(out[-1], 'Other addresses of this machine: 10.1.2.3')


def test_on_a_terminal():
    prefix = without_network(*LAN)
    with tempfile.NamedTemporaryFile('w') as conf:
        conf.write(reader('*:35963'))
        conf.flush()
        ours, theirs = pty.openpty()
        child = subprocess.Popen(prefix + [common.VPCD_CONFIG, '-c', conf.name], stdout=theirs,
                                 env=dict(os.environ, TERM='xterm'))
        os.close(theirs)
        text = b''
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the terminal is gone
                break
            if not part:
                break
            text += part
        os.close(ours)
        equal(child.wait(common.LIMIT), 0)
    lines = text.decode().replace('\r\n', '\n').split('\n')
    equal(qr.urls(lines)[0], 'vpcd://10.1.2.3:35963')
    if os.environ['QRCODE'] == 'yes':
        assert any(line.startswith('\x1b[47m  \x1b[47m  ') for line in lines), lines


def test_loopback_only():
    status, out, err = run(reader('/dev/null:0x8C7B'), without_network(*LAN))
    equal(status, 0)
    equal(fields(out, 'VPCD port:')[0], '35963')
    equal(len(err), 1, 'lines')
    assert err[0].startswith(WARNING) and 'DEVICENAME "*:35963"' in err[0], err
    assert 'FOLDER/reader.conf' in err[0] and 'restart pcscd' in err[0], err


def test_what_the_warning_says_is_right():
    """The advised DEVICENAME is taken, and there is nothing to warn of any more."""
    prefix = without_network(*LAN)
    advice = re.search('DEVICENAME "(.*?)"', run(reader('/dev/null:4711'), prefix)[2][0]).group(1)
    status, out, err = run(reader(advice), prefix)
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD port:')[0], '4711')


def test_no_route_and_no_network():
    status, out, err = run(reader('*:35963'), without_network())
    equal(status, 1)
    equal(fields(out, 'VPCD hostname:'), ['127.0.0.1'] * SLOTS)
    equal(qr.modules(out), [], 'codes')
    equal(len(err), 1)
    assert 'no network address' in err[0], err


def test_reader_that_connects():
    status, out, err = run(reader('phone.example:0x8C7B'))
    equal((status, err), (0, []))
    equal(fields(out, 'VICC hostname:'), ['phone.example'] * SLOTS)
    equal(fields(out, 'VICC port:')[0], '35963')
    assert 'nothing needs to be scanned' in '\n'.join(out) and SCAN not in out, out


def test_several_readers():
    text = reader('*:35963') + '# another\n' + reader('*:40000', 'Second')
    files = {'b': text, 'c': reader('192.0.2.9:5', 'Third'), '.hidden': reader('*:1'), 'a': '# nothing\n',
             'd': reader('/dev/ttyS0', 'Serial', '/usr/lib/pcsc/drivers/serial/libccidtwin.so')}
    status, out, err = run(files=files, prefix=without_network(*LAN))
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD port:'), [str(base + i) for base in (35963, 40000) for i in range(SLOTS)])
    equal(fields(out, 'VICC port:'), [str(5 + i) for i in range(SLOTS)])
    equal(out.count(''), 3 * SLOTS - 1, 'blank lines')


def test_bundle():
    """Info.plist of macOS: ifdFriendlyName stands for DEVICENAME."""
    plist = '''<?xml version="1.0"?><plist version="1.0"><dict>
<key>ifdVendorID</key><array><string>0x18d1</string></array>
<!-- <key>ifdFriendlyName</key><string>*:1</string> -->
<key>ifdFriendlyName</key>
<array><string>%s</string></array>
</dict></plist>'''
    prefix = without_network(*LAN)
    status, out, err = run(files={'Info.plist': plist % '*:40000'}, prefix=prefix)
    equal((status, err), (0, []))
    equal(fields(out, 'VPCD port:'), [str(40000 + i) for i in range(SLOTS)])
    status, out, err = run(files={'Info.plist': plist % 'Virtual PCD'}, prefix=prefix)
    equal((status, len(err)), (0, 1))
    equal(fields(out, 'VPCD port:')[0], '35963')
    assert 'ifdFriendlyName "*:35963" in FOLDER/Info.plist' in err[0], err


def test_wrong_configurations():
    for text, words in [
            (reader('*:abc'), ['*:abc', '65535']),
            (reader('*:65536'), ['*:65536']),
            (reader('2001:db8::1:35963'), ['brackets']),
            (reader('x' * 400 + ':1'), ['too long']),
            (reader('*:35963').replace('"*:35963"', '*:35963'), ['line 2', 'quotation marks']),
            ('NAME x\n', ['line 1', 'FRIENDLYNAME']),
            ('', ['libifdvpcd']),
            (reader('*:1', driver='/lib/other.so'), ['libifdvpcd']),
            ('#' * 70000, ['too large']),
    ]:
        status, out, err = run(text)
        equal((status, len(err)), (1, 1), '%r: %r' % (text[:80], err))
        assert err[0].startswith('vpcd-config: FOLDER/reader.conf'), err
        for word in words:
            assert word in err[0], (word, err)


def test_one_wrong_file_does_not_hide_the_others():
    status, out, err = run(files={'a': 'x', 'b': reader('*:40000')}, prefix=without_network(*LAN))
    equal((status, len(err)), (1, 1))
    equal(fields(out, 'VPCD port:')[0], '40000')


def test_missing_configuration():
    status, out, err = common.result(common.VPCD_CONFIG, '--config', '/nonexistent/reader.conf')
    equal((status, out), (1, ''))
    assert err.startswith('vpcd-config: /nonexistent/reader.conf: ') and err.count('\n') == 1, err


def test_wrong_options():
    for options, word in [(['--nothing'], '--nothing'), (['-x'], '-x'), (['word'], 'word'),
                          (['--', 'word'], 'word'), (['--config'], '--config'), (['--help=x'], '--help')]:
        status, out, err = common.result(common.VPCD_CONFIG, *options)
        equal((status, out), (2, ''))
        assert err.startswith('vpcd-config: ') and word in err and err.count('\n') == 1, err


def test_help_and_version():
    status, out, err = common.result(common.VPCD_CONFIG, '--help')
    equal((status, err), (0, ''))
    assert out.startswith('Usage: vpcd-config'), out
    status, out, err = common.result(common.VPCD_CONFIG, '--version')
    equal((status, err), (0, ''))
    assert re.fullmatch(r'vpcd-config \d+\.\d+\.\d+\n', out), out


def test_full_disk_is_an_error():
    for option in ('--version', '--help', '--config=/dev/null'):
        with open('/dev/full', 'w') as full:
            done = subprocess.run([common.VPCD_CONFIG, option], stdout=full, stderr=subprocess.PIPE)
        equal(done.returncode, 1)
        equal(done.stderr.count(b'\n'), 1)


common.main(globals())
