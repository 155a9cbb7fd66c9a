# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number, size and offset in our PCSC/*.h is that of libpcsclite-dev: both are compiled into the same
program, and what it prints is compared. Usage: test_headers.py OURS THEIRS COMPILER..."""
import os
import re
import subprocess
import sys
import tempfile

TYPES = ['BOOL', 'BYTE', 'UCHAR', 'DWORD', 'LONG', 'ULONG', 'WORD', 'USHORT', 'LPSTR', 'LPCSTR', 'LPVOID', 'LPCVOID',
         'LPBYTE', 'LPCBYTE', 'LPDWORD', 'PDWORD', 'SCARDCONTEXT', 'LPSCARDCONTEXT', 'SCARDHANDLE', 'LPSCARDHANDLE',
         'SCARD_READERSTATE', 'LPSCARD_READERSTATE', 'SCARD_IO_REQUEST', 'LPCSCARD_IO_REQUEST', 'PCSC_TLV_STRUCTURE',
         'PIN_VERIFY_STRUCTURE', 'PIN_MODIFY_STRUCTURE', 'PIN_PROPERTIES_STRUCTURE']
SIGNED = ['BOOL', 'BYTE', 'DWORD', 'LONG', 'ULONG', 'WORD', 'SCARDCONTEXT', 'SCARDHANDLE']
MEMBERS = {
    'SCARD_READERSTATE': ['szReader', 'pvUserData', 'dwCurrentState', 'dwEventState', 'cbAtr', 'rgbAtr'],
    'SCARD_IO_REQUEST': ['dwProtocol', 'cbPciLength'],
    'PCSC_TLV_STRUCTURE': ['tag', 'length', 'value'],
    'PIN_VERIFY_STRUCTURE': ['wPINMaxExtraDigit', 'wLangId', 'ulDataLength', 'abData'],
    'PIN_MODIFY_STRUCTURE': ['wPINMaxExtraDigit', 'wLangId', 'ulDataLength', 'abData'],
    'PIN_PROPERTIES_STRUCTURE': ['wLcdLayout', 'bTimeOut2'],
}
PREFIXES = ('SCARD_', 'MAX_', 'INFINITE', 'PCSCLITE_MAX', 'CM_IOCTL', 'FEATURE_', 'PCSCv2_')
NO_NUMBERS = ('SCARD_PCI_T0', 'SCARD_PCI_T1', 'SCARD_PCI_RAW')


def macros(folder):
    """The names of all constants that applications use."""
    names = set()
    for header in ('pcsclite.h', 'reader.h', 'winscard.h', 'wintypes.h'):
        with open(os.path.join(folder, 'PCSC', header), encoding='utf-8') as file:
            names.update(re.findall(r'^#\s*define\s+(\w+)(?=[ \t]+\S)', file.read(), re.M))
    return sorted(name for name in names if name.startswith(PREFIXES) and name not in NO_NUMBERS)


def program(names):
    lines = ['#include <stddef.h>', '#include <stdio.h>', '#include <PCSC/winscard.h>', '#include <PCSC/reader.h>',
             'int main(void) {']
    lines += ['printf("%s %%lld %%zu\\n", (long long)(%s), sizeof (%s));' % (n, n, n) for n in names]
    lines += ['printf("sizeof %s %%zu\\n", sizeof(%s));' % (t, t) for t in TYPES]
    lines += ['printf("signed %s %%d\\n", (%s)-1 < 0);' % (t, t) for t in SIGNED]
    lines += ['printf("%s.%s %%zu %%zu\\n", offsetof(%s, %s), sizeof ((%s *)0)->%s);' % (t, m, t, m, t, m)
              for t in MEMBERS for m in MEMBERS[t] if m != 'abData']
    return '\n'.join(lines + ['return 0; }', ''])


def run(folder, text, compiler):
    with tempfile.TemporaryDirectory() as work:
        source, made = os.path.join(work, 'headers.c'), os.path.join(work, 'headers')
        with open(source, 'w', encoding='ascii') as file:
            file.write(text)
        # The system's winscard.h includes its neighbours without a folder.
        subprocess.run(compiler + ['-I', folder, '-I', os.path.join(folder, 'PCSC'), '-o', made, source], check=True)
        return subprocess.run([made], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def main(ours, theirs, *compiler):
    if not os.path.exists(os.path.join(theirs, 'PCSC', 'winscard.h')):
        print('skipped: libpcsclite-dev is not installed')
        sys.exit(77)
    text = program(macros(theirs))
    differences = [pair for pair in zip(run(ours, text, list(compiler)), run(theirs, text, list(compiler)))
                   if pair[0] != pair[1]]
    assert not differences, differences
    unknown = set(macros(ours)) - set(macros(theirs))
    assert not unknown, 'only ours has %s' % unknown
    print('%d constants, %d types' % (len(macros(theirs)), len(TYPES)))


main(*sys.argv[1:])
