/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The random numbers of one card: true ones, or, with a seed, the same ones in every run. */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "base/bytes.h"

struct random;

/* An empty seed means true randomness; any other is hashed, and the whole output follows from it. OpenSSL
 * is not touched before the first random_bytes(). ERR_NO_MEMORY. */
MUST_USE int random_new(struct bytes seed, struct random **out);
void random_free(struct random *random);

bool random_is_seeded(const struct random *random);

/* Fills out with n bytes. With a seed, the stream does not depend on how it is cut into calls.
 * ERR_CRYPTO, ERR_LIMIT (more than INT_MAX bytes): out holds nothing of use. */
MUST_USE int random_bytes(struct random *random, uint8_t *out, size_t n);

/* Lets go of what OpenSSL keeps for this thread: to be called at the end of a command, since the next may come in
 * another thread, and this one may outlive the card. */
void random_rest(struct random *random);

#endif
