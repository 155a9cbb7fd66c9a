/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication (BSI TR-03110-1, 3.5; TR-03110-2, 3.3; TR-03110-3, B.3): after Chip Authentication with version
 * 1, before it with version 2, and once in a session. */
#include "auth/terminal_auth.h"

#include <string.h>

#include "base/err.h"
#include "cards/eac/internal.h"
#include "iso7816/tlv.h"

#define VERIFY_CERTIFICATE 0x00BE

void eac_terminal_forget(struct eac_terminal *terminal)
{
	terminal_auth_free(terminal->auth);
	terminal->auth = NULL;
	buffer_clear(&terminal->auxiliary);
	terminal->ephemeral.len = 0;
}

/* Whether certificates may come: behind a terminal's authentication, too, to bring the card up to date. */
static enum sw check_order(const struct eac_state *state)
{
	const struct eac_session *session = &state->session;
	unsigned version = eac_version(state);

	if (session->access == EAC_ACCESS_NONE)
		return SW_SECURITY_STATUS;
	if ((state->terminal_auth_versions & 1u << version) == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	return version == 1 && !session->chip_authenticated ? SW_CONDITIONS_NOT_SATISFIED : SW_OK;
}

/* Whether Terminal Authentication is due. */
static enum sw check_due(const struct eac_state *state)
{
	return state->session.terminal_authenticated ? SW_CONDITIONS_NOT_SATISFIED
	                                             : check_order(state);
}

static enum chat_type type_of_terminal(const struct eac_state *state)
{
	return state->session.has_chat ? state->session.chat.type : CHAT_IS;
}

/* With the trust points of the terminal's kind. */
static int begin(struct card *card)
{
	struct eac_state *state = eac_state_of(card);
	struct terminal_auth_setup setup = { .trust = &state->trust[type_of_terminal(state)],
		.today = &state->terminal.today,
		.ignore_dates = state->ignore_dates,
		.confined = state->session.has_chat ? &state->session.chat : NULL,
		.extensions = state->session.extensions,
		.random = card_random_source(card) };

	if (state->terminal.auth != NULL)
		return 0;
	state->terminal.today = card_date(card);
	return terminal_auth_new(&setup, &state->terminal.auth);
}

enum sw eac_set_issuer(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	enum sw sw = check_order(state);

	if (sw != SW_OK)
		return sw;
	if (template->public_key.len == 0)
		return SW_WRONG_DATA;
	sw = sw_of(begin(card));
	if (sw == SW_OK)
		sw = terminal_auth_set_issuer(state->terminal.auth, template->public_key);
	if (sw == SW_OK)
		eac_await(state, EAC_PENDING_ISSUER);
	return sw;
}

/* What certificates change is the card's at once: its day, and the trust points, which EF.CVCA names. */
static enum sw verify(struct card *card, struct bytes content)
{
	struct eac_state *state = eac_state_of(card);
	bool changed = false;
	enum sw sw = terminal_auth_verify_certificate(state->terminal.auth, content, &changed);

	if (!changed)
		return sw;
	card_set_date(card, state->terminal.today);
	if (type_of_terminal(state) == CHAT_IS && eac_write_ef_cvca(state) < 0)
		return SW_MEMORY_FAILURE;
	return sw;
}

enum sw eac_perform_security_operation(
    struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	enum eac_pending pending = state->pending;

	eac_drop(state);
	if ((apdu->p1 << 8 | apdu->p2) != VERIFY_CERTIFICATE)
		return SW_WRONG_P1P2;
	return pending == EAC_PENDING_ISSUER ? verify(card, apdu->data)
	                                     : SW_CONDITIONS_NOT_SATISFIED;
}

/* What version 2 names besides: the key of Chip Authentication to come, and auxiliary data. */
static enum sw take_binding(
    struct eac_terminal *terminal, const struct authentication_template *template)
{
	struct eac_compressed *ephemeral = &terminal->ephemeral;

	if (template->ephemeral.len == 0 || template->ephemeral.len > sizeof ephemeral->data)
		return SW_WRONG_DATA;
	memcpy(ephemeral->data, template->ephemeral.data, template->ephemeral.len);
	ephemeral->len = template->ephemeral.len;
	switch (buffer_set(&terminal->auxiliary, template->auxiliary)) {
	case 0:
		return SW_OK;
	case ERR_LIMIT:
		return SW_WRONG_DATA;
	default:
		return SW_MEMORY_FAILURE;
	}
}

enum sw eac_set_terminal(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_terminal *terminal = &state->terminal;
	enum sw sw = check_due(state);

	if (sw != SW_OK)
		return sw;
	if (template->public_key.len == 0)
		return SW_WRONG_DATA;
	if (eac_version(state) == 2 && template->protocol.len == 0)
		return SW_WRONG_DATA;
	if (terminal->auth == NULL)
		return SW_REFERENCE_NOT_FOUND;
	sw = terminal_auth_set_terminal(terminal->auth, template->public_key, template->protocol);
	if (sw != SW_OK)
		return sw;
	if (eac_version(state) == 2)
		sw = take_binding(terminal, template);
	else if (template->ephemeral.len > 0 || template->auxiliary.len > 0)
		sw = SW_WRONG_DATA;
	if (sw == SW_OK)
		eac_await(state, EAC_PENDING_TERMINAL);
	return sw;
}

/* TR-03110-3, B.3: it may come before the certificates, and is then good for one signature. */
enum sw eac_terminal_challenge(struct card *card, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE];
	enum sw sw = check_due(state);
	int r;

	if (sw != SW_OK)
		return sw;
	r = begin(card);
	if (r == 0)
		r = card_random(card, challenge, sizeof challenge);
	if (r < 0)
		return sw_of(r);
	terminal_auth_set_challenge(state->terminal.auth, challenge);
	writer_put(out, BYTES_OF_ARRAY(challenge));
	return SW_OK;
}

/* With version 2 Chip Authentication is still to come. */
static void grant(struct eac_state *state, const struct terminal *terminal)
{
	struct eac_session *session = &state->session;
	struct bytes auxiliary = buffer_bytes(&state->terminal.auxiliary);

	session->terminal_authenticated = true;
	session->rights = terminal->rights;
	session->authorizations = terminal->authorizations;
	session->terminal_digest = terminal->digest;
	session->sectors = terminal->sectors;
	if (eac_version(state) == 2)
		session->chip_authenticated = false;
	if (!tlv_take_tag(&auxiliary, 0x67, &session->auxiliary))
		session->auxiliary = (struct bytes){ NULL, 0 };
}

enum sw eac_terminal_authenticate(struct card *card, struct bytes signature)
{
	struct eac_state *state = eac_state_of(card);
	struct terminal_auth_binding binding = { .chip = eac_compressed_bytes(&state->chip),
		.terminal = eac_compressed_bytes(&state->ephemeral) };
	enum eac_pending pending = state->pending;
	struct terminal terminal;
	enum sw sw;

	eac_drop(state);
	if (pending != EAC_PENDING_TERMINAL)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (state->session.access == EAC_ACCESS_BAC)
		binding.chip = buffer_bytes(&state->document_number);
	if (eac_version(state) == 2) {
		binding.terminal = eac_compressed_bytes(&state->terminal.ephemeral);
		binding.auxiliary = buffer_bytes(&state->terminal.auxiliary);
	}
	if (binding.chip.len == 0 || binding.terminal.len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = terminal_auth_verify_signature(state->terminal.auth, &binding, signature, &terminal);
	if (sw == SW_OK)
		grant(state, &terminal);
	return sw;
}
