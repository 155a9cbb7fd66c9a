/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What create() of a card type says of its card. */
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/internal.h"

void eac_offer_bac(struct card *card)
{
	eac_state_of(card)->bac = true;
	card_changed(card);
}

int eac_add_pace(struct card *card, struct bytes oid, uint8_t parameter_id)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_pace_info info = { .parameter_id = parameter_id };
	int r;

	if (!suite_parse(oid, SUITE_PACE, &info.suite))
		return ERR_UNSUPPORTED;
	r = domain_standardized(parameter_id, &info.domain);
	if (r < 0)
		return r == ERR_NOT_FOUND ? ERR_UNSUPPORTED : r;
	if (!pace_is_supported(&info.suite, &info.domain))
		return ERR_UNSUPPORTED;
	for (size_t i = 0; i < state->n_pace_infos; i++) {
		const struct eac_pace_info *other = &state->pace_infos[i];

		if (other->parameter_id == parameter_id &&
		    bytes_equal(BYTES_OF_ARRAY(other->suite.oid), oid))
			return ERR_EXISTS;
	}
	if (state->n_pace_infos == EAC_PACE_MAX)
		return ERR_LIMIT;
	state->pace_infos[state->n_pace_infos++] = info;
	card_changed(card);
	return 0;
}

int eac_set_password(
    struct card *card, enum pace_password kind, const struct eac_password *password)
{
	if (password->len > sizeof password->value)
		return ERR_LIMIT;
	eac_state_of(card)->passwords[kind] = *password;
	card_changed(card);
	return 0;
}

struct eac_password *eac_password(struct card *card, enum pace_password kind)
{
	struct eac_password *password = &eac_state_of(card)->passwords[kind];

	return password->len > 0 ? password : NULL;
}

static int copy_oids(const struct eac_key *key, struct eac_held_key *out)
{
	for (size_t i = 0; i < EAC_SUITES_MAX; i++) {
		struct bytes oid = key->oids[i];

		if (oid.len > sizeof out->oids[i].data)
			return ERR_LIMIT;
		if (oid.len > 0)
			memcpy(out->oids[i].data, oid.data, oid.len);
		out->oids[i].len = oid.len;
	}
	return 0;
}

static bool is_same_key(const struct eac_key *a, const struct eac_key *b)
{
	return a->use == b->use && a->has_id && b->has_id && a->id == b->id;
}

/* Numbers of other domain parameters than the key's are refused here. */
static int make_pseudonym(struct card *card, const struct eac_key *key, struct eac_held_key *out)
{
	const struct bytes private[PSEUDONYMS] = { key->private, key->second };
	int r;

	if (out->pair.domain.ec == NULL)
		return ERR_UNSUPPORTED;
	if (key->second.len > sizeof out->second || key->manager.len > sizeof out->manager)
		return ERR_FORMAT;
	r = pseudonym_import(
	    out->pair.domain.ec, card_random_source(card), key->manager, private, &out->pseudonym);
	if (r < 0)
		return r;
	memcpy(out->second, key->second.data, key->second.len);
	memcpy(out->manager, key->manager.data, key->manager.len);
	out->second_len = key->second.len;
	out->manager_len = key->manager.len;
	return 0;
}

void eac_key_done(struct eac_held_key *key)
{
	agreement_done(&key->pair);
	pseudonym_free(key->pseudonym);
	secret_wipe(key, sizeof *key);
}

static int make_key(struct card *card, const struct eac_key *key, struct eac_held_key *out)
{
	struct domain domain;
	int r = copy_oids(key, out);

	if (key->use == EAC_KEY_PSEUDONYM && (key->private.len == 0 || key->second.len == 0))
		return ERR_FORMAT; /* only the group's manager can make them */
	if (r == 0)
		r = domain_standardized(key->parameter_id, &domain);
	if (r == 0)
		r = agreement_init(&domain, card_random_source(card), key->private, &out->pair);
	if (r == 0 && key->use == EAC_KEY_PSEUDONYM)
		r = make_pseudonym(card, key, out);
	return r == ERR_NOT_FOUND ? ERR_UNSUPPORTED : r;
}

int eac_add_key(struct card *card, const struct eac_key *key)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_held_key *held = &state->keys[state->n_keys];
	int r;

	if (state->n_keys == EAC_KEYS_MAX)
		return ERR_LIMIT;
	for (size_t i = 0; i < state->n_keys; i++) {
		if (is_same_key(&state->keys[i].what, key))
			return ERR_EXISTS;
	}
	*held = (struct eac_held_key){ .what = *key };
	held->what.private = held->what.second = held->what.manager = (struct bytes){ NULL, 0 };
	memset(held->what.oids, 0, sizeof held->what.oids);
	r = make_key(card, key, held);
	if (r < 0) {
		eac_key_done(held);
		return r;
	}
	state->n_keys++;
	card_changed(card);
	return 0;
}

bool eac_put_public_key(
    const struct card *card, enum eac_key_use use, unsigned index, struct writer *out)
{
	const struct eac_state *state = eac_state_of(card);

	for (size_t i = 0; i < state->n_keys; i++) {
		const struct eac_held_key *key = &state->keys[i];

		if (key->what.use != use)
			continue;
		if (index-- == 0)
			return agreement_put_public(&key->pair, out) == 0;
	}
	return false;
}

void eac_offer_terminal_auth(struct card *card, unsigned versions)
{
	eac_state_of(card)->terminal_auth_versions = versions;
	card_changed(card);
}

bool eac_offers_terminal_auth(const struct card *card)
{
	return eac_state_of(card)->terminal_auth_versions != 0;
}

void eac_ignore_dates(struct card *card)
{
	eac_state_of(card)->ignore_dates = true;
	card_changed(card);
}

int eac_set_ef_cvca(struct card *card, struct file *file)
{
	struct eac_state *state = eac_state_of(card);

	state->ef_cvca = file;
	card_changed(card);
	return eac_write_ef_cvca(state);
}

int eac_set_document_number(struct card *card, struct bytes number)
{
	int r = buffer_set(&eac_state_of(card)->document_number, number);

	if (r == 0)
		card_changed(card);
	return r;
}
