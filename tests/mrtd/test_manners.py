# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers differ in what they send, and all of these are right: forms of SELECT and READ BINARY, short and extended
length, the forms of secure messaging, with and without references that are not needed."""
import common
import support
from inspection import IS_TEMPLATE, Inspection
from terminal import bac, chip_auth, lds, pace, terminal_auth
from terminal.sm import encode
from terminal.tlv import one, tlv


def raw(card, text):
    """A plain command in hex; its data, which may have to be fetched. It must succeed."""
    data, status = card.whole(bytes.fromhex(text.replace(' ', '')))
    common.equal('%04X' % status, '9000', text)
    return data


AID = lds.AID.hex()


def test_selecting_the_application():
    """TR-03105-3.1, ISO7816_A: with and without a response, with every Le."""
    forms = ['00A4040C 07' + AID, '00A40400 07' + AID, '00A40400 07' + AID + '00', '00A4040C 07' + AID + '00',
             '00A40404 07' + AID + '00', '00A40400 000007' + AID + '0000', '00A4040C 000007' + AID]
    with support.Passport('--specimen') as card:
        for form in forms:
            card.reset()
            raw(card, form)
            bac.run(card, support.MRZ)
            lds.read(card, lds.COM)
            card.sm = None


def test_selecting_the_master_file():
    with support.Passport('--specimen') as card:
        for form in ('00A4000C 023F00', '00A40000', '00A4000C', '00A40000 023F00 00', '00A40000 023F00'):
            lds.select_application(card)
            raw(card, form)
            lds.select_file(card, lds.CARD_ACCESS)


def test_reading_card_access():
    """With what readers begin: by FID, by short identifier; Le of 0, of more than there is."""
    with support.Passport('--specimen') as card:
        whole = lds.read(card, lds.CARD_ACCESS)
        for form in ('00B09C00 00', '00B09C00 000000', '00B09C00 08', '00B09C00 %02X' % len(whole)):
            card.reset()
            data, status = card.whole(bytes.fromhex(form.replace(' ', '')))
            assert status in (0x9000, 0x6282), '%s: %04X' % (form, status)
            assert whole.startswith(data) and data, form
        card.reset()
        for form in ('00A4020C 02011C', '00A40200 02011C00', '00A40204 02011C00', '00A4000C 02011C', '00A4020C 000002011C'):
            raw(card, form)
            common.equal(raw(card, '00B00000 04'), whole[:4], form)


def test_forms_of_bac():
    """Le of EXTERNAL AUTHENTICATE: 28, 00, extended."""
    for ne, extended in ((40, False), (256, False), (40, True), (65536, True)):
        with support.Passport('--protocols', 'bac') as card:
            lds.select_application(card)
            exchange = card.exchange

            def changed(header, data=b'', old=None, wide=False):
                again = header[:4] == '0082'
                return exchange(header, data, ne if again else old, extended if again else wide)
            card.exchange = lambda header, *more, **named: changed(header.hex(), *more, **named)
            bac.run(card, support.MRZ)
            card.exchange = exchange
            lds.read(card, lds.COM)


class Form(pace.Pace):
    """PACE with GENERAL AUTHENTICATE in another form."""
    ne, extended = 256, False

    def general_authenticate(self, objects, last=False):
        answer = self.card.command('00860000' if last else '10860000', tlv(0x7C, objects), self.ne, self.extended)
        return one(answer, 0x7C)


def test_forms_of_pace():
    for protocol in ('pace-gm:13:aes-128', 'pace-gm:2:aes-256', 'pace-im:18:aes-192', 'pace-cam:17:aes-256'):
        with support.Passport('--specimen', '--can', support.CAN, '--protocols', protocol) as card:
            info = Inspection(card).card_access().pace[0]
            for ne, extended in ((256, False), (65536, True), (1000, True)):
                for name_parameter in (True, False):
                    card.reset()
                    run = Form(card, info, pace.CAN, support.CAN, name_parameter=name_parameter)
                    run.ne, run.extended = ne, extended
                    run.run()
                    lds.select_application(card)
                    lds.read(card, lds.COM)


def test_each_pace_in_one_session():
    """Many readers run one PACE after the other, for all in EF.CardAccess, and go on with the counter of the first session.
    A passport refuses what comes after the first, and the session stays as it was (TR-03105-3.2, ISO7816_L_14)."""
    with support.Passport('--specimen', '--can', support.CAN) as card:
        visit = Inspection(card)
        infos = visit.card_access().pace
        assert len(infos) == 2, infos
        for enter in (lambda: visit.enter_by_pace(infos[0]), lambda: visit.enter_by_pace(infos[1]), visit.enter_by_bac):
            card.reset()
            enter()
            for info in infos:
                for reference, password in ((pace.CAN, support.CAN), (pace.MRZ, support.MRZ)):
                    run = pace.Pace(card, info, reference, password)
                    support.refused(0x6985, run.set_at)
                    support.refused(0x6985, run.get_nonce)
            lds.select_application(card)
            visit.read(lds.COM)


def test_forms_of_secure_messaging():
    """Outer Le of short and extended length, DO 97 of one and of two bytes, a class with bit 4 alone is not ours."""
    with support.Passport('--protocols', 'bac') as card:
        visit = Inspection(card).enter_by_bac()
        data = visit.read(lds.dg(2))
        lds.select_file(card, lds.dg(2))

        def read(le, outer, extended):
            session = card.sm
            session.count()
            header = bytes.fromhex('0CB00000')
            body = tlv(0x97, le)
            body += tlv(0x8E, session.checksum(header, body))
            answer, status = card.whole(encode(header, body, outer, extended))
            common.equal('%04X' % status, '9000', 'DO 97 %s' % le.hex())
            return session.open(answer, status)

        for le, size in ((b'\x08', 8), (b'\0\x08', 8), (b'\xdf', 223), (b'\0\xdf', 223), (b'\x01\x00', 256)):
            for outer, extended in ((256, False), (256, True), (65536, True)):
                common.equal(read(le, outer, extended), data[:size], 'DO 97 %s' % le.hex())
        for outer, extended, size in ((256, False, 231), (256, True, 231), (65536, True, 256), (128, False, 103)):
            common.equal(read(b'\0', outer, extended), data[:size], 'DO 97 00, %d' % outer)
        common.equal(read(b'\0\0', 65536, True), data, 'DO 97 0000')
        common.equal(read(b'\x10\0', 65536, True), data[:4096], 'DO 97 1000')
        common.equal(read(b'\x10\0', 256, False), data[:4096], 'DO 97 1000, short')


def test_reading_without_get_response():
    """Readers that ask for all there is in short length, and know no GET RESPONSE: gmrtd and icao-9303 read so. As many
    bytes come as fit into one response with their protection, and the next READ BINARY goes on behind them."""
    for protocols, most in (('bac', 231), ('pace-gm:13:aes-128', 223), ('pace-gm:13:aes-256', 223), ('pace-gm:2:3des', 231)):
        with support.Passport('--specimen', '--protocols', protocols) as card:
            visit = Inspection(card)
            visit.enter_by_bac() if protocols == 'bac' else visit.enter_by_pace().application()
            card.whole = card.raw
            for name in (lds.COM, lds.SOD, lds.dg(2)):
                data = visit.read(name)
                lds.select_file(card, name)
                read = b''
                while len(read) < len(data):
                    part = card.command('00B0%04X' % len(read), ne=256)
                    common.equal(len(part), min(most, len(data) - len(read)), protocols)
                    read += part
                common.equal(read, data, protocols)
            whole = card.command('00B10000', b'\x54\x01\x00', ne=256)
            common.equal(one(whole, 0x53).value, data[:most - 3], 'odd INS')


def test_the_rest_in_the_class_of_the_command():
    """A response that is longer than its Le allows is fetched in plain. Some interfaces, javax.smartcardio among them,
    repeat the whole class of the command then, with its bits for chaining and secure messaging."""
    with support.Passport('--specimen', '--can', support.CAN, '--protocols', 'pace-gm:2:aes-128,aa') as card:
        def whole(command):
            data, status = card.raw(command)
            while status >> 8 == 0x61:
                classes.add(command[0])
                more, status = card.raw(bytes([command[0], 0xC0, 0, 0, status & 0xFF]))
                data += more
            return data, status
        classes = set()
        card.whole = whole
        run = Form(card, Inspection(card).card_access().pace[0], pace.CAN, support.CAN)
        run.ne, run.extended = 256, True
        run.run()
        lds.select_application(card)
        data = lds.read(card, lds.dg(2))
        common.equal(card.command('00B08200', ne=255), data[:255])
        common.equal(len(card.command('00880000', bytes(8), ne=256)), 256)
        common.equal(classes, {0x10, 0x0C})


def test_forms_of_chip_authentication():
    """With the key's number though there is one key alone, and the other way round; the ephemeral key with leading
    zeros as some DH terminals send it."""
    for protocol in ('ca:13:aes-128', 'ca:0:3des', 'ca:2:aes-256'):
        with support.Passport('--protocols', 'bac,' + protocol) as card:
            visit = Inspection(card).enter_by_bac().read_groups()
            info, key = visit.infos.chip_auth[0], visit.infos.chip_key(visit.infos.chip_auth[0])
            for extended in (False, True):
                run = chip_auth.ChipAuth(card, info, key)
                run.set_at()
                octets = run.group.encode(run.pk).rjust(run.group.size, b'\0')
                answer = card.command('00860000', tlv(0x7C, tlv(0x80, octets)), 65536 if extended else 256, extended)
                common.equal(answer, b'\x7c\0')
                card.sm = run._session()
                lds.read(card, lds.COM)


def test_extended_certificates():
    """PSO: VERIFY CERTIFICATE, MSE and the others in extended length."""
    terminal = support.specimen_terminal()
    with support.Passport('--protocols', 'pace-gm:13:aes-128,ca:13:aes-256,ta', '--can', support.CAN) as card:
        visit = Inspection(card)
        visit.card_access()
        visit.enter_by_pace(chat=IS_TEMPLATE).application().read_groups(without=(3, 4)).authenticate_chip()
        chain = terminal_auth.chain_to(terminal.certificates, visit.references())
        for certificate in chain:
            card.command('002281B6', tlv(0x83, certificate.car), extended=True)
            card.command('002A00BE', certificate.body + tlv(0x5F37, certificate.signature), extended=True)
        card.command('002281A4', tlv(0x83, chain[-1].chr), extended=True)
        challenge = card.command('00840000', ne=8, extended=True)
        signed = visit.id_picc() + challenge + visit.compressed()
        card.command('00820000', terminal.key.sign(chain[-1].scheme, signed), extended=True)
        visit.read(lds.dg(3))


def drawn(group, wanted):
    """A private key with which wanted() holds: for the one in 256 that begins with a zero."""
    while True:
        private = group.random()
        if wanted(private):
            return private


def test_leading_zeros_in_pace():
    """Public values of DH in fewer bytes than the prime has (Doc 9303-11, 9.4.3), coordinates that begin with zero."""
    for protocol in ('pace-gm:0:aes-128', 'pace-gm:8:aes-128'):
        with support.Passport('--can', support.CAN, '--protocols', protocol) as card:
            info = Inspection(card).card_access().pace[0]
            group = info.group

            def short(private):
                octets = group.encode(group.power(private, group.generator))
                return len(octets) < group.size if group.kind == 'dh' else octets[1] == 0

            card.reset()
            run = pace.Pace(card, info, pace.CAN, support.CAN, sk_map=drawn(group, short))
            for step in (run.set_at, run.get_nonce, run.map_nonce):
                step()

            def short_key(private):
                octets = group.encode(group.power(private, run.generator))
                return len(octets) < group.size if group.kind == 'dh' else octets[1] == 0

            run.sk_dh = drawn(group, short_key)
            run.agree()
            run.authenticate()
            lds.select_application(card)
            lds.read(card, lds.COM)


def test_leading_zeros_in_chip_authentication():
    """Public keys and shared secrets that begin with zero; Comp() of them in terminal authentication."""
    terminal = support.specimen_terminal()
    for protocol in ('ca:0:aes-128', 'ca:8:3des', 'ca:13:aes-256'):
        with support.Passport('--protocols', 'bac,ta,' + protocol) as card:
            visit = Inspection(card).enter_by_bac().read_groups(without=(3, 4))
            info = visit.infos.chip_auth[0]
            key = visit.infos.chip_key(info)
            group = key.group
            for wanted in (lambda sk: group.power(sk, group.generator) is not None and group.encode(
                               group.power(sk, group.generator)).rjust(1 + group.size, b'\0')[1] == 0,
                           lambda sk: group.secret(sk, key.element)[0] == 0):
                card.reset()
                visit.enter_by_bac()
                visit.chip = chip_auth.ChipAuth(card, info, key, drawn(group, wanted)).run()
                lds.select_file(card, lds.COM)
                visit.authenticate_terminal(terminal).read(lds.dg(3))


common.main(globals())
