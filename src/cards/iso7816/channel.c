/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MANAGE CHANNEL (ISO/IEC 7816-4, 11.1.2). The standard gives its refusals no status words of their own;
 * these are the ones that multi-application cards have agreed on. */
#include "cards/iso7816/iso7816.h"

#define P1_OPEN 0x00
#define P1_CLOSE 0x80

enum sw channel_decode(const struct apdu *apdu, struct channel_request *out)
{
	if (apdu->p1 != P1_OPEN && apdu->p1 != P1_CLOSE)
		return SW_WRONG_P1P2;
	if (apdu->p2 >= CARD_CHANNELS)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	out->close = apdu->p1 == P1_CLOSE;
	out->number = apdu->p2;
	return SW_OK;
}

/* P2 = 00: the card takes the first channel that is free, and says which. */
static enum sw open_any(struct card *card, struct writer *out)
{
	for (uint8_t i = 1; i < CARD_CHANNELS; i++) {
		if (card_channel_is_open(card, i))
			continue;
		card_channel_open(card, i);
		writer_put_u8(out, i);
		return SW_OK;
	}
	return SW_FUNCTION_NOT_SUPPORTED;
}

static enum sw open_this(struct card *card, uint8_t number)
{
	if (card_channel_is_open(card, number))
		return SW_WRONG_P1P2;
	card_channel_open(card, number);
	return SW_OK;
}

/* P2 = 00: the channel that the command came on. The basic channel stays open. */
static enum sw close_channel(struct card *card, uint8_t number)
{
	if (number == 0)
		number = card_channel(card);
	if (number == 0)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (!card_channel_is_open(card, number))
		return SW_WARNING_UNCHANGED;
	card_channel_close(card, number);
	return SW_OK;
}

enum sw channel_manage(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct channel_request request;
	enum sw sw = channel_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.close)
		return close_channel(card, request.number);
	return request.number == 0 ? open_any(card, out) : open_this(card, request.number);
}
