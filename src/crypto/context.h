/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OpenSSL library context of this folder: private, so that neither openssl.cnf nor what the program's
 * other libraries do with OpenSSL reaches a card. */
#ifndef CRYPTO_CONTEXT_H
#define CRYPTO_CONTEXT_H

#include <openssl/types.h>

/* Created at the first call, shared by all cards, freed at exit. NULL: OpenSSL has no memory. */
OSSL_LIB_CTX *context_shared(void);

#endif
