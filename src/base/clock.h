/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time limits, in milliseconds of a clock that never jumps. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

#define CLOCK_FOREVER INT64_MAX /* a deadline that never comes */

int64_t clock_now(void);

/* The first moment that lies ms or more from now, never less; a negative ms means never. */
int64_t clock_deadline(int ms);

/* What is left until deadline: 0 when it has passed, -1 for CLOCK_FOREVER: what poll() takes. */
int clock_left(int64_t deadline);

/* Waits on a condition until it is signalled, or the deadline has come; may return earlier. */
void clock_wait(pthread_cond_t *condition, pthread_mutex_t *locked, int64_t deadline);

#endif
