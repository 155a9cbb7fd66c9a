/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET CHALLENGE (ISO/IEC 7816-4, 11.6.3). */
#include "cards/iso7816/iso7816.h"

#define CHALLENGE_SIZE 8 /* without Le */

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
