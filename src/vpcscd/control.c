/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control socket's server: one request at a time, each with a time limit. */
#include "vpcscd/control.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/net.h"
#include "base/peer.h"

#define REQUEST_MAX 4096
#define WORDS_MAX 64
#define LIMIT_MS 5000

struct control {
	int listener;
	struct readers *readers;
	struct net_wake wake;
	pthread_t thread;
};

/* Reads until the client has shut its end. The number of bytes, or ERR_*. */
static int receive(int fd, char request[REQUEST_MAX])
{
	int64_t deadline = clock_deadline(LIMIT_MS);
	size_t used = 0;

	while (used < REQUEST_MAX) {
		struct timeval left = { 0 };
		ssize_t got;
		int ms = clock_left(deadline);

		if (ms == 0)
			return ERR_TIMEOUT;
		left.tv_sec = ms / 1000;
		left.tv_usec = ms % 1000 * 1000;
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof left);
		got = recv(fd, request + used, REQUEST_MAX - used, 0);
		if (got < 0)
			return ERR_IO;
		if (got == 0)
			return (int)used;
		used += (size_t)got;
	}
	return ERR_LIMIT;
}

/* Splits into words, each ended by a NUL, and a NULL behind them. The first one stands for the program,
 * as in main(). */
static bool split(char *request, size_t len, char *words[WORDS_MAX])
{
	size_t n = 0;

	if (len == 0 || request[len - 1] != '\0')
		return false;
	for (size_t at = 0; at < len; at += strlen(request + at) + 1) {
		if (n == WORDS_MAX - 1)
			return false;
		words[n++] = request + at;
	}
	words[n] = NULL;
	return n >= 2;
}

static bool find_action(const char *word, enum readers_action *out)
{
	static const char *const names[] = {
		[READERS_EJECT] = "eject",
		[READERS_INSERT] = "insert",
		[READERS_SWAP] = "swap",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(word, names[i]) == 0) {
			*out = (enum readers_action)i;
			return true;
		}
	}
	return false;
}

/* Carries out a request; answer is a line without its end. */
static void answer(
    struct readers *readers, char *request, size_t len, char text[SETTINGS_ERROR_SIZE])
{
	char *words[WORDS_MAX];
	enum readers_action action;

	if (!split(request, len, words) || !find_action(words[0], &action)) {
		(void)snprintf(
		    text, SETTINGS_ERROR_SIZE, "want eject, insert or swap, and a reader");
		return;
	}
	if (action != READERS_SWAP && words[2] != NULL) {
		(void)snprintf(text, SETTINGS_ERROR_SIZE, "only swap takes options of a card");
		return;
	}
	if (readers_do(readers, action, words[1], words + 1, text) == 0)
		(void)snprintf(text, SETTINGS_ERROR_SIZE, "ok");
}

static void serve_one(struct readers *readers, int fd)
{
	char request[REQUEST_MAX], text[SETTINGS_ERROR_SIZE], line[SETTINGS_ERROR_SIZE + 1];
	int len = receive(fd, request);

	if (len < 0)
		return;
	answer(readers, request, (size_t)len, text);
	len = snprintf(line, sizeof line, "%s\n", text);
	(void)send(fd, line, (size_t)len, MSG_NOSIGNAL);
}

static void *run(void *arg)
{
	struct control *control = arg;
	struct net_event events[] = {
		{ .fd = control->listener, .want = NET_READABLE },
		{ .fd = control->wake.fds[0], .want = NET_READABLE },
	};

	while (net_wait(events, COUNT(events), CLOCK_FOREVER) == 0 && !events[1].ready) {
		int fd;

		if (!events[0].ready)
			continue;
		fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		if (peer_is_same_user(fd))
			serve_one(control->readers, fd);
		(void)close(fd);
	}
	return NULL;
}

struct control *control_start(int listener, struct readers *readers)
{
	struct control *control = calloc(1, sizeof *control);

	if (control == NULL)
		return NULL;
	control->listener = listener;
	control->readers = readers;
	if (net_wake_open(&control->wake) < 0) {
		free(control);
		return NULL;
	}
	if (pthread_create(&control->thread, NULL, run, control) != 0) {
		net_wake_close(&control->wake);
		free(control);
		return NULL;
	}
	return control;
}

void control_stop(struct control *control)
{
	if (control == NULL)
		return;
	net_wake_signal(&control->wake);
	(void)pthread_join(control->thread, NULL);
	net_wake_close(&control->wake);
	free(control);
}
