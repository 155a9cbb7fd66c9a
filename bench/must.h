/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a measuring program takes for granted; and in the words of the tests, for their headers, which are used here without
 * the library of the tests. */
#ifndef BENCH_MUST_H
#define BENCH_MUST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program where it is not so. */
static inline void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

#define assert_true(good) must(good, #good)
#define assert_false(bad) must(!(bad), #bad)
#define assert_null(pointer) must((pointer) == NULL, #pointer)
#define assert_non_null(pointer) must((pointer) != NULL, #pointer)
#define assert_int_equal(a, b) must((uintmax_t)(a) == (uintmax_t)(b), #a " is " #b)
#define assert_int_not_equal(a, b) must((uintmax_t)(a) != (uintmax_t)(b), #a " is not " #b)
#define assert_memory_equal(a, b, n) must(memcmp(a, b, n) == 0, #a " is " #b)
#define assert_string_equal(a, b) must(strcmp(a, b) == 0, #a " is " #b)
#define print_message(...) ((void)0)

#endif
