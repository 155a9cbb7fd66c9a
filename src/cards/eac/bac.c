/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET CHALLENGE and EXTERNAL AUTHENTICATE: of Basic Access Control where nothing has been proved yet (ICAO 9303-11, 4.3.4), of
 * Terminal Authentication under secure messaging (BSI TR-03110-3, B.3). */
#include "auth/bac.h"

#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/internal.h"

#define CHALLENGE_SIZE 8 /* of both protocols */

static struct bytes mrz_information(const struct eac_state *state)
{
	const struct eac_password *mrz = &state->passwords[PACE_MRZ];

	return bytes_of(mrz->value, mrz->len);
}

static bool offers_bac(const struct eac_state *state)
{
	return state->bac && mrz_information(state).len > 0;
}

enum sw eac_bac_challenge(struct card *card, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	uint8_t challenge[BAC_CHALLENGE_SIZE];
	int r;

	if (!offers_bac(state))
		return SW_CONDITIONS_NOT_SATISFIED;
	eac_await(state, EAC_PENDING_BAC);
	r = bac_init(&state->bac_run, mrz_information(state));
	if (r == 0)
		r = card_random(card, challenge, sizeof challenge);
	if (r < 0) {
		eac_drop(state);
		return sw_of(r);
	}
	bac_set_challenge(&state->bac_run, challenge);
	writer_put(out, BYTES_OF_ARRAY(challenge));
	return SW_OK;
}

/* The keys of the session, from the next command on. */
static enum sw open_session(struct card *card, const struct session_keys *keys)
{
	struct eac_state *state = eac_state_of(card);
	enum sw sw = eac_switch_keys(card, keys);

	if (sw != SW_OK)
		return sw;
	eac_forget(state);
	state->session.access = EAC_ACCESS_BAC;
	eac_count_success(card);
	return SW_OK;
}

enum sw eac_bac_authenticate(struct card *card, struct bytes data, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	struct session_keys keys = { .kind = CIPHER_3DES };
	uint8_t card_key[BAC_CARD_KEY_SIZE], answer[BAC_MESSAGE_SIZE];
	enum sw sw;

	if (state->pending != EAC_PENDING_BAC)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = sw_of(card_random(card, card_key, sizeof card_key));
	if (sw == SW_OK)
		sw = bac_authenticate(&state->bac_run, card_key, data, answer, &keys);
	eac_drop(state);
	if (sw == SW_OK)
		sw = open_session(card, &keys);
	if (sw == SW_OK)
		writer_put(out, BYTES_OF_ARRAY(answer));
	if (sw == SW_WARNING_CHANGED)
		eac_count_failure(card);
	secret_wipe(card_key, sizeof card_key);
	session_keys_wipe(&keys);
	return sw;
}

enum sw eac_get_challenge(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct eac_state *state = eac_state_of(card);

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0 || (apdu->ne < CHALLENGE_SIZE && apdu->ne > 0))
		return SW_WRONG_LENGTH;
	if (apdu->ne > CHALLENGE_SIZE && !apdu_wants_all(apdu))
		return SW_WRONG_LENGTH;
	return state->session.access == EAC_ACCESS_NONE ? eac_bac_challenge(card, out)
	                                                : eac_terminal_challenge(card, out);
}

enum sw eac_external_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct eac_state *state = eac_state_of(card);

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	return state->session.access == EAC_ACCESS_NONE
	    ? eac_bac_authenticate(card, apdu->data, out)
	    : eac_terminal_authenticate(card, apdu->data);
}
