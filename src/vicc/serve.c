/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card at the end of a connection to a reader. */
#include "vicc/serve.h"

#include "base/log.h"
#include "iso7816/describe.h"

/* One connection. */
struct connection {
	struct icc *icc;
	struct card *card;
	bool described; /* each APDU is logged */
	struct describe describe;
};

/* One line an APDU is for debug; its data, which describe() indents, for trace. */
static void log_described(void *context, const char *line)
{
	(void)context;
	log_line(line[0] == ' ' ? LOG_LEVEL_TRACE : LOG_LEVEL_DEBUG, "%s", line);
}

static int serve_command(struct connection *connection, struct bytes command)
{
	struct bytes response;

	if (connection->described)
		describe_log_command(&connection->describe, command);
	response = card_command(connection->card, command);
	if (connection->described)
		describe_log_response(&connection->describe, response);
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
	struct connection connection = { .icc = icc,
		.card = card,
		.described = log_wants(LOG_LEVEL_DEBUG),
		.describe = { .sink = log_described, .with_data = log_wants(LOG_LEVEL_TRACE) } };
	struct icc_message message;
	int r;

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
