/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared OpenSSL library context and its algorithms: none of the legacy provider. */
#include "crypto/context.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* Two-key and single DES are three-key DES with keys that repeat. */
static const char *const digest_names[DIGEST_KINDS] = {
	[DIGEST_SHA1] = "SHA1",
	[DIGEST_SHA224] = "SHA2-224",
	[DIGEST_SHA256] = "SHA2-256",
	[DIGEST_SHA384] = "SHA2-384",
	[DIGEST_SHA512] = "SHA2-512",
};
static const char *const cipher_names[CIPHER_KINDS][CIPHER_MODES] = {
	[CIPHER_3DES] = { "DES-EDE3-ECB", "DES-EDE3-CBC", NULL },
	[CIPHER_AES_128] = { "AES-128-ECB", "AES-128-CBC", "AES-128-CTR" },
	[CIPHER_AES_192] = { "AES-192-ECB", "AES-192-CBC", "AES-192-CTR" },
	[CIPHER_AES_256] = { "AES-256-ECB", "AES-256-CBC", "AES-256-CTR" },
};

/* Mutable globals: what all cards share, behind pthread_once(). */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static OSSL_LIB_CTX *shared;
static EVP_MD *digests[DIGEST_KINDS];
static EVP_CIPHER *ciphers[CIPHER_KINDS][CIPHER_MODES];

static void free_shared(void)
{
	for (size_t i = 0; i < DIGEST_KINDS; i++)
		EVP_MD_free(digests[i]);
	for (size_t i = 0; i < CIPHER_KINDS; i++) {
		for (size_t j = 0; j < CIPHER_MODES; j++)
			EVP_CIPHER_free(ciphers[i][j]);
	}
	OSSL_LIB_CTX_free(shared);
	shared = NULL;
}

static void fetch_all(void)
{
	for (size_t i = 0; i < DIGEST_KINDS; i++)
		digests[i] = EVP_MD_fetch(shared, digest_names[i], NULL);
	for (size_t i = 0; i < CIPHER_KINDS; i++) {
		for (size_t j = 0; j < CIPHER_MODES; j++) {
			if (cipher_names[i][j] != NULL)
				ciphers[i][j] = EVP_CIPHER_fetch(shared, cipher_names[i][j], NULL);
		}
	}
}

/* OpenSSL's own clean-up is registered first and so runs last. */
static void create_shared(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return;
	shared = OSSL_LIB_CTX_new();
	if (shared == NULL)
		return;
	fetch_all();
	if (atexit(free_shared) != 0)
		free_shared();
}

OSSL_LIB_CTX *context_shared(void)
{
	if (pthread_once(&once, create_shared) != 0)
		return NULL;
	return shared;
}

const EVP_MD *context_digest(enum digest_kind kind)
{
	return context_shared() == NULL ? NULL : digests[kind];
}

const EVP_CIPHER *context_cipher(enum cipher_kind kind, enum cipher_mode mode)
{
	return context_shared() == NULL ? NULL : ciphers[kind][mode];
}
