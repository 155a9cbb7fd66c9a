/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc's command line asks for. */
#include "vicc/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/cmdline.h"
#include "base/err.h"
#include "base/log.h"
#include "base/number.h"
#include "vpcd/protocol.h"

#define WORD_SHOWN_SIZE 80 /* of a wrong word in an error line */

enum option_id {
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_DESCRIBE,
	OPTION_VERBOSE,
	OPTION_HOSTNAME,
	OPTION_PORT,
	OPTION_REVERSED,
	OPTION_WAIT,
};

/* clang-format off */
static const struct cmdline_option options[] = {
	{ OPTION_HELP,     'h', "help",     NULL,   "print this help and exit" },
	{ OPTION_VERSION,  0,   "version",  NULL,   "print the version and exit" },
	{ OPTION_DESCRIBE, 0,   "describe", "IMAGE", "print what is in a card image and exit" },
	{ OPTION_VERBOSE,  'v', "verbose",  NULL,   "say more; up to three times" },
	{ OPTION_HOSTNAME, 'H', "hostname", "HOST", "the reader's host, or with -R where to listen [localhost]" },
	{ OPTION_PORT,     'P', "port",     "PORT", "the reader's port, or with -R our own [35963]" },
	{ OPTION_REVERSED, 'R', "reversed", NULL,   "wait for a reader to connect here" },
	{ OPTION_WAIT,     'w', "wait",     NULL,   "keep trying to reach the reader, now and whenever it goes" },
};
/* clang-format on */

static void add_tables(struct cmdline *line)
{
	cmdline_add(line,
	    (struct cmdline_table){
	        .title = "Connection", .options = options, .n_options = COUNT(options) });
	card_options_add(line);
}

static int parse_port(const char *text, uint16_t *out, char error[SETTINGS_ERROR_SIZE])
{
	char shown[WORD_SHOWN_SIZE];
	uint64_t port;

	if (!number_parse(text, UINT16_MAX, &port)) {
		(void)snprintf(error, SETTINGS_ERROR_SIZE,
		    "--port %s: a port is a number from 1 to 65535",
		    log_escape(bytes_of_string(text), shown, sizeof shown));
		return ERR_FORMAT;
	}
	*out = (uint16_t)port;
	return 0;
}

/* An IPv6 address may stand in brackets, as in URLs and reader.conf. */
static void take_host(struct settings *settings, const char *host)
{
	const size_t len = strlen(host);

	settings->host = host;
	if (host[0] != '[' || host[len - 1] != ']' || len - 2 >= sizeof settings->address)
		return;
	memcpy(settings->address, host + 1, len - 2);
	settings->address[len - 2] = '\0';
	settings->host = settings->address;
}

static int take_option(
    struct settings *settings, const struct cmdline *line, char error[SETTINGS_ERROR_SIZE])
{
	if (card_options_has(line->option))
		return card_options_set(&settings->card, line->option, line->value, error);

	switch ((enum option_id)line->option->id) {
	case OPTION_HELP:
		settings->help = true;
		break;
	case OPTION_VERSION:
		settings->version = true;
		break;
	case OPTION_DESCRIBE:
		settings->describe = line->value;
		break;
	case OPTION_VERBOSE:
		settings->verbose++;
		break;
	case OPTION_HOSTNAME:
		take_host(settings, line->value);
		break;
	case OPTION_PORT:
		return parse_port(line->value, &settings->port, error);
	case OPTION_REVERSED:
		settings->reversed = true;
		break;
	case OPTION_WAIT:
		settings->wait = true;
		break;
	}
	return 0;
}

/* What only all options together tell. */
static const char *check(const struct settings *settings)
{
	if (settings->host != NULL && settings->host[0] == '\0')
		return "--hostname: the name of a host is missing";
	if (settings->host != NULL && strcmp(settings->host, "*") == 0 && !settings->reversed)
		return "--hostname '*': only --reversed listens; give the reader's host";
	if (settings->port == 0 && !settings->reversed)
		return "--port 0: a reader's port is a number from 1 to 65535";
	return NULL;
}

static int refuse(const char *why, char error[SETTINGS_ERROR_SIZE])
{
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "%s", why);
	return ERR_FORMAT;
}

int settings_parse(char **argv, struct settings *out, char error[SETTINGS_ERROR_SIZE])
{
	struct cmdline line;
	enum cmdline_kind kind;
	char shown[WORD_SHOWN_SIZE];
	const char *why;

	*out = (struct settings){ .port = VPCD_PORT };
	card_options_init(&out->card);
	cmdline_init(&line, argv);
	add_tables(&line);
	while ((kind = cmdline_next(&line)) == CMDLINE_OPTION) {
		int r = take_option(out, &line, error);

		if (r < 0)
			return r;
		if (out->help || out->version)
			return 0;
	}
	if (kind == CMDLINE_ERROR)
		return refuse(line.error, error);
	if (kind == CMDLINE_OPERAND || (line.rest != NULL && line.rest[0] != NULL)) {
		const char *word = kind == CMDLINE_OPERAND ? line.value : line.rest[0];

		(void)snprintf(error, SETTINGS_ERROR_SIZE,
		    "%s: only options are taken; --help lists them",
		    log_escape(bytes_of_string(word), shown, sizeof shown));
		return ERR_FORMAT;
	}
	why = check(out);
	if (why != NULL)
		return refuse(why, error);
	return out->describe != NULL ? 0 : card_options_check(&out->card, error);
}

void settings_help(void)
{
	char *none[] = { NULL };
	struct cmdline line;

	cmdline_init(&line, none);
	add_tables(&line);
	printf("Usage: vicc [OPTION]...\n"
	       "Emulates a smart card, for a virtual reader (vpcd) to which it connects.\n");
	cmdline_help(&line, stdout);
}
