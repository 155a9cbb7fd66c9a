/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC/SC service's socket: accepts clients of the same user, one thread for each. */
#ifndef PCSC_SERVER_H
#define PCSC_SERVER_H

#include "pcsc/manager.h"

#define SERVER_CLIENTS_MAX 1100

struct server;

/* A service over pcsc on a listening Unix socket, which it takes. ERR_NO_MEMORY, ERR_IO. */
MUST_USE int server_new_take(struct pcsc *pcsc, int listener, struct server **out);

/* Serves until server_stop(), then ends every client, waits for their threads and returns 0. ERR_IO: the
 * socket failed. */
MUST_USE int server_run(struct server *server);

/* May be called from any thread and from a signal handler. */
void server_stop(struct server *server);

void server_free(struct server *server);

#endif
