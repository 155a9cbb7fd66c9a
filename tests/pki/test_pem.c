/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM: the examples of RFC 4648, 10, and what is not PEM. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "exact.h"
#include "pki/pem.h"

static const char *const examples[][2] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static int take(const char *text, char label[PEM_LABEL_SIZE], struct writer *out)
{
	struct exact e = exact_copy(bytes_of_string(text));
	struct bytes rest = e.bytes;
	int r = pem_take(&rest, label, out);

	exact_free(&e);
	return r;
}

static void test_examples(void **state)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		const char *line_end = examples[i][1][0] != '\0' ? "\n" : "";
		char label[PEM_LABEL_SIZE];
		uint8_t memory[256];
		uint8_t back[16];
		char want[256];
		struct writer w;
		struct writer out;

		(void)snprintf(want, sizeof want, "-----BEGIN X Y-----\n%s%s-----END X Y-----\n",
		    examples[i][1], line_end);
		writer_init(&w, memory, sizeof memory);
		pem_put("X Y", bytes_of_string(examples[i][0]), &w);
		assert_true(bytes_equal(writer_bytes(&w), bytes_of_string(want)));
		assert_true(pem_is_text(writer_bytes(&w)));
		writer_init(&out, back, sizeof back);
		assert_int_equal(take(want, label, &out), 0);
		assert_string_equal(label, "X Y");
		assert_true(bytes_equal(writer_bytes(&out), bytes_of_string(examples[i][0])));
	}
}

static void test_lines(void **state)
{
	char label[PEM_LABEL_SIZE];
	uint8_t memory[512];
	uint8_t content[100];
	uint8_t back[100];
	struct bytes rest;
	struct writer w;
	struct writer out;

	for (size_t i = 0; i < sizeof content; i++)
		content[i] = (uint8_t)(i * 7);
	writer_init(&w, memory, sizeof memory);
	writer_put(&w, bytes_of_string("words before\n"));
	pem_put("A", BYTES_OF_ARRAY(content), &w);
	pem_put("B", bytes_of_string("b"), &w);
	assert_true(writer_done(&w));
	rest = writer_bytes(&w);
	writer_init(&out, back, sizeof back);
	assert_int_equal(pem_take(&rest, label, &out), 0);
	assert_true(bytes_equal(writer_bytes(&out), BYTES_OF_ARRAY(content)));
	writer_reset(&out);
	assert_int_equal(pem_take(&rest, label, &out), 0);
	assert_string_equal(label, "B");
	assert_int_equal(pem_take(&rest, label, &out), ERR_NOT_FOUND);
	rest = writer_bytes(&w);
	writer_init(&out, back, 99);
	assert_int_equal(pem_take(&rest, label, &out), ERR_LIMIT);
}

static const struct {
	const char *name, *text;
	int want;
} wrong[] = {
	{ "nothing", "", ERR_NOT_FOUND },
	{ "no end", "-----BEGIN A-----\nZm9v\n", ERR_FORMAT },
	{ "another end", "-----BEGIN A-----\nZm9v\n-----END B-----\n", ERR_FORMAT },
	{ "an end without end", "-----BEGIN A-----\nZm9v\n-----END A", ERR_FORMAT },
	{ "a foreign character", "-----BEGIN A-----\nZm9*\n-----END A-----\n", ERR_FORMAT },
	{ "a character too few", "-----BEGIN A-----\nZm9\n-----END A-----\n", ERR_FORMAT },
	{ "more after the end", "-----BEGIN A-----\nZg==Zm9v\n-----END A-----\n", ERR_FORMAT },
	{ "padding inside", "-----BEGIN A-----\nZg=v\n-----END A-----\n", ERR_FORMAT },
	{ "padding only", "-----BEGIN A-----\n====\n-----END A-----\n", ERR_FORMAT },
	{ "bits that are lost", "-----BEGIN A-----\nZh==\n-----END A-----\n", ERR_FORMAT },
	{ "blanks and line ends of others", "x-----BEGIN A-----\r\n Zm 9v\r\n-----END A-----", 0 },
};

static void test_wrong(void **state)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char label[PEM_LABEL_SIZE];
		uint8_t memory[64];
		struct writer out;
		int r;

		writer_init(&out, memory, sizeof memory);
		r = take(wrong[i].text, label, &out);
		if (r != wrong[i].want)
			fail_msg("%s: %d", wrong[i].name, r);
	}
}

static void test_long_label(void **state)
{
	char text[256] = "-----BEGIN ";
	char label[PEM_LABEL_SIZE];
	uint8_t memory[8];
	struct writer out;

	memset(text + strlen(text), 'A', PEM_LABEL_SIZE);
	memcpy(text + strlen(text), "-----", 6);
	writer_init(&out, memory, sizeof memory);
	assert_int_equal(take(text, label, &out), ERR_FORMAT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_long_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
