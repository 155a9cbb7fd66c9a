# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inspection of a passport from the first command to the last: what a border's terminal does
(Doc 9303-11, 4 to 7), with each step checked."""
import support  # noqa: F401
from terminal import active_auth, bac, chip_auth, lds, oids, pace, security_info, signed, terminal_auth
from terminal.errors import CardError, check
from terminal.tlv import oid, tlv

# The template with which a terminal asks for the references of its inspection system (Doc 9303-11, 4.4.4.1).
IS_TEMPLATE = tlv(0x06, oid(oids.IS)) + tlv(0x53, b'\x3f')


class Inspection:
    """One visit of a card. options of reading: short (by short identifier), extended, odd, size."""

    def __init__(self, card, zone=support.MRZ, can=support.CAN, **reading):
        self.card, self.zone, self.can, self.reading = card, zone, can, reading
        self.pace = self.chip = self.infos = self.security = None
        self.files = {}

    # Access

    def card_access(self):
        """The SecurityInfos of EF.CardAccess; None if the chip has no PACE."""
        try:
            data = lds.read(self.card, lds.CARD_ACCESS, short=self.reading.get('short', False))
        except CardError as error:
            check(error.sw == 0x6A82, 'EF.CardAccess: %s', error)
            return None
        self.access = security_info.SecurityInfos(data)
        return self.access

    def enter_by_bac(self):
        lds.select_application(self.card)
        bac.run(self.card, self.zone)
        return self

    def enter_by_pace(self, info=None, reference=pace.MRZ, chat=None):
        """info: one of EF.CardAccess, by default the first."""
        info = info or self.card_access().pace[0]
        password = self.zone if reference == pace.MRZ else self.can
        self.pace = pace.Pace(self.card, info, reference, password, chat=chat).run()
        return self

    def prove_mapping(self, csca):
        """Chip-authentication mapping: with the key of EF.CardSecurity, which the CSCA vouches for."""
        data = lds.read(self.card, lds.CARD_SECURITY, short=self.reading.get('short', False))
        self.security = security_info.SecurityInfos(signed.card_security(data, csca))
        keys = [key for key in self.security.chip_keys if key.key_id == self.pace.info.parameter]
        check(len(keys) == 1, '%d keys %s in EF.CardSecurity', len(keys), self.pace.info.parameter)
        self.pace.check_chip(keys[0])
        missing = [raw for raw in self.access.raw if raw not in self.security.raw]
        check(not missing, 'EF.CardSecurity lacks what EF.CardAccess has: %s', missing)

    # Data

    def application(self):
        lds.select_application(self.card)
        return self

    def read(self, fid):
        data = lds.read(self.card, fid, **self.reading)
        self.files[fid] = data
        return data

    def read_groups(self, without=()):
        """EF.COM, EF.SOD and every group that EF.COM names."""
        self.com = lds.Com(self.read(lds.COM))
        self.sod = signed.SecurityObject(self.read(lds.SOD))
        for number in self.com.groups:
            if number not in without:
                data = self.read(lds.dg(number))
                check(data[0] == lds.TAGS[number], 'DG%d begins with %02X', number, data[0])
        if 14 in self.com.groups:
            self.infos = security_info.SecurityInfos(lds.security_infos_of(self.files[lds.dg(14)]))
            if self.pace:
                missing = [raw for raw in self.access.raw if raw not in self.infos.raw]
                check(not missing, 'DG14 lacks what EF.CardAccess has: %s', missing)
        return self

    def group(self, number):
        return self.files[lds.dg(number)]

    def passive(self, csca):
        """EF.SOD is signed, and what was read is what was signed."""
        signer = self.sod.verify(csca)
        for number in self.com.groups:
            check(number in self.sod.hashes, 'EF.SOD has no hash of DG%d', number)
        for fid, data in self.files.items():
            if 0x0101 <= fid <= 0x0110:
                self.sod.check_group(fid & 0x1F, data)
        return signer

    # Authentication

    def authenticate_chip(self, kat=False, info=None):
        """Chip Authentication, version 1."""
        infos = [one for one in self.infos.chip_auth if one.version == 1]
        check(infos, 'DG14 has no ChipAuthenticationInfo')
        info = info or infos[0]
        run = chip_auth.ChipAuth(self.card, info, self.infos.chip_key(info))
        self.chip = run.run_kat() if kat else run.run()
        lds.select_file(self.card, lds.COM)  # the first command with the new keys proves them
        return self

    def authenticate_actively(self):
        return active_auth.run(self.card, self.group(15), self.infos, extended=self.reading.get('extended', False))

    def id_picc(self):
        """By what terminal authentication names the chip."""
        return self.pace.id_picc() if self.pace else self.zone.document.encode()

    def compressed(self):
        """The newest key that authenticates the chip."""
        return self.chip.compressed() if self.chip else self.pace.group.compress(self.pace.pk_ifd)

    def references(self):
        """The trust points, from PACE or from EF.CVCA."""
        if self.pace and self.pace.cars:
            return self.pace.cars
        return lds.references_of(self.read_cvca())

    def read_cvca(self):
        lds.select_file(self.card, lds.CVCA)
        data = self.card.command('00B00000', ne=36)
        check(len(data) == 36, 'EF.CVCA has %d bytes', len(data))
        return data

    def authenticate_terminal(self, terminal, link_size=0):
        chain = terminal_auth.chain_to(terminal.certificates, self.references())
        terminal_auth.present(self.card, chain, link_size)
        terminal_auth.authenticate(self.card, chain[-1], terminal.key, self.id_picc(), self.compressed())
        return self
