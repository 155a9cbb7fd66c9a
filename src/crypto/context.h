/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OpenSSL library context of this folder, and the algorithms that are fetched from it once. Private, so
 * that neither openssl.cnf nor what the program's other libraries do with OpenSSL reaches a card. For the
 * files of this folder alone. */
#ifndef CRYPTO_CONTEXT_H
#define CRYPTO_CONTEXT_H

#include <openssl/types.h>

#include "crypto/cipher.h"
#include "crypto/digest.h"

/* Created at the first call, shared by all cards, freed at exit. NULL: OpenSSL has no memory. */
OSSL_LIB_CTX *context_shared(void);

/* The library context whose random numbers are those of the card: for all that makes keys, signs, or works with
 * secrets that are blinded. As long as random. NULL: OpenSSL has no memory. */
struct random;
OSSL_LIB_CTX *context_of(struct random *random);

/* What a seeded card's OpenSSL draws: a stream of its own beside that of random_bytes(), so that what the card
 * itself draws does not depend on how often OpenSSL does. ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int random_for_openssl(struct random *random, uint8_t *out, size_t n);

/* NULL: OpenSSL has no memory, or does not offer the algorithm. */
const EVP_MD *context_digest(enum digest_kind kind);
const EVP_CIPHER *context_cipher(enum cipher_kind kind, enum cipher_mode mode);

#endif
