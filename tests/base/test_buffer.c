/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing memory: its maximum, its wiping, and when there is no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/buffer.h"
#include "base/err.h"
#include "exact.h"

static void grows_and_cuts(void **state)
{
	struct exact in = exact_of_hex("01 02 03");
	struct buffer b;

	buffer_init(&b, 1000);
	assert_int_equal(buffer_bytes(&b).len, 0);
	assert_int_equal(buffer_append(&b, in.bytes), 0);
	assert_int_equal(buffer_append(&b, bytes_of(NULL, 0)), 0);
	assert_int_equal(buffer_append(&b, bytes_first(in.bytes, 1)), 0);
	assert_bytes_hex(buffer_bytes(&b), "01 02 03 01");
	assert_int_equal(buffer_resize(&b, 6), 0);
	assert_bytes_hex(buffer_bytes(&b), "01 02 03 01 00 00");
	assert_int_equal(buffer_resize(&b, 2), 0);
	assert_bytes_hex(buffer_bytes(&b), "01 02");
	/* What was cut off does not come back. */
	assert_int_equal(buffer_resize(&b, 4), 0);
	assert_bytes_hex(buffer_bytes(&b), "01 02 00 00");
	assert_int_equal(buffer_set(&b, in.bytes), 0);
	assert_bytes_hex(buffer_bytes(&b), "01 02 03");
	assert_int_equal(buffer_set(&b, bytes_of(NULL, 0)), 0);
	assert_int_equal(b.len, 0);
	buffer_clear(&b);
	buffer_done(&b);
	assert_null(b.data);
	assert_int_equal(b.max, 1000);
	buffer_done(&b);
	exact_free(&in);
}

/* Contents survive each move to larger memory. */
static void appended_byte_by_byte(void **state)
{
	struct buffer b;

	buffer_init(&b, 5000);
	for (size_t i = 0; i < 5000; i++) {
		const uint8_t byte = (uint8_t)(i * 7 >> 3);

		assert_int_equal(buffer_append(&b, bytes_of(&byte, 1)), 0);
		assert_true(b.cap <= 5000);
	}
	assert_int_equal(b.len, 5000);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(b.data[i], (uint8_t)(i * 7 >> 3));
	buffer_done(&b);
}

static void maximum(void **state)
{
	static const size_t maxima[] = { 0, 1, 63, 64, 65, 100, 128, 129, 65535 };
	static const uint8_t byte = 0xAA;

	for (size_t i = 0; i < COUNT(maxima); i++) {
		size_t max = maxima[i];
		struct buffer b;

		buffer_init(&b, max);
		assert_int_equal(buffer_resize(&b, max + 1), ERR_LIMIT);
		assert_int_equal(buffer_resize(&b, SIZE_MAX), ERR_LIMIT);
		assert_null(b.data);
		assert_int_equal(buffer_resize(&b, max), 0);
		assert_int_equal(buffer_append(&b, bytes_of(&byte, 1)), ERR_LIMIT);
		assert_int_equal(buffer_append(&b, bytes_of(&byte, SIZE_MAX)), ERR_LIMIT);
		assert_int_equal(buffer_set(&b, bytes_of(&byte, max + 1)), ERR_LIMIT);
		assert_int_equal(b.len, max);
		assert_int_equal(buffer_append(&b, bytes_of(NULL, 0)), 0);
		buffer_done(&b);
	}
}

static size_t watched_len;
static size_t watched;
static bool watched_clean;

/* Holds that a block that is given back is all zeros. */
static void watch(const void *block)
{
	const uint8_t *data = block;

	watched++;
	for (size_t i = 0; i < watched_len; i++)
		if (data[i] != 0)
			watched_clean = false;
}

static void wiped_before_it_is_given_back(void **state)
{
	uint8_t secret[200];
	struct buffer b;

	memset(secret, 0xA5, sizeof secret);
	buffer_init(&b, 1000);
	assert_int_equal(buffer_set(&b, bytes_of(secret, 64)), 0);
	watched = 0;
	watched_clean = true;
	watched_len = b.cap;
	alloc_watch_free(watch);
	assert_int_equal(buffer_append(&b, bytes_of(secret, 136)), 0); /* moves */
	assert_int_equal(watched, 1);
	watched_len = b.cap;
	buffer_done(&b);
	alloc_watch_free(NULL);
	assert_int_equal(watched, 2);
	assert_true(watched_clean);
}

static void wiped_where_it_was_cut(void **state)
{
	uint8_t secret[200];
	struct buffer b;

	memset(secret, 0xA5, sizeof secret);
	buffer_init(&b, 1000);
	assert_int_equal(buffer_set(&b, BYTES_OF_ARRAY(secret)), 0);
	assert_int_equal(buffer_resize(&b, 10), 0);
	for (size_t i = 0; i < b.cap; i++)
		assert_int_equal(b.data[i], i < 10 ? 0xA5 : 0);
	assert_int_equal(buffer_set(&b, bytes_of(secret, 5)), 0);
	for (size_t i = 0; i < b.cap; i++)
		assert_int_equal(b.data[i], i < 5 ? 0xA5 : 0);
	buffer_clear(&b);
	assert_int_equal(b.len, 0);
	for (size_t i = 0; i < b.cap; i++)
		assert_int_equal(b.data[i], 0);
	buffer_done(&b);
}

/* One byte is as secret as many. */
static void wiped_of_a_single_byte(void **state)
{
	static const uint8_t secret = 0xA5;
	uint8_t more[100] = { 0 };
	struct buffer b;

	buffer_init(&b, 1000);
	assert_int_equal(buffer_append(&b, bytes_of(&secret, 1)), 0);
	assert_bytes_hex(buffer_bytes(&b), "A5");
	buffer_clear(&b);
	assert_int_equal(b.data[0], 0);
	assert_int_equal(buffer_set(&b, bytes_of(&secret, 1)), 0);
	assert_int_equal(buffer_append(&b, BYTES_OF_ARRAY(more)), 0); /* moves */
	assert_bytes_hex(bytes_first(buffer_bytes(&b), 2), "A5 00");
	buffer_done(&b);
}

static void unchanged_without_memory(void **state)
{
	uint8_t data[65];
	struct buffer b;

	memset(data, 0xA5, sizeof data);
	buffer_init(&b, 1000);
	alloc_fail_at(1);
	assert_int_equal(buffer_set(&b, BYTES_OF_ARRAY(data)), ERR_NO_MEMORY);
	assert_int_equal(b.len, 0);
	alloc_fail_at(0);
	assert_int_equal(buffer_set(&b, bytes_of(data, 60)), 0);
	alloc_fail_at(1);
	assert_int_equal(buffer_append(&b, BYTES_OF_ARRAY(data)), ERR_NO_MEMORY);
	assert_int_equal(buffer_set(&b, BYTES_OF_ARRAY(data)), 0); /* only one fails */
	alloc_fail_at(1);
	assert_int_equal(buffer_resize(&b, 1000), ERR_NO_MEMORY);
	alloc_fail_at(0);
	assert_true(bytes_equal(buffer_bytes(&b), BYTES_OF_ARRAY(data)));
	buffer_done(&b);
}

/* Fills a buffer; its memory grows by way of 128, 256, 512 and 1000 bytes. */
static int fill(void *context)
{
	const uint8_t *data = context;
	struct buffer b;
	int r = 0;

	buffer_init(&b, 1000);
	for (size_t i = 0; r == 0 && i < 10; i++)
		r = buffer_append(&b, bytes_of(data, 100));
	if (r == 0)
		assert_int_equal(b.len, 1000);
	buffer_done(&b);
	return r;
}

static void each_allocation_fails_once(void **state)
{
	uint8_t data[100] = { 0 };
	size_t runs;

	assert_true(alloc_fail_each(fill, data, &runs));
	assert_int_equal(runs, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_cuts),
		cmocka_unit_test(appended_byte_by_byte),
		cmocka_unit_test(maximum),
		cmocka_unit_test(wiped_before_it_is_given_back),
		cmocka_unit_test(wiped_where_it_was_cut),
		cmocka_unit_test(wiped_of_a_single_byte),
		cmocka_unit_test(unchanged_without_memory),
		cmocka_unit_test(each_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
