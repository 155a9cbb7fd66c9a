/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MANAGE SECURITY ENVIRONMENT, SET (ICAO 9303-11, 4.4.4.1 and 6.2.4; BSI TR-03110-3, B.14.1, B.14.3 and B.14.4), and GENERAL
 * AUTHENTICATE, which carries out what it has chosen (B.14.2). */
#include <string.h>

#include "base/compiler.h"
#include "cards/eac/internal.h"

enum {
	SET_AT_PACE = 0xC1A4,
	SET_AT_CHIP = 0x41A4,
	SET_AT_TERMINAL = 0x81A4,
	SET_KAT = 0x41A6,
	SET_DST = 0x81B6,
	SET_DST_COMPUTE = 0x41B6,
};

/* The protocols of GENERAL AUTHENTICATE. */
static const struct eac_protocol *const protocols[] = { &eac_pace, &eac_chip_auth,
	&eac_restricted_id, &eac_psa };

static const struct eac_protocol *find_protocol(struct bytes oid, uint8_t p1)
{
	enum authentication_protocol id = authentication_protocol_of(oid);

	for (size_t i = 0; i < COUNT(protocols); i++) {
		if (protocols[i]->id == id && protocols[i]->p1 == p1)
			return protocols[i];
	}
	return NULL;
}

/* A warning, such as that few tries are left, hinders nothing. */
static enum sw choose(struct card *card, const struct authentication_template *template, uint8_t p1)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_protocol *protocol = find_protocol(template->protocol, p1);
	enum sw sw;

	if (protocol == NULL)
		return SW_WRONG_DATA;
	sw = protocol->choose(card, template);
	if (!sw_is_normal((uint16_t)sw)) {
		protocol->forget(state);
		return sw;
	}
	eac_await(state, EAC_PENDING_PROTOCOL);
	state->protocol = protocol;
	return sw;
}

/* Without data objects nothing is chosen any more, and that succeeds. */
static enum sw set_at(struct card *card, const struct apdu *apdu)
{
	struct authentication_template template;

	if (apdu->data.len == 0)
		return SW_OK;
	if (!authentication_template_parse(apdu->data, &template))
		return SW_WRONG_DATA;
	if ((apdu->p1 << 8 | apdu->p2) == SET_AT_TERMINAL)
		return eac_set_terminal(card, &template);
	return choose(card, &template, apdu->p1);
}

static enum sw set_dst(struct card *card, const struct apdu *apdu)
{
	struct authentication_template template;

	if (!authentication_template_parse(apdu->data, &template))
		return SW_WRONG_DATA;
	return apdu->p1 == SET_DST >> 8 ? eac_set_issuer(card, &template)
	                                : eac_set_signature(card, &template);
}

/* Le belongs to commands that are answered with data, and to no others. Without secure messaging a terminal's transport protocol
 * may have added or lost it. */
static bool le_is_wrong(struct card *card, const struct apdu *apdu, bool answered)
{
	return card_session(card)->protection != SESSION_PROTECTION_NONE &&
	    (apdu->ne > 0) != answered;
}

enum sw eac_manage_security_environment(
    struct card *card, const struct apdu *apdu, struct writer *out)
{
	eac_drop(eac_state_of(card));
	if (le_is_wrong(card, apdu, false))
		return SW_WRONG_LENGTH;
	switch (apdu->p1 << 8 | apdu->p2) {
	case SET_AT_PACE:
	case SET_AT_CHIP:
	case SET_AT_TERMINAL:
		return set_at(card, apdu);
	case SET_KAT:
		return eac_set_kat(card, apdu->data);
	case SET_DST:
	case SET_DST_COMPUTE:
		return set_dst(card, apdu);
	default:
		return SW_WRONG_P1P2;
	}
}

bool eac_collect(struct eac_state *state, struct bytes part)
{
	struct eac_collected *collected = &state->collected;

	if (part.len > sizeof collected->data - collected->len)
		return false;
	if (part.len > 0)
		memcpy(collected->data + collected->len, part.data, part.len);
	collected->len += part.len;
	return true;
}

struct bytes eac_collected(const struct eac_state *state)
{
	return bytes_of(state->collected.data, state->collected.len);
}

enum sw eac_general_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_step step = { .last = apdu->cla == 0, .data = apdu->data };
	enum sw sw;

	if (state->pending != EAC_PENDING_PROTOCOL)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (apdu->p1 != 0 || apdu->p2 != 0)
		sw = SW_WRONG_P1P2;
	else if (step.last && le_is_wrong(card, apdu, true))
		sw = SW_WRONG_LENGTH;
	else
		sw = state->protocol->step(card, &step, out);
	if (sw != SW_OK || (step.last && !state->protocol->repeats))
		eac_drop(state);
	else if (step.last)
		state->collected.len = 0;
	if (sw != SW_OK)
		writer_reset(out); /* a warning would let it through */
	return sw;
}
