/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The object identifiers of BSI's protocols (ICAO 9303-11, 9.2; BSI TR-03110-3, A.1): id-PACE and id-CA, a variant, a
 * cipher. */
#ifndef AUTH_SUITE_H
#define AUTH_SUITE_H

#include "crypto/cipher.h"

#define SUITE_OID_SIZE 10

/* Arcs below 0.4.0.127.0.7.2.2. */
enum suite_protocol { SUITE_CHIP_AUTH = 3, SUITE_PACE = 4 };

struct suite {
	uint8_t oid[SUITE_OID_SIZE]; /* the value of the object, without tag */
	uint8_t variant; /* the arc that says which key agreement, and with PACE which mapping */
	enum cipher_kind kind;
};

/* Any variant. False: not of the protocol, or no such cipher; *out is untouched. */
MUST_USE bool suite_parse(struct bytes oid, enum suite_protocol protocol, struct suite *out);

#endif
