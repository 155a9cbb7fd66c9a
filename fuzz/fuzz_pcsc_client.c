/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client sends to the PC/SC service: its messages, in whatever order and size. The input follows a
 * beginning that every client has (version, context, a connect to the first reader) and is what comes
 * then; the number FEFFFFFF in it stands for the card handle, and FDFFFFFF for the context, which no input
 * can guess. The card answers at once. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "check.h"
#include "fuzz.h"
#include "pcsc/client.h"
#include "pcsc/protocol.h"

#define NAME "Virtual PCD 00 00"
#define INPUT_MAX 4096
#define CARD_MARK 0xFFFFFFFEu
#define CONTEXT_MARK 0xFFFFFFFDu

/* A card that is always there. */

static unsigned card(void *self, struct writer *atr)
{
	static const uint8_t bytes[] = { 0x3B, 0x80, 0x01, 0x81 };

	if (atr != NULL)
		writer_put(atr, BYTES_OF_ARRAY(bytes));
	return 1;
}

static int power(void *self, bool on)
{
	return 0;
}

static int reset(void *self)
{
	return 0;
}

static int get_atr(void *self, struct writer *out)
{
	(void)card(self, out);
	return 0;
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	if (command.len > writer_left(response))
		return ERR_LIMIT;
	writer_put(response, command);
	return 0;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_shut;

/* Nothing ever changes; it is woken too often, which it must stand. */
static int wait_change(void *self, unsigned known, int timeout_ms)
{
	(void)pthread_mutex_lock(&lock);
	if (!is_shut)
		(void)pthread_cond_wait(&changed, &lock);
	(void)pthread_mutex_unlock(&lock);
	return ERR_INTERRUPTED;
}

static void interrupt(void *self)
{
	(void)pthread_mutex_lock(&lock);
	(void)pthread_cond_broadcast(&changed);
	(void)pthread_mutex_unlock(&lock);
}

static void shut(void *self)
{
	(void)pthread_mutex_lock(&lock);
	is_shut = true;
	(void)pthread_cond_broadcast(&changed);
	(void)pthread_mutex_unlock(&lock);
}

static void close_card(void *self)
{
}

static const struct reader_backend backend = {
	.card = card,
	.power = power,
	.reset = reset,
	.atr = get_atr,
	.transmit = transmit,
	.wait = wait_change,
	.interrupt = interrupt,
	.shut = shut,
	.close = close_card,
};

/* The service: one for all inputs. */

struct service {
	struct pcsc *pcsc;
	int fd;
};

static void *serve(void *arg)
{
	const struct service *service = arg;

	CHECK(client_serve(service->pcsc, service->fd) == 0);
	(void)shutdown(service->fd, SHUT_RDWR);
	return NULL;
}

static struct pcsc *get_pcsc(void)
{
	static struct pcsc *pcsc;

	if (pcsc != NULL)
		return pcsc;
	pcsc = pcsc_new();
	CHECK(pcsc != NULL);
	CHECK(pcsc_add_reader_take(pcsc, NAME, slot_new_take(&backend, &lock)) == 0);
	return pcsc;
}

/* recv() that the fuzzer's own alarms do not disturb. */
static ssize_t receive(int fd, void *to, size_t size, int flags)
{
	ssize_t got;

	do
		got = recv(fd, to, size, flags);
	while (got < 0 && errno == EINTR);
	return got;
}

static void call(int fd, uint32_t command, void *body, uint32_t size)
{
	const struct protocol_header header = { size, command };

	CHECK(send(fd, &header, sizeof header, MSG_NOSIGNAL) == sizeof header);
	CHECK(send(fd, body, size, MSG_NOSIGNAL) == (ssize_t)size);
	CHECK(receive(fd, body, size, MSG_WAITALL) == (ssize_t)size);
}

static void replace(uint8_t *input, size_t len, uint32_t mark, uint32_t value)
{
	for (size_t i = 0; i + sizeof mark <= len; i++)
		if (memcmp(input + i, &mark, sizeof mark) == 0)
			memcpy(input + i, &value, sizeof value);
}

/* Sends what the client has to say, and reads to the end whatever comes. */
static void converse(int fd, const uint8_t *data, size_t len)
{
	struct protocol_version version = { 4, 4, 0 };
	struct protocol_establish establish = { .scope = PCSC_SCOPE_SYSTEM };
	struct protocol_connect connect = { .reader = NAME, .share = PCSC_SHARE_DIRECT };
	struct protocol_reconnect reconnect = { .share = PCSC_SHARE_SHARED,
		.protocols = PCSC_PROTOCOL_T1,
		.initialization =
		    PCSC_UNPOWER_CARD }; /* the protocol of the input before is gone */
	uint8_t input[INPUT_MAX], sink[1024];

	call(fd, PROTOCOL_VERSION, &version, sizeof version);
	call(fd, PROTOCOL_ESTABLISH_CONTEXT, &establish, sizeof establish);
	connect.context = establish.context;
	call(fd, PROTOCOL_CONNECT, &connect, sizeof connect);
	CHECK(connect.result == PCSC_OK);
	reconnect.card = connect.card;
	call(fd, PROTOCOL_RECONNECT, &reconnect, sizeof reconnect);
	CHECK(reconnect.result == PCSC_OK);
	memcpy(input, data, len);
	replace(input, len, CARD_MARK, (uint32_t)connect.card);
	replace(input, len, CONTEXT_MARK, establish.context);
	if (len > 0)
		(void)!send(fd, input, len, MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	while (receive(fd, sink, sizeof sink, 0) > 0)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	struct service service = { .pcsc = get_pcsc() };
	pthread_t thread;
	int pair[2];

	if (len > INPUT_MAX || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 0;
	service.fd = pair[1];
	CHECK(pthread_create(&thread, NULL, serve, &service) == 0);
	converse(pair[0], data, len);
	CHECK(pthread_join(thread, NULL) == 0);
	(void)close(pair[0]);
	(void)close(pair[1]);
	/* Whatever it did, it has left the reader to others. */
	pcsc_states(service.pcsc, states);
	CHECK(states[0].sharing == 0);
	return 0;
}
