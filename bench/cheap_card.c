/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest card there can be: it looks at nothing but Le, and answers that many bytes of nothing. What
 * a card costs above this is what its own work costs. cheap_card PORT connects to a reader, cheap_card -R
 * waits for one and prints its port. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.h"
#include "bench.h"
#include "stream.h"

#define RETRY_US 20000

static const uint8_t atr[] = { 0x00, 0x0B, 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01,
	0x00, 0x0B };

static size_t expected(const uint8_t *command, size_t len)
{
	if (len == 5)
		return command[4] != 0 ? command[4] : 256;
	if (len == 7 && command[4] == 0)
		return (size_t)command[5] << 8 | command[6];
	return 0;
}

static bool respond(int fd, const uint8_t *command, size_t len)
{
	static uint8_t out[2 + MESSAGE_MAX];
	static size_t last; /* the status word of the answer before lies here */
	size_t ne = expected(command, len);

	if (ne > RESPONSE_MAX)
		ne = RESPONSE_MAX;
	memset(out + 2 + last, 0, 2);
	last = ne;
	out[0] = (uint8_t)((ne + 2) >> 8);
	out[1] = (uint8_t)(ne + 2);
	out[2 + ne] = 0x90;
	return stream_send(fd, out, ne + 4);
}

static bool handle(int fd, const uint8_t *message, size_t len)
{
	if (len == 1 && message[0] == 0x04)
		return stream_send(fd, atr, sizeof(atr));
	return len <= 1 || respond(fd, message, len);
}

/* Reads more, at least one byte. Older readers send length and payload apart, and wait in between for
 * our acknowledgement, which the kernel would put off. */
static bool read_more(int fd, uint8_t *in, size_t *have, size_t cap)
{
	int on = 1;
	size_t n;

	if (*have > 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
	n = stream_receive(fd, in + *have, 1, cap - *have);
	*have += n;
	return n > 0;
}

static void serve(int fd)
{
	static uint8_t in[2 + MESSAGE_MAX];
	size_t have = 0;

	while (read_more(fd, in, &have, sizeof(in))) {
		size_t at = 0, len;

		while (
		    have - at >= 2 && have - at >= 2 + (len = (size_t)in[at] << 8 | in[at + 1])) {
			if (!handle(fd, in + at + 2, len))
				return;
			at += 2 + len;
		}
		memmove(in, in + at, have - at);
		have -= at;
	}
}

int main(int argc, char **argv)
{
	uint64_t port = 0;
	uint16_t any = 0;
	int door, fd;

	if (argc == 2 && strcmp(argv[1], "-R") != 0) {
		if (!number_parse(argv[1], UINT16_MAX, &port))
			return 2;
		while ((fd = stream_connect((uint16_t)port)) < 0)
			usleep(RETRY_US); /* the reader is not there yet */
		serve(fd);
		return 0;
	}
	door = stream_listen(&any);
	printf("%u\n", any);
	fflush(stdout);
	for (;;) {
		fd = stream_accept(door);
		if (fd < 0)
			return 1;
		serve(fd);
		close(fd);
	}
}
