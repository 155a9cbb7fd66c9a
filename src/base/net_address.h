/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of the internet, for the net_*_posix.c files alone. */
#ifndef BASE_NET_ADDRESS_H
#define BASE_NET_ADDRESS_H

#include <sys/socket.h>

#include "base/net.h"

struct net_address {
	struct sockaddr_storage storage;
	socklen_t len;
};

struct net_addresses {
	struct net_address list[NET_ADDRESSES_MAX];
	unsigned n;
};

uint16_t net_address_port(const struct net_address *address);
void net_address_set_port(struct net_address *address, uint16_t port);
const char *net_address_text(const struct net_address *address, char text[NET_TEXT_SIZE]);

/* 127.0.0.1 and ::1; 0.0.0.0 and ::. */
void net_addresses_loopback(struct net_addresses *out);
void net_addresses_every(struct net_addresses *out);

/* What needs no name server: an address in figures, or "localhost". */
MUST_USE bool net_addresses_parse(const char *host, struct net_addresses *out);

/* The addresses of a name, in a thread of its own that asks the name servers, for however long they
 * take. */
struct net_resolve;

/* NULL: out of memory, threads or descriptors. */
struct net_resolve *net_resolve_new(const char *host);

/* The descriptor that becomes readable when there is an answer. */
int net_resolve_fd(const struct net_resolve *resolve);

/* NET_LATER, ERR_NOT_FOUND, or 0. */
MUST_USE int net_resolve_step(struct net_resolve *resolve, struct net_addresses *out);

/* Does not wait for the thread: it ends by itself. */
void net_resolve_free(struct net_resolve *resolve);

/* All of it, at once. ERR_NOT_FOUND, ERR_TIMEOUT, ERR_IO. */
MUST_USE int net_addresses_resolve(const char *host, int timeout_ms, struct net_addresses *out);

/* Of every TCP socket that talks. */
void net_set_options(int fd);

#endif
