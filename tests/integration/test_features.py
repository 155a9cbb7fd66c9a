# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader says of itself: the features of PC/SC part 10, the attributes, with and without a card."""
import harness
import winscard

FEATURE_TLV_PROPERTIES = 0x12


def check(handle):
    features = handle.features()
    properties = handle.control(features[FEATURE_TLV_PROPERTIES])
    harness.contains(properties, bytes.fromhex('0A04F6FF0000'))  # dwMaxAPDUDataSize = 65526
    for tag in (winscard.ATTR_VENDOR_NAME, winscard.ATTR_VENDOR_IFD_TYPE):
        assert handle.attribute(tag).strip(b'\0'), 'attribute %X is empty' % tag
    harness.equal(len(handle.attribute(winscard.ATTR_VENDOR_IFD_VERSION)), 4)
    handle.attribute(winscard.ATTR_VENDOR_IFD_SERIAL)
    protocols = int.from_bytes(handle.attribute(winscard.ATTR_PROTOCOL_TYPES), 'little')
    assert protocols & (winscard.T0 | winscard.T1), 'no protocol: %X' % protocols
    try:
        handle.control(0x42000000 + 9999)
    except winscard.Error as error:
        harness.equal(error.code, winscard.E_UNSUPPORTED_FEATURE, 'a control code that is not known')
    else:
        raise AssertionError('a control code that is not known was accepted')


def run(t):
    t.pcscd()
    context = winscard.Context()
    t.vicc_at(context, harness.READER_0)
    card = context.connect(harness.READER_0)
    check(card)
    harness.equal(card.attribute(winscard.ATTR_ATR_STRING), harness.ATR)
    harness.equal(card.protocol, winscard.T1, 'protocol (the ATR offers T=1 alone)')
    check(context.connect(harness.READER_1, winscard.SHARE_DIRECT))


harness.main(run, ['driver', 'vicc'])
