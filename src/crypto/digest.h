/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests (FIPS 180-4). */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/bytes.h"

#define DIGEST_SIZE_MAX 64

enum digest_kind {
	DIGEST_SHA1,
	DIGEST_SHA224,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_KINDS, /* how many there are */
};

size_t digest_size(enum digest_kind kind);

/* Writes digest_size(kind) bytes. ERR_CRYPTO: out is untouched. */
MUST_USE int digest_compute(enum digest_kind kind, struct bytes in, uint8_t *out);

/* A digest in parts. */
struct digest;

/* ERR_CRYPTO. */
MUST_USE int digest_new(enum digest_kind kind, struct digest **out);
void digest_free(struct digest *digest);

MUST_USE int digest_update(struct digest *digest, struct bytes in);

/* Writes digest_size() bytes. Afterwards the digest can only be freed. */
MUST_USE int digest_finish(struct digest *digest, uint8_t *out);

#endif
