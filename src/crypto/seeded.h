/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An OpenSSL library context whose random numbers are those of a seeded card. For the files of this folder
 * alone. */
#ifndef CRYPTO_SEEDED_H
#define CRYPTO_SEEDED_H

#include <stdbool.h>

#include <openssl/types.h>

#include "base/compiler.h"

struct random;

struct seeded {
	OSSL_LIB_CTX *context; /* NULL: none */
	OSSL_PROVIDER *algorithms, *generator;
};

/* random must outlive the context. False: OpenSSL could not, and *out is as it was. */
MUST_USE bool seeded_init(struct random *random, struct seeded *out);

/* Frees what there is; all keys of the context are gone already. */
void seeded_done(struct seeded *seeded);

#endif
