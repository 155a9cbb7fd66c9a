# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICAO's plan, unit LDS_I: EF.CardAccess (Doc 9303-10, 3.11.3; 9303-11, 9.2)."""
import common
import passports
from security_infos import infos_of, pace_info, those
from terminal import oids
from terminal.domains import DOMAINS
from terminal.errors import check

MANY = ','.join(['pace-%s:13:%s' % (mapping, cipher) for mapping in ('gm', 'im') for cipher in (
    '3des', 'aes-128', 'aes-192', 'aes-256')] + ['pace-cam:18:aes-256', 'ca:13:aes-128'])
PASSPORTS = {
    'specimen': passports.SPECIMEN, 'all ciphers': ('--specimen', '--protocols', 'bac,' + MANY),
    'all parameters': ('--specimen', '--protocols', ','.join('pace-gm:%d:aes-128' % number for number in DOMAINS)),
}


def each(function):
    passports.each(PASSPORTS, lambda files: function(files['EF.CardAccess']))


def test_LDS_I_1():
    """A set of infos, in DER, PACEInfos among them."""
    def case(data):
        infos_of(data)
        check(those(data, oids.PACE, 2), 'no PACEInfo')
    each(case)


def test_LDS_I_2():
    """Each PACEInfo, all different."""
    def case(data):
        found = [(name, pace_info(name, rest)) for name, rest in those(data, oids.PACE, 2)]
        common.equal(len(found), len(set(found)), 'infos')
    each(case)


def test_LDS_I_3():
    """A PACEDomainParameterInfo is there for parameters that are not standardized, and only for them; the chip has none."""
    each(lambda data: common.equal(those(data, oids.PACE, 1), [], 'PACEDomainParameterInfo'))


def test_LDS_I_4():
    """Who offers chip authentication mapping offers generic or integrated mapping, too."""
    def case(data):
        kinds = {oids.MAPPINGS[int(name.split('.')[-2])][0] for name, _ in those(data, oids.PACE, 2)}
        check('cam' not in kinds or kinds & {'gm', 'im'}, 'mappings %s', kinds)
    each(case)


common.main(globals())
