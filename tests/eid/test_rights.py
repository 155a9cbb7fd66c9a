# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what (BSI TR-03110-4, 2.1.3 and 2.2.3; TR-03127, tables 1 to 4): every right of an authentication
terminal alone, none, all; inspection systems and signature terminals; each function of the card allowed exactly
where the standard says. Rights come from the CHAT of PACE, from the terminal's certificate, from the document
verifier's."""
import tempfile

import eid
from eid import (AGE, ALL, CAN_ALLOWED, DENIED, INSTALL, MUNICIPALITY, OK, PIN_MANAGEMENT, PRIVILEGED,
                 RESTRICTED_ID, read_bit, write_bit)
import common
import support
from general_procedure import Procedure
from terminal import chip_auth, lds, oids, pace, security_info
from terminal.errors import CardError
from terminal.tlv import oid, tlv

# Every data group there is.
DATASET = '''DateOfExpiry=20401031
DateOfBirth=19640812
dg12=6C083106300406025504
dg14=6E040402AABB
dg16=70020500
DateOfIssuance=20201101
PhoneNumber=+49 30 1234567
EmailAddress=erika@utopia.example
'''
AUXILIARY = eid.auxiliary(birth='20000101', expiry='20261122', municipality='0276037890')
CHIP_SECURITY = 0x011B
RI_AUTHORIZED, RI_FREE, KEY_PRIVILEGED = 0x43, 0x44, 0x45
RI = oids.RI + '.2.3'


def verify(card, arc):
    return eid.status(card, '80208000', tlv(0x06, eid.auxiliary_oid(arc)))


def compare(card, arc):
    return eid.status(card, '00330000', tlv(0x06, eid.auxiliary_oid(arc)))


def identify(card, key):
    """Restricted Identification up to where the rights are known: a sector that nobody knows is wrong data then."""
    chosen = eid.status(card, '002241A4', tlv(0x80, oid(RI)) + tlv(0x84, bytes([key])))
    if chosen != OK:
        return chosen
    asked = eid.status(card, '00860000', tlv(0x7C, tlv(0xA0, b'')), 256)
    return OK if asked == eid.WRONG_DATA else asked


def in_esign(card, function):
    lds.select_application(card, eid.ESIGN)
    try:
        return function(card)
    finally:
        lds.select_application(card, eid.EID)


def write_certificate(fid):
    return lambda card: in_esign(card, lambda card: eid.update(card, fid, b'\x30\x00'))


def rewrite(number, contents):
    """The data group as it is."""
    return lambda card: eid.status(card, '00D6%02X00' % (0x80 | number), contents[number])


def deactivate(card):
    """The PIN, and back if that went well."""
    first = eid.status(card, '00041003')
    return first if first != OK else eid.status(card, '00441003')


def has(bit):
    return lambda rights: bool(rights >> bit & 1)


def always(rights):
    return True


def installer(rights):
    return bool(rights >> INSTALL & 3)


def functions(contents):
    """name: (who may, what is done). What is refused is refused with 6982."""
    table = {}
    for number in range(1, 23):
        table['read DG%d' % number] = has(read_bit(number)), lambda card, n=number: eid.group_status(card, n)
    for number in range(17, 23):
        table['write DG%d' % number] = has(write_bit(number)), rewrite(number, contents)
    for number in (1, 8, 16):
        table['write DG%d' % number] = lambda rights: False, rewrite(number, contents)
    table.update({
        'age by VERIFY': (has(AGE), lambda card: verify(card, 1)),
        'age by COMPARE': (has(AGE), lambda card: compare(card, 1)),
        'municipality by VERIFY': (has(MUNICIPALITY), lambda card: verify(card, 3)),
        'municipality by COMPARE': (has(MUNICIPALITY), lambda card: compare(card, 3)),
        'validity by VERIFY': (always, lambda card: verify(card, 2)),
        'validity by COMPARE': (always, lambda card: compare(card, 2)),
        'Restricted Identification, key for the authorized': (has(RESTRICTED_ID),
                                                              lambda card: identify(card, RI_AUTHORIZED)),
        'Restricted Identification, key for all': (always, lambda card: identify(card, RI_FREE)),
        'unblock the PIN': (has(PIN_MANAGEMENT), lambda card: eid.status(card, '002C0303')),
        'change the PIN': (has(PIN_MANAGEMENT), lambda card: eid.status(card, '002C0203', b'111111')),
        'deactivate and activate the PIN': (has(PIN_MANAGEMENT), deactivate),
        'activate the PIN': (has(PIN_MANAGEMENT), lambda card: eid.status(card, '00441003')),
        'write C000': (installer, write_certificate(0xC000)),
        'write C001': (installer, write_certificate(0xC001)),
    })
    return table


def tried(card, table, rights, what):
    """All functions in one session."""
    wrong = []
    for name, (may, function) in table.items():
        got, want = function(card), OK if may(rights) else DENIED
        if got != want:
            wrong.append('%s: %s is answered %04X, not %04X' % (what, name, got, want))
    return wrong


class Person:
    """A card with every data group, what is in them, and the table of its functions."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        path = eid.file_in(self.folder.name, 'person', DATASET)
        self.context = eid.new_card('--datasetfile', path)
        self.card = self.context.__enter__()
        eid.run(self.card, eid.specimen())
        self.contents = {n: self.card.command('00B0%02X00' % (0x80 | n), ne=256) for n in range(1, 23)}
        self.table = functions(self.contents)
        return self

    def __exit__(self, *error):
        self.folder.cleanup()
        return self.context.__exit__(*error)


def no_faults(wrong):
    assert not wrong, '%d faults:\n    %s' % (len(wrong), '\n    '.join(wrong))


def single_rights():
    return [(0, 'no right'), (ALL[oids.AT], 'all rights')] + [(1 << bit, 'right %d alone' % bit) for bit in range(38)]


def test_chat():
    """Every right of the CHAT alone, with every function."""
    with Person() as person:
        wrong = []
        for rights, what in single_rights():
            eid.run(person.card, eid.specimen(), rights=rights, aux=AUXILIARY)
            wrong += tried(person.card, person.table, rights, what)
        no_faults(wrong)


def test_all_but_one():
    with Person() as person:
        wrong = []
        for bit in range(38):
            rights = ALL[oids.AT] & ~(1 << bit)
            eid.run(person.card, eid.specimen(), rights=rights, aux=AUXILIARY)
            wrong += tried(person.card, person.table, rights, 'all rights but %d' % bit)
        no_faults(wrong)


def test_certificates():
    """The same by the certificate of the terminal, and by that of the document verifier; what the other one and the
    CHAT of PACE have more does not count (TR-03110-3, 2.7)."""
    with Person() as person:
        wrong, authority = [], eid.root()
        chosen = [0, ALL[oids.AT]] + [1 << bit for bit in (0, 1, 2, 5, 6, 7, 8, 29, 32, 37)]
        for rights in chosen:
            for who in ('dv', 'terminal'):
                terminal = eid.chain(authority, **{who: {'rights': rights}})
                eid.run(person.card, terminal, rights=ALL[oids.AT], aux=AUXILIARY)
                wrong += tried(person.card, person.table, rights, '%s with %010X' % (who, rights))
        no_faults(wrong)


def test_and_of_all():
    """Rights are those that CHAT, terminal and document verifier have in common."""
    with Person() as person:
        wrong, authority = [], eid.root()
        for chat, terminal, dv in ((0x3F2AAAAA55, 0x0F3FFFFF0F, 0x333FF0FFFF), (0x15FFFFFFFF, 0x3FFFFFAAAA, 0x3FAAAAAAFF),
                                   (0x00FFFFFF20, 0x3FFFFFFF21, 0x3FFFFFFFA0)):
            made = eid.chain(authority, dv={'rights': dv}, terminal={'rights': terminal})
            eid.run(person.card, made, rights=chat, aux=AUXILIARY)
            wrong += tried(person.card, person.table, chat & terminal & dv, '%X and %X and %X' % (chat, terminal, dv))
        no_faults(wrong)


def test_with_can():
    """Without "CAN allowed" an authentication terminal gets nothing with the CAN (TR-03110-2, 2.3.2.1)."""
    with Person() as person:
        wrong = []
        for rights in (ALL[oids.AT], 1 << CAN_ALLOWED | 1 << AGE | 1 << read_bit(4), 1 << CAN_ALLOWED):
            eid.run(person.card, eid.specimen(), pace.CAN, rights, aux=AUXILIARY)
            table = {name: row for name, row in person.table.items() if 'PIN' not in name}
            wrong += tried(person.card, table, rights, 'CAN with %X' % rights)
        for rights in (0, ALL[oids.AT] & ~(1 << CAN_ALLOWED)):
            try:
                eid.run(person.card, eid.specimen(), pace.CAN, rights, aux=AUXILIARY)
            except CardError as error:
                assert error.sw in (DENIED, 0x6985, 0x6A80), error
                continue
            wrong += [fault for fault in tried(person.card, person.table, 0, 'CAN with %X' % rights)
                      if 'validity' not in fault and 'key for all' not in fault]
        no_faults(wrong)


def test_inspection_system():
    """It reads every data group, writes none, and has no special function."""
    with Person() as person:
        for rights in (0, 3, ALL[oids.IS]):
            eid.run(person.card, eid.specimen(oids.IS), pace.CAN, rights, oids.IS, aux=AUXILIARY)
            table = {name: (always if name.startswith('read DG') else lambda rights: False, function)
                     for name, (may, function) in person.table.items() if name != 'Restricted Identification, key for all'}
            table.pop('validity by VERIFY')
            table.pop('validity by COMPARE')
            no_faults(tried(person.card, table, rights, 'inspection system'))


def test_signature_terminal():
    """It has nothing to do with the eID application."""
    with Person() as person:
        for reference in (pace.PIN, pace.CAN, pace.PUK):
            eid.run(person.card, eid.specimen(oids.ST), reference, ALL[oids.ST], oids.ST, aux=AUXILIARY)
            table = {name: (lambda rights: False, function) for name, (may, function) in person.table.items()
                     if name not in ('Restricted Identification, key for all', 'write C000', 'write C001')}
            no_faults(tried(person.card, table, ALL[oids.ST], 'signature terminal'))


def test_privileged():
    """EF.ChipSecurity and the card's own key are for privileged terminals: inspection systems, and authentication
    terminals with that right (TR-03110-2, 2.1.4; TR-03110-3, A.1.2)."""
    rows = [(oids.AT, pace.PIN, 1 << PRIVILEGED, True), (oids.AT, pace.PIN, ALL[oids.AT], True),
            (oids.AT, pace.PIN, ALL[oids.AT] & ~(1 << PRIVILEGED), False), (oids.AT, pace.PIN, 0, False),
            (oids.IS, pace.CAN, 0, True), (oids.ST, pace.PIN, ALL[oids.ST], False)]
    with eid.new_card() as card:
        for kind, reference, rights, may in rows:
            for chip_security in (True, False):
                procedure = Procedure(card, eid.specimen(kind)).enter(reference, eid.chat(kind, rights))
                assert eid.status(card, '00B09B00', ne=8) == DENIED, 'before terminal authentication'
                procedure.authenticate_terminal()
                what = '%s, %X' % (kind, rights)
                eid.expect(eid.status(card, '00B09B00', ne=8), OK if may else DENIED, what)
                if chip_security and may:
                    with_own_key(procedure, kind == oids.IS or bool(rights >> read_bit(1) & 1))
                elif not may:
                    name = tlv(0x80, procedure.info.oid) + tlv(0x84, bytes([KEY_PRIVILEGED]))
                    eid.expect(eid.status(card, '002241A4', name), (DENIED, 0x6A88, 0x6A80), what)
                    procedure.authenticate_chip(eid.CSCA)


def with_own_key(procedure, may_read):
    """Chip Authentication with the key in EF.ChipSecurity."""
    card = procedure.card
    data = lds.read(card, CHIP_SECURITY, short=True)
    contents = support.signed.card_security(data, eid.CSCA)
    infos = security_info.SecurityInfos(contents)
    privileged = [security_info.SecurityInfos(node.raw) for parts in infos.others.get(oids.PT, []) for node in parts]
    every = [infos] + privileged
    info = next(info for one in every for info in one.chip_auth if info.key_id == KEY_PRIVILEGED)
    key = next(key for one in every for key in one.chip_keys if key.key_id == KEY_PRIVILEGED)
    chip_auth.ChipAuth(card, info, key, procedure.sk).run()
    procedure.application()
    eid.expect(eid.group_status(card, 1), OK if may_read else DENIED, 'DG1')


def test_nothing_without_chip_authentication():
    """Rights are bound to the keys that come of the terminal's ephemeral one (TR-03110-2, 3.3.2)."""
    with Person() as person:
        procedure = Procedure(person.card, eid.specimen()).enter()
        procedure.authenticate_terminal(AUXILIARY).application()
        no_faults(tried(person.card, {name: (lambda rights: False, function) for name, (may, function) in
                                      person.table.items()}, 0, 'before chip authentication'))


def test_age():
    """Successful if the day of birth is not after the required one; day and month that are not known count as the
    last (TR-03110-3, A.7.5.2; TR-03127, 4.4.1.2)."""
    rows = [('19640812', '19640812', True), ('19640812', '19640811', False), ('19640812', '19640813', True),
            ('19640812', '19650101', True), ('19640812', '19631231', False), ('196408', '19640831', True),
            ('196408', '19640830', False), ('1964', '19641231', True), ('1964', '19641230', False)]
    compared('DateOfBirth', 'birth', 1, rows)


def test_validity():
    """Successful if the date of expiry is not before the current day (A.7.5.3)."""
    compared('DateOfExpiry', 'expiry', 2, [('20301031', '20301031', True), ('20301031', '20301101', False),
                                           ('20301031', '20301030', True), ('20301031', '20290101', True),
                                           ('20301031', '20991231', False)])


def test_municipality():
    """The leftmost octets are compared (A.7.5.4)."""
    stored = '02760378900276'
    compared('CommunityID', 'municipality', 3, [
        (stored, stored, True), (stored, '02', True), (stored, '0276', True), (stored, '0277', False),
        (stored, '76', False), (stored, stored + '00', False), (stored, '02760378900277', False)])


def compared(key, name, arc, rows):
    with tempfile.TemporaryDirectory() as folder:
        for stored in sorted({row[0] for row in rows}):
            path = eid.file_in(folder, 'person', '%s=%s\n' % (key, stored))
            with eid.new_card('--datasetfile', path) as card:
                for value, want in [row[1:] for row in rows if row[0] == stored]:
                    eid.run(card, eid.specimen(), aux=eid.auxiliary(**{name: value}))
                    what = '%s %s against %s' % (name, stored, value)
                    eid.expect(verify(card, arc), OK if want else 0x6300, what + ' by VERIFY')
                    eid.expect(compare(card, arc), OK if want else 0x6340, what + ' by COMPARE')


def test_auxiliary_data():
    """Data that were not sent, or not with the terminal's signature; data twice: the last count (A.7.5)."""
    with Person() as person:
        card = person.card
        eid.run(card, eid.specimen(), aux=eid.auxiliary(expiry='20261122'))
        eid.expect(verify(card, 1), (0x6A88,), 'age without data')
        eid.expect(compare(card, 3), (0x6A88,), 'municipality without data')
        eid.expect(verify(card, 9), (0x6A88,), 'what nobody knows')
        eid.expect(verify(card, 2), OK, 'validity')
        eid.run(card, eid.specimen())
        eid.expect(verify(card, 2), (0x6A88,), 'validity without data, after a session that had them')

        def template(arc, value):
            return tlv(0x73, tlv(0x06, eid.auxiliary_oid(arc)), tlv(0x53, value))

        eid.run(card, eid.specimen(), aux=tlv(0x67, template(2, b'20991231'), template(2, b'20261122')))
        eid.expect(verify(card, 2), OK, 'the last of two')
        eid.run(card, eid.specimen(), aux=tlv(0x67, template(2, b'20261122'), template(2, b'20991231')))
        eid.expect(verify(card, 2), 0x6300, 'the last of two')
        eid.run(card, eid.specimen(), aux=tlv(0x67, template(77, b'what'), template(2, b'20261122')))
        eid.expect(verify(card, 2), OK, 'beside an unknown template')
        eid.run(card, eid.specimen(), aux=eid.auxiliary(birth='2000010'))
        eid.expect(verify(card, 1), (0x6300, 0x6A80, 0x6A88), 'a date of seven figures')


def test_written():
    """What is written is read again, by another terminal and after a power cut; a longer and a shorter one."""
    with eid.Kept() as kept:
        card = kept.card
        for text in (b'Kn', b'X' * 30, b'Utopia-Stadt'):
            value = tlv(0x73, tlv(0xA1, tlv(0x0C, text)))
            eid.run(card, eid.specimen(), rights=1 << write_bit(19))
            eid.expect(eid.status(card, '00D69300', value), OK, 'UPDATE BINARY')
            kept.cut()
            eid.run(card, eid.specimen(), rights=1 << read_bit(19))
            common.equal(lds.read(card, lds.dg(19)), value, 'DG19')


def test_much_auxiliary_data():
    """As much as a card takes: what it does not know, and in the end a day that counts."""
    known = eid.auxiliary(birth='20000101')
    padding = tlv(0x73, tlv(0x06, oid(oids.BSI + '3.1.4.9')), tlv(0x53, bytes(4096 - 60)))
    everything = tlv(0x67, padding + known[2:])
    assert 4064 < len(everything) <= 4096, len(everything)
    with eid.new_card() as card:
        eid.run(card, eid.specimen(), rights=1 << eid.AGE, aux=everything)
        eid.expect(eid.status(card, '80208000', tlv(0x06, eid.auxiliary_oid(1))), OK, 'age')


common.main(globals())
