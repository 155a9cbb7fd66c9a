/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restricted Identification, the chip's side (BSI TR-03110-2, 3.6, TR-03110-3, A.5 and B.4): a name for the holder that is the
 * same at all terminals of a sector, and another one in every other sector. One command, nothing is kept. */
#ifndef AUTH_RESTRICTED_ID_H
#define AUTH_RESTRICTED_ID_H

#include "auth/agreement.h"
#include "auth/terminal_sector.h"
#include "iso7816/sw.h"

/* Variants of the object identifier. */
enum restricted_id_variant { RESTRICTED_ID_DH = 1, RESTRICTED_ID_ECDH = 2 };

struct restricted_id_suite {
	enum restricted_id_variant variant;
	enum digest_kind digest; /* makes the identifier of the shared secret */
};

/* An object identifier of id-RI with key agreement and hash function. False: none such; *out is untouched. */
MUST_USE bool restricted_id_suite_parse(struct bytes oid, struct restricted_id_suite *out);

/* Everything is borrowed. */
struct restricted_id {
	struct restricted_id_suite suite;
	struct
	    bytes private; /* SK_ID, big-endian: for any domain parameters in which it is a key */
	const struct terminal_sectors *sectors; /* of the terminal */
	struct random *random;
};

/* GENERAL AUTHENTICATE: A0, the public key of the first sector with its domain parameters, or A2, that of the second, or
 * both. Appends the response's data: 81, 83, the identifiers. SW_WRONG_DATA: malformed, not a valid key, or not that of
 * the terminal's certificate; SW_NO_DIAGNOSIS. *answer holds nothing of use then. */
MUST_USE enum sw restricted_id_general(
    const struct restricted_id *restricted_id, struct bytes data, struct writer *answer);

#endif
