/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* handler_test: the delay of its time request. The rest is in handler_test.apdu. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cards/handler_test.h"
#include "exact.h"

static void note_sleep(void *self, unsigned milliseconds)
{
	*(unsigned *)self = milliseconds;
}

static unsigned delay_of(const char *command)
{
	unsigned slept = 0;
	const struct card_setup setup = { .sleep = note_sleep, .sleep_self = &slept };
	struct exact in = exact_of_hex(command);
	struct card *card = NULL;

	assert_int_equal(card_new(&card_handler_test, &setup, &card), 0);
	(void)card_command(card, in.bytes);
	card_free(card);
	exact_free(&in);
	return slept;
}

static void time_grows_with_p2(void **state)
{
	assert_int_equal(delay_of("80 38 00 00"), 0);
	assert_int_equal(delay_of("80 38 00 01"), 10);
	assert_int_equal(delay_of("80 38 00 40"), 640);
	assert_int_equal(delay_of("80 38 00 FF"), 2550);
	assert_int_equal(delay_of("80 38 01 FF"), 0);
	assert_int_equal(delay_of("80 34 00 FF FF"), 0);
}

static void time_really_passes(void **state)
{
	struct exact in = exact_of_hex("80 38 00 05");
	struct card *card = NULL;
	int64_t start;

	assert_int_equal(card_new(&card_handler_test, NULL, &card), 0);
	start = clock_now();
	assert_bytes_hex(card_command(card, in.bytes), "9000");
	assert_true(clock_now() - start >= 50);
	card_free(card);
	exact_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_grows_with_p2),
		cmocka_unit_test(time_really_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
