/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP sockets. Every socket is closed on exec, sends without delay, raises no signal, and notices after
 * a minute that the other machine has vanished. Failures are ERR_IO with errno kept, unless said
 * otherwise. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stdint.h>

#include "base/bytes.h"

#define NET_NONE (-1)       /* no socket */
#define NET_LATER 1         /* not now: wait for an event, then ask again */
#define NET_LISTENERS_MAX 8 /* addresses that a name to listen on may have */
#define NET_ADDRESSES_MAX 8 /* addresses of a host that are tried; further ones are not */
#define NET_HOST_MAX 255
#define NET_TEXT_SIZE 80 /* of an address and port as text */

/* Waiting */

enum net_want {
	NET_READABLE = 1, /* bytes or a connection to accept are there, or the end, or an error */
	NET_WRITABLE = 2,
	NET_HANGUP = 4, /* the peer has closed, whether bytes are there or not, or an error */
};

struct net_event {
	int fd;        /* NET_NONE: passed over */
	unsigned want; /* of enum net_want */
	bool ready;    /* set by net_wait() */
};

/* Waits until one is ready, 0, or ERR_TIMEOUT at the deadline (base/clock.h). A signal that comes
 * meanwhile may end the wait early with 0 and none ready. */
MUST_USE int net_wait(struct net_event *events, unsigned n, int64_t deadline);

/* One socket, at least one of want, and whatever signals come. */
MUST_USE int net_wait_one(int fd, unsigned want, int64_t deadline);

/* Whether the peer has closed, without waiting. */
bool net_hung_up(int fd);

/* What one thread or signal handler does to end the net_wait() of another: want NET_READABLE of
 * wake.fds[0]. */
struct net_wake {
	int fds[2];
};

MUST_USE int net_wake_open(struct net_wake *wake);
void net_wake_close(struct net_wake *wake);
void net_wake_signal(const struct net_wake *wake); /* safe in a signal handler; keeps errno */
void net_wake_clear(const struct net_wake *wake);

/* Listening */

struct net_listener {
	int fds[NET_LISTENERS_MAX];
	unsigned n; /* 0: closed */
};

/* On loopback (host NULL or empty: 127.0.0.1 and, where present, ::1), every address ("*"), or the
 * addresses of a name. Port 0: any one that is free. ERR_NOT_FOUND: no such host. */
MUST_USE int net_listen(const char *host, uint16_t port, struct net_listener *out);
void net_listener_close(struct net_listener *listener);
uint16_t net_listener_port(const struct net_listener *listener);

/* Takes the next connection that is there; its socket is blocking. NET_LATER: nobody. */
MUST_USE int net_accept(const struct net_listener *listener, int *out);

/* Connecting */

struct net_dial;

/* Begins to connect to a host, a name or a number, and never waits. timeout_ms (negative: what the
 * system thinks right) is for all its addresses together. NULL: out of memory or of descriptors. */
struct net_dial *net_dial_new(const char *host, uint16_t port, int timeout_ms);

/* Goes on, without waiting. 0: connected, the caller owns the socket, which is blocking. NET_LATER: ask
 * again when net_dial_event() is ready or the time that it gives has come. ERR_NOT_FOUND: no such host;
 * ERR_TIMEOUT; ERR_IO: errno is that of the last address. */
MUST_USE int net_dial_step(struct net_dial *dial, int *out);
int64_t net_dial_event(const struct net_dial *dial, struct net_event *out);
void net_dial_free(struct net_dial *dial);

/* In the child after fork(): closes the socket and frees nothing. */
void net_dial_abandon(struct net_dial *dial);

/* All of it, at once; ERR_INTERRUPTED as soon as wake (or NULL) is signalled. */
MUST_USE int net_connect(
    const char *host, uint16_t port, int timeout_ms, const struct net_wake *wake, int *out);

/* Talking */

/* How long one net_receive() waits, and a net_send(), at most. */
MUST_USE int net_set_limits(int fd, int receive_ms, int send_ms);

/* Waits for bytes, and takes what is there. ERR_CLOSED: the peer has gone. NET_LATER: the time of
 * net_set_limits() is over, or a signal came. */
MUST_USE int net_receive(int fd, uint8_t *to, size_t size, size_t *got);

/* Takes what is there without waiting. NET_LATER: nothing. ERR_CLOSED. */
MUST_USE int net_receive_now(int fd, uint8_t *to, size_t size, size_t *got);

/* Sends head and body, at once where possible, until the deadline, which should not be before that of
 * net_set_limits(). ERR_CLOSED; ERR_TIMEOUT: the connection is of no use any more. */
MUST_USE int net_send(int fd, struct bytes head, struct bytes body, int64_t deadline);

/* Sends a few bytes or nothing, without waiting. ERR_CLOSED; NET_LATER: no room (it may have sent a
 * part; the connection is of no use any more). */
MUST_USE int net_send_now(int fd, struct bytes bytes);

/* Acknowledges at once what has been received. */
void net_quick_ack(int fd);

/* Ends all sending and receiving, also what other threads are waiting for; the socket stays. Safe in a
 * signal handler; keeps errno. */
void net_shutdown(int fd);
void net_close(int *fd); /* and makes it NET_NONE */

/* A socket that is nothing yet, and the putting of another one (which is closed) in its place: so a
 * socket keeps its number, which a signal handler may know. */
MUST_USE int net_placeholder(int *out);
MUST_USE int net_replace_take(int place, int fd);

/* The peer's address and port, as in "127.0.0.1:35963" or "[::1]:35963"; "?" where there is none. */
const char *net_peer_text(int fd, char text[NET_TEXT_SIZE]);

#endif
