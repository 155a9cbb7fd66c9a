/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's protocol, message by message, over a pair of sockets; and what breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_backend.h"
#include "pcsc/client.h"
#include "wire.h"

#define NAME "Virtual PCD 00 00"
#define CLIENTS 3

static const uint8_t atr_t1[] = { 0x3B, 0x80, 0x01, 0x81 };

struct client_at {
	struct pcsc *pcsc;
	int fd;      /* ours */
	int service; /* the service's */
	pthread_t thread;
};

struct world {
	struct pcsc *pcsc;
	struct fake *fake;
	struct client_at clients[CLIENTS];
	int a, b; /* sockets of the first two, for short */
};

static void *serve(void *arg)
{
	struct client_at *client = arg;

	assert_int_equal(client_serve(client->pcsc, client->service), 0);
	(void)close(client->service);
	return NULL;
}

static void start(struct client_at *client, struct pcsc *pcsc)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	*client = (struct client_at){ .pcsc = pcsc, .fd = pair[0], .service = pair[1] };
	assert_int_equal(pthread_create(&client->thread, NULL, serve, client), 0);
}

static void stop(struct client_at *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = -1;
	assert_int_equal(pthread_join(client->thread, NULL), 0);
}

static int set_up(void **state)
{
	static struct world world;

	world.pcsc = pcsc_new();
	assert_int_equal(pcsc_add_reader_take(world.pcsc, NAME, fake_slot(&world.fake)), 0);
	fake_insert(world.fake, BYTES_OF_ARRAY(atr_t1));
	for (unsigned i = 0; i < CLIENTS; i++)
		start(&world.clients[i], world.pcsc);
	world.a = world.clients[0].fd;
	world.b = world.clients[1].fd;
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < CLIENTS; i++)
		stop(&world->clients[i]);
	pcsc_free(world->pcsc);
	return 0;
}

/* Waits until the card is in, as clients see it. Begins with it: a context. */
static uint32_t establish(int fd)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	struct protocol_event event;
	uint32_t context = wire_establish(fd);

	for (;;) {
		wire_send(fd, PROTOCOL_WATCH, NULL, 0);
		wire_receive(fd, states, sizeof states);
		if (states[0].state & PCSC_POWERED)
			break;
		wire_receive(fd, &event, sizeof event);
	}
	wire_send(fd, PROTOCOL_UNWATCH, NULL, 0);
	wire_receive(fd, &event, sizeof event);
	return context;
}

static void versions(void **state)
{
	static const struct {
		int32_t major, minor;
		uint32_t result;
		int32_t told;
	} cases[] = {
		{ 4, 3, PCSC_E_SERVICE_STOPPED, 5 },
		{ 4, 4, PCSC_OK, 4 },
		{ 4, 5, PCSC_OK, 5 },
		{ 4, 6, PCSC_E_SERVICE_STOPPED, 5 }, /* such a client then takes 4:5 */
		{ 3, 4, PCSC_E_SERVICE_STOPPED, 5 },
		{ 5, 4, PCSC_E_SERVICE_STOPPED, 5 },
		{ 4, -1, PCSC_E_SERVICE_STOPPED, 5 },
	};
	const struct world *world = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct protocol_version v = { cases[i].major, cases[i].minor, 0 };

		wire_call(world->a, PROTOCOL_VERSION, &v, sizeof v);
		assert_int_equal(v.result, cases[i].result);
		assert_int_equal(v.major, 4);
		assert_int_equal(v.minor, cases[i].told);
	}
}

static void every_message(void **state)
{
	const struct world *world = *state;
	uint32_t context = establish(world->a);
	int32_t card = wire_connect(world->a, context, NAME);
	struct protocol_reconnect reconnect = { .card = card,
		.share = PCSC_SHARE_SHARED,
		.protocols = PCSC_PROTOCOL_T1,
		.initialization = PCSC_RESET_CARD };
	struct protocol_begin status = { .card = card, .result = 9 };
	struct protocol_disconnect disconnect = { .card = card };
	struct protocol_release release = { .context = context };
	struct protocol_reader_events events = { 9, 9 };
	int32_t count = 0;

	wire_call(world->a, PROTOCOL_RECONNECT, &reconnect, sizeof reconnect);
	assert_int_equal(reconnect.result, PCSC_OK);
	assert_int_equal(reconnect.protocol, PCSC_PROTOCOL_T1);
	assert_int_equal(fake_resets(world->fake), 1);
	wire_call(world->a, PROTOCOL_STATUS, &status, sizeof status);
	assert_int_equal(status.result, PCSC_OK);
	assert_int_equal(wire_begin(world->a, card), PCSC_OK);
	assert_int_equal(wire_transmit(world->a, card), PCSC_OK);
	assert_int_equal(wire_end(world->a, card), PCSC_OK);
	assert_int_equal(wire_end(world->a, card), PCSC_E_NOT_TRANSACTED);
	wire_call(world->a, PROTOCOL_DISCONNECT, &disconnect, sizeof disconnect);
	assert_int_equal(disconnect.result, PCSC_OK);
	wire_send(world->a, PROTOCOL_GET_READER_EVENTS, NULL, 0);
	wire_receive(world->a, &events, sizeof events);
	assert_int_equal(events.count, 0);
	assert_int_equal(events.result, PCSC_OK);
	wire_send(world->a, PROTOCOL_GET_STATES_COUNT, NULL, 0);
	wire_receive(world->a, &count, sizeof count);
	assert_int_equal(count, PCSC_READERS_MAX);
	wire_call(world->a, PROTOCOL_RELEASE_CONTEXT, &release, sizeof release);
	assert_int_equal(release.result, PCSC_OK);
	wire_call(world->a, PROTOCOL_RELEASE_CONTEXT, &release, sizeof release);
	assert_int_equal(release.result, PCSC_E_INVALID_HANDLE);
}

static void states_of_readers(void **state)
{
	static const uint32_t commands[] = { PROTOCOL_GET_STATES, PROTOCOL_GET_STATES_ARRAY };
	struct pcsc_reader_state states[PCSC_READERS_MAX], zero = { 0 };
	const struct world *world = *state;

	(void)establish(world->a);
	for (size_t i = 0; i < COUNT(commands); i++) {
		memset(states, 0xAA, sizeof states);
		wire_send(world->a, commands[i], NULL, 0);
		wire_receive(world->a, states, sizeof states);
		assert_string_equal(states[0].name, NAME);
		assert_int_equal(states[0].atr_len, sizeof atr_t1);
		assert_memory_equal(states[0].atr, atr_t1, sizeof atr_t1);
		assert_int_equal(states[0].sharing, 0);
		for (unsigned j = 1; j < PCSC_READERS_MAX; j++)
			assert_memory_equal(&states[j], &zero, sizeof zero);
	}
}

static void attributes_and_control(void **state)
{
	static const uint8_t features[] = { 0x12, 0x04, 0x42, 0x33, 0x00, 0x12 };
	const struct world *world = *state;
	int32_t card = wire_connect(world->a, establish(world->a), NAME);
	struct protocol_attribute attribute = {
		.card = card, .attribute = 0x00090303, .length = PROTOCOL_ATTRIBUTE_MAX
	};
	struct protocol_control control = { .card = card, .code = 0x42000D48, .receive_max = 6 };
	uint8_t out[sizeof features];

	wire_call(world->a, PROTOCOL_GET_ATTRIBUTE, &attribute, sizeof attribute);
	assert_int_equal(attribute.result, PCSC_OK);
	assert_int_equal(attribute.length, sizeof atr_t1);
	assert_memory_equal(attribute.value, atr_t1, sizeof atr_t1);
	attribute.attribute = 0x12345;
	wire_call(world->a, PROTOCOL_GET_ATTRIBUTE, &attribute, sizeof attribute);
	assert_int_equal(attribute.result, PCSC_E_UNSUPPORTED_FEATURE);
	wire_call(world->a, PROTOCOL_SET_ATTRIBUTE, &attribute, sizeof attribute);
	assert_int_equal(attribute.result, PCSC_E_UNSUPPORTED_FEATURE);
	wire_call(world->a, PROTOCOL_CONTROL, &control, sizeof control);
	assert_int_equal(control.result, PCSC_OK);
	assert_int_equal(control.receive_length, sizeof features);
	wire_receive(world->a, out, sizeof out);
	assert_memory_equal(out, features, sizeof features);
	control.receive_max = 5;
	wire_call(world->a, PROTOCOL_CONTROL, &control, sizeof control);
	assert_int_equal(control.result, PCSC_E_INSUFFICIENT_BUFFER);
	assert_int_equal(control.receive_length, sizeof features);
	assert_true(wire_is_silent(world->a));
}

static void responses_that_do_not_fit(void **state)
{
	static uint8_t command[65535];
	const struct world *world = *state;
	int32_t card = wire_connect(world->a, establish(world->a), NAME);
	struct protocol_transmit transmit = { .card = card,
		.send_protocol = PCSC_PROTOCOL_T1,
		.send_length = 65533,
		.receive_length = 65534 };

	wire_send(world->a, PROTOCOL_TRANSMIT, &transmit, sizeof transmit);
	assert_int_equal(send(world->a, command, 65533, MSG_NOSIGNAL), 65533);
	wire_receive(world->a, &transmit, sizeof transmit);
	assert_int_equal(transmit.result, PCSC_E_INSUFFICIENT_BUFFER);
	assert_int_equal(transmit.receive_length, 65535);
	transmit.receive_length = 65535;
	wire_send(world->a, PROTOCOL_TRANSMIT, &transmit, sizeof transmit);
	assert_int_equal(send(world->a, command, 65533, MSG_NOSIGNAL), 65533);
	wire_receive(world->a, &transmit, sizeof transmit);
	assert_int_equal(transmit.result, PCSC_OK);
	wire_receive(world->a, command, 65535);
	assert_int_equal(command[65533], 0x90);
}

/* Requests in one piece, and byte by byte. */
static void pieces_do_not_matter(void **state)
{
	const struct world *world = *state;
	int32_t card = wire_connect(world->a, establish(world->a), NAME);
	struct {
		struct protocol_header header;
		struct protocol_begin body;
	} requests[2] = {
		{ { sizeof(struct protocol_begin), PROTOCOL_BEGIN_TRANSACTION }, { card, 9 } },
		{ { sizeof(struct protocol_begin), PROTOCOL_STATUS }, { card, 9 } },
	};
	const uint8_t *bytes = (const uint8_t *)requests;
	struct protocol_begin answer;

	for (size_t piece = 1; piece <= sizeof requests; piece++) {
		for (size_t at = 0; at < sizeof requests; at += piece) {
			size_t n = sizeof requests - at < piece ? sizeof requests - at : piece;

			assert_int_equal(send(world->a, bytes + at, n, MSG_NOSIGNAL), n);
		}
		for (unsigned i = 0; i < COUNT(requests); i++) {
			wire_receive(world->a, &answer, sizeof answer);
			assert_int_equal(answer.result, PCSC_OK);
		}
	}
}

static void events_come_once_and_after_the_states(void **state)
{
	struct world *world = *state;
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	struct protocol_event event;

	(void)establish(world->a);
	for (unsigned i = 0; i < 200; i++) {
		/* The change may come before, during and after the registration. */
		if (i % 2 == 0)
			fake_remove(world->fake);
		else
			fake_insert(world->fake, BYTES_OF_ARRAY(atr_t1));
		wire_send(world->a, PROTOCOL_WATCH, NULL, 0);
		wire_receive(world->a, states, sizeof states);
		assert_string_equal(states[0].name, NAME);
		while (!(states[0].state & (i % 2 == 0 ? PCSC_ABSENT : PCSC_POWERED))) {
			wire_receive(world->a, &event, sizeof event);
			assert_int_equal(event.result, PCSC_OK);
			wire_send(world->a, PROTOCOL_WATCH, NULL, 0);
			wire_receive(world->a, states, sizeof states);
		}
		wire_send(world->a, PROTOCOL_UNWATCH, NULL, 0);
		wire_receive(world->a, &event, sizeof event);
	}
	assert_true(wire_is_silent(world->a));
}

static void cancel_comes_from_another(void **state)
{
	const struct world *world = *state;
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	struct protocol_begin cancel = { .card = (int32_t)establish(world->a) };
	struct protocol_event event;

	wire_call(world->b, PROTOCOL_CANCEL, &cancel, sizeof cancel);
	assert_int_equal(cancel.result, PCSC_OK); /* nothing to cancel */
	assert_true(wire_is_silent(world->a));
	wire_send(world->a, PROTOCOL_WATCH, NULL, 0);
	wire_receive(world->a, states, sizeof states);
	wire_call(world->b, PROTOCOL_CANCEL, &cancel, sizeof cancel);
	assert_int_equal(cancel.result, PCSC_OK);
	wire_receive(world->a, &event, sizeof event);
	assert_int_equal(event.result, PCSC_E_CANCELLED);
	wire_send(world->a, PROTOCOL_UNWATCH, NULL, 0); /* has no answer any more */
	cancel.card ^= 1;
	wire_call(world->a, PROTOCOL_CANCEL, &cancel, sizeof cancel);
	assert_int_equal(cancel.result, PCSC_E_INVALID_HANDLE);
}

static void handles_of_others(void **state)
{
	const struct world *world = *state;
	uint32_t context = establish(world->a);
	int32_t card = wire_connect(world->a, context, NAME);
	struct protocol_connect connect = { .context = context,
		.reader = NAME,
		.share = PCSC_SHARE_SHARED,
		.protocols = PCSC_PROTOCOL_T1 };
	struct protocol_disconnect disconnect = { .card = card, .disposition = PCSC_RESET_CARD };
	struct protocol_release release = { .context = context };

	(void)establish(world->b);
	assert_int_equal(wire_begin(world->b, card), PCSC_E_INVALID_HANDLE);
	assert_int_equal(wire_transmit(world->b, card), PCSC_E_INVALID_HANDLE);
	wire_call(world->b, PROTOCOL_DISCONNECT, &disconnect, sizeof disconnect);
	assert_int_equal(disconnect.result, PCSC_E_INVALID_HANDLE);
	wire_call(world->b, PROTOCOL_CONNECT, &connect, sizeof connect);
	assert_int_equal(connect.result, PCSC_E_INVALID_HANDLE);
	wire_call(world->b, PROTOCOL_RELEASE_CONTEXT, &release, sizeof release);
	assert_int_equal(release.result, PCSC_E_INVALID_HANDLE);
	assert_int_equal(fake_resets(world->fake), 0);
	assert_int_equal(wire_transmit(world->a, card), PCSC_OK);
}

static void second_context_takes_the_place_of_the_first(void **state)
{
	const struct world *world = *state;
	int32_t card = wire_connect(world->a, establish(world->a), NAME);
	uint32_t context = wire_establish(world->a);

	assert_int_equal(wire_transmit(world->a, card), PCSC_E_INVALID_HANDLE);
	assert_int_equal(wire_transmit(world->a, wire_connect(world->a, context, NAME)), PCSC_OK);
}

/* Each command that has a body, with every wrong size nearby; with none at all what has none. */
static void wrong_sizes(void **state)
{
	static const struct {
		uint32_t command;
		size_t size;
	} cases[] = {
		{ PROTOCOL_ESTABLISH_CONTEXT, sizeof(struct protocol_establish) },
		{ PROTOCOL_CONNECT, sizeof(struct protocol_connect) },
		{ PROTOCOL_TRANSMIT, sizeof(struct protocol_transmit) },
		{ PROTOCOL_GET_ATTRIBUTE, sizeof(struct protocol_attribute) },
		{ PROTOCOL_VERSION, sizeof(struct protocol_version) },
		{ PROTOCOL_GET_STATES, 0 },
		{ PROTOCOL_WATCH, 0 },
	};
	static const uint32_t wrong[] = { 0, 1, 4, 1000, 0x7FFFFFFF, 0xFFFFFFFF };
	const struct world *world = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t j = 0; j < COUNT(wrong) + 2; j++) {
			uint32_t size = (uint32_t)cases[i].size + (j == 0 ? 1u : 0xFFFFFFFFu);
			struct protocol_header header = { size, cases[i].command };
			struct client_at client;

			if (j >= 2)
				header.size = wrong[j - 2];
			if (header.size == cases[i].size)
				continue;
			start(&client, world->pcsc);
			(void)wire_establish(client.fd);
			assert_int_equal(
			    send(client.fd, &header, sizeof header, MSG_NOSIGNAL), sizeof header);
			assert_true(wire_is_closed(client.fd));
			stop(&client);
		}
	}
}

static void what_ends_a_client(void **state)
{
	static const uint32_t unknown[] = { 0, 0x03, 0x0C, 0x0E, 0x18, 0xFFFFFFFF };
	struct world *world = *state;
	struct protocol_attribute attribute = { .length = PROTOCOL_ATTRIBUTE_MAX + 1 };
	struct protocol_transmit transmit = { .send_length = PROTOCOL_DATA_MAX + 1 };
	struct protocol_control control = { .send_length = 0xFFFFFFFF };
	struct protocol_begin begin = { .card = 1 };
	struct client_at client;

	for (size_t i = 0; i < COUNT(unknown); i++) {
		start(&client, world->pcsc);
		wire_send(client.fd, unknown[i], NULL, 0);
		assert_true(wire_is_closed(client.fd));
		stop(&client);
	}
	start(&client, world->pcsc); /* has no context */
	wire_send(client.fd, PROTOCOL_BEGIN_TRANSACTION, &begin, sizeof begin);
	assert_true(wire_is_closed(client.fd));
	stop(&client);
	(void)establish(world->a);
	wire_send(world->a, PROTOCOL_TRANSMIT, &transmit, sizeof transmit);
	assert_true(wire_is_closed(world->a));
	stop(&world->clients[0]);
	start(&world->clients[0], world->pcsc);
	(void)wire_establish(world->b);
	wire_send(world->b, PROTOCOL_CONTROL, &control, sizeof control);
	assert_true(wire_is_closed(world->b));
	stop(&world->clients[1]);
	start(&world->clients[1], world->pcsc);
	start(&client, world->pcsc);
	(void)wire_establish(client.fd);
	wire_send(client.fd, PROTOCOL_SET_ATTRIBUTE, &attribute, sizeof attribute);
	assert_true(wire_is_closed(client.fd));
	stop(&client);
}

/* Ends in the middle, at every byte: of the header, the body and the command. */
static void ends_in_the_middle(void **state)
{
	const struct world *world = *state;
	struct {
		struct protocol_header header;
		struct protocol_transmit body;
		uint8_t command[8];
	} request = { .header = { sizeof request.body, PROTOCOL_TRANSMIT } };

	for (size_t n = 0; n < sizeof request; n++) {
		struct client_at client;

		start(&client, world->pcsc);
		request.body.card = wire_connect(client.fd, establish(client.fd), NAME);
		request.body.send_length = sizeof request.command;
		assert_int_equal(wire_begin(client.fd, request.body.card), PCSC_OK);
		assert_int_equal(send(client.fd, &request, n, MSG_NOSIGNAL), n);
		stop(&client);
		assert_int_equal(fake_resets(world->fake), n + 1); /* its transaction is over */
	}
}

/* Asks and asks, and never reads: it is held up, and nobody else is. */
static void client_that_does_not_read(void **state)
{
	struct world *world = *state;
	const struct protocol_header header = { 0, PROTOCOL_GET_STATES };
	int32_t card = wire_connect(world->a, establish(world->a), NAME);

	(void)establish(world->b);
	while (send(world->b, &header, sizeof header, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(wire_transmit(world->a, card), PCSC_OK);
	stop(&world->clients[1]);
	start(&world->clients[1], world->pcsc);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(versions),
		TEST(every_message),
		TEST(states_of_readers),
		TEST(attributes_and_control),
		TEST(responses_that_do_not_fit),
		TEST(pieces_do_not_matter),
		TEST(events_come_once_and_after_the_states),
		TEST(cancel_comes_from_another),
		TEST(handles_of_others),
		TEST(second_context_takes_the_place_of_the_first),
		TEST(wrong_sizes),
		TEST(what_ends_a_client),
		TEST(ends_in_the_middle),
		TEST(client_that_does_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
