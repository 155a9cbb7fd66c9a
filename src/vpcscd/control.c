/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control socket's server: one thread, which waits for all who ask at once, so that one who sends
 * half a request and stops holds up nobody. */
#include "vpcscd/control.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/net.h"
#include "base/peer.h"
#include "vpcscd/request.h"

#define ASKERS_MAX 8  /* more wait to be accepted */
#define LIMIT_MS 5000 /* for a request to arrive */
#define PAUSE_MS 50   /* after a failure, so that we never spin */

struct asker {
	int fd; /* NET_NONE: free */
	int64_t deadline;
	size_t used;
	char request[REQUEST_SIZE];
};

struct control {
	int listener;
	struct readers *readers;
	struct net_wake wake;
	pthread_t thread;
	struct asker askers[ASKERS_MAX];
};

/* Carries out a request. */
static void answer(struct readers *readers, struct asker *asker)
{
	char text[SETTINGS_ERROR_SIZE], line[SETTINGS_ERROR_SIZE + 1];
	struct request request;
	const char *why = request_parse(asker->request, asker->used, &request);
	int len;

	if (why != NULL)
		(void)snprintf(text, sizeof text, "%s", why);
	else if (readers_do(readers, request.action, request.reader, request.words + 1, text) == 0)
		(void)snprintf(text, sizeof text, "ok");
	len = snprintf(line, sizeof line, "%s\n", text);
	(void)send(asker->fd, line, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Takes what has arrived; a request is over when its sender shuts its end. */
static void serve(struct control *control, struct asker *asker)
{
	size_t got;
	int r = ERR_LIMIT;

	if (asker->used < REQUEST_SIZE)
		r = net_receive_now(asker->fd, (uint8_t *)asker->request + asker->used,
		    REQUEST_SIZE - asker->used, &got);
	if (r == NET_LATER)
		return;
	if (r == 0) {
		asker->used += got;
		return;
	}
	if (r == ERR_CLOSED)
		answer(control->readers, asker);
	net_close(&asker->fd);
}

static void accept_one(const struct control *control, struct asker *asker)
{
	int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) { /* too many open files, say: better times may come */
		(void)poll(NULL, 0, PAUSE_MS);
		return;
	}
	asker->fd = fd;
	asker->used = 0;
	asker->deadline = clock_deadline(LIMIT_MS);
	if (!peer_is_same_user(fd)) {
		log_warning("refused another user at the control socket");
		net_close(&asker->fd);
	}
}

static void drop_late(struct control *control)
{
	for (size_t i = 0; i < ASKERS_MAX; i++)
		if (control->askers[i].fd != NET_NONE &&
		    clock_left(control->askers[i].deadline) == 0)
			net_close(&control->askers[i].fd);
}

/* Waits for something to do; events are those of the askers, the wake and the listener. Returns a free
 * place for who asks next, or NULL. */
static struct asker *wait_for_work(struct control *control, struct net_event events[ASKERS_MAX + 2])
{
	int64_t deadline = CLOCK_FOREVER;
	struct asker *place = NULL;
	int r;

	for (size_t i = 0; i < ASKERS_MAX; i++) {
		struct asker *asker = &control->askers[i];

		events[i] = (struct net_event){ .fd = asker->fd, .want = NET_READABLE };
		if (asker->fd == NET_NONE)
			place = asker;
		else if (asker->deadline < deadline)
			deadline = asker->deadline;
	}
	events[ASKERS_MAX] = (struct net_event){ .fd = control->wake.fds[0], .want = NET_READABLE };
	events[ASKERS_MAX + 1] =
	    (struct net_event){ .fd = place != NULL ? control->listener : NET_NONE,
		    .want = NET_READABLE };
	r = net_wait(events, ASKERS_MAX + 2, deadline);
	if (r == ERR_TIMEOUT)
		drop_late(control);
	else if (r < 0)
		(void)poll(NULL, 0, PAUSE_MS);
	return place;
}

static void *run(void *arg)
{
	struct control *control = arg;
	struct net_event events[ASKERS_MAX + 2];

	for (;;) {
		struct asker *place = wait_for_work(control, events);

		if (events[ASKERS_MAX].ready)
			break;
		for (size_t i = 0; i < ASKERS_MAX; i++)
			if (events[i].ready && control->askers[i].fd != NET_NONE)
				serve(control, &control->askers[i]);
		if (events[ASKERS_MAX + 1].ready && place != NULL)
			accept_one(control, place);
	}
	for (size_t i = 0; i < ASKERS_MAX; i++)
		net_close(&control->askers[i].fd);
	return NULL;
}

struct control *control_start(int listener, struct readers *readers)
{
	struct control *control = calloc(1, sizeof *control);

	if (control == NULL)
		return NULL;
	control->listener = listener;
	control->readers = readers;
	for (size_t i = 0; i < ASKERS_MAX; i++)
		control->askers[i].fd = NET_NONE;
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
