/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutual authentication with a symmetric key. */
#include "auth/mutual.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/mac.h"

#define PLAIN_MAX (2 * CIPHER_BLOCK_MAX + MUTUAL_KEY_MAX)

/* The ciphers of the messages, and what is in the terminal's. */
struct work {
	enum cipher_kind kind;
	struct cipher *cipher;
	struct mac *mac;
	uint8_t plain[PLAIN_MAX];
	size_t block, plain_len;
};

void mutual_keys_wipe(struct mutual_keys *keys)
{
	secret_wipe(keys, sizeof *keys);
}

size_t mutual_key_size(enum cipher_kind kind)
{
	return kind == CIPHER_AES_192 || kind == CIPHER_AES_256 ? 32 : 16;
}

static size_t plain_size(enum cipher_kind kind)
{
	return 2 * cipher_block_size(kind) + mutual_key_size(kind);
}

size_t mutual_message_size(enum cipher_kind kind)
{
	return plain_size(kind) + MUTUAL_MAC_SIZE;
}

/* The retail MAC wants padding (ISO/IEC 9797-1, method 2); CMAC does its own. */
static int compute_mac(const struct work *work, struct bytes in, uint8_t *out)
{
	int r = mac_start(work->mac);

	if (r == 0)
		r = mac_update(work->mac, in);
	if (r == 0 && work->kind == CIPHER_3DES)
		r = mac_update_padding(work->mac);
	return r < 0 ? r : mac_finish(work->mac, out);
}

static int begin(const struct mutual *mutual, struct work *work)
{
	static const struct bytes none;
	const enum cipher_kind kind = mutual->kind;
	struct symmetric_key key = { .len = 0 };
	int r = kdf_derive(kind, mutual->key, none, KDF_ENC, &key);

	*work = (struct work){
		.kind = kind, .block = cipher_block_size(kind), .plain_len = plain_size(kind)
	};
	if (r == 0)
		r = cipher_new(kind, CIPHER_CBC, key_bytes(&key), &work->cipher);
	if (r == 0)
		r = kdf_derive(kind, mutual->key, none, KDF_MAC, &key);
	if (r == 0)
		r = mac_new(kind, key_bytes(&key), &work->mac);
	key_wipe(&key);
	return r;
}

static void end(struct work *work)
{
	cipher_free(work->cipher);
	mac_free(work->mac);
	secret_wipe(work, sizeof *work);
}

/* Whether the message is one of somebody who has the key, and answers this challenge. */
static enum sw check(const struct mutual *mutual, struct bytes message, struct work *work)
{
	struct bytes cryptogram = bytes_first(message, work->plain_len);
	uint8_t mac[MAC_SIZE_MAX];

	if (compute_mac(work, cryptogram, mac) < 0 ||
	    cipher_decrypt(work->cipher, NULL, cryptogram, work->plain) < 0)
		return SW_NO_DIAGNOSIS;
	if (!secret_equal(bytes_of(mac, MUTUAL_MAC_SIZE), bytes_after(message, work->plain_len)) ||
	    !secret_equal(bytes_of(work->plain + work->block, work->block), mutual->challenge))
		return SW_WARNING_CHANGED;
	return SW_OK;
}

/* The card's own message: as the terminal's, with the random numbers exchanged. */
static int reply(const struct mutual *mutual, const struct work *work, uint8_t *answer)
{
	uint8_t plain[PLAIN_MAX];
	uint8_t mac[MAC_SIZE_MAX];
	size_t block = work->block;
	int r;

	memcpy(plain, mutual->challenge.data, block);
	memcpy(plain + block, work->plain, block);
	memcpy(plain + 2 * block, mutual->card_key, mutual_key_size(mutual->kind));
	r = cipher_encrypt(work->cipher, NULL, bytes_of(plain, work->plain_len), answer);
	if (r == 0)
		r = compute_mac(work, bytes_of(answer, work->plain_len), mac);
	if (r == 0)
		memcpy(answer + work->plain_len, mac, MUTUAL_MAC_SIZE);
	secret_wipe(plain, sizeof plain);
	return r;
}

/* The second halves of RND.IC and RND.IFD. */
static void set_counter(
    const struct mutual *mutual, const struct work *work, struct mutual_keys *keys)
{
	size_t half = work->block / 2;

	memcpy(keys->counter, mutual->challenge.data + half, half);
	memcpy(keys->counter + half, work->plain + half, half);
}

static int derive(const struct mutual *mutual, const struct work *work, struct mutual_keys *keys)
{
	static const struct bytes none;
	uint8_t secret[MUTUAL_KEY_MAX];
	size_t n = mutual_key_size(mutual->kind);
	int r;

	for (size_t i = 0; i < n; i++)
		secret[i] = work->plain[2 * work->block + i] ^ mutual->card_key[i];
	r = kdf_derive(mutual->kind, bytes_of(secret, n), none, KDF_ENC, &keys->enc);
	if (r == 0)
		r = kdf_derive(mutual->kind, bytes_of(secret, n), none, KDF_MAC, &keys->mac);
	set_counter(mutual, work, keys);
	secret_wipe(secret, sizeof secret);
	return r;
}

enum sw mutual_answer(
    const struct mutual *mutual, struct bytes message, uint8_t *answer, struct mutual_keys *keys)
{
	struct work work = { 0 };
	struct mutual_keys new = { 0 };
	enum sw sw;

	if (message.len != mutual_message_size(mutual->kind))
		return SW_WRONG_LENGTH;
	sw = begin(mutual, &work) < 0 ? SW_NO_DIAGNOSIS : check(mutual, message, &work);
	if (sw == SW_OK && (derive(mutual, &work, &new) < 0 || reply(mutual, &work, answer) < 0))
		sw = SW_NO_DIAGNOSIS;
	if (sw == SW_OK)
		*keys = new;
	mutual_keys_wipe(&new);
	end(&work);
	return sw;
}
