/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA of a Cryptoflex: INTERNAL AUTHENTICATE, which is raw RSA, and KEY GENERATION. The keys are in two files
 * of the current DF, private ones in 0012 and public ones in 1012, and the card takes its numbers from there
 * each time. All numbers are little-endian. A file holds blocks:
 *
 *   length of the block, two bytes (0000 ends the file); number of the key, from 1 on;
 *   private: p, q, inverse of q, d mod p - 1, d mod q - 1
 *   public: modulus, two constants for calculation modulo it, exponent (four bytes)
 *
 * Commands number the keys from 0 on. The two constants are left zero, as clients that write keys do: nobody
 * but the card's own arithmetic would use them. */
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/cryptoflex/cryptoflex.h"
#include "crypto/rsa_crt.h"

#define BLOCK_HEADER 3
#define EXPONENT_SIZE 4
#define PRIVATE_SIZE(half) (BLOCK_HEADER + 5 * (half))
#define PUBLIC_SIZE(half) (BLOCK_HEADER + 5 * (half) + EXPONENT_SIZE)
#define EXPONENT_AT(half) (BLOCK_HEADER + 5 * (half))
#define KEY_NUMBER_MAX 14 /* of a command; one more in the file */
#define DES_CHALLENGE_SIZE 8

static const size_t halves[] = { 32, 48, 64, 128 };

static void reverse(uint8_t *out, const uint8_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = in[n - 1 - i];
}

/* A file with keys: in the current DF. */
static enum sw find_file(const struct flex_state *state, uint16_t fid, struct flex_file **out)
{
	struct flex_file *file = flex_tree_child(state->df, fid);

	if (file == NULL || file->header.kind != FLEX_TRANSPARENT)
		return FLEX_SW_NO_SECRET;
	if (!file->header.valid)
		return FLEX_SW_INVALIDATED;
	*out = file;
	return SW_OK;
}

/* Where the block of a key is, or if there is none, where the blocks end. The length of the block there, or
 * 0. False: the contents are no blocks. */
static bool find_block(const struct flex_file *file, uint8_t number, size_t *at, size_t *len)
{
	struct bytes all = bytes_of(file->body, file->header.size);

	for (*at = 0;; *at += *len) {
		struct bytes rest = bytes_after(all, *at);
		uint16_t size = 0;
		uint8_t found = 0;

		*len = 0;
		if (!bytes_take_u16(&rest, &size) || size == 0)
			return true;
		if (size <= BLOCK_HEADER || size > all.len - *at || !bytes_take_u8(&rest, &found))
			return false;
		*len = size;
		if (found == number)
			return true;
	}
}

/* The numbers of private key number n. */
static enum sw load(const struct flex_file *file, uint8_t n, struct rsa_crt_key *key)
{
	uint8_t *parts[] = { key->p, key->q, key->q_inverse, key->d_p, key->d_q };
	size_t at, len;

	if (!find_block(file, (uint8_t)(n + 1), &at, &len) || len == 0)
		return FLEX_SW_NO_SECRET;
	for (size_t i = 0; i < COUNT(halves); i++) {
		if (len != PRIVATE_SIZE(halves[i]))
			continue;
		key->half = halves[i];
		for (size_t j = 0; j < COUNT(parts); j++)
			reverse(
			    parts[j], file->body + at + BLOCK_HEADER + j * key->half, key->half);
		return SW_OK;
	}
	return FLEX_SW_NO_SECRET;
}

/* Data and result are little-endian too, and as long as the modulus. */
static enum sw calculate(const struct rsa_crt_key *key, struct bytes data, struct writer *out)
{
	uint8_t in[2 * RSA_CRT_HALF_MAX], result[2 * RSA_CRT_HALF_MAX];
	uint8_t *place;
	int r;

	if (data.len != 2 * key->half)
		return flex_wrong_length(2 * key->half);
	reverse(in, data.data, data.len);
	r = rsa_crt_private(key, bytes_of(in, data.len), result);
	if (r < 0)
		return sw_of(r);
	place = writer_reserve(out, data.len);
	if (place != NULL)
		reverse(place, result, data.len);
	secret_wipe(result, sizeof result);
	return SW_OK;
}

/* With eight bytes a DES key is meant. RSA is for whoever presented CHV1, whatever the file's conditions. */
enum sw flex_internal_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct flex_state *state = flex_state_of(card);
	struct flex_file *file = NULL;
	struct rsa_crt_key key;
	enum sw sw;

	if (apdu->p1 != 0 || apdu->p2 > KEY_NUMBER_MAX)
		return FLEX_SW_WRONG_P1P2;
	if (apdu->data.len == DES_CHALLENGE_SIZE)
		return flex_authenticate_des(card, apdu->p2, apdu->data, out);
	sw = find_file(state, FLEX_FID_RSA_PRIVATE, &file);
	if (sw != SW_OK)
		return sw;
	if (!flex_chv_is_verified(state, 1))
		return SW_SECURITY_STATUS;
	sw = load(file, apdu->p2, &key);
	if (sw == SW_OK)
		sw = calculate(&key, apdu->data, out);
	rsa_crt_wipe(&key);
	return sw;
}

/* A key's block in its file: in place of the one with its number, or behind the others. */
static enum sw find_room(const struct flex_file *file, uint8_t number, size_t size, size_t *at)
{
	size_t len;

	if (!find_block(file, number, at, &len) || (len != 0 && len != size))
		return SW_CONDITIONS_NOT_SATISFIED;
	return size <= file->header.size - *at ? SW_OK : SW_NOT_ENOUGH_MEMORY;
}

static uint8_t *put_header(uint8_t *at, size_t size, uint8_t number)
{
	at[0] = (uint8_t)(size >> 8);
	at[1] = (uint8_t)size;
	at[2] = number;
	return at + BLOCK_HEADER;
}

static void put_private(uint8_t *at, uint8_t number, const struct rsa_crt_key *key)
{
	const uint8_t *parts[] = { key->p, key->q, key->q_inverse, key->d_p, key->d_q };

	at = put_header(at, PRIVATE_SIZE(key->half), number);
	for (size_t i = 0; i < COUNT(parts); i++)
		reverse(at + i * key->half, parts[i], key->half);
}

static enum sw put_public(
    uint8_t *at, uint8_t number, const struct rsa_crt_key *key, struct bytes exponent)
{
	uint8_t modulus[2 * RSA_CRT_HALF_MAX];
	size_t size = PUBLIC_SIZE(key->half);
	int r = rsa_crt_modulus(key, modulus);

	if (r < 0)
		return sw_of(r);
	memset(at, 0, size);
	reverse(put_header(at, size, number), modulus, 2 * key->half);
	memcpy(at + EXPONENT_AT(key->half), exponent.data, exponent.len);
	return SW_OK;
}

/* What KEY GENERATION is asked for, and where the key will go. */
struct generation {
	uint8_t number; /* in the files */
	size_t half;
	uint32_t exponent;
	struct flex_file *private_file, *public_file;
	size_t private_at, public_at;
};

/* P1 is the number of the key; P2 the bytes of its modulus, 00 for 256. */
static enum sw decode(const struct apdu *apdu, struct bytes data, struct generation *out)
{
	size_t half = apdu->p2 != 0 ? apdu->p2 / 2 : RSA_CRT_HALF_MAX, i = 0;

	while (i < COUNT(halves) && halves[i] != half)
		i++;
	if (apdu->p1 > KEY_NUMBER_MAX || apdu->p2 % 2 != 0 || i == COUNT(halves))
		return FLEX_SW_WRONG_P1P2;
	if (data.len != EXPONENT_SIZE)
		return flex_wrong_length(EXPONENT_SIZE);
	out->number = (uint8_t)(apdu->p1 + 1);
	out->half = half;
	for (i = EXPONENT_SIZE; i-- > 0;)
		out->exponent = out->exponent << 8 | data.data[i];
	return SW_OK;
}

/* The files: who may write them may have keys made in them. */
static enum sw find_files(struct card *card, struct bytes *data, struct generation *out)
{
	const struct flex_state *state = flex_state_of(card);
	enum sw sw = find_file(state, FLEX_FID_RSA_PRIVATE, &out->private_file);

	if (sw == SW_OK)
		sw = find_file(state, FLEX_FID_RSA_PUBLIC, &out->public_file);
	if (sw == SW_OK)
		sw = flex_access(card, out->private_file, FLEX_UPDATE, data);
	if (sw == SW_OK)
		sw = flex_access(card, out->public_file, FLEX_UPDATE, NULL);
	return sw;
}

static int random_of(void *self, uint8_t *out, size_t n)
{
	return card_random(self, out, n);
}

static enum sw generate(struct card *card, const struct generation *wanted, struct bytes exponent)
{
	struct rsa_crt_key key = { 0 };
	int r = rsa_crt_generate(random_of, card, wanted->half, wanted->exponent, &key);
	/* The exponent that there can be no key for is refused as a CHV that is missing: so do real cards. */
	enum sw sw = r == ERR_FORMAT ? SW_SECURITY_STATUS : sw_of(r);

	if (sw == SW_OK)
		sw = put_public(
		    wanted->public_file->body + wanted->public_at, wanted->number, &key, exponent);
	if (sw == SW_OK)
		put_private(wanted->private_file->body + wanted->private_at, wanted->number, &key);
	rsa_crt_wipe(&key);
	card_changed(card);
	return sw;
}

enum sw flex_generate_key(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct generation wanted = { 0 };
	struct bytes data = apdu->data;
	enum sw sw;

	if (!flex_state_of(card)->model->generates)
		return SW_INS_NOT_SUPPORTED;
	sw = find_files(card, &data, &wanted);
	if (sw == SW_OK)
		sw = decode(apdu, data, &wanted);
	if (sw == SW_OK)
		sw = find_room(wanted.private_file, wanted.number, PRIVATE_SIZE(wanted.half),
		    &wanted.private_at);
	if (sw == SW_OK)
		sw = find_room(
		    wanted.public_file, wanted.number, PUBLIC_SIZE(wanted.half), &wanted.public_at);
	return sw == SW_OK ? generate(card, &wanted, data) : sw;
}
