/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diffie-Hellman in groups of prime order modulo a prime. Numbers have the size of the modulus. Each value from
 * outside is checked: more than 1, less than p-1, of the group's order. */
#ifndef CRYPTO_DH_H
#define CRYPTO_DH_H

#include "base/writer.h"
#include "crypto/random.h"

#define DH_BITS_MAX 8192
#define DH_SIZE_MAX (DH_BITS_MAX / 8)

/* Groups of RFC 5114 (the parameters 0, 1 and 2 of ICAO 9303-11) and RFC 3526. */
enum dh_name {
	DH_1024_160,
	DH_2048_224,
	DH_2048_256,
	DH_MODP_1536,
	DH_MODP_2048,
	DH_MODP_3072,
	DH_MODP_4096,
	DH_NAMES, /* how many there are */
};

struct dh_group;

/* Shared and never freed. NULL: OpenSSL has no memory. */
const struct dh_group *dh_group_named(enum dh_name name);

/* Big-endian numbers: the modulus, the order of the generator, the generator. ERR_FORMAT: not such; ERR_LIMIT: too
 * large; ERR_CRYPTO. That p and q are prime is taken on trust. */
MUST_USE int dh_group_explicit(
    struct bytes p, struct bytes q, struct bytes g, struct dh_group **out);

/* Whether both are prime: for a private key that must not become known by answers from a group of somebody else's choice. */
bool dh_group_is_strong(const struct dh_group *group);

/* The same group with another generator, as PACE makes them. ERR_FORMAT: not of the group. */
MUST_USE int dh_group_with_generator(
    const struct dh_group *group, struct bytes generator, struct dh_group **out);

void dh_group_free(struct dh_group *group);

size_t dh_size(const struct dh_group *group);       /* bytes of p, and of public values */
size_t dh_order_size(const struct dh_group *group); /* bytes of q, and of private keys */

/* Append p and g in dh_size() bytes, q in dh_order_size(). */
enum dh_part { DH_PART_P, DH_PART_Q, DH_PART_G };
MUST_USE int dh_group_put(const struct dh_group *group, enum dh_part part, struct writer *out);

/* value has at most dh_size() bytes. */
bool dh_value_is_valid(const struct dh_group *group, struct bytes value);

/* A key pair belongs to its group, which must outlive it, as must random. */
struct dh_key;

MUST_USE int dh_generate(const struct dh_group *group, struct random *random, struct dh_key **out);

/* x: big-endian, at most dh_size() bytes, of which what is left modulo q counts. ERR_FORMAT: nothing is; ERR_CRYPTO. */
MUST_USE int dh_import_private(
    const struct dh_group *group, struct random *random, struct bytes x, struct dh_key **out);

void dh_free(struct dh_key *key);

const struct dh_group *dh_group_of(const struct dh_key *key);

/* Append the public value in dh_size() bytes, the private key in dh_order_size(). */
MUST_USE int dh_put_public(const struct dh_key *key, struct writer *out);
MUST_USE int dh_put_private(const struct dh_key *key, struct writer *out);

/* The shared secret: dh_size() bytes. ERR_FORMAT: the other's value is not valid; ERR_CRYPTO. */
MUST_USE int dh_shared(struct dh_key *key, struct bytes value, uint8_t *out);

#endif
