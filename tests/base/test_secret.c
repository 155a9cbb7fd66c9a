/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wiping and comparing secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/secret.h"

static void wiping(void **state)
{
	uint8_t memory[10];

	memset(memory, 0xA5, sizeof memory);
	secret_wipe(memory + 2, 6);
	for (size_t i = 0; i < sizeof memory; i++)
		assert_int_equal(memory[i], i >= 2 && i < 8 ? 0 : 0xA5);
	secret_wipe(memory, 0);
	assert_int_equal(memory[0], 0xA5);
	secret_wipe(memory, 1);
	assert_int_equal(memory[0], 0);
	assert_int_equal(memory[1], 0xA5);
	secret_wipe(NULL, 0);
}

/* Each single bit that differs, wherever, is seen. */
static void comparing(void **state)
{
	uint8_t a[17];
	uint8_t b[17];

	memset(a, 0x5A, sizeof a);
	memcpy(b, a, sizeof b);
	assert_true(secret_equal(BYTES_OF_ARRAY(a), BYTES_OF_ARRAY(b)));
	for (size_t bit = 0; bit < 8 * sizeof b; bit++) {
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(secret_equal(BYTES_OF_ARRAY(a), BYTES_OF_ARRAY(b)));
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_false(secret_equal(BYTES_OF_ARRAY(a), bytes_of(b, 16)));
	assert_true(secret_equal(bytes_of(a, 16), bytes_of(b, 16)));
	assert_true(secret_equal(bytes_of(NULL, 0), bytes_of(a, 0)));
	assert_false(secret_equal(bytes_of(NULL, 0), bytes_of(a, 1)));
}

/* Differences that would cancel each other out, were they added up. */
static void differences_do_not_cancel(void **state)
{
	static const uint8_t a[] = { 0x00, 0x01, 0x80, 0x80 };
	static const uint8_t b[] = { 0x01, 0x00, 0x00, 0x00 };

	assert_false(secret_equal(BYTES_OF_ARRAY(a), BYTES_OF_ARRAY(b)));
	assert_false(secret_equal(bytes_of(a, 2), bytes_of(b, 2)));
	assert_false(secret_equal(bytes_of(a + 2, 2), bytes_of(b + 2, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wiping),
		cmocka_unit_test(comparing),
		cmocka_unit_test(differences_do_not_cancel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
