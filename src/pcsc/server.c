/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC/SC service's socket. The thread of server_run() accepts; each client has a thread of its own,
 * since a request may wait for another application's transaction or for a person at a PIN prompt. */
#include "pcsc/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/peer.h"
#include "pcsc/client.h"

#define CLIENT_STACK_SIZE (256 * 1024)
#define ACCEPT_PAUSE_MS 50 /* when there are no descriptors left for a new client */

struct connection {
	struct server *server;
	struct connection *next;
	int fd;
};

struct server {
	struct pcsc *pcsc;
	int listener;
	int wake[2]; /* a byte in it stops server_run() */
	pthread_mutex_t lock;
	pthread_cond_t left; /* a client has gone */
	struct connection *connections;
	unsigned n_connections;
	bool short_of; /* descriptors or memory for another client; said once */
};

int server_new_take(struct pcsc *pcsc, int listener, struct server **out)
{
	struct server *server = calloc(1, sizeof *server);

	if (server == NULL || pipe2(server->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(server);
		(void)close(listener);
		return server == NULL ? ERR_NO_MEMORY : ERR_IO;
	}
	server->pcsc = pcsc;
	server->listener = listener;
	(void)pthread_mutex_init(&server->lock, NULL);
	(void)pthread_cond_init(&server->left, NULL);
	*out = server;
	return 0;
}

void server_free(struct server *server)
{
	if (server == NULL)
		return;
	(void)close(server->listener);
	(void)close(server->wake[0]);
	(void)close(server->wake[1]);
	(void)pthread_cond_destroy(&server->left);
	(void)pthread_mutex_destroy(&server->lock);
	free(server);
}

void server_stop(struct server *server)
{
	ssize_t written = write(server->wake[1], "", 1);

	(void)written; /* a full pipe wakes as well */
}

static void remove_connection(struct connection *connection)
{
	struct server *server = connection->server;
	struct connection **at;

	(void)pthread_mutex_lock(&server->lock);
	for (at = &server->connections; *at != connection; at = &(*at)->next)
		;
	*at = connection->next;
	server->n_connections--;
	(void)close(connection->fd);
	free(connection);
	(void)pthread_cond_signal(&server->left);
	(void)pthread_mutex_unlock(&server->lock);
}

static void *serve(void *arg)
{
	struct connection *connection = arg;

	(void)client_serve(connection->server->pcsc, connection->fd);
	remove_connection(connection);
	return NULL;
}

static int start_thread(struct connection *connection)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r = ERR_NO_MEMORY;

	if (pthread_attr_init(&attributes) != 0)
		return r;
	if (pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
	    pthread_attr_setstacksize(&attributes, CLIENT_STACK_SIZE) == 0 &&
	    pthread_create(&thread, &attributes, serve, connection) == 0)
		r = 0;
	(void)pthread_attr_destroy(&attributes);
	return r;
}

/* Takes fd. */
static void add_client(struct server *server, int fd)
{
	struct connection *connection = NULL;
	bool full;

	(void)pthread_mutex_lock(&server->lock);
	full = server->n_connections >= SERVER_CLIENTS_MAX;
	(void)pthread_mutex_unlock(&server->lock);
	if (!peer_is_same_user(fd)) {
		log_warning("refused a client of another user");
	} else if (full) {
		log_warning("refused a client: %d are connected already", SERVER_CLIENTS_MAX);
	} else {
		connection = calloc(1, sizeof *connection);
	}
	if (connection == NULL) {
		(void)close(fd);
		return;
	}
	connection->server = server;
	connection->fd = fd;
	(void)pthread_mutex_lock(&server->lock);
	connection->next = server->connections;
	server->connections = connection;
	server->n_connections++;
	(void)pthread_mutex_unlock(&server->lock);
	if (start_thread(connection) < 0) {
		log_warning("refused a client: no memory for its thread");
		remove_connection(connection);
	}
}

/* Ends every client and waits until its thread has. */
static void end_clients(struct server *server)
{
	pcsc_stop(server->pcsc);
	(void)pthread_mutex_lock(&server->lock);
	for (struct connection *c = server->connections; c != NULL; c = c->next)
		(void)shutdown(c->fd, SHUT_RDWR);
	while (server->n_connections > 0)
		(void)pthread_cond_wait(&server->left, &server->lock);
	(void)pthread_mutex_unlock(&server->lock);
}

/* Whether accept() may be tried again after this error. */
static bool accept_failure_passes(struct server *server, int error)
{
	struct pollfd nothing = { .fd = -1 };

	if (error == EINTR || error == ECONNABORTED || error == EAGAIN)
		return true;
	if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM)
		return false;
	if (!server->short_of)
		log_warning("clients have to wait: %s", strerror(error));
	server->short_of = true;
	(void)poll(&nothing, 1, ACCEPT_PAUSE_MS);
	return true;
}

int server_run(struct server *server)
{
	struct pollfd fds[] = {
		{ .fd = server->listener, .events = POLLIN },
		{ .fd = server->wake[0], .events = POLLIN },
	};
	int r = 0;

	while (r == 0 && fds[1].revents == 0) {
		int fd;

		if (poll(fds, COUNT(fds), -1) < 0 || fds[0].revents == 0)
			continue;
		fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0) {
			r = accept_failure_passes(server, errno) ? 0 : ERR_IO;
			continue;
		}
		server->short_of = false;
		add_client(server, fd);
	}
	end_clients(server);
	return r;
}
