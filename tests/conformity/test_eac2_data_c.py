# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_DATA_C: what EF.ChipSecurity says and how it is coded (TR-03110-3, A.1.1 and A.1.2.3)."""
import hashlib

import common
import eid
import plan
import security_files
from security_files import File
from terminal import oids, pace
from terminal.tlv import dotted


def on_cards(number, function):
    """function(file) for EF.ChipSecurity, verified, of each card."""
    plan.each([('EAC2_DATA_C_%d, card "%s"' % (number, name), files[2]) for name, files in security_files.cards().items()],
              lambda data: function(security_files.verified(data)))


def test_EAC2_DATA_C_1():
    """SecurityInfos in SignedData, whose signature is verified."""
    on_cards(1, lambda file: security_files.security_infos(
        file, 'PACEInfo', 'ChipAuthenticationInfo', 'ChipAuthenticationDomainParameterInfo',
        'ChipAuthenticationPublicKeyInfo', 'TerminalAuthenticationInfo'))


def test_EAC2_DATA_C_2():
    """PACEInfo."""
    on_cards(2, security_files.pace_infos)


def test_EAC2_DATA_C_4():
    """ChipAuthenticationInfo."""
    on_cards(4, security_files.chip_auth_infos)


def test_EAC2_DATA_C_5():
    """ChipAuthenticationDomainParameterInfo."""
    on_cards(5, security_files.chip_auth_domains)


def test_EAC2_DATA_C_6():
    """TerminalAuthenticationInfo."""
    on_cards(6, security_files.terminal_auth_infos)


def test_EAC2_DATA_C_7():
    """CardInfo."""
    on_cards(7, security_files.card_infos)


def test_EAC2_DATA_C_8():
    """ChipAuthenticationPublicKeyInfo."""
    on_cards(8, security_files.chip_keys)


def test_EAC2_DATA_C_9():
    """RestrictedIdentificationInfo."""
    on_cards(9, security_files.sector_infos)


def test_EAC2_DATA_C_10():
    """RestrictedIdentificationDomainParameterInfo."""
    on_cards(10, security_files.sector_domain)


def only(file, kind):
    nodes = file.of(kind)
    assert len(nodes) == 1, '%s %d times' % (kind, len(nodes))
    security_files.check(file, kind)
    return nodes[0]


def test_EAC2_DATA_C_11():
    """PrivilegedTerminalInfo, with the public key of each key in it."""
    def case(file):
        inner = File(only(file, 'PrivilegedTerminalInfo').children()[1].raw)
        keys = inner.ids('ChipAuthenticationInfo')
        common.equal(keys, [0x45], 'keys')
        common.equal(inner.ids('ChipAuthenticationPublicKeyInfo'), keys, 'public keys')
        security_files.chip_keys(inner)
    on_cards(11, case)


def test_EAC2_DATA_C_12():
    """EIDSecurityInfo."""
    on_cards(12, lambda file: only(file, 'EIDSecurityInfo'))


def test_hashes():
    """They are those of the data groups that nobody can write."""
    algorithm, hashes = only(security_files.verified(security_files.cards()['default'][2]),
                             'EIDSecurityInfo').children()[1].children()
    with eid.new_card() as card:
        digest = oids.HASHES[dotted(algorithm.children()[0].value)]
        told = {number.integer(): octets.value for number, octets in (node.children() for node in hashes.children())}
        eid.run(card, eid.specimen(), pace.PIN)
        read = {}
        for number in range(1, 17):
            contents, sw = card.exchange('00B0%02X00' % (0x80 | number), ne=65536)
            assert sw in (0x9000, eid.NO_FILE), 'DG%d: %04X' % (number, sw)
            if sw == 0x9000:
                read[number] = hashlib.new(digest, contents).digest()
        assert len(read) > 8, sorted(read)
        common.equal(told, read)


common.main(globals())
