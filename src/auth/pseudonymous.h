/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures, the chip's side (BSI TR-03110-2, 3.5 and 3.7, TR-03110-3, A.6, B.2 and B.5): of itself, which is the
 * second part of Chip Authentication 3 (PSA), of a message (PSM), and of what it has in its files (PSC). One command each,
 * nothing is kept. */
#ifndef AUTH_PSEUDONYMOUS_H
#define AUTH_PSEUDONYMOUS_H

#include "auth/terminal_sector.h"
#include "crypto/pseudonym.h"
#include "iso7816/sw.h"

#define PSEUDONYMOUS_OID_SIZE 11
#define PSEUDONYMOUS_VARIANTS 3

/* Arcs below id-PS. */
enum pseudonymous_variant { PSEUDONYMOUS_PSA = 1, PSEUDONYMOUS_PSM = 2, PSEUDONYMOUS_PSC = 3 };

struct pseudonymous_suite {
	uint8_t oid[PSEUDONYMOUS_OID_SIZE];
	enum pseudonymous_variant variant;
	enum digest_kind digest;
};

/* False: none such, with ECDH and ECSchnorr; *out is untouched. */
MUST_USE bool pseudonymous_suite_parse(struct bytes oid, struct pseudonymous_suite *out);

/* What ps1-authInfo and ps2-authInfo say: whether a terminal is told that pseudonym. */
bool pseudonymous_grants(uint32_t auth_info, bool is_authorized);

/* Everything is borrowed. */
struct pseudonymous {
	struct pseudonymous_suite suite;
	struct pseudonym_key *key;
	uint32_t domain;                        /* by which the terminal's certificate knows it */
	bool granted[PSEUDONYMS];               /* which pseudonyms are told */
	const struct terminal_sectors *sectors; /* of the terminal */
	struct bytes nonce[PSEUDONYMS];         /* empty: they are drawn */
};

/* Each appends the response's data: 82, 83, the pseudonyms, 84, the signature. SW_SECURITY_STATUS: no pseudonym is granted;
 * SW_WRONG_DATA: malformed, or a key that is not valid or not that of the terminal's certificate; SW_NO_DIAGNOSIS. *answer
 * holds nothing of use then. */

/* GENERAL AUTHENTICATE with 80, the sector's public key. message: the value of the template that the first part of Chip
 * Authentication 3 has answered. */
MUST_USE enum sw pseudonymous_general(const struct pseudonymous *pseudonymous, struct bytes data,
    struct bytes message, struct writer *answer);

/* What the terminal has committed itself to in Terminal Authentication. */
struct pseudonymous_commitment {
	struct bytes auxiliary;  /* data object 67 */
	enum digest_kind digest; /* of the terminal's signature */
};

/* PSO: Compute Digital Signature with 80, and 81, the message. SW_WRONG_DATA: also of another message than the terminal has
 * committed itself to. */
MUST_USE enum sw pseudonymous_message(const struct pseudonymous *pseudonymous, struct bytes data,
    const struct pseudonymous_commitment *commitment, struct writer *answer);

/* Appends credentials as they are signed (A.6.5.1): the contents of n files or attributes in a template. */
void pseudonymous_put_credentials(const struct bytes *contents, size_t n, struct writer *out);

/* PSO: Compute Digital Signature with 80 alone. credentials: as above. */
MUST_USE enum sw pseudonymous_credentials(const struct pseudonymous *pseudonymous,
    struct bytes data, struct bytes credentials, struct writer *answer);

#endif
