/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in memory. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/contents.h"
#include "base/err.h"

#define LARGE 10000

static char path[] = "/tmp/contents-XXXXXX";

static int make(void **state)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	(void)close(fd);
	return 0;
}

static int drop(void **state)
{
	return unlink(path);
}

static void fill(size_t n)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	for (size_t i = 0; i < n; i++)
		assert_true(fputc((int)(i % 251), file) != EOF);
	assert_int_equal(fclose(file), 0);
}

static void any_size_up_to_the_limit_is_read(void **state)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, LARGE };
	struct buffer buffer;

	buffer_init(&buffer, LARGE);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		fill(sizes[i]);
		assert_int_equal(contents_load(path, &buffer), 0);
		assert_int_equal(buffer.len, sizes[i]);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(buffer.data[j], j % 251);
	}
	fill(LARGE + 1);
	assert_int_equal(contents_load(path, &buffer), ERR_LIMIT);
	assert_int_equal(buffer.len, 0);
	buffer_done(&buffer);
}

static void errno_says_why(void **state)
{
	struct buffer buffer;

	buffer_init(&buffer, LARGE);
	assert_int_equal(contents_load("/nonexistent/file", &buffer), ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(contents_load("/tmp", &buffer), ERR_IO);
	assert_int_equal(errno, EISDIR);
	buffer_done(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_size_up_to_the_limit_is_read),
		cmocka_unit_test(errno_says_why),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
