/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card's side, against readers that are polite, rude and hostile. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "peer.h"
#include "vpcd/icc.h"
#include "vpcd/protocol.h"

/* A card that listens, and a reader that has connected to it. */
struct pair {
	struct icc *icc;
	int reader;
};

static void connect_pair(struct pair *pair)
{
	pair->reader = peer_connect(icc_port(pair->icc));
	assert_int_equal(icc_accept(pair->icc), 0);
}

static struct pair open_pair(void)
{
	struct pair pair = { .icc = icc_new() };

	assert_non_null(pair.icc);
	assert_int_equal(icc_listen(pair.icc, NULL, 0), 0);
	assert_int_not_equal(icc_port(pair.icc), 0);
	connect_pair(&pair);
	return pair;
}

static void close_pair(struct pair *pair)
{
	peer_close(pair->reader);
	icc_free(pair->icc);
}

static void expect(struct icc *icc, enum icc_kind kind)
{
	struct icc_message message = { .kind = ICC_COMMAND };

	assert_int_equal(icc_next(icc, &message), 0);
	assert_int_equal(message.kind, kind);
}

static void expect_command(struct icc *icc, struct bytes want)
{
	struct icc_message message = { .kind = ICC_RESET };

	assert_int_equal(icc_next(icc, &message), 0);
	assert_int_equal(message.kind, ICC_COMMAND);
	assert_true(bytes_equal(message.command, want));
}

static void expect_failure(struct icc *icc, int want)
{
	struct icc_message message = { .kind = ICC_COMMAND };

	assert_int_equal(icc_next(icc, &message), want);
	/* And it stays so until the next connection. */
	assert_int_equal(icc_next(icc, &message), ERR_CLOSED);
	assert_int_equal(icc_answer(icc, bytes_of(NULL, 0)), ERR_CLOSED);
}

static const uint8_t select_mf[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00 };

static void a_session_is_understood(void **state)
{
	static const uint8_t atr[] = { 0x3B, 0x80, 0x01, 0x81 };
	static const uint8_t ok[] = { 0x90, 0x00 };
	struct pair pair = open_pair();

	peer_send_hex(pair.reader, "0001 01");
	expect(pair.icc, ICC_POWER_ON);
	peer_send_hex(pair.reader, "0001 04");
	expect(pair.icc, ICC_GET_ATR);
	assert_int_equal(icc_answer(pair.icc, BYTES_OF_ARRAY(atr)), 0);
	peer_expect_hex(pair.reader, "0004 3B800181");
	peer_send_hex(pair.reader, "0001 02");
	expect(pair.icc, ICC_RESET);
	peer_send_hex(pair.reader, "0007 00A4000C023F00");
	expect_command(pair.icc, BYTES_OF_ARRAY(select_mf));
	assert_int_equal(icc_answer(pair.icc, BYTES_OF_ARRAY(ok)), 0);
	peer_expect_hex(pair.reader, "0002 9000");
	peer_send_hex(pair.reader, "0001 00");
	expect(pair.icc, ICC_POWER_OFF);
	peer_expect_nothing(pair.reader);
	close_pair(&pair);
}

static void messages_in_one_packet_are_told_apart(void **state)
{
	struct pair pair = open_pair();

	peer_send_hex(pair.reader, "0001 01 0001 04 0002 0102 0007 00A4000C023F00 0001 00");
	expect(pair.icc, ICC_POWER_ON);
	expect(pair.icc, ICC_GET_ATR);
	expect_command(pair.icc, bytes_of((const uint8_t[]){ 1, 2 }, 2));
	expect_command(pair.icc, BYTES_OF_ARRAY(select_mf));
	expect(pair.icc, ICC_POWER_OFF);
	close_pair(&pair);
}

static void undefined_and_empty_messages_are_passed_over(void **state)
{
	struct pair pair = open_pair();

	peer_send_hex(pair.reader, "0000 0001 03 0001 05 0001 FF 0000 0000 0001 02");
	expect(pair.icc, ICC_RESET);
	peer_expect_nothing(pair.reader);
	close_pair(&pair);
}

static void an_empty_answer_is_sent(void **state)
{
	struct pair pair = open_pair();

	assert_int_equal(icc_answer(pair.icc, bytes_of(NULL, 0)), 0);
	peer_expect_hex(pair.reader, "0000");
	close_pair(&pair);
}

/* A message, and a thread that sends it byte by byte. */
struct slow {
	int fd;
	uint8_t message[2 + 300];
};

static void *send_slowly(void *argument)
{
	struct slow *slow = argument;

	peer_send_slowly(slow->fd, BYTES_OF_ARRAY(slow->message));
	return NULL;
}

static void bytes_one_by_one_make_a_message(void **state)
{
	struct pair pair = open_pair();
	struct slow slow = { .fd = pair.reader };
	pthread_t thread;

	memset(slow.message, 0xA5, sizeof slow.message);
	slow.message[0] = 300 >> 8;
	slow.message[1] = 300 & 0xFF;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pthread_create(&thread, NULL, send_slowly, &slow), 0);
		expect_command(pair.icc, bytes_of(slow.message + 2, 300));
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	close_pair(&pair);
}

/* A thread that sends the longest message and reads its echo. */
static void *send_longest(void *argument)
{
	int fd = *(const int *)argument;
	uint8_t *echo = malloc(VPCD_MESSAGE_MAX);

	assert_non_null(echo);
	for (int i = 0; i < 3; i++) {
		peer_send_filled(fd, VPCD_MESSAGE_MAX, 0x5A);
		assert_int_equal(peer_receive(fd, echo, VPCD_MESSAGE_MAX), VPCD_MESSAGE_MAX);
		for (size_t k = 0; k < VPCD_MESSAGE_MAX; k++)
			assert_int_equal(echo[k], 0x5A);
	}
	free(echo);
	return NULL;
}

static void the_longest_messages_pass(void **state)
{
	struct pair pair = open_pair();
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, send_longest, &pair.reader), 0);
	for (int i = 0; i < 3; i++) {
		struct icc_message message = { .kind = ICC_RESET };

		assert_int_equal(icc_next(pair.icc, &message), 0);
		assert_int_equal(message.command.len, VPCD_MESSAGE_MAX);
		assert_int_equal(icc_answer(pair.icc, message.command), 0);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_pair(&pair);
}

static void a_longer_answer_is_refused_and_nothing_sent(void **state)
{
	static uint8_t answer[VPCD_MESSAGE_MAX + 1];
	struct pair pair = open_pair();

	assert_int_equal(icc_answer(pair.icc, BYTES_OF_ARRAY(answer)), ERR_LIMIT);
	peer_expect_nothing(pair.reader);
	peer_send_hex(pair.reader, "0001 01");
	expect(pair.icc, ICC_POWER_ON);
	close_pair(&pair);
}

static void a_cut_message_is_never_data(void **state)
{
	static const uint8_t message[] = { 0, 7, 0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00 };
	struct pair pair = { .icc = icc_new() };

	assert_int_equal(icc_listen(pair.icc, NULL, 0), 0);
	for (size_t len = 0; len < sizeof message; len++) {
		connect_pair(&pair);
		peer_send(pair.reader, bytes_of(message, len));
		peer_close(pair.reader);
		expect_failure(pair.icc, ERR_CLOSED);
	}
	icc_free(pair.icc);
}

static void a_reset_connection_is_closed(void **state)
{
	struct pair pair = open_pair();

	peer_send_hex(pair.reader, "0007 00A4");
	peer_abort(pair.reader);
	expect_failure(pair.icc, ERR_CLOSED);
	icc_free(pair.icc);
}

static void what_one_reader_left_is_not_the_next_ones(void **state)
{
	struct pair pair = open_pair();

	peer_send_hex(pair.reader, "0001 01 0007 00A400");
	expect(pair.icc, ICC_POWER_ON);
	peer_close(pair.reader);
	expect_failure(pair.icc, ERR_CLOSED);
	connect_pair(&pair);
	peer_send_hex(pair.reader, "0001 02");
	expect(pair.icc, ICC_RESET);
	close_pair(&pair);
}

static void readers_may_come_and_go(void **state)
{
	struct pair pair = open_pair();
	unsigned before = peer_count_descriptors();

	for (int i = 0; i < 2000; i++) {
		peer_close(pair.reader);
		expect_failure(pair.icc, ERR_CLOSED);
		connect_pair(&pair);
	}
	assert_int_equal(peer_count_descriptors(), before);
	peer_send_hex(pair.reader, "0001 04");
	expect(pair.icc, ICC_GET_ATR);
	close_pair(&pair);
}

/* Debian 12's reader sends a length and what follows it with two calls, and without TCP_NODELAY: the
 * second waits for an acknowledgement, which systems delay by 40 ms. */
#ifdef PORTABLE_SOCKETS
#define APART_MS 60000 /* there is no way to ask for an acknowledgement */
#else
#define APART_MS 3000 /* of the 4000 that it would be */
#endif

static void length_and_payload_apart_cost_no_delay(void **state)
{
	static const uint8_t ok[] = { 0x90, 0x00 };
	struct pair pair = open_pair();
	int64_t begun = peer_now_ms();

	peer_use_nagle(pair.reader);
	for (int i = 0; i < 100; i++) {
		peer_send_hex(pair.reader, "0007");
		peer_send_hex(pair.reader, "00A4000C023F00");
		expect_command(pair.icc, BYTES_OF_ARRAY(select_mf));
		assert_int_equal(icc_answer(pair.icc, BYTES_OF_ARRAY(ok)), 0);
		peer_expect_hex(pair.reader, "0002 9000");
	}
	assert_in_range(peer_now_ms() - begun, 0, APART_MS);
	close_pair(&pair);
}

static void connecting_reaches_a_reader(void **state)
{
	struct icc *icc = icc_new();
	uint16_t port;
	int listener = peer_listen(&port);
	int reader;

	assert_int_equal(icc_connect(icc, "127.0.0.1", port, PEER_WAIT_MS), 0);
	reader = peer_accept(listener);
	peer_send_hex(reader, "0001 01");
	expect(icc, ICC_POWER_ON);
	/* A new connection takes the place of the old one. */
	assert_int_equal(icc_connect(icc, "localhost", port, PEER_WAIT_MS), 0);
	peer_expect_close(reader);
	peer_close(reader);
	reader = peer_accept(listener);
	peer_send_hex(reader, "0001 02");
	expect(icc, ICC_RESET);
	peer_close(reader);
	peer_close(listener);
	icc_free(icc);
}

static void connecting_to_nobody_fails(void **state)
{
	unsigned before = peer_count_descriptors();
	struct icc *icc = icc_new();
	uint16_t port;
	int listener = peer_listen(&port);
	int r;

	peer_close(listener);
	assert_int_equal(icc_connect(icc, "localhost", port, PEER_WAIT_MS), ERR_IO);
	/* RFC 6761, 6.4: no name server knows it, though there may be none to say so. */
	r = icc_connect(icc, "no.such.host.invalid", port, 1000);
	assert_true(r == ERR_NOT_FOUND || r == ERR_TIMEOUT);
	icc_free(icc);
	peer_await_descriptors(before);
}

static void two_cannot_listen_on_one_port(void **state)
{
	struct icc *first = icc_new();
	struct icc *second = icc_new();
	uint16_t port;

	assert_int_equal(icc_listen(first, "127.0.0.1", 0), 0);
	port = icc_port(first);
	assert_int_equal(icc_listen(second, NULL, port), ERR_IO);
	assert_int_equal(icc_listen(second, "*", port), ERR_IO);
	assert_int_equal(icc_port(second), 0);
	/* And when the first is gone, nothing is in the way. */
	icc_free(first);
	assert_int_equal(icc_listen(second, "*", port), 0);
	icc_free(second);
}

/* Interrupts after a while: the call that is to be ended has most likely begun by then, and if not, the
 * test is of the other case, which must do the same. */
static void *interrupt_later(void *argument)
{
	(void)usleep(20000);
	icc_interrupt(argument);
	return NULL;
}

static void interrupting_ends_every_call(void **state)
{
	for (int what = 0; what < 4; what++) {
		struct pair pair = open_pair();
		struct icc_message message;
		pthread_t thread;
		int r = 0;

		if (what == 1)
			peer_send_hex(pair.reader, "0007 00");
		if (what == 2) {
			peer_close(pair.reader);
			assert_int_equal(icc_next(pair.icc, &message), ERR_CLOSED);
		}
		assert_int_equal(pthread_create(&thread, NULL, interrupt_later, pair.icc), 0);
		if (what < 2)
			r = icc_next(pair.icc, &message);
		else if (what == 2)
			r = icc_accept(pair.icc);
		else
			/* TEST-NET-1 (RFC 5737): nobody answers there. */
			r = icc_connect(pair.icc, "192.0.2.77", 9, PEER_WAIT_MS);
		assert_int_equal(pthread_join(thread, NULL), 0);
		if (what < 3 || r != ERR_IO)
			assert_int_equal(r, ERR_INTERRUPTED);
		assert_int_equal(icc_next(pair.icc, &message), ERR_INTERRUPTED);
		assert_int_equal(icc_accept(pair.icc), ERR_INTERRUPTED);
		assert_int_equal(
		    icc_adopt_take(pair.icc, socket(AF_INET, SOCK_STREAM, 0)), ERR_INTERRUPTED);
		assert_int_equal(
		    icc_connect(pair.icc, "127.0.0.1", icc_port(pair.icc), 1000), ERR_INTERRUPTED);
		if (what != 2)
			peer_close(pair.reader);
		icc_free(pair.icc);
	}
}

static void once_interrupted_it_connects_to_nobody(void **state)
{
	struct icc *icc = icc_new();
	uint16_t port;
	struct pollfd listener = { .fd = peer_listen(&port), .events = POLLIN };

	assert_non_null(icc);
	icc_interrupt(icc);
	assert_int_equal(icc_connect(icc, "127.0.0.1", port, PEER_WAIT_MS), ERR_INTERRUPTED);
	/* On loopback a connection is there as soon as it is asked for. */
	assert_int_equal(poll(&listener, 1, 0), 0);
	peer_close(listener.fd);
	icc_free(icc);
}

static struct icc *interrupted_by_signal;

static void on_signal(int number)
{
	(void)number;
	icc_interrupt(interrupted_by_signal);
}

static void a_signal_handler_may_interrupt(void **state)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct pair pair = open_pair();
	struct icc_message message;

	interrupted_by_signal = pair.icc;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	(void)ualarm(20000, 0);
	assert_int_equal(icc_next(pair.icc, &message), ERR_INTERRUPTED);
	close_pair(&pair);
}

static void what_is_not_open_fails_cleanly(void **state)
{
	struct icc *icc = icc_new();
	struct icc_message message;

	assert_int_equal(icc_next(icc, &message), ERR_CLOSED);
	assert_int_equal(icc_answer(icc, bytes_of(NULL, 0)), ERR_CLOSED);
	assert_int_equal(icc_port(icc), 0);
	icc_free(icc);
	icc_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_understood),
		cmocka_unit_test(messages_in_one_packet_are_told_apart),
		cmocka_unit_test(undefined_and_empty_messages_are_passed_over),
		cmocka_unit_test(an_empty_answer_is_sent),
		cmocka_unit_test(bytes_one_by_one_make_a_message),
		cmocka_unit_test(the_longest_messages_pass),
		cmocka_unit_test(a_longer_answer_is_refused_and_nothing_sent),
		cmocka_unit_test(a_cut_message_is_never_data),
		cmocka_unit_test(a_reset_connection_is_closed),
		cmocka_unit_test(what_one_reader_left_is_not_the_next_ones),
		cmocka_unit_test(readers_may_come_and_go),
		cmocka_unit_test(length_and_payload_apart_cost_no_delay),
		cmocka_unit_test(connecting_reaches_a_reader),
		cmocka_unit_test(connecting_to_nobody_fails),
		cmocka_unit_test(two_cannot_listen_on_one_port),
		cmocka_unit_test(interrupting_ends_every_call),
		cmocka_unit_test(once_interrupted_it_connects_to_nobody),
		cmocka_unit_test(a_signal_handler_may_interrupt),
		cmocka_unit_test(what_is_not_open_fails_cleanly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
