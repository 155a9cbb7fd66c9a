# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PC/SC for the tests: a thin layer over the system's libpcsclite, by ctypes alone.

The library is loaded at the first use, so that a test can skip where it is missing. Calls that fail
raise Error with the PC/SC code, so a test can say which failure it expects.
"""
import ctypes
import struct
import time

SHARE_EXCLUSIVE, SHARE_SHARED, SHARE_DIRECT = 1, 2, 3
LEAVE, RESET, UNPOWER = 0, 1, 2
T0, T1, ANY = 1, 2, 3
EMPTY, PRESENT, CHANGED = 0x10, 0x20, 0x02

E_TIMEOUT = 0x8010000A
E_NO_SMARTCARD = 0x8010000C
E_READER_UNAVAILABLE = 0x80100017
E_UNSUPPORTED_FEATURE = 0x8010001F
E_NO_READERS_AVAILABLE = 0x8010002E
F_COMM_ERROR = 0x80100013
E_NOT_TRANSACTED = 0x80100016
W_UNRESPONSIVE_CARD = 0x80100066
W_UNPOWERED_CARD = 0x80100067
W_RESET_CARD = 0x80100068
W_REMOVED_CARD = 0x80100069

IOCTL_FEATURE_REQUEST = 0x42000000 + 3400
ATTR_VENDOR_NAME, ATTR_VENDOR_IFD_TYPE = 0x00010100, 0x00010101
ATTR_VENDOR_IFD_VERSION, ATTR_VENDOR_IFD_SERIAL = 0x00010102, 0x00010103
ATTR_ATR_STRING, ATTR_ICC_PRESENCE = 0x00090303, 0x00090300
ATTR_PROTOCOL_TYPES, ATTR_MAXINPUT = 0x00030120, 0x0007A007

BUFFER = 65535 + 3
DWORD, LONG = ctypes.c_ulong, ctypes.c_long


class Error(Exception):
    def __init__(self, call, code):
        super().__init__('%s: %08X' % (call, code))
        self.code = code


class ReaderState(ctypes.Structure):
    _fields_ = [('reader', ctypes.c_char_p), ('user', ctypes.c_void_p), ('current', DWORD),
                ('event', DWORD), ('atr_length', DWORD), ('atr', ctypes.c_ubyte * 33)]


class IoRequest(ctypes.Structure):
    _fields_ = [('protocol', DWORD), ('length', DWORD)]


_library = None


def _call(name, *args):
    global _library
    if _library is None:
        _library = ctypes.CDLL('libpcsclite.so.1')
    function = getattr(_library, name)
    function.restype = LONG
    code = function(*args) & 0xFFFFFFFF
    if code != 0:
        raise Error(name, code)


class Context:
    def __init__(self):
        self.handle = LONG()
        _call('SCardEstablishContext', DWORD(2), None, None, ctypes.byref(self.handle))

    def release(self):
        _call('SCardReleaseContext', self.handle)

    def readers(self):
        length = DWORD(4096)
        text = ctypes.create_string_buffer(length.value)
        try:
            _call('SCardListReaders', self.handle, None, text, ctypes.byref(length))
        except Error as error:
            if error.code == E_NO_READERS_AVAILABLE:
                return []
            raise
        return [name.decode() for name in text.raw[:length.value].split(b'\0') if name]

    def find(self, friendly, slot=0):
        """The full name of a reader; pcscd puts the reader's number in between, as it sees fit."""
        for name in self.readers():
            if name.startswith(friendly + ' ') and name.endswith(' %02d' % slot):
                return name
        raise AssertionError('no slot %d of "%s" among %s' % (slot, friendly, self.readers()))

    def status_change(self, reader, known, timeout=0.0):
        """(state, ATR) of a reader as soon as it differs from known, or after the time."""
        state = ReaderState(reader=reader.encode(), current=known)
        try:
            _call('SCardGetStatusChange', self.handle, DWORD(int(timeout * 1000)),
                  ctypes.byref(state), DWORD(1))
        except Error as error:
            if error.code != E_TIMEOUT:
                raise
        return state.event, bytes(state.atr[:state.atr_length])

    def wait(self, reader, want, timeout=20.0):
        """Waits until a reader is PRESENT or EMPTY, by the events of PC/SC; returns the ATR."""
        deadline = time.monotonic() + timeout
        event, atr = self.status_change(reader, 0)
        while not event & want:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError('%s: state %X, not %X' % (reader, event, want))
            event, atr = self.status_change(reader, event & ~CHANGED, left)
        return atr

    def connect(self, reader, share=SHARE_SHARED, protocol=ANY):
        return Card(self, reader, share, protocol)


class Card:
    def __init__(self, context, reader, share, protocol):
        self.handle, active = LONG(), DWORD()
        _call('SCardConnect', context.handle, reader.encode(), DWORD(share),
              DWORD(0 if share == SHARE_DIRECT else protocol), ctypes.byref(self.handle),
              ctypes.byref(active))
        self.protocol = active.value
        self.buffer = ctypes.create_string_buffer(BUFFER)

    def transmit(self, command):
        """The whole response, status word included."""
        length = DWORD(BUFFER)
        pci = IoRequest(self.protocol, ctypes.sizeof(IoRequest))
        _call('SCardTransmit', self.handle, ctypes.byref(pci), bytes(command),
              DWORD(len(command)), None, self.buffer, ctypes.byref(length))
        return self.buffer.raw[:length.value]

    def reconnect(self, initialization, share=SHARE_SHARED, protocol=ANY):
        active = DWORD()
        _call('SCardReconnect', self.handle, DWORD(share), DWORD(protocol), DWORD(initialization),
              ctypes.byref(active))
        self.protocol = active.value

    def disconnect(self, disposition=LEAVE):
        _call('SCardDisconnect', self.handle, DWORD(disposition))

    def status(self):
        """(protocol, ATR)"""
        name_length, state, protocol = DWORD(0), DWORD(), DWORD()
        atr, atr_length = ctypes.create_string_buffer(64), DWORD(64)
        _call('SCardStatus', self.handle, None, ctypes.byref(name_length), ctypes.byref(state),
              ctypes.byref(protocol), atr, ctypes.byref(atr_length))
        return protocol.value, atr.raw[:atr_length.value]

    def attribute(self, tag):
        length = DWORD(264)  # pcsc-lite refuses to be offered more
        _call('SCardGetAttrib', self.handle, DWORD(tag), self.buffer, ctypes.byref(length))
        return self.buffer.raw[:length.value]

    def control(self, code, data=b''):
        length = DWORD()
        _call('SCardControl', self.handle, DWORD(code), bytes(data), DWORD(len(data)), self.buffer,
              DWORD(BUFFER), ctypes.byref(length))
        return self.buffer.raw[:length.value]

    def features(self):
        """PC/SC part 10: {feature: control code}"""
        answer, found = self.control(IOCTL_FEATURE_REQUEST), {}
        while answer:
            tag, length, code = struct.unpack('>BBI', answer[:6])
            assert length == 4, 'a feature has 4 bytes, not %d' % length
            found[tag] = code
            answer = answer[6:]
        return found
