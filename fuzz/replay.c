/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target once over each file of the folders named on the command line. An empty or missing
 * folder is a failure: it would test nothing. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define INPUT_MAX (1 << 20)

/* Runs one file, from a heap block of its exact size, so that ASan sees every read past the end. */
static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *input = malloc(INPUT_MAX);
	uint8_t *exact = NULL;
	size_t len;
	int r = -1;

	if (file == NULL || input == NULL)
		goto out;
	len = fread(input, 1, INPUT_MAX, file);
	exact = malloc(len > 0 ? len : 1);
	if (ferror(file) || exact == NULL)
		goto out;
	for (size_t i = 0; i < len; i++)
		exact[i] = input[i];
	(void)LLVMFuzzerTestOneInput(exact, len);
	r = 0;
out:
	if (r < 0)
		perror(path);
	free(exact);
	free(input);
	if (file != NULL)
		(void)fclose(file);
	return r;
}

/* The number of files run, or -1. */
static int run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int count = 0;

	if (dir == NULL) {
		perror(folder);
		return -1;
	}
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		count = run_file(path) < 0 ? -1 : count + 1;
	}
	(void)closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int count = run_folder(argv[i]);

		if (count < 0)
			return 1;
		total += count;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
