/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE (ICAO 9303-11, 4.4; BSI TR-03110-3, B.1): MSE:Set AT with password and domain parameters, then four GENERAL
 * AUTHENTICATE. With the general authentication procedure it can be repeated under secure messaging, and what was there before stays
 * until it has succeeded. */
#include "auth/pace.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/internal.h"
#include "cards/eac/password.h"
#include "iso7816/tlv.h"

#define STEP_FIRST 1
#define STEP_MAP 2
#define STEP_TOKEN 4

/* The only one that the template can mean. SW_WRONG_DATA: the card has not this protocol; SW_REFERENCE_NOT_FOUND: not with these
 * domain parameters, or with several and none is named (9303-11, 4.4.4.1). */
static enum sw find_info(const struct eac_state *state,
    const struct authentication_template *template, const struct eac_pace_info **out)
{
	const struct eac_pace_info *found = NULL;
	enum sw sw = SW_WRONG_DATA;
	bool has_id = template->private_key.len > 0;
	uint32_t id = 0;

	if (has_id && !authentication_number(template->private_key, &id))
		return sw;
	for (size_t i = 0; i < state->n_pace_infos; i++) {
		const struct eac_pace_info *info = &state->pace_infos[i];

		if (!bytes_equal(template->protocol, BYTES_OF_ARRAY(info->suite.oid)))
			continue;
		sw = SW_REFERENCE_NOT_FOUND;
		if (has_id && info->parameter_id != id)
			continue;
		if (found != NULL)
			return sw;
		found = info;
	}
	if (found == NULL)
		return sw;
	*out = found;
	return SW_OK;
}

/* A CHAT begins Terminal Authentication 2. Where there is none, all that it does is to ask for the references of an inspection
 * system's certification authorities (ICAO 9303-11, 4.4.4.1). */
static enum sw check_chat(struct card *card, enum pace_password password, const struct chat *chat)
{
	if ((eac_state_of(card)->terminal_auth_versions & 1u << 2) == 0 && chat->type != CHAT_IS)
		return SW_WRONG_DATA;
	return eac_password_allows_chat(card, password, chat);
}

/* Extensions that confine the terminal, as they are. */
static enum sw take_extensions(struct eac_pace_run *run, struct bytes extensions)
{
	if (extensions.len > sizeof run->extensions)
		return SW_WRONG_DATA;
	if (extensions.len > 0)
		memcpy(run->extensions, extensions.data, extensions.len);
	run->extensions_len = extensions.len;
	return SW_OK;
}

/* A passport is opened once in a session. Readers that run one PACE after the other, for all that EF.CardAccess tells of, keep their
 * first session so. */
static bool is_open(const struct eac_state *state)
{
	return state->session.access != EAC_ACCESS_NONE &&
	    (state->terminal_auth_versions & 1u << 2) == 0;
}

static enum sw choose(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_pace_run *run = &state->pace_run;
	uint32_t password = 0;
	enum sw sw;

	if (is_open(state))
		return SW_CONDITIONS_NOT_SATISFIED;
	*run = (struct eac_pace_run){ .step = STEP_FIRST };
	if (!authentication_number(template->public_key, &password))
		return SW_WRONG_DATA;
	if (password < PACE_MRZ || password > PACE_PUK)
		return SW_REFERENCE_NOT_FOUND;
	run->password = (enum pace_password)password;
	run->has_chat = template->has_chat;
	run->chat = template->chat;
	sw = find_info(state, template, &run->info);
	if (sw == SW_OK)
		sw = take_extensions(run, template->extensions);
	if (sw == SW_OK)
		sw = eac_password_status(card, run->password);
	if (run->has_chat && sw_is_normal((uint16_t)sw)) {
		enum sw allowed = check_chat(card, run->password, &run->chat);

		sw = allowed == SW_OK ? sw : allowed;
	}
	return sw;
}

static void forget(struct eac_state *state)
{
	pace_free(state->pace_run.pace);
	secret_wipe(&state->pace_run, sizeof state->pace_run);
}

/* The static key of chip authentication mapping: the one with the same domain parameters. */
static const struct ec_key *mapping_key(const struct eac_state *state)
{
	const struct eac_pace_info *info = state->pace_run.info;

	if (info->suite.variant != PACE_ECDH_CAM)
		return NULL;
	for (size_t i = 0; i < state->n_keys; i++) {
		const struct eac_held_key *key = &state->keys[i];

		if (key->what.use == EAC_KEY_CHIP_AUTH &&
		    key->what.parameter_id == info->parameter_id)
			return key->pair.ec;
	}
	return NULL;
}

static enum sw begin(struct card *card)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_pace_run *run = &state->pace_run;
	const struct eac_password *password = &state->passwords[run->password];
	struct pace_setup setup = { .suite = run->info->suite,
		.domain = run->info->domain,
		.random = card_random_source(card),
		.chip = mapping_key(state) };
	struct writer seed;
	int r;

	writer_init(&seed, run->seed, sizeof run->seed);
	r = pace_seed(run->password, bytes_of(password->value, password->len), &seed);
	setup.seed = writer_bytes(&seed);
	for (size_t i = 0; run->has_chat && i < PACE_CARS; i++)
		setup.car[i] = trust_points_name(&state->trust[run->chat.type], i);
	if (r == 0)
		r = pace_new(&setup, &run->pace);
	return r == ERR_UNSUPPORTED ? SW_WRONG_DATA : sw_of(r);
}

/* What a session that PACE opens begins with. */
static enum sw open_session(struct card *card)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_pace_run *run = &state->pace_run;
	const struct session_keys *keys = pace_keys(run->pace);
	bool chip = run->info->suite.variant == PACE_ECDH_CAM;
	enum sw sw = keys != NULL ? eac_switch_keys(card, keys) : SW_NO_DIAGNOSIS;
	int r = 0;

	if (sw != SW_OK)
		return sw;
	eac_forget(state);
	session_revoke_all(card_session(card), CREDENTIAL_PASSWORD);
	r = eac_compress(&run->info->domain, pace_chip_public(run->pace), &state->chip);
	if (r == 0 && chip)
		r = eac_compress(
		    &run->info->domain, pace_terminal_public(run->pace), &state->ephemeral);
	if (r < 0) {
		card_take_sm(card, NULL);
		return sw_of(r);
	}
	state->session.access = EAC_ACCESS_PACE;
	state->session.password = run->password;
	state->session.has_chat = run->has_chat;
	state->session.chat = run->chat;
	memcpy(state->extensions, run->extensions, run->extensions_len);
	state->session.extensions = bytes_of(state->extensions, run->extensions_len);
	state->session.chip_authenticated = chip;
	state->session.chip_key_use = EAC_KEY_CHIP_AUTH;
	return SW_OK;
}

/* Only a well-formed token is a try. */
static bool is_token(const struct eac_step *step)
{
	struct bytes rest = step->data, inside, token;

	return step->last && tlv_take_tag(&rest, 0x7C, &inside) && rest.len == 0 &&
	    tlv_take_tag(&inside, 0x85, &token) && inside.len == 0 &&
	    token.len == AGREEMENT_TOKEN_SIZE;
}

/* The last step, which shows whether the terminal knows the password. */
static enum sw compare(struct card *card, const struct eac_step *step, struct writer *out)
{
	struct eac_pace_run *run = &eac_state_of(card)->pace_run;
	enum sw sw = eac_password_begin_try(card, run->password);
	enum sw answer;

	if (sw != SW_OK)
		return sw;
	sw = pace_step(run->pace, step->last, step->data, out);
	answer = eac_password_end_try(card, run->password, sw == SW_OK);
	if (sw == SW_WARNING_CHANGED)
		eac_count_failure(card);
	if (sw == SW_OK && answer == SW_OK)
		sw = open_session(card);
	if (sw == SW_OK && answer == SW_OK)
		eac_count_success(card);
	return sw == SW_OK || sw == SW_WARNING_CHANGED ? answer : sw;
}

/* Whether it is the nonce, which is there already, that is asked for: then there is another one, and the first is void. */
static bool asks_again(const struct eac_pace_run *run, const struct eac_step *step)
{
	static const uint8_t nothing[] = { 0x7C, 0x00 };

	return run->step == STEP_MAP && !step->last &&
	    bytes_equal(step->data, BYTES_OF_ARRAY(nothing));
}

static enum sw step_of(struct card *card, const struct eac_step *step, struct writer *out)
{
	struct eac_pace_run *run = &eac_state_of(card)->pace_run;
	enum sw sw = SW_OK;
	unsigned due;

	if (asks_again(run, step)) {
		pace_free(run->pace);
		run->pace = NULL;
		run->step = STEP_FIRST;
	}
	due = run->step++;
	if (due == STEP_FIRST) {
		sw = eac_password_may_run(card, run->password);
		if (sw == SW_OK)
			sw = begin(card);
	}
	if (sw != SW_OK)
		return sw;
	if (due == STEP_TOKEN && is_token(step))
		return compare(card, step, out);
	return pace_step(run->pace, step->last, step->data, out);
}

const struct eac_protocol eac_pace = {
	.id = AUTHENTICATION_PACE,
	.p1 = 0xC1,
	.choose = choose,
	.step = step_of,
	.forget = forget,
};
