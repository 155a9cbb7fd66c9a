/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting to a host without ever waiting: first its addresses, then each of them in turn. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/net_address.h"
#include "base/net_os.h"

struct net_dial {
	uint16_t port;
	int64_t deadline;            /* for all of it */
	struct net_resolve *resolve; /* until the name is resolved; else NULL */
	struct net_addresses addresses;
	unsigned next;       /* of addresses */
	int fd;              /* being connected, or NET_NONE */
	int64_t fd_deadline; /* for this address */
	int reason;          /* errno of the address before */
	bool was_too_late;   /* the address before did not answer in time */
};

struct net_dial *net_dial_new(const char *host, uint16_t port, int timeout_ms)
{
	struct net_dial *dial = calloc(1, sizeof *dial);

	if (dial == NULL)
		return NULL;
	dial->port = port;
	dial->deadline = clock_deadline(timeout_ms);
	dial->fd = NET_NONE;
	dial->reason = EADDRNOTAVAIL;
	if (!net_addresses_parse(host, &dial->addresses)) {
		dial->resolve = net_resolve_new(host);
		if (dial->resolve == NULL) {
			free(dial);
			return NULL;
		}
	}
	return dial;
}

void net_dial_free(struct net_dial *dial)
{
	if (dial == NULL)
		return;
	net_resolve_free(dial->resolve);
	net_close(&dial->fd);
	free(dial);
}

void net_dial_abandon(struct net_dial *dial)
{
	net_close(&dial->fd);
}

static int step_resolve(struct net_dial *dial)
{
	int r = net_resolve_step(dial->resolve, &dial->addresses);

	if (r == NET_LATER)
		return clock_left(dial->deadline) == 0 ? ERR_TIMEOUT : NET_LATER;
	net_resolve_free(dial->resolve);
	dial->resolve = NULL;
	return r;
}

/* Begins with the next address. Each gets its share of the time that is left. */
static void begin_next(struct net_dial *dial)
{
	struct net_address *address = &dial->addresses.list[dial->next];
	int left = clock_left(dial->deadline);
	int share = left < 0 ? left : left / (int)(dial->addresses.n - dial->next);

	dial->next++;
	net_address_set_port(address, dial->port);
	dial->fd = net_os_socket(address->storage.ss_family);
	if (dial->fd == NET_NONE) {
		dial->reason = errno;
		return;
	}
	dial->fd_deadline = clock_deadline(share);
	if (connect(dial->fd, (const struct sockaddr *)&address->storage, address->len) < 0 &&
	    errno != EINPROGRESS && errno != EINTR) {
		dial->reason = errno;
		dial->was_too_late = false;
		net_close(&dial->fd);
	}
}

/* Who connects to a port of his own machine where nobody listens may be given that same port, and so be
 * connected to himself (RFC 9293, 3.5: simultaneous open). */
static bool is_own_echo(int fd)
{
	struct net_address here = { .len = sizeof here.storage };
	struct net_address there = { .len = sizeof there.storage };
	char texts[2][NET_TEXT_SIZE];

	if (getsockname(fd, (struct sockaddr *)&here.storage, &here.len) < 0 ||
	    getpeername(fd, (struct sockaddr *)&there.storage, &there.len) < 0 ||
	    net_address_port(&here) != net_address_port(&there))
		return false;
	return strcmp(net_address_text(&here, texts[0]), net_address_text(&there, texts[1])) == 0;
}

/* Makes the socket that has been connected ready for use. */
static int finish(struct net_dial *dial, int *out)
{
	int flags = fcntl(dial->fd, F_GETFL);

	if (flags < 0 || fcntl(dial->fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
		return ERR_IO;
	net_set_options(dial->fd);
	*out = dial->fd;
	dial->fd = NET_NONE;
	return 0;
}

/* Looks how the socket does. NET_LATER also when this address has failed: then fd is NET_NONE. */
static int step_fd(struct net_dial *dial, int *out)
{
	struct net_event event = { .fd = dial->fd, .want = NET_WRITABLE };
	socklen_t len = sizeof dial->reason;
	int r = net_wait(&event, 1, clock_now());

	if (r == ERR_TIMEOUT || (r == 0 && !event.ready)) {
		if (clock_left(dial->fd_deadline) != 0)
			return NET_LATER;
		dial->reason = ETIMEDOUT;
		dial->was_too_late = true;
	} else if (r < 0) {
		return r;
	} else {
		dial->was_too_late = false;
		if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &dial->reason, &len) < 0)
			return ERR_IO;
		if (dial->reason == 0 && !is_own_echo(dial->fd))
			return finish(dial, out);
		if (dial->reason == 0)
			dial->reason = ECONNREFUSED;
	}
	net_close(&dial->fd);
	return NET_LATER;
}

int net_dial_step(struct net_dial *dial, int *out)
{
	if (dial->resolve != NULL) {
		int r = step_resolve(dial);

		if (r != 0)
			return r;
	}
	for (;;) {
		if (dial->fd != NET_NONE) {
			int r = step_fd(dial, out);

			if (r != NET_LATER || dial->fd != NET_NONE)
				return r;
		}
		if (dial->next >= dial->addresses.n)
			break;
		begin_next(dial);
	}
	errno = dial->reason;
	return dial->was_too_late ? ERR_TIMEOUT : ERR_IO;
}

int64_t net_dial_event(const struct net_dial *dial, struct net_event *out)
{
	if (dial->resolve != NULL) {
		*out =
		    (struct net_event){ .fd = net_resolve_fd(dial->resolve), .want = NET_READABLE };
		return dial->deadline;
	}
	*out = (struct net_event){ .fd = dial->fd, .want = NET_WRITABLE };
	return dial->fd_deadline;
}

/* Waits for the next event of a dial. ERR_INTERRUPTED. */
static int wait_dial(const struct net_dial *dial, const struct net_wake *wake)
{
	struct net_event events[2] = { { .fd = NET_NONE }, { .fd = NET_NONE } };
	int64_t until = net_dial_event(dial, &events[0]);
	int r;

	if (wake != NULL)
		events[1] = (struct net_event){ .fd = wake->fds[0], .want = NET_READABLE };
	r = net_wait(events, COUNT(events), until);
	if (r < 0 && r != ERR_TIMEOUT)
		return r;
	return events[1].ready ? ERR_INTERRUPTED : 0;
}

int net_connect(
    const char *host, uint16_t port, int timeout_ms, const struct net_wake *wake, int *out)
{
	struct net_dial *dial = net_dial_new(host, port, timeout_ms);
	int reason;
	int r;

	if (dial == NULL)
		return ERR_IO;
	while ((r = net_dial_step(dial, out)) == NET_LATER) {
		r = wait_dial(dial, wake);
		if (r < 0)
			break;
	}
	reason = errno;
	net_dial_free(dial);
	errno = reason;
	return r;
}
