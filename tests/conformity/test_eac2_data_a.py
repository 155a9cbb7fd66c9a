# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""BSI TR-03105-3.3, unit EAC2_DATA_A: what EF.CardAccess says and how it is coded (TR-03110-3, A.1.1 and A.1.2.1)."""
import common
import plan
import security_files


def on_cards(number, function, wanted=('default', 'pseudonyms', 'private')):
    """function(file) for EF.CardAccess of these cards."""
    plan.each([('EAC2_DATA_A_%s, card "%s"' % (number, name), security_files.cards()[name]) for name in wanted],
              lambda files: function(security_files.File(files[0])))


def test_EAC2_DATA_A_1a():
    """SecurityInfos, with PACE and Terminal Authentication."""
    on_cards('1a', lambda file: security_files.security_infos(file, 'PACEInfo', 'TerminalAuthenticationInfo'))


def test_EAC2_DATA_A_1b():
    """With Chip Authentication, since EF.CardSecurity is not for everybody."""
    on_cards('1b', lambda file: security_files.security_infos(
        file, 'ChipAuthenticationInfo', 'ChipAuthenticationDomainParameterInfo'))


def test_EAC2_DATA_A_2():
    """PACEInfo."""
    on_cards('2', security_files.pace_infos)


def test_EAC2_DATA_A_4():
    """ChipAuthenticationInfo."""
    on_cards('4', security_files.chip_auth_infos)


def test_EAC2_DATA_A_5():
    """ChipAuthenticationDomainParameterInfo."""
    on_cards('5', security_files.chip_auth_domains)


def test_EAC2_DATA_A_6():
    """TerminalAuthenticationInfo."""
    on_cards('6', security_files.terminal_auth_infos)


def test_EAC2_DATA_A_7():
    """CardInfo."""
    on_cards('7', security_files.card_infos)


def of_kind(kind):
    def case(file):
        assert file.of(kind), 'no ' + kind
        security_files.check(file, kind)
    return case


def test_EAC2_DATA_A_8():
    """PSAInfo, of a card with pseudonyms."""
    on_cards('8', of_kind('PSAInfo'), ['pseudonyms'])


def test_EAC2_DATA_A_9():
    """PrivilegedTerminalInfo, of a card that has it there."""
    on_cards('9', of_kind('PrivilegedTerminalInfo'), ['private'])


common.main(globals())
