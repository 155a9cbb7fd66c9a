/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication (ICAO 9303-11, 6.2; BSI TR-03110-3, B.2): MSE:Set KAT alone, or MSE:Set AT and GENERAL
 * AUTHENTICATE. It makes the keys of a new session, in which all stays proved that was. */
#include "auth/chip_auth.h"

#include <string.h>

#include "base/err.h"
#include "cards/eac/internal.h"
#include "iso7816/tlv.h"

#define RIGHT_PRIVILEGED 3 /* of authentication terminals: TR-03110-4, table 4 */

bool eac_key_has_oid(const struct eac_held_key *key, struct bytes oid)
{
	for (size_t i = 0; i < EAC_SUITES_MAX; i++) {
		if (key->oids[i].len > 0 &&
		    bytes_equal(bytes_of(key->oids[i].data, key->oids[i].len), oid))
			return true;
	}
	return false;
}

/* MSE:Set KAT knows no object identifier: the key must be one for 3DES. */
static bool is_for_3des(const struct eac_held_key *key)
{
	struct suite suite;

	for (size_t i = 0; i < EAC_SUITES_MAX; i++) {
		if (suite_parse(
		        bytes_of(key->oids[i].data, key->oids[i].len), SUITE_CHIP_AUTH, &suite) &&
		    suite.kind == CIPHER_3DES)
			return true;
	}
	return false;
}

/* Whether a key can be meant, its object identifiers aside. */
static bool can_be_meant(const struct eac_held_key *key, const struct eac_key_wanted *wanted)
{
	uint32_t id;

	if (key->what.use != wanted->use ||
	    (wanted->versions != 0 && (key->what.versions & wanted->versions) == 0))
		return false;
	if (wanted->for_3des && !is_for_3des(key))
		return false;
	if (wanted->reference.len == 0)
		return wanted->oid.len == 0 || eac_key_has_oid(key, wanted->oid);
	return key->what.has_id && authentication_number(wanted->reference, &id) &&
	    key->what.id == id;
}

/* Whether of two that can be meant without being named the second one is the better guess: terminals that name no key mean
 * the general one, also where a privileged terminal could use another (B.2: the reference is for keys that are ambiguous). */
static bool is_rather_meant(const struct eac_held_key *first, const struct eac_held_key *second)
{
	return first->what.privileged_only && !second->what.privileged_only;
}

enum sw eac_find_key(
    struct eac_state *state, const struct eac_key_wanted *wanted, struct eac_held_key **out)
{
	struct eac_held_key *found = NULL;

	for (size_t i = 0; i < state->n_keys; i++) {
		struct eac_held_key *key = &state->keys[i];

		if (!can_be_meant(key, wanted))
			continue;
		if (found != NULL && is_rather_meant(key, found))
			continue;
		if (found != NULL && !is_rather_meant(found, key) && wanted->reference.len == 0)
			return SW_REFERENCE_NOT_FOUND; /* it must be named */
		found = key;
	}
	if (found == NULL)
		return wanted->reference.len > 0 ? SW_REFERENCE_NOT_FOUND : SW_WRONG_DATA;
	if (wanted->oid.len > 0 && !eac_key_has_oid(found, wanted->oid))
		return SW_WRONG_DATA;
	*out = found;
	return SW_OK;
}

/* Version 1 needs access, version 2 an authenticated terminal besides. */
static enum sw check_order(const struct eac_state *state)
{
	if (state->session.access == EAC_ACCESS_NONE)
		return SW_SECURITY_STATUS;
	return eac_version(state) == 2 && !state->session.terminal_authenticated
	    ? SW_SECURITY_STATUS
	    : SW_OK;
}

/* Version 3 has the domain parameters of a key for pseudonymous signatures, which must be named (B.2). */
static enum sw choose_key(struct eac_state *state, const struct authentication_template *template,
    struct eac_chip_auth_run *run)
{
	struct eac_key_wanted wanted = { .use = EAC_KEY_CHIP_AUTH,
		.oid = template->protocol,
		.reference = template->private_key,
		.versions = 1u << eac_version(state) };
	enum sw sw = eac_find_key(state, &wanted, &run->key);

	run->version = eac_version(state) == 2 ? CHIP_AUTH_2 : CHIP_AUTH_1;
	if (sw != SW_REFERENCE_NOT_FOUND || run->version == CHIP_AUTH_1 ||
	    wanted.reference.len == 0)
		return sw;
	run->version = CHIP_AUTH_3;
	wanted.use = EAC_KEY_PSEUDONYM;
	wanted.versions = 1u << 3;
	return eac_find_key(state, &wanted, &run->key);
}

/* A key that tells cards apart is for privileged terminals alone (TR-03110-3, A.1.2.2; TR-03110-2, 2.1.4). */
static bool may_use(struct card *card, const struct eac_held_key *key)
{
	const struct chat *rights = &eac_session(card)->rights;

	if (!key->what.privileged_only)
		return true;
	return eac_came_rightly(card) &&
	    (rights->type == CHAT_IS ||
	        (rights->type == CHAT_AT && chat_has(rights, RIGHT_PRIVILEGED)));
}

static enum sw choose(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_chip_auth_run *run = &state->chip_auth_run;
	enum sw sw = check_order(state);

	if (sw != SW_OK)
		return sw;
	if (!suite_parse(template->protocol, SUITE_CHIP_AUTH, &run->suite))
		return SW_WRONG_DATA;
	sw = choose_key(state, template, run);
	if (sw != SW_OK)
		return sw;
	return may_use(card, run->key) ? SW_OK : SW_SECURITY_STATUS;
}

static void forget(struct eac_state *state)
{
	state->chip_auth_run = (struct eac_chip_auth_run){ .key = NULL };
}

/* The rights of a terminal hold for the key that it has authenticated: with version 1 that comes later. */
static enum sw open_session(struct card *card, struct bytes public, const struct session_keys *keys)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_held_key *key = state->chip_auth_run.key;
	struct eac_compressed ephemeral;
	int r = eac_compress(&key->pair.domain, public, &ephemeral);
	enum sw sw = r == 0 ? eac_switch_keys(card, keys) : sw_of(r);

	if (sw != SW_OK)
		return sw;
	if (state->chip_auth_run.version == CHIP_AUTH_1) {
		state->session.terminal_authenticated = false;
		eac_terminal_forget(&state->terminal);
	}
	state->ephemeral = ephemeral;
	state->agreed.len = 0;
	state->session.chip_authenticated = state->chip_auth_run.version != CHIP_AUTH_3;
	state->session.chip_key_use = key->what.use;
	return SW_OK;
}

/* Version 3: what the chip has answered is signed in the second part, and only then it has been authenticated. */
static enum sw keep_agreed(struct eac_agreed *agreed, struct bytes answer)
{
	struct bytes inside;

	if (!tlv_take_tag(&answer, 0x7C, &inside) || inside.len > sizeof agreed->data)
		return SW_NO_DIAGNOSIS;
	memcpy(agreed->data, inside.data, inside.len);
	agreed->len = inside.len;
	return SW_OK;
}

static bool parse_public(struct bytes data, struct bytes *public)
{
	struct bytes inside;

	return tlv_take_tag(&data, 0x7C, &inside) && tlv_take_tag(&inside, 0x80, public);
}

/* A public key can be too long for one short command: then a chain has it in parts. */
static enum sw step_of(struct card *card, const struct eac_step *step, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_chip_auth_run *run = &state->chip_auth_run;
	struct chip_auth chip_auth = { .version = run->version,
		.suite = run->suite,
		.key = &run->key->pair,
		.random = card_random_source(card) };
	struct session_keys keys = { .kind = run->suite.kind };
	struct bytes data, public;
	enum sw sw;

	if (!eac_collect(state, step->data))
		return SW_WRONG_LENGTH;
	if (!step->last)
		return SW_OK;
	data = eac_collected(state);
	if (run->version != CHIP_AUTH_1)
		chip_auth.compressed = eac_compressed_bytes(&state->terminal.ephemeral);
	sw = chip_auth_general(&chip_auth, data, out, &keys);
	if (sw == SW_OK)
		sw =
		    parse_public(data, &public) ? open_session(card, public, &keys) : SW_WRONG_DATA;
	if (sw == SW_OK && run->version == CHIP_AUTH_3)
		sw = keep_agreed(&state->agreed, writer_bytes(out));
	session_keys_wipe(&keys);
	return sw;
}

enum sw eac_set_kat(struct card *card, struct bytes data)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_chip_auth_run *run = &state->chip_auth_run;
	struct eac_key_wanted wanted = {
		.use = EAC_KEY_CHIP_AUTH, .versions = 1u << 1, .for_3des = true
	};
	struct session_keys keys = { .kind = CIPHER_3DES };
	struct chip_auth chip_auth = { .version = CHIP_AUTH_1 };
	struct bytes public;
	enum sw sw = eac_version(state) == 1 ? check_order(state) : SW_SECURITY_STATUS;

	if (sw != SW_OK)
		return sw;
	if (!chip_auth_parse_kat(data, &public, &wanted.reference))
		return SW_WRONG_DATA;
	sw = eac_find_key(state, &wanted, &run->key);
	if (sw == SW_OK) {
		run->version = CHIP_AUTH_1;
		chip_auth.key = &run->key->pair;
		sw = chip_auth_set_kat(&chip_auth, data, &keys);
	}
	if (sw == SW_OK)
		sw = open_session(card, public, &keys);
	session_keys_wipe(&keys);
	forget(state);
	return sw;
}

const struct eac_protocol eac_chip_auth = {
	.id = AUTHENTICATION_CHIP,
	.p1 = 0x41,
	.choose = choose,
	.step = step_of,
	.forget = forget,
};
