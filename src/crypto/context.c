/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared OpenSSL library context. */
#include "crypto/context.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>

/* Mutable globals: the one context that all cards share, behind pthread_once(). */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static OSSL_LIB_CTX *shared;

static void free_shared(void)
{
	OSSL_LIB_CTX_free(shared);
	shared = NULL;
}

/* OpenSSL's own clean-up is registered first and so runs last. */
static void create_shared(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return;
	shared = OSSL_LIB_CTX_new();
	if (shared != NULL && atexit(free_shared) != 0)
		free_shared();
}

OSSL_LIB_CTX *context_shared(void)
{
	if (pthread_once(&once, create_shared) != 0)
		return NULL;
	return shared;
}
