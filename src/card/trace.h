/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's conversation in the log: at debug a line an APDU, at trace the data as well. What may hold a
 * PIN, password or key is not shown (iso7816/describe.h). */
#ifndef CARD_TRACE_H
#define CARD_TRACE_H

#include "iso7816/describe.h"

#define CARD_TRACE_NAME_SIZE 64

/* Of one card. Stays where it was initialised. */
struct card_trace {
	bool on; /* the log wants it */
	char name[CARD_TRACE_NAME_SIZE];
	struct describe describe;
};

/* name, cut if it is long, is set before each line, to tell several cards apart; NULL: nothing is. */
void card_trace_init(struct card_trace *trace, const char *name);

void card_trace_command(struct card_trace *trace, struct bytes command);
void card_trace_response(struct card_trace *trace, struct bytes response);

/* Something else that was done to the card, at debug. */
void card_trace_event(const struct card_trace *trace, const char *what);

#endif
