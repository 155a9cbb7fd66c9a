/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/writer.h"

static void numbers_are_big_endian(void **state)
{
	const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7 };
	uint8_t memory[7];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_put_u8(&w, 0x01);
	writer_put_u16(&w, 0x0203);
	writer_put_u32(&w, 0x04050607);
	assert_true(writer_done(&w));
	assert_true(bytes_equal(writer_bytes(&w), BYTES_OF_ARRAY(want)));
}

static void failure_stays(void **state)
{
	uint8_t memory[3];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_put_u16(&w, 1);
	writer_put_u16(&w, 2);
	assert_false(writer_done(&w));
	writer_put_u8(&w, 3);
	assert_false(writer_done(&w));
	assert_int_equal(writer_bytes(&w).len, 2);
	assert_int_equal(writer_left(&w), 0);
	assert_null(writer_reserve(&w, 0));
	writer_reset(&w);
	writer_put_u8(&w, 3);
	assert_true(writer_done(&w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(failure_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
