#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reader.conf and Info.plist as the build makes them, and that the driver takes what can stand in them."""
import ctypes
import os
import pathlib
import plistlib
import re
import socket
import sys
import tempfile
import unittest

READER_CONF = pathlib.Path(os.environ['READER_CONF'])
INFO_PLIST = pathlib.Path(os.environ['INFO_PLIST'])
VERSION = os.environ['VERSION']
SLOTS = int(os.environ['SLOTS'])
HOST = os.environ['HOST']


def free_port():
    """The first of as many free ports as a reader has slots."""
    while True:
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            port = probe.getsockname()[1]
        if port + SLOTS > 65535:
            continue
        try:
            for i in range(SLOTS):
                with socket.socket() as probe:
                    probe.bind(('127.0.0.1', port + i))
            return port
        except OSError:
            continue


class ReaderConf(unittest.TestCase):
    def test_it_has_the_four_lines_that_pcscd_wants(self):
        lines = [line for line in READER_CONF.read_text(encoding='ascii').splitlines()
                 if line and not line.startswith('#')]
        keys = dict(re.fullmatch(r'(\w+)\s+"?(.*?)"?', line).groups() for line in lines)
        self.assertEqual(list(keys), ['FRIENDLYNAME', 'DEVICENAME', 'LIBPATH', 'CHANNELID'])
        self.assertEqual(keys['FRIENDLYNAME'], 'Virtual PCD')
        self.assertEqual(keys['CHANNELID'], '0x8C7B')
        self.assertEqual(keys['DEVICENAME'], HOST + ':0x8C7B')
        self.assertTrue(keys['LIBPATH'].startswith('/'), keys['LIBPATH'])
        self.assertTrue(keys['LIBPATH'].endswith('/libifdvpcd.so'), keys['LIBPATH'])

    def test_it_shows_the_other_ways(self):
        text = READER_CONF.read_text(encoding='ascii')
        for example in ('/dev/null:0x8C7B', '"*:0x8C7B"', '192.168.0.4:0x8C7B'):
            self.assertRegex(text, r'(?m)^#DEVICENAME +' + re.escape(example) + '$')


class InfoPlist(unittest.TestCase):
    def test_every_key(self):
        with INFO_PLIST.open('rb') as file:
            plist = plistlib.load(file)
        self.assertEqual(plist, {
            'CFBundleDevelopmentRegion': 'English',
            'CFBundleExecutable': 'libifdvpcd.dylib',
            'CFBundleIdentifier': 'com.vsmartcard.virtualsmartcard.mac.ifd-vpcd',
            'CFBundleInfoDictionaryVersion': '6.0',
            'CFBundleName': 'ifd-vpcd',
            'CFBundlePackageType': 'BNDL',
            'CFBundleShortVersionString': VERSION,
            'CFBundleSignature': '????',
            'CFBundleVersion': VERSION,
            'ifdCapabilities': '0x00000000',
            'ifdManufacturerString': 'Virtual Smart Card Architecture',
            'ifdProductString': 'Virtual PCD',
            'ifdProtocolSupport': '0x00000001',
            'ifdVersionNumber': '0x00000001',
            'ifdVendorID': ['0x18d1'],
            'ifdProductID': ['0x4ee1'],
            'ifdFriendlyName': ['Virtual PCD' if HOST == '/dev/null' else HOST + ':0x8C7B'],
        })


class FriendlyName(unittest.TestCase):
    """macOS hands ifdFriendlyName to the driver as the name of the device."""

    def setUp(self):
        self.driver = ctypes.CDLL(os.environ['DRIVER'])
        for function in ('IFDHCreateChannelByName', 'IFDHCloseChannel'):
            getattr(self.driver, function).restype = ctypes.c_long

    def open_by_plist(self, name):
        """Writes the name into a copy of Info.plist, reads it back from there and opens it."""
        with INFO_PLIST.open('rb') as file:
            plist = plistlib.load(file)
        plist['ifdFriendlyName'] = [name]
        with tempfile.NamedTemporaryFile(suffix='.plist') as copy:
            plistlib.dump(plist, copy)
            copy.seek(0)
            read_back = plistlib.load(copy)['ifdFriendlyName'][0]
        return self.driver.IFDHCreateChannelByName(ctypes.c_ulong(0), read_back.encode())

    def close(self):
        self.assertEqual(self.driver.IFDHCloseChannel(ctypes.c_ulong(0)), 0)

    def test_every_form_of_devicename_is_taken(self):
        for form in ('/dev/null:{}', '/dev/null:0x{:X}', '/dev/null:0{:o}', '/dev/null:{}?timeout=5', '*:{}'):
            port = free_port()
            with self.subTest(form=form):
                self.assertEqual(self.open_by_plist(form.format(port)), 0)
                with socket.create_connection(('127.0.0.1', port)):
                    pass
                self.close()
        for form in ('localhost:{}', '127.0.0.1:0x{:X}', '[::1]:{}'):
            with self.subTest(form=form):
                self.assertEqual(self.open_by_plist(form.format(free_port())), 0)
                self.close()

    def test_a_name_without_colon_is_the_default_port(self):
        for _ in range(10):
            if self.open_by_plist('Virtual PCD') == 0:
                break
            # Something else has the port: then nothing but that may be the reason.
            with socket.socket() as probe:
                try:
                    probe.bind(('127.0.0.1', 35963))
                except OSError:
                    self.skipTest('port 35963 is in use')
            # It has just given it up.
        else:
            self.fail('the default port is free, and is not taken')
        with socket.create_connection(('127.0.0.1', 35963)):
            pass
        self.close()

    def test_what_makes_no_sense_is_refused(self):
        for name in ('/dev/null:', '/dev/null:70000', 'host:port', ':35963', '::1:35963'):
            with self.subTest(name=name):
                self.assertNotEqual(self.open_by_plist(name), 0)


if __name__ == '__main__':
    # Nothing but the plain run, whatever meson passes on.
    unittest.main(argv=sys.argv[:1], verbosity=2)
