/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DES keys of a Cryptoflex: VERIFY KEY, GET CHALLENGE, EXTERNAL AUTHENTICATE, and what INTERNAL AUTHENTICATE
 * does with such a key. Keys to show oneself to the card are in an external key file, keys by which the card
 * shows itself in an internal one, of the current DF or the nearest DF around it. A key file is one byte
 * that is not used, then keys, numbered from 0 on:
 *
 *   length of the key (8 or 16; 00 ends the file), algorithm (00: DES), the key, how many tries it gives,
 *   how many are left
 */
#include <string.h>

#include "base/secret.h"
#include "cards/cryptoflex/cryptoflex.h"
#include "crypto/cipher.h"

#define ALGORITHM_DES 0x00
#define BLOCK_SIZE 8
#define KEYS_MAX 16 /* there are that many values in half a byte */
#define KEYS_AT 1
#define KEY_AT 2 /* behind the beginning of an entry */

struct flex_key {
	uint8_t algorithm;
	struct bytes value;
	uint8_t *tries_left;
	uint8_t tries_max;
};

static bool take_key(const struct flex_file *file, size_t *at, struct flex_key *out)
{
	size_t left = file->header.size - *at, len;
	uint8_t *entry = file->body + *at;

	if (left == 0 || *entry == 0)
		return false;
	len = *entry;
	if (left < KEY_AT + len + 2)
		return false;
	out->algorithm = entry[1];
	out->value = bytes_of(entry + KEY_AT, len);
	out->tries_max = entry[KEY_AT + len];
	out->tries_left = &entry[KEY_AT + len + 1];
	*at += KEY_AT + len + 2;
	return true;
}

/* Key number n of a key file (NULL: there is none). */
static enum sw find(const struct flex_file *file, unsigned n, struct flex_key *out)
{
	size_t at = KEYS_AT;

	if (n >= KEYS_MAX)
		return FLEX_SW_WRONG_P1P2;
	if (file == NULL || file->header.kind != FLEX_TRANSPARENT || file->header.size < KEYS_AT)
		return FLEX_SW_NO_SECRET;
	if (!file->header.valid)
		return FLEX_SW_INVALIDATED;
	for (unsigned i = 0; i <= n; i++)
		if (!take_key(file, &at, out))
			return FLEX_SW_NO_SECRET;
	return SW_OK;
}

bool flex_key_tries(const struct flex_file *file, unsigned n, uint8_t *tries)
{
	struct flex_key key;

	if (find(file, n, &key) != SW_OK)
		return false;
	*tries = *key.tries_left;
	return true;
}

/* The counter has fallen before anything is compared. */
static enum sw present(struct card *card, const struct flex_key *key,
    bool (*is_right)(const struct flex_key *, const void *), const void *what)
{
	if (*key->tries_left == 0)
		return SW_AUTH_BLOCKED;
	(*key->tries_left)--;
	card_changed(card);
	if (card_commit(card) < 0)
		return SW_MEMORY_FAILURE;
	if (!is_right(key, what))
		return FLEX_SW_REJECTED;
	*key->tries_left = key->tries_max;
	card_changed(card);
	return SW_OK;
}

static bool is_key(const struct flex_key *key, const void *what)
{
	return secret_equal(key->value, *(const struct bytes *)what);
}

enum sw flex_verify_key(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct flex_file *file;
	struct flex_key key;
	enum sw sw;

	if (apdu->p1 != 0)
		return FLEX_SW_WRONG_P1P2;
	flex_find_external_keys(state);
	file = state->external_keys;
	sw = find(file, apdu->p2, &key);
	if (sw != SW_OK)
		return sw;
	if (apdu->data.len != key.value.len)
		return flex_wrong_length(key.value.len);
	file->authenticated &= (uint16_t) ~(1u << apdu->p2);
	sw = present(card, &key, is_key, &apdu->data);
	if (sw == SW_OK)
		file->authenticated |= (uint16_t)(1u << apdu->p2);
	return sw;
}

enum sw flex_get_challenge(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	int r;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (apdu->data.len > 0 || (apdu->ne > 0 && apdu->ne != FLEX_CHALLENGE_SIZE))
		return flex_wrong_length(FLEX_CHALLENGE_SIZE);
	r = card_random(card, state->challenge, FLEX_CHALLENGE_SIZE);
	if (r < 0)
		return sw_of(r);
	state->has_challenge = true;
	writer_put(out, BYTES_OF_ARRAY(state->challenge));
	return SW_OK;
}

/* One block. A key that is not one of DES enciphers nothing. */
static enum sw encipher(const struct flex_key *key, struct bytes block, uint8_t out[BLOCK_SIZE])
{
	if (key->algorithm != ALGORITHM_DES || (key->value.len != 8 && key->value.len != 16))
		return FLEX_SW_NO_SECRET;
	return sw_of(cipher_encrypt_once(CIPHER_3DES, key->value, NULL, block, out));
}

struct cryptogram {
	struct bytes given, right;
};

static bool is_cryptogram(const struct flex_key *key, const void *what)
{
	const struct cryptogram *cryptogram = what;

	return secret_equal(cryptogram->given, cryptogram->right);
}

enum sw flex_check_cryptogram(
    struct card *card, unsigned number, const uint8_t cryptogram[FLEX_CRYPTOGRAM_SIZE])
{
	struct flex_state *state = flex_state_of(card);
	struct cryptogram both = { .given = bytes_of(cryptogram, FLEX_CRYPTOGRAM_SIZE) };
	uint8_t block[BLOCK_SIZE];
	struct flex_key key;
	enum sw sw = find(state->external_keys, number, &key);

	if (sw != SW_OK)
		return sw;
	if (!state->has_challenge)
		return SW_CONDITIONS_NOT_SATISFIED;
	state->has_challenge = false;
	sw = encipher(&key, BYTES_OF_ARRAY(state->challenge), block);
	if (sw != SW_OK)
		return sw;
	both.right = bytes_of(block, FLEX_CRYPTOGRAM_SIZE);
	return present(card, &key, is_cryptogram, &both);
}

/* The data is the number of the key and the first bytes of the last challenge, enciphered. */
enum sw flex_external_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data, cryptogram;
	struct flex_file *file;
	struct flex_key key;
	uint8_t number;
	enum sw sw;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (!bytes_take_u8(&data, &number) ||
	    !bytes_take(&data, FLEX_CRYPTOGRAM_SIZE, &cryptogram) || data.len > 0)
		return flex_wrong_length(1 + FLEX_CRYPTOGRAM_SIZE);
	flex_find_external_keys(state);
	file = state->external_keys;
	sw = find(file, number, &key);
	if (sw != SW_OK)
		return sw;
	file->authenticated &= (uint16_t) ~(1u << number);
	sw = flex_check_cryptogram(card, number, cryptogram.data);
	if (sw == SW_OK)
		file->authenticated |= (uint16_t)(1u << number);
	return sw;
}

enum sw flex_authenticate_des(
    struct card *card, unsigned number, struct bytes data, struct writer *out)
{
	uint8_t block[BLOCK_SIZE];
	struct flex_file *file = flex_nearest(flex_state_of(card)->df, FLEX_FID_INTERNAL_KEYS);
	struct flex_key key;
	enum sw sw = find(file, number, &key);

	if (sw == SW_OK)
		sw = encipher(&key, data, block);
	if (sw != SW_OK)
		return sw;
	writer_put(out, bytes_of(block, FLEX_CRYPTOGRAM_SIZE));
	return SW_OK;
}
