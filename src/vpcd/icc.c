/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card's side of a vpcd connection.
 *
 * Interrupting: the connection's socket has the same descriptor from icc_new() to icc_free(): each new
 * connection is put in the place of an unconnected one, and that comes back when it is closed. So a
 * signal handler can shut the descriptor down at any instant and never hits another file; and because
 * it first sets the flag, and we look at the flag after each such change, nothing is missed. Waits for
 * connections look at the wake-up object as well. */
#include "vpcd/icc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/net.h"
#include "vpcd/frame.h"

#define REST_MS 10000 /* for the rest of a message that has begun, either way */

struct icc {
	struct frame in;
	struct net_wake wake;
	struct net_listener listener;
	int fd; /* of the connection; a socket that is nothing when there is none */
	bool connected;
	atomic_bool interrupted;
};

struct icc *icc_new(void)
{
	struct icc *icc = calloc(1, sizeof *icc);

	if (icc == NULL)
		return NULL;
	icc->fd = NET_NONE;
	icc->wake = (struct net_wake){ { NET_NONE, NET_NONE } };
	atomic_init(&icc->interrupted, false);
	if (!frame_init(&icc->in) || net_wake_open(&icc->wake) < 0 ||
	    net_placeholder(&icc->fd) < 0) {
		icc_free(icc);
		return NULL;
	}
	return icc;
}

void icc_free(struct icc *icc)
{
	if (icc == NULL)
		return;
	net_listener_close(&icc->listener);
	net_close(&icc->fd);
	net_wake_close(&icc->wake);
	frame_done(&icc->in);
	free(icc);
}

/* Closes the connection, and keeps errno. */
static void disconnect(struct icc *icc)
{
	int reason = errno;
	int placeholder;

	frame_clear(&icc->in);
	if (icc->connected) {
		net_shutdown(icc->fd);
		if (net_placeholder(&placeholder) < 0 || net_replace_take(icc->fd, placeholder) < 0)
			log_debug("no descriptors to spare: the socket that is shut down stays");
	}
	icc->connected = false;
	errno = reason;
}

/* Makes fd the connection. */
static int install_take(struct icc *icc, int fd)
{
	int r = net_set_limits(fd, REST_MS, REST_MS);

	if (r < 0) {
		net_close(&fd);
		return r;
	}
	r = net_replace_take(icc->fd, fd);
	if (r < 0)
		return r;
	icc->connected = true;
	if (atomic_load(&icc->interrupted)) {
		disconnect(icc);
		return ERR_INTERRUPTED;
	}
	return 0;
}

int icc_adopt_take(struct icc *icc, int fd)
{
	disconnect(icc);
	return install_take(icc, fd);
}

int icc_connect(struct icc *icc, const char *host, uint16_t port, int timeout_ms)
{
	int fd;
	int r;

	disconnect(icc);
	if (atomic_load(&icc->interrupted))
		return ERR_INTERRUPTED; /* a reader must not see a card that is not going to stay */
	r = net_connect(host, port, timeout_ms, &icc->wake, &fd);
	if (r < 0)
		return atomic_load(&icc->interrupted) ? ERR_INTERRUPTED : r;
	return install_take(icc, fd);
}

int icc_listen(struct icc *icc, const char *host, uint16_t port)
{
	net_listener_close(&icc->listener);
	return net_listen(host, port, &icc->listener);
}

uint16_t icc_port(const struct icc *icc)
{
	return net_listener_port(&icc->listener);
}

/* Waits until somebody connects, or icc_interrupt(). */
static int wait_listener(const struct icc *icc)
{
	struct net_event events[NET_LISTENERS_MAX + 1];
	unsigned n = 0;
	int r;

	events[n++] = (struct net_event){ .fd = icc->wake.fds[0], .want = NET_READABLE };
	for (unsigned i = 0; i < icc->listener.n; i++)
		events[n++] =
		    (struct net_event){ .fd = icc->listener.fds[i], .want = NET_READABLE };
	r = net_wait(events, n, CLOCK_FOREVER);
	if (r < 0)
		return r;
	return events[0].ready ? ERR_INTERRUPTED : 0;
}

int icc_accept(struct icc *icc)
{
	int fd = -1;
	int r;

	disconnect(icc);
	do {
		r = wait_listener(icc);
		if (r == 0)
			r = net_accept(&icc->listener, &fd);
	} while (r == NET_LATER);
	return r < 0 ? r : install_take(icc, fd);
}

/* Closes the connection after a failure, whose code it returns. */
static int fail(struct icc *icc, int r)
{
	disconnect(icc);
	return atomic_load(&icc->interrupted) ? ERR_INTERRUPTED : r;
}

/* Understands a message. False: it is one to be passed over. */
static bool understand(struct bytes message, struct icc_message *out)
{
	if (message.len == 0) {
		log_debug("the reader sent an empty message");
		return false;
	}
	if (message.len > 1) {
		*out = (struct icc_message){ .kind = ICC_COMMAND, .command = message };
		return true;
	}
	switch (message.data[0]) {
	case VPCD_POWER_OFF:
		*out = (struct icc_message){ .kind = ICC_POWER_OFF };
		return true;
	case VPCD_POWER_ON:
		*out = (struct icc_message){ .kind = ICC_POWER_ON };
		return true;
	case VPCD_RESET:
		*out = (struct icc_message){ .kind = ICC_RESET };
		return true;
	case VPCD_GET_ATR:
		*out = (struct icc_message){ .kind = ICC_GET_ATR };
		return true;
	default:
		log_debug("the reader sent the unknown control byte %02X", message.data[0]);
		return false;
	}
}

int icc_next(struct icc *icc, struct icc_message *out)
{
	struct bytes message;
	int r;

	do {
		if (!icc->connected)
			return fail(icc, ERR_CLOSED);
		if (atomic_load(&icc->interrupted))
			return fail(icc, ERR_INTERRUPTED);
		r = frame_receive(&icc->in, icc->fd, CLOCK_FOREVER, REST_MS, &message);
		if (r < 0)
			return fail(icc, r);
	} while (!understand(message, out));
	return 0;
}

int icc_answer(struct icc *icc, struct bytes answer)
{
	int r;

	if (answer.len > VPCD_MESSAGE_MAX)
		return ERR_LIMIT;
	if (!icc->connected)
		return fail(icc, ERR_CLOSED);
	r = frame_send(icc->fd, answer, REST_MS);
	return r < 0 ? fail(icc, r) : 0;
}

void icc_interrupt(struct icc *icc)
{
	atomic_store(&icc->interrupted, true);
	net_shutdown(icc->fd);
	net_wake_signal(&icc->wake);
}
