# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity cards as BSI TR-03105-3.3 wants them: with all data groups, with fingers and irises."""
import contextlib
import json
import tempfile

import eid
from terminal.tlv import tlv

# What the card that is made when nothing is said has not.
PERSON = '''DateOfExpiry=20301031
DateOfBirth=19640812
DateOfIssuance=20201101
CommunityID=02760378900276
PhoneNumber=tel:+49-30-1234567
EmailAddress=erika@example.com
dg12=6C083106300406025504
dg14=6E040402AABB
dg16=70020500
'''


@contextlib.contextmanager
def full(*options):
    """A card with DG1 to DG22."""
    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'person', PERSON)
        with eid.new_card('--datasetfile', path, *options) as card:
            yield card


@contextlib.contextmanager
def with_biometrics():
    """A card whose application of passports has DG3 and DG4."""
    with eid.Kept('--epassport') as kept:
        kept.stop()
        with open(kept.path) as file:
            image = json.load(file)
        passport = next(df for df in image['mf']['files'] if df.get('name') == 'A0000002471001')
        example = next(ef for ef in passport['files'] if ef['fid'] == '0101')
        for number, tag in ((3, 0x63), (4, 0x76)):
            data = tlv(tag, bytes(range(20)))
            passport['files'].append({**example, 'fid': '01%02X' % number, 'sfi': number, 'size': len(data), 'data': data.hex()})
        with open(kept.path, 'w') as file:
            json.dump(image, file)
        kept.start('--file', kept.path)
        yield kept.card
