/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for CV certificates (BSI TR-03110-3, C.2): read, written and signed. */
#ifndef PKI_CVC_REQUEST_H
#define PKI_CVC_REQUEST_H

#include "pki/cvc.h"

/* Everything is a view into the request. */
struct cvc_request {
	struct bytes car; /* whose certificate is asked for; empty: not said */
	struct bytes chr;
	struct cvc_public_key key; /* with domain parameters */
	struct bytes extensions;   /* the value of data object 65; empty: there are none */
	struct bytes body;         /* data object 7F4E, which is what is signed */
	struct bytes signature;    /* with the key that it is about */
	struct bytes
	    outer_car; /* of an authenticated request: whose key authenticates it; empty: it is not */
};

/* A request, data object 7F21, or an authenticated one, data object 67. ERR_FORMAT; ERR_UNSUPPORTED: profile or
 * algorithm. */
MUST_USE int cvc_request_parse(struct bytes in, struct cvc_request *out);

/* Appends a request for all but body, signature and outer_car, signed with the key that it is about. ERR_FORMAT,
 * ERR_LIMIT, as sign_key_sign(). */
MUST_USE int cvc_request_sign(
    const struct cvc_request *request, const struct sign_key *key, struct writer *out);

/* Whether it is signed with the key that it is about: 0, ERR_FORMAT if it is not, ERR_CRYPTO. */
MUST_USE int cvc_request_verify(const struct cvc_request *request, struct random *random);

#endif
