/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA (PKCS#1, RFC 8017). */
#ifndef CRYPTO_RSA_H
#define CRYPTO_RSA_H

#include "base/writer.h"
#include "crypto/digest.h"
#include "crypto/random.h"

#define RSA_KEY_BITS_MIN 512 /* what Cryptoflex cards could do; others ask for more */
#define RSA_KEY_BITS_MAX 4096
#define RSA_SIZE_MAX (RSA_KEY_BITS_MAX / 8)

struct rsa;

/* The numbers of a key, big-endian; empty: not given. */
struct rsa_numbers {
	struct bytes n, e, d;
	struct bytes p, q;         /* prime factors of n */
	struct bytes dp, dq, qinv; /* d mod p-1, d mod q-1, 1/q mod p */
};

/* A new key with the card's random numbers. e: the public exponent, empty: 65537. ERR_LIMIT: no such size;
 * ERR_FORMAT: no such exponent; ERR_CRYPTO. */
MUST_USE int rsa_generate(struct random *random, unsigned bits, struct bytes e, struct rsa **out);

/* A public key: n and e. A private key: p, q, dp, dq and qinv, of which n, e and d are worked out where they are
 * not given; or n, e and d alone. ERR_FORMAT: too few numbers, or they do not belong together; ERR_LIMIT: a
 * size that is not supported; ERR_CRYPTO. random must outlive the key. */
MUST_USE int rsa_import(struct random *random, const struct rsa_numbers *numbers, struct rsa **out);

/* From DER or PEM: PKCS#1, PKCS#8, SubjectPublicKeyInfo. ERR_FORMAT, ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int rsa_read(struct random *random, struct bytes in, struct rsa **out);

void rsa_free(struct rsa *rsa);

unsigned rsa_bits(const struct rsa *rsa);
size_t rsa_size(const struct rsa *rsa); /* bytes of n, and of each result */
bool rsa_is_private(const struct rsa *rsa);

enum rsa_part {
	RSA_PART_N,
	RSA_PART_E,
	RSA_PART_D,
	RSA_PART_P,
	RSA_PART_Q,
	RSA_PART_DP,
	RSA_PART_DQ,
	RSA_PART_QINV,
	RSA_PARTS, /* how many there are */
};

/* Appends a number in size bytes, or if size is 0 in as few as it needs. ERR_NOT_FOUND: the key does not have
 * it; ERR_LIMIT: it needs more, or does not fit: *out has failed. */
MUST_USE int rsa_put_part(
    const struct rsa *rsa, enum rsa_part part, size_t size, struct writer *out);

/* Append DER: PKCS#8 and SubjectPublicKeyInfo. ERR_NOT_FOUND: there is no private part; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int rsa_write_private(const struct rsa *rsa, struct writer *out);
MUST_USE int rsa_write_public(const struct rsa *rsa, struct writer *out);

/* Raw: in has rsa_size() bytes and is less than n; so is out. ERR_FORMAT, ERR_NOT_FOUND (no private part),
 * ERR_CRYPTO: out is untouched. */
MUST_USE int rsa_raw_private(struct rsa *rsa, struct bytes in, uint8_t *out);
MUST_USE int rsa_raw_public(struct rsa *rsa, struct bytes in, uint8_t *out);

enum rsa_padding {
	RSA_PKCS1_15, /* 8.2 and 7.2 */
	RSA_PSS,      /* 8.1, signatures */
	RSA_OAEP,     /* 7.1, encryption, with an empty label */
};

#define RSA_NO_DIGEST DIGEST_KINDS /* PKCS#1 v1.5 alone: the input is padded as it is */

struct rsa_scheme {
	enum rsa_padding padding;
	enum digest_kind digest; /* of the message, and of MGF1 */
	size_t salt;             /* PSS: its length */
};

/* Signs a digest (with RSA_NO_DIGEST any bytes, at most rsa_size() - 11): rsa_size() bytes. ERR_FORMAT: hash
 * has not the digest's length, or is too long; ERR_NOT_FOUND, ERR_CRYPTO: out is untouched. */
MUST_USE int rsa_sign(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes hash, uint8_t *out);

/* 0: it is right. ERR_FORMAT: it is not. ERR_CRYPTO. */
MUST_USE int rsa_verify(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes hash, struct bytes signature);

/* Encrypts in; rsa_size() bytes. ERR_FORMAT: in is too long. */
MUST_USE int rsa_encrypt(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes in, uint8_t *out);

/* Appends what a cryptogram says. ERR_FORMAT: wrong length or padding; ERR_LIMIT: it does not fit, *out has
 * failed; ERR_NOT_FOUND, ERR_CRYPTO. */
MUST_USE int rsa_decrypt(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes cryptogram, struct writer *out);

#endif
