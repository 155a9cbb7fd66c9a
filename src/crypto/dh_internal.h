/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of Diffie-Hellman groups, known to the files of this folder alone. */
#ifndef CRYPTO_DH_INTERNAL_H
#define CRYPTO_DH_INTERNAL_H

#include <openssl/bn.h>

#include "crypto/dh.h"

struct dh_group {
	BIGNUM *p, *q, *g;
	BN_MONT_CTX *mont; /* of p */
};

/* A value from outside. ERR_FORMAT: not a valid one; ERR_CRYPTO. */
MUST_USE int dh_value_read(
    const struct dh_group *group, struct bytes in, BN_CTX *ctx, BIGNUM **out);

#endif
