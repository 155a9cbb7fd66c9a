/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's random numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "crypto/random.h"
#include "exact.h"

static struct random *new_random(const char *seed)
{
	struct random *random = NULL;

	assert_int_equal(random_new(bytes_of_string(seed), &random), 0);
	return random;
}

/* Checked with other programs: sha256sum for the key, then
 * openssl enc -chacha20 -K KEY -iv 00000000000000000000000000000000 of zeros. */
static void seed_gives_the_chacha20_stream_under_its_digest(void **state)
{
	struct random *random = new_random("seed");
	uint8_t out[32];

	assert_true(random_is_seeded(random));
	assert_int_equal(random_bytes(random, out, sizeof out), 0);
	assert_bytes_hex(BYTES_OF_ARRAY(out),
	    "e9f5d902aebb39aa57fc233bacb995bf41211eb6c5255dbd79ef6290b11ee064");
	random_free(random);
}

static void seeded_stream_does_not_depend_on_the_cuts(void **state)
{
	struct random *whole = new_random("x");
	struct random *parts = new_random("x");
	uint8_t a[300];
	uint8_t b[300];
	size_t done = 0;

	assert_int_equal(random_bytes(whole, a, sizeof a), 0);
	for (size_t n = 0; done < sizeof b; n++) {
		size_t part = n < sizeof b - done ? n : sizeof b - done;

		assert_int_equal(random_bytes(parts, b + done, part), 0);
		done += part;
	}
	assert_memory_equal(a, b, sizeof a);
	random_free(whole);
	random_free(parts);
}

static void other_seed_gives_other_numbers(void **state)
{
	struct random *one = new_random("1");
	struct random *two = new_random("2");
	uint8_t a[16];
	uint8_t b[16];

	assert_int_equal(random_bytes(one, a, sizeof a), 0);
	assert_int_equal(random_bytes(two, b, sizeof b), 0);
	assert_memory_not_equal(a, b, sizeof a);
	random_free(one);
	random_free(two);
}

static void unseeded_numbers_never_repeat(void **state)
{
	struct random *one = new_random("");
	struct random *two = new_random("");
	uint8_t out[4][16];

	assert_false(random_is_seeded(one));
	assert_int_equal(random_bytes(one, out[0], 16), 0);
	assert_int_equal(random_bytes(one, out[1], 16), 0);
	assert_int_equal(random_bytes(two, out[2], 16), 0);
	assert_int_equal(random_bytes(two, out[3], 16), 0);
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(out[i], out[j], 16);
	}
	random_free(one);
	random_free(two);
}

/* The largest length that a card asks for, and lengths that are none. */
static void lengths(void **state)
{
	static uint8_t out[65536];
	struct random *random = new_random("");

	assert_int_equal(random_bytes(random, out, sizeof out), 0);
	assert_int_equal(random_bytes(random, NULL, 0), 0);
	assert_int_equal(random_bytes(random, out, (size_t)INT32_MAX + 1), ERR_LIMIT);
	random_free(random);
	random_free(NULL);
}

static void lack_of_memory_is_told(void **state)
{
	for (unsigned n = 0;; n++) {
		struct random *random = NULL;
		int r;

		alloc_fail_at(n + 1);
		r = random_new(bytes_of_string("seed"), &random);
		if (!alloc_stop()) {
			assert_int_equal(r, 0);
			random_free(random);
			break;
		}
		assert_int_equal(r, ERR_NO_MEMORY);
		assert_null(random);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seed_gives_the_chacha20_stream_under_its_digest),
		cmocka_unit_test(seeded_stream_does_not_depend_on_the_cuts),
		cmocka_unit_test(other_seed_gives_other_numbers),
		cmocka_unit_test(unseeded_numbers_never_repeat),
		cmocka_unit_test(lengths),
		cmocka_unit_test(lack_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
