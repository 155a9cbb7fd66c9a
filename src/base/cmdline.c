/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines (POSIX Utility Syntax Guidelines, with long options). */
#include "base/cmdline.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"

#define HELP_COLUMN 30
#define WORD_SHOWN_MAX 100 /* of a wrong word in an error line */

void cmdline_init(struct cmdline *line, char **argv)
{
	memset(line, 0, sizeof *line);
	line->next = argv[0] != NULL ? argv + 1 : argv;
}

void cmdline_add(struct cmdline *line, struct cmdline_table table)
{
	if (line->n_tables < CMDLINE_TABLES_MAX)
		line->tables[line->n_tables++] = table;
}

static const struct cmdline_option *option_of(const struct cmdline_table *table, size_t i)
{
	size_t stride = table->stride > 0 ? table->stride : sizeof *table->options;

	return (const void *)((const char *)table->options + i * stride);
}

static enum cmdline_kind fail(
    struct cmdline *line, const char *dashes, struct bytes word, const char *what)
{
	char shown[WORD_SHOWN_MAX];

	(void)snprintf(line->error, sizeof line->error, "%s%s: %s", dashes,
	    log_escape(word, shown, sizeof shown), what);
	return CMDLINE_ERROR;
}

static const struct cmdline_option *find_letter(const struct cmdline *line, char letter)
{
	for (size_t t = 0; t < line->n_tables; t++)
		for (size_t i = 0; i < line->tables[t].n_options; i++) {
			const struct cmdline_option *option = option_of(&line->tables[t], i);

			if (letter != 0 && option->letter == letter)
				return option;
		}
	return NULL;
}

/* Counts the names that begin with the word; *out is an option of the last of them, or the first that has
 * exactly this one. */
static size_t find_name(
    const struct cmdline *line, const char *word, size_t len, const struct cmdline_option **out)
{
	size_t n = 0;

	for (size_t t = 0; t < line->n_tables; t++)
		for (size_t i = 0; i < line->tables[t].n_options; i++) {
			const struct cmdline_option *option = option_of(&line->tables[t], i);

			if (strncmp(option->name, word, len) != 0)
				continue;
			if (n == 0 || strcmp((*out)->name, option->name) != 0)
				n++;
			*out = option;
			if (option->name[len] == '\0')
				return 1;
		}
	return n;
}

static enum cmdline_kind long_option(struct cmdline *line, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct bytes shown = bytes_of((const uint8_t *)word, len);
	size_t n = len > 0 ? find_name(line, word, len, &line->option) : 0;

	if (n == 0)
		return fail(line, "--", shown, "unknown option; --help lists all");
	if (n > 1)
		return fail(line, "--", shown, "fits more than one option; write it in full");
	assert(line->option != NULL);
	if (line->option->argument == NULL && equals != NULL)
		return fail(line, "--", shown, "this option takes no value");
	if (line->option->argument != NULL && equals == NULL && *line->next == NULL)
		return fail(line, "--", shown, "a value is missing");
	if (line->option->argument != NULL)
		line->value = equals != NULL ? equals + 1 : *line->next++;
	return CMDLINE_OPTION;
}

static enum cmdline_kind letter_option(struct cmdline *line)
{
	const char *word = line->cluster++;

	line->option = find_letter(line, *word);
	if (line->option == NULL)
		return fail(line, "-", bytes_of((const uint8_t *)word, 1),
		    "unknown option; --help lists all");
	if (line->option->argument == NULL)
		return CMDLINE_OPTION;
	if (*line->cluster == '\0' && *line->next == NULL)
		return fail(line, "-", bytes_of((const uint8_t *)word, 1), "a value is missing");
	line->value = *line->cluster != '\0' ? line->cluster : *line->next++;
	line->cluster = NULL;
	return CMDLINE_OPTION;
}

enum cmdline_kind cmdline_next(struct cmdline *line)
{
	char *word;

	line->option = NULL;
	line->value = NULL;
	if (line->cluster != NULL && *line->cluster != '\0')
		return letter_option(line);
	word = *line->next;
	if (word == NULL)
		return CMDLINE_END;
	line->next++;
	if (strcmp(word, "--") == 0) {
		line->rest = line->next;
		return CMDLINE_END;
	}
	if (word[0] == '-' && word[1] == '-')
		return long_option(line, word + 2);
	if (word[0] == '-' && word[1] != '\0') {
		line->cluster = word + 1;
		return letter_option(line);
	}
	line->value = word;
	return CMDLINE_OPERAND;
}

static void help_option(const struct cmdline_option *option, FILE *to)
{
	char letter[5] = "    ";
	int width;

	if (option->letter != 0)
		(void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
	width = fprintf(to, "  %s--%s%s%s", letter, option->name,
	    option->argument != NULL ? " " : "", option->argument != NULL ? option->argument : "");
	if (width > HELP_COLUMN - 2)
		width = fprintf(to, "\n") - 1;
	fprintf(to, "%*s%s\n", HELP_COLUMN - width, "", option->help);
}

void cmdline_help(const struct cmdline *line, FILE *to)
{
	for (size_t t = 0; t < line->n_tables; t++) {
		const char *name = line->tables[t].name;

		fprintf(to, "\n%s%s%s:\n", line->tables[t].title, name != NULL ? " " : "",
		    name != NULL ? name : "");
		for (size_t i = 0; i < line->tables[t].n_options; i++)
			help_option(option_of(&line->tables[t], i), to);
		if (line->tables[t].more != NULL)
			line->tables[t].more(to);
	}
}

void cmdline_help_line(const char *name, const char *help, FILE *to)
{
	(void)fprintf(to, "  %-*s%s\n", HELP_COLUMN - 2, name, help);
}
