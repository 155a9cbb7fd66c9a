/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define PATIENCE_MS 20000

/* In one piece: a server that ends the connection over the header would let a second one fail. */
void wire_send(int fd, uint32_t command, const void *body, size_t size)
{
	struct protocol_header header = { (uint32_t)size, command };
	struct iovec parts[] = { { &header, sizeof header }, { (void *)(uintptr_t)body, size } };
	const struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	assert_int_equal(sendmsg(fd, &message, MSG_NOSIGNAL), sizeof header + size);
}

static bool is_ready(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, timeout_ms) == 1;
}

void wire_receive(int fd, void *body, size_t size)
{
	uint8_t *to = body;

	while (size > 0) {
		ssize_t got;

		assert_true(is_ready(fd, PATIENCE_MS));
		got = recv(fd, to, size, 0);
		assert_true(got > 0);
		to += got;
		size -= (size_t)got;
	}
}

void wire_call(int fd, uint32_t command, void *body, size_t size)
{
	wire_send(fd, command, body, size);
	wire_receive(fd, body, size);
}

bool wire_is_closed(int fd)
{
	char byte;

	return is_ready(fd, PATIENCE_MS) && recv(fd, &byte, 1, 0) <= 0;
}

bool wire_is_silent(int fd)
{
	return !is_ready(fd, 0);
}

uint32_t wire_establish(int fd)
{
	struct protocol_version version = { .major = 4, .minor = 4 };
	struct protocol_establish establish = { .scope = PCSC_SCOPE_SYSTEM };

	wire_call(fd, PROTOCOL_VERSION, &version, sizeof version);
	assert_int_equal(version.result, PCSC_OK);
	wire_call(fd, PROTOCOL_ESTABLISH_CONTEXT, &establish, sizeof establish);
	assert_int_equal(establish.result, PCSC_OK);
	assert_int_not_equal(establish.context, 0);
	return establish.context;
}

int32_t wire_connect(int fd, uint32_t context, const char *reader)
{
	struct protocol_connect connect = { .context = context,
		.share = PCSC_SHARE_SHARED,
		.protocols = PCSC_PROTOCOL_T0 | PCSC_PROTOCOL_T1 };

	memcpy(connect.reader, reader, strlen(reader) + 1);
	wire_call(fd, PROTOCOL_CONNECT, &connect, sizeof connect);
	assert_int_equal(connect.result, PCSC_OK);
	assert_int_equal(connect.protocol, PCSC_PROTOCOL_T1);
	return connect.card;
}

uint32_t wire_transmit(int fd, int32_t card)
{
	static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	static const uint8_t want[] = { 0x00, 0x84, 0x00, 0x00, 0x08, 0x90, 0x00 };
	struct protocol_transmit transmit = { .card = card,
		.send_protocol = PCSC_PROTOCOL_T1,
		.send_length = sizeof command,
		.receive_length = 258 };
	uint8_t response[sizeof want];

	wire_send(fd, PROTOCOL_TRANSMIT, &transmit, sizeof transmit);
	assert_int_equal(send(fd, command, sizeof command, MSG_NOSIGNAL), sizeof command);
	wire_receive(fd, &transmit, sizeof transmit);
	if (transmit.result != PCSC_OK)
		return transmit.result;
	assert_int_equal(transmit.receive_length, sizeof want);
	wire_receive(fd, response, sizeof response);
	assert_memory_equal(response, want, sizeof want);
	return PCSC_OK;
}

uint32_t wire_begin(int fd, int32_t card)
{
	struct protocol_begin begin = { .card = card };

	wire_call(fd, PROTOCOL_BEGIN_TRANSACTION, &begin, sizeof begin);
	return begin.result;
}

uint32_t wire_end(int fd, int32_t card)
{
	struct protocol_disconnect end = { .card = card, .disposition = PCSC_LEAVE_CARD };

	wire_call(fd, PROTOCOL_END_TRANSACTION, &end, sizeof end);
	return end.result;
}
