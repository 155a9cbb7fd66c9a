/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of card types, from the command line to create(): two types that share a name, own error lines,
 * what only all options together tell, and why a card cannot be made. The types here stand in place of the
 * program's table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cards/cards.h"
#include "cards/make.h"

#define WORDS_MAX 6
#define WORD_SIZE 24

static const uint8_t atr[] = { 0x3B, 0x80 };

struct own {
	const char *number;
	const char *file;
};

static int parse_number(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	const int digits = (int)strspn(value, "0123456789");

	assert_string_equal(error, "");
	((struct own *)own)->number = value;
	if (strlen(value) == 6)
		return digits == 6 ? 0 : ERR_FORMAT;
	(void)snprintf(error, CARD_ERROR_SIZE, "%zu digits are not 6", strlen(value));
	return ERR_FORMAT;
}

static int parse_file(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct own *)own)->file = value;
	return 0;
}

static int check(const void *own, char error[CARD_ERROR_SIZE])
{
	const struct own *options = own;

	if (options->file == NULL || options->number != NULL)
		return 0;
	(void)snprintf(error, CARD_ERROR_SIZE, "--file-of: belongs to --number");
	return ERR_FORMAT;
}

static int create(struct card *card, const struct card_setup *setup, void **state)
{
	const struct own *options = setup->own;

	if (options == NULL || options->file == NULL)
		return 0;
	return card_setup_fail(setup, ERR_NOT_FOUND, "--file-of %s: no such file", options->file);
}

static const struct card_option one_options[] = {
	{ { CARD_OPTION_ID, 0, "number", "NUMBER", "a number" }, "a number of six digits",
	    parse_number },
};

static const struct card_option two_options[] = {
	{ { CARD_OPTION_ID, 'n', "number", "NUMBER", "a number" }, "a number of six digits",
	    parse_number },
	{ { CARD_OPTION_ID, 0, "file-of", "FILE", "a file" }, "the name of a file", parse_file },
};

static const struct card_type plain = {
	.name = "iso7816",
	.summary = "has no options",
	.atr = { atr, sizeof atr },
};

static const struct card_type one = {
	.name = "one",
	.summary = "has one option",
	.atr = { atr, sizeof atr },
	.options = one_options,
	.n_options = COUNT(one_options),
	.own_size = sizeof(struct own),
};

static const struct card_type two = {
	.name = "two",
	.summary = "has two options",
	.atr = { atr, sizeof atr },
	.options = two_options,
	.n_options = COUNT(two_options),
	.own_size = sizeof(struct own),
	.check = check,
	.create = create,
};

const struct card_type *const cards[] = { &plain, &one, &two };
const size_t cards_count = COUNT(cards);

const struct card_type *cards_find(const char *name)
{
	for (size_t i = 0; i < cards_count; i++)
		if (strcmp(cards[i]->name, name) == 0)
			return cards[i];
	return NULL;
}

/* Reads the words as the programs do. 0, or the error is in out. */
static int read_words(char words[WORDS_MAX][WORD_SIZE], struct card_options *options,
    char out[CARD_OPTIONS_ERROR_SIZE])
{
	char program[] = "card";
	char *argv[WORDS_MAX + 2] = { program };
	struct cmdline line;

	for (size_t i = 0; i < WORDS_MAX && words[i][0] != '\0'; i++)
		argv[i + 1] = words[i];
	cmdline_init(&line, argv);
	card_options_add(&line);
	card_options_init(options);
	for (;;) {
		switch (cmdline_next(&line)) {
		case CMDLINE_OPTION:
			if (card_options_set(options, line.option, line.value, out) < 0)
				return ERR_FORMAT;
			break;
		case CMDLINE_END:
			return card_options_check(options, out);
		case CMDLINE_OPERAND:
		case CMDLINE_ERROR:
			(void)snprintf(out, CARD_OPTIONS_ERROR_SIZE, "%s", line.error);
			return ERR_FORMAT;
		}
	}
}

static const struct {
	char words[WORDS_MAX][WORD_SIZE]; /* behind the program's name */
	const char *error;                /* empty: none */
} command_lines[] = {
	{ { "" }, "" }, { { "-tone", "--number=123456" }, "" },
	{ { "-ttwo", "--number=123456" }, "" }, { { "-ttwo", "-n123456" }, "" },
	{ { "-ttwo", "--numb=123456", "--file-of=x" }, "" },
	{ { "-tone", "--number=12345x" }, "--number 12345x: give a number of six digits" },
	{ { "-ttwo", "--number=12345" }, "--number: 5 digits are not 6" },
	{ { "--number=123456" },
	    "--number: belongs to the card type one or two; put it behind --type one or two" },
	{ { "-tone", "--file-of=x" },
	    "--file-of: belongs to the card type two; put it behind --type two" },
	{ { "-ttwo", "--file-of=x" }, "--file-of: belongs to --number" },
	{ { "-ttwo", "--no-save", "--file-of=x" }, "--no-save: belongs to --file" },
	{ { "-tone", "--file=x", "--number=123456" },
	    "--number: is for a new card, not for the one that --file takes out of an image" },
	{ { "-tone", "--number=123456", "-ttwo", "--file=x" }, "" }, /* and is of type two */
};

static void each_type_has_its_own(void **state)
{
	for (size_t i = 0; i < COUNT(command_lines); i++) {
		char error[CARD_OPTIONS_ERROR_SIZE] = "", words[WORDS_MAX][WORD_SIZE];
		struct card_options options;
		int r;

		print_message("# %zu\n", i);
		memcpy(words, command_lines[i].words, sizeof words);
		r = read_words(words, &options, error);
		assert_string_equal(error, command_lines[i].error);
		assert_int_equal(r, error[0] == '\0' ? 0 : ERR_FORMAT);
	}
}

static void create_says_why_not(void **state)
{
	char words[WORDS_MAX][WORD_SIZE] = { "-ttwo", "-n123456", "--file-of=nothing" };
	char error[CARD_OPTIONS_ERROR_SIZE] = "";
	struct card_options options;
	struct card_setup setup;
	struct card *card = NULL;

	assert_int_equal(read_words(words, &options, error), 0);
	setup = card_options_setup(&options);
	assert_int_equal(make_card(&options, &setup, NULL, &card, error), ERR_NOT_FOUND);
	assert_string_equal(
	    error, "cannot make a card of type two: --file-of nothing: no such file");
	assert_int_equal(card_new(&two, &setup, &card), ERR_NOT_FOUND); /* nobody asks why */
	assert_null(card);
}

static void help_lists_the_types(void **state)
{
	char program[] = "card", *argv[] = { program, NULL };
	struct cmdline line;
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	cmdline_init(&line, argv);
	card_options_add(&line);
	cmdline_help(&line, to);
	assert_int_equal(fclose(to), 0);
	assert_non_null(strstr(text,
	    "\nCard types, for --type:\n"
	    "  iso7816                     has no options\n"
	    "  one                         has one option\n"
	    "  two                         has two options\n"
	    "\nCard, behind --type one:\n"
	    "      --number NUMBER         a number\n"
	    "\nCard, behind --type two:\n"
	    "  -n, --number NUMBER         a number\n"
	    "      --file-of FILE          a file\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_has_its_own),
		cmocka_unit_test(help_lists_the_types),
		cmocka_unit_test(create_says_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
