/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message authentication codes. Both kinds chain a cipher over all blocks but the last, in CBC, and treat that one
 * in their own way: CMAC adds a subkey to it; the retail MAC, which chains single DES under its first key,
 * encrypts it under both (EDE). The parts of a message are collected, which makes the calls of OpenSSL few; its own
 * CMAC sets an IV for each message, which takes longer than the message of a command does. */
#include "crypto/mac.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"
#include "crypto/pad.h"

#define DES_KEY_SIZE 8
#define RETAIL_KEY_SIZE 16
#define PIECE 512 /* whole blocks */

struct mac {
	enum cipher_kind kind;
	size_t block;
	struct cipher *chain; /* CBC */
	struct cipher *last;  /* of the retail MAC: EDE, ECB */
	uint8_t
	    subkeys[2][CIPHER_BLOCK_MAX]; /* of CMAC, for a whole last block, and for part of one */
	uint8_t state[CIPHER_BLOCK_MAX];  /* the last block of the chain so far */
	uint8_t piece[PIECE];             /* of the message: not chained yet */
	size_t piece_len;
	size_t len; /* of the message so far, modulo the block */
};

static int retail_new(struct bytes key, struct mac *mac)
{
	int r;

	if (key.len != RETAIL_KEY_SIZE)
		return ERR_FORMAT;
	r = cipher_new(CIPHER_3DES, CIPHER_CBC, bytes_first(key, DES_KEY_SIZE), &mac->chain);
	return r < 0 ? r : cipher_new(CIPHER_3DES, CIPHER_ECB, key, &mac->last);
}

/* Multiplies by x in the field of RFC 4493, 2.3: in constant time. */
static void double_block(const uint8_t in[CIPHER_BLOCK_MAX], uint8_t out[CIPHER_BLOCK_MAX])
{
	uint8_t carry = (uint8_t)(0x87 & -(in[0] >> 7));

	for (size_t i = 0; i < CIPHER_BLOCK_MAX - 1; i++)
		out[i] = (uint8_t)(in[i] << 1 | in[i + 1] >> 7);
	out[CIPHER_BLOCK_MAX - 1] = (uint8_t)(in[CIPHER_BLOCK_MAX - 1] << 1 ^ carry);
}

static int cmac_new(struct bytes key, struct mac *mac)
{
	static const uint8_t zeros[CIPHER_BLOCK_MAX];
	uint8_t l[CIPHER_BLOCK_MAX] = { 0 };
	int r = cipher_new(mac->kind, CIPHER_CBC, key, &mac->chain);

	if (r == 0)
		r = cipher_encrypt(mac->chain, NULL, BYTES_OF_ARRAY(zeros), l);
	if (r < 0)
		return r;
	double_block(l, mac->subkeys[0]);
	double_block(mac->subkeys[0], mac->subkeys[1]);
	secret_wipe(l, sizeof l);
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
	r = kind == CIPHER_3DES ? retail_new(key, mac) : cmac_new(key, mac);
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
	cipher_free(mac->chain);
	cipher_free(mac->last);
	secret_wipe(mac, sizeof *mac);
	free(mac);
}

int mac_start(struct mac *mac)
{
	mac->len = 0;
	mac->piece_len = 0;
	memset(mac->state, 0, sizeof mac->state);
	return 0;
}

/* Chains the first n bytes of the piece, whole blocks. */
static int chain(struct mac *mac, size_t n)
{
	uint8_t out[PIECE];
	int r = 0;

	if (n > 0)
		r = cipher_encrypt(mac->chain, mac->state, bytes_of(mac->piece, n), out);
	if (n > 0 && r == 0)
		memcpy(mac->state, out + n - mac->block, mac->block);
	return r;
}

/* A full piece is chained when more follows, so that the last block is never among what was. */
int mac_update(struct mac *mac, struct bytes in)
{
	mac->len = (mac->len + in.len) % mac->block;
	while (in.len > 0) {
		struct bytes part = bytes_first(in, PIECE - mac->piece_len);

		if (part.len == 0) {
			int r = chain(mac, PIECE);

			if (r < 0)
				return r;
			mac->piece_len = 0;
			continue;
		}
		memcpy(mac->piece + mac->piece_len, part.data, part.len);
		mac->piece_len += part.len;
		in = bytes_after(in, part.len);
	}
	return 0;
}

/* The last block, the state added to it, under both keys. */
static int retail_finish(struct mac *mac, uint8_t *out)
{
	uint8_t block[CIPHER_BLOCK_MAX];
	size_t rest = mac->piece_len - mac->block;
	int r;

	if (mac->piece_len == 0 || mac->piece_len % mac->block != 0)
		return ERR_FORMAT;
	r = chain(mac, rest);
	if (r < 0)
		return r;
	for (size_t i = 0; i < mac->block; i++)
		block[i] = mac->piece[rest + i] ^ mac->state[i];
	return cipher_encrypt(mac->last, NULL, bytes_of(block, mac->block), out);
}

/* RFC 4493, 2.4: the last block, padded if there is but part of one, with its subkey, is chained as the others. */
static int cmac_finish(struct mac *mac, uint8_t *out)
{
	bool whole = mac->piece_len > 0 && mac->len == 0;
	const uint8_t *subkey = mac->subkeys[whole ? 0 : 1];
	uint8_t *last;
	int r;

	if (!whole)
		mac->piece_len = pad_add(mac->piece, mac->piece_len, mac->block);
	last = mac->piece + mac->piece_len - mac->block;
	for (size_t i = 0; i < mac->block; i++)
		last[i] ^= subkey[i];
	r = chain(mac, mac->piece_len);
	if (r == 0)
		memcpy(out, mac->state, mac->block);
	return r;
}

int mac_finish(struct mac *mac, uint8_t *out)
{
	return mac->kind == CIPHER_3DES ? retail_finish(mac, out) : cmac_finish(mac, out);
}

int mac_update_padding(struct mac *mac)
{
	static const uint8_t padding[CIPHER_BLOCK_MAX] = { 0x80 };

	return mac_update(mac, bytes_of(padding, mac->block - mac->len));
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
