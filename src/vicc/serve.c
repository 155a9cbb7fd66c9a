/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card at the end of a connection to a reader. */
#include "vicc/serve.h"

#include "base/log.h"
#include "card/trace.h"

/* One connection. */
struct connection {
	struct icc *icc;
	struct card *card;
	struct card_trace trace;
};

static int serve_command(struct connection *connection, struct bytes command)
{
	struct bytes response;

	card_trace_command(&connection->trace, command);
	response = card_command(connection->card, command);
	card_trace_response(&connection->trace, response);
	return icc_answer(connection->icc, response);
}

static int serve_message(struct connection *connection, const struct icc_message *message)
{
	switch (message->kind) {
	case ICC_POWER_OFF:
		log_info("Power Down");
		card_power_off(connection->card);
		return 0;
	case ICC_POWER_ON:
		log_info("Power Up");
		card_power_on(connection->card);
		return 0;
	case ICC_RESET:
		log_info("Reset");
		card_reset(connection->card);
		return 0;
	case ICC_GET_ATR:
		/* Readers ask for it several times a second to see whether the card is still there. */
		log_trace("ATR asked for");
		return icc_answer(connection->icc, card_atr(connection->card));
	case ICC_COMMAND:
		return serve_command(connection, message->command);
	}
	return 0;
}

int serve(struct icc *icc, struct card *card, uint64_t *n_messages)
{
	struct connection connection = { .icc = icc, .card = card };
	struct icc_message message;
	int r;

	card_trace_init(&connection.trace, NULL);
	for (*n_messages = 0;; (*n_messages)++) {
		r = icc_next(icc, &message);
		if (r == 0)
			r = serve_message(&connection, &message);
		if (r < 0)
			break;
	}
	card_power_off(card);
	return r;
}
