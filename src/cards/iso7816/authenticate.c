/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET CHALLENGE, INTERNAL, EXTERNAL and MUTUAL AUTHENTICATE (ISO/IEC 7816-4, 11.6.2 to 11.6.4). A challenge is
 * good for one answer, right or wrong. */
#include "auth/mutual.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/iso7816/iso7816.h"
#include "sm/sm.h"

#define CHALLENGE_SIZE 8 /* without Le */

/* As many bytes as Le asks for. */
enum sw authenticate_get_challenge(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	size_t n = apdu->ne > 0 ? apdu->ne : CHALLENGE_SIZE;
	uint8_t *challenge;
	int r;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	challenge = writer_reserve(out, n);
	if (challenge == NULL)
		return SW_NO_DIAGNOSIS;
	r = card_random(card, challenge, n);
	if (r == 0)
		session_set_challenge(session, bytes_of(challenge, n));
	return sw_of(r);
}

enum sw authenticate_internal(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct choice_request request = { CRT_AT, CRT_INTERNAL, apdu->p1, apdu->p2 };
	struct choice choice = { 0 };
	enum sw sw = choice_make(card, &request, &choice);

	if (sw != SW_OK)
		return sw;
	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	return proof_make(&choice, apdu->data, out);
}

/* What EXTERNAL AUTHENTICATE answers without data: is it necessary, and how many tries are left. */
static enum sw status_of(struct card *card, const struct card_key *key)
{
	if (session_has(card_session(card), CREDENTIAL_KEY, key->df, key->number))
		return SW_OK;
	if (key->object.tries_max == 0)
		return SW_WARNING_CHANGED;
	return key->object.tries == 0 ? SW_AUTH_BLOCKED : sw_counter(key->object.tries);
}

enum sw authenticate_begin_try(struct card *card, struct card_key *key)
{
	session_revoke(card_session(card), CREDENTIAL_KEY, key->df, key->number);
	if (key->object.tries_max == 0)
		return SW_OK;
	if (key->object.tries == 0)
		return SW_AUTH_BLOCKED;
	key->object.tries--;
	card_changed(card);
	return card_commit(card) < 0 ? SW_MEMORY_FAILURE : SW_OK;
}

enum sw authenticate_end_try(struct card *card, struct card_key *key, enum sw sw)
{
	if (sw == SW_WARNING_CHANGED && key->object.tries_max != 0)
		return sw_counter(key->object.tries);
	if (sw != SW_OK)
		return sw;
	if (key->object.tries_max != 0) {
		key->object.tries = key->object.tries_max;
		card_changed(card);
	}
	session_grant(card_session(card), CREDENTIAL_KEY, key->df, key->number);
	return SW_OK;
}

/* Secure messaging with the new keys, from the next command on. */
static int start_sm(struct card *card, enum cipher_kind kind, const struct mutual_keys *keys)
{
	const struct sm_setup setup = { .profile = SM_ISO,
		.kind = kind,
		.enc = key_bytes(&keys->enc),
		.mac = key_bytes(&keys->mac),
		.counter = bytes_of(keys->counter, cipher_block_size(kind)) };
	struct sm *sm = NULL;
	int r = sm_new(&setup, &sm);

	if (r == 0)
		card_take_sm(card, sm);
	return r;
}

static enum sw mutual(
    struct card *card, const struct key_object *key, struct bytes message, struct writer *out)
{
	const struct session *session = card_session(card);
	uint8_t card_key[MUTUAL_KEY_MAX];
	const struct mutual mutual = { .kind = key_object_cipher(key),
		.key = key_bytes(&key->secret),
		.challenge = bytes_of(session->challenge, session->challenge_len),
		.card_key = card_key };
	struct mutual_keys keys = { 0 };
	uint8_t answer[MUTUAL_MESSAGE_MAX];
	enum sw sw;

	if (mutual.challenge.len != cipher_block_size(mutual.kind))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (card_random(card, card_key, mutual_key_size(mutual.kind)) < 0)
		return SW_NO_DIAGNOSIS;
	sw = mutual_answer(&mutual, message, answer, &keys);
	if (sw == SW_OK && start_sm(card, mutual.kind, &keys) < 0)
		sw = SW_NO_DIAGNOSIS;
	if (sw == SW_OK)
		writer_put(out, bytes_of(answer, mutual_message_size(mutual.kind)));
	secret_wipe(card_key, sizeof card_key);
	mutual_keys_wipe(&keys);
	return sw;
}

static enum sw try(
    struct card *card, const struct choice *choice, struct bytes data, struct writer *out)
{
	const struct session *session = card_session(card);
	struct bytes challenge = bytes_of(session->challenge, session->challenge_len);

	if (mechanism_of(choice->algorithm) == MECHANISM_MUTUAL)
		return mutual(card, &choice->key->object, data, out);
	return proof_check(choice, challenge, data);
}

/* MUTUAL AUTHENTICATE is what the mechanism makes it. */
enum sw authenticate_external(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct choice_request request = { CRT_AT, CRT_EXTERNAL, apdu->p1, apdu->p2 };
	static const struct bytes none;
	struct session *session = card_session(card);
	struct choice choice = { 0 };
	enum sw sw = choice_make(card, &request, &choice);

	if (sw != SW_OK)
		return sw;
	if (apdu->data.len == 0)
		return status_of(card, choice.key);
	if (session->challenge_len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = authenticate_begin_try(card, choice.key);
	if (sw != SW_OK)
		return sw;
	sw = authenticate_end_try(card, choice.key, try(card, &choice, apdu->data, out));
	session_set_challenge(session, none);
	return sw;
}
