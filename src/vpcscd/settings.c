/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcscd's command line. Options that describe a card belong to the reader that the last --type, or
 * --vpcd, began; the first reader begins by itself. */
#include "vpcscd/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/cmdline.h"
#include "base/err.h"
#include "base/number.h"

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
	{ OPTION_VERBOSE,     'v', "verbose",     NULL,   "say more" },
	{ OPTION_SOCKET,      's', "socket",      "PATH", "where applications reach the service [a folder of its own]" },
	{ OPTION_DAEMON,      0,   "daemon",      NULL,   "go to the background once ready" },
	{ OPTION_PID_FILE,    0,   "pid-file",    "FILE", "write the process id there" },
	{ OPTION_VPCD,        0,   "vpcd",        "PORT", "another reader, empty: a vicc can connect to this port" },
	{ OPTION_READER_NAME, 0,   "reader-name", "NAME", "of the reader that the options before it describe" },
};
/* clang-format on */

static void add_tables(struct cmdline *line)
{
	cmdline_add(line, (struct cmdline_table){ "Service", options, COUNT(options) });
	card_options_add(line);
}

/* Whether the last reader has got something that a new --type or --vpcd must not take away. */
struct parser {
	struct settings *out;
	bool begun; /* the last reader was begun by an option */
	char *error;
};

/* Begins the next reader; the first one is there from the start and is begun once. */
static struct reader_settings *begin_reader(struct parser *parser)
{
	struct settings *out = parser->out;

	if (parser->begun) {
		if (out->n_readers == PCSC_READERS_MAX) {
			(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
			    "too many readers: at most %d", PCSC_READERS_MAX);
			return NULL;
		}
		out->n_readers++;
		card_options_init(&out->readers[out->n_readers - 1].card);
	}
	parser->begun = true;
	return &out->readers[out->n_readers - 1];
}

static int set_vpcd(struct parser *parser, const char *value)
{
	struct reader_settings *reader = begin_reader(parser);
	uint64_t port;

	if (reader == NULL)
		return ERR_FORMAT;
	if (!number_parse(value, UINT16_MAX, &port) || port == 0) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--vpcd %.64s: a port is a number from 1 to 65535", value);
		return ERR_FORMAT;
	}
	reader->is_vpcd = true;
	reader->port = (uint16_t)port;
	return 0;
}

static int set_name(struct parser *parser, const char *value)
{
	struct reader_settings *reader = &parser->out->readers[parser->out->n_readers - 1];

	if (value[0] == '\0' || strlen(value) >= PCSC_READER_NAME_SIZE) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--reader-name: a name has 1 to %d characters", PCSC_READER_NAME_SIZE - 1);
		return ERR_FORMAT;
	}
	reader->name = value;
	parser->begun = true;
	return 0;
}

static int set_card(struct parser *parser, const struct cmdline *line)
{
	struct reader_settings *reader = &parser->out->readers[parser->out->n_readers - 1];

	if (card_options_is_type(line->option))
		reader = begin_reader(parser);
	if (reader == NULL)
		return ERR_FORMAT;
	if (reader->is_vpcd) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "--%s: the reader of --vpcd %u is empty; begin another with --type",
		    line->option->name, reader->port);
		return ERR_FORMAT;
	}
	parser->begun = true;
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

/* What only all options together tell. */
static const char *check(const struct settings *settings)
{
	for (unsigned i = 0; i < settings->n_readers; i++)
		for (unsigned j = 0; j < i; j++)
			if (settings->readers[i].is_vpcd && settings->readers[j].is_vpcd &&
			    settings->readers[i].port == settings->readers[j].port)
				return "--vpcd: two readers cannot have the same port";
	if (settings->daemon && settings->command != NULL)
		return "--daemon: a COMMAND is run in the foreground";
	if (settings->socket != NULL && settings->socket[0] == '\0')
		return "--socket: the path is missing";
	return NULL;
}

/* How reading the words ended, as an error line if it is one. */
static int finish(enum cmdline_kind kind, const struct cmdline *line, struct parser *parser)
{
	const char *why = check(parser->out);

	if (kind == CMDLINE_ERROR) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE, "%s", line->error);
	} else if (kind == CMDLINE_OPERAND) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE,
		    "%.64s: a command to run stands behind --, as in: vpcscd -- %.64s", line->value,
		    line->value);
	} else if (line->rest != NULL && line->rest[0] == NULL) {
		(void)snprintf(
		    parser->error, SETTINGS_ERROR_SIZE, "a command to run is missing behind --");
	} else if (why != NULL) {
		(void)snprintf(parser->error, SETTINGS_ERROR_SIZE, "%s", why);
	} else {
		return 0;
	}
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
		return 0;
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
