/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the other end of a Unix socket, on Linux. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/peer.h"

bool peer_is_same_user(int fd)
{
	struct ucred credentials;
	socklen_t size = sizeof credentials;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 &&
	    credentials.uid == geteuid();
}
