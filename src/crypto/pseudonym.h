/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures with elliptic curves (BSI TR-03110-2, 3.1.6, TR-03110-3, A.6): a chip signs as one of a group, under
 * names that it has in a sector alone. */
#ifndef CRYPTO_PSEUDONYM_H
#define CRYPTO_PSEUDONYM_H

#include "crypto/digest.h"
#include "crypto/ec.h"

#define PSEUDONYMS 2
#define PSEUDONYM_SIGNATURE_MAX (DIGEST_SIZE_MAX + PSEUDONYMS * EC_FIELD_SIZE_MAX)

/* The chip's private keys, and the public key of the group's manager. Its group of points must outlive it, as must random. */
struct pseudonym_key;

/* private: SK_ICC,1 and SK_ICC,2, big-endian. ERR_FORMAT: not keys, or not a point; ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int pseudonym_import(const struct ec_group *group, struct random *random,
    struct bytes manager, const struct bytes private[PSEUDONYMS], struct pseudonym_key **out);
void pseudonym_free(struct pseudonym_key *key);

/* Appends the name that the chip has by its key 0 or 1 in a sector, a point. ERR_FORMAT: sector is not a valid point;
 * ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int pseudonym_put(
    struct pseudonym_key *key, size_t i, struct bytes sector, struct writer *out);

/* What is signed. */
struct pseudonym_input {
	enum digest_kind digest;
	struct bytes sector;           /* the sector's public key, a point */
	struct bytes name[PSEUDONYMS]; /* by pseudonym_put(); empty: is not told */
	struct bytes dsi;              /* the object identifier as a data object */
	struct bytes message;
	struct bytes nonce[PSEUDONYMS]; /* K1 and K2; empty: they are drawn */
};

/* Appends the signature: c, s1, s2, of the sizes of the hash and of the order. ERR_FORMAT: not a point; ERR_CRYPTO,
 * ERR_LIMIT. */
MUST_USE int pseudonym_sign(
    struct pseudonym_key *key, const struct pseudonym_input *input, struct writer *out);

/* The manager of a group of chips: his own key, and the group's, of which no chip has the private part. Both private. */
struct pseudonym_manager {
	const struct ec_key *own, *group;
};

/* Appends the private keys of another chip of the group, in ec_order_size() bytes each. ERR_NOT_FOUND: a key is not private;
 * ERR_FORMAT: they are not of one group of points; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int pseudonym_issue(const struct pseudonym_manager *manager, struct random *random,
    struct writer *first, struct writer *second);

#endif
