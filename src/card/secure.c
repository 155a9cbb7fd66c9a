/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secure messaging of the logical channels (ISO/IEC 7816-4, 10): which keys are in force, and when they end. An
 * error in a protected command ends them and is answered 6987 or 6988 in plain; so does, in sessions of ICAO
 * 9303-11 (9.8.1) and TR-03110, a plain command, which is then carried out as one. */
#include <assert.h>

#include "base/err.h"
#include "card/internal.h"

#define CLA_SM 0x0C /* of the first interindustry classes, and of proprietary ones in TR-03110 */

static_assert((int)SESSION_COMMAND_AUTHENTIC == (int)SM_COMMAND_AUTHENTIC &&
        (int)SESSION_COMMAND_CONFIDENTIAL == (int)SM_COMMAND_CONFIDENTIAL &&
        (int)SESSION_RESPONSE_AUTHENTIC == (int)SM_RESPONSE_AUTHENTIC &&
        (int)SESSION_RESPONSE_CONFIDENTIAL == (int)SM_RESPONSE_CONFIDENTIAL,
    "enum session_protection is enum sm_protection");

static struct secure *current(struct card *card)
{
	return &card->secure[card->channel];
}

void card_take_sm(struct card *card, struct sm *sm)
{
	struct secure *secure = current(card);

	sm_free(secure->next);
	secure->next = sm;
	secure->changes = true;
}

const struct sm *card_sm(const struct card *card)
{
	return card->secure[card->channel].now;
}

void secure_switch(struct card *card)
{
	struct secure *secure = current(card);

	if (!secure->changes)
		return;
	sm_free(secure->now);
	*secure = (struct secure){ .now = secure->next };
}

void secure_reset(struct card *card, uint8_t channel)
{
	struct secure *secure = &card->secure[channel];

	sm_free(secure->now);
	sm_free(secure->next);
	*secure = (struct secure){ 0 };
}

void secure_end(struct card *card)
{
	bool had = current(card)->now != NULL;

	secure_reset(card, card->channel);
	for (size_t i = card->depth; had && i-- > 0;) {
		if (card->line[i]->sm_ended != NULL)
			card->line[i]->sm_ended(card, card->state[i]);
	}
}

/* Whether the command is protected. What a proprietary class means is known in sessions of TR-03110 alone. */
static bool is_protected(
    const struct apdu_class *class, const struct apdu *apdu, const struct sm *sm)
{
	if (class->interindustry)
		return class->sm == APDU_SM_HEADER_AUTHENTICATED ||
		    class->sm == APDU_SM_HEADER_NOT_AUTHENTICATED;
	return sm_profile_of(sm) == SM_ICAO && (apdu->cla & CLA_SM) == CLA_SM;
}

/* A command that is not protected, or in a way that nobody here knows. */
static enum sw take_plain(struct card *card, const struct apdu_class *class, const struct sm *sm)
{
	if (sm != NULL && sm_profile_of(sm) == SM_ICAO)
		secure_end(card);
	return class->interindustry && class->sm != APDU_SM_NONE ? SW_SM_NOT_SUPPORTED : SW_OK;
}

enum sw secure_unwrap(
    struct card *card, const struct apdu_class *class, struct apdu *apdu, bool *protected)
{
	struct session *session = card_session(card);
	struct sm *sm = current(card)->now;
	size_t ne = apdu->ne;
	enum sw sw;

	session->protection = SESSION_PROTECTION_NONE;
	session->room = SIZE_MAX;
	if (sm == NULL || !is_protected(class, apdu, sm))
		return take_plain(card, class, sm);
	sw = sm_unwrap(sm, apdu, card->plain, &session->protection);
	if (sw != SW_OK) {
		secure_end(card);
		return sw;
	}
	if (!class->interindustry)
		apdu->cla &= (uint8_t)~CLA_SM;
	if (sm_profile_of(sm) == SM_ICAO && ne > 0 && ne <= APDU_NE_SHORT_MAX)
		session->room = sm_room(sm, ne);
	*protected = true;
	return SW_OK;
}

enum sw secure_wrap(struct card *card, const struct apdu *apdu, enum sw sw, struct writer *out)
{
	struct sm *sm = current(card)->now;
	size_t max = APDU_NE_MAX - SM_RESPONSE_OVERHEAD_MAX;

	if (apdu->ne < max)
		max = apdu->ne;
	if (out->len > max)
		out->len = max;
	if (sm_wrap(sm, apdu->ins, sw, out) == 0)
		return sw;
	secure_end(card);
	writer_reset(out);
	return SW_NO_DIAGNOSIS;
}
