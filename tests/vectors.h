/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads tests/vectors/: published worked examples, a "name = hex" or "name = text:characters" a line. Include
 * after cmocka.h. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <stdio.h>

#include "exact.h"

#define VECTORS_LINE_MAX 16384

/* Whether line gives the value of name; then *value is where it begins. */
static inline bool vectors_match(char *line, const char *name, char **value)
{
	size_t n = strlen(name);

	if (strncmp(line, name, n) != 0 || strncmp(line + n, " = ", 3) != 0)
		return false;
	*value = line + n + 3;
	(*value)[strcspn(*value, "\n")] = '\0';
	return true;
}

/* Whether tests/vectors/FILE.txt has the value; then *out is it. */
static inline bool vectors_find(const char *file, const char *name, struct exact *out)
{
	static char line[VECTORS_LINE_MAX];
	const char *root = getenv("SOURCE_ROOT");
	char path[4096];
	char *value;
	bool found = false;
	FILE *stream;

	snprintf(path, sizeof path, "%s/tests/vectors/%s.txt", root != NULL ? root : ".", file);
	stream = fopen(path, "r");
	if (stream == NULL)
		fail_msg("cannot open %s", path);
	while (!found && fgets(line, sizeof line, stream) != NULL) {
		if (!vectors_match(line, name, &value))
			continue;
		found = true;
		if (strncmp(value, "text:", 5) == 0)
			*out = exact_copy(bytes_of_string(value + 5));
		else
			*out = exact_of_hex(value);
	}
	fclose(stream);
	return found;
}

/* The value, which must be there. */
static inline struct exact vectors_get(const char *file, const char *name)
{
	struct exact value = { 0 };

	if (!vectors_find(file, name, &value))
		fail_msg("%s.txt has no %s", file, name);
	return value;
}

/* Fails the test unless got is the value. */
static inline void assert_vector(struct bytes got, const char *file, const char *name)
{
	struct exact want = vectors_get(file, name);

	if (!bytes_equal(got, want.bytes))
		fail_msg("%s.txt: %s is not reproduced", file, name);
	exact_free(&want);
}

#endif
