/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key agreement with elliptic curves or modulo a prime, whichever the domain parameters say (ICAO 9303-11, 9.4 to 9.6;
 * BSI TR-03110-3, A.2 and D.3). Public keys are points or unsigned numbers; each from outside is checked. */
#ifndef AUTH_AGREEMENT_H
#define AUTH_AGREEMENT_H

#include "crypto/dh.h"
#include "crypto/ec.h"
#include "crypto/kdf.h"
#include "iso7816/sw.h"

#define AGREEMENT_SIZE_MAX DH_SIZE_MAX /* of a public key, and of a shared secret */
#define AGREEMENT_TOKEN_SIZE 8

/* One of them; the other is NULL. Borrowed. */
struct domain {
	const struct ec_group *ec;
	const struct dh_group *dh;
};

/* The standardised domain parameters 0 to 2 and 8 to 18 (ICAO 9303-11, 9.5.1). ERR_NOT_FOUND: no such;
 * ERR_NO_MEMORY. */
MUST_USE int domain_standardized(uint8_t id, struct domain *out);

/* Whether both have the same numbers. */
bool domain_is_same(const struct domain *a, const struct domain *b);

size_t domain_field_size(const struct domain *domain); /* bytes of p */

/* A key pair; the domain parameters must outlive it. All zero: none. */
struct agreement {
	struct domain domain;
	struct ec_key *ec;
	struct dh_key *dh;
};

/* A new key pair, or with private not empty this one. ERR_FORMAT: not a private key; ERR_CRYPTO. */
MUST_USE int agreement_init(const struct domain *domain, struct random *random,
    struct bytes private, struct agreement *out);
void agreement_done(struct agreement *agreement);

/* Appends the public key: the point, or the number in as few bytes as it needs. ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int agreement_put_public(const struct agreement *agreement, struct writer *out);

/* Appends the secret shared with the other's public key: x, or the number in the size of p. ERR_FORMAT: not a valid
 * public key; ERR_CRYPTO, ERR_LIMIT: nothing is written. */
MUST_USE int agreement_shared(struct agreement *agreement, struct bytes public, struct writer *out);

/* A public key as tokens and comparisons have it: a number without the zeros in front. */
struct bytes agreement_canonical(const struct domain *domain, struct bytes public);

/* Appends Comp(PK) of TR-03110-3, A.2.2.3: x, or the SHA-1 hash of the number. ERR_FORMAT, ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int agreement_compress(
    const struct domain *domain, struct bytes public, struct writer *out);

/* What a token authenticates (TR-03110-3, D.3): object identifier and public key. */
struct token_input {
	struct bytes oid;
	const struct domain *domain;
	struct bytes public;
};

/* ERR_LIMIT, ERR_CRYPTO: out is untouched. */
MUST_USE int agreement_token(enum cipher_kind kind, const struct symmetric_key *key,
    const struct token_input *input, uint8_t out[AGREEMENT_TOKEN_SIZE]);

/* How a protocol answers what has come of a step: SW_WRONG_DATA for ERR_FORMAT, SW_WARNING_CHANGED (6300) for ERR_PROTOCOL, which is
 * somebody else than it should be. */
enum sw agreement_sw(int r);

#endif
