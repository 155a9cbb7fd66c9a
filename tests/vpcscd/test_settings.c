/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcscd's command line: which options make which readers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cards/cards.h"
#include "vpcscd/settings.h"

#define WORDS_MAX 40
#define LINE_MAX 400

/* Splits at blanks; what stands for a blank in a word is %. */
static void split(char *line, char *words[WORDS_MAX + 1])
{
	size_t n = 0;
	char *at = line;

	while (*at != '\0' && n < WORDS_MAX) {
		words[n++] = at;
		at += strcspn(at, " ");
		if (*at == ' ')
			*at++ = '\0';
	}
	words[n] = NULL;
	for (size_t i = 0; i < n; i++)
		for (char *c = words[i]; *c != '\0'; c++)
			if (*c == '%')
				*c = ' ';
}

/* "iso7816/seed 'name'; vpcd 35963 'name'; -- command" */
static void describe(const struct settings *settings, char *text, size_t size)
{
	size_t used = 0;

	for (unsigned i = 0; i < settings->n_readers; i++) {
		const struct reader_settings *reader = &settings->readers[i];
		const struct bytes seed = reader->card.setup.seed;

		if (reader->is_vpcd)
			used += (size_t)snprintf(text + used, size - used, "vpcd %u", reader->port);
		else
			used += (size_t)snprintf(text + used, size - used, "%s%s%s%s%s%.*s",
			    reader->card.type->name, reader->card.file != NULL ? "(" : "",
			    reader->card.file != NULL ? reader->card.file : "",
			    reader->card.file != NULL ? ")" : "", seed.len > 0 ? "/" : "",
			    (int)seed.len, seed.len > 0 ? (const char *)seed.data : "");
		used += (size_t)snprintf(text + used, size - used, " '%s'; ", reader->name);
	}
	if (settings->command != NULL)
		(void)snprintf(text + used, size - used, "-- %s", settings->command[0]);
}

#define FIRST "'Virtual PCD 00 00'; "
#define SECOND "'Virtual PCD 00 01'; "
#define THIRD "'Virtual PCD 00 02'; "

static const struct {
	const char *line;
	const char *want; /* the readers, or the error line's beginning */
} cases[] = {
	{ "", "iso7816 " FIRST },
	{ "--type handler_test", "handler_test " FIRST },
	{ "--seed 1", "iso7816/1 " FIRST },
	{ "--seed 1 --type handler_test", "handler_test/1 " FIRST },
	{ "--type handler_test --seed 1", "handler_test/1 " FIRST },
	{ "--seed 1 --type handler_test --seed 2", "handler_test/2 " FIRST },
	{ "-t iso7816 -t handler_test", "iso7816 " FIRST "handler_test " SECOND },
	{ "-t iso7816 --seed 1 -t iso7816 --seed 2", "iso7816/1 " FIRST "iso7816/2 " SECOND },
	{ "-t iso7816 --seed 1 -t iso7816", "iso7816/1 " FIRST "iso7816 " SECOND },
	{ "--vpcd 5", "vpcd 5 " FIRST },
	{ "--vpcd 5 --vpcd 6", "vpcd 5 " FIRST "vpcd 6 " SECOND },
	{ "--vpcd 0x8C7B", "vpcd 35963 " FIRST },
	{ "-t iso7816 --vpcd 5", "iso7816 " FIRST "vpcd 5 " SECOND },
	{ "--seed 1 --vpcd 5", "iso7816/1 " FIRST "vpcd 5 " SECOND },
	{ "--vpcd 5 -t handler_test", "vpcd 5 " FIRST "handler_test " SECOND },
	{ "--vpcd 5 -t iso7816 --seed 1 --vpcd 6",
	    "vpcd 5 " FIRST "iso7816/1 " SECOND "vpcd 6 " THIRD },
	{ "--reader-name A%B", "iso7816 'A B'; " },
	{ "--reader-name A -t handler_test", "handler_test 'A'; " },
	{ "--reader-name A --vpcd 5", "vpcd 5 'A'; " },
	{ "-t iso7816 --reader-name A -t iso7816", "iso7816 'A'; iso7816 " SECOND },
	{ "-t iso7816 -t iso7816 --reader-name A", "iso7816 " FIRST "iso7816 'A'; " },
	{ "--vpcd 5 --reader-name A", "vpcd 5 'A'; " },
	{ "--reader-name A --reader-name B", "iso7816 'B'; " },
	{ "-- a -x", "iso7816 " FIRST "-- a" },
	{ "-t handler_test -- --type", "handler_test " FIRST "-- --type" },
	{ "-- -- a", "iso7816 " FIRST "-- --" },

	{ "-t cryptoflex --model 16k", "cryptoflex " FIRST },
	{ "-t cryptoflex --model 16k -t iso7816", "cryptoflex " FIRST "iso7816 " SECOND },
	{ "--model 16k", "--model: belongs to the card type cryptoflex" },
	{ "-t cryptoflex -t iso7816 --model 16k", "--model: belongs to the card type cryptoflex" },
	{ "-t cryptoflex --model 64k", "--model 64k: give 8k, " },
	{ "-f a", "iso7816(a) " FIRST },
	{ "-f a -f b", "iso7816(a) " FIRST "iso7816(b) " SECOND },
	{ "-f a --type handler_test", "iso7816(a) " FIRST "handler_test " SECOND },
	{ "--type handler_test -f a", "handler_test(a) " FIRST },
	{ "-t iso7816 -f a -f b -t iso7816",
	    "iso7816(a) " FIRST "iso7816(b) " SECOND "iso7816 " THIRD },
	{ "--seed 1 -f a", "iso7816(a)/1 " FIRST },
	{ "--vpcd 5 -f a", "vpcd 5 " FIRST "iso7816(a) " SECOND },
	{ "-f a --no-save -f b", "iso7816(a) " FIRST "iso7816(b) " SECOND },
	{ "--file=", "--file: the name of the file is missing" },
	{ "--no-save", "--no-save: belongs to --file" },
	{ "-f a -t iso7816 --no-save", "--no-save: belongs to --file" },
	{ "-f a --no-save --save-image b", "--no-save, --save-image: give one or the other" },
	{ "-f a --encrypt", "--encrypt: belongs to --save-image" },
	{ "--image-password-file a", "--image-password-file: belongs to --file or --save-image" },
	{ "--date 2026-02-29", "--date 2026-02-29: give a day from 2000 to 2099" },
	{ "--vpcd 5 --seed 1", "--seed: the reader of --vpcd 5 is empty" },
	{ "--vpcd 5 --vpcd 5", "--vpcd: two readers cannot have the same port" },
	{ "--vpcd 0", "--vpcd 0: a port is a number from 1 to 65535" },
	{ "--vpcd 65536", "--vpcd 65536: a port" },
	{ "--vpcd 1x", "--vpcd 1x: a port" },
	{ "--vpcd \n", "--vpcd \\x0A: a port" },
	{ "--reader-name=", "--reader-name: a name has 1 to 127 printable characters" },
	{ "--reader-name a\nb", "--reader-name: a name" },
	{ "-t iso7816 --reader-name A -t iso7816 --reader-name A",
	    "--reader-name: two readers cannot have the same name" },
	{ "-t iso7816 --reader-name Virtual%PCD%00%01 -t iso7816",
	    "--reader-name: two readers cannot have the same name" },
	{ "--type none", "--type none: no such card type" },
	{ "--type relay", "--type relay: this card type is not available in this version" },
	{ "--seed=", "--seed: give at least one character" },
	{ "--nothing", "--nothing: unknown option" },
	{ "--socket", "--socket: a value is missing" },
	{ "--socket=", "--socket: the path is missing" },
	{ "--pid-file=", "--pid-file: the path is missing" },
	{ "--daemon -- a", "--daemon: a COMMAND is run in the foreground" },
	{ "--", "a command to run is missing behind --" },
	{ "true", "true: a command to run stands behind --, as in: vpcscd -- true" },
	{ "-v \ntrue", "\\x0Atrue: a command" },
	{ "--daemon=1", "--daemon: this option takes no value" },
};

static void command_lines(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[LINE_MAX], text[1000] = "", error[SETTINGS_ERROR_SIZE] = "";
		char program[] = "vpcscd", *words[WORDS_MAX + 2] = { program };
		static struct settings settings; /* large */
		int r;

		(void)snprintf(line, sizeof line, "%s", cases[i].line);
		split(line, words + 1);
		r = settings_parse(words, &settings, error);
		if (r == 0)
			describe(&settings, text, sizeof text);
		else
			assert_true(r == ERR_FORMAT || r == ERR_UNSUPPORTED);
		if (r == 0 ? strcmp(text, cases[i].want) != 0
		           : strncmp(error, cases[i].want, strlen(cases[i].want)) != 0)
			fail_msg("\"%s\": \"%s\", not \"%s\"", cases[i].line, r == 0 ? text : error,
			    cases[i].want);
		if (r < 0)
			assert_null(strchr(error, '\n'));
	}
}

/* A name of n characters. */
static int with_name(size_t n, char error[SETTINGS_ERROR_SIZE])
{
	char program[] = "vpcscd", option[] = "--reader-name", name[200] = "";
	char *words[] = { program, option, name, NULL };
	static struct settings settings; /* large */

	memset(name, 'x', n);
	return settings_parse(words, &settings, error);
}

static void names_have_a_limit(void **state)
{
	char error[SETTINGS_ERROR_SIZE];

	assert_int_equal(with_name(127, error), 0);
	assert_int_equal(with_name(128, error), ERR_FORMAT);
}

static void there_are_at_most_16_readers(void **state)
{
	char program[] = "vpcscd", type[] = "-tiso7816", vpcd[] = "--vpcd=5";
	char *words[20] = { program };
	char error[SETTINGS_ERROR_SIZE];
	static struct settings settings; /* large */

	for (size_t i = 1; i <= 16; i++)
		words[i] = type;
	assert_int_equal(settings_parse(words, &settings, error), 0);
	assert_int_equal(settings.n_readers, 16);
	assert_string_equal(settings.readers[15].name, "Virtual PCD 00 0F");
	words[17] = type;
	assert_int_equal(settings_parse(words, &settings, error), ERR_FORMAT);
	assert_non_null(strstr(error, "at most 16"));
	words[17] = vpcd;
	assert_int_equal(settings_parse(words, &settings, error), ERR_FORMAT);
	assert_non_null(strstr(error, "at most 16"));
}

static void other_options(void **state)
{
	char line[] =
	    "-v -vv -s /a --socket /b --daemon --pid-file /c --help --nothing-that-is-read",
	     *p = line;
	char program[] = "vpcscd", *words[WORDS_MAX + 2] = { program };
	char error[SETTINGS_ERROR_SIZE];
	static struct settings settings; /* large */

	split(p, words + 1);
	assert_int_equal(settings_parse(words, &settings, error), 0);
	assert_int_equal(settings.verbose, 3);
	assert_string_equal(settings.socket, "/b");
	assert_string_equal(settings.pid_file, "/c");
	assert_true(settings.daemon && settings.help);
	assert_null(settings.command);
}

static const struct {
	const char *line;
	const char *want;
} swaps[] = {
	{ "", "handler_test" },
	{ "--type iso7816", "iso7816" },
	{ "--seed 1 -t iso7816", "iso7816" },
	{ "--socket x", "--socket: unknown option" },
	{ "--type none", "--type none: no such card type" },
	{ "word", "only options of a card stand behind the reader" },
	{ "--", "only options of a card stand behind the reader" },
};

static void cards_that_are_swapped_in(void **state)
{
	for (size_t i = 0; i < COUNT(swaps); i++) {
		char line[LINE_MAX], error[SETTINGS_ERROR_SIZE] = "";
		char reader[] = "0", *words[WORDS_MAX + 2] = { reader };
		struct card_options options;
		const char *got = error;

		(void)snprintf(line, sizeof line, "%s", swaps[i].line);
		split(line, words + 1);
		card_options_init(&options);
		options.type = cards_find("handler_test");
		if (settings_parse_card(words, &options, error) == 0)
			got = options.type->name;
		if (strncmp(got, swaps[i].want, strlen(swaps[i].want)) != 0)
			fail_msg("\"%s\": \"%s\", not \"%s\"", swaps[i].line, got, swaps[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_lines),
		cmocka_unit_test(names_have_a_limit),
		cmocka_unit_test(there_are_at_most_16_readers),
		cmocka_unit_test(other_options),
		cmocka_unit_test(cards_that_are_swapped_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
