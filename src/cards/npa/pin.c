/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Management of the PIN and the CAN: RESET RETRY COUNTER, ACTIVATE and DEACTIVATE (BSI TR-03110-2, 2.4; TR-03110-3, B.7 and
 * B.14.11 to B.14.13; TR-03127, 3.3 and table 4). What names a password of DF eSign goes there. */
#include <string.h>

#include "base/secret.h"
#include "cards/eac/password.h"
#include "cards/npa/internal.h"

#define P1_NEW_VALUE 0x02 /* RESET RETRY COUNTER */
#define P1_NO_DATA 0x03
#define P1_PASSWORD 0x10 /* ACTIVATE, DEACTIVATE, TERMINATE */

bool npa_is_holders(struct card *card, enum pace_password kind)
{
	const struct eac_session *session = eac_session(card);

	return session->access == EAC_ACCESS_PACE && session->password == kind &&
	    !session->terminal_authenticated;
}

bool npa_is_digits(struct bytes value, size_t n)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] < '0' || value.data[i] > '9')
			return false;
	return value.len == n;
}

/* A new PIN or CAN, of six figures, which has all its tries. */
static enum sw change(struct card *card, enum pace_password kind, struct bytes value)
{
	struct eac_password *password = eac_password(card, kind);

	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (!npa_is_digits(value, NPA_PIN_SIZE))
		return SW_WRONG_DATA;
	secret_wipe(password->value, sizeof password->value);
	memcpy(password->value, value.data, value.len);
	password->len = value.len;
	password->tries = password->tries_max;
	password->transport = false;
	card_changed(card);
	return SW_OK;
}

/* Whoever has opened the session with the PIN; a transport PIN is good for nothing but to be replaced. */
static bool is_for_holder(struct card *card, enum pace_password kind)
{
	const struct eac_password *pin = eac_password(card, PACE_PIN);

	return npa_is_holders(card, PACE_PIN) && pin != NULL &&
	    (kind == PACE_PIN || !pin->transport);
}

/* By the holder, or by an authentication terminal with the right, which needs no PIN. */
static enum sw change_by_right(struct card *card, enum pace_password kind, struct bytes value)
{
	if (!is_for_holder(card, kind) && !npa_has_right(card, NPA_AT_PIN_MANAGEMENT))
		return SW_SECURITY_STATUS;
	return change(card, kind, value);
}

/* Gives the PIN its tries again: the PUK does so ten times, the terminal with the right as often as it likes. */
static enum sw unblock_pin(struct card *card)
{
	if (npa_is_holders(card, PACE_PUK))
		return eac_password_unblock(card, PACE_PIN, true);
	if (npa_has_right(card, NPA_AT_PIN_MANAGEMENT))
		return eac_password_unblock(card, PACE_PIN, false);
	return SW_SECURITY_STATUS;
}

enum sw npa_reset_retry_counter(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != P1_NEW_VALUE && apdu->p1 != P1_NO_DATA)
		return SW_WRONG_P1P2;
	if (apdu->p1 == P1_NO_DATA && apdu->data.len > 0)
		return SW_NC_P1P2;
	if (apdu->p1 == P1_NO_DATA && apdu->p2 == NPA_ESIGN_PIN && npa_is_in_esign(card))
		return npa_esign_unblock(card);
	if (apdu->p1 == P1_NO_DATA && apdu->p2 == PACE_PIN)
		return unblock_pin(card);
	if (apdu->p1 == P1_NEW_VALUE && (apdu->p2 == PACE_PIN || apdu->p2 == PACE_CAN))
		return change_by_right(card, (enum pace_password)apdu->p2, apdu->data);
	return SW_REFERENCE_NOT_FOUND;
}

/* A deactivated PIN opens no session: what the standard calls deactivating the eID function (TR-03127, 4.4.3.2). */
static enum sw set_deactivated(struct card *card, const struct apdu *apdu, bool deactivated)
{
	struct eac_password *pin = eac_password(card, PACE_PIN);

	if (apdu->p1 != P1_PASSWORD)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	if (apdu->p2 != PACE_PIN || pin == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (!npa_has_right(card, NPA_AT_PIN_MANAGEMENT))
		return SW_SECURITY_STATUS;
	pin->deactivated = deactivated;
	card_changed(card);
	return SW_OK;
}

enum sw npa_activate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_deactivated(card, apdu, false);
}

enum sw npa_deactivate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_deactivated(card, apdu, true);
}
