/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hexadecimal text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static const struct {
	const char *name, *text, *bytes; /* bytes NULL: refused */
	size_t len;
} cases[] = {
	{ "nothing", "", "", 0 },
	{ "blanks alone", " \t\r\n:", "", 0 },
	{ "both cases", "aBcDeF", "\xAB\xCD\xEF", 3 },
	{ "all digits", "0123456789ABCDEFabcdef", "\x01\x23\x45\x67\x89\xAB\xCD\xEF\xAB\xCD\xEF",
	    11 },
	{ "blanks", " 00  A4\t04\r\n00 ", "\x00\xA4\x04\x00", 4 },
	{ "colons", "3B:00", "\x3B\x00", 2 },
	{ "odd", "123", NULL, 0 },
	{ "one digit", "1", NULL, 0 },
	{ "blank inside a byte", "1 2", NULL, 0 },
	{ "colon inside a byte", "1:2", NULL, 0 },
	{ "character before 0", "/0", NULL, 0 },
	{ "character behind 9 that is no colon", "0;", NULL, 0 },
	{ "character before A", "@0", NULL, 0 },
	{ "character behind F", "0G", NULL, 0 },
	{ "character before a", "`0", NULL, 0 },
	{ "character behind f", "0g", NULL, 0 },
	{ "0x", "0x00", NULL, 0 },
	{ "other separator", "00-00", NULL, 0 },
	{ "byte above 7F", "\xC3\xA9", NULL, 0 },
	{ "vertical tab", "\v00", NULL, 0 },
};

static void decoding(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t memory[16];
		struct writer w;
		bool good = cases[i].bytes != NULL;

		print_message("# %s\n", cases[i].name);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(hex_decode(cases[i].text, &w), good);
		assert_int_equal(writer_done(&w), good);
		if (!good)
			continue;
		assert_int_equal(w.len, cases[i].len);
		assert_memory_equal(memory, cases[i].bytes, w.len);
	}
}

static void appends_and_stops_at_the_end_of_memory(void **state)
{
	uint8_t memory[3];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode("01", &w));
	assert_true(hex_decode("02 03", &w));
	assert_int_equal(w.len, 3);
	assert_false(hex_decode("04", &w));
	assert_false(hex_decode("", &w)); /* failed is failed */
	assert_memory_equal(memory, "\x01\x02\x03", 3);
}

static void every_byte_there_and_back(void **state)
{
	uint8_t all[256];
	uint8_t memory[256];
	char text[HEX_SIZE(256)];
	struct writer w;

	for (size_t i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	hex_encode(BYTES_OF_ARRAY(all), text);
	assert_int_equal(strlen(text), 512);
	assert_memory_equal(text, "000102030405060708090A0B0C0D0E0F10", 34);
	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode(text, &w));
	assert_memory_equal(memory, all, 256);
	hex_encode(bytes_of(NULL, 0), text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoding),
		cmocka_unit_test(appends_and_stops_at_the_end_of_memory),
		cmocka_unit_test(every_byte_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
