# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity cards as BSI TR-03105-3.3 wants them: with all data groups, with fingers and irises."""
import contextlib
import json
import tempfile

import eid
from terminal.tlv import tlv

# What the card that is made when nothing is said has not, or otherwise.
PERSON = '''DateOfExpiry=20301031
DateOfBirth=19640812
DateOfIssuance=20201101
Nationality=D
CommunityID=02760378900276
PhoneNumber=tel:+49-30-1234567
EmailAddress=erika@example.com
dg12=optional
dg14=signature
dg16=reserved
'''
PASSPORT, EID = 'A0000002471001', eid.EID.hex().upper()


@contextlib.contextmanager
def full(*options):
    """A card with DG1 to DG22, of which DG12, DG14 and DG16 are no data objects."""
    with tempfile.TemporaryDirectory() as folder:
        path = eid.file_in(folder, 'person', PERSON)
        with eid.new_card('--datasetfile', path, *options) as card:
            yield card


@contextlib.contextmanager
def changed(change, *options):
    """A card that has been made with these options, and then another image: change(image)."""
    with eid.Kept(*options) as kept:
        kept.stop()
        with open(kept.path) as file:
            image = json.load(file)
        change(image)
        with open(kept.path, 'w') as file:
            json.dump(image, file)
        kept.start('--file', kept.path)
        yield kept.card


def put_group(image, application, number, data):
    """A data group of an application, as DG1 of the same, but for its contents."""
    files = next(df['files'] for df in image['mf']['files'] if df.get('name') == application)
    first = next(ef for ef in files if ef['fid'] == '0101')
    fid = '01%02X' % number
    files[:] = [ef for ef in files if ef['fid'] != fid]
    files.append({**first, 'fid': fid, 'sfi': number, 'size': len(data), 'data': data.hex()})


def with_biometrics():
    """A card whose application of passports has DG3 and DG4."""
    def change(image):
        put_group(image, PASSPORT, 3, tlv(0x63, bytes(20)))
        put_group(image, PASSPORT, 4, tlv(0x76, bytes(20)))
    return changed(change, '--epassport')
