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

#include "check.h"
#include "fake_backend.h"
#include "fuzz.h"
#include "pcsc/client.h"
#include "pcsc/protocol.h"

#define NAME "Virtual PCD 00 00"
#define INPUT_MAX 4096
#define CARD_MARK 0xFFFFFFFEu
#define CONTEXT_MARK 0xFFFFFFFDu

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
	static const uint8_t atr[] = { 0x3B, 0x80, 0x01, 0x81 };
	static struct pcsc *pcsc;
	struct fake *card;
	struct slot *slot;

	if (pcsc != NULL)
		return pcsc;
	pcsc = pcsc_new();
	CHECK(pcsc != NULL);
	slot = fake_slot(&card);
	fake_insert(card, BYTES_OF_ARRAY(atr));
	CHECK(pcsc_add_reader_take(pcsc, NAME, slot) == 0);
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
