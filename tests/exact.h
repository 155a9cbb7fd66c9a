/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test input in heap blocks of exactly its size, so that ASan and valgrind see each read past its end.
 * Include after cmocka.h. */
#ifndef TESTS_EXACT_H
#define TESTS_EXACT_H

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/writer.h"

struct exact {
	uint8_t *memory; /* not NULL */
	struct bytes bytes;
};

static inline struct exact exact_copy(struct bytes in)
{
	struct exact e = { .memory = malloc(in.len > 0 ? in.len : 1) };

	if (e.memory == NULL)
		abort();
	if (in.len > 0)
		memcpy(e.memory, in.data, in.len);
	e.bytes = bytes_of(e.memory, in.len);
	return e;
}

/* The bytes that hexadecimal text stands for; a mistake in it fails the test. */
static inline struct exact exact_of_hex(const char *hex)
{
	size_t cap = strlen(hex) / 2 + 1;
	uint8_t *memory = malloc(cap);
	struct writer w;
	struct exact e;

	assert_non_null(memory);
	writer_init(&w, memory, cap);
	assert_true(hex_decode(hex, &w));
	e = exact_copy(writer_bytes(&w));
	free(memory);
	return e;
}

static inline void exact_free(struct exact *e)
{
	free(e->memory);
	*e = (struct exact){ 0 };
}

/* Fails the test, and prints both, unless got is what the hexadecimal text says. */
static inline void assert_bytes_hex(struct bytes got, const char *hex)
{
	struct exact want = exact_of_hex(hex);

	assert_int_equal(got.len, want.bytes.len);
	if (got.len > 0)
		assert_memory_equal(got.data, want.bytes.data, got.len);
	exact_free(&want);
}

/* Whether view lies inside memory (an empty view does). */
static inline bool exact_holds(struct bytes memory, struct bytes view)
{
	return view.len == 0 ||
	    (view.data >= memory.data && view.len <= memory.len &&
	        (size_t)(view.data - memory.data) <= memory.len - view.len);
}

#endif
