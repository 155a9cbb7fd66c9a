/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a challenge, by which one side proves to have a key: a cryptogram of the challenge, padded with 80
 * 00 ... where it is not whole blocks, or a signature. */
#include <string.h>

#include "auth/key_pair.h"
#include "base/secret.h"
#include "cards/iso7816/iso7816.h"
#include "crypto/pad.h"

static enum sw cryptogram(
    const struct choice *choice, struct bytes challenge, uint8_t *out, size_t *len)
{
	const struct key_object *key = &choice->key->object;
	size_t block = cipher_block_size(key_object_cipher(key));
	uint8_t padded[PROOF_CHALLENGE_MAX + CIPHER_BLOCK_MAX];
	struct key_job job = { .algorithm = choice->algorithm, .iv = choice->iv };
	size_t n = challenge.len;
	enum sw sw;

	if (n > PROOF_CHALLENGE_MAX)
		return SW_WRONG_LENGTH;
	memcpy(padded, challenge.data, n);
	if (n % block != 0)
		n = pad_add(padded, n, block);
	job.in = bytes_of(padded, n);
	sw = key_object_crypt(key, &job, out);
	if (sw == SW_OK)
		*len = n;
	return sw;
}

enum sw proof_make(const struct choice *choice, struct bytes challenge, struct writer *out)
{
	const struct key_input input = { .data = challenge, .is_message = true };
	uint8_t answer[PROOF_CHALLENGE_MAX + CIPHER_BLOCK_MAX];
	size_t len = 0;
	enum sw sw;

	if (!key_object_is_symmetric(&choice->key->object))
		return key_pair_sign(&choice->key->object, choice->algorithm, &input, out);
	if (mechanism_of(choice->algorithm) == MECHANISM_MUTUAL)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = cryptogram(choice, challenge, answer, &len);
	if (sw == SW_OK)
		writer_put(out, bytes_of(answer, len));
	return sw;
}

enum sw proof_check(const struct choice *choice, struct bytes challenge, struct bytes proof)
{
	const struct key_input input = { .data = challenge, .is_message = true };
	uint8_t expected[PROOF_CHALLENGE_MAX + CIPHER_BLOCK_MAX];
	size_t len = 0;
	enum sw sw;

	if (!key_object_is_symmetric(&choice->key->object))
		return key_pair_verify(&choice->key->object, choice->algorithm, &input, proof);
	sw = cryptogram(choice, challenge, expected, &len);
	if (sw == SW_OK && !secret_equal(bytes_of(expected, len), proof))
		sw = SW_WARNING_CHANGED;
	secret_wipe(expected, sizeof expected);
	return sw;
}
