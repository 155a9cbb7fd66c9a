/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Unix sockets that the service listens on, and the folder made for them. */
#ifndef VPCSCD_LISTENER_H
#define VPCSCD_LISTENER_H

#include <sys/types.h>
#include <sys/un.h>
#include <time.h>

#include "base/bytes.h"

#define LISTENER_PATH_SIZE sizeof(((struct sockaddr_un *)0)->sun_path)
#define LISTENER_CONTROL_SUFFIX ".ctl"

/* One listening socket. */
struct listener_socket {
	int fd; /* -1: closed, or somebody else's by now */
	char path[LISTENER_PATH_SIZE];
	bool made; /* the file at path is ours to remove, as long as it is this one: */
	dev_t device;
	ino_t inode; /* may be used again for another file, of another time */
	struct timespec made_at;
};

struct listener {
	struct listener_socket service;  /* of the PC/SC protocol */
	struct listener_socket control;  /* of vpcscd ctl */
	char folder[LISTENER_PATH_SIZE]; /* that was made; empty: none was */
};

void listener_init(struct listener *listener);

/* Opens both sockets. path NULL: those that a service manager passed (vpcscd/passed.h), or else in a new
 * folder that only its owner can enter. A socket that is left of a service which has died is replaced,
 * and nothing else. Before there are threads. ERR_*: said in the log, and nothing is left. */
MUST_USE int listener_open(const char *path, struct listener *out);

/* Removes sockets and folder, so that nobody finds us any more; the sockets stay open. */
void listener_unlink(struct listener *listener);

/* Removes and closes all. */
void listener_close(struct listener *listener);

/* Connects to a socket, within limit_ms. -1: errno. */
int listener_connect(const char *path, int limit_ms);

#endif
