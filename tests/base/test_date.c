/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/date.h"

static void days_that_exist(void **state)
{
	static const char *const days[] = { "2000-01-01", "2024-02-29", "2026-11-22", "2096-02-29",
		"2099-12-31" };
	char text[DATE_TEXT_SIZE];
	struct date date;

	for (size_t i = 0; i < COUNT(days); i++) {
		assert_true(date_parse(days[i], &date));
		assert_string_equal(date_text(date, text), days[i]);
	}
	assert_int_equal(date.year, 2099);
	assert_int_equal(date.month, 12);
	assert_int_equal(date.day, 31);
}

static void days_that_do_not(void **state)
{
	static const char *const days[] = { "", "2026", "2026-11", "2026-11-", "2026-11-2",
		"2026-11-222", "2026-11-22 ", " 2026-11-22", "2026/11/22", "26-11-22", "1999-12-31",
		"2100-01-01", "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31",
		"2026-02-29", "2026-1a-01", "-026-01-01", "+026-01-01" };
	struct date date = { 1, 2, 3 };

	for (size_t i = 0; i < COUNT(days); i++)
		assert_false(date_parse(days[i], &date));
	assert_int_equal(date.year, 1);
	assert_int_equal(date.day, 3);
}

static void days_by_number(void **state)
{
	static const struct date good[] = { { 2000, 1, 1 }, { 2024, 2, 29 }, { 2099, 12, 31 } };
	static const struct date bad[] = { { 0, 0, 0 }, { 1999, 12, 31 }, { 2100, 1, 1 },
		{ 12026, 1, 1 }, { 2026, 0, 1 }, { 2026, 13, 1 }, { 2026, 101, 1 }, { 2026, 1, 0 },
		{ 2026, 1, 32 }, { 2026, 1, 101 }, { 2026, 2, 29 }, { 2026, 4, 31 } };

	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(date_is_valid(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(date_is_valid(bad[i]));
}

static void order(void **state)
{
	static const struct date days[] = { { 0, 0, 0 }, { 2024, 12, 31 }, { 2025, 1, 1 },
		{ 2025, 1, 2 }, { 2025, 2, 1 } };

	for (size_t i = 0; i < COUNT(days); i++)
		for (size_t j = 0; j < COUNT(days); j++) {
			int r = date_compare(days[i], days[j]);

			assert_int_equal((r > 0) - (r < 0), (i > j) - (i < j));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_that_exist),
		cmocka_unit_test(days_that_do_not),
		cmocka_unit_test(days_by_number),
		cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
