/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE's mappings: from the nonce, and what the terminal sends, to a new generator (ICAO 9303-11, 4.4.3.3). */
#include <string.h>

#include "auth/pace_internal.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/map.h"

#define BLOCK_MAX 32 /* of the pseudo-random function */
#define PRF_MARGIN 8 /* bytes beyond those of p */
#define PRF_MAX (DH_SIZE_MAX + 2 * BLOCK_MAX)

bool pace_is_integrated(const struct pace *pace)
{
	uint8_t variant = pace->setup.suite.variant;

	return variant == PACE_DH_IM || variant == PACE_ECDH_IM;
}

static int set_generic(struct pace *pace, struct bytes shared)
{
	const struct domain *domain = &pace->setup.domain;
	struct bytes nonce = bytes_of(pace->nonce, pace->nonce_len);

	if (domain->ec != NULL)
		return map_generic_ec(domain->ec, nonce, shared, &pace->mapped_ec);
	return map_generic_dh(domain->dh, nonce, shared, &pace->mapped_dh);
}

/* H is the whole point, not x alone. */
static int share(struct agreement *key, struct bytes public, struct writer *out)
{
	if (key->ec != NULL)
		return ec_shared_point(key->ec, public, out);
	return agreement_shared(key, public, out);
}

/* 4.4.3.3.1 */
static int generic(struct pace *pace, struct bytes public, struct writer *answer)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer shared, own;
	int r = agreement_init(
	    &pace->setup.domain, pace->setup.random, pace->fixed.mapping, &pace->mapping);

	if (r < 0)
		return r;
	writer_init(&own, pace->own.data, sizeof pace->own.data);
	r = agreement_put_public(&pace->mapping, &own);
	if (r < 0)
		return r;
	if (bytes_equal(writer_bytes(&own), agreement_canonical(&pace->setup.domain, public)))
		return ERR_FORMAT;
	writer_init(&shared, memory, sizeof memory);
	r = share(&pace->mapping, public, &shared);
	if (r == 0)
		r = set_generic(pace, writer_bytes(&shared));
	if (r == 0)
		writer_put(answer, writer_bytes(&own));
	secret_wipe(memory, sizeof memory);
	return r;
}

/* 4.4.3.3.2: one block after the other; each key makes a block and the next key. */
static int pseudo_random(
    enum cipher_kind kind, struct bytes nonce, struct bytes other, struct bytes out, uint8_t *at)
{
	static const uint8_t c0[2][BLOCK_MAX] = {
		{ 0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57,
		    0xD8, 0x59, 0x04 },
		{ 0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D,
		    0xCA, 0x0A, 0x17, 0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06,
		    0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76 },
	};
	static const uint8_t c1[2][BLOCK_MAX] = {
		{ 0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17,
		    0xC1, 0x88, 0xAD },
		{ 0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF,
		    0x39, 0xD6, 0x9B, 0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD,
		    0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17 },
	};
	size_t block = nonce.len;
	size_t row = block > 16 ? 1 : 0;
	uint8_t key[BLOCK_MAX], next[BLOCK_MAX];
	int r = cipher_encrypt_once(kind, other, NULL, nonce, key);

	for (size_t i = 0; r == 0 && i + block <= out.len; i += block) {
		struct bytes k = bytes_of(key, cipher_key_size(kind));

		r = cipher_encrypt_once(kind, k, NULL, bytes_of(c1[row], block), at + i);
		if (r == 0)
			r = cipher_encrypt_once(kind, k, NULL, bytes_of(c0[row], block), next);
		if (r == 0)
			memcpy(key, next, block);
	}
	secret_wipe(key, sizeof key);
	secret_wipe(next, sizeof next);
	return r;
}

/* The smallest number of blocks that has 64 bits more than p. */
static size_t prf_size(const struct pace *pace)
{
	size_t need = domain_field_size(&pace->setup.domain) + PRF_MARGIN;

	return (need + pace->nonce_len - 1) / pace->nonce_len * pace->nonce_len;
}

static int integrated(struct pace *pace, struct bytes other)
{
	enum cipher_kind kind = pace->setup.suite.kind;
	const struct domain *domain = &pace->setup.domain;
	uint8_t memory[PRF_MAX];
	struct bytes prf = bytes_of(memory, prf_size(pace));
	int r;

	if (other.len != cipher_key_size(kind))
		return ERR_FORMAT;
	r = pseudo_random(kind, bytes_of(pace->nonce, pace->nonce_len), other, prf, memory);
	if (r == 0 && domain->ec != NULL)
		r = map_integrated_ec(domain->ec, prf, &pace->mapped_ec);
	else if (r == 0)
		r = map_integrated_dh(domain->dh, prf, &pace->mapped_dh);
	secret_wipe(memory, sizeof memory);
	return r;
}

int pace_map(struct pace *pace, struct bytes data, struct writer *answer)
{
	return pace_is_integrated(pace) ? integrated(pace, data) : generic(pace, data, answer);
}
