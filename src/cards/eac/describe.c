/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The protocols, keys and passwords of a card described for people, without the secrets. */
#include "base/compiler.h"
#include "cards/eac/internal.h"
#include "pki/security_info.h"

static const char *const passwords[EAC_PASSWORDS] = { NULL, "MRZ", "CAN", "PIN", "PUK" };
static const char *const uses[] = { "chip authentication", "restricted identification",
	"pseudonymous signatures" };

static void put_pace(const struct eac_state *state, FILE *to)
{
	if (state->bac)
		(void)fprintf(to, "BAC\n");
	for (size_t i = 0; i < state->n_pace_infos; i++) {
		const struct eac_pace_info *info = &state->pace_infos[i];
		char name[SECURITY_INFO_NAME_SIZE];

		(void)fprintf(to, "PACE %s, domain parameters %u\n",
		    security_info_protocol_name(BYTES_OF_ARRAY(info->suite.oid), name),
		    info->parameter_id);
	}
}

static void put_password(const struct eac_password *password, const char *name, FILE *to)
{
	(void)fprintf(to, "%s: %zu characters", name, password->len);
	if (password->tries_max > 0)
		(void)fprintf(to, ", %u of %u tries left", password->tries, password->tries_max);
	if (password->uses_max > 0)
		(void)fprintf(to, ", %u of %u uses left", password->uses, password->uses_max);
	(void)fprintf(to, "%s%s\n", password->transport ? ", to be replaced" : "",
	    password->deactivated ? ", deactivated" : "");
}

static void put_versions(unsigned versions, FILE *to)
{
	const char *before = " ";

	for (unsigned i = 1; i <= 3; i++) {
		if ((versions & 1u << i) == 0)
			continue;
		(void)fprintf(to, "%s%u", before, i);
		before = ", ";
	}
}

static void put_key(const struct eac_held_key *key, FILE *to)
{
	(void)fprintf(to, "key");
	if (key->what.has_id)
		(void)fprintf(to, " %u", key->what.id);
	if (key->what.id > 9) /* as the standards write it */
		(void)fprintf(to, " (hexadecimal %02X)", key->what.id);
	(void)fprintf(to, " for %s", uses[key->what.use]);
	put_versions(key->what.versions, to);
	(void)fprintf(to, ", domain parameters %u%s%s\n", key->what.parameter_id,
	    key->what.authorized_only ? ", for terminals with that right" : "",
	    key->what.privileged_only ? ", for privileged terminals" : "");
}

static void put_trust_points(const struct eac_state *state, FILE *to)
{
	if (state->terminal_auth_versions == 0)
		return;
	(void)fprintf(to, "terminal authentication");
	put_versions(state->terminal_auth_versions, to);
	(void)fprintf(to, "%s\n", state->ignore_dates ? ", on any day" : "");
	for (int type = 0; type < CHAT_TYPES; type++) {
		const struct trust_points *trust = &state->trust[type];

		for (size_t i = 0; i < trust->n; i++) {
			struct bytes name = trust_points_name(trust, i);

			(void)fprintf(
			    to, "trust point for %s: ", chat_type_name((enum chat_type)type));
			/* of ISO/IEC 8859-1: what is not ASCII might be anything to a terminal */
			for (size_t j = 0; j < name.len; j++) {
				bool plain = name.data[j] >= 0x20 && name.data[j] < 0x7F;

				(void)fputc(plain ? name.data[j] : '?', to);
			}
			(void)fputc('\n', to);
		}
	}
}

void eac_describe(const struct card *card, const void *part, FILE *to)
{
	const struct eac_state *state = part;
	const struct eac_active_auth *active = &state->active_auth;

	put_pace(state, to);
	for (size_t i = PACE_MRZ; i < EAC_PASSWORDS; i++) {
		if (state->passwords[i].len > 0)
			put_password(&state->passwords[i], passwords[i], to);
	}
	for (size_t i = 0; i < state->n_keys; i++)
		put_key(&state->keys[i], to);
	if (active->rsa != NULL)
		(void)fprintf(
		    to, "active authentication with RSA, %u bits\n", rsa_bits(active->rsa));
	if (active->ec != NULL)
		(void)fprintf(to, "active authentication with ECDSA, %zu bits\n",
		    8 * ec_field_size(ec_group_of(active->ec)));
	put_trust_points(state, to);
}
