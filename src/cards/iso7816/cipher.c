/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations ENCIPHER and DECIPHER (ISO/IEC 7816-8). A cryptogram 86 begins with a padding indicator: 01,
 * padding 80 00 ..., 02, none, of a symmetric key; 00 of another one. Cryptograms 82 and 84 have none, and
 * whole blocks. */
#include <string.h>

#include "auth/key_pair.h"
#include "base/secret.h"
#include "cards/iso7816/operation.h"
#include "crypto/pad.h"
#include "iso7816/tlv.h"

#define INDICATOR_KEY 0x00
#define INDICATOR_PADDED 0x01
#define INDICATOR_NONE 0x02
#define TAG_KEY_AGREEMENT 0xA6
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_POINT 0x86

static enum sw choose(struct card *card, enum crt_use use, struct choice *out)
{
	const struct choice_request request = { .kind = CRT_CT, .use = use };

	return choice_make(card, &request, out);
}

static struct key_job job_of(const struct choice *choice, bool decipher, struct bytes in)
{
	return (struct key_job){ choice->algorithm, decipher, choice->iv, in };
}

static enum sw encipher_symmetric(
    const struct choice *choice, bool padded, struct bytes in, struct writer *out)
{
	const struct key_object *key = &choice->key->object;
	size_t block = cipher_block_size(key_object_cipher(key));
	size_t n = padded ? pad_size(in.len, block) : in.len;
	struct key_job job;
	uint8_t *memory;

	if (padded)
		writer_put_u8(out, INDICATOR_PADDED);
	memory = writer_reserve(out, n);
	if (memory == NULL)
		return SW_WRONG_LENGTH;
	memcpy(memory, in.data, in.len);
	if (padded)
		n = pad_add(memory, in.len, block);
	job = job_of(choice, false, bytes_of(memory, n));
	return key_object_crypt(key, &job, memory);
}

enum sw cipher_encipher(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct choice choice = { 0 };
	bool padded = apdu->p1 == OBJECT_CRYPTOGRAM_PADDED;
	enum sw sw = choose(card, CRT_EXTERNAL, &choice);

	if (sw != SW_OK)
		return sw;
	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	if (key_object_is_symmetric(&choice.key->object))
		return encipher_symmetric(&choice, padded, apdu->data, out);
	if (padded)
		writer_put_u8(out, INDICATOR_KEY);
	return key_pair_encipher(&choice.key->object, choice.algorithm, apdu->data, out);
}

/* Decipher to where the response will be, and take the padding off there. */
static enum sw decipher_symmetric(
    const struct choice *choice, bool padded, struct bytes in, struct writer *out)
{
	const struct key_object *key = &choice->key->object;
	struct key_job job = job_of(choice, true, in);
	uint8_t *memory = writer_reserve(out, in.len);
	enum sw sw;

	if (memory == NULL)
		return SW_WRONG_LENGTH;
	sw = key_object_crypt(key, &job, memory);
	if (sw == SW_OK && padded &&
	    !pad_remove(
	        bytes_of(memory, in.len), cipher_block_size(key_object_cipher(key)), &out->len))
		return SW_WRONG_DATA;
	return sw;
}

/* The other side's point, in A6 7F49 86, or the cryptogram of an RSA key. */
static enum sw decipher_pair(const struct choice *choice, struct bytes in, struct writer *out)
{
	struct bytes template;
	struct bytes public;
	struct bytes point;

	if (mechanism_of(choice->algorithm) != MECHANISM_ECDH)
		return key_pair_decipher(&choice->key->object, choice->algorithm, in, out);
	if (!tlv_take_tag(&in, TAG_KEY_AGREEMENT, &template) || in.len > 0 ||
	    !tlv_take_tag(&template, TAG_PUBLIC_KEY, &public) || template.len > 0 ||
	    !tlv_find(public, TAG_POINT, &point))
		return SW_WRONG_DATA;
	return key_pair_agree(&choice->key->object, point, out);
}

/* Takes the indicator off. A template for key agreement has none. */
static enum sw take_indicator(const struct choice *choice, struct bytes *in, bool *padded)
{
	bool symmetric = key_object_is_symmetric(&choice->key->object);
	uint8_t indicator = 0;

	*padded = false;
	if (mechanism_of(choice->algorithm) == MECHANISM_ECDH)
		return SW_OK;
	if (!bytes_take_u8(in, &indicator))
		return SW_WRONG_LENGTH;
	*padded = indicator == INDICATOR_PADDED;
	if (!symmetric)
		return indicator == INDICATOR_KEY ? SW_OK : SW_WRONG_DATA;
	return *padded || indicator == INDICATOR_NONE ? SW_OK : SW_WRONG_DATA;
}

enum sw cipher_decipher(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct bytes in = apdu->data;
	struct choice choice = { 0 };
	bool padded = false;
	enum sw sw = choose(card, CRT_INTERNAL, &choice);

	if (sw == SW_OK && in.len == 0)
		sw = SW_WRONG_LENGTH;
	if (sw == SW_OK && apdu->p2 == OBJECT_CRYPTOGRAM_PADDED)
		sw = take_indicator(&choice, &in, &padded);
	if (sw != SW_OK)
		return sw;
	if (key_object_is_symmetric(&choice.key->object))
		return decipher_symmetric(&choice, padded, in, out);
	return decipher_pair(&choice, in, out);
}
