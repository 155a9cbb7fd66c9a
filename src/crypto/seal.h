/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sealed under a password: scrypt (RFC 7914) makes the key, AES-256-GCM (SP 800-38D) encrypts and
 * authenticates. */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/bytes.h"

#define SEAL_SALT_SIZE 16 /* of a fresh salt */
#define SEAL_SALT_MAX 64
#define SEAL_KEY_SIZE 32
#define SEAL_NONCE_SIZE 12
#define SEAL_TAG_SIZE 16

/* Bounds of scrypt's parameters: n is a power of two, and the memory, 128 n r bytes, is at most
 * SEAL_MEMORY_MAX. */
#define SEAL_N_DEFAULT 32768 /* with SEAL_R_DEFAULT: 32 MiB, a tenth of a second */
#define SEAL_N_MIN 1024
#define SEAL_N_MAX 1048576
#define SEAL_R_DEFAULT 8
#define SEAL_R_MAX 32
#define SEAL_P_DEFAULT 1
#define SEAL_P_MAX 16
#define SEAL_MEMORY_MAX (256u << 20)

struct seal_parameters {
	uint64_t n, r, p;
	uint8_t salt[SEAL_SALT_MAX];
	size_t salt_len;
};

/* The defaults and a fresh salt. ERR_IO: no randomness. */
MUST_USE int seal_parameters_init(struct seal_parameters *out);

/* Wipe it on every way out. */
struct seal_key {
	uint8_t data[SEAL_KEY_SIZE];
};

void seal_key_wipe(struct seal_key *key);

/* Slow, as it is meant to be. ERR_LIMIT: parameters out of bounds; ERR_CRYPTO. */
MUST_USE int seal_derive(
    const struct seal_parameters *parameters, struct bytes password, struct seal_key *out);

/* What is sealed: a fresh nonce, SEAL_NONCE_SIZE bytes; the data encrypted, of the same length; a tag,
 * SEAL_TAG_SIZE bytes. */
#define SEAL_OVERHEAD (SEAL_NONCE_SIZE + SEAL_TAG_SIZE)

/* Writes plain.len + SEAL_OVERHEAD bytes to out. label, which is not part of the output, says what is
 * sealed: the same is needed to open it. ERR_CRYPTO, ERR_IO, ERR_LIMIT: out holds nothing of use. */
MUST_USE int seal_close(
    const struct seal_key *key, struct bytes label, struct bytes plain, uint8_t *out);

/* Writes sealed.len - SEAL_OVERHEAD bytes to out. ERR_FORMAT: too short; ERR_CRYPTO: another key or label,
 * or the data was changed: out is wiped. */
MUST_USE int seal_open(
    const struct seal_key *key, struct bytes label, struct bytes sealed, uint8_t *out);

#endif
