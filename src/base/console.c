/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a program's log lines go. Each line is written by one call, so that threads do not mix theirs. */
#include "base/console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

/* The process has one console; set at start. */
static const char *console_program;

static void plain(enum log_level level, const char *line)
{
	fprintf(stderr, "%s: %s%s\n", console_program,
	    level == LOG_LEVEL_WARNING ? "warning: " : "", line);
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

void console_init(const char *program, unsigned verbose)
{
	const unsigned most = LOG_LEVEL_TRACE - LOG_LEVEL_WARNING;
	unsigned level = LOG_LEVEL_WARNING + (verbose < most ? verbose : most);

	console_program = program;
	log_set_level((enum log_level)level);
	log_set_sink(verbose == 0 ? plain : with_time);
	if (verbose > 0)
		(void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

int console_end(const char *program, int status)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	fprintf(stderr, "%s: cannot write the output: %s\n", program, strerror(errno));
	return EXIT_FAILURE;
}
