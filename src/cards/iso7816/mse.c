/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MANAGE SECURITY ENVIRONMENT (ISO/IEC 7816-4, 11.6.11). Environments are stored in the current DF. */
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "fs/objects.h"
#include "sm/sm.h"

#define P1_FUNCTION 0x0F
#define P1_SET 0x01
#define P1_STORE 0xF2
#define P1_RESTORE 0xF3
#define P1_ERASE 0xF4
#define ENCODED_MAX 1024

enum sw mse_decode(const struct apdu *apdu, struct mse_request *out)
{
	struct mse_request request = { .uses = apdu->p1 & CRT_USE_MASK, .number = apdu->p2 };

	if ((apdu->p1 & P1_FUNCTION) == P1_SET) {
		request.function = MSE_SET;
		if (request.uses == 0 || !crt_kind_of(apdu->p2, &request.kind))
			return SW_WRONG_P1P2;
		*out = request;
		return SW_OK;
	}
	if (apdu->p1 == P1_STORE)
		request.function = MSE_STORE;
	else if (apdu->p1 == P1_RESTORE)
		request.function = MSE_RESTORE;
	else if (apdu->p1 == P1_ERASE)
		request.function = MSE_ERASE;
	else
		return SW_WRONG_P1P2;
	if (request.number == 0 || request.number > ENVIRONMENT_MAX)
		return SW_WRONG_P1P2;
	*out = request;
	return apdu->data.len == 0 ? SW_OK : SW_WRONG_LENGTH;
}

/* Whether the card has the mechanism and the keys of a template. */
static enum sw check_crt(struct card *card, enum crt_kind kind, const struct crt *crt)
{
	const struct credentials *credentials = card_credentials(card);
	const struct file *df = card_session(card)->df;

	if (crt->has_algorithm && !mechanism_is_valid(kind, crt->algorithm))
		return SW_WRONG_DATA;
	if (crt->has_public && credentials_find_key(credentials, df, crt->public_key) == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (crt->has_private && credentials_find_key(credentials, df, crt->private_key) == NULL)
		return SW_REFERENCE_NOT_FOUND;
	return SW_OK;
}

/* The key of a template for secure messaging, if it has one. */
static enum sw find_sm_key(struct card *card, enum crt_kind kind, const struct key_object **out)
{
	const struct session *session = card_session(card);
	const struct card_key *key;
	uint8_t reference;

	*out = NULL;
	if (!environment_key(&session->environment, kind, CRT_SM_COMMAND, &reference))
		return SW_OK;
	key = credentials_find_key(card_credentials(card), session->df, reference);
	if (key == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (!key_object_is_symmetric(&key->object) || (key->object.uses & KEY_USE(kind)) == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	*out = &key->object;
	return SW_OK;
}

/* Secure messaging with keys of the card, once both templates have one: from the next command on, without a
 * counter. */
static enum sw start_sm(struct card *card)
{
	const struct key_object *mac = NULL;
	const struct key_object *enc = NULL;
	struct sm_setup setup = { .profile = SM_ISO };
	struct sm *sm = NULL;
	enum sw sw = find_sm_key(card, CRT_CCT, &mac);

	if (sw == SW_OK)
		sw = find_sm_key(card, CRT_CT, &enc);
	if (sw != SW_OK || mac == NULL || enc == NULL)
		return sw;
	if (key_object_cipher(mac) != key_object_cipher(enc))
		return SW_CONDITIONS_NOT_SATISFIED;
	setup.kind = key_object_cipher(enc);
	setup.enc = key_bytes(&enc->secret);
	setup.mac = key_object_mac_key(mac);
	sw = sw_of(sm_new(&setup, &sm));
	if (sw == SW_OK)
		card_take_sm(card, sm);
	return sw;
}

static enum sw set(struct card *card, const struct mse_request *request, struct bytes objects)
{
	struct session *session = card_session(card);
	struct environment changed = session->environment;
	enum sw sw = environment_set(&changed, request->kind, request->uses, objects);

	for (unsigned use = 0; sw == SW_OK && use < CRT_USES; use++)
		sw = check_crt(card, request->kind, &changed.crts[request->kind][use]);
	if (sw != SW_OK)
		return sw;
	session_set_environment(session, session->se, &changed);
	return (request->uses & crt_use_bit(CRT_SM_COMMAND)) != 0 ? start_sm(card) : SW_OK;
}

static enum sw store(struct card *card, const struct apdu *apdu, uint8_t number)
{
	struct session *session = card_session(card);
	uint8_t encoded[ENCODED_MAX];
	struct writer w;
	enum sw sw = card_check_access(card, apdu, session->df, ACCESS_PUT_DATA);

	if (sw != SW_OK)
		return sw;
	writer_init(&w, encoded, sizeof encoded);
	environment_encode(&session->environment, &w);
	if (!writer_done(&w))
		return SW_NO_DIAGNOSIS;
	sw = sw_of(environment_put(session->df, number, writer_bytes(&w)));
	card_changed(card);
	return sw;
}

/* What is there from the beginning is empty. */
static enum sw restore(struct card *card, uint8_t number)
{
	struct session *session = card_session(card);
	struct environment environment = { 0 };
	struct bytes encoded;

	if (environment_find(session->df, number, &encoded)) {
		if (environment_parse(encoded, &environment) < 0)
			return SW_REFERENCE_DATA_UNUSABLE;
	} else if (number != SESSION_SE_DEFAULT) {
		return SW_REFERENCE_NOT_FOUND;
	}
	session_set_environment(session, number, &environment);
	return SW_OK;
}

static enum sw erase(struct card *card, const struct apdu *apdu, uint8_t number)
{
	struct file *df = card_session(card)->df;
	enum sw sw = card_check_access(card, apdu, df, ACCESS_PUT_DATA);

	if (sw != SW_OK)
		return sw;
	if (!environment_remove(df, number))
		return SW_REFERENCE_NOT_FOUND;
	card_changed(card);
	return SW_OK;
}

enum sw mse_manage(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct mse_request request = { .function = MSE_SET };
	enum sw sw = mse_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	switch (request.function) {
	case MSE_SET:
		return set(card, &request, apdu->data);
	case MSE_STORE:
		return store(card, apdu, request.number);
	case MSE_RESTORE:
		return restore(card, request.number);
	case MSE_ERASE:
		return erase(card, apdu, request.number);
	}
	return SW_NO_DIAGNOSIS;
}
