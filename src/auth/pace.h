/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE, the chip's side (ICAO 9303-11, 4.4; BSI TR-03110-2, 3.2, TR-03110-3, A.3 and B.1): what MSE:Set AT has chosen,
 * then four GENERAL AUTHENTICATE commands. After any failure nothing is left, and a new one must be made. */
#ifndef AUTH_PACE_H
#define AUTH_PACE_H

#include "auth/agreement.h"
#include "auth/session_keys.h"
#include "auth/suite.h"
#include "iso7816/sw.h"

#define PACE_CARS 2

/* Passwords by their reference in data object 83. */
enum pace_password { PACE_MRZ = 1, PACE_CAN = 2, PACE_PIN = 3, PACE_PUK = 4 };

/* Variants of the object identifier. */
enum pace_variant {
	PACE_DH_GM = 1,
	PACE_ECDH_GM = 2,
	PACE_DH_IM = 3,
	PACE_ECDH_IM = 4,
	PACE_ECDH_CAM = 6,
};

/* Appends what K_pi is derived from: of the MRZ (document number, dates of birth and expiry, each with its check digit) the
 * SHA-1 hash, of the others the characters themselves. ERR_FORMAT: the password is empty; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int pace_seed(enum pace_password kind, struct bytes password, struct writer *out);

/* What would be drawn; each empty: it is. */
struct pace_fixed {
	struct bytes nonce;   /* s */
	struct bytes mapping; /* SK_Map,IC */
	struct bytes private; /* SK_DH,IC */
};

/* Everything is borrowed, and must outlive the run. */
struct pace_setup {
	struct suite suite;
	struct domain domain;
	struct bytes seed; /* of the password */
	struct random *random;
	const struct ec_key *chip; /* of chip authentication mapping: the static key; else NULL */
	struct bytes car
	    [PACE_CARS]; /* references to CV certificates to be named, the newest first; empty: none */
	const struct pace_fixed *fixed; /* NULL: all is drawn */
};

struct pace;

/* Whether the standard has this combination of mapping, cipher and domain parameters. */
bool pace_is_supported(const struct suite *suite, const struct domain *domain);

/* ERR_UNSUPPORTED: the standard has no such combination of mapping, domain parameters and cipher; ERR_FORMAT: the chip's key is
 * not one of these domain parameters; ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int pace_new(const struct pace_setup *setup, struct pace **out);
void pace_free(struct pace *pace);

/* A GENERAL AUTHENTICATE with this data field; last: without command chaining. Appends the response's data.
 * SW_WRONG_DATA: malformed, not the step that is due, or an invalid public key; SW_WARNING_CHANGED (6300): another
 * password; SW_LAST_OF_CHAIN_EXPECTED; SW_CONDITIONS_NOT_SATISFIED: it is over, or the chain ended before the time;
 * SW_NO_DIAGNOSIS. After anything but SW_OK, and so after a step too many, all is wiped, and *answer holds nothing of
 * use. */
MUST_USE enum sw pace_step(struct pace *pace, bool last, struct bytes data, struct writer *answer);

/* The new session's keys, of a run that has succeeded; else NULL. */
const struct session_keys *pace_keys(const struct pace *pace);

/* The chip's ephemeral public key of such a run, as Terminal Authentication needs it; else empty. */
struct bytes pace_chip_public(const struct pace *pace);

/* The terminal's, likewise: after chip authentication mapping Terminal Authentication 1 is bound to it. */
struct bytes pace_terminal_public(const struct pace *pace);

#endif
