/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcscd's command line. Options that describe a card belong to the reader that the last --type, or
 * --vpcd, began. The first reader begins by itself: the first --type says what is in it, whatever other
 * options of its card came before. A --file is the image of that reader's card; another one, or one that
 * no card can be in, begins a reader. */
#include "vpcscd/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/cmdline.h"
#include "base/err.h"
#include "base/log.h"
#include "base/number.h"

#define WORD_SHOWN_SIZE 80 /* of a wrong word in an error line */

enum option_id {
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_VERBOSE,
	OPTION_SOCKET,
	OPTION_DAEMON,
	OPTION_PID_FILE,
	OPTION_VPCD,
	OPTION_READER_NAME,
};

/* clang-format off */
static const struct cmdline_option options[] = {
	{ OPTION_HELP,        'h', "help",        NULL,   "print this help and exit" },
	{ OPTION_VERSION,     0,   "version",     NULL,   "print the version and exit" },
	{ OPTION_VERBOSE,     'v', "verbose",     NULL,   "say more; up to three times" },
	{ OPTION_SOCKET,      's', "socket",      "PATH", "where applications reach the service [a folder of its own]" },
	{ OPTION_DAEMON,      0,   "daemon",      NULL,   "go to the background once ready" },
	{ OPTION_PID_FILE,    0,   "pid-file",    "FILE", "write the process id there" },
	{ OPTION_VPCD,        0,   "vpcd",        "PORT", "another reader, empty: a vicc can connect to this port" },
	{ OPTION_READER_NAME, 0,   "reader-name", "NAME", "of the reader that the options before it describe" },
};
/* clang-format on */

static void add_tables(struct cmdline *line)
{
	cmdline_add(line,
	    (struct cmdline_table){
	        .title = "Service", .options = options, .n_options = COUNT(options) });
	card_options_add(line);
}

struct parser {
	struct settings *out;
	bool has_type; /* the last reader has had its --type or --vpcd, */
	bool has_card; /* or another option of a card */
	char *error;
};

static const char *shown(const char *word, char memory[WORD_SHOWN_SIZE])
{
	return log_escape(bytes_of_string(word), memory, WORD_SHOWN_SIZE);
}

static struct reader_settings *last_reader(const struct parser *parser)
{
	return &parser->out->readers[parser->out->n_readers - 1];
}

static struct reader_settings *begin_reader(struct parser *parser)
{
	struct settings *out = parser->out;

	if (out->n_readers == PCSC_READERS_MAX) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE, "too many readers: at most %d",
		    PCSC_READERS_MAX);
		return NULL;
	}
	out->n_readers++;
	parser->has_type = parser->has_card = false;
	card_options_init(&last_reader(parser)->card);
	return last_reader(parser);
}

static int set_vpcd(struct parser *parser, const char *value)
{
	char memory[WORD_SHOWN_SIZE];
	struct reader_settings *reader = last_reader(parser);
	uint64_t port;

	if (!number_parse(value, UINT16_MAX, &port) || port == 0) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--vpcd %s: a port is a number from 1 to 65535", shown(value, memory));
		return ERR_FORMAT;
	}
	if (parser->has_type || parser->has_card)
		reader = begin_reader(parser);
	if (reader == NULL)
		return ERR_FORMAT;
	parser->has_type = true;
	reader->is_vpcd = true;
	reader->port = (uint16_t)port;
	return 0;
}

/* Whether applications and terminals can show it. */
static bool is_printable(const char *name)
{
	for (; *name != '\0'; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7F)
			return false;
	return true;
}

static int set_name(struct parser *parser, const char *value)
{
	struct reader_settings *reader = last_reader(parser);

	if (value[0] == '\0' || strlen(value) >= sizeof reader->name || !is_printable(value)) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--reader-name: a name has 1 to %zu printable characters",
		    sizeof reader->name - 1);
		return ERR_FORMAT;
	}
	(void)snprintf(reader->name, sizeof reader->name, "%s", value);
	return 0;
}

static int set_card(struct parser *parser, const struct cmdline *line)
{
	const bool is_type = card_options_is_type(line->option);
	const bool is_file = card_options_is_file(line->option);
	struct reader_settings *reader = last_reader(parser);

	if ((is_type && parser->has_type) ||
	    (is_file && (reader->card.file != NULL || reader->is_vpcd)))
		reader = begin_reader(parser);
	if (reader == NULL)
		return ERR_FORMAT;
	if (reader->is_vpcd) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--%s: the reader of --vpcd %u is empty; begin another with --type",
		    line->option->name, reader->port);
		return ERR_FORMAT;
	}
	parser->has_type = parser->has_type || is_type || is_file;
	parser->has_card = true;
	return card_options_set(&reader->card, line->option, line->value, parser->error);
}

static int take_option(struct parser *parser, const struct cmdline *line)
{
	struct settings *out = parser->out;

	if (card_options_has(line->option))
		return set_card(parser, line);

	switch ((enum option_id)line->option->id) {
	case OPTION_HELP:
		out->help = true;
		break;
	case OPTION_VERSION:
		out->version = true;
		break;
	case OPTION_VERBOSE:
		out->verbose++;
		break;
	case OPTION_SOCKET:
		out->socket = line->value;
		break;
	case OPTION_DAEMON:
		out->daemon = true;
		break;
	case OPTION_PID_FILE:
		out->pid_file = line->value;
		break;
	case OPTION_VPCD:
		return set_vpcd(parser, line->value);
	case OPTION_READER_NAME:
		return set_name(parser, line->value);
	}
	return 0;
}

/* The names that pcscd would give to slots of one reader, where others are not asked for. */
static void name_readers(struct settings *settings)
{
	for (unsigned i = 0; i < settings->n_readers; i++) {
		char *name = settings->readers[i].name;

		if (name[0] == '\0')
			(void)snprintf(
			    name, sizeof settings->readers[i].name, "Virtual PCD 00 %02X", i);
	}
}

/* What is wrong with two readers side by side; NULL: nothing. */
static const char *check_pair(const struct reader_settings *a, const struct reader_settings *b)
{
	if (a->is_vpcd && b->is_vpcd && a->port == b->port)
		return "--vpcd: two readers cannot have the same port";
	if (strcmp(a->name, b->name) == 0)
		return "--reader-name: two readers cannot have the same name";
	return NULL;
}

/* What only all options together tell. */
static const char *check(const struct settings *settings)
{
	const char *why = NULL;

	for (unsigned i = 0; i < settings->n_readers && why == NULL; i++)
		for (unsigned j = 0; j < i && why == NULL; j++)
			why = check_pair(&settings->readers[i], &settings->readers[j]);
	if (why != NULL)
		return why;
	if (settings->daemon && settings->command != NULL)
		return "--daemon: a COMMAND is run in the foreground";
	if (settings->socket != NULL && settings->socket[0] == '\0')
		return "--socket: the path is missing";
	if (settings->pid_file != NULL && settings->pid_file[0] == '\0')
		return "--pid-file: the path is missing";
	return NULL;
}

static int check_cards(struct parser *parser)
{
	int r = 0;

	for (unsigned i = 0; i < parser->out->n_readers && r == 0; i++)
		r = card_options_check(&parser->out->readers[i].card, parser->error);
	return r;
}

/* How reading the words ended, as an error line if it is one. */
static int finish(enum cmdline_kind kind, const struct cmdline *line, struct parser *parser)
{
	char memory[WORD_SHOWN_SIZE];
	const char *why;

	name_readers(parser->out);
	why = check(parser->out);
	if (kind == CMDLINE_OPERAND) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "%s: a command to run stands behind --, as in: vpcscd -- %s",
		    shown(line->value, memory), memory);
		return ERR_FORMAT;
	}
	if (kind == CMDLINE_ERROR)
		why = line->error;
	else if (line->rest != NULL && line->rest[0] == NULL)
		why = "a command to run is missing behind --";
	if (why == NULL)
		return check_cards(parser);
	(void)snprintf(parser->error, SETTINGS_ERROR_SIZE, "%s", why);
	return ERR_FORMAT;
}

int settings_parse(char **argv, struct settings *out, char error[SETTINGS_ERROR_SIZE])
{
	struct parser parser = { .out = out, .error = error };
	struct cmdline line;
	enum cmdline_kind kind;

	*out = (struct settings){ .n_readers = 1 };
	card_options_init(&out->readers[0].card);
	cmdline_init(&line, argv);
	add_tables(&line);
	while ((kind = cmdline_next(&line)) == CMDLINE_OPTION) {
		int r = take_option(&parser, &line);

		if (r < 0)
			return r;
		if (out->help || out->version)
			return 0;
	}
	if (kind == CMDLINE_END)
		out->command = line.rest;
	return finish(kind, &line, &parser);
}

int settings_parse_card(char **argv, struct card_options *out, char error[SETTINGS_ERROR_SIZE])
{
	struct cmdline line;
	enum cmdline_kind kind;

	cmdline_init(&line, argv);
	card_options_add(&line);
	while ((kind = cmdline_next(&line)) == CMDLINE_OPTION) {
		int r = card_options_set(out, line.option, line.value, error);

		if (r < 0)
			return r;
	}
	if (kind == CMDLINE_END && line.rest == NULL)
		return card_options_check(out, error);
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "%s",
	    kind == CMDLINE_ERROR ? line.error : "only options of a card stand behind the reader");
	return ERR_FORMAT;
}

void settings_help(void)
{
	char *none[] = { NULL };
	struct cmdline line;

	cmdline_init(&line, none);
	add_tables(&line);
	printf(
	    "Usage: vpcscd [OPTION]... [-- COMMAND [ARGUMENT]...]\n"
	    "       vpcscd ctl --socket PATH eject|insert|swap READER [CARD OPTION]...\n"
	    "A PC/SC service with virtual cards, for any user. Runs COMMAND with these cards, or\n"
	    "serves until stopped.\n");
	cmdline_help(&line, stdout);
}
