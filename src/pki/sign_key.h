/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key that signs or verifies certificates: RSA or ECDSA, with one way to sign. */
#ifndef PKI_SIGN_KEY_H
#define PKI_SIGN_KEY_H

#include "crypto/digest.h"
#include "crypto/ec.h"
#include "crypto/rsa.h"

#define SIGN_KEY_SIGNATURE_MAX RSA_SIZE_MAX

/* How a signature is made. */
struct sign_scheme {
	bool ec;  /* ECDSA; otherwise RSA */
	bool pss; /* RSA: PSS with a salt as long as the digest; otherwise PKCS#1 v1.5 */
	enum digest_kind digest;
};

/* One of both is not NULL. */
struct sign_key {
	struct rsa *rsa;
	struct ec_key *ec;
	struct ec_group *group; /* what ec belongs to, where the key owns it */
};

/* PKCS#8, SEC 1, PKCS#1 or SubjectPublicKeyInfo, DER or PEM. ERR_FORMAT, ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int sign_key_read(struct random *random, struct bytes in, struct sign_key *out);
void sign_key_done(struct sign_key *key);

bool sign_key_is_private(const struct sign_key *key);

/* Append PKCS#8. ERR_NOT_FOUND: no private part; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int sign_key_write_private(struct sign_key *key, struct writer *out);

/* Bytes of a plain signature. */
size_t sign_key_signature_size(const struct sign_key *key);

/* Signs in; writes sign_key_signature_size() bytes: for ECDSA r and s side by side. ERR_UNSUPPORTED: the scheme is not for
 * this kind of key; otherwise as rsa_sign(), ec_sign(). */
MUST_USE int sign_key_sign(
    const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in, uint8_t *out);

/* 0: it is right. ERR_FORMAT: it is not. ERR_UNSUPPORTED, ERR_CRYPTO. */
MUST_USE int sign_key_verify(const struct sign_key *key, const struct sign_scheme *scheme,
    struct bytes in, struct bytes signature);

#endif
