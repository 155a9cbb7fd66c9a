/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of instructions, and which of them no log may show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "iso7816/ins.h"

static void names(void **state)
{
	assert_string_equal(ins_name(0xA4), "SELECT");
	assert_string_equal(ins_name(0xB0), "READ BINARY");
	assert_string_equal(ins_name(0xB1), "READ BINARY");
	assert_string_equal(ins_name(0x20), "VERIFY");
	assert_string_equal(ins_name(0xFE), "TERMINATE CARD USAGE");
	assert_null(ins_name(0x00));
	assert_null(ins_name(0xFF));
}

/* 7816-3, 12.2.1: INS 6x and 9x do not exist. */
static void no_names_where_status_words_are(void **state)
{
	for (unsigned low = 0; low < 16; low++) {
		assert_null(ins_name((uint8_t)(0x60 + low)));
		assert_null(ins_name((uint8_t)(0x90 + low)));
	}
}

static void secrets(void **state)
{
	static const uint8_t secret[] = { 0x20, 0x21, 0x24, 0x25, 0x26, 0x28, 0x2A, 0x2B, 0x2C,
		0x2D, 0x82, 0x86, 0x87, 0x88, 0xC2, 0xC3, 0xDA, 0xDB };
	size_t found = 0;

	for (size_t i = 0; i < COUNT(secret); i++)
		assert_true(ins_is_secret(secret[i]));
	for (unsigned ins = 0; ins <= 0xFF; ins++)
		found += ins_is_secret((uint8_t)ins) ? 1 : 0;
	assert_int_equal(found, COUNT(secret));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(no_names_where_status_words_are),
		cmocka_unit_test(secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
