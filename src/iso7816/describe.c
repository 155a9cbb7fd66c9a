/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APDUs in words, for logs. */
#include "iso7816/describe.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "iso7816/ins.h"
#include "iso7816/sw.h"
#include "iso7816/tlv.h"

#define SW_TEXT_SIZE 80

/* Text that grows in the caller's memory and is cut where that ends. */
struct text {
	char *out;
	size_t size;
	size_t used;
};

static void add(struct text *t, const char *format, ...) PRINTF_LIKE(2, 3);

static void add(struct text *t, const char *format, ...)
{
	va_list arguments;
	int n;

	if (t->used >= t->size)
		return;
	va_start(arguments, format);
	n = vsnprintf(t->out + t->used, t->size - t->used, format, arguments);
	va_end(arguments);
	if (n > 0)
		t->used += (size_t)n;
}

static void add_class(struct text *t, uint8_t cla)
{
	static const char *const sm[] = { [APDU_SM_NONE] = "",
		[APDU_SM_PROPRIETARY] = ", proprietary secure messaging",
		[APDU_SM_HEADER_NOT_AUTHENTICATED] = ", secure messaging",
		[APDU_SM_HEADER_AUTHENTICATED] = ", secure messaging with header" };
	struct apdu_class class;

	if (cla == 0)
		return;
	add(t, " CLA=%02X", cla);
	if (!apdu_class_parse(cla, &class)) {
		add(t, ", invalid");
		return;
	}
	if (!class.interindustry) {
		add(t, ", proprietary");
		return;
	}
	if (class.channel != 0)
		add(t, ", channel %u", class.channel);
	add(t, "%s%s", class.chained ? ", chained" : "", sm[class.sm]);
}

/* The name, and the byte where the name does not tell it. */
static void add_instruction(struct text *t, uint8_t ins)
{
	const char *name = ins_name(ins);

	if (name != NULL)
		add(t, "%s ", name);
	if (name == NULL || (ins & 1) != 0)
		add(t, "INS=%02X ", ins);
}

static void add_command(struct text *t, const struct apdu *command)
{
	add_instruction(t, command->ins);
	add(t, "P1=%02X P2=%02X Nc=%zu Ne=%zu", command->p1, command->p2, command->data.len,
	    command->ne);
	if (command->extended)
		add(t, " extended");
	add_class(t, command->cla);
}

static void add_count(struct text *t, size_t n)
{
	if (n == 0)
		add(t, "no data");
	else
		add(t, "%zu byte%s", n, n == 1 ? "" : "s");
}

static void add_response(struct text *t, const struct apdu_response *response)
{
	char words[SW_TEXT_SIZE];

	add_count(t, response->data.len);
	add(t, ", %04X %s", response->sw, sw_text(response->sw, words, sizeof words));
}

const char *describe_command(const struct apdu *command, char *out, size_t size)
{
	struct text t = { .out = out, .size = size };

	add_command(&t, command);
	return out;
}

const char *describe_response(const struct apdu_response *response, char *out, size_t size)
{
	struct text t = { .out = out, .size = size };

	add_response(&t, response);
	return out;
}

/* The lines of one data field. */
struct lines {
	describe_sink *sink;
	void *context;
	size_t used;
};

/* False: there have been enough. */
static bool line(struct lines *lines, const char *text)
{
	if (lines->used >= DESCRIBE_LINES_MAX)
		return false;
	lines->used++;
	lines->sink(lines->context, lines->used < DESCRIBE_LINES_MAX ? text : "...");
	return true;
}

static void add_value(struct text *t, struct bytes value)
{
	char hex[HEX_SIZE(DESCRIBE_VALUE_MAX)];

	hex_encode(bytes_first(value, DESCRIBE_VALUE_MAX), hex);
	add(t, ": %s%s", hex, value.len > DESCRIBE_VALUE_MAX ? "..." : "");
}

/* in is valid, so at most TLV_DEPTH_MAX deep. */
static bool tree(struct lines *lines, struct bytes in, unsigned depth)
{
	struct tlv tlv;

	while (tlv_take(&in, &tlv)) {
		char memory[DESCRIBE_LINE_SIZE];
		struct text t = { .out = memory, .size = sizeof memory };

		add(&t, "%*s%02X, ", (int)(2 * depth), "", (unsigned)tlv.tag);
		add_count(&t, tlv.value.len);
		if (tlv.value.len > 0 && !tlv_is_constructed(tlv.tag))
			add_value(&t, tlv.value);
		if (!line(lines, memory))
			return false;
		if (tlv_is_constructed(tlv.tag) && !tree(lines, tlv.value, depth + 1))
			return false;
	}
	return true;
}

static void plain(struct lines *lines, struct bytes in)
{
	struct bytes part;
	char hex[HEX_SIZE(DESCRIBE_BYTES_A_LINE)];

	do {
		part = bytes_first(in, DESCRIBE_BYTES_A_LINE);
		in = bytes_after(in, DESCRIBE_BYTES_A_LINE);
		hex_encode(part, hex);
	} while (line(lines, hex) && in.len > 0);
}

void describe_data(struct bytes data, bool masked, describe_sink *sink, void *context)
{
	struct lines lines = { .sink = sink, .context = context };
	char memory[DESCRIBE_LINE_SIZE];

	if (data.len == 0)
		return;
	if (masked) {
		(void)snprintf(memory, sizeof memory, "%zu byte%s, not shown", data.len,
		    data.len == 1 ? "" : "s");
		(void)line(&lines, memory);
	} else if (tlv_is_valid(data)) {
		(void)tree(&lines, data, 0);
	} else {
		plain(&lines, data);
	}
}

/* Four blanks before each line of data. */
static void indent(void *context, const char *text)
{
	const struct describe *d = context;
	char memory[4 + DESCRIBE_LINE_SIZE];

	(void)snprintf(memory, sizeof memory, "    %s", text);
	d->sink(d->context, memory);
}

static void log_data(struct describe *d, struct bytes data)
{
	if (d->with_data)
		describe_data(data, d->secret, indent, d);
}

void describe_log_command(struct describe *d, struct bytes command)
{
	char memory[DESCRIBE_LINE_SIZE];
	struct text t = { .out = memory, .size = sizeof memory };
	uint8_t ins = command.len >= 2 ? command.data[1] : 0;
	struct apdu apdu = { 0 };

	if (ins != INS_GET_RESPONSE)
		d->secret = ins_is_secret(ins);
	add(&t, "> ");
	if (apdu_parse(command, &apdu)) {
		add_command(&t, &apdu);
	} else {
		add(&t, "malformed command of %zu byte%s", command.len,
		    command.len == 1 ? "" : "s");
		if (command.len >= 2)
			add(&t, ", %s",
			    ins_name(ins) != NULL ? ins_name(ins) : "unknown instruction");
		apdu.data = command;
	}
	d->sink(d->context, memory);
	log_data(d, apdu.data);
}

void describe_log_response(struct describe *d, struct bytes response)
{
	char memory[DESCRIBE_LINE_SIZE];
	struct text t = { .out = memory, .size = sizeof memory };
	struct apdu_response parsed = { 0 };

	add(&t, "< ");
	if (apdu_response_parse(response, &parsed)) {
		add_response(&t, &parsed);
	} else {
		add(&t, "malformed response of %zu byte%s", response.len,
		    response.len == 1 ? "" : "s");
		parsed.data = response;
	}
	d->sink(d->context, memory);
	log_data(d, parsed.data);
}
