/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key derivation: the first bytes of H(secret || nonce || counter), the counter of 32 bits. H is SHA-1 for keys
 * of up to 128 bits, else SHA-256. */
#include "crypto/kdf.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"

void key_wipe(struct symmetric_key *key)
{
	secret_wipe(key, sizeof *key);
}

struct bytes key_bytes(const struct symmetric_key *key)
{
	return bytes_of(key->data, key->len);
}

void kdf_set_parity(uint8_t *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t ones = key[i] & 0xFE;

		ones ^= ones >> 4;
		ones ^= ones >> 2;
		ones ^= ones >> 1;
		key[i] = (uint8_t)((key[i] & 0xFE) | (~ones & 1));
	}
}

static int hash(
    enum digest_kind kind, const struct bytes parts[], size_t n, uint8_t value[DIGEST_SIZE_MAX])
{
	struct digest *digest;
	int r = digest_new(kind, &digest);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n && r == 0; i++)
		r = digest_update(digest, parts[i]);
	if (r == 0)
		r = digest_finish(digest, value);
	digest_free(digest);
	return r;
}

int kdf_derive(enum cipher_kind kind, struct bytes secret, struct bytes nonce,
    enum kdf_counter counter, struct symmetric_key *out)
{
	const uint8_t number[] = { 0, 0, 0, (uint8_t)counter };
	const struct bytes parts[] = { secret, nonce, BYTES_OF_ARRAY(number) };
	size_t len = cipher_key_size(kind);
	uint8_t value[DIGEST_SIZE_MAX] = { 0 };
	int r = hash(len <= 16 ? DIGEST_SHA1 : DIGEST_SHA256, parts, COUNT(parts), value);

	if (r < 0)
		return r;
	if (kind == CIPHER_3DES)
		kdf_set_parity(value, len);
	memcpy(out->data, value, len);
	out->len = len;
	secret_wipe(value, sizeof value);
	return 0;
}
