/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor: a loopback peer that knows no protocol. A client says how long its questions and the answers
 * are; from then on each question is answered with that many bytes. Prints its port. */
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "stream.h"

static void serve(int fd)
{
	static uint8_t question[2 + MESSAGE_MAX], answer[2 + MESSAGE_MAX];
	uint32_t sizes[2];

	if (stream_receive(fd, (uint8_t *)sizes, sizeof(sizes), sizeof(sizes)) == 0)
		return;
	if (sizes[0] > sizeof(question) || sizes[1] > sizeof(answer))
		return;
	while (stream_receive(fd, question, sizes[0], sizes[0]) != 0)
		if (!stream_send(fd, answer, sizes[1]))
			return;
}

int main(void)
{
	uint16_t port = 0;
	int door = stream_listen(&port);

	if (door < 0)
		return 1;
	printf("%u\n", port);
	fflush(stdout);
	for (;;) {
		int fd = stream_accept(door);

		if (fd < 0)
			return 1;
		serve(fd);
		close(fd);
	}
}
