# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The specimen passport: everything that it offers by itself, every way of reading."""
import common
import support
from inspection import IS_TEMPLATE, Inspection
from plans import READINGS
from terminal import lds, pace, signed
from terminal.errors import CardError


def test_everything():
    """One visit with all that the chip offers."""
    csca, terminal = support.csca(), support.specimen_terminal()
    with support.Passport('--specimen') as card:
        visit = Inspection(card)
        infos = visit.card_access()
        assert infos, 'no EF.CardAccess'
        visit.enter_by_pace(infos.pace[0], chat=IS_TEMPLATE).application()
        visit.read_groups(without=(3, 4))
        signer = visit.passive(csca)
        common.equal(lds.mrz_of(visit.group(1)), support.MRZ.text, 'MRZ')
        face = lds.Face(visit.group(2))
        if face.type == 'jpeg':
            common.equal((face.width, face.height), face.size_of_jpeg(), 'size of the picture')
        visit.authenticate_actively()
        visit.authenticate_chip()
        for number in (3, 4):
            if number in visit.com.groups:
                common.equal(support.status_of(card, '00B0%02X00' % (0x80 | number), ne=8), 0x6982, 'DG%d' % number)
        visit.authenticate_terminal(terminal)
        for number in {3, 4} & set(visit.com.groups):
            visit.read(lds.dg(number))
        visit.passive(csca)
        print('    %s; DG %s; signed by %s' % (infos.pace, visit.com.groups, signer.name()))


def test_profiles_of_the_certificates():
    """CSCA and document signer are what Doc 9303-12 asks for."""
    csca = support.csca()
    csca.check_profile(True)
    csca.check_issued_by(csca)
    signer = signed.X509(support.content(support.SPECIMEN, 'signer.der'))
    signer.check_profile(False)
    signer.check_issued_by(csca)


def test_each_access():
    """BAC, and PACE with each PACEInfo and either password, on one chip; every session ends with a reset."""
    with support.Passport('--specimen') as card:
        visit = Inspection(card)
        for info in visit.card_access().pace:
            for reference in (pace.MRZ, pace.CAN):
                card.reset()
                visit.enter_by_pace(info, reference).application().read(lds.COM)
        card.reset()
        Inspection(card).enter_by_bac().read(lds.COM)


def test_ways_of_reading():
    """All ways bring the same bytes."""
    with support.Passport('--specimen', '--protocols', 'bac') as card:
        found = []
        for name, reading in READINGS.items():
            card.reset()
            visit = Inspection(card, **reading).enter_by_bac().read_groups()
            found.append(visit.files)
            assert visit.files == found[0], name
        card.reset()
        Inspection(card).enter_by_bac()
        data = found[0][lds.dg(2)]
        lds.select_file(card, lds.dg(2))
        for offset in (0, 1, 255, 256, 257, len(data) - 1):
            for size in (1, 2, 200):
                want = data[offset:offset + size]
                common.equal(lds.read_at(card, offset, len(want)), want, 'offset %d' % offset)
                common.equal(lds.read_odd(card, offset, len(want)), want, 'offset %d, odd' % offset)
        # What begins beyond the end, and what only ends there
        status = support.status_of(card, '00B0%04X' % len(data), ne=1)
        assert status in (0x6B00, 0x6282), '%04X' % status
        more, status = card.exchange('00B0%04X' % (len(data) - 4), ne=100)
        common.equal(more, data[-4:], 'the end')
        assert status in (0x6282, 0x9000), '%04X' % status


def test_nothing_before_access():
    """Doc 9303-11, 4.2, 4.4.2: neither the files of the application nor EF.CardSecurity; EF.CardAccess, EF.ATR/INFO and
    EF.DIR are free."""
    for protocols in ('bac', 'bac,pace-gm:13:aes-128', 'pace-cam:13:aes-128'):
        with support.Passport('--specimen', '--protocols', protocols) as card:
            if 'pace' in protocols:
                lds.read(card, lds.CARD_ACCESS)
                lds.read(card, lds.CARD_ACCESS, short=True)
            if 'cam' in protocols:
                support.refused(0x6982, lds.read, card, lds.CARD_SECURITY)
                support.refused(0x6982, lds.read, card, lds.CARD_SECURITY, True)
            lds.select_application(card)
            for fid in [lds.COM, lds.SOD] + [lds.dg(number) for number in range(1, 17)]:
                support.refused((0x6982, 0x6A82), lds.read, card, fid)
                support.refused((0x6982, 0x6A82), lds.read, card, fid, True)
            support.refused(0x6982, lds.read, card, lds.COM)
            support.refused(0x6982, lds.read, card, lds.dg(1))
            status = support.status_of(card, '00880000', bytes(8), 256)
            assert status in (0x6982, 0x6985, 0x6D00), 'INTERNAL AUTHENTICATE: %04X' % status


def test_no_session_survives():
    """A reset ends secure messaging: the old keys are worth nothing."""
    for enter in (lambda visit: visit.enter_by_bac(), lambda visit: visit.enter_by_pace().application()):
        with support.Passport('--specimen') as card:
            visit = Inspection(card)
            enter(visit)
            visit.read(lds.COM)
            for again in (card.transport.reset, card.transport.power):
                session = card.sm
                again()
                try:
                    lds.read(card, lds.COM)
                except CardError as error:
                    assert error.sw in (0x6882, 0x6982, 0x6987, 0x6988), error
                else:
                    raise AssertionError('the session survives')
                card.sm = None
                enter(visit)
                assert session is not card.sm


common.main(globals())
