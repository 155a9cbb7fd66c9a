/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers typed by people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

static const struct {
	const char *text;
	uint64_t max;
	bool good;
	uint64_t value;
} cases[] = {
	{ "0", 0, true, 0 },
	{ "1", 0, false, 0 },
	{ "9", 9, true, 9 },
	{ ":", 9, false, 0 },
	{ "/", 9, false, 0 },
	{ "65535", 65535, true, 65535 },
	{ "65536", 65535, false, 0 },
	{ "0x8C7B", 65535, true, 35963 },
	{ "0X8c7b", 65535, true, 35963 },
	{ "0777", 65535, true, 511 },
	{ "00", 65535, true, 0 },
	{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, false, 0 },
	{ "99999999999999999999999999", UINT64_MAX, false, 0 },
	{ "", 65535, false, 0 },
	{ " 1", 65535, false, 0 },
	{ "1 ", 65535, false, 0 },
	{ "+1", 65535, false, 0 },
	{ "-1", UINT64_MAX, false, 0 },
	{ "-0", 65535, false, 0 },
	{ "08", 65535, false, 0 },
	{ "0x", 65535, false, 0 },
	{ "0xG", 65535, false, 0 },
	{ "1a", 65535, false, 0 },
	{ "1.5", 65535, false, 0 },
	{ "1e3", 65535, false, 0 },
	{ "x1", 65535, false, 0 },
	{ "\n1", 65535, false, 0 },
};

static void numbers(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t value = 4711;

		print_message("# case %zu\n", i);
		assert_int_equal(number_parse(cases[i].text, cases[i].max, &value), cases[i].good);
		assert_int_equal(value, cases[i].good ? cases[i].value : 4711);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
