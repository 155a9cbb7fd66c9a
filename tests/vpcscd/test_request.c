/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to the control socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exact.h"
#include "vpcscd/request.h"

#define TEXT(text) text, sizeof text - 1

static const struct {
	const char *name;
	const char *in;
	size_t len;
	const char *wrong; /* part of the line; NULL: it is good */
	enum request_action action;
	size_t n_words;
} cases[] = {
	{ "eject", TEXT("eject\0000\0"), NULL, REQUEST_EJECT, 2 },
	{ "insert, by name", TEXT("insert\0My reader\0"), NULL, REQUEST_INSERT, 2 },
	{ "swap", TEXT("swap\0001\0"), NULL, REQUEST_SWAP, 2 },
	{ "swap with options", TEXT("swap\0001\0--type\0iso7816\0"), NULL, REQUEST_SWAP, 4 },
	{ "swap with an empty value", TEXT("swap\0001\0--seed\0\0"), NULL, REQUEST_SWAP, 4 },
	{ "nothing", TEXT(""), "words", 0, 0 },
	{ "not ended", TEXT("eject\0000"), "words", 0, 0 },
	{ "one empty word", TEXT("\0"), "eject, insert", 0, 0 },
	{ "no reader", TEXT("eject\0"), "which reader", 0, 0 },
	{ "empty reader", TEXT("eject\0\0"), "which reader", 0, 0 },
	{ "another word", TEXT("remove\0000\0"), "eject, insert", 0, 0 },
	{ "beginning of a word", TEXT("ejec\0000\0"), "eject, insert", 0, 0 },
	{ "longer word", TEXT("ejects\0000\0"), "eject, insert", 0, 0 },
	{ "capitals", TEXT("EJECT\0000\0"), "eject, insert", 0, 0 },
	{ "options for eject", TEXT("eject\0000\0--type\0iso7816\0"), "only swap", 0, 0 },
	{ "an empty option for insert", TEXT("insert\0000\0\0"), "only swap", 0, 0 },
};

static size_t count_words(char *const *words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

static void requests(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_copy(bytes_of((const uint8_t *)cases[i].in, cases[i].len));
		struct request request;
		const char *why = request_parse((char *)in.memory, in.bytes.len, &request);

		if (cases[i].wrong != NULL) {
			if (why == NULL || strstr(why, cases[i].wrong) == NULL)
				fail_msg("%s: %s", cases[i].name, why != NULL ? why : "taken");
		} else {
			if (why != NULL)
				fail_msg("%s: %s", cases[i].name, why);
			assert_int_equal(request.action, cases[i].action);
			assert_int_equal(count_words(request.words), cases[i].n_words);
			assert_ptr_equal(request.reader, request.words[1]);
		}
		exact_free(&in);
	}
}

static void every_truncation_is_refused(void **state)
{
	static const char whole[] = "swap\0001\0--type\0iso7816";

	for (size_t len = 0; len < sizeof whole; len++) {
		struct exact in = exact_copy(bytes_of((const uint8_t *)whole, len));
		struct request request;
		const char *why = request_parse((char *)in.memory, len, &request);

		/* But for those behind a word, which are requests of fewer words. */
		assert_true((why == NULL) == (len == 7 || len == 14));
		exact_free(&in);
	}
}

static void words_have_a_limit(void **state)
{
	char in[REQUEST_SIZE] = "swap\0001";
	struct request request;
	size_t len = 7;

	for (size_t n = 2; n <= REQUEST_WORDS_MAX; n++, len += 2) {
		assert_null(request_parse(in, len, &request));
		assert_int_equal(count_words(request.words), n);
		memcpy(in + len, "x", 2);
	}
	assert_non_null(request_parse(in, len, &request));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(words_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
