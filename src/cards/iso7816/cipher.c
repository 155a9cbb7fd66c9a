/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations ENCIPHER and DECIPHER (ISO/IEC 7816-8). A cryptogram 86 begins with a padding indicator: 01,
 * padding 80 00 ..., 02, none, of a symmetric key; 00 of another one. Cryptograms 82 and 84 have none, and
 * whole blocks. */
#include <string.h>

#include "base/secret.h"
#include "cards/iso7816/operation.h"
#include "crypto/pad.h"

#define INDICATOR_KEY 0x00
#define INDICATOR_PADDED 0x01
#define INDICATOR_NONE 0x02

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
	return encipher_symmetric(&choice, padded, apdu->data, out);
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

enum sw cipher_decipher(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct bytes in = apdu->data;
	uint8_t indicator = INDICATOR_NONE;
	struct choice choice = { 0 };
	enum sw sw = choose(card, CRT_INTERNAL, &choice);

	if (sw != SW_OK)
		return sw;
	if (in.len == 0)
		return SW_WRONG_LENGTH;
	if (apdu->p2 == OBJECT_CRYPTOGRAM_PADDED && !bytes_take_u8(&in, &indicator))
		return SW_WRONG_LENGTH;
	if (indicator != INDICATOR_PADDED && indicator != INDICATOR_NONE)
		return SW_WRONG_DATA;
	return decipher_symmetric(&choice, indicator == INDICATOR_PADDED, in, out);
}
