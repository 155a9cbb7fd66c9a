/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Unix sockets that the service listens on, and the folder made for them. */
#ifndef VPCSCD_LISTENER_H
#define VPCSCD_LISTENER_H

#include <sys/un.h>

#include "base/bytes.h"

#define LISTENER_PATH_SIZE sizeof(((struct sockaddr_un *)0)->sun_path)

struct listener {
	int fd;      /* of the PC/SC protocol */
	int control; /* of vpcscd ctl */
	char path[LISTENER_PATH_SIZE];
	char control_path[LISTENER_PATH_SIZE];
	char folder[LISTENER_PATH_SIZE]; /* that was made, empty: none was */
	bool given;                      /* fd is the service manager's, and so is its path */
};

/* Opens both sockets: path NULL: the one that a service manager passed (LISTEN_FDS), or else one in a new
 * folder that only its owner can enter. A socket that is left of a service which has died is replaced.
 * ERR_*: said in the log. */
MUST_USE int listener_open(const char *path, struct listener *out);

/* Closes them and removes sockets and folder. */
void listener_close(struct listener *listener);

/* Connects to a socket. -1: errno. */
int listener_connect(const char *path);

#endif
