/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in memory. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

static void all_is_written(void **state)
{
	static uint8_t contents[LARGE];
	struct buffer buffer;
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof contents; i++)
		contents[i] = (uint8_t)(i % 251);
	assert_true(contents_write(fd, bytes_of(contents, 0)));
	assert_true(contents_write(fd, bytes_of(contents, 1)));
	assert_true(contents_write(fd, bytes_of(contents + 1, sizeof contents - 1)));
	(void)close(fd);
	buffer_init(&buffer, LARGE);
	assert_int_equal(contents_load(path, &buffer), 0);
	assert_true(bytes_equal(buffer_bytes(&buffer), bytes_of(contents, sizeof contents)));
	buffer_done(&buffer);
}

/* A file that takes half of it. */
static void errno_says_why_not_all_is_written(void **state)
{
	static const uint8_t contents[LARGE];
	struct rlimit limit, small;
	struct stat status;
	bool good;
	int why;
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = limit;
	small.rlim_cur = LARGE / 2;
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	good = contents_write(fd, bytes_of(contents, sizeof contents));
	why = errno;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_false(good);
	assert_int_equal(why, EFBIG);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, LARGE / 2);
	(void)close(fd);
	assert_false(contents_write(-1, bytes_of(contents, 1)));
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_size_up_to_the_limit_is_read),
		cmocka_unit_test(all_is_written),
		cmocka_unit_test(errno_says_why_not_all_is_written),
		cmocka_unit_test(errno_says_why),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
