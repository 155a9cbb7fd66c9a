/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PINs and their retry counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/pin.h"
#include "base/err.h"
#include "exact.h"

static struct pin pin_1234(unsigned tries)
{
	struct pin pin;

	assert_int_equal(pin_init(&pin, bytes_of_string("1234"), tries), 0);
	return pin;
}

static enum sw try_hex(struct pin *pin, const char *hex)
{
	struct exact candidate = exact_of_hex(hex);
	enum sw sw = pin_verify(pin, candidate.bytes);

	exact_free(&candidate);
	return sw;
}

static void counts_down_blocks_and_stays_blocked(void **state)
{
	struct pin pin = pin_1234(3);

	assert_int_equal(pin_status(&pin), 0x63C3);
	assert_int_equal(try_hex(&pin, "31323335"), 0x63C2);
	assert_int_equal(try_hex(&pin, "31323335"), 0x63C1);
	assert_int_equal(try_hex(&pin, "31323335"), 0x63C0);
	assert_int_equal(pin_status(&pin), SW_AUTH_BLOCKED);
	assert_int_equal(try_hex(&pin, "31323334"), SW_AUTH_BLOCKED);
}

static void right_one_gives_all_tries_again(void **state)
{
	struct pin pin = pin_1234(3);

	assert_int_equal(try_hex(&pin, "00"), 0x63C2);
	assert_int_equal(try_hex(&pin, "39"), 0x63C1);
	assert_int_equal(try_hex(&pin, "31323334"), SW_OK);
	assert_int_equal(pin_status(&pin), 0x63C3);
}

static const struct {
	const char *name, *candidate;
	enum sw want;
} candidates[] = {
	{ "right", "31323334", SW_OK },
	{ "padded with 00", "3132333400000000", SW_OK },
	{ "padded with FF, which is not padding here", "31323334FFFFFFFF", 0x63CE },
	{ "one digit too few", "313233", 0x63CE },
	{ "one digit too many", "3132333435", 0x63CE },
	{ "00 inside", "3132003334", 0x63CE },
	{ "nothing but padding", "00000000", 0x63CE },
	{ "longer than a PIN can be",
	    "3132333431323334313233343132333431323334313233343132333431323334313233343132",
	    0x63CE },
};

static void candidate_is_compared_whole(void **state)
{
	for (size_t i = 0; i < COUNT(candidates); i++) {
		struct pin pin = pin_1234(15);

		print_message("# %s\n", candidates[i].name);
		assert_int_equal(try_hex(&pin, candidates[i].candidate), candidates[i].want);
	}
}

static void impossible_pins_are_refused(void **state)
{
	uint8_t digits[PIN_SIZE_MAX + 1];
	struct pin pin;

	memset(digits, '1', sizeof digits);
	assert_int_equal(pin_init(&pin, bytes_of(digits, PIN_SIZE_MAX), 1), 0);
	assert_int_equal(pin_init(&pin, bytes_of(digits, PIN_SIZE_MAX + 1), 1), ERR_LIMIT);
	assert_int_equal(pin_init(&pin, bytes_of(digits, 0), 1), ERR_LIMIT);
	assert_int_equal(pin_init(&pin, bytes_of((const uint8_t *)"\0\0", 2), 1), ERR_LIMIT);
	assert_int_equal(pin_init(&pin, bytes_of(digits, 4), 0), ERR_LIMIT);
	assert_int_equal(pin_init(&pin, bytes_of(digits, 4), PIN_TRIES_MAX), 0);
	assert_int_equal(pin_init(&pin, bytes_of(digits, 4), PIN_TRIES_MAX + 1), ERR_LIMIT);
}

/* The counter falls with the first step, whatever becomes of the second. */
static void a_try_counts_before_it_is_made(void **state)
{
	struct pin pin = pin_1234(1);

	assert_true(pin_begin_try(&pin));
	assert_int_equal(pin_status(&pin), SW_AUTH_BLOCKED);
	assert_false(pin_begin_try(&pin));
	assert_int_equal(pin_end_try(&pin, bytes_of_string("1234")), SW_OK);
	assert_int_equal(pin_status(&pin), 0x63C1);
}

static void stored_length_must_be_sent_whole(void **state)
{
	struct pin pin = pin_1234(15);

	pin.stored = 8;
	pin.padding = 0xFF;
	assert_int_equal(try_hex(&pin, "31323334"), 0x63CE);
	assert_int_equal(try_hex(&pin, "3132333400000000"), 0x63CD);
	assert_int_equal(try_hex(&pin, "31323334FFFFFFFFFF"), 0x63CC);
	assert_int_equal(try_hex(&pin, "31323334FFFFFFFF"), SW_OK);
	assert_int_equal(pin_change(&pin, bytes_of_string("567890")), SW_WRONG_DATA);
	assert_int_equal(pin_change(&pin, bytes_of_string("567890\xFF\xFF")), SW_OK);
	assert_int_equal(try_hex(&pin, "313233343536FFFF"), 0x63CE);
	assert_int_equal(try_hex(&pin, "353637383930FFFF"), SW_OK);
}

static const struct {
	const char *name, *value;
	enum sw want;
} changes[] = {
	{ "shortest", "31323334", SW_OK },
	{ "padded", "313233340000", SW_OK },
	{ "longest", "313233343536", SW_OK },
	{ "too short", "313233", SW_WRONG_DATA },
	{ "too short without its padding", "31323300", SW_WRONG_DATA },
	{ "too long", "31323334353637", SW_WRONG_DATA },
	{ "nothing", "", SW_WRONG_DATA },
	{ "padding alone", "00000000", SW_WRONG_DATA },
	{ "padding in front", "0031323334", SW_WRONG_DATA },
};

static void new_value_has_limits(void **state)
{
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct pin pin = pin_1234(3);
		struct exact value = exact_of_hex(changes[i].value);

		print_message("# %s\n", changes[i].name);
		assert_int_equal(pin_change(&pin, bytes_of_string("987654")), SW_OK);
		pin.max = 6;
		assert_int_equal(pin_change(&pin, value.bytes), changes[i].want);
		if (changes[i].want == SW_OK)
			assert_int_equal(pin_verify(&pin, value.bytes), SW_OK);
		else
			assert_int_equal(pin_verify(&pin, bytes_of_string("987654")), SW_OK);
		exact_free(&value);
	}
}

static void unblocking_keeps_the_value(void **state)
{
	struct pin pin = pin_1234(1);

	assert_int_equal(try_hex(&pin, "00"), 0x63C0);
	pin_unblock(&pin);
	assert_int_equal(try_hex(&pin, "31323334"), SW_OK);
}

static void splits_behind_the_value(void **state)
{
	static const struct {
		const char *data;
		size_t stored, first, rest;
	} cases[] = {
		{ "313233343536", 0, 4, 2 },
		{ "31323334", 0, 4, 0 },
		{ "313233", 0, 3, 0 },
		{ "", 0, 0, 0 },
		{ "3132333435363738", 6, 6, 2 },
		{ "31323334", 6, 4, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].data);
		struct pin pin = pin_1234(3);
		struct bytes first;
		struct bytes rest;

		pin.stored = cases[i].stored;
		pin_split(&pin, data.bytes, &first, &rest);
		assert_int_equal(first.len, cases[i].first);
		assert_int_equal(rest.len, cases[i].rest);
		exact_free(&data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_down_blocks_and_stays_blocked),
		cmocka_unit_test(right_one_gives_all_tries_again),
		cmocka_unit_test(candidate_is_compared_whole),
		cmocka_unit_test(impossible_pins_are_refused),
		cmocka_unit_test(a_try_counts_before_it_is_made),
		cmocka_unit_test(stored_length_must_be_sent_whole),
		cmocka_unit_test(new_value_has_limits),
		cmocka_unit_test(unblocking_keeps_the_value),
		cmocka_unit_test(splits_behind_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
