/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets: also run over what is for systems other than Linux. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/net.h"
#include "peer.h"

#define WAIT_MS 20000

/* A connection, and what it came from. */
struct link {
	struct net_listener listener;
	int near;
	int far;
};

/* Waits for the connection that somebody makes. */
static int accept_one(const struct net_listener *listener)
{
	struct net_event events[NET_LISTENERS_MAX];
	int fd = NET_NONE;
	int r;

	for (unsigned i = 0; i < listener->n; i++)
		events[i] = (struct net_event){ .fd = listener->fds[i], .want = NET_READABLE };
	do {
		assert_int_equal(net_wait(events, listener->n, clock_deadline(WAIT_MS)), 0);
		r = net_accept(listener, &fd);
	} while (r == NET_LATER);
	assert_int_equal(r, 0);
	return fd;
}

static void open_link(struct link *link)
{
	uint16_t port;

	assert_int_equal(net_listen(NULL, 0, &link->listener), 0);
	port = net_listener_port(&link->listener);
	assert_int_not_equal(port, 0);
	assert_int_equal(net_connect("127.0.0.1", port, WAIT_MS, NULL, &link->near), 0);
	link->far = accept_one(&link->listener);
	assert_int_equal(net_set_limits(link->near, 50, 50), 0);
	assert_int_equal(net_set_limits(link->far, 50, 50), 0);
}

static void close_link(struct link *link)
{
	net_close(&link->near);
	net_close(&link->far);
	net_listener_close(&link->listener);
	assert_int_equal(link->near, NET_NONE);
	assert_int_equal(link->listener.n, 0);
}

static bool is_closed_on_exec(int fd)
{
	return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static bool is_blocking(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

static void sockets_are_as_they_should_be(void **state)
{
	struct link link;
	struct net_wake wake;
	int place;

	open_link(&link);
	assert_true(is_closed_on_exec(link.near) && is_closed_on_exec(link.far));
	assert_true(is_blocking(link.near) && is_blocking(link.far));
	for (unsigned i = 0; i < link.listener.n; i++) {
		assert_true(is_closed_on_exec(link.listener.fds[i]));
		assert_false(is_blocking(link.listener.fds[i]));
	}
	assert_int_equal(net_wake_open(&wake), 0);
	assert_true(is_closed_on_exec(wake.fds[0]) && is_closed_on_exec(wake.fds[1]));
	assert_false(is_blocking(wake.fds[0]) || is_blocking(wake.fds[1]));
	net_wake_close(&wake);
	assert_int_equal(net_placeholder(&place), 0);
	assert_true(is_closed_on_exec(place));
	assert_int_equal(net_replace_take(place, link.near), 0);
	assert_true(is_closed_on_exec(place));
	link.near = place;
	close_link(&link);
}

static bool machine_has_ipv6(void)
{
	struct net_listener listener;

	if (net_listen("::1", 0, &listener) < 0)
		return false;
	net_listener_close(&listener);
	return true;
}

static void loopback_is_both_families_and_one_port(void **state)
{
	struct net_listener listener;
	uint16_t port;
	int fd;
	int accepted;
	char text[NET_TEXT_SIZE];

	if (!machine_has_ipv6())
		skip();
	assert_int_equal(net_listen("", 0, &listener), 0);
	assert_int_equal(listener.n, 2);
	port = net_listener_port(&listener);
	assert_int_equal(net_connect("::1", port, WAIT_MS, NULL, &fd), 0);
	accepted = accept_one(&listener);
	assert_memory_equal(net_peer_text(accepted, text), "[::1]:", 6);
	net_close(&accepted);
	net_close(&fd);
	assert_int_equal(net_connect("127.0.0.1", port, WAIT_MS, NULL, &fd), 0);
	accepted = accept_one(&listener);
	assert_memory_equal(net_peer_text(accepted, text), "127.0.0.1:", 10);
	net_close(&accepted);
	net_close(&fd);
	net_listener_close(&listener);
	assert_string_equal(net_peer_text(NET_NONE, text), "?");
}

static void every_address_is_both_families(void **state)
{
	struct net_listener listener;

	assert_int_equal(net_listen("*", 0, &listener), 0);
	assert_int_equal(listener.n, machine_has_ipv6() ? 2 : 1);
	net_listener_close(&listener);
}

static void one_port_is_not_given_twice(void **state)
{
	struct net_listener first;
	struct net_listener second = { .n = 0 };
	uint16_t port;

	assert_int_equal(net_listen("127.0.0.1", 0, &first), 0);
	port = net_listener_port(&first);
	assert_int_equal(net_listen("", port, &second), ERR_IO);
	assert_int_equal(errno, EADDRINUSE);
	assert_int_equal(second.n, 0);
	net_listener_close(&first);
	assert_int_equal(net_listen("", port, &second), 0);
	net_listener_close(&second);
}

static void hosts_that_are_none_are_not_found(void **state)
{
	struct net_listener listener = { .n = 0 };
	unsigned before = peer_count_descriptors();
	int fd = NET_NONE;
	int r;

	assert_int_equal(net_listen("192.0.2.1.5", 0, &listener), ERR_NOT_FOUND);
	/* RFC 6761, 6.4; where no name server answers, time is over first. */
	r = net_connect("no.such.host.invalid", 1, 500, NULL, &fd);
	assert_true(r == ERR_NOT_FOUND || r == ERR_TIMEOUT);
	assert_int_equal(fd, NET_NONE);
	peer_await_descriptors(before);
}

static void nobody_listening_is_refused(void **state)
{
	struct net_listener listener;
	uint16_t port;
	int fd = NET_NONE;

	assert_int_equal(net_listen("127.0.0.1", 0, &listener), 0);
	port = net_listener_port(&listener);
	net_listener_close(&listener);
	assert_int_equal(net_connect("127.0.0.1", port, WAIT_MS, NULL, &fd), ERR_IO);
	assert_int_equal(errno, ECONNREFUSED);
	assert_int_equal(fd, NET_NONE);
}

static void nobody_is_connected_to_himself(void **state)
{
	struct net_listener listener;
	/* Within the range of most systems; another one in each process, since each must find it closed. */
	uint16_t port = (uint16_t)(40000 + 2 * (getpid() % 8000));
	int fd = NET_NONE;

	/* Linux gives clients the even ports of its range first, one after the other: so the one that is
	 * connected to has its turn. */
	while (net_listen("127.0.0.1", port, &listener) < 0)
		port += 2;
	net_listener_close(&listener);
	for (int i = 0; i < 40000; i++) {
		assert_int_equal(net_connect("127.0.0.1", port, WAIT_MS, NULL, &fd), ERR_IO);
		assert_int_equal(errno, ECONNREFUSED);
	}
	assert_int_equal(fd, NET_NONE);
}

static void a_name_with_two_addresses_is_tried_with_both(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };

	if (!machine_has_ipv6())
		skip();
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct net_listener listener;
		int fd = NET_NONE;

		assert_int_equal(net_listen(hosts[i], 0, &listener), 0);
		assert_int_equal(
		    net_connect("localhost", net_listener_port(&listener), WAIT_MS, NULL, &fd), 0);
		net_close(&fd);
		net_listener_close(&listener);
	}
}

static void connecting_can_be_interrupted(void **state)
{
	struct net_wake wake;
	int fd = NET_NONE;
	int r;

	assert_int_equal(net_wake_open(&wake), 0);
	net_wake_signal(&wake);
	/* TEST-NET-1 (RFC 5737): nobody answers, if there is a way there at all. */
	r = net_connect("192.0.2.77", 9, WAIT_MS, &wake, &fd);
	assert_true(r == ERR_INTERRUPTED || r == ERR_IO);
	net_wake_clear(&wake);
	r = net_connect("192.0.2.77", 9, 50, &wake, &fd);
	assert_true(r == ERR_TIMEOUT || r == ERR_IO);
	assert_int_equal(fd, NET_NONE);
	net_wake_close(&wake);
}

static void a_wake_up_stays_until_it_is_cleared(void **state)
{
	struct net_wake wake;

	assert_int_equal(net_wake_open(&wake), 0);
	assert_int_equal(net_wait_one(wake.fds[0], NET_READABLE, clock_now()), ERR_TIMEOUT);
	/* However often, it never waits. */
	for (int i = 0; i < 100000; i++)
		net_wake_signal(&wake);
	assert_int_equal(net_wait_one(wake.fds[0], NET_READABLE, CLOCK_FOREVER), 0);
	net_wake_clear(&wake);
	assert_int_equal(net_wait_one(wake.fds[0], NET_READABLE, clock_now()), ERR_TIMEOUT);
	net_wake_close(&wake);
	assert_int_equal(wake.fds[0], NET_NONE);
}

static void what_is_sent_arrives(void **state)
{
	struct link link;
	uint8_t got[8];
	size_t n = 0;

	open_link(&link);
	assert_int_equal(net_receive_now(link.far, got, sizeof got, &n), NET_LATER);
	assert_int_equal(net_receive(link.far, got, sizeof got, &n), NET_LATER);
	assert_int_equal(net_send(link.near, bytes_of((const uint8_t *)"ab", 2),
	                     bytes_of((const uint8_t *)"cde", 3), clock_deadline(WAIT_MS)),
	    0);
	assert_int_equal(net_receive(link.far, got, sizeof got, &n), 0);
	assert_int_equal(n, 5);
	assert_memory_equal(got, "abcde", 5);
	assert_int_equal(net_send_now(link.far, bytes_of((const uint8_t *)"xy", 2)), 0);
	assert_int_equal(
	    net_wait_one(link.near, NET_READABLE | NET_HANGUP, clock_deadline(WAIT_MS)), 0);
	assert_int_equal(net_receive_now(link.near, got, sizeof got, &n), 0);
	assert_int_equal(n, 2);
	close_link(&link);
}

static void sending_ends_at_the_deadline(void **state)
{
	static uint8_t much[1 << 20];
	struct link link;
	int64_t begun = clock_now();
	int r = 0;

	open_link(&link);
	/* Nobody reads: sooner or later there is no room. */
	for (int i = 0; r == 0 && i < 100; i++)
		r = net_send(link.near, bytes_of((const uint8_t *)"head", 4), BYTES_OF_ARRAY(much),
		    clock_deadline(100));
	assert_int_equal(r, ERR_TIMEOUT);
	assert_in_range(clock_now() - begun, 0, WAIT_MS);
	assert_int_equal(net_send_now(link.near, BYTES_OF_ARRAY(much)), NET_LATER);
	close_link(&link);
}

static void the_end_is_seen(void **state)
{
	struct link link;
	uint8_t byte;
	size_t n;
	int r;

	open_link(&link);
	assert_false(net_hung_up(link.near));
	assert_int_equal(net_wait_one(link.near, NET_HANGUP, clock_deadline(10)), ERR_TIMEOUT);
	net_close(&link.far);
	assert_int_equal(net_wait_one(link.near, NET_HANGUP, clock_deadline(WAIT_MS)), 0);
	assert_true(net_hung_up(link.near));
	assert_int_equal(net_receive_now(link.near, &byte, 1, &n), ERR_CLOSED);
	/* The first may still go out; then it is known that nobody is there. No signal comes. */
	do
		r = net_send_now(link.near, bytes_of(&byte, 1));
	while (r == 0);
	assert_int_equal(r, ERR_CLOSED);
	close_link(&link);
}

static void bytes_alone_are_no_end(void **state)
{
	struct link link;

	open_link(&link);
	assert_int_equal(net_send_now(link.far, bytes_of((const uint8_t *)"x", 1)), 0);
	assert_int_equal(net_wait_one(link.near, NET_READABLE, clock_deadline(WAIT_MS)), 0);
	assert_int_equal(net_wait_one(link.near, NET_HANGUP, clock_deadline(120)), ERR_TIMEOUT);
	assert_false(net_hung_up(link.near));
	close_link(&link);
}

static void *shut_later(void *argument)
{
	const int *fd = argument;

	(void)usleep(20000);
	net_shutdown(*fd);
	return NULL;
}

static void shutting_ends_what_waits(void **state)
{
	struct link link;
	pthread_t thread;
	uint8_t byte;
	size_t n;

	open_link(&link);
	assert_int_equal(net_set_limits(link.near, WAIT_MS, WAIT_MS), 0);
	assert_int_equal(pthread_create(&thread, NULL, shut_later, &link.near), 0);
	assert_int_equal(net_receive(link.near, &byte, 1, &n), ERR_CLOSED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_link(&link);
	open_link(&link);
	assert_int_equal(pthread_create(&thread, NULL, shut_later, &link.near), 0);
	assert_int_equal(net_wait_one(link.near, NET_HANGUP, CLOCK_FOREVER), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_link(&link);
}

static void deadlines_of_waits_are_kept(void **state)
{
	struct link link;
	int64_t begun;

	open_link(&link);
	for (unsigned want = NET_READABLE; want <= NET_HANGUP; want += NET_HANGUP - NET_READABLE) {
		begun = clock_now();
		assert_int_equal(net_wait_one(link.near, want, clock_deadline(120)), ERR_TIMEOUT);
		assert_in_range(clock_now() - begun, 120, WAIT_MS);
	}
	close_link(&link);
}

static void dialling_never_waits(void **state)
{
	struct net_listener listener;
	struct net_event event;
	struct net_dial *dial;
	unsigned before = peer_count_descriptors();
	int fd = NET_NONE;
	int r;

	assert_int_equal(net_listen("127.0.0.1", 0, &listener), 0);
	dial = net_dial_new("127.0.0.1", net_listener_port(&listener), -1);
	assert_non_null(dial);
	while ((r = net_dial_step(dial, &fd)) == NET_LATER)
		assert_int_equal(net_wait(&event, 1, net_dial_event(dial, &event)), 0);
	assert_int_equal(r, 0);
	assert_true(is_blocking(fd));
	net_dial_free(dial);
	net_close(&fd);
	/* One that is given up leaves nothing behind. */
	dial = net_dial_new("no.such.host.invalid", 9, -1);
	assert_non_null(dial);
	r = net_dial_step(dial, &fd);
	assert_true(r == NET_LATER || r == ERR_NOT_FOUND);
	net_dial_free(dial);
	net_dial_free(NULL);
	net_listener_close(&listener);
	peer_await_descriptors(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_are_as_they_should_be),
		cmocka_unit_test(loopback_is_both_families_and_one_port),
		cmocka_unit_test(every_address_is_both_families),
		cmocka_unit_test(one_port_is_not_given_twice),
		cmocka_unit_test(hosts_that_are_none_are_not_found),
		cmocka_unit_test(nobody_listening_is_refused),
		cmocka_unit_test(nobody_is_connected_to_himself),
		cmocka_unit_test(a_name_with_two_addresses_is_tried_with_both),
		cmocka_unit_test(connecting_can_be_interrupted),
		cmocka_unit_test(a_wake_up_stays_until_it_is_cleared),
		cmocka_unit_test(what_is_sent_arrives),
		cmocka_unit_test(sending_ends_at_the_deadline),
		cmocka_unit_test(the_end_is_seen),
		cmocka_unit_test(bytes_alone_are_no_end),
		cmocka_unit_test(shutting_ends_what_waits),
		cmocka_unit_test(deadlines_of_waits_are_kept),
		cmocka_unit_test(dialling_never_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
