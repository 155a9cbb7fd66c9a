/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command and response APDUs: what parses, encodes to the same bytes. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/apdu.h"

static uint8_t memory[APDU_COMMAND_MAX];

static void command(struct bytes in)
{
	struct apdu apdu;
	struct writer w;

	if (!apdu_parse(in, &apdu))
		return;
	CHECK(in.len >= APDU_HEADER_SIZE && in.len <= APDU_COMMAND_MAX);
	CHECK(apdu.data.len <= APDU_DATA_MAX && apdu.ne <= APDU_NE_MAX);
	CHECK(check_inside(in, apdu.data));
	writer_init(&w, memory, sizeof memory);
	CHECK(apdu_encode(&apdu, &w) && writer_done(&w));
	CHECK(bytes_equal(writer_bytes(&w), in));
}

static void response(struct bytes in)
{
	struct apdu_response parsed;
	struct writer w;

	if (!apdu_response_parse(in, &parsed) || in.len > sizeof memory)
		return;
	CHECK(check_inside(in, parsed.data) && parsed.data.len == in.len - 2);
	writer_init(&w, memory, sizeof memory);
	CHECK(apdu_response_encode(&parsed, &w) && writer_done(&w));
	CHECK(bytes_equal(writer_bytes(&w), in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	struct apdu_class class;

	command(in);
	response(in);
	if (len > 0 && apdu_class_parse(data[0], &class))
		CHECK(class.channel <= 19 && (class.interindustry || class.channel == 0));
	return 0;
}
