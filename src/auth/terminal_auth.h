/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication, versions 1 and 2, the chip's side (BSI TR-03110-1, 3.5, TR-03110-2, 3.3, TR-03110-3, 2.5, A.7 and
 * B.3): a chain of CV certificates from a trust point to the terminal, then a signature over the chip's challenge. */
#ifndef AUTH_TERMINAL_AUTH_H
#define AUTH_TERMINAL_AUTH_H

#include "auth/authorization.h"
#include "auth/terminal_sector.h"
#include "auth/trust_points.h"
#include "iso7816/sw.h"

#define TERMINAL_AUTH_CHALLENGE_SIZE 8

/* What the card keeps is borrowed, must outlive the run, and is changed by certificates that may change it. */
struct terminal_auth_setup {
	struct trust_points *trust; /* for the kind of terminal that PACE has named */
	struct date *today;         /* the card's; year 0: none is known */
	bool ignore_dates;          /* certificates do not expire, and today stays */
	const struct chat *
	    confined; /* version 2: what PACE has confined the terminal to; copied. NULL: nothing */
	struct bytes extensions; /* and with it: the value of data object 65; copied */
	struct random *random;
};

struct terminal_auth;

/* ERR_NO_MEMORY. */
MUST_USE int terminal_auth_new(const struct terminal_auth_setup *setup, struct terminal_auth **out);
void terminal_auth_free(struct terminal_auth *auth);

/* MSE:Set DST with data object 83: who has issued the next certificate, a trust point or the last certificate's holder.
 * SW_REFERENCE_NOT_FOUND: neither. */
MUST_USE enum sw terminal_auth_set_issuer(struct terminal_auth *auth, struct bytes reference);

/* PSO: Verify Certificate: body and signature. *changed: today or the trust points are others than before, and must be
 * kept. SW_CONDITIONS_NOT_SATISFIED: no issuer has been set; SW_WRONG_DATA: malformed; SW_WARNING_CHANGED (6300): not accepted;
 * SW_NO_DIAGNOSIS. After a failure the issuer must be set again; the last holder is still known (A.7.2.2). */
MUST_USE enum sw terminal_auth_verify_certificate(
    struct terminal_auth *auth, struct bytes content, bool *changed);

/* MSE:Set AT with data object 83, the terminal whose key will sign, and 80, the algorithm (version 1: empty).
 * SW_REFERENCE_NOT_FOUND: not the last certificate's holder, or no terminal; SW_WRONG_DATA: another algorithm than that
 * of the certificate. */
MUST_USE enum sw terminal_auth_set_terminal(
    struct terminal_auth *auth, struct bytes reference, struct bytes algorithm);

/* GET CHALLENGE has answered this, before or after the other steps (B.3). It is good for one attempt. */
void terminal_auth_set_challenge(
    struct terminal_auth *auth, const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE]);

/* What is signed besides the challenge. */
struct terminal_auth_binding {
	struct bytes
	    chip; /* ID_PICC: version 1 the document number with check digit (after BAC) or Comp(PK_PICC) */
	struct bytes terminal;  /* Comp(PK_PCD) of Chip Authentication */
	struct bytes auxiliary; /* version 2: data object 67 of MSE:Set AT; empty: none */
};

/* Who has authenticated himself. */
struct terminal {
	struct chat rights;                   /* what the chain and PACE leave */
	struct authorizations authorizations; /* and what they leave of these */
	enum digest_kind digest;              /* of his signature */
	struct terminal_sectors sectors;
};

/* EXTERNAL AUTHENTICATE. SW_CONDITIONS_NOT_SATISFIED: no terminal or no challenge, or another kind of terminal than PACE has named;
 * SW_WARNING_CHANGED (6300): the signature is wrong; SW_NO_DIAGNOSIS. After a failure the terminal must be set again and needs
 * another challenge, but not the chain; after success nothing is left. */
MUST_USE enum sw terminal_auth_verify_signature(struct terminal_auth *auth,
    const struct terminal_auth_binding *binding, struct bytes signature, struct terminal *out);

#endif
