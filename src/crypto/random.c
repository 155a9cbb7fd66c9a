/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers. Without a seed: the generator of a private OpenSSL library context (NIST SP 800-90A,
 * CTR_DRBG, seeded by the operating system). With a seed: the ChaCha20 key stream (RFC 8439) under the
 * key SHA-256(seed) and nonce 0, which anybody can compute again: for tests, not for secrets. */
#include "crypto/random.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

#define KEY_SIZE 32 /* of ChaCha20, and what SHA-256 gives */
#define IV_SIZE 16  /* OpenSSL: 32 bits of block counter, 96 of nonce */

struct random {
	uint8_t *seed; /* NULL: true randomness. Gone once stream exists. */
	size_t seed_len;
	bool seeded;
	EVP_CIPHER_CTX *stream;
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
	forget_seed(random);
	EVP_CIPHER_CTX_free(random->stream);
	free(random);
}

bool random_is_seeded(const struct random *random)
{
	return random->seeded;
}

/* Makes the key stream of the seed. */
static int start_stream(struct random *random)
{
	static const uint8_t iv[IV_SIZE];
	uint8_t key[KEY_SIZE];
	OSSL_LIB_CTX *context = context_shared();
	EVP_CIPHER *cipher = NULL;
	EVP_CIPHER_CTX *stream = NULL;
	int r = ERR_CRYPTO;

	if (context == NULL ||
	    EVP_Q_digest(context, "SHA256", NULL, random->seed, random->seed_len, key, NULL) != 1)
		goto out;
	cipher = EVP_CIPHER_fetch(context, "ChaCha20", NULL);
	stream = EVP_CIPHER_CTX_new();
	if (cipher == NULL || stream == NULL ||
	    EVP_EncryptInit_ex2(stream, cipher, key, iv, NULL) != 1)
		goto out;
	random->stream = stream;
	stream = NULL;
	forget_seed(random);
	r = 0;
out:
	secret_wipe(key, sizeof key);
	EVP_CIPHER_CTX_free(stream);
	EVP_CIPHER_free(cipher);
	return r;
}

static int seeded_bytes(struct random *random, uint8_t *out, size_t n)
{
	int len = 0;
	int r = random->stream == NULL ? start_stream(random) : 0;

	if (r < 0)
		return r;
	memset(out, 0, n);
	if (EVP_EncryptUpdate(random->stream, out, &len, out, (int)n) != 1 || (size_t)len != n)
		return ERR_CRYPTO;
	return 0;
}

int random_bytes(struct random *random, uint8_t *out, size_t n)
{
	OSSL_LIB_CTX *context;

	if (n > INT_MAX)
		return ERR_LIMIT;
	if (n == 0)
		return 0;
	if (random->seeded)
		return seeded_bytes(random, out, n);
	context = context_shared();
	if (context == NULL || RAND_bytes_ex(context, out, n, 0) != 1)
		return ERR_CRYPTO;
	return 0;
}
