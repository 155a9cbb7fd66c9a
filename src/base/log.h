/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log lines. Library code says nothing above debug; programs and the driver say the rest. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/bytes.h"

enum log_level {
	LOG_LEVEL_ERROR,   /* we failed */
	LOG_LEVEL_WARNING, /* we went on in spite of something */
	LOG_LEVEL_INFO,    /* connected, selected */
	LOG_LEVEL_DEBUG,   /* one line an APDU */
	LOG_LEVEL_TRACE,   /* bytes and decoded objects */
};

/* Receives each line, without line end. May be called from several threads at once. */
typedef void log_sink(enum log_level level, const char *line);

/* The level up to which lines are passed on (LOG_LEVEL_WARNING at start) and where they go (stderr,
 * "error: text", at start; NULL sets that again). Set before threads are started. */
void log_set_level(enum log_level level);
void log_set_sink(log_sink *sink);
bool log_wants(enum log_level level);

void log_line(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)
#define log_trace(...) log_line(LOG_LEVEL_TRACE, __VA_ARGS__)

/* Makes text from elsewhere fit to print: other than printable ASCII becomes \xNN. Writes at most
 * size bytes, NUL included, to out; what does not fit is cut. Returns out. */
char *log_escape(struct bytes in, char *out, size_t size);

#endif
