/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being asked to stop. */
#include "vicc/stop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

/* A signal handler reaches nothing but globals: what to interrupt, and that it was asked for. */
static struct icc *volatile stop_icc;
static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
	int saved = errno;

	stop_signal = number;
	if (stop_icc != NULL)
		icc_interrupt(stop_icc);
	errno = saved;
}

void stop_on_signals(struct icc *icc)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = (int)SA_RESETHAND; /* the second one does what the system does */
	(void)sigemptyset(&action.sa_mask);
	stop_icc = icc;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);

	/* A closed terminal or pipe is found by the write that fails. */
	action.sa_handler = SIG_IGN;
	action.sa_flags = 0;
	(void)sigaction(SIGPIPE, &action, NULL);
}

void stop_forget(void)
{
	stop_icc = NULL;
}

bool stop_wanted(void)
{
	return stop_signal != 0;
}

void stop_sleep(int ms)
{
	const int64_t deadline = clock_deadline(ms);
	int left;

	/* In slices, since a signal that comes just before nanosleep() does not end it. */
	while (!stop_wanted() && (left = clock_left(deadline)) > 0) {
		struct timespec slice = { 0,
			1000000L * (left < STOP_SLICE_MS ? left : STOP_SLICE_MS) };

		(void)nanosleep(&slice, NULL);
	}
}
