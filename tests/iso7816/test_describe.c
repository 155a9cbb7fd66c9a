/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APDUs in words, and what must not be among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "exact.h"
#include "iso7816/describe.h"
#include "iso7816/ins.h"

/* Collects lines, each with a line end. */
struct collected {
	char text[64 * 1024];
	size_t used;
	size_t lines;
	size_t longest;
};

static void collect(void *context, const char *line)
{
	struct collected *c = context;
	size_t len = strlen(line);

	assert_true(len + 2 < sizeof c->text - c->used);
	c->used += (size_t)snprintf(c->text + c->used, sizeof c->text - c->used, "%s\n", line);
	c->lines++;
	if (len > c->longest)
		c->longest = len;
}

static struct collected collected;

static struct collected *fresh(void)
{
	collected = (struct collected){ 0 };
	return &collected;
}

static const struct {
	const char *command, *text;
} commands[] = {
	{ "00 B0 00 00 00", "READ BINARY P1=00 P2=00 Nc=0 Ne=256" },
	{ "00 B1 00 00 04 54 02 00 00 00", "READ BINARY INS=B1 P1=00 P2=00 Nc=4 Ne=256" },
	{ "00 A4 00 0C 02 3F 00", "SELECT P1=00 P2=0C Nc=2 Ne=0" },
	{ "00 F2 12 34", "INS=F2 P1=12 P2=34 Nc=0 Ne=0" },
	{ "00 B0 00 00 00 00 00", "READ BINARY P1=00 P2=00 Nc=0 Ne=65536 extended" },
	{ "01 B0 00 00 01", "READ BINARY P1=00 P2=00 Nc=0 Ne=1 CLA=01, channel 1" },
	{ "10 DA 00 00 01 AA", "PUT DATA P1=00 P2=00 Nc=1 Ne=0 CLA=10, chained" },
	{ "0C B0 00 00 01",
	    "READ BINARY P1=00 P2=00 Nc=0 Ne=1 CLA=0C, secure messaging with header" },
	{ "08 B0 00 00 01", "READ BINARY P1=00 P2=00 Nc=0 Ne=1 CLA=08, secure messaging" },
	{ "04 B0 00 00 01",
	    "READ BINARY P1=00 P2=00 Nc=0 Ne=1 CLA=04, proprietary secure messaging" },
	{ "7F B0 00 00 01",
	    "READ BINARY P1=00 P2=00 Nc=0 Ne=1 CLA=7F, channel 19, chained, secure messaging" },
	{ "80 CA 9F 7F 00", "GET DATA P1=9F P2=7F Nc=0 Ne=256 CLA=80, proprietary" },
	{ "FF CA 00 00 00", "GET DATA P1=00 P2=00 Nc=0 Ne=256 CLA=FF, invalid" },
};

static void commands_in_words(void **state)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		struct exact in = exact_of_hex(commands[i].command);
		char text[DESCRIBE_LINE_SIZE];
		struct apdu apdu;

		assert_true(apdu_parse(in.bytes, &apdu));
		assert_ptr_equal(describe_command(&apdu, text, sizeof text), text);
		assert_string_equal(text, commands[i].text);
		for (size_t size = 1; size < sizeof text; size++) {
			char *small = malloc(size);

			assert_non_null(small);
			(void)describe_command(&apdu, small, size);
			assert_true(strlen(small) < size);
			assert_memory_equal(small, text, strlen(small));
			free(small);
		}
		(void)describe_command(&apdu, NULL, 0);
		exact_free(&in);
	}
}

static const struct {
	const char *response, *text;
} responses[] = {
	{ "90 00", "no data, 9000 success" },
	{ "AA 90 00", "1 byte, 9000 success" },
	{ "AA BB 62 82", "2 bytes, 6282 end of file or record reached early" },
	{ "63 C2", "no data, 63C2 2 tries left" },
};

static void responses_in_words(void **state)
{
	for (size_t i = 0; i < COUNT(responses); i++) {
		struct exact in = exact_of_hex(responses[i].response);
		char text[DESCRIBE_LINE_SIZE];
		struct apdu_response response;

		assert_true(apdu_response_parse(in.bytes, &response));
		assert_string_equal(
		    describe_response(&response, text, sizeof text), responses[i].text);
		exact_free(&in);
	}
}

static const struct {
	const char *name, *data, *text;
	bool masked;
} data[] = {
	{ "nothing", "", "", false },
	{ "nothing, masked", "", "", true },
	{ "malformed inside", "6F 07 84 02 A0 00 A5 01 00", "6F078402A000A50100\n", false },
	{ "TLV", "6F 09 84 02 A0 00 A5 03 5F 2D 00",
	    "6F, 9 bytes\n  84, 2 bytes: A000\n  A5, 3 bytes\n    5F2D, no data\n", false },
	{ "sibling of a template", "30 02 80 00 81 01 0A",
	    "30, 2 bytes\n  80, no data\n81, 1 byte: 0A\n", false },
	{ "bytes", "00 01 02", "000102\n", false },
	{ "masked TLV shows no tag", "84 02 A0 00", "4 bytes, not shown\n", true },
	{ "masked byte", "84", "1 byte, not shown\n", true },
	{ "33 bytes",
	    "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14 15 16 17 18 19 1A 1B "
	    "1C 1D "
	    "1E 1F 20",
	    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\n20\n", false },
};

static void data_in_words(void **state)
{
	for (size_t i = 0; i < COUNT(data); i++) {
		struct exact in = exact_of_hex(data[i].data);
		struct collected *c = fresh();

		print_message("# %s\n", data[i].name);
		describe_data(in.bytes, data[i].masked, collect, c);
		assert_string_equal(c->text, data[i].text);
		exact_free(&in);
	}
}

/* As many as are shown of a value, and one more. */
static void long_values(void **state)
{
	for (size_t len = DESCRIBE_VALUE_MAX; len <= DESCRIBE_VALUE_MAX + 1; len++) {
		uint8_t memory[2 + DESCRIBE_VALUE_MAX + 1] = { 0x80, (uint8_t)len };
		struct collected *c = fresh();
		char want[2 * DESCRIBE_VALUE_MAX + 32];
		char hex[HEX_SIZE(DESCRIBE_VALUE_MAX)];

		hex_encode(bytes_of(memory + 2, DESCRIBE_VALUE_MAX), hex);
		(void)snprintf(want, sizeof want, "80, %zu bytes: %s%s\n", len, hex,
		    len > DESCRIBE_VALUE_MAX ? "..." : "");
		describe_data(bytes_of(memory, 2 + len), false, collect, c);
		assert_string_equal(c->text, want);
	}
}

/* However large and deep, a data field makes a bounded number of bounded lines. */
static void bounded(void **state)
{
	static uint8_t memory[APDU_RESPONSE_MAX];
	struct collected *c = fresh();

	for (size_t i = 0; i < sizeof memory; i++)
		memory[i] = i % 2 == 0 ? 0x80 : 0; /* 80 00 80 00 ... */
	describe_data(bytes_of(memory, 65536), false, collect, c);
	assert_int_equal(c->lines, DESCRIBE_LINES_MAX);
	assert_string_equal(c->text + c->used - 5, "\n...\n");
	c = fresh();
	describe_data(bytes_of(memory, 65537), false, collect, c); /* no TLV */
	assert_int_equal(c->lines, DESCRIBE_LINES_MAX);
	c = fresh();
	for (size_t i = 0; i < 16; i++) {
		memory[4 * i] = 0x30;
		memory[4 * i + 1] = 0x82;
		memory[4 * i + 2] = 0;
		memory[4 * i + 3] = (uint8_t)(4 * (16 - i) + 96);
	}
	memory[64] = 0x5F;
	memory[65] = 0x81;
	memory[66] = 0x01;
	memory[67] = 96;
	describe_data(bytes_of(memory, 68 + 96), false, collect, c);
	assert_int_equal(c->lines, 17);
	assert_true(c->longest < DESCRIBE_LINE_SIZE - 1);
	assert_string_equal(c->text + c->used - 4, "...\n");
}

static void log_command(struct describe *d, const char *hex)
{
	struct exact in = exact_of_hex(hex);

	describe_log_command(d, in.bytes);
	exact_free(&in);
}

static void log_response(struct describe *d, const char *hex)
{
	struct exact in = exact_of_hex(hex);

	describe_log_response(d, in.bytes);
	exact_free(&in);
}

static void conversation(void **state)
{
	struct collected *c = fresh();
	struct describe d = { .sink = collect, .context = c, .with_data = true };

	log_command(&d, "00 A4 00 00 02 3F 00");
	log_response(&d, "62 04 83 02 3F 00 90 00");
	log_command(&d, "00");
	log_command(&d, "00 D6 00 00 05 01");
	log_command(&d, "00 F2 00 00 05 01");
	log_command(&d, "00 20");
	log_response(&d, "");
	log_response(&d, "6A");
	assert_string_equal(c->text,
	    "> SELECT P1=00 P2=00 Nc=2 Ne=0\n    3F00\n"
	    "< 6 bytes, 9000 success\n    62, 4 bytes\n      83, 2 bytes: 3F00\n"
	    "> malformed command of 1 byte\n    00\n"
	    "> malformed command of 6 bytes, UPDATE BINARY\n    00D600000501\n"
	    "> malformed command of 6 bytes, unknown instruction\n    00F200000501\n"
	    "> malformed command of 2 bytes, VERIFY\n    2 bytes, not shown\n"
	    "< malformed response of 0 bytes\n"
	    "< malformed response of 1 byte\n    1 byte, not shown\n");
	c = fresh();
	d.with_data = false;
	log_command(&d, "00 A4 00 00 02 3F 00");
	log_response(&d, "AA BB 90 00");
	assert_string_equal(c->text, "> SELECT P1=00 P2=00 Nc=2 Ne=0\n< 2 bytes, 9000 success\n");
}

/* For each secret instruction, in each class, form and malformation: no hexadecimal digits of the data of
 * the command, its answer, and what GET RESPONSE fetches of it. */
static void secrets_are_not_shown(void **state)
{
	static const char *const forms[] = { "00 20 00 81 04 D1 D2 D3 D4",
		"00 20 00 81 04 D1 D2 D3 D4 00", "10 20 00 81 04 D1 D2 D3 D4",
		"80 20 00 81 04 D1 D2 D3 D4", "00 20 00 81 00 00 04 D1 D2 D3 D4",
		"00 20 00 81 08 D1 D2 D3 D4", "00 20 D1 D2 D3 D4", "00 20 D1 D2 80 02 D3 D4",
		"00 20 00 81 04 80 02 D3 D4" };

	for (unsigned ins = 0; ins <= 0xFF; ins++)
		for (size_t i = 0; i < COUNT(forms) && ins_is_secret((uint8_t)ins); i++) {
			struct exact in = exact_of_hex(forms[i]);
			struct collected *c = fresh();
			struct describe d = { .sink = collect, .context = c, .with_data = true };

			in.memory[1] = (uint8_t)ins;
			describe_log_command(&d, in.bytes);
			log_response(&d, "80 02 D3 D4 61 02");
			log_command(&d, "00 C0 00 00 02");
			log_response(&d, "D3 D4 90 00");
			assert_null(strstr(c->text, "D3"));
			assert_null(strstr(c->text, "D4"));
			log_command(&d, "00 B0 00 00 02");
			log_response(&d, "D3 D4 90 00");
			assert_non_null(strstr(c->text, "D3D4"));
			exact_free(&in);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_in_words),
		cmocka_unit_test(responses_in_words),
		cmocka_unit_test(data_in_words),
		cmocka_unit_test(long_values),
		cmocka_unit_test(bounded),
		cmocka_unit_test(conversation),
		cmocka_unit_test(secrets_are_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
