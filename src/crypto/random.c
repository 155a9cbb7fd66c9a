/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers. Without a seed: the generator of a private OpenSSL library context (NIST SP 800-90A,
 * CTR_DRBG, seeded by the operating system). With a seed: ChaCha20 key streams (RFC 8439) under the key
 * SHA-256(seed), nonce 0 for the card and nonce 1 for OpenSSL on its behalf, which anybody can compute again:
 * for tests, not for secrets. */
#include "crypto/random.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"
#include "crypto/seeded.h"

#define KEY_SIZE 32 /* of ChaCha20, and what SHA-256 gives */
#define IV_SIZE 16  /* OpenSSL: 32 bits of block counter, 96 of nonce */

enum stream { STREAM_CARD, STREAM_OPENSSL, STREAMS };

struct random {
	uint8_t *seed; /* NULL: true randomness. Gone once the streams exist. */
	size_t seed_len;
	bool seeded;
	EVP_CIPHER_CTX *streams[STREAMS]; /* the nonce is the number */
	struct seeded own;                /* of a seeded card; empty: not needed so far */
};

int random_new(struct bytes seed, struct random **out)
{
	struct random *random = calloc(1, sizeof *random);

	if (random == NULL)
		return ERR_NO_MEMORY;
	if (seed.len > 0) {
		random->seeded = true;
		random->seed = malloc(seed.len);
		if (random->seed == NULL) {
			free(random);
			return ERR_NO_MEMORY;
		}
		memcpy(random->seed, seed.data, seed.len);
		random->seed_len = seed.len;
	}
	*out = random;
	return 0;
}

static void forget_seed(struct random *random)
{
	if (random->seed != NULL)
		secret_wipe(random->seed, random->seed_len);
	free(random->seed);
	random->seed = NULL;
	random->seed_len = 0;
}

void random_free(struct random *random)
{
	if (random == NULL)
		return;
	seeded_done(&random->own);
	forget_seed(random);
	for (size_t i = 0; i < STREAMS; i++)
		EVP_CIPHER_CTX_free(random->streams[i]);
	free(random);
}

bool random_is_seeded(const struct random *random)
{
	return random->seeded;
}

/* Makes a key stream. */
static int start_stream(const uint8_t key[KEY_SIZE], enum stream nonce, EVP_CIPHER_CTX **out)
{
	uint8_t iv[IV_SIZE] = { 0 };
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(context_shared(), "ChaCha20", NULL);
	EVP_CIPHER_CTX *stream = EVP_CIPHER_CTX_new();
	int r = ERR_CRYPTO;

	iv[IV_SIZE - 1] = (uint8_t)nonce;
	if (cipher != NULL && stream != NULL &&
	    EVP_EncryptInit_ex2(stream, cipher, key, iv, NULL) == 1) {
		*out = stream;
		stream = NULL;
		r = 0;
	}
	EVP_CIPHER_CTX_free(stream);
	EVP_CIPHER_free(cipher);
	return r;
}

/* Makes the key streams of the seed. */
static int start_streams(struct random *random)
{
	uint8_t key[DIGEST_SIZE_MAX];
	int r = digest_compute(DIGEST_SHA256, bytes_of(random->seed, random->seed_len), key);

	for (size_t i = 0; i < STREAMS && r == 0; i++) {
		if (random->streams[i] == NULL)
			r = start_stream(key, (enum stream)i, &random->streams[i]);
	}
	if (r == 0)
		forget_seed(random);
	secret_wipe(key, sizeof key);
	return r;
}

static int draw(struct random *random, enum stream stream, uint8_t *out, size_t n)
{
	int len = 0;
	int r = random->seed != NULL ? start_streams(random) : 0;

	if (r < 0)
		return r;
	memset(out, 0, n);
	if (EVP_EncryptUpdate(random->streams[stream], out, &len, out, (int)n) != 1 ||
	    (size_t)len != n)
		return ERR_CRYPTO;
	return 0;
}

int random_for_openssl(struct random *random, uint8_t *out, size_t n)
{
	return n > INT_MAX ? ERR_LIMIT : draw(random, STREAM_OPENSSL, out, n);
}

OSSL_LIB_CTX *context_of(struct random *random)
{
	if (!random->seeded)
		return context_shared();
	if (random->own.context == NULL && !seeded_init(random, &random->own))
		return NULL;
	return random->own.context;
}

void random_rest(struct random *random)
{
	if (random->own.context != NULL)
		OPENSSL_thread_stop_ex(random->own.context);
}

int random_bytes(struct random *random, uint8_t *out, size_t n)
{
	OSSL_LIB_CTX *context;

	if (n > INT_MAX)
		return ERR_LIMIT;
	if (n == 0)
		return 0;
	if (random->seeded)
		return draw(random, STREAM_CARD, out, n);
	context = context_shared();
	if (context == NULL || RAND_bytes_ex(context, out, n, 0) != 1)
		return ERR_CRYPTO;
	return 0;
}
