/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA by the numbers of the Chinese remainder theorem alone, raw, for cards that keep those and nothing else
 * (RFC 8017, 3.2, second form, and 5.1.2). All numbers are big-endian. */
#ifndef CRYPTO_RSA_CRT_H
#define CRYPTO_RSA_CRT_H

#include "base/bytes.h"

#define RSA_CRT_HALF_MAX 128 /* bytes of a prime: a modulus of 2048 bits */

/* A key whose primes have half bytes each. */
struct rsa_crt_key {
	size_t half;
	uint8_t p[RSA_CRT_HALF_MAX];
	uint8_t q[RSA_CRT_HALF_MAX];
	uint8_t q_inverse[RSA_CRT_HALF_MAX]; /* modulo p */
	uint8_t d_p[RSA_CRT_HALF_MAX];       /* modulo p - 1 */
	uint8_t d_q[RSA_CRT_HALF_MAX];       /* modulo q - 1 */
};

void rsa_crt_wipe(struct rsa_crt_key *key);

/* The modulus, 2 * half bytes. ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int rsa_crt_modulus(const struct rsa_crt_key *key, uint8_t *out);

/* The private operation on a number of 2 * half bytes. The numbers are used as they are: where they do not
 * belong together, the result is wrong. ERR_FORMAT: in has another length or is not below the modulus, or
 * p or q can be no prime. ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int rsa_crt_private(const struct rsa_crt_key *key, struct bytes in, uint8_t *out);

/* Random numbers for a key: 0, or an ERR_* code. */
typedef int rsa_crt_random(void *self, uint8_t *out, size_t n);

/* Makes a key; the same random numbers make the same key. ERR_FORMAT: the exponent is even or below 3, or
 * half is odd, below 32 or above the maximum. ERR_CRYPTO, ERR_NO_MEMORY, what random() says. */
MUST_USE int rsa_crt_generate(
    rsa_crt_random *random, void *self, size_t half, uint32_t exponent, struct rsa_crt_key *out);

#endif
