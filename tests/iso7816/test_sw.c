/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "iso7816/sw.h"

static const struct {
	uint16_t sw;
	const char *text;
} texts[] = {
	{ 0x9000, "success" },
	{ 0x6100, "256 or more bytes available" },
	{ 0x6101, "1 byte available" },
	{ 0x61FF, "255 bytes available" },
	{ 0x6200, "warning, state unchanged" },
	{ 0x6201, "warning, state unchanged" },
	{ 0x6202, "the card has a query of 2 bytes" },
	{ 0x6280, "the card has a query of 128 bytes" },
	{ 0x6281, "returned data may be corrupted" },
	{ 0x6282, "end of file or record reached early" },
	{ 0x6288, "warning, state unchanged" },
	{ 0x63C0, "0 tries left" },
	{ 0x63C1, "1 try left" },
	{ 0x63CF, "15 tries left" },
	{ 0x63D0, "warning, state changed" },
	{ 0x6401, "the card wants an answer at once" },
	{ 0x6402, "the card has a query of 2 bytes" },
	{ 0x6480, "the card has a query of 128 bytes" },
	{ 0x6481, "shared access to the logical channel denied" },
	{ 0x65FF, "execution error, state changed" },
	{ 0x6600, "security-related failure" },
	{ 0x6700, "wrong length" },
	{ 0x6982, "security status not satisfied" },
	{ 0x6A82, "file or application not found" },
	{ 0x6B00, "offset outside of the file" },
	{ 0x6C00, "wrong Le, 256 is right" },
	{ 0x6C08, "wrong Le, 8 is right" },
	{ 0x6D00, "instruction not supported" },
	{ 0x6E00, "class not supported" },
	{ 0x6F00, "no precise diagnosis" },
	{ 0x9101, "status of the application" },
	{ 0x6000, "not a status word" },
	{ 0x0000, "not a status word" },
	{ 0xFFFF, "not a status word" },
};

static void words(void **state)
{
	char text[80];

	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_ptr_equal(sw_text(texts[i].sw, text, sizeof text), text);
		assert_string_equal(text, texts[i].text);
	}
}

/* Whatever the status and the size, the text ends inside the memory and fits 80 bytes. */
static void any_status_any_size(void **state)
{
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		char text[80];
		char small[5] = "....";

		(void)sw_text((uint16_t)sw, text, sizeof text);
		assert_in_range(strlen(text), 7, 70);
		(void)sw_text((uint16_t)sw, small, 4);
		assert_int_equal(strlen(small), 3);
		assert_memory_equal(small, text, 3);
		(void)sw_text((uint16_t)sw, small, 0);
	}
}

static void counted(void **state)
{
	assert_int_equal(sw_more_data(0), 0x9000);
	assert_int_equal(sw_more_data(1), 0x6101);
	assert_int_equal(sw_more_data(255), 0x61FF);
	assert_int_equal(sw_more_data(256), 0x6100);
	assert_int_equal(sw_more_data(SIZE_MAX), 0x6100);
	assert_int_equal(sw_counter(0), 0x63C0);
	assert_int_equal(sw_counter(15), 0x63CF);
	assert_int_equal(sw_counter(16), 0x63CF);
}

static void normal(void **state)
{
	assert_true(sw_is_normal(0x9000));
	assert_true(sw_is_normal(0x6100));
	assert_true(sw_is_normal(0x6282));
	assert_true(sw_is_normal(0x63CF));
	assert_true(sw_is_normal(0x63FF));
	assert_false(sw_is_normal(0x60FF));
	assert_false(sw_is_normal(0x6400));
	assert_false(sw_is_normal(0x6A82));
	assert_false(sw_is_normal(0x9001));
	assert_false(sw_is_normal(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(any_status_any_size),
		cmocka_unit_test(counted),
		cmocka_unit_test(normal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
