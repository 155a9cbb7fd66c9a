/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that runs out where a test wants it to. A test that uses this lists alloc_dep among its
 * dependencies; it governs the allocations of the program and its static libraries, not those inside
 * libc and shared libraries. For one thread. */
#ifndef TESTS_ALLOC_H
#define TESTS_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* The n-th allocation from now on fails (1: the next); 0: none does. */
void alloc_fail_at(size_t n);

/* From now on none fails. Whether one has, since alloc_fail_at(). */
bool alloc_stop(void);

/* Runs work again and again, with the first, the second, ... allocation failing, until in one run none
 * did. work must return ERR_NO_MEMORY whenever one failed, and 0 in the end, and leave nothing behind;
 * otherwise false. *runs: the number of failures that it went through. */
bool alloc_fail_each(int (*work)(void *context), void *context, size_t *runs);

/* Calls watch before each free() of a block that is not NULL; NULL: no more. */
void alloc_watch_free(void (*watch)(const void *block));

#endif
