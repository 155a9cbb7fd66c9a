/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command to a card, and what holds of every answer. */
#ifndef FUZZ_TRANSMIT_H
#define FUZZ_TRANSMIT_H

#include <string.h>

#include "card/card.h"
#include "check.h"

/* From a heap block of the command's size, so that each read past its end shows. */
static inline struct bytes transmit(
    struct card *card, struct bytes command, struct apdu_response *response)
{
	uint8_t *exact = malloc(command.len > 0 ? command.len : 1);
	struct bytes raw;

	CHECK(exact != NULL);
	if (command.len > 0)
		memcpy(exact, command.data, command.len);
	raw = card_command(card, bytes_of(exact, command.len));
	free(exact);
	CHECK(apdu_response_parse(raw, response));
	CHECK(response->sw >> 12 == 6 || response->sw >> 12 == 9);
	CHECK(response->sw !=
	    SW_NO_DIAGNOSIS); /* nothing that a terminal sends makes the card itself fail */
	return raw;
}

#endif
