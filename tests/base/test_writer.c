/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/writer.h"
#include "exact.h"

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

/* Each put, with just enough memory and with one byte less. */
static void exactly_full(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3 };

	for (size_t cap = 9; cap <= 10; cap++) {
		struct exact block = exact_of_hex("00 00 00 00 00 00 00 00 00 00");
		struct exact memory = exact_copy(bytes_first(block.bytes, cap));
		struct writer w;

		writer_init(&w, memory.memory, cap);
		writer_put_u32(&w, 0xA1A2A3A4);
		writer_put_u16(&w, 0xB1B2);
		writer_put_u8(&w, 0xC1);
		assert_int_equal(writer_left(&w), cap - 7);
		writer_put(&w, BYTES_OF_ARRAY(bytes));
		assert_int_equal(writer_done(&w), cap == 10);
		assert_int_equal(writer_left(&w), 0);
		assert_bytes_hex(writer_bytes(&w),
		    cap == 10 ? "A1 A2 A3 A4 B1 B2 C1 01 02 03" : "A1 A2 A3 A4 B1 B2 C1");
		exact_free(&memory);
		exact_free(&block);
	}
}

static void reserved(void **state)
{
	uint8_t memory[4];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_ptr_equal(writer_reserve(&w, 1), memory);
	assert_ptr_equal(writer_reserve(&w, 3), memory + 1);
	assert_ptr_equal(writer_reserve(&w, 0), memory + 4);
	assert_true(writer_done(&w));
	assert_null(writer_reserve(&w, 1));
	assert_false(writer_done(&w));
	writer_reset(&w);
	assert_null(writer_reserve(&w, SIZE_MAX));
	assert_int_equal(w.len, 0);
}

static void no_memory_at_all(void **state)
{
	struct writer w;

	writer_init(&w, NULL, 0);
	writer_put(&w, bytes_of(NULL, 0));
	assert_true(writer_done(&w));
	assert_int_equal(writer_bytes(&w).len, 0);
	writer_put_u8(&w, 0);
	assert_false(writer_done(&w));
}

static void failed_by_the_caller(void **state)
{
	uint8_t memory[4];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_fail(&w);
	assert_false(writer_done(&w));
	assert_int_equal(writer_left(&w), 0);
	writer_put_u8(&w, 1);
	assert_int_equal(w.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(failure_stays),
		cmocka_unit_test(exactly_full),
		cmocka_unit_test(reserved),
		cmocka_unit_test(no_memory_at_all),
		cmocka_unit_test(failed_by_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
