/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of groups and keys on elliptic curves, known to the files of this folder alone. */
#ifndef CRYPTO_EC_INTERNAL_H
#define CRYPTO_EC_INTERNAL_H

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "crypto/ec.h"

struct ec_group {
	EC_GROUP *group;
	size_t field_size, order_size;
	const char *name; /* OpenSSL's; NULL: not a named curve with its own generator */
};

struct ec_key {
	const struct ec_group *group;
	struct ec_group *own; /* that group, if the key owns it */
	OSSL_LIB_CTX *context;
	BIGNUM *d; /* NULL: a public key */
	EC_POINT *q;
	EVP_PKEY *pkey; /* for ECDSA and DER; NULL: not needed so far */
};

/* Takes group, also on failure. name: OpenSSL's, static, or NULL. ERR_LIMIT, ERR_UNSUPPORTED, ERR_NO_MEMORY. */
MUST_USE int ec_group_take(EC_GROUP *group, const char *name, struct ec_group **out);

/* A point from outside. ERR_FORMAT: not a valid one; ERR_CRYPTO. */
MUST_USE int ec_point_read(
    const struct ec_group *group, struct bytes in, BN_CTX *ctx, EC_POINT **out);

/* ERR_LIMIT: it does not fit, *out has failed; ERR_CRYPTO: it is the neutral point. */
MUST_USE int ec_point_put(
    const struct ec_group *group, const EC_POINT *point, BN_CTX *ctx, struct writer *out);

/* A random number from 1 to n-1, in constant time. NULL: OpenSSL could not. */
BIGNUM *ec_random_scalar(const BIGNUM *n, BN_CTX *ctx);

/* The key for OpenSSL's EVP. NULL: OpenSSL could not. */
EVP_PKEY *ec_pkey(struct ec_key *key);

#endif
