/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends our log lines to pcscd's log, or, in a program that has none, to syslog. */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "base/compiler.h"
#include "base/log.h"

#define LEVEL_VARIABLE "VPCD_LOG" /* in the daemon's environment */

/* The levels of pcscd (PCSC-Lite's debuglog.h). Without -d it shows errors and what is worse. */
enum pcscd_level {
	PCSCD_DEBUG,
	PCSCD_INFO,
	PCSCD_ERROR,
};

/* Exported by pcscd for its drivers. */
EXPORT WEAK void log_msg(const int priority, const char *format, ...) PRINTF_LIKE(2, 3);

static const struct {
	const char *name;
	int pcscd, syslog;
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", PCSCD_ERROR, LOG_ERR },
	[LOG_LEVEL_WARNING] = { "warning", PCSCD_ERROR, LOG_WARNING },
	[LOG_LEVEL_INFO] = { "info", PCSCD_INFO, LOG_INFO },
	[LOG_LEVEL_DEBUG] = { "debug", PCSCD_DEBUG, LOG_DEBUG },
};

static void to_pcscd(enum log_level level, const char *line)
{
	if (log_msg != NULL)
		log_msg(levels[level].pcscd, "vpcd: %s", line);
	else
		syslog(levels[level].syslog, "vpcd: %s", line);
}

/* Info and worse, unless the variable names another level. Never the bytes of commands, which may hold a
 * PIN and would stay in the log. */
static enum log_level wanted_level(void)
{
	const char *name = getenv(LEVEL_VARIABLE);

	for (size_t i = 0; name != NULL && i < COUNT(levels); i++)
		if (strcmp(name, levels[i].name) == 0)
			return (enum log_level)i;
	return LOG_LEVEL_INFO;
}

/* Before pcscd calls anything, so that no thread can be there yet. */
AT_LOAD static void start_log(void)
{
	log_set_level(wanted_level());
	log_set_sink(to_pcscd);
}
