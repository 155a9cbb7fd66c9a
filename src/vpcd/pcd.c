/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's side of a vpcd connection.
 *
 * There is no thread of its own. What has to go on (accept, connect, ask for the ATR, notice the end)
 * is done by step(), which never waits, in whoever asks for the card or waits for one; pcd_wait() sleeps
 * until there is something for it to do. While a card is connected, others wait in the
 * listener's queue, and the first of them is served when this one has left.
 *
 * Who may use the connection: an exchange (power, reset, ATR, command) takes it by setting busy, and
 * from then until it clears that, nobody else sends or receives; it waits without the lock. At all other
 * times step() has it, under the lock. An exchange does not wake pcd_wait(), which meanwhile looks at
 * the connection for its end alone.
 *
 * A descriptor is closed only when nobody can be using its number: not while an exchange runs, and not
 * while pcd_wait() sleeps on it. Until then it is shut down, which ends both, and dead. */
#include "vpcd/pcd.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/net.h"
#include "base/number.h"
#include "vpcd/frame.h"

#define TIMEOUT_MAX_S (24 * 3600)
#define DIAL_MS 10000         /* to connect */
#define PAUSE_FIRST_MS 50     /* between two attempts to connect; doubled each time ... */
#define PAUSE_MAX_MS 400      /* ... up to this */
#define ACCEPT_PAUSE_MS 500   /* after a failure to accept, such as no descriptors left */
#define ACCEPT_AT_ONCE_MAX 64 /* connections that have ended before they are looked at */

struct pcd {
	pthread_mutex_t lock; /* over all that follows, but see above */
	struct pcd_limits limits;
	int socket_ms; /* limit of the socket: waits are cut into pieces of this length */
	struct net_wake wake;

	struct net_listener listener;     /* to listen */
	char host[ENDPOINT_HOST_MAX + 1]; /* to connect */
	uint16_t port;
	struct net_dial *dial; /* under way, or NULL */
	int64_t open_at;       /* not before that does it accept or connect again */
	int pause_ms;

	int fd;        /* of the connection, or NET_NONE */
	bool dead;     /* shut down, to be closed */
	bool busy;     /* an exchange has the connection */
	unsigned held; /* the card's number when the exchange began */
	bool polled;   /* pcd_wait() sleeps on the connection */
	bool asleep;   /* pcd_wait() sleeps, on whatever */
	bool hangup;   /* the end came during an exchange */
	struct frame in;
	unsigned skip;        /* messages to come that are not the answer */
	bool asking;          /* for the ATR, in step() */
	int64_t ask_deadline; /* for its answer */
	int64_t ask_at;       /* when to ask next */

	unsigned card;      /* its number, 0: none */
	unsigned last_card; /* the number given last */
	uint8_t atr[PCD_ATR_MAX];
	size_t atr_len;
	bool atr_is_fresh; /* no power-up or reset since */
	bool powered;

	bool interrupted; /* the next pcd_wait() ends */
	bool shut;        /* every call ends */
};

static void lock(struct pcd *pcd)
{
	(void)pthread_mutex_lock(&pcd->lock);
}

static void unlock(struct pcd *pcd)
{
	(void)pthread_mutex_unlock(&pcd->lock);
}

/* For what pcd_wait() could not see by itself, under the lock. */
static void wake_waiter(const struct pcd *pcd)
{
	if (pcd->asleep)
		net_wake_signal(&pcd->wake);
}

/* Limits */

static void read_seconds(const char *name, int *ms)
{
	const char *text = getenv(name);
	uint64_t seconds;

	if (text == NULL)
		return;
	if (!number_parse(text, TIMEOUT_MAX_S, &seconds) || seconds == 0) {
		log_debug("%s is not a number of seconds from 1 to %d", name, TIMEOUT_MAX_S);
		return;
	}
	*ms = (int)seconds * 1000;
}

void pcd_limits_read(const struct endpoint *endpoint, struct pcd_limits *out)
{
	*out = (struct pcd_limits){ .atr_ms = 10000,
		.message_ms = 10000,
		.command_ms = 60000,
		.check_ms = 1000,
		.empty_ms = 500,
		.unasked_max = 1 << 20 };
	read_seconds("VPCD_TIMEOUT_ATR", &out->atr_ms);
	read_seconds("VPCD_TIMEOUT_MESSAGE", &out->message_ms);
	read_seconds("VPCD_TIMEOUT_COMMAND", &out->command_ms);
	if (endpoint->timeout_s > 0 && endpoint->timeout_s <= TIMEOUT_MAX_S)
		out->command_ms = (int)endpoint->timeout_s * 1000;
}

/* Half of the shortest: so a wait that begins with one piece never lasts longer than it should. */
static int find_socket_ms(const struct pcd_limits *limits)
{
	int ms = limits->atr_ms;

	if (ms > limits->message_ms)
		ms = limits->message_ms;
	if (ms > limits->command_ms)
		ms = limits->command_ms;
	return ms / 2;
}

/* The connection's beginning and end, under the lock */

static void reap(struct pcd *pcd)
{
	if (!pcd->dead || pcd->busy || pcd->polled)
		return;
	net_close(&pcd->fd);
	frame_clear(&pcd->in);
	pcd->dead = false;
}

static void drop(struct pcd *pcd, const char *why)
{
	if (pcd->fd == NET_NONE || pcd->dead)
		return;
	log_debug("port %u: connection closed: %s", (unsigned)pcd->port, why);
	net_shutdown(pcd->fd);
	pcd->dead = true;
	pcd->asking = false;
	pcd->card = 0;
	wake_waiter(pcd);
	reap(pcd);
}

static void adopt_take(struct pcd *pcd, int fd)
{
	char text[NET_TEXT_SIZE];

	if (net_set_limits(fd, pcd->socket_ms, pcd->limits.message_ms) < 0) {
		net_close(&fd);
		return;
	}
	if (log_wants(LOG_LEVEL_DEBUG))
		log_debug(
		    "port %u: connected with %s", (unsigned)pcd->port, net_peer_text(fd, text));
	pcd->fd = fd;
	pcd->hangup = false;
	pcd->skip = 0;
	pcd->asking = false;
	pcd->ask_at = clock_now();
	pcd->powered = false;
	pcd->atr_is_fresh = false;
}

/* Accepts a connection, if one waits. */
static void step_accept(struct pcd *pcd)
{
	int fd;
	int r = net_accept(&pcd->listener, &fd);

	if (r == 0)
		adopt_take(pcd, fd);
	else if (r < 0)
		pcd->open_at = clock_deadline(ACCEPT_PAUSE_MS);
}

/* Goes on with connecting, or begins. */
static void step_dial(struct pcd *pcd)
{
	int fd;
	int r = ERR_NO_MEMORY;

	if (pcd->dial == NULL)
		pcd->dial = net_dial_new(pcd->host, pcd->port, DIAL_MS);
	if (pcd->dial != NULL)
		r = net_dial_step(pcd->dial, &fd);
	if (r == NET_LATER)
		return;
	net_dial_free(pcd->dial);
	pcd->dial = NULL;
	pcd->open_at = clock_deadline(pcd->pause_ms);
	pcd->pause_ms = pcd->pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pcd->pause_ms * 2;
	if (r == 0)
		adopt_take(pcd, fd);
}

/* Opens the next connection that has not ended already. */
static void step_open(struct pcd *pcd)
{
	for (int i = 0; i < ACCEPT_AT_ONCE_MAX && pcd->fd == NET_NONE; i++) {
		if (clock_left(pcd->open_at) != 0)
			return;
		if (pcd->listener.n > 0)
			step_accept(pcd);
		else
			step_dial(pcd);
		if (pcd->fd == NET_NONE)
			return;
		if (net_hung_up(pcd->fd))
			drop(pcd, "it ended at once");
	}
}

/* Messages, by whoever has the connection */

/* Takes the next message that is not to be skipped, if it is complete. */
static bool take(struct pcd *pcd, struct bytes *out)
{
	while (frame_take(&pcd->in, out)) {
		if (pcd->skip == 0)
			return true;
		pcd->skip--;
	}
	return false;
}

/* Gets rid of what nobody asked for, before something is asked. If a message has begun, the rest of it
 * will come before the answer. */
static int drain(struct pcd *pcd)
{
	unsigned ignored = 0;
	size_t total = 0;
	struct bytes message;
	int r;

	do {
		size_t before;

		while (frame_take(&pcd->in, &message))
			ignored++;
		before = frame_begun(&pcd->in);
		r = frame_fill_now(&pcd->in, pcd->fd);
		total += frame_begun(&pcd->in) - before;
		if (total > pcd->limits.unasked_max)
			r = ERR_PROTOCOL;
	} while (r == 0);
	if (ignored > 0)
		log_debug("port %u: ignored %u messages that nobody asked for", (unsigned)pcd->port,
		    ignored);
	pcd->skip = frame_begun(&pcd->in) > 0 ? 1 : 0;
	return r < 0 ? r : 0;
}

/* Waits for the answer. */
static int receive(struct pcd *pcd, int64_t until, struct bytes *out)
{
	int r;

	do
		r = frame_receive(&pcd->in, pcd->fd, until, pcd->limits.message_ms, out);
	while (r == 0 && pcd->skip > 0 && pcd->skip-- > 0);
	return r;
}

/* Understands the answer to a question for the ATR; under the lock. by_us: we have just powered or
 * reset the card, so that it may have changed its ATR. Otherwise another ATR is that of another card. */
static int note_atr(struct pcd *pcd, struct bytes answer, bool by_us)
{
	bool same = bytes_equal(answer, bytes_of(pcd->atr, pcd->atr_len));

	pcd->asking = false;
	if (answer.len > PCD_ATR_MAX) {
		log_debug(
		    "port %u: the card sent an ATR of %zu bytes", (unsigned)pcd->port, answer.len);
		return ERR_PROTOCOL;
	}
	if (answer.len == 0) {
		pcd->card = 0;
		pcd->ask_at = clock_deadline(pcd->limits.empty_ms);
		return ERR_NO_CARD;
	}
	memcpy(pcd->atr, answer.data, answer.len);
	pcd->atr_len = answer.len;
	pcd->atr_is_fresh = true;
	pcd->ask_at = clock_deadline(pcd->limits.check_ms);
	pcd->pause_ms = PAUSE_FIRST_MS;
	if (pcd->card != 0 && (same || by_us))
		return 0;
	pcd->powered = false;
	pcd->card = ++pcd->last_card;
	if (pcd->card == 0) /* after four thousand million cards */
		pcd->card = pcd->last_card = 1;
	return 0;
}

/* What goes on without an exchange, under the lock */

static void ask(struct pcd *pcd)
{
	static const uint8_t question[] = { 0, 1, VPCD_GET_ATR };
	int r = drain(pcd);

	if (r == 0)
		r = net_send_now(pcd->fd, BYTES_OF_ARRAY(question));
	if (r != 0) {
		drop(pcd, r < 0 ? err_text(r) : "it takes nothing");
		return;
	}
	pcd->asking = true;
	pcd->ask_deadline = clock_deadline(pcd->limits.atr_ms);
}

static void read_answer(struct pcd *pcd)
{
	struct bytes answer;
	int r = 0;

	while (!take(pcd, &answer)) {
		r = frame_fill_now(&pcd->in, pcd->fd);
		if (r == NET_LATER && clock_left(pcd->ask_deadline) == 0)
			r = ERR_TIMEOUT;
		if (r != 0)
			break;
	}
	if (r == 0)
		r = note_atr(pcd, answer, false);
	if (r < 0 && r != ERR_NO_CARD)
		drop(pcd, err_text(r));
}

static void step(struct pcd *pcd)
{
	reap(pcd);
	if (pcd->busy || pcd->shut || pcd->dead)
		return;
	if (pcd->fd != NET_NONE && net_hung_up(pcd->fd))
		drop(pcd, "the card has gone");
	if (pcd->fd == NET_NONE)
		step_open(pcd);
	if (pcd->fd == NET_NONE || pcd->dead)
		return;
	if (!pcd->asking && clock_left(pcd->ask_at) == 0)
		ask(pcd);
	if (pcd->asking)
		read_answer(pcd);
}

unsigned pcd_card(struct pcd *pcd, struct writer *atr)
{
	bool asking;
	unsigned card;
	int fd;

	lock(pcd);
	asking = pcd->asking;
	card = pcd->card;
	fd = pcd->fd;
	step(pcd);
	/* What we have just taken, nobody else will be told of. */
	if (pcd->fd != fd || pcd->asking != asking || pcd->card != card)
		wake_waiter(pcd);
	card = pcd->card;
	if (card != 0 && atr != NULL)
		writer_put(atr, bytes_of(pcd->atr, pcd->atr_len));
	unlock(pcd);
	return card;
}

/* Waiting */

/* Whether there is nothing to do but to wait until open_at. */
static bool is_pausing(const struct pcd *pcd)
{
	return pcd->dial == NULL && (pcd->listener.n == 0 || clock_left(pcd->open_at) != 0);
}

/* Collects what step() waits for, and until when it can do so. Returns how many. */
static unsigned gather(const struct pcd *pcd, struct net_event *events, int64_t *until)
{
	unsigned n = 0;

	events[n++] = (struct net_event){ .fd = pcd->wake.fds[0], .want = NET_READABLE };
	*until = CLOCK_FOREVER;
	if (pcd->fd != NET_NONE && pcd->busy) {
		*until = clock_deadline(pcd->limits.check_ms);
		events[n++] = (struct net_event){ .fd = pcd->hangup ? NET_NONE : pcd->fd,
			.want = NET_HANGUP };
	} else if (pcd->fd != NET_NONE) {
		*until = pcd->asking ? pcd->ask_deadline : pcd->ask_at;
		events[n++] = (struct net_event){ .fd = pcd->fd,
			.want = pcd->asking ? NET_READABLE | NET_HANGUP : NET_HANGUP };
	} else if (is_pausing(pcd)) {
		*until = pcd->open_at;
	} else if (pcd->dial != NULL) {
		*until = net_dial_event(pcd->dial, &events[n++]);
	} else {
		for (unsigned i = 0; i < pcd->listener.n; i++)
			events[n++] =
			    (struct net_event){ .fd = pcd->listener.fds[i], .want = NET_READABLE };
	}
	return n;
}

/* Sleeps, without the lock, until there is something to do. */
static int sleep_until(struct pcd *pcd, int64_t deadline)
{
	struct net_event events[NET_LISTENERS_MAX + 1];
	int64_t until;
	unsigned n = gather(pcd, events, &until);
	bool connected = pcd->fd != NET_NONE;
	int r;

	pcd->asleep = true;
	pcd->polled = connected;
	unlock(pcd);
	r = net_wait(events, n, until < deadline ? until : deadline);
	lock(pcd);
	pcd->asleep = false;
	pcd->polled = false;
	if (r < 0)
		return r == ERR_TIMEOUT ? 0 : r;
	if (events[0].ready)
		net_wake_clear(&pcd->wake);
	if (connected && pcd->busy && events[1].ready && events[1].want == NET_HANGUP)
		pcd->hangup = true;
	return 0;
}

int pcd_wait(struct pcd *pcd, unsigned known, int timeout_ms)
{
	int64_t deadline = clock_deadline(timeout_ms);
	int r = 0;

	lock(pcd);
	while (r == 0) {
		step(pcd);
		if (pcd->shut || pcd->interrupted) {
			pcd->interrupted = false;
			r = ERR_INTERRUPTED;
		} else if (pcd->card != known) {
			break;
		} else if (clock_left(deadline) == 0) {
			r = ERR_TIMEOUT;
		} else {
			r = sleep_until(pcd, deadline);
		}
	}
	unlock(pcd);
	return r;
}

void pcd_interrupt(struct pcd *pcd)
{
	lock(pcd);
	pcd->interrupted = true;
	net_wake_signal(&pcd->wake);
	unlock(pcd);
}

void pcd_shut(struct pcd *pcd)
{
	lock(pcd);
	pcd->shut = true;
	if (pcd->fd != NET_NONE)
		net_shutdown(pcd->fd);
	net_wake_signal(&pcd->wake);
	unlock(pcd);
}

/* Exchanges */

/* Gives the connection back. A failure of the connection ends it. Returns what the caller returns. */
static int end(struct pcd *pcd, int r)
{
	lock(pcd);
	pcd->busy = false;
	if (r < 0 && r != ERR_LIMIT && r != ERR_NO_CARD) {
		drop(pcd, err_text(r));
		if (pcd->shut)
			r = ERR_INTERRUPTED;
	}
	if (pcd->card != 0)
		pcd->ask_at = clock_deadline(pcd->limits.check_ms);
	if (pcd->card != pcd->held || pcd->hangup)
		wake_waiter(pcd);
	reap(pcd);
	unlock(pcd);
	return r;
}

/* Waits for the answer to a question for the ATR, and understands it. */
static int receive_atr(struct pcd *pcd, int64_t until, bool by_us)
{
	struct bytes answer;
	int r = receive(pcd, until, &answer);

	if (r < 0)
		return r;
	lock(pcd);
	r = note_atr(pcd, answer, by_us);
	unlock(pcd);
	return r;
}

/* Takes the connection. If a question is open there, waits for its answer first. */
static int begin(struct pcd *pcd)
{
	bool asking;
	int r = 0;

	lock(pcd);
	if (pcd->shut)
		r = ERR_INTERRUPTED;
	else if (pcd->fd == NET_NONE || pcd->dead || pcd->card == 0)
		r = ERR_NO_CARD;
	else
		pcd->busy = true;
	pcd->held = pcd->card;
	asking = pcd->asking;
	unlock(pcd);
	if (r == 0 && asking) {
		r = receive_atr(pcd, pcd->ask_deadline, false);
		if (r < 0)
			r = end(pcd, r);
	}
	return r;
}

static int send_control(struct pcd *pcd, enum vpcd_control control)
{
	const uint8_t byte = (uint8_t)control;

	return frame_send(pcd->fd, bytes_of(&byte, 1), pcd->limits.message_ms);
}

/* What has no answer. */
static int command_contacts(struct pcd *pcd, enum vpcd_control control)
{
	int r = begin(pcd);

	if (r < 0)
		return r;
	pcd->atr_is_fresh = false;
	pcd->powered = control != VPCD_POWER_OFF;
	return end(pcd, send_control(pcd, control));
}

int pcd_power(struct pcd *pcd, bool on)
{
	return command_contacts(pcd, on ? VPCD_POWER_ON : VPCD_POWER_OFF);
}

int pcd_reset(struct pcd *pcd)
{
	return command_contacts(pcd, VPCD_RESET);
}

int pcd_atr(struct pcd *pcd, struct writer *out)
{
	int r = begin(pcd);

	if (r < 0)
		return r;
	if (!pcd->atr_is_fresh) {
		r = drain(pcd);
		if (r == 0)
			r = send_control(pcd, VPCD_GET_ATR);
		if (r == 0)
			r = receive_atr(pcd, clock_deadline(pcd->limits.atr_ms), true);
	}
	if (r == 0 && pcd->atr_len > writer_left(out))
		r = ERR_LIMIT;
	if (r == 0)
		writer_put(out, bytes_of(pcd->atr, pcd->atr_len));
	return end(pcd, r);
}

/* Between begin() and end(). */
static int exchange(struct pcd *pcd, struct bytes command, struct writer *response)
{
	struct bytes answer = bytes_of(NULL, 0);
	int r;

	if (!pcd->powered)
		return ERR_NO_CARD;
	r = drain(pcd);
	if (r == 0)
		r = frame_send(pcd->fd, command, pcd->limits.message_ms);
	if (r == 0)
		r = receive(pcd, clock_deadline(pcd->limits.command_ms), &answer);
	if (r != 0)
		return r;
	if (answer.len < 2)
		return ERR_PROTOCOL;
	if (answer.len > writer_left(response))
		return ERR_LIMIT;
	writer_put(response, answer);
	return 0;
}

int pcd_transmit(struct pcd *pcd, struct bytes command, struct writer *response)
{
	int r;

	if (command.len < 2 || command.len > VPCD_MESSAGE_MAX)
		return ERR_LIMIT;
	r = begin(pcd);
	return r < 0 ? r : end(pcd, exchange(pcd, command, response));
}

/* Opening and closing */

static struct pcd *new_pcd(const struct pcd_limits *limits)
{
	struct pcd *pcd = calloc(1, sizeof *pcd);

	if (pcd == NULL)
		return NULL;
	if (pthread_mutex_init(&pcd->lock, NULL) != 0) {
		free(pcd);
		return NULL;
	}
	pcd->limits = *limits;
	pcd->socket_ms = find_socket_ms(limits);
	pcd->wake = (struct net_wake){ { NET_NONE, NET_NONE } };
	pcd->fd = NET_NONE;
	pcd->pause_ms = PAUSE_FIRST_MS;
	if (!frame_init(&pcd->in)) {
		pcd_close(pcd);
		return NULL;
	}
	return pcd;
}

int pcd_open(const struct endpoint *endpoint, unsigned number, const struct pcd_limits *limits,
    struct pcd **out)
{
	struct pcd *pcd;
	int r;

	if (number > UINT16_MAX - (unsigned)endpoint->port)
		return ERR_LIMIT;
	pcd = new_pcd(limits);
	if (pcd == NULL)
		return ERR_NO_MEMORY;
	pcd->port = (uint16_t)(endpoint->port + number);
	memcpy(pcd->host, endpoint->host, sizeof pcd->host);
	r = net_wake_open(&pcd->wake);
	if (r == 0 && endpoint->listen)
		r = net_listen(pcd->host, pcd->port, &pcd->listener);
	if (r < 0) {
		int reason = errno;

		pcd_close(pcd);
		errno = reason;
		return r;
	}
	*out = pcd;
	return 0;
}

int pcd_adopt_take(int fd, const struct pcd_limits *limits, struct pcd **out)
{
	struct pcd *pcd = new_pcd(limits);
	int r = ERR_NO_MEMORY;

	if (pcd == NULL) {
		net_close(&fd);
		return r;
	}
	r = net_wake_open(&pcd->wake);
	if (r < 0) {
		net_close(&fd);
		goto fail;
	}
	adopt_take(pcd, fd);
	pcd->open_at = CLOCK_FOREVER;
	r = ERR_IO;
	if (pcd->fd == NET_NONE)
		goto fail;
	*out = pcd;
	return 0;
fail:
	pcd_close(pcd);
	return r;
}

void pcd_close(struct pcd *pcd)
{
	net_listener_close(&pcd->listener);
	net_dial_free(pcd->dial);
	net_close(&pcd->fd);
	net_wake_close(&pcd->wake);
	frame_done(&pcd->in);
	(void)pthread_mutex_destroy(&pcd->lock);
	free(pcd);
}

void pcd_abandon(struct pcd *pcd)
{
	net_listener_close(&pcd->listener);
	if (pcd->dial != NULL)
		net_dial_abandon(pcd->dial);
	net_close(&pcd->fd);
	net_wake_close(&pcd->wake);
}
