/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cmdline.h"

enum { OPTION_PORT, OPTION_VERBOSE, OPTION_VERSION, OPTION_CA, OPTION_CA_KEY };

static const struct cmdline_option first[] = {
	{ OPTION_PORT, 'P', "port", "NUMBER", "help" },
	{ OPTION_VERBOSE, 'v', "verbose", NULL, "help" },
	{ OPTION_VERSION, 0, "version", NULL, "help" },
};
static const struct cmdline_option second[] = {
	{ OPTION_CA, 0, "ca", "FILE", "help" },
	{ OPTION_CA_KEY, 0, "ca-key", "FILE", "help" },
};

/* Reads all words and writes what came of them as text: "port=5 verbose [operand] end". */
static void read_all(char **argv, char *text, size_t size)
{
	struct cmdline line;
	size_t used = 0;

	cmdline_init(&line, argv);
	cmdline_add(&line,
	    (struct cmdline_table){
	        .title = "First", .options = first, .n_options = COUNT(first) });
	cmdline_add(&line,
	    (struct cmdline_table){
	        .title = "Second", .options = second, .n_options = COUNT(second) });
	text[0] = '\0';
	for (;;) {
		enum cmdline_kind kind = cmdline_next(&line);

		if (kind == CMDLINE_END) {
			(void)snprintf(text + used, size - used, "end%s%s",
			    line.rest != NULL ? " rest " : "",
			    line.rest != NULL && line.rest[0] != NULL ? line.rest[0] : "");
			return;
		}
		if (kind == CMDLINE_ERROR) {
			(void)snprintf(text + used, size - used, "error %s", line.error);
			return;
		}
		if (kind == CMDLINE_OPERAND)
			used += (size_t)snprintf(text + used, size - used, "[%s] ", line.value);
		else
			used += (size_t)snprintf(text + used, size - used, "%s%s%s ",
			    line.option->name, line.value != NULL ? "=" : "",
			    line.value != NULL ? line.value : "");
	}
}

static const struct {
	const char *name;
	const char *words[5];
	const char *want;
} cases[] = {
	{ "nothing", { NULL }, "end" },
	{ "letter, value in the next word", { "-P", "5" }, "port=5 end" },
	{ "letter, value in the same word", { "-P5" }, "port=5 end" },
	{ "letters together", { "-vvv" }, "verbose verbose verbose end" },
	{ "letters together, the last with a value", { "-vP", "5" }, "verbose port=5 end" },
	{ "letters together, value in the same word", { "-vP5" }, "verbose port=5 end" },
	{ "name, value in the next word", { "--port", "5" }, "port=5 end" },
	{ "name, value behind =", { "--port=5" }, "port=5 end" },
	{ "empty value behind =", { "--port=" }, "port= end" },
	{ "value that looks like an option", { "--port", "--version" }, "port=--version end" },
	{ "beginning of a name", { "--po", "5" }, "port=5 end" },
	{ "exact name that also begins another", { "--ca", "x" }, "ca=x end" },
	{ "name of the second table", { "--ca-k=x" }, "ca-key=x end" },
	{ "operand", { "a", "-v", "-" }, "[a] verbose [-] end" },
	{ "rest", { "-v", "--", "-v" }, "verbose end rest -v" },
	{ "empty rest", { "--" }, "end rest " },
	{ "beginning of two names", { "--ver" },
	    "error --ver: fits more than one option; write it in full" },
	{ "unknown name", { "-v", "--nothing=1" },
	    "verbose error --nothing: unknown option; --help lists all" },
	{ "unknown letter", { "-vx" }, "verbose error -x: unknown option; --help lists all" },
	{ "no name", { "--=1" }, "error --: unknown option; --help lists all" },
	{ "name without its value", { "--port" }, "error --port: a value is missing" },
	{ "letter without its value", { "-P" }, "error -P: a value is missing" },
	{ "value where none belongs", { "--verbose=1" },
	    "error --verbose: this option takes no value" },
	{ "line end in a word", { "--a\nb" }, "error --a\\x0Ab: unknown option; --help lists all" },
};

static void words_become_options(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char copies[5][32], text[256];
		char *argv[7] = { NULL };

		argv[0] = copies[0];
		for (size_t w = 0; w < 5 && cases[i].words[w] != NULL; w++) {
			(void)snprintf(copies[w], sizeof copies[w], "%s", cases[i].words[w]);
			argv[w + 1] = copies[w];
		}
		read_all(argv, text, sizeof text);
		if (strcmp(text, cases[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, text, cases[i].want);
	}
}

static void a_program_without_a_name_has_no_options(void **state)
{
	char *argv[] = { NULL };
	char text[64];

	read_all(argv, text, sizeof text);
	assert_string_equal(text, "end");
}

static void a_long_wrong_word_is_cut(void **state)
{
	static char word[2000];
	char *argv[] = { word, word, NULL };
	char text[512];

	memset(word, 'x', sizeof word - 1);
	word[0] = word[1] = '-';
	read_all(argv, text, sizeof text);
	assert_true(strlen(text) < CMDLINE_ERROR_SIZE);
	assert_non_null(strstr(text, "unknown option"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_options),
		cmocka_unit_test(a_program_without_a_name_has_no_options),
		cmocka_unit_test(a_long_wrong_word_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
