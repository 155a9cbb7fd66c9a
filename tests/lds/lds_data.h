/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a test passport of 2008 ("silver data set"), which are not part of this project: in the folder lds-bsi2008 of the
 * one that VICC_TEST_DATA names. Without it their tests are skipped, and say so. Include after cmocka.h. */
#ifndef TESTS_LDS_DATA_H
#define TESTS_LDS_DATA_H

#include <stdio.h>

#include "exact.h"

#define LDS_DATA_MAX 65536

/* False: there are none here. A file that is missing there fails the test. */
static inline bool lds_data(const char *name, struct exact *out)
{
	static uint8_t memory[LDS_DATA_MAX];
	const char *folder = getenv("VICC_TEST_DATA");
	char path[4096];
	size_t len;
	FILE *file;

	if (folder == NULL || folder[0] == '\0') {
		print_message("# skipped: VICC_TEST_DATA does not say where %s is\n", name);
		return false;
	}
	(void)snprintf(path, sizeof path, "%s/lds-bsi2008/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	len = fread(memory, 1, sizeof memory, file);
	assert_true(fclose(file) == 0 && len > 0 && len < sizeof memory);
	*out = exact_copy(bytes_of(memory, len));
	return true;
}

#endif
