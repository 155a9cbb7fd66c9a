/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of an RSA key, known to rsa.c and rsa_import.c. */
#ifndef CRYPTO_RSA_INTERNAL_H
#define CRYPTO_RSA_INTERNAL_H

#include <openssl/types.h>

#include "crypto/rsa.h"

struct rsa {
	EVP_PKEY *pkey;
	OSSL_LIB_CTX *context; /* whose random numbers blind */
	bool private;
};

/* Takes pkey, also on failure. ERR_LIMIT, ERR_NO_MEMORY. */
MUST_USE int rsa_take_pkey(OSSL_LIB_CTX *context, EVP_PKEY *pkey, struct rsa **out);

#endif
