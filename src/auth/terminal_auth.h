/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication, versions 1 and 2, the chip's side (BSI TR-03110-1, 3.5, TR-03110-2, 3.3, TR-03110-3, A.7 and B.4 to
 * B.7): a chain of CV certificates from a trust point to the terminal, then a signature over the chip's challenge. Holds
 * a copy of all that it needs. */
#ifndef AUTH_TERMINAL_AUTH_H
#define AUTH_TERMINAL_AUTH_H

#include "iso7816/sw.h"
#include "pki/cvc_chain.h"

#define TERMINAL_AUTH_TRUST_POINTS 2
#define TERMINAL_AUTH_CHALLENGE_SIZE 8

/* Borrowed, but for the time of the calls that it is given to. */
struct terminal_auth_setup {
	struct cvc_issuer trust[TERMINAL_AUTH_TRUST_POINTS]; /* name.len 0: none */
	struct date today;                                   /* the card's */
	struct random *random;
};

struct terminal_auth;

/* ERR_NO_MEMORY; ERR_LIMIT: a trust point that is too large. random must outlive it. */
MUST_USE int terminal_auth_new(const struct terminal_auth_setup *setup, struct terminal_auth **out);
void terminal_auth_free(struct terminal_auth *auth);

/* MSE:Set DST with data object 83: who has issued the next certificate, a trust point or the last certificate's holder.
 * SW_REFERENCE_NOT_FOUND: neither. */
MUST_USE enum sw terminal_auth_set_issuer(struct terminal_auth *auth, struct bytes reference);

/* What a certificate that was accepted brings, for the card to keep. */
struct terminal_auth_news {
	struct date today;
	bool is_link; /* the certificate is a new trust point */
};

/* PSO: Verify Certificate: body and signature. SW_CONDITIONS_NOT_SATISFIED: no issuer has been set; SW_WRONG_DATA: malformed;
 * SW_WARNING_CHANGED (6300): not accepted; SW_NO_DIAGNOSIS. After a failure the chain begins anew. */
MUST_USE enum sw terminal_auth_verify_certificate(
    struct terminal_auth *auth, struct bytes content, struct terminal_auth_news *news);

/* MSE:Set AT with data object 83: the terminal whose key will sign. SW_REFERENCE_NOT_FOUND: not the last certificate's
 * holder, or no terminal. */
MUST_USE enum sw terminal_auth_set_terminal(struct terminal_auth *auth, struct bytes reference);

/* GET CHALLENGE has answered this; it is good for one attempt. */
void terminal_auth_set_challenge(
    struct terminal_auth *auth, const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE]);

/* What is signed besides the challenge. */
struct terminal_auth_binding {
	struct bytes
	    chip; /* ID_PICC: version 1 the document number with check digit (after BAC) or Comp(PK_PICC) */
	struct bytes terminal;  /* Comp(PK_PCD) of Chip Authentication */
	struct bytes auxiliary; /* version 2: data object 67 of MSE:Set AT; empty: none */
};

/* EXTERNAL AUTHENTICATE. *rights: role and rights that the chain leaves the terminal. SW_CONDITIONS_NOT_SATISFIED: no terminal or no
 * challenge; SW_WARNING_CHANGED (6300): the signature is wrong; SW_NO_DIAGNOSIS. */
MUST_USE enum sw terminal_auth_verify_signature(struct terminal_auth *auth,
    const struct terminal_auth_binding *binding, struct bytes signature, struct chat *rights);

#endif
