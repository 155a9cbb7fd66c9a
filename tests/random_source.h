/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of random numbers that all tests of a group share. Include after cmocka.h. */
#ifndef TESTS_RANDOM_SOURCE_H
#define TESTS_RANDOM_SOURCE_H

#include "crypto/random.h"

static struct random *random_source;

/* For cmocka_run_group_tests(). */
static inline int random_source_set_up(void **state)
{
	return random_new(bytes_of(NULL, 0), &random_source);
}

static inline int random_source_tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

#endif
