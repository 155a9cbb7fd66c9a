/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restricted Identification (BSI TR-03110-2, 3.6; TR-03110-3, A.1.1.4 and B.4): after Terminal and Chip Authentication of
 * version 2, for authentication terminals. A key that is for authorised ones alone needs the right in the CHAT. Each sector can
 * have a command of its own. */
#include "auth/restricted_id.h"

#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/internal.h"

#define RIGHT_RESTRICTED_ID 2 /* of authentication terminals: TR-03110-4, table 4 */

/* Whether the terminal may be told who it has before it: asked when it wants to know, not when it chooses the key (B.14.2). */
static enum sw check_access(struct card *card, const struct eac_held_key *key)
{
	if (!key->what.authorized_only)
		return SW_OK;
	return eac_has_right(card, CHAT_AT, RIGHT_RESTRICTED_ID) ? SW_OK : SW_SECURITY_STATUS;
}

static enum sw choose(struct card *card, const struct authentication_template *template)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_session *session = &state->session;
	struct eac_restricted_id_run *run = &state->restricted_id_run;
	const struct eac_key_wanted wanted = {
		.use = EAC_KEY_SECTOR, .oid = template->protocol, .reference = template->private_key
	};

	if (eac_version(state) != 2 || !eac_came_rightly(card) || !session->chip_authenticated ||
	    session->rights.type != CHAT_AT)
		return SW_SECURITY_STATUS;
	if (!restricted_id_suite_parse(template->protocol, &run->suite))
		return SW_WRONG_DATA;
	return eac_find_key(state, &wanted, &run->key);
}

static void forget(struct eac_state *state)
{
	state->restricted_id_run = (struct eac_restricted_id_run){ .key = NULL };
}

static int put_private(const struct agreement *pair, struct writer *out)
{
	return pair->ec != NULL ? ec_put_private(pair->ec, out) : dh_put_private(pair->dh, out);
}

/* Public keys of sectors come with their domain parameters: a chain can have them in parts. */
static enum sw step_of(struct card *card, const struct eac_step *step, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	const struct eac_restricted_id_run *run = &state->restricted_id_run;
	struct restricted_id restricted_id = { .suite = run->suite,
		.sectors = &state->session.sectors,
		.random = card_random_source(card) };
	uint8_t private[DH_SIZE_MAX];
	struct writer w;
	enum sw sw;

	sw = check_access(card, run->key);
	if (sw != SW_OK)
		return sw;
	if (!eac_collect(state, step->data))
		return SW_WRONG_LENGTH;
	if (!step->last)
		return SW_OK;
	writer_init(&w, private, sizeof private);
	sw = sw_of(put_private(&run->key->pair, &w));
	restricted_id.private = writer_bytes(&w);
	if (sw == SW_OK)
		sw = restricted_id_general(&restricted_id, eac_collected(state), out);
	secret_wipe(private, sizeof private);
	return sw;
}

const struct eac_protocol eac_restricted_id = {
	.id = AUTHENTICATION_RESTRICTED_ID,
	.p1 = 0x41,
	.repeats = true,
	.choose = choose,
	.step = step_of,
	.forget = forget,
};
