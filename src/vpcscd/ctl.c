/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "vpcscd ctl": asks a running service to take a card out or put one in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vpcscd/control.h"
#include "vpcscd/listener.h"

#define EXIT_USAGE 2
#define SUFFIX ".ctl"

static int usage(const char *what)
{
	fprintf(stderr,
	    "vpcscd: ctl: %s\n"
	    "Usage: vpcscd ctl --socket PATH eject|insert|swap READER [CARD OPTION]...\n",
	    what);
	return EXIT_USAGE;
}

static int send_words(int fd, char **words)
{
	for (; *words != NULL; words++)
		if (send(fd, *words, strlen(*words) + 1, MSG_NOSIGNAL) < 0)
			return -1;
	return shutdown(fd, SHUT_WR);
}

/* Prints what the service says, unless it says ok. */
static int print_answer(int fd)
{
	char text[SETTINGS_ERROR_SIZE + 2];
	size_t used = 0;
	ssize_t got;

	while (
	    used < sizeof text - 1 && (got = recv(fd, text + used, sizeof text - 1 - used, 0)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (strcmp(text, "ok\n") == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "vpcscd: ctl: %s", used > 0 ? text : "no answer from the service\n");
	return EXIT_FAILURE;
}

/* The socket's path: that of --socket, or of the environment of a COMMAND. */
static const char *take_path(char ***words)
{
	char **w = *words;

	if (*w != NULL && strncmp(*w, "--socket=", 9) == 0) {
		*words = w + 1;
		return *w + 9;
	}
	if (*w != NULL && (strcmp(*w, "--socket") == 0 || strcmp(*w, "-s") == 0) && w[1] != NULL) {
		*words = w + 2;
		return w[1];
	}
	return getenv("PCSCLITE_CSOCK_NAME");
}

int control_main(char **words)
{
	const char *path = take_path(&words);
	char control_path[LISTENER_PATH_SIZE];
	int fd, status;

	if (path == NULL)
		return usage("which service? Give --socket PATH, or set PCSCLITE_CSOCK_NAME");
	if (words[0] == NULL || words[1] == NULL)
		return usage("say what to do, and with which reader");
	if ((size_t)snprintf(control_path, sizeof control_path, "%s" SUFFIX, path) >=
	    sizeof control_path)
		return usage("the path is too long");
	fd = listener_connect(control_path);
	if (fd < 0 || send_words(fd, words) < 0) {
		fprintf(stderr, "vpcscd: ctl: no service at %s: %s\n", path, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return EXIT_FAILURE;
	}
	status = print_answer(fd);
	(void)close(fd);
	return status;
}
