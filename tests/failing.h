/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets an allocation of the code under test fail: link with failing_dep, which puts itself before malloc(),
 * calloc() and realloc() as our own libraries call them. */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdbool.h>

/* The n-th allocation from now on fails, once; 0: the next one. */
void failing_after(unsigned n);

/* No allocation fails any more. Whether one had failed. */
bool failing_stop(void);

#endif
