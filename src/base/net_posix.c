/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP sockets, on POSIX systems: talking, listening and waiting. Connecting is in net_dial_posix.c. */
#include "base/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/net_address.h"
#include "base/net_os.h"

#define BACKLOG 128
#define EVENTS_MAX 16
#define KEEPALIVE_IDLE_S 30
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_COUNT 3
#define FREE_PORT_TRIES 16      /* to find one that is free on every address */
#define LISTEN_RESOLVE_MS 10000 /* for the name of an address to listen on */

/* Waiting */

static short poll_events(unsigned want)
{
	short events = 0;

	if ((want & NET_READABLE) != 0)
		events = (short)(events | POLLIN);
	if ((want & NET_WRITABLE) != 0)
		events = (short)(events | POLLOUT);
	if ((want & NET_HANGUP) != 0)
		events = (short)(events | net_os_hangup);
	return events;
}

int net_wait(struct net_event *events, unsigned n, int64_t deadline)
{
	struct pollfd fds[EVENTS_MAX];
	int ready;

	if (n > EVENTS_MAX)
		return ERR_LIMIT;
	for (unsigned i = 0; i < n; i++) {
		events[i].ready = false;
		fds[i] =
		    (struct pollfd){ .fd = events[i].fd, .events = poll_events(events[i].want) };
	}
	ready = net_os_poll(fds, (nfds_t)n, clock_left(deadline));
	if (ready < 0)
		return errno == EINTR ? 0 : ERR_IO;
	if (ready == 0)
		return ERR_TIMEOUT;
	for (unsigned i = 0; i < n; i++)
		events[i].ready = fds[i].fd >= 0 && fds[i].revents != 0;
	return 0;
}

int net_wait_one(int fd, unsigned want, int64_t deadline)
{
	struct net_event event = { .fd = fd, .want = want };
	int r;

	do
		r = net_wait(&event, 1, deadline);
	while (r == 0 && !event.ready);
	return r;
}

bool net_hung_up(int fd)
{
	return net_os_hung_up(fd);
}

int net_wake_open(struct net_wake *wake)
{
	if (net_os_pipe(wake->fds) < 0) {
		wake->fds[0] = wake->fds[1] = NET_NONE;
		return ERR_IO;
	}
	return 0;
}

void net_wake_close(struct net_wake *wake)
{
	net_close(&wake->fds[0]);
	net_close(&wake->fds[1]);
}

void net_wake_signal(const struct net_wake *wake)
{
	int before = errno;

	/* A full pipe is as good a signal as one byte more. */
	if (write(wake->fds[1], "", 1) < 0)
		errno = before;
}

void net_wake_clear(const struct net_wake *wake)
{
	char bytes[64];

	while (read(wake->fds[0], bytes, sizeof bytes) == (ssize_t)sizeof bytes)
		;
}

/* Listening */

/* Makes room for a connection's socket. -1: errno says why. */
static int open_listener(const struct net_address *address, uint16_t port)
{
	struct net_address at = *address;
	const int on = 1;
	int family = at.storage.ss_family;
	int fd = net_os_socket(family);
	int reason;

	if (fd < 0)
		return -1;
	net_address_set_port(&at, port);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)&at.storage, at.len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	reason = errno;
	(void)close(fd);
	errno = reason;
	return -1;
}

/* Whether a failure says that the machine does not have such addresses. */
static bool is_absent(int reason)
{
	return reason == EAFNOSUPPORT || reason == EADDRNOTAVAIL || reason == EPROTONOSUPPORT;
}

/* Opens every address, on one port. An address that the machine does not have is passed over when
 * another one works. */
static int open_all(const struct net_addresses *addresses, uint16_t port, struct net_listener *out)
{
	struct net_listener made = { .n = 0 };
	int reason = EADDRNOTAVAIL;

	for (unsigned i = 0; i < addresses->n && made.n < NET_LISTENERS_MAX; i++) {
		int fd = open_listener(
		    &addresses->list[i], made.n > 0 ? net_listener_port(&made) : port);

		if (fd >= 0) {
			made.fds[made.n++] = fd;
			continue;
		}
		reason = errno;
		if (!is_absent(reason)) {
			net_listener_close(&made);
			break;
		}
	}
	if (made.n == 0) {
		errno = reason;
		return ERR_IO;
	}
	*out = made;
	return 0;
}

int net_listen(const char *host, uint16_t port, struct net_listener *out)
{
	struct net_addresses addresses = { .n = 0 };
	int r = 0;

	if (host == NULL || host[0] == '\0')
		net_addresses_loopback(&addresses);
	else if (strcmp(host, "*") == 0)
		net_addresses_every(&addresses);
	else
		r = net_addresses_resolve(host, LISTEN_RESOLVE_MS, &addresses);
	if (r < 0)
		return r;
	for (int i = 0; i < FREE_PORT_TRIES; i++) {
		r = open_all(&addresses, port, out);
		/* Port 0: what was free on the first address need not be on the second. */
		if (r == 0 || port != 0 || errno != EADDRINUSE)
			break;
	}
	return r;
}

void net_listener_close(struct net_listener *listener)
{
	for (unsigned i = 0; i < listener->n; i++)
		net_close(&listener->fds[i]);
	listener->n = 0;
}

uint16_t net_listener_port(const struct net_listener *listener)
{
	struct net_address at = { .len = sizeof at.storage };

	if (listener->n == 0 ||
	    getsockname(listener->fds[0], (struct sockaddr *)&at.storage, &at.len) < 0)
		return 0;
	return net_address_port(&at);
}

/* Failures that belong to one connection that came and went, not to the listener. */
static bool is_passing(int reason)
{
	switch (reason) {
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EPERM:
		return true;
	default:
		return reason == EAGAIN || reason == EWOULDBLOCK;
	}
}

int net_accept(const struct net_listener *listener, int *out)
{
	for (unsigned i = 0; i < listener->n; i++) {
		int fd = net_os_accept(listener->fds[i]);

		if (fd >= 0) {
			net_set_options(fd);
			*out = fd;
			return 0;
		}
		if (!is_passing(errno))
			return ERR_IO;
	}
	return NET_LATER;
}

/* Talking */

void net_set_options(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	net_os_set_options(fd, KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_COUNT);
}

static struct timeval time_of(int ms)
{
	/* No time at all would mean for ever. */
	if (ms < 1)
		ms = 1;
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000 };
}

int net_set_limits(int fd, int receive_ms, int send_ms)
{
	struct timeval receive = time_of(receive_ms);
	struct timeval send = time_of(send_ms);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send) < 0)
		return ERR_IO;
	return 0;
}

static bool is_gone(int reason)
{
	return reason == EPIPE || reason == ECONNRESET || reason == ESHUTDOWN || reason == ENOTCONN;
}

static int receive(int fd, uint8_t *to, size_t size, int flags, size_t *got)
{
	ssize_t n = recv(fd, to, size, flags);

	if (n > 0) {
		*got = (size_t)n;
		return 0;
	}
	if (n == 0 || is_gone(errno))
		return ERR_CLOSED;
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return NET_LATER;
	return ERR_IO;
}

int net_receive(int fd, uint8_t *to, size_t size, size_t *got)
{
	return receive(fd, to, size, 0, got);
}

int net_receive_now(int fd, uint8_t *to, size_t size, size_t *got)
{
	return receive(fd, to, size, MSG_DONTWAIT, got);
}

/* Sends what it can, and takes it off the views. */
static int send_some(int fd, struct bytes *head, struct bytes *body, int flags)
{
	/* sendmsg() does not write, whatever iovec's type says. */
	struct iovec parts[] = {
		{ .iov_base = (void *)(uintptr_t)head->data, .iov_len = head->len },
		{ .iov_base = (void *)(uintptr_t)body->data, .iov_len = body->len },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = COUNT(parts) };
	ssize_t n = sendmsg(fd, &message, flags | net_os_send_flags);
	size_t sent;

	if (n < 0) {
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
			return NET_LATER;
		return is_gone(errno) ? ERR_CLOSED : ERR_IO;
	}
	sent = (size_t)n;
	if (sent > head->len)
		*body = bytes_after(*body, sent - head->len);
	*head = bytes_after(*head, sent);
	return 0;
}

int net_send(int fd, struct bytes head, struct bytes body, int64_t deadline)
{
	/* A blocking send is one system call, in nearly every case. */
	int r = send_some(fd, &head, &body, 0);

	while (r >= 0 && head.len + body.len > 0) {
		r = net_wait_one(fd, NET_WRITABLE, deadline);
		if (r == 0)
			r = send_some(fd, &head, &body, MSG_DONTWAIT);
	}
	return r < 0 ? r : 0;
}

int net_send_now(int fd, struct bytes bytes)
{
	struct bytes nothing = bytes_of(NULL, 0);
	int r = send_some(fd, &bytes, &nothing, MSG_DONTWAIT);

	return r == 0 && bytes.len > 0 ? NET_LATER : r;
}

void net_quick_ack(int fd)
{
	net_os_quick_ack(fd);
}

void net_shutdown(int fd)
{
	int before = errno;

	if (shutdown(fd, SHUT_RDWR) < 0)
		errno = before;
}

void net_close(int *fd)
{
	if (*fd != NET_NONE)
		(void)close(*fd);
	*fd = NET_NONE;
}

int net_placeholder(int *out)
{
	int fd = net_os_socket(AF_INET);

	if (fd < 0)
		fd = net_os_socket(AF_INET6);
	if (fd < 0)
		return ERR_IO;
	*out = fd;
	return 0;
}

int net_replace_take(int place, int fd)
{
	int r = net_os_replace(fd, place) < 0 ? ERR_IO : 0;

	net_close(&fd);
	return r;
}

const char *net_peer_text(int fd, char text[NET_TEXT_SIZE])
{
	struct net_address peer = { .len = sizeof peer.storage };

	if (getpeername(fd, (struct sockaddr *)&peer.storage, &peer.len) < 0)
		return "?";
	return net_address_text(&peer, text);
}
