/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SubjectPublicKeyInfo: RSA (RFC 3279, 2.3.1), elliptic curves (RFC 5480, 2; BSI TR-03111, 5.1.1), Diffie-Hellman (RFC 3279,
 * 2.3.3): in certificates, and in what a chip tells of its keys. */
#ifndef PKI_PUBLIC_KEY_H
#define PKI_PUBLIC_KEY_H

#include "crypto/dh.h"
#include "pki/sign_key.h"

#define PUBLIC_KEY_ID_SIZE 20
#define PUBLIC_KEY_SIZE_MAX 4200 /* of DH with 8192 bits: p, q, g, y */

/* How a curve is written: with all its numbers, which ICAO 9303-12, 7 and 9303-11, 9.1 want, or by its name, which is all
 * that many programs take. */
enum curve_form { CURVE_EXPLICIT, CURVE_NAMED };

/* Append a SubjectPublicKeyInfo. ERR_UNSUPPORTED: the curve has no name; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int public_key_put(struct writer *out, const struct sign_key *key, enum curve_form form);
MUST_USE int public_key_put_ec(struct writer *out, const struct ec_key *key, enum curve_form form);
MUST_USE int public_key_put_dh(struct writer *out, const struct dh_key *key);

/* The key identifier of RFC 5280, 4.2.1.2, method 1: SHA-1 of the public key's bits. ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int public_key_id(const struct sign_key *key, uint8_t id[PUBLIC_KEY_ID_SIZE]);

enum public_key_kind { PUBLIC_KEY_RSA, PUBLIC_KEY_EC, PUBLIC_KEY_DH };

/* An AlgorithmIdentifier of keys. All views are into it. */
struct public_key_domain {
	enum public_key_kind kind;
	bool is_named; /* EC: by name; otherwise by numbers */
	enum ec_curve curve;
	struct ec_numbers ec;
	struct bytes p, q, g; /* DH */
};

struct public_key {
	struct public_key_domain domain;
	struct bytes value; /* EC: a point; DH: a number; RSA: RSAPublicKey, a data object */
};

/* Read an AlgorithmIdentifier, a whole SubjectPublicKeyInfo. ERR_FORMAT; ERR_UNSUPPORTED: another algorithm, curve, or kind of
 * field. */
MUST_USE int public_key_parse_domain(struct bytes in, struct public_key_domain *out);
MUST_USE int public_key_parse(struct bytes in, struct public_key *out);

/* The group of the domain parameters; *own is what the caller frees, or NULL. ERR_FORMAT: they are not a curve's;
 * ERR_UNSUPPORTED: not of this kind; ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int public_key_ec_group(
    const struct public_key_domain *domain, struct ec_group **own, const struct ec_group **out);
MUST_USE int public_key_dh_group(const struct public_key_domain *domain, struct dh_group **out);

/* Which named curve a group is, with its own generator. */
bool public_key_curve_of(const struct ec_group *group, enum ec_curve *out);

#endif
