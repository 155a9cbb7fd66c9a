/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers that know no protocol. */
#include "floor.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream.h"

/* Sizes of pcsc-lite's message (src/winscard_msg.h): header, and body of SCARD_TRANSMIT. */
#define HEADER_SIZE 8
#define BODY_SIZE 32

struct floor_peer {
	int fd;
	uint16_t port;
	bool as_libpcsclite;
	size_t head_len; /* of an answer: what comes before the response */
	size_t response_len;
	volatile size_t *sizes; /* shared with the echo process: of a question, of an answer */
	uint8_t in[BODY_SIZE + 2 + MESSAGE_MAX];
	uint8_t out[HEADER_SIZE + BODY_SIZE + 2 + MESSAGE_MAX];
};

static const uint8_t *answer(void *self)
{
	struct floor_peer *peer = self;

	return peer->in + peer->head_len;
}

/* Makes the answer pass for a card's. */
static ssize_t finish(struct floor_peer *peer)
{
	peer->in[peer->head_len + peer->response_len - 2] = 0x90;
	peer->in[peer->head_len + peer->response_len - 1] = 0x00;
	return (ssize_t)peer->response_len;
}

/* The echo is told anew, on a new connection, how long questions and answers are. */
static ssize_t prepare_tcp(void *self, const struct task *task)
{
	struct floor_peer *peer = self;
	uint32_t sizes[2] = { (uint32_t)(2 + task->command_len),
		(uint32_t)(2 + task->response_len) };

	close(peer->fd);
	peer->fd = stream_connect(peer->port);
	peer->response_len = task->response_len;
	if (peer->fd < 0 || !stream_send(peer->fd, (uint8_t *)sizes, sizeof(sizes)))
		return -1;
	return 0;
}

static ssize_t exchange_tcp(void *self, const uint8_t *command, size_t len)
{
	struct floor_peer *peer = self;

	memcpy(peer->out + 2, command, len);
	if (!stream_send(peer->fd, peer->out, 2 + len) ||
	    stream_receive(peer->fd, peer->in, 2 + peer->response_len, 2 + peer->response_len) == 0)
		return -1;
	return finish(peer);
}

bool floor_open_tcp(struct target *target, uint16_t port)
{
	struct floor_peer *peer = calloc(1, sizeof(*peer));

	if (peer == NULL)
		return false;
	peer->port = port;
	peer->head_len = 2;
	peer->fd = stream_connect(port);
	target->self = peer;
	target->answer = answer;
	target->prepare = prepare_tcp;
	target->exchange = exchange_tcp;
	return peer->fd >= 0;
}

/* The echo process: answers each question, whose length it reads from memory that both share, until the
 * other end closes. Nobody asks before the length is there. */
static void serve_unix(int fd, const volatile size_t *sizes)
{
	static uint8_t in[HEADER_SIZE + BODY_SIZE + 2 + MESSAGE_MAX];
	static uint8_t out[BODY_SIZE + 2 + MESSAGE_MAX];

	for (;;) {
		ssize_t n = recv(fd, in, sizeof(in), 0);

		if (n <= 0)
			_exit(0);
		if ((size_t)n < sizes[0] &&
		    stream_receive(fd, in, sizes[0] - (size_t)n, sizes[0] - (size_t)n) == 0)
			_exit(0);
		if (!stream_send(fd, out, sizes[1]))
			_exit(0);
	}
}

static ssize_t prepare_unix(void *self, const struct task *task)
{
	struct floor_peer *peer = self;
	size_t extra = peer->as_libpcsclite ? HEADER_SIZE + BODY_SIZE : 0;

	peer->response_len = task->response_len;
	peer->sizes[0] = extra + task->command_len;
	peer->sizes[1] = peer->head_len + task->response_len;
	return 0;
}

static ssize_t exchange_bare(void *self, const uint8_t *command, size_t len)
{
	struct floor_peer *peer = self;

	if (!stream_send(peer->fd, command, len) ||
	    stream_receive(peer->fd, peer->in, peer->response_len, peer->response_len) == 0)
		return -1;
	return finish(peer);
}

static bool wait_for(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, -1) == 1;
}

static bool polled_send(int fd, const uint8_t *data, size_t len)
{
	return wait_for(fd, POLLOUT) && stream_send(fd, data, len);
}

static bool polled_read(int fd, uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = wait_for(fd, POLLIN) ? read(fd, data, len) : -1;

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static ssize_t exchange_as_libpcsclite(void *self, const uint8_t *command, size_t len)
{
	struct floor_peer *peer = self;

	if (!polled_send(peer->fd, peer->out, HEADER_SIZE) ||
	    !polled_send(peer->fd, peer->out, BODY_SIZE) || !polled_send(peer->fd, command, len))
		return -1;
	if (!polled_read(peer->fd, peer->in, BODY_SIZE) ||
	    !polled_read(peer->fd, peer->in + BODY_SIZE, peer->response_len))
		return -1;
	return finish(peer);
}

/* Starts the echo process on one end of a pair of sockets; it ends with us. */
static bool start_unix(struct floor_peer *peer)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve_unix(ends[1], peer->sizes);
	}
	close(ends[1]);
	peer->fd = ends[0];
	return child > 0;
}

bool floor_open_unix(struct target *target, bool as_libpcsclite)
{
	struct floor_peer *peer = calloc(1, sizeof(*peer));
	void *shared = mmap(
	    NULL, 2 * sizeof(size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (peer == NULL || shared == MAP_FAILED)
		return false;
	peer->sizes = shared;
	peer->as_libpcsclite = as_libpcsclite;
	peer->head_len = as_libpcsclite ? BODY_SIZE : 0;
	target->self = peer;
	target->answer = answer;
	target->prepare = prepare_unix;
	target->exchange = as_libpcsclite ? exchange_as_libpcsclite : exchange_bare;
	return start_unix(peer);
}
