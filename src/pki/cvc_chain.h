/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of CV certificates (BSI TR-03110-3, 2.5), a step at a time. A step keeps nothing: what follows from it is a
 * result, which the card takes over or does not. */
#ifndef PKI_CVC_CHAIN_H
#define PKI_CVC_CHAIN_H

#include "pki/cvc.h"

/* Whose key verifies the next certificate: a trust point, or the holder of a certificate of the chain. All views are
 * into certificates that must stay where they are. */
struct cvc_issuer {
	struct bytes name; /* the holder's reference, CHR */
	struct cvc_public_key key;
	struct ec_numbers domain; /* of the key, also where its certificate has none */
	struct chat rights;       /* role, and the rights that are left after the chain so far */
};

/* What has become of a certificate. */
enum cvc_verdict {
	CVC_GOOD,
	CVC_OTHER_ISSUER, /* its CAR is not the issuer's name */
	CVC_ROLE,         /* the issuer may not issue such a certificate */
	CVC_EXPIRED,      /* on the card's day; link certificates do not expire */
	CVC_DOMAIN, /* elliptic curve parameters are missing, or are where only a CVCA may have them */
	CVC_BAD_SIGNATURE,
	CVC_UNDECIDED, /* the program failed */
};

const char *cvc_verdict_text(enum cvc_verdict verdict);

struct cvc_step {
	struct cvc_issuer holder; /* who can issue the next certificate, or authenticate */
	struct date today; /* the card's day, later than before where the certificate may set it */
	bool is_link;      /* a CVCA for a CVCA: the holder is a new trust point */
};

/* A CVCA's certificate that is trusted as it is. False: it is no CVCA's, or has no domain parameters. */
MUST_USE bool cvc_trust_point(const struct cvc *cvc, struct cvc_issuer *out);

/* Whether the issuer has issued the certificate, and may; then *out is what follows. Today's year 0: no day is known, and
 * nothing has expired. */
MUST_USE enum cvc_verdict cvc_chain(const struct cvc_issuer *issuer, const struct cvc *cvc,
    struct date today, struct random *random, struct cvc_step *out);

/* Whether the signature of a certificate is the issuer's: 0, ERR_FORMAT if it is not, ERR_CRYPTO. */
MUST_USE int cvc_verify(
    const struct cvc_issuer *issuer, const struct cvc *cvc, struct random *random);

#endif
