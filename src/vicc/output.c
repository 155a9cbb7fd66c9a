/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where vicc's log lines go. */
#include "vicc/output.h"

#include <stdio.h>
#include <time.h>

#include "base/log.h"

static void plain(enum log_level level, const char *line)
{
	fprintf(stderr, "vicc: %s%s\n", level == LOG_LEVEL_WARNING ? "warning: " : "", line);
}

static void with_time(enum log_level level, const char *line)
{
	static const char *const names[] = { "ERROR", "WARNING", "INFO", "DEBUG", "TRACE" };
	struct timespec now;
	struct tm local;
	char date[32] = "";

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (localtime_r(&now.tv_sec, &local) != NULL)
		(void)strftime(date, sizeof date, "%d.%m.%Y %H:%M:%S", &local);
	fprintf(stderr, "%s.%03ld  [%s] %s\n", date, now.tv_nsec / 1000000, names[level], line);
}

void output_init(unsigned verbose)
{
	unsigned level = LOG_LEVEL_WARNING + verbose;

	log_set_level(level < LOG_LEVEL_TRACE ? (enum log_level)level : LOG_LEVEL_TRACE);
	log_set_sink(verbose == 0 ? plain : with_time);
	if (verbose > 0)
		(void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}
