#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the driver and its configuration go, by what was asked for at configuration."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ['SOURCE_ROOT'])
MESON = os.environ['MESON'].split()


def pkg_config(variable):
    return subprocess.run(['pkg-config', '--variable=' + variable, 'libpcsclite'], check=True,
                          capture_output=True, text=True).stdout.strip()


class Configured:
    """A build folder that was only configured."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory()
        self.build = pathlib.Path(self.folder.name)
        done = subprocess.run(MESON + ['setup', '-Dtests=disabled', '-Dcards=disabled', *options, str(self.build),
                                       str(SOURCE)], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def installed(self):
        """{name of the file in the build folder: where it goes}"""
        text = subprocess.run(MESON + ['introspect', '--installed', str(self.build)], check=True,
                              capture_output=True, text=True).stdout
        return {pathlib.Path(there).name: there for here, there in json.loads(text).items()}

    def conf(self):
        text = (self.build / 'src/ifd/vpcd').read_text(encoding='ascii')
        return dict(line.split(None, 1) for line in text.splitlines() if line and line[0] != '#')


class Installation(unittest.TestCase):
    def assert_driver_in(self, configured, folder, conf_folder):
        installed = configured.installed()
        driver = next(name for name in installed if name.startswith('libifdvpcd.so.'))
        self.assertEqual(installed[driver], f'{folder}/{driver}')
        self.assertEqual(installed['libifdvpcd.so'], f'{folder}/libifdvpcd.so')
        self.assertEqual(installed['vpcd'], f'{conf_folder}/vpcd')
        self.assertNotIn('Info.plist', installed)
        self.assertEqual(configured.conf()['LIBPATH'], f'{folder}/libifdvpcd.so')

    def test_the_three_lines_of_a_newcomer(self):
        with Configured('--sysconfdir=/etc') as configured:
            self.assert_driver_in(configured, pkg_config('usbdropdir') + '/serial', pkg_config('serialconfdir'))

    def test_a_distribution(self):
        with Configured('--prefix=/usr', '--sysconfdir=/etc') as configured:
            self.assert_driver_in(configured, pkg_config('usbdropdir') + '/serial', pkg_config('serialconfdir'))

    def test_a_prefix_of_ones_own_keeps_everything(self):
        with Configured('--prefix=/opt/vsc') as configured:
            self.assert_driver_in(configured, '/opt/vsc/lib/pcsc/drivers/serial', '/opt/vsc/etc/reader.conf.d')

    def test_folders_that_are_named(self):
        with Configured('-Dserialdropdir=/a/b', '-Dserialconfdir=/c') as configured:
            self.assert_driver_in(configured, '/a/b', '/c')

    def test_the_bundle_for_macos(self):
        with Configured('-Dinfoplist=true', '-Dserialdropdir=/drivers') as configured:
            installed = configured.installed()
            contents = '/drivers/ifd-vpcd.bundle/Contents'
            self.assertEqual(installed['Info.plist'], contents + '/Info.plist')
            self.assertEqual(installed['libifdvpcd.dylib'], contents + '/MacOS/libifdvpcd.dylib')
            self.assertNotIn('vpcd', installed)

    def test_the_host_that_is_asked_for(self):
        for host, device in (('192.168.0.4', '192.168.0.4:0x8C7B'), ('*', '"*:0x8C7B"'), ('[::1]', '"[::1]:0x8C7B"')):
            with self.subTest(host=host), Configured('-Dvpcdhost=' + host) as configured:
                self.assertEqual(configured.conf()['DEVICENAME'], device)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
