/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time limits. */
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static int64_t monotonic_us(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t monotonic_ms(void)
{
	return monotonic_us() / 1000;
}

/* For long enough to see the milliseconds carry into the seconds. */
static void milliseconds_of_the_monotonic_clock(void **state)
{
	int64_t end = monotonic_ms() + 1100;
	int64_t last = 0;

	while (last < end) {
		int64_t before = monotonic_ms();
		int64_t now = clock_now();

		assert_true(now >= before && now <= monotonic_ms());
		assert_true(now >= last);
		last = now;
	}
}

static void never(void **state)
{
	assert_true(clock_deadline(-1) == CLOCK_FOREVER);
	assert_true(clock_deadline(INT_MIN) == CLOCK_FOREVER);
	assert_int_equal(clock_left(CLOCK_FOREVER), -1);
}

static void limits(void **state)
{
	assert_int_equal(clock_left(clock_deadline(0)), 0);
	assert_int_equal(clock_left(0), 0);
	assert_int_equal(clock_left(INT64_MIN), 0);
	assert_int_equal(clock_left(CLOCK_FOREVER - 1), INT_MAX);
	assert_in_range(clock_left(clock_deadline(INT_MAX)), INT_MAX - 60000, INT_MAX);
	assert_in_range(clock_left(clock_deadline(60000)), 1, 60001);
}

/* What clock_left() says is long enough to wait: behind it, nothing is left. */
static void passes(void **state)
{
	int64_t before = clock_now();
	int64_t deadline = clock_deadline(20);

	while (clock_left(deadline) > 0)
		(void)poll(NULL, 0, clock_left(deadline));
	assert_true(clock_now() >= deadline);
	assert_true(clock_now() - before >= 20);
	assert_int_equal(clock_left(deadline), 0);
}

/* Not a fraction of a millisecond before its time, wherever in a millisecond it began. */
static void never_early(void **state)
{
	for (int i = 0; i < 100; i++) {
		int64_t before = monotonic_us();
		int64_t deadline = clock_deadline(2);

		while (clock_left(deadline) > 0)
			;
		assert_true(monotonic_us() - before >= 2000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(milliseconds_of_the_monotonic_clock),
		cmocka_unit_test(never),
		cmocka_unit_test(limits),
		cmocka_unit_test(passes),
		cmocka_unit_test(never_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
