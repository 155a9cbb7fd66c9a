/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes as text. That a scanner reads them is tested with vpcd-config's output (tests/cli). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "pairing/qr.h"

static struct qr qr;

static char *printed(enum qr_style style)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	assert_non_null(memory);
	qr_print(&qr, style, memory);
	assert_int_equal(fclose(memory), 0);
	return text;
}

#define L "\033[47m  "
#define D "\033[40m  "
#define END "\033[0m\n"

static void one_dark_and_three_light_modules(void **state)
{
	static const char ansi[] = L L L L L L END L L L L L L END L L D L L L END L L L L L L END L
	    L L L L L END L L L L L L END;
	static const char plain[] = "████████████\n████████████\n████  ██████\n"
	                            "████████████\n████████████\n████████████\n";
	char *text;

	qr.width = 2;
	memset(qr.dark, 0, sizeof qr.dark);
	qr.dark[0] = 1;
	text = printed(QR_STYLE_ANSI);
	assert_string_equal(text, ansi);
	free(text);
	text = printed(QR_STYLE_PLAIN);
	assert_string_equal(text, plain);
	free(text);
}

/* ISO/IEC 18004, 6.3.3: a dark square of 7 by 7, in it a light one of 5, in it a dark one of 3. */
static bool has_finder_pattern(size_t left, size_t top)
{
	for (size_t y = 0; y < 7; y++)
		for (size_t x = 0; x < 7; x++) {
			size_t from_edge = x < y ? x : y;

			from_edge = 6 - x < from_edge ? 6 - x : from_edge;
			from_edge = 6 - y < from_edge ? 6 - y : from_edge;
			if ((qr.dark[(top + y) * qr.width + left + x] == 1) != (from_edge != 1))
				return false;
		}
	return true;
}

static void smallest_version(void **state)
{
	static const struct {
		const char *text;
		size_t width; /* ISO/IEC 18004, table 7: 17, 32 and 53 bytes at level L */
	} cases[] = {
		{ "vpcd://10.0.0.1:1", 21 },
		{ "vpcd://10.0.0.1:35", 25 },
		{ "vpcd://192.168.100.100:35963", 25 },
		{ "vpcd://[2001:db8:1:2:3:4:5:6]:35963", 29 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int r = qr_make(cases[i].text, &qr);

		if (r == ERR_UNSUPPORTED)
			return; /* built without libqrencode */
		assert_int_equal(r, 0);
		assert_int_equal(qr.width, cases[i].width);
		assert_true(has_finder_pattern(0, 0));
		assert_true(has_finder_pattern(qr.width - 7, 0));
		assert_true(has_finder_pattern(0, qr.width - 7));
	}
}

static void too_long(void **state)
{
	static char text[3000]; /* ISO/IEC 18004: at most 2953 bytes */
	int r;

	memset(text, 'x', sizeof text - 1);
	r = qr_make(text, &qr);
	assert_true(r == ERR_LIMIT || r == ERR_UNSUPPORTED);
	text[2953] = '\0';
	r = qr_make(text, &qr);
	assert_true((r == 0 && qr.width == QR_WIDTH_MAX) || r == ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_dark_and_three_light_modules),
		cmocka_unit_test(smallest_version),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
