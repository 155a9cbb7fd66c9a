/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APDUs in words: the first byte says how long the command is, the rest is the answer. Lines are few,
 * bounded and printable; the log of a secret command does not depend on its data. */
#include <string.h>

#include "check.h"
#include "fuzz.h"
#include "iso7816/describe.h"
#include "iso7816/ins.h"

#define LINE_ROOM (DESCRIBE_LINE_SIZE + 4)

struct heard {
	char text[(2 + 2 * DESCRIBE_LINES_MAX) * LINE_ROOM];
	size_t used;
	size_t lines;
};

static void hear(void *context, const char *line)
{
	struct heard *heard = context;
	size_t len = strlen(line);

	CHECK(len < LINE_ROOM);
	for (size_t i = 0; i < len; i++)
		CHECK(line[i] >= 0x20 && line[i] < 0x7F);
	CHECK(++heard->lines <= 2 + 2 * DESCRIBE_LINES_MAX);
	memcpy(heard->text + heard->used, line, len);
	heard->used += len;
}

static void listen(struct bytes command, struct bytes response, struct heard *heard)
{
	struct describe d = { .sink = hear, .context = heard, .with_data = true };

	heard->used = 0;
	heard->lines = 0;
	describe_log_command(&d, command);
	describe_log_response(&d, response);
	CHECK(heard->lines >= 2);
}

/* The same with every byte of both data fields inverted. */
static void invert(uint8_t *memory, struct bytes whole, struct bytes field)
{
	for (size_t i = 0; i < field.len; i++)
		memory[(size_t)(field.data - whole.data) + i] ^= 0xFF;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct heard heard;
	static struct heard inverted;
	static uint8_t memory[2][4096];
	struct bytes command = bytes_first(bytes_of(data, len), len > 0 ? data[0] + (size_t)1 : 0);
	struct bytes response = bytes_after(bytes_of(data, len), command.len);
	struct apdu_response parsed;
	struct apdu apdu;

	command = bytes_after(command, 1);
	listen(command, response, &heard);
	if (len > sizeof memory[0] || !apdu_parse(command, &apdu) || !ins_is_secret(apdu.ins) ||
	    !apdu_response_parse(response, &parsed))
		return 0;
	memcpy(memory[0], command.data, command.len);
	memcpy(memory[1], response.data, response.len);
	invert(memory[0], command, apdu.data);
	invert(memory[1], response, parsed.data);
	listen(bytes_of(memory[0], command.len), bytes_of(memory[1], response.len), &inverted);
	CHECK(heard.used == inverted.used && memcmp(heard.text, inverted.text, heard.used) == 0);
	return 0;
}
