/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenSSL library context whose random numbers are those of a seeded card. For the files of this folder
 * alone. */
#ifndef CRYPTO_SEEDED_H
#define CRYPTO_SEEDED_H

#include <openssl/types.h>

struct random;

/* random must outlive the context. NULL: OpenSSL could not. */
OSSL_LIB_CTX *seeded_context_new(struct random *random);

#endif
