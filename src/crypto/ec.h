/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elliptic curves over prime fields (BSI TR-03111): groups, keys, Diffie-Hellman, ECDSA. Points are uncompressed:
 * 04, x, y. Each point from outside is checked: on the curve, of the right order, not neutral. */
#ifndef CRYPTO_EC_H
#define CRYPTO_EC_H

#include "base/writer.h"
#include "crypto/random.h"

#define EC_FIELD_SIZE_MAX 66 /* P-521 */
#define EC_POINT_SIZE_MAX (1 + 2 * EC_FIELD_SIZE_MAX)

/* The named curves: of FIPS 186-4 and SEC 2, and of RFC 5639. */
enum ec_curve {
	EC_P192,
	EC_P224,
	EC_P256,
	EC_P384,
	EC_P521,
	EC_BRAINPOOL_P192R1,
	EC_BRAINPOOL_P224R1,
	EC_BRAINPOOL_P256R1,
	EC_BRAINPOOL_P320R1,
	EC_BRAINPOOL_P384R1,
	EC_BRAINPOOL_P512R1,
	EC_CURVES, /* how many there are */
};

/* "P-256", "brainpoolP256r1"; also OpenSSL's and SEC's names: "prime256v1", "secp256r1". */
const char *ec_curve_name(enum ec_curve curve);
bool ec_curve_find(const char *name, enum ec_curve *out);

/* Domain parameters: a curve and the generator of a group on it. */
struct ec_group;

/* Shared and never freed. NULL: OpenSSL has no memory. */
const struct ec_group *ec_group_named(enum ec_curve curve);

/* Domain parameters as numbers, big-endian; h empty: 1. */
struct ec_numbers {
	struct bytes p, a, b; /* the field, and y^2 = x^3 + ax + b */
	struct bytes g;       /* the generator, a point */
	struct bytes n, h;    /* its order, and the cofactor */
};

/* The named group where the numbers are its. ERR_FORMAT: not a curve, or not a generator of that order; ERR_LIMIT: too
 * large; ERR_CRYPTO. That p and n are prime is taken on trust, as far as the curve is not one of the named ones. */
MUST_USE int ec_group_explicit(const struct ec_numbers *numbers, struct ec_group **out);

/* Whether it is a named one, or both are prime and there is no known short way to logarithms: for a private key that must not
 * become known by answers from a group of somebody else's choice. */
bool ec_group_is_strong(const struct ec_group *group);

/* The same curve with another generator, as PACE makes them. ERR_FORMAT: not a point of the group. */
MUST_USE int ec_group_with_generator(
    const struct ec_group *group, struct bytes generator, struct ec_group **out);

void ec_group_free(struct ec_group *group);

size_t ec_field_size(const struct ec_group *group); /* bytes of a coordinate */
size_t ec_order_size(const struct ec_group *group); /* bytes of a private key */
size_t ec_point_size(const struct ec_group *group); /* 1 + 2 * ec_field_size() */

/* Append p, a, b (of the field's size), the generator, the order and the cofactor. */
enum ec_part { EC_PART_P, EC_PART_A, EC_PART_B, EC_PART_G, EC_PART_N, EC_PART_H };
MUST_USE int ec_group_put(const struct ec_group *group, enum ec_part part, struct writer *out);

bool ec_point_is_valid(const struct ec_group *group, struct bytes point);

/* A key belongs to its group, which must outlive it, as must random. */
struct ec_key;

/* ERR_CRYPTO. */
MUST_USE int ec_generate(const struct ec_group *group, struct random *random, struct ec_key **out);

/* d: big-endian, 1 to n-1. ERR_FORMAT; ERR_CRYPTO. */
MUST_USE int ec_import_private(
    const struct ec_group *group, struct random *random, struct bytes d, struct ec_key **out);

/* ERR_FORMAT: not a valid point; ERR_CRYPTO. */
MUST_USE int ec_import_public(
    const struct ec_group *group, struct bytes point, struct ec_key **out);

/* From DER or PEM: SEC 1, PKCS#8, SubjectPublicKeyInfo, with named or explicit parameters, which the key then
 * owns. ERR_FORMAT, ERR_UNSUPPORTED (not over a prime field), ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int ec_read(struct random *random, struct bytes in, struct ec_key **out);

void ec_free(struct ec_key *key);

bool ec_is_private(const struct ec_key *key);
const struct ec_group *ec_group_of(const struct ec_key *key);

/* Append the point; the private key, in ec_order_size() bytes; DER: PKCS#8 and SubjectPublicKeyInfo. ERR_NOT_FOUND:
 * there is no private key; ERR_LIMIT: *out has failed; ERR_CRYPTO. */
MUST_USE int ec_put_public(const struct ec_key *key, struct writer *out);
MUST_USE int ec_put_private(const struct ec_key *key, struct writer *out);
MUST_USE int ec_write_private(struct ec_key *key, struct writer *out);
MUST_USE int ec_write_public(struct ec_key *key, struct writer *out);

/* Diffie-Hellman: the shared point, or its x in ec_field_size() bytes. ERR_FORMAT: the other's point is not
 * valid; ERR_NOT_FOUND: there is no private key; ERR_CRYPTO, ERR_LIMIT: nothing is written. */
MUST_USE int ec_shared_point(struct ec_key *key, struct bytes point, struct writer *out);
MUST_USE int ec_shared_x(struct ec_key *key, struct bytes point, uint8_t *out);

/* ECDSA of a digest, of which as many bits count as the order has. Plain: r, s, each of ec_order_size() bytes.
 * ERR_NOT_FOUND: there is no private key; ERR_CRYPTO: out is untouched. */
MUST_USE int ec_sign(struct ec_key *key, struct bytes hash, uint8_t *out);

/* 0: it is right. ERR_FORMAT: it is not. ERR_CRYPTO. */
MUST_USE int ec_verify(struct ec_key *key, struct bytes hash, struct bytes signature);

/* The signature as SEQUENCE of two INTEGER, and back into parts of size bytes each. ERR_FORMAT, ERR_LIMIT. */
MUST_USE int ec_signature_to_der(struct bytes plain, struct writer *out);
MUST_USE int ec_signature_from_der(struct bytes der, size_t size, uint8_t *out);

#endif
