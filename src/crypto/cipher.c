/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block ciphers. Each direction has a context of its own, made when it is first needed, that keeps the key:
 * a message then costs a new IV and the blocks. */
#include "crypto/cipher.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

#define DES_KEY_SIZE 8
#define DES3_KEY_SIZE (3 * DES_KEY_SIZE)

struct cipher {
	const EVP_CIPHER *algorithm;
	EVP_CIPHER_CTX *encrypt, *decrypt; /* NULL: not needed so far */
	size_t block;                      /* messages are multiples of this */
	bool has_iv;
	uint8_t key[CIPHER_KEY_MAX]; /* as OpenSSL wants it */
};

size_t cipher_block_size(enum cipher_kind kind)
{
	return kind == CIPHER_3DES ? 8 : 16;
}

size_t cipher_key_size(enum cipher_kind kind)
{
	static const size_t sizes[CIPHER_KINDS] = { 16, 16, 24, 32 };

	return sizes[kind];
}

/* EDE with K1 = K2 = K3 is single DES; with K1 = K3 it is DES with two keys. */
static int set_des_key(struct bytes key, uint8_t out[DES3_KEY_SIZE])
{
	if (key.len != DES_KEY_SIZE && key.len != 2 * DES_KEY_SIZE && key.len != DES3_KEY_SIZE)
		return ERR_FORMAT;
	for (size_t done = 0; done < DES3_KEY_SIZE; done += DES_KEY_SIZE)
		memcpy(out + done, key.data + done % key.len, DES_KEY_SIZE);
	return 0;
}

static int set_key(enum cipher_kind kind, struct bytes key, uint8_t out[CIPHER_KEY_MAX])
{
	if (kind == CIPHER_3DES)
		return set_des_key(key, out);
	if (key.len != cipher_key_size(kind))
		return ERR_FORMAT;
	memcpy(out, key.data, key.len);
	return 0;
}

int cipher_new(enum cipher_kind kind, enum cipher_mode mode, struct bytes key, struct cipher **out)
{
	const EVP_CIPHER *algorithm = context_cipher(kind, mode);
	struct cipher *cipher;
	int r;

	if (algorithm == NULL)
		return kind == CIPHER_3DES && mode == CIPHER_CTR ? ERR_UNSUPPORTED : ERR_CRYPTO;
	cipher = calloc(1, sizeof *cipher);
	if (cipher == NULL)
		return ERR_NO_MEMORY;
	cipher->algorithm = algorithm;
	cipher->block = mode == CIPHER_CTR ? 1 : cipher_block_size(kind);
	cipher->has_iv = mode != CIPHER_ECB;
	r = set_key(kind, key, cipher->key);
	if (r < 0) {
		cipher_free(cipher);
		return r;
	}
	*out = cipher;
	return 0;
}

void cipher_free(struct cipher *cipher)
{
	if (cipher == NULL)
		return;
	EVP_CIPHER_CTX_free(cipher->encrypt);
	EVP_CIPHER_CTX_free(cipher->decrypt);
	secret_wipe(cipher, sizeof *cipher);
	free(cipher);
}

/* The context of a direction, with the key set up. NULL: OpenSSL could not. */
static EVP_CIPHER_CTX *keyed(struct cipher *cipher, bool encrypt)
{
	EVP_CIPHER_CTX **slot = encrypt ? &cipher->encrypt : &cipher->decrypt;
	EVP_CIPHER_CTX *context = *slot;

	if (context != NULL)
		return context;
	context = EVP_CIPHER_CTX_new();
	if (context == NULL ||
	    EVP_CipherInit_ex2(context, cipher->algorithm, cipher->key, NULL, encrypt, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
		EVP_CIPHER_CTX_free(context);
		return NULL;
	}
	*slot = context;
	return context;
}

/* Begins a message. Without an IV there is nothing that the last one could have left. */
static bool start(struct cipher *cipher, EVP_CIPHER_CTX *context, const uint8_t *iv)
{
	static const uint8_t zeros[CIPHER_BLOCK_MAX];

	if (context == NULL)
		return false;
	return !cipher->has_iv ||
	    EVP_CipherInit_ex2(context, NULL, NULL, iv != NULL ? iv : zeros, -1, NULL) == 1;
}

static int process(
    struct cipher *cipher, bool encrypt, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	EVP_CIPHER_CTX *context;
	int len = 0;

	if (in.len % cipher->block != 0)
		return ERR_FORMAT;
	if (in.len > INT_MAX)
		return ERR_LIMIT;
	if (in.len == 0)
		return 0;
	context = keyed(cipher, encrypt);
	if (!start(cipher, context, iv) ||
	    EVP_CipherUpdate(context, out, &len, in.data, (int)in.len) != 1 ||
	    (size_t)len != in.len)
		return ERR_CRYPTO;
	return 0;
}

int cipher_encrypt(struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	return process(cipher, true, iv, in, out);
}

int cipher_decrypt(struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	return process(cipher, false, iv, in, out);
}

int cipher_encrypt_once(
    enum cipher_kind kind, struct bytes key, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	struct cipher *cipher;
	int r = cipher_new(kind, CIPHER_CBC, key, &cipher);

	if (r < 0)
		return r;
	r = cipher_encrypt(cipher, iv, in, out);
	cipher_free(cipher);
	return r;
}
