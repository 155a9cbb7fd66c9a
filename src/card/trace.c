/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's conversation in the log. */
#include "card/trace.h"

#include <stdio.h>

#include "base/log.h"

static void put_line(const struct card_trace *trace, enum log_level level, const char *line)
{
	log_line(level, "%s%s%s", trace->name, trace->name[0] != '\0' ? ": " : "", line);
}

/* One line an APDU is for debug; its data, which describe() indents, for trace. */
static void put_described(void *context, const char *line)
{
	put_line(context, line[0] == ' ' ? LOG_LEVEL_TRACE : LOG_LEVEL_DEBUG, line);
}

void card_trace_init(struct card_trace *trace, const char *name)
{
	*trace = (struct card_trace){
		.on = log_wants(LOG_LEVEL_DEBUG),
		.describe = { .sink = put_described,
		    .context = trace,
		    .with_data = log_wants(LOG_LEVEL_TRACE) },
	};
	if (name != NULL)
		(void)snprintf(trace->name, sizeof trace->name, "%s", name);
}

void card_trace_command(struct card_trace *trace, struct bytes command)
{
	if (trace->on)
		describe_log_command(&trace->describe, command);
}

void card_trace_response(struct card_trace *trace, struct bytes response)
{
	if (trace->on)
		describe_log_response(&trace->describe, response);
}

void card_trace_event(const struct card_trace *trace, const char *what)
{
	if (trace->on)
		put_line(trace, LOG_LEVEL_DEBUG, what);
}
