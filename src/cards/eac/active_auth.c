/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INTERNAL AUTHENTICATE: Active Authentication (ICAO 9303-11, 6.1), for a terminal that has access. */
#include "auth/active_auth.h"

#include "base/err.h"
#include "cards/eac/internal.h"

int eac_set_active_auth(
    struct card *card, struct bytes private_key, const struct active_auth_scheme *scheme)
{
	struct eac_active_auth *held = &eac_state_of(card)->active_auth;
	struct random *random = card_random_source(card);
	struct eac_active_auth own = { .scheme = *scheme };
	int r = rsa_read(random, private_key, &own.rsa);

	if (r == ERR_FORMAT)
		r = ec_read(random, private_key, &own.ec);
	if (r == 0 && (own.rsa != NULL ? !rsa_is_private(own.rsa) : !ec_is_private(own.ec)))
		r = ERR_FORMAT;
	if (r == 0 && own.rsa != NULL && active_auth_m1_size(scheme, rsa_size(own.rsa)) == 0)
		r = ERR_UNSUPPORTED;
	if (r < 0) {
		rsa_free(own.rsa);
		ec_free(own.ec);
		return r;
	}
	rsa_free(held->rsa);
	ec_free(held->ec);
	*held = own;
	card_changed(card);
	return 0;
}

/* A chip that asks for neither BAC nor PACE is open to everybody. */
static bool has_access(const struct eac_state *state)
{
	return state->session.access != EAC_ACCESS_NONE ||
	    (!state->bac && state->n_pace_infos == 0);
}

enum sw eac_internal_authenticate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct eac_state *state = eac_state_of(card);
	struct eac_active_auth *held = &state->active_auth;

	if (held->rsa == NULL && held->ec == NULL)
		return SW_INS_NOT_SUPPORTED;
	if (!has_access(state))
		return SW_SECURITY_STATUS;
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len != ACTIVE_AUTH_CHALLENGE_SIZE)
		return SW_WRONG_LENGTH;
	if (held->rsa != NULL)
		return active_auth_rsa(
		    held->rsa, &held->scheme, card_random_source(card), apdu->data, out);
	return active_auth_ec(held->ec, held->scheme.digest, apdu->data, out);
}
