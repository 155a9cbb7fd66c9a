# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_DATA_B: what EF.CardSecurity says and how it is coded (TR-03110-3, A.1.1 and A.1.2.2)."""
import common
import plan
import security_files

SAME = ('PACEInfo', 'PACEDomainParameterInfo', 'ChipAuthenticationInfo', 'ChipAuthenticationDomainParameterInfo', 'PSAInfo',
        'TerminalAuthenticationInfo', 'PSMInfo', 'CardInfo')


def on_cards(number, function, wanted=('default', 'pseudonyms', 'private')):
    """function(file, access) for EF.CardSecurity, verified, and EF.CardAccess of these cards."""
    def case(files):
        function(security_files.verified(files[1]), security_files.File(files[0]))
    plan.each([('EAC2_DATA_B_%d, card "%s"' % (number, name), security_files.cards()[name]) for name in wanted], case)


def alone(number, function):
    on_cards(number, lambda file, access: function(file))


def test_EAC2_DATA_B_1():
    """SecurityInfos in SignedData, whose signature is verified."""
    alone(1, lambda file: security_files.security_infos(
        file, 'PACEInfo', 'ChipAuthenticationInfo', 'ChipAuthenticationDomainParameterInfo',
        'ChipAuthenticationPublicKeyInfo', 'TerminalAuthenticationInfo'))


def test_EAC2_DATA_B_2():
    """PACEInfo."""
    alone(2, security_files.pace_infos)


def test_EAC2_DATA_B_4():
    """ChipAuthenticationInfo."""
    alone(4, security_files.chip_auth_infos)


def test_EAC2_DATA_B_5():
    """ChipAuthenticationDomainParameterInfo."""
    alone(5, security_files.chip_auth_domains)


def test_EAC2_DATA_B_6():
    """TerminalAuthenticationInfo."""
    alone(6, security_files.terminal_auth_infos)


def test_EAC2_DATA_B_7():
    """CardInfo."""
    alone(7, security_files.card_infos)


def test_EAC2_DATA_B_8():
    """ChipAuthenticationPublicKeyInfo."""
    alone(8, security_files.chip_keys)


def test_EAC2_DATA_B_9():
    """RestrictedIdentificationInfo."""
    alone(9, security_files.sector_infos)


def test_EAC2_DATA_B_10():
    """RestrictedIdentificationDomainParameterInfo."""
    alone(10, security_files.sector_domain)


def missing(file, access):
    there = {node.raw for node in file.nodes}
    return [node for kind in SAME for node in access.of(kind) if node.raw not in there]


def test_EAC2_DATA_B_11():
    """All of EF.CardAccess but PrivilegedTerminalInfo is there."""
    def case(file, access):
        assert not missing(file, access), missing(file, access)
    on_cards(11, case, ['private'])


def test_what_is_told_openly():
    """EF.CardAccess of the other cards, which is that of real ones, has key 45 outside PrivilegedTerminalInfo: nothing but
    that is not in EF.CardSecurity."""
    on_cards(11, lambda file, access: common.equal({security_files.number(node) for node in missing(file, access)}, {0x45}),
             ['default', 'pseudonyms'])


common.main(globals())
