/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "vpcscd ctl": asks a running service to take a card out or put one in. */
#include "vpcscd/ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/console.h"
#include "vpcscd/listener.h"
#include "vpcscd/request.h"
#include "vpcscd/settings.h"

#define EXIT_USAGE 2
#define LIMIT_MS 30000 /* for the answer: a card may take long to be made */

enum option_id { OPTION_HELP, OPTION_SOCKET };

/* clang-format off */
static const struct cmdline_option options[] = {
	{ OPTION_HELP,   'h', "help",   NULL,   "print this help and exit" },
	{ OPTION_SOCKET, 's', "socket", "PATH", "of the service [PCSCLITE_CSOCK_NAME in the environment]" },
};
/* clang-format on */

/* What the command line asks for. */
struct ctl {
	bool help;
	const char *path;
	char request[REQUEST_SIZE];
	size_t len;
	size_t n_words; /* in the request */
};

static void add_tables(struct cmdline *line)
{
	cmdline_add(line, (struct cmdline_table){ "Control", options, COUNT(options) });
	card_options_add(line);
}

static int usage(const char *what)
{
	fprintf(stderr, "vpcscd: ctl: %s; see vpcscd ctl --help\n", what);
	return EXIT_USAGE;
}

static int failure(const char *path, const char *what)
{
	fprintf(stderr, "vpcscd: ctl: %s: %s\n", path, what);
	return EXIT_FAILURE;
}

static int help(void)
{
	char *none[] = { NULL };
	struct cmdline line;

	cmdline_init(&line, none);
	add_tables(&line);
	printf("Usage: vpcscd ctl [--socket PATH] eject|insert READER\n"
	       "       vpcscd ctl [--socket PATH] swap READER [CARD OPTION]...\n"
	       "Takes the card of a running service out of its reader, puts it back in, or puts a "
	       "new one\n"
	       "in its place: of the same type, or as the options of a card say. READER is a "
	       "number, from 0,\n"
	       "or a name.\n");
	cmdline_help(&line, stdout);
	return console_end("vpcscd: ctl", EXIT_SUCCESS);
}

/* Appends the words from one place of the command line up to another. */
static bool add_words(struct ctl *ctl, char **from, char *const *to)
{
	for (; from < to; from++) {
		size_t len = strlen(*from) + 1;

		if (ctl->n_words == REQUEST_WORDS_MAX || len > REQUEST_SIZE - 1 - ctl->len)
			return false;
		memcpy(ctl->request + ctl->len, *from, len);
		ctl->len += len;
		ctl->n_words++;
	}
	return true;
}

/* Takes an option, if it is ours. */
static bool take_own(struct ctl *ctl, const struct cmdline *line)
{
	if (line->option == NULL || card_options_has(line->option))
		return false;
	if (line->option->id == OPTION_HELP)
		ctl->help = true;
	else
		ctl->path = line->value;
	return true;
}

/* Sorts the words: our own options out, the others into the request. NULL, or what is wrong. */
static const char *parse(struct cmdline *line, struct ctl *ctl)
{
	for (;;) {
		char **begin = line->next;
		enum cmdline_kind kind = cmdline_next(line);

		if (kind == CMDLINE_ERROR)
			return line->error;
		if (kind == CMDLINE_END)
			return line->rest != NULL ? "nothing stands behind --" : NULL;
		if (take_own(ctl, line))
			continue;
		if (kind == CMDLINE_OPTION && ctl->n_words < 2)
			return "options of a card stand behind the reader";
		if (!add_words(ctl, begin, line->next))
			return "too many words, or too long ones";
	}
}

/* Sends the request and prints what the service says to it, unless it says ok. */
static int ask(const struct ctl *ctl, int fd)
{
	char text[SETTINGS_ERROR_SIZE + 2];
	size_t used = 0;
	ssize_t got;

	if (send(fd, ctl->request, ctl->len, MSG_NOSIGNAL) != (ssize_t)ctl->len ||
	    shutdown(fd, SHUT_WR) != 0)
		return failure(ctl->path, strerror(errno));
	do {
		got = recv(fd, text + used, sizeof text - 1 - used, 0);
		if (got > 0)
			used += (size_t)got;
	} while (got > 0 && used < sizeof text - 1);
	text[used] = '\0';
	if (strcmp(text, "ok\n") == 0)
		return EXIT_SUCCESS;
	if (used > 0 && text[used - 1] == '\n')
		text[used - 1] = '\0';
	return failure(ctl->path, used > 0 ? text : "no answer from the service");
}

static int run(const struct ctl *ctl)
{
	char path[LISTENER_PATH_SIZE];
	int fd, status;

	if ((size_t)snprintf(path, sizeof path, "%s" LISTENER_CONTROL_SUFFIX, ctl->path) >=
	    sizeof path)
		return failure(ctl->path, strerror(ENAMETOOLONG));
	fd = listener_connect(path, LIMIT_MS);
	if (fd < 0) {
		fprintf(stderr, "vpcscd: ctl: no service at %s: %s\n", ctl->path, strerror(errno));
		return EXIT_FAILURE;
	}
	status = ask(ctl, fd);
	(void)close(fd);
	return status;
}

int ctl_main(char **argv)
{
	struct ctl ctl = { .path = getenv("PCSCLITE_CSOCK_NAME") };
	struct request request;
	struct cmdline line;
	const char *why;

	cmdline_init(&line, argv);
	add_tables(&line);
	why = parse(&line, &ctl);
	if (ctl.help)
		return help();
	if (why == NULL && ctl.n_words == 0)
		why = "say what to do: eject, insert or swap, and a reader";
	if (why == NULL) /* looked at here as the service will: same words, same errors */
		why = request_parse(ctl.request, ctl.len, &request);
	if (why == NULL && ctl.path == NULL)
		why = "which service? Give --socket PATH, or set PCSCLITE_CSOCK_NAME";
	return why != NULL ? usage(why) : run(&ctl);
}
