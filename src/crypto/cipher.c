/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block ciphers. Each direction has a context of its own, made when it is first needed, that keeps the key.
 *
 * To set an IV costs OpenSSL more than to encrypt ten blocks. In CBC it need not be: the context goes on from
 * message to message as if they were one, and what the last one left, its last block of ciphertext, is taken out of
 * the first block of the next one where the IV is put in. */
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

struct direction {
	EVP_CIPHER_CTX *context; /* NULL: not needed so far */
	uint8_t chain
	    [CIPHER_BLOCK_MAX]; /* in CBC: the last block of ciphertext, at first the IV of zeros */
};

struct cipher {
	const EVP_CIPHER *algorithm;
	enum cipher_mode mode;
	struct direction encrypt, decrypt;
	size_t block;                /* of the algorithm */
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
	cipher->mode = mode;
	cipher->block = cipher_block_size(kind);
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
	EVP_CIPHER_CTX_free(cipher->encrypt.context);
	EVP_CIPHER_CTX_free(cipher->decrypt.context);
	secret_wipe(cipher, sizeof *cipher);
	free(cipher);
}

/* Sets up the key, if that was not done before. */
static bool set_up(const struct cipher *cipher, struct direction *direction, bool encrypt)
{
	static const uint8_t zeros[CIPHER_BLOCK_MAX];
	EVP_CIPHER_CTX *context;

	if (direction->context != NULL)
		return true;
	context = EVP_CIPHER_CTX_new();
	if (context == NULL ||
	    EVP_CipherInit_ex2(context, cipher->algorithm, cipher->key, zeros, encrypt, NULL) !=
	        1 ||
	    EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
		EVP_CIPHER_CTX_free(context);
		return false;
	}
	direction->context = context;
	memset(direction->chain, 0, sizeof direction->chain);
	return true;
}

static bool update(struct direction *direction, struct bytes in, uint8_t *out)
{
	int len = 0;

	return EVP_CipherUpdate(direction->context, out, &len, in.data, (int)in.len) == 1 &&
	    (size_t)len == in.len;
}

/* Takes out what the last message left, and puts in the IV. */
static void exchange_iv(
    const struct cipher *cipher, struct direction *direction, const uint8_t *iv, uint8_t *block)
{
	for (size_t i = 0; i < cipher->block; i++)
		block[i] ^= (uint8_t)(direction->chain[i] ^ iv[i]);
}

static bool encrypt_cbc(struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	struct direction *direction = &cipher->encrypt;
	uint8_t first[CIPHER_BLOCK_MAX];
	bool good;

	memcpy(first, in.data, cipher->block);
	exchange_iv(cipher, direction, iv, first);
	good = update(direction, bytes_of(first, cipher->block), out);
	if (good && in.len > cipher->block)
		good = update(direction, bytes_after(in, cipher->block), out + cipher->block);
	memcpy(direction->chain, out + in.len - cipher->block, cipher->block);
	secret_wipe(first, sizeof first);
	return good;
}

static bool decrypt_cbc(struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	struct direction *direction = &cipher->decrypt;
	uint8_t last[CIPHER_BLOCK_MAX];
	bool good;

	memcpy(last, in.data + in.len - cipher->block, cipher->block);
	good = update(direction, in, out);
	exchange_iv(cipher, direction, iv, out);
	memcpy(direction->chain, last, cipher->block);
	return good;
}

/* A message of at least a byte. */
static bool run(
    struct cipher *cipher, bool encrypt, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	struct direction *direction = encrypt ? &cipher->encrypt : &cipher->decrypt;

	switch (cipher->mode) {
	case CIPHER_ECB:
		return update(direction, in, out);
	case CIPHER_CBC:
		return encrypt ? encrypt_cbc(cipher, iv, in, out)
		               : decrypt_cbc(cipher, iv, in, out);
	case CIPHER_CTR:
		return EVP_CipherInit_ex2(direction->context, NULL, NULL, iv, -1, NULL) == 1 &&
		    update(direction, in, out);
	case CIPHER_MODES:
		break;
	}
	return false;
}

static int process(
    struct cipher *cipher, bool encrypt, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	static const uint8_t zeros[CIPHER_BLOCK_MAX];
	struct direction *direction = encrypt ? &cipher->encrypt : &cipher->decrypt;

	if (cipher->mode != CIPHER_CTR && in.len % cipher->block != 0)
		return ERR_FORMAT;
	if (in.len > INT_MAX)
		return ERR_LIMIT;
	if (in.len == 0)
		return 0;
	if (!set_up(cipher, direction, encrypt))
		return ERR_CRYPTO;
	if (run(cipher, encrypt, iv != NULL ? iv : zeros, in, out))
		return 0;
	EVP_CIPHER_CTX_free(direction->context); /* nobody knows what its state is */
	direction->context = NULL;
	return ERR_CRYPTO;
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
