/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has been proved on the channel, what is under way, and when both end (ICAO 9303-11, 9.8.1; BSI TR-03110-3, B.2 and
 * F). What is under way is good for the commands that belong to it, in their order, and ends with any other. */
#include "base/compiler.h"
#include "base/err.h"
#include "cards/eac/internal.h"
#include "cards/eac/password.h"
#include "iso7816/ins.h"

#define CLA_PROPRIETARY 0x80
#define FOLLOWERS 2

/* Which command may follow. */
static const uint8_t followers[][FOLLOWERS] = {
	[EAC_PENDING_NOTHING] = { 0, 0 },
	[EAC_PENDING_BAC] = { INS_EXTERNAL_AUTHENTICATE, 0 },
	[EAC_PENDING_PROTOCOL] = { INS_GENERAL_AUTHENTICATE, 0 },
	[EAC_PENDING_ISSUER] = { INS_PERFORM_SECURITY_OPERATION, 0 },
	[EAC_PENDING_TERMINAL] = { INS_GET_CHALLENGE, INS_EXTERNAL_AUTHENTICATE },
	[EAC_PENDING_SIGNATURE] = { INS_PERFORM_SECURITY_OPERATION_ODD, 0 },
};

static bool may_follow(enum eac_pending pending, const struct apdu *apdu)
{
	if ((apdu->cla & CLA_PROPRIETARY) != 0)
		return false;
	for (size_t i = 0; i < FOLLOWERS; i++) {
		if (followers[pending][i] != 0 && followers[pending][i] == apdu->ins)
			return true;
	}
	return false;
}

void eac_before(struct card *card, void *part, const struct apdu *apdu)
{
	struct eac_state *state = part;

	if (!may_follow(state->pending, apdu))
		eac_drop(state);
}

void eac_drop(struct eac_state *state)
{
	if (state->protocol != NULL)
		state->protocol->forget(state);
	if (state->pending == EAC_PENDING_SIGNATURE)
		eac_psa.forget(state);
	state->protocol = NULL;
	state->pending = EAC_PENDING_NOTHING;
	state->collected.len = 0;
	bac_wipe(&state->bac_run);
}

void eac_await(struct eac_state *state, enum eac_pending pending)
{
	eac_drop(state);
	state->pending = pending;
}

void eac_forget(struct eac_state *state)
{
	eac_terminal_forget(&state->terminal);
	state->session = (struct eac_session){ .access = EAC_ACCESS_NONE };
	state->chip.len = 0;
	state->ephemeral.len = 0;
	state->agreed.len = 0;
}

void eac_reset(struct card *card, void *part)
{
	eac_drop(part);
	eac_forget(part);
}

void eac_sm_ended(struct card *card, void *part)
{
	eac_drop(part);
	eac_forget(part);
}

const struct eac_session *eac_session(struct card *card)
{
	return &eac_state_of(card)->session;
}

bool eac_has_right(struct card *card, enum chat_type type, unsigned bit)
{
	const struct eac_session *session = eac_session(card);

	return eac_came_rightly(card) && session->chip_authenticated &&
	    session->rights.type == type && chat_has(&session->rights, bit);
}

bool eac_came_rightly(struct card *card)
{
	const struct eac_session *session = eac_session(card);

	if (!session->terminal_authenticated)
		return false;
	return session->rights.type != CHAT_AT || session->access != EAC_ACCESS_PACE ||
	    session->password != PACE_CAN || chat_has(&session->rights, EAC_AT_CAN_ALLOWED);
}

bool eac_has_authorization(struct card *card, enum authorization_kind kind, unsigned bit)
{
	const struct eac_session *session = eac_session(card);

	return eac_came_rightly(card) && session->chip_authenticated &&
	    session->rights.type == CHAT_AT &&
	    authorization_has(&session->authorizations, kind, bit);
}

unsigned eac_version(const struct eac_state *state)
{
	return state->session.has_chat && (state->terminal_auth_versions & 1u << 2) != 0 ? 2 : 1;
}

enum sw eac_switch_keys(struct card *card, const struct session_keys *keys)
{
	const struct sm_setup setup = session_keys_setup(keys);
	struct sm *sm;
	int r = sm_new(&setup, &sm);

	if (r < 0)
		return sw_of(r);
	card_take_sm(card, sm);
	return SW_OK;
}

void eac_set_delay(struct card *card, unsigned milliseconds, unsigned max)
{
	struct eac_state *state = eac_state_of(card);

	state->delay = milliseconds;
	state->delay_max = max;
}

/* Waits after a failure: so does the next attempt, whoever makes it. */
void eac_count_failure(struct card *card)
{
	struct eac_state *state = eac_state_of(card);
	unsigned milliseconds = state->delay;

	for (unsigned i = 0; i < state->failures && milliseconds < state->delay_max; i++)
		milliseconds =
		    milliseconds > state->delay_max / 2 ? state->delay_max : milliseconds * 2;
	if (milliseconds > state->delay_max)
		milliseconds = state->delay_max;
	if (milliseconds == 0)
		return;
	state->failures++;
	card_sleep(card, milliseconds);
}

void eac_count_success(struct card *card)
{
	eac_state_of(card)->failures = 0;
}

int eac_compress(const struct domain *domain, struct bytes public, struct eac_compressed *out)
{
	struct eac_compressed compressed = { .len = 0 };
	struct writer w;
	int r;

	writer_init(&w, compressed.data, sizeof compressed.data);
	r = agreement_compress(domain, public, &w);
	if (r < 0)
		return r;
	compressed.len = w.len;
	*out = compressed;
	return 0;
}

struct bytes eac_compressed_bytes(const struct eac_compressed *compressed)
{
	return bytes_of(compressed->data, compressed->len);
}
