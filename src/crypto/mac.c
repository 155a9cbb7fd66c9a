/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message authentication codes.
 *
 * The retail MAC chains single DES under the first key over all blocks but the last, which is encrypted under
 * both keys (EDE). OpenSSL has no such MAC, and single DES is in its legacy provider alone: so single DES is
 * EDE with one key here, and the message is collected in pieces of a size that makes the calls few. */
#include "crypto/mac.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

#define DES_BLOCK 8
#define RETAIL_KEY_SIZE 16
#define PIECE 256 /* whole blocks */

/* The retail MAC of the message so far. */
struct retail {
	struct cipher *chain; /* DES under the first key, CBC */
	struct cipher *last;  /* both keys, ECB */
	uint8_t state[DES_BLOCK];
	uint8_t piece[PIECE]; /* not chained yet */
	size_t piece_len;
};

struct mac {
	enum cipher_kind kind;
	size_t block;
	size_t len;           /* of the message so far, modulo the block */
	EVP_MAC_CTX *cmac;    /* for AES */
	struct retail retail; /* for DES */
};

static int retail_new(struct bytes key, struct retail *out)
{
	int r;

	if (key.len != RETAIL_KEY_SIZE)
		return ERR_FORMAT;
	r = cipher_new(CIPHER_3DES, CIPHER_CBC, bytes_first(key, DES_BLOCK), &out->chain);
	return r < 0 ? r : cipher_new(CIPHER_3DES, CIPHER_ECB, key, &out->last);
}

static int cmac_new(enum cipher_kind kind, struct bytes key, EVP_MAC_CTX **out)
{
	char name[] = "AES-128-CBC";
	OSSL_PARAM params[2];
	EVP_MAC *cmac = context_cmac();

	if (key.len != cipher_key_size(kind))
		return ERR_FORMAT;
	memcpy(name + 4,
	    kind == CIPHER_AES_128       ? "128"
	        : kind == CIPHER_AES_192 ? "192"
	                                 : "256",
	    3);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	*out = cmac == NULL ? NULL : EVP_MAC_CTX_new(cmac);
	if (*out == NULL || EVP_MAC_init(*out, key.data, key.len, params) != 1)
		return ERR_CRYPTO;
	return 0;
}

int mac_new(enum cipher_kind kind, struct bytes key, struct mac **out)
{
	struct mac *mac = calloc(1, sizeof *mac);
	int r;

	if (mac == NULL)
		return ERR_NO_MEMORY;
	mac->kind = kind;
	mac->block = cipher_block_size(kind);
	r = kind == CIPHER_3DES ? retail_new(key, &mac->retail) : cmac_new(kind, key, &mac->cmac);
	if (r < 0) {
		mac_free(mac);
		return r;
	}
	*out = mac;
	return 0;
}

void mac_free(struct mac *mac)
{
	if (mac == NULL)
		return;
	EVP_MAC_CTX_free(mac->cmac);
	cipher_free(mac->retail.chain);
	cipher_free(mac->retail.last);
	secret_wipe(mac, sizeof *mac);
	free(mac);
}

int mac_start(struct mac *mac)
{
	mac->len = 0;
	mac->retail.piece_len = 0;
	memset(mac->retail.state, 0, sizeof mac->retail.state);
	if (mac->kind == CIPHER_3DES)
		return 0;
	return EVP_MAC_init(mac->cmac, NULL, 0, NULL) == 1 ? 0 : ERR_CRYPTO;
}

/* Chains the first n bytes of the piece, whole blocks. */
static int retail_chain(struct retail *retail, size_t n)
{
	uint8_t out[PIECE];
	int r;

	if (n == 0)
		return 0;
	r = cipher_encrypt(retail->chain, retail->state, bytes_of(retail->piece, n), out);
	if (r == 0)
		memcpy(retail->state, out + n - DES_BLOCK, DES_BLOCK);
	return r;
}

/* A full piece is chained when more follows, so that the last block is never among what was chained. */
static int retail_update(struct retail *retail, struct bytes in)
{
	while (in.len > 0) {
		struct bytes part = bytes_first(in, PIECE - retail->piece_len);

		if (part.len == 0) {
			int r = retail_chain(retail, PIECE);

			if (r < 0)
				return r;
			retail->piece_len = 0;
			continue;
		}
		memcpy(retail->piece + retail->piece_len, part.data, part.len);
		retail->piece_len += part.len;
		in = bytes_after(in, part.len);
	}
	return 0;
}

static int retail_finish(struct retail *retail, uint8_t out[DES_BLOCK])
{
	const uint8_t *last;
	uint8_t block[DES_BLOCK];
	int r;

	if (retail->piece_len == 0 || retail->piece_len % DES_BLOCK != 0)
		return ERR_FORMAT;
	last = retail->piece + retail->piece_len - DES_BLOCK;
	r = retail_chain(retail, retail->piece_len - DES_BLOCK);
	if (r < 0)
		return r;
	for (size_t i = 0; i < DES_BLOCK; i++)
		block[i] = last[i] ^ retail->state[i];
	r = cipher_encrypt(retail->last, NULL, BYTES_OF_ARRAY(block), block);
	if (r == 0)
		memcpy(out, block, sizeof block);
	return r;
}

int mac_update(struct mac *mac, struct bytes in)
{
	mac->len = (mac->len + in.len) % mac->block;
	if (mac->kind == CIPHER_3DES)
		return retail_update(&mac->retail, in);
	return EVP_MAC_update(mac->cmac, in.data, in.len) == 1 ? 0 : ERR_CRYPTO;
}

int mac_update_padding(struct mac *mac)
{
	static const uint8_t padding[CIPHER_BLOCK_MAX] = { 0x80 };

	return mac_update(mac, bytes_of(padding, mac->block - mac->len));
}

int mac_finish(struct mac *mac, uint8_t *out)
{
	uint8_t value[MAC_SIZE_MAX];
	size_t len = 0;

	if (mac->kind == CIPHER_3DES)
		return retail_finish(&mac->retail, out);
	if (EVP_MAC_final(mac->cmac, value, &len, sizeof value) != 1)
		return ERR_CRYPTO;
	memcpy(out, value, len);
	return 0;
}

int mac_compute(enum cipher_kind kind, struct bytes key, struct bytes in, uint8_t *out)
{
	struct mac *mac;
	int r = mac_new(kind, key, &mac);

	if (r < 0)
		return r;
	r = mac_start(mac);
	if (r == 0)
		r = mac_update(mac, in);
	if (r == 0)
		r = mac_finish(mac, out);
	mac_free(mac);
	return r;
}

int mac_hmac(enum digest_kind kind, struct bytes key, struct bytes in, uint8_t *out)
{
	OSSL_LIB_CTX *context = context_shared();
	const EVP_MD *md = context_digest(kind);
	uint8_t value[DIGEST_SIZE_MAX];
	size_t len = 0;

	if (md == NULL ||
	    EVP_Q_mac(context, "HMAC", NULL, EVP_MD_get0_name(md), NULL, key.data, key.len, in.data,
	        in.len, value, sizeof value, &len) == NULL)
		return ERR_CRYPTO;
	memcpy(out, value, len);
	secret_wipe(value, sizeof value);
	return 0;
}
