/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Basic Access Control: mutual.c with 3DES and the key of the MRZ. */
#include "auth/bac.h"

#include <string.h>

#include "auth/mutual.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"

int bac_init(struct bac *bac, struct bytes mrz_information)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	int r;

	if (mrz_information.len == 0)
		return ERR_FORMAT;
	r = digest_compute(DIGEST_SHA1, mrz_information, hash);
	if (r < 0)
		return r;
	*bac = (struct bac){ .challenged = false };
	memcpy(bac->seed, hash, sizeof bac->seed);
	secret_wipe(hash, sizeof hash);
	return 0;
}

void bac_wipe(struct bac *bac)
{
	secret_wipe(bac, sizeof *bac);
}

void bac_set_challenge(struct bac *bac, const uint8_t challenge[BAC_CHALLENGE_SIZE])
{
	memcpy(bac->challenge, challenge, sizeof bac->challenge);
	bac->challenged = true;
}

void bac_forget_challenge(struct bac *bac)
{
	secret_wipe(bac->challenge, sizeof bac->challenge);
	bac->challenged = false;
}

enum sw bac_authenticate(struct bac *bac, const uint8_t card_key[BAC_CARD_KEY_SIZE],
    struct bytes message, uint8_t answer[BAC_MESSAGE_SIZE], struct session_keys *keys)
{
	const struct mutual mutual = {
		.kind = CIPHER_3DES,
		.key = BYTES_OF_ARRAY(bac->seed),
		.challenge = BYTES_OF_ARRAY(bac->challenge),
		.card_key = card_key,
	};
	struct mutual_keys agreed = { 0 };
	enum sw sw;

	if (!bac->challenged)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = mutual_answer(&mutual, message, answer, &agreed);
	bac_forget_challenge(bac);
	if (sw == SW_OK) {
		keys->kind = CIPHER_3DES;
		keys->enc = agreed.enc;
		keys->mac = agreed.mac;
		memcpy(keys->counter, agreed.counter, sizeof keys->counter);
	}
	mutual_keys_wipe(&agreed);
	return sw;
}
