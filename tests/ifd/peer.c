/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card for the driver's tests. */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "iso7816/apdu.h"

#define MESSAGE_MAX 65535

static const uint8_t default_atr[] = { 0x3B, 0xD6, 0x18, 0x00, 0x80, 0xB1, 0x80, 0x6D, 0x1F, 0x03,
	0x80, 0x51, 0x00, 0x61, 0x10, 0x30, 0x9E };
const struct bytes peer_default_atr = { default_atr, sizeof default_atr };

/* The wire. */

static bool receive(int fd, uint8_t *data, size_t len)
{
	return len == 0 || recv(fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

static bool send_all(int fd, const uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool send_message(const struct peer *peer, const uint8_t *data, size_t len)
{
	static _Thread_local uint8_t frame[2 + MESSAGE_MAX];
	size_t step = peer->kind == PEER_DRIPS ? 1 : 2 + len;

	frame[0] = (uint8_t)(len >> 8);
	frame[1] = (uint8_t)len;
	if (len > 0)
		memcpy(frame + 2, data, len);
	for (size_t sent = 0; sent < 2 + len; sent += step)
		if (!send_all(peer->fd, frame + sent, step))
			return false;
	return true;
}

/* The card. */

static size_t status(uint8_t *out, size_t len, unsigned sw)
{
	out[len] = (uint8_t)(sw >> 8);
	out[len + 1] = (uint8_t)sw;
	return len + 2;
}

static void count_up(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)i;
}

static size_t answer_case4(struct peer *peer, const struct apdu *command, size_t n, uint8_t *out)
{
	if (command->ne > 0) {
		count_up(out, n);
		return status(out, n, 0x9000);
	}
	count_up(peer->stored, n);
	peer->n_stored = n;
	return status(out, 0, n > 255 ? 0x6100 : 0x6100 + (unsigned)n);
}

static size_t answer_get_response(struct peer *peer, const struct apdu *command, uint8_t *out)
{
	size_t n = peer->n_stored < command->ne ? peer->n_stored : command->ne;

	memcpy(out, peer->stored, n);
	memmove(peer->stored, peer->stored + n, peer->n_stored - n);
	peer->n_stored -= n;
	return status(out, n, 0x9000);
}

static size_t answer_delayed(const struct apdu *command, uint8_t *out)
{
	usleep(command->p2 * 1000U);
	return status(out, 0, 0x9000);
}

size_t peer_answer(struct peer *peer, struct bytes command, uint8_t *out)
{
	struct apdu apdu;
	size_t n;

	if (!apdu_parse(command, &apdu))
		return status(out, 0, 0x6700);
	n = (size_t)apdu.p1 << 8 | apdu.p2;
	if (n > MESSAGE_MAX - 2)
		n = MESSAGE_MAX - 2;
	switch ((unsigned)apdu.cla << 8 | apdu.ins) {
	case 0x00A4: /* SELECT */
	case 0x8030: /* case 1 */
	case 0x8032: /* case 3 */
		return status(out, 0, 0x9000);
	case 0x8034:
		count_up(out, n);
		return status(out, n, 0x9000);
	case 0x8036:
		return answer_case4(peer, &apdu, n, out);
	case 0x8038:
		return answer_delayed(&apdu, out);
	case 0x80C0:
		return answer_get_response(peer, &apdu, out);
	default:
		return status(out, 0, 0x6D00);
	}
}

/* Good and bad manners: false ends the connection. */

static bool stay_silent(const struct peer *peer)
{
	uint8_t byte;

	while (recv(peer->fd, &byte, 1, 0) > 0)
		;
	return false;
}

static bool respond_properly(struct peer *peer, struct bytes command)
{
	static _Thread_local uint8_t out[MESSAGE_MAX];
	size_t len = peer_answer(peer, command, out);

	return send_message(peer, out, len);
}

static bool respond(struct peer *peer, struct bytes command)
{
	static const uint8_t bytes[] = { 0x00, 0x10, 1, 2, 3, 4, 5 },
	                     announced[] = { 0xFF, 0xFF, 1, 2, 3 };
	static const uint8_t long_response[MESSAGE_MAX];

	switch (peer->kind) {
	case PEER_MUTE_TO_COMMAND:
		return stay_silent(peer);
	case PEER_ONE_BYTE:
	case PEER_HALF_LENGTH:
		(void)send_all(peer->fd, bytes, 1);
		return false;
	case PEER_CUT_MESSAGE:
		(void)send_all(peer->fd, bytes, sizeof bytes);
		return false;
	case PEER_STALLS:
		(void)send_all(peer->fd, announced, sizeof announced);
		return stay_silent(peer);
	case PEER_EMPTY_RESPONSE:
		return send_message(peer, bytes, 0);
	case PEER_SHORT_RESPONSE:
		return send_message(peer, bytes, 1);
	case PEER_CLOSES:
		return false;
	case PEER_LONG_RESPONSE:
		return send_message(peer, long_response, sizeof long_response);
	case PEER_CARD:
	case PEER_OTHER_ATR:
	case PEER_DRIPS:
	case PEER_TALKS:
	case PEER_MUTE:
	case PEER_CLOSES_AT_ONCE:
		return respond_properly(peer, command);
	}
	return false;
}

static bool send_atr(struct peer *peer)
{
	static const uint8_t noise[65534];

	if (!send_message(peer, peer->atr.data, peer->atr.len))
		return false;
	if (peer->kind != PEER_TALKS)
		return true;
	peer->kind = PEER_CARD;
	if (!send_message(peer, noise, sizeof noise))
		return false;
	peer->talked = true;
	return true;
}

static bool control(struct peer *peer, uint8_t code)
{
	switch (code) {
	case 1:
		peer->power_ups++;
		return true;
	case 2:
		peer->resets++;
		return true;
	case 4:
		return send_atr(peer);
	default:
		return true;
	}
}

static bool serve_message(struct peer *peer)
{
	static _Thread_local uint8_t message[MESSAGE_MAX];
	uint8_t length[2];
	size_t len;

	if (!receive(peer->fd, length, sizeof length))
		return false;
	len = (size_t)length[0] << 8 | length[1];
	if (!receive(peer->fd, message, len))
		return false;
	if (peer->kind == PEER_MUTE)
		return stay_silent(peer);
	if (len == 1)
		return control(peer, message[0]);
	return len == 0 || respond(peer, bytes_of(message, len));
}

static void *run(void *self)
{
	struct peer *peer = self;

	while (peer->kind != PEER_CLOSES_AT_ONCE && serve_message(peer))
		;
	(void)shutdown(peer->fd, SHUT_RDWR);
	return NULL;
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool start(struct peer *peer, enum peer_kind kind, struct bytes atr, uint16_t port)
{
	memset((void *)peer, 0, sizeof *peer);
	peer->kind = kind;
	peer->port = port;
	peer->atr = atr;
	peer->fd = connect_to(port);
	if (peer->fd < 0)
		return false;
	if (pthread_create(&peer->thread, NULL, run, peer) != 0) {
		close(peer->fd);
		return false;
	}
	return true;
}

bool peer_start(struct peer *peer, enum peer_kind kind, uint16_t port)
{
	return start(peer, kind, peer_default_atr, port);
}

bool peer_start_atr(struct peer *peer, struct bytes atr, uint16_t port)
{
	return start(peer, PEER_OTHER_ATR, atr, port);
}

void peer_stop(struct peer *peer)
{
	(void)shutdown(peer->fd, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->fd);
}

static bool is_free(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	r = bind(fd, (struct sockaddr *)&address, sizeof address);
	close(fd);
	return r == 0;
}

uint16_t peer_free_ports(unsigned n)
{
	/* Below the ports that the system hands out by itself; each process begins elsewhere. */
	static unsigned next;
	unsigned found = 0;

	if (next == 0)
		next = 10000 + (unsigned)getpid() % 2000 * 10;
	while (found < n) {
		found = is_free((uint16_t)(next + found)) ? found + 1 : 0;
		if (found == 0)
			next = next >= 31000 ? 10000 : next + 1;
	}
	next += n;
	return (uint16_t)(next - n);
}
