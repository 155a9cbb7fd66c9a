# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of ICAO's plan share: passports with all data groups, ways in, files in the order of the plan."""
import os
import tempfile

import passports
import support
from inspection import Inspection
from terminal import lds
from terminal.tlv import tlv

FOLDER = tempfile.TemporaryDirectory()
# Fingers and irises are open to whom the rest is: there is no Terminal Authentication.
PROTOCOLS = 'bac,pace-gm:13:aes-128,pace-cam:13:aes-128,aa,ca:13:3des,ca:13:aes-128'
FILES = {'EF.COM': (lds.COM, 0x60), 'EF.SOD': (lds.SOD, 0x77),
         **{'EF.DG%d' % number: (lds.dg(number), lds.TAGS[number]) for number in range(1, 17)}}
WAYS = 'bac', 'pace'


def group_options():
    """The data groups that the specimen has not, so that there are all sixteen."""
    for number in (5, 6, 7, 8, 9, 10, 13, 16):
        path = os.path.join(FOLDER.name, 'dg%d' % number)
        with open(path, 'wb') as file:
            file.write(tlv(lds.TAGS[number], bytes(range(250))))
        yield from ('--dg', '%d=%s' % (number, path))


def passport(protocols=PROTOCOLS):
    return support.Passport(*passports.SPECIMEN, '--protocols', protocols, *group_options())


def enter(card, way):
    """Resets the card; in the application after 'bac' or 'pace' ('cam': with chip authentication mapping)."""
    card.reset()
    visit = Inspection(card)
    if way == 'bac':
        return visit.enter_by_bac()
    mapping = 'cam' if way == 'cam' else 'gm'
    info = [info for info in visit.card_access().pace if info.mapping == mapping][0]
    return visit.enter_by_pace(info).application()


def fid_of(fid):
    return fid.to_bytes(2, 'big')


def by_sfi(fid):
    """The header of READ BINARY by short identifier."""
    return bytes([0x00, 0xB0, 0x80 | lds.short_identifier(fid), 0x00])


def cases(unit, first, names=tuple(FILES)):
    """Rows for the files in the order of the plan: the case's name, file identifier, tag."""
    return [('ISO7816_%s_%d, %s' % (unit, first + at, name), *FILES[name]) for at, name in enumerate(names)]
