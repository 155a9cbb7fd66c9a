/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the other end of a Unix socket, on the BSDs and macOS. */
#include <sys/types.h>
#include <unistd.h>

#include "base/peer.h"

bool peer_is_same_user(int fd)
{
	uid_t user;
	gid_t group;

	return getpeereid(fd, &user, &group) == 0 && user == geteuid();
}
