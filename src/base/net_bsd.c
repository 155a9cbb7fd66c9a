/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets: for POSIX systems without Linux' additions, such as macOS. Uses nothing that Linux lacks, so
 * that it is built and tested there as well. */
#include "base/net_os.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often a socket is looked at of which nothing but its end is wanted. */
#define SLICE_MS 50

#ifdef MSG_NOSIGNAL
const int net_os_send_flags = MSG_NOSIGNAL;
#else
const int net_os_send_flags = 0; /* SO_NOSIGPIPE instead */
#endif

const short net_os_hangup = 0;

/* Returns fd, or closes it and returns -1. */
static int set_flags(int fd, bool nonblocking)
{
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (flags < 0)
		goto fail;
	flags = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	if (fcntl(fd, F_SETFL, flags) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		goto fail;
	return fd;
fail:
	if (fd >= 0) {
		int reason = errno;

		(void)close(fd);
		errno = reason;
	}
	return -1;
}

int net_os_socket(int family)
{
	return set_flags(socket(family, SOCK_STREAM, 0), true);
}

int net_os_accept(int fd)
{
	return set_flags(accept(fd, NULL, NULL), false);
}

int net_os_replace(int fd, int place)
{
	if (dup2(fd, place) < 0)
		return -1;
	return fcntl(place, F_SETFD, FD_CLOEXEC) < 0 ? -1 : place;
}

int net_os_pipe(int fds[2])
{
	if (pipe(fds) < 0)
		return -1;
	if (set_flags(fds[0], true) < 0) {
		(void)close(fds[1]);
		return -1;
	}
	if (set_flags(fds[1], true) < 0) {
		(void)close(fds[0]);
		return -1;
	}
	return 0;
}

bool net_os_hung_up(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

/* Marks the sockets of which only the end is wanted and that have ended. Returns how many did; *some
 * tells whether there are any. */
static int find_ends(struct pollfd *fds, nfds_t n, bool *some)
{
	int ended = 0;

	*some = false;
	for (nfds_t i = 0; i < n; i++) {
		if (fds[i].fd < 0 || fds[i].events != 0)
			continue;
		*some = true;
		if (net_os_hung_up(fds[i].fd)) {
			fds[i].revents |= POLLHUP;
			ended++;
		}
	}
	return ended;
}

int net_os_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	for (;;) {
		bool some;
		bool last;
		int ready;

		for (nfds_t i = 0; i < n; i++)
			fds[i].revents = 0;
		ready = find_ends(fds, n, &some);
		if (ready > 0)
			return ready;
		last = !some || (timeout_ms >= 0 && timeout_ms <= SLICE_MS);
		ready = poll(fds, n, last ? timeout_ms : SLICE_MS);
		if (ready != 0 || last)
			return ready;
		if (timeout_ms > 0)
			timeout_ms -= SLICE_MS;
	}
}

#ifdef SO_NOSIGPIPE
static void raise_no_signal(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
}
#else
static void raise_no_signal(int fd)
{
	(void)fd;
}
#endif

#if defined(TCP_KEEPALIVE) && !defined(TCP_KEEPIDLE)
#define TCP_KEEPIDLE TCP_KEEPALIVE /* macOS' name */
#endif

void net_os_set_options(int fd, int idle_s, int interval_s, int count)
{
	raise_no_signal(fd);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

void net_os_quick_ack(int fd)
{
	(void)fd;
}
