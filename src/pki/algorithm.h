/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AlgorithmIdentifier and SubjectPublicKeyInfo as X.509 and CMS have them (RFC 3279, 4055, 5480, 5754). Elliptic curves
 * are written with explicit parameters, as ICAO 9303-12, 7 wants. */
#ifndef PKI_ALGORITHM_H
#define PKI_ALGORITHM_H

#include "pki/sign_key.h"

#define ALGORITHM_KEY_ID_SIZE 20

/* Append an AlgorithmIdentifier. */
void algorithm_put_digest(struct writer *out, enum digest_kind kind);
void algorithm_put_signature(struct writer *out, const struct sign_scheme *scheme);

/* Appends a SubjectPublicKeyInfo. ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int algorithm_put_public_key(struct writer *out, const struct sign_key *key);

/* The key identifier of RFC 5280, 4.2.1.2, method 1: SHA-1 of the public key's bits. ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int algorithm_key_id(const struct sign_key *key, uint8_t id[ALGORITHM_KEY_ID_SIZE]);

/* Signs in, and appends the signature as X.509 and CMS have it: for ECDSA a SEQUENCE of two numbers. As sign_key_sign(). */
MUST_USE int algorithm_sign(const struct sign_key *key, const struct sign_scheme *scheme,
    struct bytes in, struct writer *out);

#endif
