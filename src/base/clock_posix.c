/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time limits, on POSIX systems. */
#include <limits.h>
#include <time.h>

#include "base/clock.h"

#define NS_PER_MS 1000000

/* What the clock will show ns from now, in whole milliseconds. */
static int64_t milliseconds(long ns)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + (now.tv_nsec + ns) / NS_PER_MS;
}

int64_t clock_now(void)
{
	return milliseconds(0);
}

int64_t clock_deadline(int ms)
{
	if (ms < 0)
		return CLOCK_FOREVER;
	/* The millisecond under way counts as gone, or a wait would end up to one too early. */
	return milliseconds(ms > 0 ? NS_PER_MS - 1 : 0) + ms;
}

int clock_left(int64_t deadline)
{
	int64_t now = clock_now();

	if (deadline == CLOCK_FOREVER)
		return -1;
	if (deadline <= now)
		return 0;
	return deadline - now > INT_MAX ? INT_MAX : (int)(deadline - now);
}

void clock_wait(pthread_cond_t *condition, pthread_mutex_t *locked, int64_t deadline)
{
	struct timespec until;
	int left = clock_left(deadline);

	if (left < 0) {
		(void)pthread_cond_wait(condition, locked);
		return;
	}
	(void)clock_gettime(CLOCK_REALTIME, &until); /* what conditions go by */
	until.tv_sec += left / 1000;
	until.tv_nsec += (long)(left % 1000) * NS_PER_MS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void)pthread_cond_timedwait(condition, locked, &until);
}
