/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication, versions 1 and 2, the chip's side (ICAO 9303-11, 6.2; BSI TR-03110-1, 3.4, TR-03110-2, 3.4,
 * TR-03110-3, A.4, B.2 and B.3): the static key of the chip and the terminal's ephemeral one make the keys of a new
 * session. One command each, nothing is kept between them. */
#ifndef AUTH_CHIP_AUTH_H
#define AUTH_CHIP_AUTH_H

#include "auth/agreement.h"
#include "auth/session_keys.h"
#include "auth/suite.h"
#include "iso7816/sw.h"

#define CHIP_AUTH_NONCE_SIZE 8

/* Variants of the object identifier. */
enum chip_auth_variant { CHIP_AUTH_DH = 1, CHIP_AUTH_ECDH = 2 };

enum chip_auth_version { CHIP_AUTH_1 = 1, CHIP_AUTH_2 = 2 };

/* Everything is borrowed. */
struct chip_auth {
	enum chip_auth_version version;
	struct suite suite;    /* not for MSE:Set KAT, which is of 3DES */
	struct agreement *key; /* the static key pair */
	struct random *random; /* version 2 */
	struct bytes
	    compressed; /* version 2: Comp(PK) that Terminal Authentication has named; empty: any */
	struct bytes nonce; /* version 2: r; empty: it is drawn */
};

/* MSE:Set AT has named this object identifier: whether it is one of the key's. */
MUST_USE bool chip_auth_fits(const struct suite *suite, const struct agreement *key);

/* The data field of MSE:Set KAT: 91, the ephemeral public key, and 84, the reference of the static key (empty: none). Other
 * objects do not count. False: malformed, or no 91, or an object twice. */
MUST_USE bool chip_auth_parse_kat(struct bytes data, struct bytes *public, struct bytes *reference);

/* MSE:Set KAT: *out has the keys of the new session, for the commands after this one. SW_WRONG_DATA: malformed, or the
 * public key is not valid; SW_NO_DIAGNOSIS. */
MUST_USE enum sw chip_auth_set_kat(
    struct chip_auth *chip_auth, struct bytes data, struct session_keys *out);

/* GENERAL AUTHENTICATE: 80, the ephemeral public key. Appends the response's data: an empty template, with version 2 nonce and token.
 * SW_WRONG_DATA; SW_WARNING_CHANGED (6300): another key than was named; SW_CONDITIONS_NOT_SATISFIED: key and object
 * identifier do not fit; SW_NO_DIAGNOSIS. *out is untouched, *answer holds nothing of use. */
MUST_USE enum sw chip_auth_general(struct chip_auth *chip_auth, struct bytes data,
    struct writer *answer, struct session_keys *out);

#endif
