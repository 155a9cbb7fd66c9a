/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which key a command works with, and how: as its own P1 and P2 say, else as the security environment does
 * (ISO/IEC 7816-4, 11.6.1), else as the key is made for. */
#include "base/secret.h"
#include "cards/iso7816/iso7816.h"

#define P2_RFU 0x60
#define CARD_SECRET_SIZE 16

/* P2 = 00 of the authentication commands, without an environment: the first key of the MF. */
static enum sw find(struct card *card, const struct choice_request *request, struct card_key **out)
{
	const struct session *session = card_session(card);
	uint8_t reference = request->p2;
	bool none = reference == 0 &&
	    !environment_key(&session->environment, request->kind, request->use, &reference);

	if ((request->p2 & P2_RFU) != 0)
		return SW_WRONG_P1P2;
	if (none && request->kind != CRT_AT)
		return SW_CONDITIONS_NOT_SATISFIED;
	*out = credentials_find_key(card_credentials(card), session->df, reference);
	return *out != NULL ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

static enum sw choose_algorithm(
    const struct choice_request *request, const struct crt *crt, struct choice *choice)
{
	enum key_type type = choice->key->object.type;

	if (request->p1 != 0)
		choice->algorithm = request->p1;
	else if (crt->has_algorithm)
		choice->algorithm = crt->algorithm;
	else if (!mechanism_default(request->kind, type, &choice->algorithm))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (mechanism_fits(request->kind, type, choice->algorithm))
		return SW_OK;
	return request->p1 != 0 ? SW_WRONG_P1P2 : SW_CONDITIONS_NOT_SATISFIED;
}

/* Whether the key may be used so, now. */
static enum sw check(
    struct card *card, const struct choice_request *request, const struct card_key *key)
{
	if ((key->object.uses & KEY_USE(request->kind)) == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (request->use == CRT_INTERNAL && key->password != 0 &&
	    !card_password_is_proved(card, key->df, key->password))
		return SW_SECURITY_STATUS;
	return SW_OK;
}

/* The card's own secret is drawn when it is needed first. */
static enum sw draw(struct card *card, struct card_key *key)
{
	uint8_t secret[CARD_SECRET_SIZE];
	enum sw sw;

	if (!key_object_is_symmetric(&key->object) || key->object.secret.len > 0)
		return SW_OK;
	sw = sw_of(card_random(card, secret, sizeof secret));
	if (sw == SW_OK)
		key_object_set_secret(&key->object, BYTES_OF_ARRAY(secret));
	secret_wipe(secret, sizeof secret);
	card_changed(card);
	return sw;
}

enum sw choice_make(struct card *card, const struct choice_request *request, struct choice *out)
{
	const struct crt *crt = &card_session(card)->environment.crts[request->kind][request->use];
	struct choice choice = { 0 };
	enum sw sw = find(card, request, &choice.key);

	if (sw == SW_OK)
		sw = choose_algorithm(request, crt, &choice);
	if (sw == SW_OK)
		sw = check(card, request, choice.key);
	if (sw == SW_OK)
		sw = draw(card, choice.key);
	if (sw != SW_OK)
		return sw;
	if (key_object_is_symmetric(&choice.key->object) &&
	    crt->iv_len == cipher_block_size(key_object_cipher(&choice.key->object)))
		choice.iv = crt->iv;
	*out = choice;
	return SW_OK;
}
