/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays pcscd's log. Keeps the last lines only: threads may write many. */
#include "captured_log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINES 64

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
	int priority;
	char text[512];
} lines[LINES];
static unsigned long n_lines;

EXPORT void log_msg(const int priority, const char *format, ...)
{
	va_list arguments;

	pthread_mutex_lock(&mutex);
	va_start(arguments, format);
	lines[n_lines % LINES].priority = priority;
	(void)vsnprintf(lines[n_lines % LINES].text, sizeof lines[0].text, format, arguments);
	va_end(arguments);
	n_lines++;
	pthread_mutex_unlock(&mutex);
}

void captured_log_clear(void)
{
	pthread_mutex_lock(&mutex);
	n_lines = 0;
	pthread_mutex_unlock(&mutex);
}

bool captured_log_has(int priority, const char *text)
{
	bool found = false;

	pthread_mutex_lock(&mutex);
	for (unsigned long i = 0; i < LINES && i < n_lines; i++)
		found =
		    found || (lines[i].priority == priority && strstr(lines[i].text, text) != NULL);
	pthread_mutex_unlock(&mutex);
	return found;
}
