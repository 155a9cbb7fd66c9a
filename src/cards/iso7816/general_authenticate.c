/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GENERAL AUTHENTICATE (ISO/IEC 7816-4, 11.6.5): dynamic authentication data 7C. What is asked for is there and
 * empty. An empty challenge 81 asks for the card's, which the next command answers by a response 82; a challenge 81 and
 * an empty response 82 ask the card for its proof; an empty witness 80 asks for a random number under the key, which
 * the next command gives back deciphered, with a challenge 81 and an empty response 82 of its own if it likes. An
 * exponential 85 and an empty response 82 ask for the key that both agree on. */
#include <string.h>

#include "auth/key_pair.h"
#include "base/secret.h"
#include "cards/iso7816/iso7816.h"
#include "iso7816/tlv.h"

#define TAG_TEMPLATE 0x7C
#define TAG_WITNESS 0x80
#define TAG_CHALLENGE 0x81
#define TAG_RESPONSE 0x82
#define TAG_EXPONENTIAL 0x85
#define EMPTY_TEMPLATE_SIZE 2
#define CHALLENGE_SIZE 16

struct request {
	bool has_witness, has_challenge, has_response, has_exponential;
	struct bytes witness, challenge, response, exponential;
};

static bool put(struct bytes value, bool *has, struct bytes *out)
{
	if (*has)
		return false;
	*has = true;
	*out = value;
	return true;
}

static bool decode(struct bytes data, struct request *out)
{
	struct bytes rest;
	struct tlv tlv;
	bool right = tlv_take_tag(&data, TAG_TEMPLATE, &rest) && data.len == 0 && rest.len > 0;

	while (right && rest.len > 0) {
		right = tlv_take(&rest, &tlv);
		if (!right)
			break;
		if (tlv.tag == TAG_WITNESS)
			right = put(tlv.value, &out->has_witness, &out->witness);
		else if (tlv.tag == TAG_CHALLENGE)
			right = put(tlv.value, &out->has_challenge, &out->challenge);
		else if (tlv.tag == TAG_RESPONSE)
			right = put(tlv.value, &out->has_response, &out->response);
		else if (tlv.tag == TAG_EXPONENTIAL)
			right = put(tlv.value, &out->has_exponential, &out->exponential);
		else
			right = false;
	}
	return right;
}

static enum sw choose(
    struct card *card, const struct apdu *apdu, enum crt_use use, struct choice *out)
{
	const struct choice_request request = { CRT_AT, use, apdu->p1, apdu->p2 };

	return choice_make(card, &request, out);
}

/* A challenge for the terminal: plain, or as a witness under the key. */
static enum sw give_challenge(struct card *card, struct writer *out)
{
	uint8_t challenge[CHALLENGE_SIZE];

	if (card_random(card, challenge, sizeof challenge) < 0)
		return SW_NO_DIAGNOSIS;
	session_set_challenge(card_session(card), BYTES_OF_ARRAY(challenge));
	tlv_put(out, TAG_CHALLENGE, BYTES_OF_ARRAY(challenge));
	return SW_OK;
}

static enum sw give_witness(struct card *card, const struct choice *choice, struct writer *out)
{
	const struct key_object *key = &choice->key->object;
	uint8_t witness[CHALLENGE_SIZE];
	uint8_t cryptogram[CHALLENGE_SIZE];
	struct key_job job = {
		.algorithm = choice->algorithm, .iv = choice->iv, .in = BYTES_OF_ARRAY(witness)
	};
	enum sw sw;

	if (!key_object_is_symmetric(key) || mechanism_of(choice->algorithm) == MECHANISM_MUTUAL)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (card_random(card, witness, sizeof witness) < 0)
		return SW_NO_DIAGNOSIS;
	sw = key_object_crypt(key, &job, cryptogram);
	if (sw != SW_OK)
		return sw;
	session_set_challenge(card_session(card), BYTES_OF_ARRAY(witness));
	tlv_put(out, TAG_WITNESS, BYTES_OF_ARRAY(cryptogram));
	return SW_OK;
}

/* The terminal's proof: a response to the card's challenge, or the witness deciphered. */
static enum sw check(struct card *card, const struct apdu *apdu, const struct request *request)
{
	static const struct bytes none;
	struct session *session = card_session(card);
	struct bytes challenge = bytes_of(session->challenge, session->challenge_len);
	struct choice choice = { 0 };
	enum sw sw = choose(card, apdu, CRT_EXTERNAL, &choice);

	if (sw == SW_OK &&
	    (challenge.len == 0 || mechanism_of(choice.algorithm) == MECHANISM_MUTUAL))
		sw = SW_CONDITIONS_NOT_SATISFIED;
	if (sw == SW_OK)
		sw = authenticate_begin_try(card, choice.key);
	if (sw != SW_OK)
		return sw;
	if (!request->has_witness)
		sw = proof_check(&choice, challenge, request->response);
	else
		sw = secret_equal(challenge, request->witness) ? SW_OK : SW_WARNING_CHANGED;
	session_set_challenge(session, none);
	return authenticate_end_try(card, choice.key, sw);
}

static enum sw prove(
    struct card *card, const struct apdu *apdu, struct bytes challenge, struct writer *out)
{
	struct choice choice = { 0 };
	enum sw sw = choose(card, apdu, CRT_INTERNAL, &choice);

	tlv_open(out, TAG_RESPONSE);
	if (sw == SW_OK)
		sw = proof_make(&choice, challenge, out);
	tlv_close(out);
	return sw;
}

static enum sw agree(
    struct card *card, const struct apdu *apdu, struct bytes point, struct writer *out)
{
	const struct choice_request request = { CRT_KAT, CRT_INTERNAL, apdu->p1, apdu->p2 };
	struct choice choice = { 0 };
	enum sw sw = choice_make(card, &request, &choice);

	tlv_open(out, TAG_RESPONSE);
	if (sw == SW_OK)
		sw = key_pair_agree(&choice.key->object, point, out);
	tlv_close(out);
	return sw;
}

static bool asks_proof_of(const struct request *request)
{
	return request->has_response && request->response.len == 0;
}

/* Steps in which the terminal asks for something to begin with; the others prove something. */
static enum sw begin(struct card *card, const struct apdu *apdu, bool witness, struct writer *out)
{
	struct choice choice = { 0 };
	enum sw sw = choose(card, apdu, CRT_EXTERNAL, &choice);

	if (sw != SW_OK)
		return sw;
	return witness ? give_witness(card, &choice, out) : give_challenge(card, out);
}

/* Which of the dialogues this is a step of. */
static enum sw answer(
    struct card *card, const struct apdu *apdu, const struct request *request, struct writer *out)
{
	bool asks_proof = asks_proof_of(request);
	enum sw sw = SW_OK;

	if (request->has_exponential) {
		if (request->has_witness || request->has_challenge || !asks_proof)
			return SW_WRONG_DATA;
		return agree(card, apdu, request->exponential, out);
	}
	if (request->has_challenge && request->challenge.len == 0)
		return begin(card, apdu, false, out);
	if (request->has_witness && request->witness.len == 0)
		return begin(card, apdu, true, out);
	if (request->has_challenge != asks_proof)
		return SW_WRONG_DATA;
	if (request->has_witness || !asks_proof)
		sw = check(card, apdu, request);
	if (sw == SW_OK && asks_proof)
		sw = prove(card, apdu, request->challenge, out);
	return sw;
}

enum sw general_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct request request = { 0 };
	enum sw sw;

	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	if (!decode(apdu->data, &request))
		return SW_WRONG_DATA;
	tlv_open(out, TAG_TEMPLATE);
	sw = answer(card, apdu, &request, out);
	tlv_close(out);
	if (sw != SW_OK || out->len == EMPTY_TEMPLATE_SIZE)
		writer_reset(out);
	return sw;
}
