/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small card on the base of passports and identity cards, for tests. Its MF has EF.CardAccess (011C, short 1C, free); the
 * application A0000002471001 has EF.COM (011E, short 1E) and EF.CVCA (011C, short 1C), open after BAC or PACE, and
 * DG3 (0103, short 03), open to inspection systems with that right. */
#ifndef TESTS_CARDS_EAC_CARD_H
#define TESTS_CARDS_EAC_CARD_H

#include "auth/chip_auth.h"
#include "cards/eac/eac.h"

#define EAC_CARD_MRZ "L898902C<369080619406236" /* ICAO 9303-11, D.2 */
#define EAC_CARD_CAN "123456"
#define EAC_CARD_PIN "654321"
#define EAC_CARD_PUK "9876543210"
#define EAC_CARD_NUMBER "L898902C<3"

extern const struct card_type eac_card;

/* Object identifiers of the suites: id-PACE or id-CA, variant, cipher 1 to 4. */
struct bytes eac_card_oid(
    uint8_t memory[SUITE_OID_SIZE], enum suite_protocol protocol, uint8_t variant, uint8_t cipher);

#endif
