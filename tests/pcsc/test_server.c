/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service with hostile clients: a thousand at once, one that dies while it holds the card, one that is
 * stopped while it is written to. Others are not held up, and nothing is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "fake_backend.h"
#include "pcsc/server.h"
#include "wire.h"

#define NAME "Virtual PCD 00 00"
#define MANY 1000
#define PATIENCE_MS 20000

static const uint8_t atr_t1[] = { 0x3B, 0x80, 0x01, 0x81 };

struct world {
	struct pcsc *pcsc;
	struct fake *fake;
	struct server *server;
	struct sockaddr_un address; /* abstract */
	socklen_t address_len;
	pthread_t thread;
	unsigned threads, descriptors; /* with the service up and no client */
	int fd;                        /* of a well-behaved client */
	int32_t card;
};

static void *run(void *arg)
{
	assert_int_equal(server_run(arg), 0);
	return NULL;
}

static unsigned count_entries(const char *path)
{
	DIR *folder = opendir(path);
	unsigned n = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		n++;
	(void)closedir(folder);
	return n;
}

/* Waits until no more than that are there. */
static void wait_count(const char *path, unsigned want)
{
	int64_t deadline = clock_deadline(PATIENCE_MS);

	while (count_entries(path) > want)
		assert_true(clock_left(deadline) > 0);
}

static int dial(const struct world *world)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&world->address, world->address_len), 0);
	return fd;
}

static void listen_for(struct world *world)
{
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	world->address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	(void)snprintf(world->address.sun_path + 1, sizeof world->address.sun_path - 1,
	    "test_server-%d", (int)getpid());
	world->address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
	    strlen(world->address.sun_path + 1));
	assert_int_equal(
	    bind(listener, (const struct sockaddr *)&world->address, world->address_len), 0);
	assert_int_equal(listen(listener, 128), 0);
	assert_int_equal(server_new_take(world->pcsc, listener, &world->server), 0);
	assert_int_equal(pthread_create(&world->thread, NULL, run, world->server), 0);
}

static int set_up(void **state)
{
	static struct world world;

	world.pcsc = pcsc_new();
	assert_int_equal(pcsc_add_reader_take(world.pcsc, NAME, fake_slot(&world.fake)), 0);
	fake_insert(world.fake, BYTES_OF_ARRAY(atr_t1));
	for (int64_t until = clock_deadline(PATIENCE_MS); clock_left(until) > 0;) {
		struct pcsc_reader_state states[PCSC_READERS_MAX];

		pcsc_states(world.pcsc, states);
		if (states[0].state & PCSC_POWERED)
			break;
	}
	listen_for(&world);
	world.fd = dial(&world);
	world.card = wire_connect(world.fd, wire_establish(world.fd), NAME);
	world.threads = count_entries("/proc/self/task");
	world.descriptors = count_entries("/proc/self/fd");
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	server_stop(world->server);
	assert_int_equal(pthread_join(world->thread, NULL), 0);
	assert_true(wire_is_closed(world->fd));
	(void)close(world->fd);
	server_free(world->server);
	pcsc_free(world->pcsc);
	return 0;
}

static void expect_nothing_left(const struct world *world)
{
	wait_count("/proc/self/task", world->threads);
	wait_count("/proc/self/fd", world->descriptors);
	assert_int_equal(wire_transmit(world->fd, world->card), PCSC_OK);
}

/* Descriptors for both ends of all connections. False: the system does not permit so many. */
static bool permit_many(void)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < 2 * MANY + 100)
		return false;
	limit.rlim_cur = 2 * MANY + 100;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void a_thousand_clients(void **state)
{
	struct world *world = *state;
	static int fds[MANY];
	int64_t start;

	if (!permit_many()) {
		print_message("# only with a limit of %d descriptors\n", 2 * MANY + 100);
		skip();
	}
	for (unsigned i = 0; i < MANY; i++)
		fds[i] = dial(world);
	for (unsigned i = 0; i < MANY; i++)
		(void)wire_establish(fds[i]);
	start = clock_now();
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(wire_transmit(world->fd, world->card), PCSC_OK);
	print_message(
	    "# 100 commands beside %d clients: %d ms\n", MANY, (int)(clock_now() - start));
	for (unsigned i = 0; i < MANY; i++)
		(void)close(fds[i]);
	expect_nothing_left(world);
}

static void clients_that_come_and_go(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < MANY; i++) {
		int fd = dial(world);

		if (i % 2 == 0)
			assert_int_equal(
			    send(fd, "\x08\0\0\0\x07", 1 + i % 5, MSG_NOSIGNAL), 1 + i % 5);
		(void)close(fd);
	}
	expect_nothing_left(world);
}

static void client_that_dies_with_a_transaction(void **state)
{
	struct world *world = *state;
	int fd = dial(world);
	int32_t card = wire_connect(fd, wire_establish(fd), NAME);
	uint32_t result;
	int64_t start;

	assert_int_equal(wire_begin(fd, card), PCSC_OK);
	assert_int_equal(wire_begin(world->fd, world->card), PCSC_E_SHARING_VIOLATION);
	start = clock_now();
	(void)close(fd);
	do
		result = wire_begin(world->fd, world->card);
	while (result == PCSC_E_SHARING_VIOLATION);
	assert_int_equal(result, PCSC_W_RESET_CARD);
	print_message("# freed after %d ms\n", (int)(clock_now() - start));
	assert_true(clock_now() - start < PATIENCE_MS);
	assert_int_equal(fake_resets(world->fake), 1);
}

/* One who waits for the card to be free, with no time limit, and dies: his wait must end. */
static void client_that_dies_while_it_waits(void **state)
{
	struct world *world = *state;
	struct protocol_connect connect = {
		.reader = NAME, .share = PCSC_SHARE_SHARED, .protocols = PCSC_PROTOCOL_T1
	};
	int fd = dial(world);

	assert_int_equal(wire_begin(world->fd, world->card), PCSC_OK);
	connect.context = wire_establish(fd);
	wire_send(fd, PROTOCOL_CONNECT, &connect, sizeof connect);
	(void)close(fd);
	expect_nothing_left(world);
	assert_int_equal(wire_end(world->fd, world->card), PCSC_OK);
}

/* It watches, asks, and does not read any more, with a transaction open: the card is its, but nothing else. */
static void client_that_is_stopped(void **state)
{
	struct world *world = *state;
	const struct protocol_header header = { 0, PROTOCOL_WATCH };
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	int64_t start;
	int fd = dial(world);

	(void)wire_establish(fd);
	while (send(fd, &header, sizeof header, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		;
	start = clock_now();
	for (unsigned i = 0; i < 200; i++) {
		assert_int_equal(wire_begin(world->fd, world->card), PCSC_OK);
		assert_int_equal(wire_transmit(world->fd, world->card), PCSC_OK);
		assert_int_equal(wire_end(world->fd, world->card), PCSC_OK);
	}
	fake_remove(world->fake); /* an event that nobody can be told of */
	do {
		wire_send(world->fd, PROTOCOL_GET_STATES, NULL, 0);
		wire_receive(world->fd, states, sizeof states);
	} while (!(states[0].state & PCSC_ABSENT));
	print_message("# 200 transactions and a removal: %d ms\n", (int)(clock_now() - start));
	assert_int_equal(wire_transmit(world->fd, world->card), PCSC_W_REMOVED_CARD);
	(void)close(fd);
	wait_count("/proc/self/task", world->threads);
	wait_count("/proc/self/fd", world->descriptors);
}

/* The service ends while clients wait for the card, for events, and for room in their sockets. */
static void end_of_the_service(void **state)
{
	struct world *world = *state;
	struct protocol_connect connect = {
		.reader = NAME, .share = PCSC_SHARE_SHARED, .protocols = PCSC_PROTOCOL_T1
	};
	const struct protocol_header header = { 0, PROTOCOL_GET_STATES };
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	int fds[3];

	assert_int_equal(wire_begin(world->fd, world->card), PCSC_OK);
	for (unsigned i = 0; i < COUNT(fds); i++)
		fds[i] = dial(world);
	connect.context = wire_establish(fds[0]);
	wire_send(fds[0], PROTOCOL_CONNECT, &connect, sizeof connect);
	(void)wire_establish(fds[1]);
	wire_send(fds[1], PROTOCOL_WATCH, NULL, 0);
	wire_receive(fds[1], states, sizeof states);
	(void)wire_establish(fds[2]);
	while (send(fds[2], &header, sizeof header, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		;
	assert_int_equal(tear_down(state), 0);
	for (unsigned i = 0; i < COUNT(fds); i++)
		(void)close(fds[i]);
	assert_int_equal(set_up(state), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(clients_that_come_and_go),
		TEST(client_that_dies_with_a_transaction),
		TEST(client_that_dies_while_it_waits),
		TEST(client_that_is_stopped),
		TEST(end_of_the_service),
		TEST(a_thousand_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
