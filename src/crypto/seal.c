/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sealed under a password. The nonce is random: at 96 bits that is good for 2^32 messages under one
 * key (SP 800-38D, 8.3). */
#include "crypto/seal.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/entropy.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

#define SCRYPT_BLOCK 128 /* bytes of memory for each n and r */

int seal_parameters_init(struct seal_parameters *out)
{
	struct seal_parameters made = { .n = SEAL_N_DEFAULT,
		.r = SEAL_R_DEFAULT,
		.p = SEAL_P_DEFAULT,
		.salt_len = SEAL_SALT_SIZE };
	int r = entropy_get(made.salt, made.salt_len);

	if (r == 0)
		*out = made;
	return r;
}

void seal_key_wipe(struct seal_key *key)
{
	secret_wipe(key, sizeof *key);
}

/* What a file may ask of us. */
static bool are_bounded(const struct seal_parameters *p)
{
	if (p->n < SEAL_N_MIN || p->n > SEAL_N_MAX || (p->n & (p->n - 1)) != 0)
		return false;
	if (p->r == 0 || p->r > SEAL_R_MAX || p->p == 0 || p->p > SEAL_P_MAX)
		return false;
	return p->salt_len <= sizeof p->salt && SCRYPT_BLOCK * p->n * p->r <= SEAL_MEMORY_MAX;
}

static int run_scrypt(
    EVP_KDF_CTX *kdf, const struct seal_parameters *parameters, struct bytes password, uint8_t *out)
{
	struct seal_parameters p = *parameters; /* OpenSSL's parameters are not const */
	uint64_t memory = 2u * SEAL_MEMORY_MAX;
	uint8_t none[1] = { 0 };
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, none, password.len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, p.salt, p.salt_len),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &p.n),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &p.r),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p.p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
		OSSL_PARAM_construct_end(),
	};

	/* The same, and it is not written to. */
	if (password.len > 0)
		memcpy(&params[0].data, &password.data, sizeof password.data);
	return EVP_KDF_derive(kdf, out, SEAL_KEY_SIZE, params) == 1 ? 0 : ERR_CRYPTO;
}

int seal_derive(
    const struct seal_parameters *parameters, struct bytes password, struct seal_key *out)
{
	OSSL_LIB_CTX *context = context_shared();
	struct seal_key key;
	EVP_KDF *scrypt = NULL;
	EVP_KDF_CTX *kdf = NULL;
	int r = ERR_CRYPTO;

	if (!are_bounded(parameters))
		return ERR_LIMIT;
	if (context != NULL)
		scrypt = EVP_KDF_fetch(context, "SCRYPT", NULL);
	if (scrypt != NULL)
		kdf = EVP_KDF_CTX_new(scrypt);
	if (kdf != NULL)
		r = run_scrypt(kdf, parameters, password, key.data);
	if (r == 0)
		*out = key;
	secret_wipe(&key, sizeof key);
	EVP_KDF_CTX_free(kdf);
	EVP_KDF_free(scrypt);
	return r;
}

/* A cipher context with key and nonce, and the label taken in. NULL: OpenSSL failed. */
static EVP_CIPHER_CTX *start(
    const struct seal_key *key, const uint8_t *nonce, struct bytes label, bool encrypt)
{
	OSSL_LIB_CTX *context = context_shared();
	EVP_CIPHER *gcm = context != NULL ? EVP_CIPHER_fetch(context, "AES-256-GCM", NULL) : NULL;
	EVP_CIPHER_CTX *ctx = gcm != NULL ? EVP_CIPHER_CTX_new() : NULL;
	int len;

	if (ctx != NULL &&
	    (EVP_CipherInit_ex2(ctx, gcm, key->data, nonce, encrypt, NULL) != 1 ||
	        EVP_CipherUpdate(ctx, NULL, &len, label.data, (int)label.len) != 1)) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_CIPHER_free(gcm);
	return ctx;
}

int seal_close(const struct seal_key *key, struct bytes label, struct bytes plain, uint8_t *out)
{
	uint8_t *body = out + SEAL_NONCE_SIZE;
	EVP_CIPHER_CTX *ctx;
	int len = 0;
	int r = ERR_CRYPTO;

	if (plain.len > INT_MAX || label.len > INT_MAX)
		return ERR_LIMIT;
	if (entropy_get(out, SEAL_NONCE_SIZE) < 0)
		return ERR_IO;
	ctx = start(key, out, label, true);
	if (ctx != NULL &&
	    (plain.len == 0 ||
	        EVP_CipherUpdate(ctx, body, &len, plain.data, (int)plain.len) == 1) &&
	    EVP_CipherFinal_ex(ctx, body + len, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_SIZE, body + plain.len) == 1)
		r = 0;
	EVP_CIPHER_CTX_free(ctx);
	return r;
}

int seal_open(const struct seal_key *key, struct bytes label, struct bytes sealed, uint8_t *out)
{
	uint8_t tag[SEAL_TAG_SIZE];
	EVP_CIPHER_CTX *ctx;
	struct bytes body;
	int len = 0;
	int r = ERR_CRYPTO;

	if (sealed.len < SEAL_OVERHEAD)
		return ERR_FORMAT;
	if (sealed.len > INT_MAX || label.len > INT_MAX)
		return ERR_LIMIT;
	body = bytes_of(sealed.data + SEAL_NONCE_SIZE, sealed.len - SEAL_OVERHEAD);
	memcpy(tag, body.data + body.len, sizeof tag);
	ctx = start(key, sealed.data, label, false);
	if (ctx != NULL &&
	    (body.len == 0 || EVP_CipherUpdate(ctx, out, &len, body.data, (int)body.len) == 1) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_SIZE, tag) == 1 &&
	    EVP_CipherFinal_ex(ctx, out + len, &len) == 1)
		r = 0;
	if (r < 0 && body.len > 0)
		secret_wipe(out, body.len);
	EVP_CIPHER_CTX_free(ctx);
	return r;
}
