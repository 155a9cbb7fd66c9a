# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample data of a test passport of 2008 (VICC_TEST_DATA/lds-bsi2008): they personalise a card and come back byte
for byte, with new keys and a new EF.SOD, or all eight files as they are."""
import os
import subprocess
import tempfile

import common
import support
from inspection import Inspection
from terminal import chip_auth, lds, mrz, security_info, signed

FOLDER = os.path.join(support.TEST_DATA, 'lds-bsi2008')
GROUPS = 1, 2, 3, 4, 14, 15


def path(number):
    return os.path.join(FOLDER, 'Datagroup%d.bin' % number)


def data(number):
    return support.content(path(number))


def need_data():
    if not support.TEST_DATA:
        raise common.Skip('VICC_TEST_DATA is not set')
    if not os.path.isdir(FOLDER):
        raise common.Skip('%s is not there' % FOLDER)


def zone():
    return mrz.Mrz(lds.mrz_of(data(1)))


def given(numbers):
    return [word for number in numbers for word in ('--dg', '%d=%s' % (number, path(number)))]


def test_groups_1_to_4():
    """EF.COM, DG14, DG15 and EF.SOD are made anew; the keys work."""
    need_data()
    csca = support.csca()
    with support.Passport('--specimen', *given((1, 2, 3, 4))) as card:
        visit = Inspection(card, zone()).enter_by_bac().read_groups(without=(3, 4))
        common.equal(sorted(set(visit.com.groups) & {1, 2, 3, 4, 14, 15}), [1, 2, 3, 4, 14, 15], 'groups')
        visit.authenticate_actively()
        visit.authenticate_chip()
        visit.authenticate_terminal(support.specimen_terminal())
        for number in (3, 4):
            visit.read(lds.dg(number))
        for number in (1, 2, 3, 4):
            assert visit.group(number) == data(number), 'DG%d has changed' % number
        visit.passive(csca)


def test_openssl_accepts_the_security_object():
    """EF.SOD is a CMS message for openssl, too."""
    need_data()
    with support.Passport('--specimen', *given((1, 2))) as card:
        accepted_by_openssl(Inspection(card, zone()).enter_by_bac().read(lds.SOD))


def accepted_by_openssl(sod, name='csca.der'):
    with tempfile.TemporaryDirectory() as folder:
        def file(part, content=None):
            if content is not None:
                with open(os.path.join(folder, part), 'wb') as out:
                    out.write(content)
            return os.path.join(folder, part)

        message = signed.SecurityObject(sod)
        subprocess.run(['openssl', 'x509', '-inform', 'DER', '-in', os.path.join(support.SPECIMEN, name),
                        '-out', file('csca.pem')], check=True)
        done = subprocess.run(
            ['openssl', 'cms', '-verify', '-inform', 'DER', '-in', file('sod', sod[sod.index(b'\x30'):]), '-CAfile',
             file('csca.pem'), '-purpose', 'any', '-out', file('content')], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert support.content(folder, 'content') == message.signed.content, 'openssl finds another content'


def test_specimen_for_openssl():
    with support.Passport('--specimen') as card:
        accepted_by_openssl(Inspection(card).enter_by_bac().read(lds.SOD))


def test_all_eight_files():
    """The card serves them unchanged, and claims no key that it does not have."""
    need_data()
    com, sod = (os.path.join(FOLDER, name) for name in ('EF_COM.bin', 'EF_SOD.bin'))
    with support.Passport('--specimen', *given(GROUPS), '--com', com, '--sod', sod) as card:
        visit = Inspection(card, zone()).enter_by_bac()
        assert visit.read(lds.COM) == support.content(com), 'EF.COM has changed'
        assert visit.read(lds.SOD) == support.content(sod), 'EF.SOD has changed'
        for number in GROUPS:
            found = visit.read(lds.dg(number))
            assert found == data(number), 'DG%d has changed' % number
        infos = security_info.SecurityInfos(lds.security_infos_of(data(14)))
        run = chip_auth.ChipAuth(card, infos.chip_auth[0], infos.chip_key(infos.chip_auth[0]))
        no_such = 0x6A80, 0x6A81, 0x6A88, 0x6982, 0x6985, 0x6D00
        support.refused(no_such, run.run_kat)
        support.refused(no_such, run.run)
        support.refused(no_such, card.command, '00880000', bytes(8), 256)
        assert card.sm and visit.read(lds.COM), 'the session is over'


common.main(globals())
