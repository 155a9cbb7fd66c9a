/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log lines. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_LEN 1024

static void to_stderr(enum log_level level, const char *line)
{
	static const char *const names[] = { "error: ", "warning: ", "", "", "" };

	fprintf(stderr, "%s%s\n", names[level], line);
}

/* The process has one log. Both are set at start, before there is a second thread. */
static enum log_level log_level = LOG_LEVEL_WARNING;
static log_sink *log_to = to_stderr;

void log_set_level(enum log_level level)
{
	log_level = level;
}

void log_set_sink(log_sink *sink)
{
	log_to = sink != NULL ? sink : to_stderr;
}

bool log_wants(enum log_level level)
{
	return level <= log_level;
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[LINE_MAX_LEN];
	va_list arguments;

	if (!log_wants(level))
		return;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	log_to(level, line);
}

char *log_escape(struct bytes in, char *out, size_t size)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t used = 0;

	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.data[i];

		if (c >= 0x20 && c < 0x7F && c != '\\') {
			if (size - used < 2)
				break;
			out[used++] = (char)c;
			continue;
		}
		if (size - used < 5)
			break;
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = digits[c >> 4];
		out[used++] = digits[c & 0x0F];
	}
	if (size > 0)
		out[used] = '\0';
	return out;
}
