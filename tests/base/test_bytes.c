/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of bytes, and taking from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "exact.h"

static const struct bytes none = { NULL, 0 };

static void parts(void **state)
{
	struct exact in = exact_of_hex("01 02 03");

	assert_bytes_hex(bytes_first(in.bytes, 0), "");
	assert_bytes_hex(bytes_first(in.bytes, 2), "01 02");
	assert_bytes_hex(bytes_first(in.bytes, 3), "01 02 03");
	assert_bytes_hex(bytes_first(in.bytes, SIZE_MAX), "01 02 03");
	assert_bytes_hex(bytes_after(in.bytes, 0), "01 02 03");
	assert_bytes_hex(bytes_after(in.bytes, 2), "03");
	assert_bytes_hex(bytes_after(in.bytes, 3), "");
	assert_bytes_hex(bytes_after(in.bytes, SIZE_MAX), "");
	assert_int_equal(bytes_first(none, 1).len, 0);
	assert_int_equal(bytes_after(none, 1).len, 0);
	exact_free(&in);
}

static void strings(void **state)
{
	assert_bytes_hex(bytes_of_string("A1"), "41 31");
	assert_int_equal(bytes_of_string("").len, 0);
}

static void comparisons(void **state)
{
	struct exact a = exact_of_hex("01 02 03");
	struct exact b = exact_of_hex("01 02 04");

	assert_true(bytes_equal(a.bytes, a.bytes));
	assert_false(bytes_equal(a.bytes, b.bytes));
	assert_false(bytes_equal(a.bytes, bytes_first(a.bytes, 2)));
	assert_true(bytes_equal(bytes_first(a.bytes, 2), bytes_first(b.bytes, 2)));
	assert_true(bytes_equal(none, bytes_first(a.bytes, 0)));
	assert_true(bytes_starts_with(a.bytes, bytes_first(b.bytes, 2)));
	assert_true(bytes_starts_with(a.bytes, a.bytes));
	assert_true(bytes_starts_with(a.bytes, none));
	assert_true(bytes_starts_with(none, none));
	assert_false(bytes_starts_with(a.bytes, b.bytes));
	assert_false(bytes_starts_with(bytes_first(a.bytes, 2), a.bytes));
	exact_free(&a);
	exact_free(&b);
}

static void numbers_are_big_endian(void **state)
{
	struct exact in = exact_of_hex("01 FF FE FD FC FB FA");
	struct bytes rest = in.bytes;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;

	assert_true(bytes_take_u8(&rest, &u8));
	assert_int_equal(u8, 0x01);
	assert_true(bytes_take_u16(&rest, &u16));
	assert_int_equal(u16, 0xFFFE);
	assert_true(bytes_take_u32(&rest, &u32));
	assert_int_equal(u32, 0xFDFCFBFA);
	assert_int_equal(rest.len, 0);
	exact_free(&in);
}

static void a_take_that_fails_changes_nothing(void **state)
{
	struct exact in = exact_of_hex("01 02 03");

	for (size_t len = 0; len <= 3; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));
		struct bytes rest = cut.bytes;
		struct bytes out = { NULL, 4711 };
		uint8_t u8 = 0xAA;
		uint16_t u16 = 0xAAAA;
		uint32_t u32 = 0xAAAAAAAA;

		assert_false(bytes_take(&rest, len + 1, &out));
		assert_false(bytes_take(&rest, SIZE_MAX, &out));
		assert_int_equal(out.len, 4711);
		assert_false(bytes_take_u32(&rest, &u32));
		assert_int_equal(u32, 0xAAAAAAAA);
		if (len < 2)
			assert_false(bytes_take_u16(&rest, &u16));
		assert_int_equal(u16, 0xAAAA);
		if (len < 1)
			assert_false(bytes_take_u8(&rest, &u8));
		assert_int_equal(u8, 0xAA);
		assert_ptr_equal(rest.data, cut.bytes.data);
		assert_int_equal(rest.len, len);
		exact_free(&cut);
	}
	exact_free(&in);
}

static void takes(void **state)
{
	struct exact in = exact_of_hex("01 02 03");
	struct bytes rest = in.bytes;
	struct bytes out;

	assert_true(bytes_take(&rest, 0, &out));
	assert_int_equal(out.len, 0);
	assert_int_equal(rest.len, 3);
	assert_true(bytes_take(&rest, 2, &out));
	assert_bytes_hex(out, "01 02");
	assert_ptr_equal(out.data, in.bytes.data);
	assert_bytes_hex(rest, "03");
	assert_true(bytes_take(&rest, 1, &out));
	assert_bytes_hex(out, "03");
	assert_true(bytes_take(&rest, 0, &out));
	assert_int_equal(rest.len, 0);
	rest = none;
	assert_true(bytes_take(&rest, 0, &out));
	exact_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(strings),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(a_take_that_fails_changes_nothing),
		cmocka_unit_test(takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
