/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations COMPUTE and VERIFY DIGITAL SIGNATURE (ISO/IEC 7816-8). What is signed comes with the command: as it
 * is to be signed (9A: a hash-code, if the algorithm has a hash function), or as data objects to be hashed, their
 * values (AC) or as a whole (BC); or, with no data at all, it is what the operation HASH has left. */
#include <stdlib.h>

#include "auth/key_pair.h"
#include "cards/iso7816/operation.h"
#include "iso7816/tlv.h"

static enum sw choose(struct card *card, enum crt_use use, struct choice *out)
{
	const struct choice_request request = { .kind = CRT_DST, .use = use };

	return choice_make(card, &request, out);
}

/* The hash-code that is on the card, for this one time. */
static enum sw take_hash(struct session *session, struct key_input *out)
{
	if (session->hash_len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	*out = (struct key_input){ .data = bytes_of(session->hash, session->hash_len) };
	session->hash_len = 0;
	return SW_OK;
}

/* The values of data objects, one behind the other, in memory of at least their size. */
static bool join_values(struct bytes objects, uint8_t *memory, struct bytes *out)
{
	struct writer w;
	struct tlv tlv;

	writer_init(&w, memory, objects.len);
	while (objects.len > 0) {
		if (!tlv_take(&objects, &tlv))
			return false;
		writer_put(&w, tlv.value);
	}
	*out = writer_bytes(&w);
	return writer_done(&w);
}

/* Signs or, with a signature, verifies. */
static enum sw use_key(const struct choice *choice, const struct key_input *input,
    const struct bytes *signature, struct writer *out)
{
	const struct key_object *key = &choice->key->object;

	if (signature != NULL)
		return key_pair_verify(key, choice->algorithm, input, *signature);
	return key_pair_sign(key, choice->algorithm, input, out);
}

static enum sw use_values(const struct choice *choice, struct bytes objects,
    const struct bytes *signature, struct writer *out)
{
	struct key_input input = { .is_message = true };
	uint8_t *memory = malloc(objects.len);
	enum sw sw = SW_WRONG_DATA;

	if (memory == NULL)
		return SW_MEMORY_FAILURE;
	if (join_values(objects, memory, &input.data))
		sw = use_key(choice, &input, signature, out);
	free(memory);
	return sw;
}

/* With what kind of input, by the tag that it has or would have. */
static enum sw use(const struct choice *choice, const struct tlv *in, const struct bytes *signature,
    struct writer *out)
{
	const struct key_input input = { .data = in->value,
		.is_message = in->tag == OBJECT_SIGNATURE_OBJECTS };

	if (in->tag == OBJECT_SIGNATURE_VALUES)
		return use_values(choice, in->value, signature, out);
	if (input.is_message && !tlv_is_valid(in->value))
		return SW_WRONG_DATA;
	return use_key(choice, &input, signature, out);
}

enum sw signature_compute(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct tlv in = { .tag = apdu->p2, .value = apdu->data };
	struct key_input input;
	struct choice choice = { 0 };
	enum sw sw = choose(card, CRT_INTERNAL, &choice);

	if (sw != SW_OK)
		return sw;
	if (in.value.len > 0)
		return use(&choice, &in, NULL, out);
	sw = take_hash(card_session(card), &input);
	return sw == SW_OK ? use_key(&choice, &input, NULL, out) : sw;
}

/* An input object, if there is one, then the signature 9E. */
enum sw signature_verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct bytes rest = apdu->data;
	struct key_input input;
	struct choice choice = { 0 };
	struct tlv in;
	struct bytes signature;
	bool has_input;
	enum sw sw;

	if (!tlv_take(&rest, &in))
		return SW_WRONG_DATA;
	has_input = in.tag == OBJECT_SIGNATURE_INPUT || in.tag == OBJECT_SIGNATURE_VALUES ||
	    in.tag == OBJECT_SIGNATURE_OBJECTS;
	signature = in.value;
	if (has_input && !tlv_take_tag(&rest, OBJECT_SIGNATURE, &signature))
		return SW_WRONG_DATA;
	if ((!has_input && in.tag != OBJECT_SIGNATURE) || rest.len > 0 || in.value.len == 0)
		return SW_WRONG_DATA;
	sw = choose(card, CRT_EXTERNAL, &choice);
	if (sw != SW_OK)
		return sw;
	if (has_input)
		return use(&choice, &in, &signature, out);
	sw = take_hash(card_session(card), &input);
	return sw == SW_OK ? use_key(&choice, &input, &signature, out) : sw;
}
