/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Padding of ISO/IEC 7816-4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/pad.h"
#include "exact.h"

static void there_and_back(void **state)
{
	for (size_t block = 8; block <= 16; block += 8) {
		for (size_t len = 0; len <= 40; len++) {
			uint8_t data[64];
			size_t size = pad_size(len, block);
			size_t back = SIZE_MAX;

			memset(data, 0xA5, sizeof data);
			assert_true(size > len && size - len <= block && size % block == 0);
			assert_int_equal(pad_add(data, len, block), size);
			assert_int_equal(data[size], 0xA5);
			assert_true(pad_remove(bytes_of(data, size), block, &back));
			assert_int_equal(back, len);
		}
	}
}

static const struct {
	const char *name, *in;
	int want; /* -1: not padding */
} cases[] = {
	{ "nothing", "", -1 },
	{ "not a block", "0102030480", -1 },
	{ "one byte too many", "01020304050607 80 00", -1 },
	{ "no 80", "0102030405060708", -1 },
	{ "zeros alone", "0000000000000000", -1 },
	{ "a whole block of padding", "8000000000000000", 0 },
	{ "one byte of padding", "0102030405060780", 7 },
	{ "data that looks like padding", "0180808080808080", 7 },
	{ "the last 80 counts", "8000800000000000", 2 },
	{ "the byte before is not 00", "0102030480000001", -1 },
	{ "81 is not 80", "0102030481000000", -1 },
	{ "nor is 00", "0102030400000000", -1 },
	{ "more than a block", "0102030405060780 0000000000000000", -1 },
	{ "two blocks", "0102030405060708 0900800000000000", 10 },
	{ "FF", "FFFFFFFFFFFFFFFF", -1 },
};

static void padding_is_checked(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_of_hex(cases[i].in);
		size_t len = 1234;

		print_message("# %s\n", cases[i].name);
		assert_int_equal(pad_remove(in.bytes, 8, &len), cases[i].want >= 0);
		assert_int_equal(len, cases[i].want >= 0 ? cases[i].want : 1234);
		exact_free(&in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(padding_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
