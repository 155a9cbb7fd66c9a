/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log lines: levels, the sink, and text from elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

static char last[4096];
static enum log_level last_level;
static unsigned n_lines;

static void keep(enum log_level level, const char *line)
{
	(void)snprintf(last, sizeof last, "%s", line);
	last_level = level;
	n_lines++;
}

static int capture(void **state)
{
	last[0] = '\0';
	n_lines = 0;
	log_set_sink(keep);
	return 0;
}

static int release(void **state)
{
	log_set_sink(NULL);
	log_set_level(LOG_LEVEL_WARNING);
	return 0;
}

static void warnings_and_errors_at_start(void **state)
{
	assert_true(log_wants(LOG_LEVEL_ERROR));
	assert_true(log_wants(LOG_LEVEL_WARNING));
	assert_false(log_wants(LOG_LEVEL_INFO));
}

static void levels(void **state)
{
	for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_TRACE; level++) {
		log_set_level((enum log_level)level);
		n_lines = 0;
		log_error("e");
		log_warning("w");
		log_info("i");
		log_debug("d");
		log_trace("t");
		assert_int_equal(n_lines, level + 1);
		assert_int_equal(last_level, level);
		assert_int_equal(last[0], "ewidt"[level]);
	}
}

static void formats(void **state)
{
	log_warning("%s %d%%", "text", 42);
	assert_string_equal(last, "text 42%");
}

/* A long line is cut, and ends. */
static void long_lines(void **state)
{
	char text[3000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	log_error("%s", text);
	assert_in_range(strlen(last), 1000, 1024);
	assert_int_equal(last[strlen(last) - 1], 'x');
}

/* Without a sink lines go to stderr, each with its level if that is a bad one. */
static void to_stderr(void **state)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	char text[100];
	size_t len;

	assert_non_null(file);
	assert_true(saved >= 0);
	log_set_sink(NULL);
	log_set_level(LOG_LEVEL_INFO);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	log_error("one");
	log_warning("two");
	log_info("three");
	log_debug("four");
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved), 0);
	rewind(file);
	len = fread(text, 1, sizeof text - 1, file);
	text[len] = '\0';
	assert_string_equal(text, "error: one\nwarning: two\nthree\n");
	assert_int_equal(fclose(file), 0);
}

static const struct {
	const char *in;
	size_t len, size;
	const char *want;
} escapes[] = {
	{ "", 0, 10, "" },
	{ "abc ~", 5, 10, "abc ~" },
	{ "\n", 1, 10, "\\x0A" },
	{ "\0a", 2, 10, "\\x00a" },
	{ "\x1F\x7F\x80\xFF", 4, 20, "\\x1F\\x7F\\x80\\xFF" },
	{ "\\x0A", 4, 10, "\\x5Cx0A" }, /* so that what is read is one thing only */
	{ "\x1B[2J", 4, 10, "\\x1B[2J" },
	{ "abc", 3, 4, "abc" },
	{ "abc", 3, 3, "ab" },
	{ "abc", 3, 1, "" },
	{ "a\n", 2, 6, "a\\x0A" },
	{ "a\n", 2, 5, "a" }, /* no half escapes */
	{ "a\nb", 3, 5, "a" },
};

static void escaped(void **state)
{
	for (size_t i = 0; i < COUNT(escapes); i++) {
		char *out = malloc(escapes[i].size);
		struct bytes in = bytes_of((const uint8_t *)escapes[i].in, escapes[i].len);

		assert_non_null(out);
		assert_ptr_equal(log_escape(in, out, escapes[i].size), out);
		assert_string_equal(out, escapes[i].want);
		free(out);
	}
	assert_null(log_escape(bytes_of_string("a"), NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(warnings_and_errors_at_start),
		cmocka_unit_test_setup_teardown(levels, capture, release),
		cmocka_unit_test_setup_teardown(formats, capture, release),
		cmocka_unit_test_setup_teardown(long_lines, capture, release),
		cmocka_unit_test_setup_teardown(to_stderr, capture, release),
		cmocka_unit_test(escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
