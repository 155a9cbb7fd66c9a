/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between POSIX systems, for net_posix.c: net_linux.c, or net_bsd.c for all others. */
#ifndef BASE_NET_OS_H
#define BASE_NET_OS_H

#include <poll.h>
#include <stdbool.h>

/* For send(): no signal when the peer has gone. */
extern const int net_os_send_flags;

/* For poll(): the peer has closed. */
extern const short net_os_hangup;

/* Each returns a descriptor that is closed on exec, or -1 with errno. */
int net_os_socket(int family); /* a stream, non-blocking */
int net_os_accept(int fd);     /* blocking */
int net_os_replace(int fd, int place);

/* Closed on exec, non-blocking. -1 with errno. */
int net_os_pipe(int fds[2]);

/* poll(), that knows net_os_hangup. */
int net_os_poll(struct pollfd *fds, nfds_t n, int timeout_ms);

bool net_os_hung_up(int fd);
void net_os_set_options(int fd, int idle_s, int interval_s, int count);
void net_os_quick_ack(int fd);

#endif
