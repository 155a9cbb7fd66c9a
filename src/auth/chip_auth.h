/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication, the chip's side (ICAO 9303-11, 6.2; BSI TR-03110-1, 3.4, TR-03110-2, 3.4 and 3.5, TR-03110-3, A.4 and
 * B.2): the static key of the chip and the terminal's ephemeral one make the keys of a new session. In version 3 both are
 * ephemeral, and the chip shows by a pseudonymous signature that its one is a chip's (auth/pseudonymous.h). One command
 * each, nothing is kept between them. */
#ifndef AUTH_CHIP_AUTH_H
#define AUTH_CHIP_AUTH_H

#include "auth/agreement.h"
#include "auth/session_keys.h"
#include "auth/suite.h"
#include "iso7816/sw.h"

#define CHIP_AUTH_NONCE_SIZE 8

/* Variants of the object identifier. */
enum chip_auth_variant { CHIP_AUTH_DH = 1, CHIP_AUTH_ECDH = 2 };

enum chip_auth_version { CHIP_AUTH_1 = 1, CHIP_AUTH_2 = 2, CHIP_AUTH_3 = 3 };

/* Everything is borrowed. */
struct chip_auth {
	enum chip_auth_version version;
	struct suite suite;    /* not for MSE:Set KAT, which is of 3DES */
	struct agreement *key; /* the static key pair; version 3: its domain alone */
	struct random *random; /* from version 2 on */
	struct bytes
	    compressed; /* from version 2 on: Comp(PK) that Terminal Authentication has named; empty: any */
	struct bytes nonce;   /* version 2: r; empty: it is drawn */
	struct bytes private; /* version 3: the ephemeral key; empty: it is drawn */
};

/* MSE:Set AT has named this object identifier: whether it is one of the key's domain parameters. */
MUST_USE bool chip_auth_fits(const struct suite *suite, const struct agreement *key);

/* The data field of MSE:Set KAT: 91, the ephemeral public key, and 84, the reference of the static key (empty: none). Other
 * objects do not count. False: malformed, or no 91, or an object twice. */
MUST_USE bool chip_auth_parse_kat(struct bytes data, struct bytes *public, struct bytes *reference);

/* MSE:Set KAT: *out has the keys of the new session, for the commands after this one. SW_WRONG_DATA: malformed, or the
 * public key is not valid; SW_NO_DIAGNOSIS. */
MUST_USE enum sw chip_auth_set_kat(
    struct chip_auth *chip_auth, struct bytes data, struct session_keys *out);

/* GENERAL AUTHENTICATE: 80, the ephemeral public key. Appends the response's data, a template: empty; with version 2 nonce and
 * token; with version 3 the chip's ephemeral public key, and then the template's value is what is to be signed afterwards.
 * SW_WRONG_DATA; SW_WARNING_CHANGED (6300): another key than was named; SW_CONDITIONS_NOT_SATISFIED: key and object
 * identifier do not fit; SW_NO_DIAGNOSIS. *out is untouched, *answer holds nothing of use. */
MUST_USE enum sw chip_auth_general(struct chip_auth *chip_auth, struct bytes data,
    struct writer *answer, struct session_keys *out);

#endif
