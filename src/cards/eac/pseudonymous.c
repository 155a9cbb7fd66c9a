/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures (BSI TR-03110-2, 3.5 and 3.7; TR-03110-3, B.2 and B.5). Of the chip itself: the second part of Chip
 * Authentication 3, MSE:Set AT and GENERAL AUTHENTICATE, as often as the terminal has sectors or the chip keys. Of messages and
 * of what is in files: MSE:Set DST and PSO: Compute Digital Signature, after Chip Authentication. */
#include "auth/pseudonymous.h"

#include "base/err.h"
#include "cards/eac/internal.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define RIGHT_PSA 30 /* of authentication terminals: TR-03110-4, table 4 */
#define COMPUTE_SIGNATURE 0x0200
#define VERSION_OF_PSA 3   /* of Chip Authentication */
#define CREDENTIAL_COST 12 /* bytes around the contents of a file, and around all of them */

/* What a terminal needs to be told a pseudonym that is not for all (TR-03110-4, tables 4 and 6). */
static bool is_authorized(const struct eac_session *session, enum pseudonymous_variant variant)
{
	const struct authorizations *more = &session->authorizations;

	if (session->rights.type != CHAT_AT)
		return false;
	switch (variant) {
	case PSEUDONYMOUS_PSA:
		return chat_has(&session->rights, RIGHT_PSA);
	case PSEUDONYMOUS_PSM:
		return authorization_has(more, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSM);
	case PSEUDONYMOUS_PSC:
		return authorization_has(more, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSC);
	}
	return false;
}

/* The key must be named, though it were the only one (B.2, B.5). */
static enum sw choose_key(struct eac_state *state, const struct authentication_template *template,
    unsigned versions, struct eac_pseudonymous_run *run)
{
	const struct eac_key_wanted wanted = { .use = EAC_KEY_PSEUDONYM,
		.oid = template->protocol,
		.reference = template->private_key,
		.versions = versions };

	if (!pseudonymous_suite_parse(template->protocol, &run->suite) ||
	    template->private_key.len == 0)
		return SW_WRONG_DATA;
	return eac_find_key(state, &wanted, &run->key);
}

/* What is signed with, and which pseudonyms the terminal is told. */
static struct pseudonymous begin(const struct eac_state *state)
{
	const struct eac_pseudonymous_run *run = &state->pseudonymous_run;
	const struct eac_key *key = &run->key->what;
	struct pseudonymous pseudonymous = { .suite = run->suite,
		.key = run->key->pseudonym,
		.domain = key->parameter_id,
		.sectors = &state->session.sectors };

	for (size_t i = 0; i < PSEUDONYMS; i++)
		pseudonymous.granted[i] =
		    pseudonymous_grants(key->auth_info[run->suite.variant - PSEUDONYMOUS_PSA][i],
		        is_authorized(&state->session, run->suite.variant));
	return pseudonymous;
}

static void forget(struct eac_state *state)
{
	state->pseudonymous_run = (struct eac_pseudonymous_run){ .key = NULL };
}

/* Chip Authentication 3 */

static enum sw choose(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);

	if (!eac_came_rightly(card))
		return SW_SECURITY_STATUS;
	if (state->agreed.len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	return choose_key(state, template, 1u << VERSION_OF_PSA, &state->pseudonymous_run);
}

/* Only now the chip has shown that it is one: before, anybody could have agreed on keys. */
static enum sw step_of(struct card *card, const struct eac_step *step, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	const struct pseudonymous pseudonymous = begin(state);
	enum sw sw;

	if (!step->last)
		return SW_CHAINING_NOT_SUPPORTED;
	sw = pseudonymous_general(
	    &pseudonymous, step->data, bytes_of(state->agreed.data, state->agreed.len), out);
	if (sw != SW_OK)
		return sw;
	state->session.chip_authenticated = true;
	state->session.chip_key_use = EAC_KEY_PSEUDONYM;
	return SW_OK;
}

const struct eac_protocol eac_psa = {
	.id = AUTHENTICATION_PSA,
	.p1 = 0x41,
	.choose = choose,
	.step = step_of,
	.forget = forget,
};

/* Messages and credentials */

/* The files in the current DF, in the order in which they are signed. This card has no attributes of sectors. */
static enum sw find_files(
    struct card *card, struct bytes reference, struct eac_pseudonymous_run *run)
{
	struct authentication_files files;
	uint16_t fid;

	if (!authentication_files_parse(reference, &files))
		return SW_WRONG_DATA;
	if (files.attribute || files.fids.len > 2 * EAC_SIGNED_FILES_MAX)
		return SW_REFERENCE_NOT_FOUND;
	while (bytes_take_u16(&files.fids, &fid)) {
		struct file *file = fs_child(card_session(card)->df, fid);

		if (file == NULL || file_kind(file) != FILE_TRANSPARENT)
			return SW_REFERENCE_NOT_FOUND;
		run->files[run->n_files++] = file;
	}
	return SW_OK;
}

static enum sw choose_signature(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_pseudonymous_run *run = &state->pseudonymous_run;
	enum sw sw = choose_key(state, template, 0, run);

	if (sw != SW_OK)
		return sw;
	switch (run->suite.variant) {
	case PSEUDONYMOUS_PSM:
		return template->reference.len == 0 ? SW_OK : SW_WRONG_DATA;
	case PSEUDONYMOUS_PSC:
		return find_files(card, template->reference, run);
	case PSEUDONYMOUS_PSA:
		break;
	}
	return SW_WRONG_DATA;
}

enum sw eac_set_signature(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_session *session = &state->session;
	enum sw sw;

	if (!eac_came_rightly(card) || !session->chip_authenticated ||
	    session->rights.type != CHAT_AT)
		return SW_SECURITY_STATUS;
	sw = choose_signature(card, template);
	if (sw != SW_OK) {
		forget(state);
		return sw;
	}
	state->pending = EAC_PENDING_SIGNATURE;
	return SW_OK;
}

/* The whole contents of a file that the terminal may have signed. */
static enum sw read_credential(
    struct card *card, const struct apdu *apdu, const struct file *file, struct bytes *out)
{
	enum sw sw = card_check_access(card, apdu, file, ACCESS_SIGN);

	return sw == SW_OK ? transparent_read(file, 0, transparent_size(file), out) : sw;
}

static enum sw collect(struct card *card, const struct apdu *apdu, struct buffer *out)
{
	const struct eac_pseudonymous_run *run = &eac_state_of(card)->pseudonymous_run;
	struct bytes contents[EAC_SIGNED_FILES_MAX];
	size_t size = CREDENTIAL_COST;
	enum sw sw = SW_OK;
	struct writer w;

	for (size_t i = 0; sw == SW_OK && i < run->n_files; i++) {
		sw = read_credential(card, apdu, run->files[i], &contents[i]);
		if (sw == SW_OK)
			size += CREDENTIAL_COST + contents[i].len;
	}
	if (sw == SW_OK)
		sw = sw_of(buffer_resize(out, size));
	if (sw != SW_OK)
		return sw;
	writer_init(&w, out->data, out->len);
	pseudonymous_put_credentials(contents, run->n_files, &w);
	return writer_done(&w) ? sw_of(buffer_resize(out, w.len)) : SW_NO_DIAGNOSIS;
}

static enum sw sign_credentials(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct pseudonymous pseudonymous = begin(eac_state_of(card));
	struct buffer credentials;
	enum sw sw;

	buffer_init(&credentials, EAC_CREDENTIALS_MAX);
	sw = collect(card, apdu, &credentials);
	if (sw == SW_OK)
		sw = pseudonymous_credentials(
		    &pseudonymous, apdu->data, buffer_bytes(&credentials), out);
	buffer_done(&credentials);
	return sw;
}

static enum sw sign_message(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct eac_state *state = eac_state_of(card);
	const struct pseudonymous pseudonymous = begin(state);
	const struct pseudonymous_commitment commitment = {
		.auxiliary = buffer_bytes(&state->terminal.auxiliary),
		.digest = state->session.terminal_digest,
	};

	return pseudonymous_message(&pseudonymous, apdu->data, &commitment, out);
}

enum sw eac_compute_signature(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	enum sw sw = SW_CONDITIONS_NOT_SATISFIED;

	if ((apdu->p1 << 8 | apdu->p2) != COMPUTE_SIGNATURE)
		sw = SW_WRONG_P1P2;
	else if (state->pending == EAC_PENDING_SIGNATURE)
		sw = state->pseudonymous_run.suite.variant == PSEUDONYMOUS_PSC
		    ? sign_credentials(card, apdu, out)
		    : sign_message(card, apdu, out);
	eac_drop(state);
	return sw;
}
