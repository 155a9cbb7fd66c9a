/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of a connection, in tests. Written on sockets alone, not on the code that is tested. */
#include "peer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hex.h"

#define HEX_MAX 2048
#define RESOLVER_MS 60000 /* what a system's resolver takes at most, before it gives up */

static struct sockaddr_in loopback(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return at;
}

int peer_connect(uint16_t port)
{
	struct sockaddr_in at = loopback(port);
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
	return fd;
}

int peer_listen(uint16_t *port)
{
	struct sockaddr_in at = loopback(0);
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void wait_readable(int fd)
{
	struct pollfd event = { .fd = fd, .events = POLLIN };
	int r;

	do
		r = poll(&event, 1, PEER_WAIT_MS);
	while (r < 0 && errno == EINTR);
	assert_int_equal(r, 1);
}

int peer_accept(int listener)
{
	const int on = 1;
	int fd;

	wait_readable(listener);
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
	return fd;
}

void peer_send(int fd, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);

		assert_true(n > 0);
		bytes = bytes_after(bytes, (size_t)n);
	}
}

void peer_send_hex(int fd, const char *hex)
{
	uint8_t memory[HEX_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode(hex, &w));
	peer_send(fd, writer_bytes(&w));
}

void peer_send_hex_slowly(int fd, const char *hex)
{
	uint8_t memory[HEX_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode(hex, &w));
	peer_send_slowly(fd, writer_bytes(&w));
}

bool peer_try_send(int fd, uint8_t value)
{
	return send(fd, &value, 1, MSG_NOSIGNAL) == 1;
}

bool peer_try_send_many(int fd, uint8_t value)
{
	static uint8_t many[1 << 16];

	memset(many, value, sizeof many);
	return send(fd, many, sizeof many, MSG_NOSIGNAL) > 0;
}

void peer_use_nagle(int fd)
{
	const int off = 0;

	assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &off, sizeof off), 0);
}

void peer_shrink(int fd)
{
	const int least = 1;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least), 0);
}

void peer_send_filled(int fd, size_t len, uint8_t value)
{
	uint8_t *message = malloc(2 + len);

	assert_non_null(message);
	message[0] = (uint8_t)(len >> 8);
	message[1] = (uint8_t)len;
	memset(message + 2, value, len);
	peer_send(fd, bytes_of(message, 2 + len));
	free(message);
}

void peer_send_slowly(int fd, struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		peer_send(fd, bytes_of(bytes.data + i, 1));
}

static void receive_all(int fd, uint8_t *to, size_t len)
{
	while (len > 0) {
		ssize_t n;

		wait_readable(fd);
		n = recv(fd, to, len, 0);
		assert_true(n > 0);
		to += n;
		len -= (size_t)n;
	}
}

void peer_expect_hex(int fd, const char *hex)
{
	uint8_t want[HEX_MAX];
	uint8_t got[HEX_MAX];
	struct writer w;

	writer_init(&w, want, sizeof want);
	assert_true(hex_decode(hex, &w));
	receive_all(fd, got, w.len);
	assert_memory_equal(got, want, w.len);
}

size_t peer_receive(int fd, uint8_t *to, size_t size)
{
	uint8_t head[2];
	size_t len;

	receive_all(fd, head, sizeof head);
	len = (size_t)head[0] << 8 | head[1];
	assert_true(len <= size);
	receive_all(fd, to, len);
	return len;
}

void peer_expect_close(int fd)
{
	uint8_t bytes[4096];
	ssize_t n;

	do {
		wait_readable(fd);
		n = recv(fd, bytes, sizeof bytes, 0);
	} while (n > 0);
	assert_true(n == 0 || errno == ECONNRESET);
}

void peer_expect_nothing(int fd)
{
	uint8_t byte;

	assert_int_equal(recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT), -1);
	assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
}

void peer_close(int fd)
{
	assert_int_equal(close(fd), 0);
}

void peer_abort(int fd)
{
	const struct linger now = { .l_onoff = 1 };

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	peer_close(fd);
}

unsigned peer_count_descriptors(void)
{
	DIR *dir = opendir("/dev/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

void peer_await_descriptors(unsigned count)
{
	int64_t until = peer_now_ms() + RESOLVER_MS;

	while (peer_count_descriptors() != count) {
		assert_in_range(peer_now_ms(), 0, until);
		(void)usleep(1000);
	}
}

int64_t peer_now_ms(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
