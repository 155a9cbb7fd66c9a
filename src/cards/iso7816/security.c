/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VERIFY and GET CHALLENGE (ISO/IEC 7816-4, 11.6). */
#include "cards/iso7816/iso7816.h"

#define P2_RFU 0x60
#define PIN_NUMBER 1
#define CHALLENGE_SIZE 8 /* without Le */

/* The PIN that P2 refers to: number 1, or no number where there is only one. */
static enum sw find_pin(struct card *card, const struct apdu *apdu, struct pin **out)
{
	struct iso7816_state *state = card_state(card, &card_iso7816);

	if (apdu->p1 != 0 || (apdu->p2 & P2_RFU) != 0)
		return SW_WRONG_P1P2;
	if (apdu->p2 != 0 && apdu->p2 != PIN_NUMBER)
		return SW_REFERENCE_NOT_FOUND;
	*out = &state->pin;
	return SW_OK;
}

/* Without data VERIFY asks whether it is still necessary. A wrong try ends what a right one gave. */
enum sw security_verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct file *mf = fs_mf(card_files(card));
	struct session *session = card_session(card);
	struct pin *pin = NULL;
	enum sw sw = find_pin(card, apdu, &pin);

	if (sw != SW_OK)
		return sw;
	if (apdu->data.len == 0)
		return session_has(session, CREDENTIAL_PASSWORD, mf, PIN_NUMBER) ? SW_OK
		                                                                 : pin_status(pin);
	session_revoke(session, CREDENTIAL_PASSWORD, mf, PIN_NUMBER);
	sw = pin_verify(pin, apdu->data);
	if (sw == SW_OK)
		session_grant(session, CREDENTIAL_PASSWORD, mf, PIN_NUMBER);
	return sw;
}

/* As many bytes as Le asks for. */
enum sw security_get_challenge(struct card *card, const struct apdu *apdu, struct writer *out)
{
	size_t n = apdu->ne > 0 ? apdu->ne : CHALLENGE_SIZE;
	uint8_t *challenge;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	challenge = writer_reserve(out, n);
	if (challenge == NULL)
		return SW_NO_DIAGNOSIS;
	return sw_of(card_random(card, challenge, n));
}
