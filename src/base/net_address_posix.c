/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and names. getaddrinfo() waits for name servers as long as it likes and cannot be stopped.
 * So names are asked for in a detached thread, which shares nothing with us but a counted block of
 * memory: who leaves last frees it. A shared object with this code must not be unloaded while such a
 * thread runs: link it with -z nodelete. */
#include "base/net_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

uint16_t net_address_port(const struct net_address *address)
{
	switch (address->storage.ss_family) {
	case AF_INET:
		return ntohs(((const struct sockaddr_in *)&address->storage)->sin_port);
	case AF_INET6:
		return ntohs(((const struct sockaddr_in6 *)&address->storage)->sin6_port);
	default:
		return 0;
	}
}

void net_address_set_port(struct net_address *address, uint16_t port)
{
	switch (address->storage.ss_family) {
	case AF_INET:
		((struct sockaddr_in *)&address->storage)->sin_port = htons(port);
		break;
	case AF_INET6:
		((struct sockaddr_in6 *)&address->storage)->sin6_port = htons(port);
		break;
	default:
		break;
	}
}

const char *net_address_text(const struct net_address *address, char text[NET_TEXT_SIZE])
{
	char host[NET_TEXT_SIZE - 8]; /* less brackets, colon and port */

	if (getnameinfo((const struct sockaddr *)&address->storage, address->len, host, sizeof host,
	        NULL, 0, NI_NUMERICHOST) != 0)
		return "?";
	(void)snprintf(text, NET_TEXT_SIZE, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host,
	    (unsigned)net_address_port(address));
	return text;
}

static void add_ipv4(struct net_addresses *to, in_addr_t number)
{
	struct net_address *added = &to->list[to->n++];
	struct sockaddr_in *in = (struct sockaddr_in *)&added->storage;

	*added = (struct net_address){ .len = sizeof *in };
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(number);
}

static void add_ipv6(struct net_addresses *to, struct in6_addr number)
{
	struct net_address *added = &to->list[to->n++];
	struct sockaddr_in6 *in = (struct sockaddr_in6 *)&added->storage;

	*added = (struct net_address){ .len = sizeof *in };
	in->sin6_family = AF_INET6;
	in->sin6_addr = number;
}

void net_addresses_loopback(struct net_addresses *out)
{
	out->n = 0;
	add_ipv4(out, INADDR_LOOPBACK);
	add_ipv6(out, in6addr_loopback);
}

void net_addresses_every(struct net_addresses *out)
{
	out->n = 0;
	add_ipv4(out, INADDR_ANY);
	add_ipv6(out, in6addr_any);
}

/* Asks the system. ERR_NOT_FOUND. */
static int look_up(const char *host, int flags, struct net_addresses *out)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags
	};
	struct addrinfo *found = NULL;
	struct net_addresses all = { .n = 0 };

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return ERR_NOT_FOUND;
	for (const struct addrinfo *i = found; i != NULL && all.n < NET_ADDRESSES_MAX;
	     i = i->ai_next) {
		if (i->ai_addrlen > sizeof all.list[0].storage)
			continue;
		memcpy(&all.list[all.n].storage, i->ai_addr, i->ai_addrlen);
		all.list[all.n++].len = i->ai_addrlen;
	}
	freeaddrinfo(found);
	if (all.n == 0)
		return ERR_NOT_FOUND;
	*out = all;
	return 0;
}

bool net_addresses_parse(const char *host, struct net_addresses *out)
{
	if (strcmp(host, "localhost") == 0) {
		net_addresses_loopback(out);
		return true;
	}
	return look_up(host, AI_NUMERICHOST, out) == 0;
}

struct net_resolve {
	pthread_mutex_t lock; /* over users, answered and result */
	unsigned users;       /* we, and the thread */
	bool answered;
	int result;
	struct net_addresses found; /* once answered */
	struct net_wake answer;
	char host[NET_HOST_MAX + 1];
};

void net_resolve_free(struct net_resolve *resolve)
{
	struct net_wake answer;
	bool last;

	if (resolve == NULL)
		return;
	(void)pthread_mutex_lock(&resolve->lock);
	last = --resolve->users == 0;
	(void)pthread_mutex_unlock(&resolve->lock);
	if (!last)
		return;
	answer = resolve->answer;
	(void)pthread_mutex_destroy(&resolve->lock);
	free(resolve);
	net_wake_close(&answer); /* last, so that whoever sees them gone knows that all is */
}

static void *run(void *argument)
{
	struct net_resolve *resolve = argument;
	struct net_addresses found = { .n = 0 };
	int r = look_up(resolve->host, AI_ADDRCONFIG, &found);

	(void)pthread_mutex_lock(&resolve->lock);
	resolve->result = r;
	resolve->found = found;
	resolve->answered = true;
	(void)pthread_mutex_unlock(&resolve->lock);
	net_wake_signal(&resolve->answer);
	net_resolve_free(resolve);
	return NULL;
}

/* Starts the thread, with every signal blocked: signals are the host program's. */
static bool start(struct net_resolve *resolve)
{
	pthread_attr_t detached;
	pthread_t thread;
	sigset_t all;
	sigset_t before;
	bool started;

	if (pthread_attr_init(&detached) != 0)
		return false;
	(void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&thread, &detached, run, resolve) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&detached);
	return started;
}

struct net_resolve *net_resolve_new(const char *host)
{
	struct net_resolve *resolve = calloc(1, sizeof *resolve);

	if (resolve == NULL)
		return NULL;
	(void)snprintf(resolve->host, sizeof resolve->host, "%s", host);
	if (pthread_mutex_init(&resolve->lock, NULL) != 0) {
		free(resolve);
		return NULL;
	}
	resolve->users = 2;
	if (net_wake_open(&resolve->answer) < 0 || !start(resolve)) {
		resolve->users = 1;
		net_resolve_free(resolve);
		return NULL;
	}
	return resolve;
}

int net_resolve_fd(const struct net_resolve *resolve)
{
	return resolve->answer.fds[0];
}

int net_resolve_step(struct net_resolve *resolve, struct net_addresses *out)
{
	int r = NET_LATER;

	(void)pthread_mutex_lock(&resolve->lock);
	if (resolve->answered) {
		r = resolve->result;
		if (r == 0)
			*out = resolve->found;
	}
	(void)pthread_mutex_unlock(&resolve->lock);
	return r;
}

int net_addresses_resolve(const char *host, int timeout_ms, struct net_addresses *out)
{
	struct net_resolve *resolve;
	int r;

	if (net_addresses_parse(host, out))
		return 0;
	resolve = net_resolve_new(host);
	if (resolve == NULL)
		return ERR_IO;
	r = net_wait_one(net_resolve_fd(resolve), NET_READABLE, clock_deadline(timeout_ms));
	if (r == 0)
		r = net_resolve_step(resolve, out);
	net_resolve_free(resolve);
	return r;
}
