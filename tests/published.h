/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published examples that are not part of this project, read from the folder that VICC_TEST_DATA names. Without it
 * their tests are skipped, and say so. Its folder lds-bsi2008 has the files of a test passport of 2008 ("silver data set").
 * Include after cmocka.h. */
#ifndef TESTS_PUBLISHED_H
#define TESTS_PUBLISHED_H

#include <stdio.h>

#include "exact.h"

#define PUBLISHED_MAX 65536

/* A file of the published examples. False: there are none here. A file that is missing there fails the test. */
static inline bool published_file(const char *name, struct exact *out)
{
	static uint8_t memory[PUBLISHED_MAX];
	const char *folder = getenv("VICC_TEST_DATA");
	char path[4096];
	size_t len;
	FILE *file;

	if (folder == NULL || folder[0] == '\0') {
		print_message("# skipped: VICC_TEST_DATA does not say where %s is\n", name);
		return false;
	}
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	len = fread(memory, 1, sizeof memory, file);
	assert_true(fclose(file) == 0 && len > 0 && len < sizeof memory);
	*out = exact_copy(bytes_of(memory, len));
	return true;
}

#endif
