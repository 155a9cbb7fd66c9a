/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays the reader over the wire.
 *
 * bench_wire NAME=PORT[=PID]...           connects to cards that wait (vicc -R), and to the peer named echo,
 *                                         and measures every command
 * bench_wire --start COUNT PROGRAM ARG... starts a card COUNT times and measures the time to its ATR; the
 *                                         argument PORT stands for the port to connect to. Then the memory
 *                                         it holds before and after the first commands that need a cipher. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/number.h"
#include "bench.h"
#include "floor.h"
#include "stream.h"

#define STARTS_MAX 1000

struct peer {
	int fd;
	uint16_t port;
	uint8_t in[2 + MESSAGE_MAX];
	uint8_t out[2 + MESSAGE_MAX];
};

static ssize_t receive_message(struct peer *peer)
{
	size_t got = stream_receive(peer->fd, peer->in, 2, sizeof(peer->in)), len;

	if (got == 0)
		return -1;
	len = (size_t)peer->in[0] << 8 | peer->in[1];
	if (got < 2 + len &&
	    stream_receive(peer->fd, peer->in + got, 2 + len - got, 2 + len - got) == 0)
		return -1;
	return (ssize_t)len;
}

static bool send_message(struct peer *peer, const uint8_t *payload, size_t len)
{
	peer->out[0] = (uint8_t)(len >> 8);
	peer->out[1] = (uint8_t)len;
	memcpy(peer->out + 2, payload, len);
	return stream_send(peer->fd, peer->out, 2 + len);
}

static ssize_t exchange_card(void *self, const uint8_t *command, size_t len)
{
	return send_message(self, command, len) ? receive_message(self) : -1;
}

static const uint8_t *answer(void *self)
{
	return ((struct peer *)self)->in + 2;
}

/* Power on and ATR, as a reader begins. */
static bool begin(struct peer *peer)
{
	static const uint8_t on[] = { 0x00, 0x01, 0x01 }, atr[] = { 0x00, 0x01, 0x04 };

	return stream_send(peer->fd, on, sizeof(on)) && stream_send(peer->fd, atr, sizeof(atr)) &&
	    receive_message(peer) > 0;
}

static bool open_target(struct target *target, const char *value)
{
	uint64_t port;
	struct peer *peer;

	if (!number_parse(value, UINT16_MAX, &port))
		return false;
	if (strcmp(target->name, "echo") == 0)
		return floor_open_tcp(target, (uint16_t)port);
	peer = calloc(1, sizeof(*peer));
	if (peer == NULL)
		return false;
	peer->port = (uint16_t)port;
	peer->fd = stream_connect(peer->port);
	target->self = peer;
	target->answer = answer;
	target->exchange = exchange_card;
	return peer->fd >= 0 && begin(peer) && make_file(target);
}

static int measure_cards(int n, char **names)
{
	struct target targets[TARGETS_MAX] = { 0 };
	const char *value;

	if (n > TARGETS_MAX)
		return 2;
	for (int i = 0; i < n; i++)
		if (!split_target(names[i], &targets[i], &value) ||
		    !open_target(&targets[i], value)) {
			fprintf(stderr, "bench_wire: no card at %s\n", names[i]);
			return 1;
		}
	return measure("wire", targets, (size_t)n) ? 0 : 1;
}

static pid_t start_card(char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

/* Nanoseconds from starting a card to having its ATR, which is left to talk to; 0: failed. */
static uint64_t time_to_atr(int door, struct peer *peer, char **argv, pid_t *pid)
{
	uint64_t start = now_ns();

	*pid = start_card(argv);
	peer->fd = stream_accept(door);
	return peer->fd >= 0 && begin(peer) ? now_ns() - start : 0;
}

/* Before the connection is closed: else it would connect again. */
static void stop_card(struct peer *peer, pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(peer->fd);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* VERIFY with a wrong number and GET CHALLENGE: whatever they are answered, they have been computed. */
static void use_crypto(struct peer *peer)
{
	static const uint8_t challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x10 };
	static const uint8_t verify[] = { 0x00, 0x20, 0x00, 0x01, 0x04, 0x39, 0x39, 0x39, 0x39 };

	(void)exchange_card(peer, challenge, sizeof(challenge));
	(void)exchange_card(peer, verify, sizeof(verify));
}

static int measure_start(uint64_t count, char **argv)
{
	static uint64_t ns[STARTS_MAX];
	static struct peer peer;
	char text[16];
	uint16_t port = 0;
	long before = 0, after = 0;
	size_t middle;
	int door = stream_listen(&port);

	snprintf(text, sizeof(text), "%u", port);
	for (char **arg = argv; *arg != NULL; arg++)
		if (strcmp(*arg, "PORT") == 0)
			*arg = text;
	for (uint64_t i = 0; i < count; i++) {
		pid_t pid = 0;

		ns[i] = time_to_atr(door, &peer, argv, &pid);
		if (ns[i] == 0)
			return 1;
		before = resident_kb(pid);
		use_crypto(&peer);
		after = resident_kb(pid);
		stop_card(&peer, pid);
	}
	middle = count / 2;
	qsort(ns, count, sizeof(ns[0]), compare);
	printf("start\t%.2f\t%.2f\t%ld\t%ld\n", (double)ns[0] / 1e6, (double)ns[middle] / 1e6,
	    before, after);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t count;

	if (argc > 3 && strcmp(argv[1], "--start") == 0 &&
	    number_parse(argv[2], STARTS_MAX, &count) && count > 0)
		return measure_start(count, argv + 3);
	if (argc > 1 && argv[1][0] != '-')
		return measure_cards(argc - 1, argv + 1);
	fprintf(stderr, "usage: bench_wire NAME=PORT[=PID]... | --start COUNT PROGRAM ARG...\n");
	return 2;
}
