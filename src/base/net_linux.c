/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets: what only Linux has. */
#include "base/net_os.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

const int net_os_send_flags = MSG_NOSIGNAL;
const short net_os_hangup = POLLRDHUP;

int net_os_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int net_os_accept(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC);
}

int net_os_replace(int fd, int place)
{
	return dup3(fd, place, O_CLOEXEC);
}

int net_os_pipe(int fds[2])
{
	return pipe2(fds, O_NONBLOCK | O_CLOEXEC);
}

int net_os_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	return poll(fds, n, timeout_ms);
}

bool net_os_hung_up(int fd)
{
	struct pollfd event = { .fd = fd, .events = POLLRDHUP };

	return poll(&event, 1, 0) > 0;
}

void net_os_set_options(int fd, int idle_s, int interval_s, int count)
{
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

void net_os_quick_ack(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}
