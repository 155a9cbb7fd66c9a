/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The semantics of PC/SC: sharing, transactions, resets, removals, power, status changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/clock.h"
#include "fake_backend.h"
#include "pcsc/manager.h"

#define NAME "Virtual PCD 00 00"
#define T0_T1 (PCSC_PROTOCOL_T0 | PCSC_PROTOCOL_T1)
#define PATIENCE_MS 20000

static const uint8_t atr_t1[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00,
	0x0B };
static const uint8_t atr_t0[] = { 0x3B, 0x00 };

struct world {
	struct pcsc *pcsc;
	struct fake *fake;
	struct pcsc_context *a, *b;
};

static const struct pcsc_waiting patient = { .turn_ms = -1, .call_ms = -1 };
static const struct pcsc_waiting impatient = { 0 };

static int set_up(void **state)
{
	static struct world world;

	world.pcsc = pcsc_new();
	assert_int_equal(pcsc_add_reader_take(world.pcsc, NAME, fake_slot(&world.fake)), 0);
	assert_int_equal(
	    pcsc_establish(world.pcsc, PCSC_SCOPE_SYSTEM, &impatient, &world.a), PCSC_OK);
	assert_int_equal(
	    pcsc_establish(world.pcsc, PCSC_SCOPE_SYSTEM, &impatient, &world.b), PCSC_OK);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	pcsc_release(world->a);
	pcsc_release(world->b);
	pcsc_free(world->pcsc);
	return 0;
}

static struct pcsc_reader_state state_of(struct world *world)
{
	static struct pcsc_reader_state states[PCSC_READERS_MAX];

	pcsc_states(world->pcsc, states);
	return states[0];
}

/* Waits for an event of the reader; no sleeping. */
struct watcher {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	unsigned calls;
	uint32_t result;
};

static void note(void *arg, uint32_t result)
{
	struct watcher *watcher = arg;

	pthread_mutex_lock(&watcher->lock);
	watcher->calls++;
	watcher->result = result;
	pthread_cond_signal(&watcher->cond);
	pthread_mutex_unlock(&watcher->lock);
}

static uint32_t wait_note(struct watcher *watcher)
{
	uint32_t result;

	pthread_mutex_lock(&watcher->lock);
	while (watcher->calls == 0)
		pthread_cond_wait(&watcher->cond, &watcher->lock);
	watcher->calls--;
	result = watcher->result;
	pthread_mutex_unlock(&watcher->lock);
	return result;
}

#define WATCHER                                                                                    \
	{                                                                                          \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0                          \
	}

/* Waits until the reader's state has (or has not) these bits. */
static void wait_state(struct world *world, uint32_t bits)
{
	struct watcher watcher = WATCHER;
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	int64_t deadline = clock_deadline(PATIENCE_MS);

	for (;;) {
		pcsc_watch(world->a, note, &watcher, states);
		if ((states[0].state & bits) == bits)
			break;
		assert_true(clock_left(deadline) > 0);
		assert_int_equal(wait_note(&watcher), PCSC_OK);
	}
	(void)pcsc_unwatch(world->a);
}

static void insert(struct world *world, struct bytes atr)
{
	fake_insert(world->fake, atr);
	wait_state(world, PCSC_PRESENT | PCSC_POWERED);
}

static int32_t connect_as(struct pcsc_context *context, uint32_t share)
{
	struct pcsc_connection connection;

	assert_int_equal(pcsc_connect(context, NAME, share, T0_T1, &connection), PCSC_OK);
	assert_int_not_equal(connection.card, 0);
	return connection.card;
}

static uint32_t try_connect(struct pcsc_context *context, uint32_t share, uint32_t protocols)
{
	struct pcsc_connection connection;

	return pcsc_connect(context, NAME, share, protocols, &connection);
}

static uint32_t send_one(struct pcsc_context *context, int32_t card, uint32_t protocol)
{
	static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	uint8_t memory[300];
	struct writer response;
	uint32_t result;

	writer_init(&response, memory, sizeof memory);
	result = pcsc_transmit(context, card, protocol, BYTES_OF_ARRAY(command), &response);
	if (result == PCSC_OK)
		assert_int_equal(response.len, sizeof command + 2);
	return result;
}

static void connect_without_card(void **state)
{
	struct world *world = *state;

	assert_int_equal(try_connect(world->a, PCSC_SHARE_SHARED, T0_T1), PCSC_E_NO_SMARTCARD);
	assert_int_equal(try_connect(world->a, PCSC_SHARE_DIRECT, 0), PCSC_OK);
	assert_int_equal(try_connect(world->a, 7, T0_T1), PCSC_E_INVALID_VALUE);
	assert_int_equal(try_connect(world->a, PCSC_SHARE_SHARED, 0), PCSC_E_PROTO_MISMATCH);
}

static void unknown_reader(void **state)
{
	struct world *world = *state;
	struct pcsc_connection connection;

	assert_int_equal(pcsc_connect(world->a, "Other", PCSC_SHARE_SHARED, T0_T1, &connection),
	    PCSC_E_UNKNOWN_READER);
}

static void insertion_and_removal_are_counted(void **state)
{
	struct world *world = *state;

	assert_int_equal(state_of(world).state, PCSC_ABSENT);
	insert(world, BYTES_OF_ARRAY(atr_t1));
	assert_int_equal(state_of(world).event_counter, 1);
	assert_int_equal(state_of(world).atr_len, sizeof atr_t1);
	fake_remove(world->fake);
	wait_state(world, PCSC_ABSENT);
	assert_int_equal(state_of(world).event_counter, 2);
	assert_int_equal(state_of(world).atr_len, 0);
}

static void protocol_follows_the_atr(void **state)
{
	struct world *world = *state;
	struct pcsc_connection connection;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	assert_int_equal(
	    try_connect(world->a, PCSC_SHARE_SHARED, PCSC_PROTOCOL_T0), PCSC_E_PROTO_MISMATCH);
	assert_int_equal(
	    pcsc_connect(world->a, NAME, PCSC_SHARE_SHARED, T0_T1, &connection), PCSC_OK);
	assert_int_equal(connection.protocol, PCSC_PROTOCOL_T1);
	assert_int_equal(send_one(world->a, connection.card, PCSC_PROTOCOL_T1), PCSC_OK);
	assert_int_equal(
	    send_one(world->a, connection.card, PCSC_PROTOCOL_T0), PCSC_E_PROTO_MISMATCH);
	fake_remove(world->fake);
	wait_state(world, PCSC_ABSENT);
	insert(world, BYTES_OF_ARRAY(atr_t0));
	assert_int_equal(
	    pcsc_connect(world->b, NAME, PCSC_SHARE_SHARED, T0_T1, &connection), PCSC_OK);
	assert_int_equal(connection.protocol, PCSC_PROTOCOL_T0);
}

static void exclusive_shuts_others_out(void **state)
{
	struct world *world = *state;
	int32_t card;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	card = connect_as(world->a, PCSC_SHARE_EXCLUSIVE);
	assert_int_equal(state_of(world).sharing, PCSC_SHARING_EXCLUSIVE);
	assert_int_equal(try_connect(world->b, PCSC_SHARE_SHARED, T0_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(try_connect(world->b, PCSC_SHARE_DIRECT, 0), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(pcsc_disconnect(world->a, card, PCSC_LEAVE_CARD), PCSC_OK);
	(void)connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(
	    try_connect(world->a, PCSC_SHARE_EXCLUSIVE, T0_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(state_of(world).sharing, 1);
}

static void transaction_shuts_others_out(void **state)
{
	struct world *world = *state;
	int32_t a, b;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	a = connect_as(world->a, PCSC_SHARE_SHARED);
	b = connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(world->a, a), PCSC_OK);
	assert_int_equal(pcsc_begin_transaction(world->a, a), PCSC_OK); /* nested */
	assert_int_equal(pcsc_begin_transaction(world->b, b), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(send_one(world->b, b, PCSC_PROTOCOL_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(send_one(world->a, a, PCSC_PROTOCOL_T1), PCSC_OK);
	assert_int_equal(pcsc_end_transaction(world->a, a, PCSC_LEAVE_CARD), PCSC_OK);
	assert_int_equal(send_one(world->b, b, PCSC_PROTOCOL_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(pcsc_end_transaction(world->a, a, PCSC_LEAVE_CARD), PCSC_OK);
	assert_int_equal(send_one(world->b, b, PCSC_PROTOCOL_T1), PCSC_OK);
	assert_int_equal(pcsc_end_transaction(world->a, a, PCSC_LEAVE_CARD), PCSC_E_NOT_TRANSACTED);
}

static void reset_is_told_to_the_others(void **state)
{
	struct world *world = *state;
	struct pcsc_connection a = { 0 };
	int32_t b;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	a.card = connect_as(world->a, PCSC_SHARE_SHARED);
	b = connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(
	    pcsc_reconnect(world->a, PCSC_SHARE_SHARED, T0_T1, PCSC_RESET_CARD, &a), PCSC_OK);
	assert_int_equal(fake_resets(world->fake), 1);
	assert_int_equal(pcsc_status(world->a, a.card, NULL), PCSC_OK);
	assert_int_equal(pcsc_status(world->b, b, NULL), PCSC_W_RESET_CARD);
	assert_int_equal(send_one(world->b, b, PCSC_PROTOCOL_T1), PCSC_W_RESET_CARD);
	assert_int_equal(pcsc_begin_transaction(world->b, b), PCSC_W_RESET_CARD);
	a.card = b;
	assert_int_equal(
	    pcsc_reconnect(world->b, PCSC_SHARE_SHARED, T0_T1, PCSC_LEAVE_CARD, &a), PCSC_OK);
	assert_int_equal(pcsc_status(world->b, b, NULL), PCSC_OK);
}

static void removal_ends_handles_and_transaction(void **state)
{
	struct world *world = *state;
	int32_t a;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	a = connect_as(world->a, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(world->a, a), PCSC_OK);
	fake_remove(world->fake);
	wait_state(world, PCSC_ABSENT);
	assert_int_equal(pcsc_status(world->a, a, NULL), PCSC_W_REMOVED_CARD);
	assert_int_equal(send_one(world->a, a, PCSC_PROTOCOL_T1), PCSC_W_REMOVED_CARD);
	insert(world, BYTES_OF_ARRAY(atr_t1));
	(void)connect_as(world->b, PCSC_SHARE_SHARED); /* the transaction is over */
	assert_int_equal(pcsc_status(world->a, a, NULL), PCSC_W_REMOVED_CARD);
	assert_int_equal(pcsc_disconnect(world->a, a, PCSC_LEAVE_CARD), PCSC_OK);
}

static void holder_that_dies_frees_the_card(void **state)
{
	struct world *world = *state;
	struct pcsc_context *dying;
	int32_t card, b;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	assert_int_equal(
	    pcsc_establish(world->pcsc, PCSC_SCOPE_SYSTEM, &impatient, &dying), PCSC_OK);
	card = connect_as(dying, PCSC_SHARE_SHARED);
	b = connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(dying, card), PCSC_OK);
	pcsc_release(dying);
	assert_int_equal(fake_resets(world->fake), 1);
	assert_int_equal(send_one(world->b, b, PCSC_PROTOCOL_T1), PCSC_W_RESET_CARD);
	assert_int_equal(state_of(world).sharing, 1);
}

static void unpower_and_power_again(void **state)
{
	struct world *world = *state;
	int32_t card;
	unsigned before;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	card = connect_as(world->a, PCSC_SHARE_SHARED);
	before = fake_power_ups(world->fake);
	assert_int_equal(pcsc_disconnect(world->a, card, PCSC_UNPOWER_CARD), PCSC_OK);
	assert_int_equal(state_of(world).state, PCSC_PRESENT);
	assert_int_equal(fake_power_downs(world->fake), 1);
	(void)connect_as(world->a, PCSC_SHARE_SHARED);
	assert_int_equal(fake_power_ups(world->fake), before + 1);
}

static void mute_card(void **state)
{
	struct world *world = *state;

	fake_mute(world->fake, true);
	fake_insert(world->fake, BYTES_OF_ARRAY(atr_t1));
	wait_state(world, PCSC_PRESENT | PCSC_SWALLOWED);
	assert_int_equal(try_connect(world->a, PCSC_SHARE_SHARED, T0_T1), PCSC_W_UNPOWERED_CARD);
	fake_mute(world->fake, false);
	(void)connect_as(world->a, PCSC_SHARE_SHARED);
}

static void handles_belong_to_their_context(void **state)
{
	struct world *world = *state;
	int32_t card;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	card = connect_as(world->a, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_status(world->b, card, NULL), PCSC_E_INVALID_HANDLE);
	assert_int_equal(send_one(world->b, card, PCSC_PROTOCOL_T1), PCSC_E_INVALID_HANDLE);
	assert_int_equal(pcsc_disconnect(world->b, card, PCSC_LEAVE_CARD), PCSC_E_INVALID_HANDLE);
	assert_int_equal(pcsc_disconnect(world->a, card, PCSC_LEAVE_CARD), PCSC_OK);
	assert_int_equal(pcsc_disconnect(world->a, card, PCSC_LEAVE_CARD), PCSC_E_INVALID_HANDLE);
}

static void cancel_ends_watching(void **state)
{
	struct world *world = *state;
	struct watcher watcher = WATCHER;

	assert_int_equal(pcsc_cancel(world->pcsc, 0), PCSC_E_INVALID_HANDLE);
	assert_int_equal(pcsc_cancel(world->pcsc, pcsc_context_id(world->a)), PCSC_OK);
	pcsc_watch(world->a, note, &watcher, NULL);
	assert_int_equal(pcsc_cancel(world->pcsc, pcsc_context_id(world->a)), PCSC_OK);
	assert_int_equal(wait_note(&watcher), PCSC_E_CANCELLED);
	assert_false(pcsc_unwatch(world->a));
}

struct waiting_begin {
	struct pcsc_context *context;
	int32_t card;
	uint32_t result;
};

static void *begin_in_thread(void *arg)
{
	struct waiting_begin *begin = arg;

	begin->result = pcsc_begin_transaction(begin->context, begin->card);
	return NULL;
}

static void begin_waits_for_the_other(void **state)
{
	struct world *world = *state;
	struct pcsc_context *other;
	struct waiting_begin begin;
	pthread_t thread;
	int32_t a;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	assert_int_equal(pcsc_establish(world->pcsc, PCSC_SCOPE_SYSTEM, &patient, &other), PCSC_OK);
	a = connect_as(world->a, PCSC_SHARE_SHARED);
	begin.context = other;
	begin.card = connect_as(other, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(world->a, a), PCSC_OK);
	assert_int_equal(pthread_create(&thread, NULL, begin_in_thread, &begin), 0);
	assert_int_equal(send_one(world->a, a, PCSC_PROTOCOL_T1), PCSC_OK);
	assert_int_equal(pcsc_end_transaction(world->a, a, PCSC_LEAVE_CARD), PCSC_OK);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(begin.result, PCSC_OK);
	assert_int_equal(send_one(world->a, a, PCSC_PROTOCOL_T1), PCSC_E_SHARING_VIOLATION);
	pcsc_release(other);
	assert_int_equal(send_one(world->a, a, PCSC_PROTOCOL_T1), PCSC_W_RESET_CARD);
}

static void *transmit_in_thread(void *arg)
{
	struct waiting_begin *transmit = arg;

	transmit->result = send_one(transmit->context, transmit->card, PCSC_PROTOCOL_T1);
	return NULL;
}

static void card_that_dies_while_it_works(void **state)
{
	struct world *world = *state;
	struct waiting_begin transmit = { .context = world->b };
	pthread_t thread;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	transmit.card = connect_as(world->b, PCSC_SHARE_SHARED);
	fake_hold(world->fake, true);
	assert_int_equal(pthread_create(&thread, NULL, transmit_in_thread, &transmit), 0);
	while (!fake_is_transmitting(world->fake))
		;
	assert_int_equal(state_of(world).sharing, 1); /* others are not held up */
	fake_remove(world->fake);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(transmit.result, PCSC_E_NOT_TRANSACTED);
	wait_state(world, PCSC_ABSENT);
	assert_int_equal(pcsc_status(world->b, transmit.card, NULL), PCSC_W_REMOVED_CARD);
}

static void attributes_and_features(void **state)
{
	static const uint8_t features[] = { 0x12, 0x04, 0x42, 0x33, 0x00, 0x12 };
	static const uint8_t properties[] = { 0x0A, 0x04, 0xF6, 0xFF, 0x00, 0x00 };
	struct world *world = *state;
	uint8_t memory[64];
	struct writer out;
	int32_t card;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	card = connect_as(world->a, PCSC_SHARE_SHARED);
	writer_init(&out, memory, sizeof memory);
	assert_int_equal(
	    pcsc_control(world->a, card, 0x42000D48, bytes_of(NULL, 0), &out), PCSC_OK);
	assert_true(bytes_equal(writer_bytes(&out), BYTES_OF_ARRAY(features)));
	writer_reset(&out);
	assert_int_equal(
	    pcsc_control(world->a, card, 0x42330012, bytes_of(NULL, 0), &out), PCSC_OK);
	assert_true(bytes_equal(writer_bytes(&out), BYTES_OF_ARRAY(properties)));
	writer_reset(&out);
	assert_int_equal(
	    pcsc_control(world->a, card, 1, bytes_of(NULL, 0), &out), PCSC_E_UNSUPPORTED_FEATURE);
	assert_int_equal(pcsc_get_attribute(world->a, card, 0x7FFF0003, &out), PCSC_OK);
	assert_string_equal((const char *)memory, NAME);
	writer_init(&out, memory, 3);
	assert_int_equal(
	    pcsc_get_attribute(world->a, card, 0x7FFF0003, &out), PCSC_E_INSUFFICIENT_BUFFER);
	writer_init(&out, memory, sizeof memory);
	assert_int_equal(pcsc_get_attribute(world->a, card, 0x00090303, &out), PCSC_OK);
	assert_true(bytes_equal(writer_bytes(&out), BYTES_OF_ARRAY(atr_t1)));
	assert_int_equal(
	    pcsc_get_attribute(world->a, card, 0x12345678, &out), PCSC_E_UNSUPPORTED_FEATURE);
}

static void names_and_numbers_of_readers_are_limited(void **state)
{
	struct world *world = *state;
	struct fake *fake;
	char name[PCSC_READER_NAME_SIZE + 1];

	assert_int_not_equal(pcsc_add_reader_take(world->pcsc, NAME, fake_slot(&fake)), 0);
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_not_equal(pcsc_add_reader_take(world->pcsc, name, fake_slot(&fake)), 0);
	for (unsigned i = 1; i < PCSC_READERS_MAX; i++) {
		name[0] = (char)('a' + i);
		name[1] = '\0';
		assert_int_equal(pcsc_add_reader_take(world->pcsc, name, fake_slot(&fake)), 0);
	}
	assert_int_not_equal(pcsc_add_reader_take(world->pcsc, "one more", fake_slot(&fake)), 0);
}

static void another_card_at_once_is_seen(void **state)
{
	struct world *world = *state;
	uint8_t memory[64];
	struct writer out;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	for (unsigned i = 0; i < 50; i++) {
		int32_t card = connect_as(world->b, PCSC_SHARE_SHARED);
		uint32_t counter = state_of(world).event_counter;
		int64_t deadline = clock_deadline(PATIENCE_MS);

		fake_insert(world->fake, BYTES_OF_ARRAY(atr_t1));
		/* This, too, looks into the slot: the watcher must not miss what it finds there. */
		for (unsigned j = 0; j < i % 4; j++) {
			writer_init(&out, memory, sizeof memory);
			(void)pcsc_get_attribute(world->b, card, 0x00090300, &out);
		}
		while (state_of(world).event_counter != counter + 2)
			assert_true(clock_left(deadline) > 0);
		assert_int_equal(pcsc_status(world->b, card, NULL), PCSC_W_REMOVED_CARD);
		wait_state(world, PCSC_PRESENT | PCSC_POWERED);
		assert_int_equal(pcsc_disconnect(world->b, card, PCSC_LEAVE_CARD), PCSC_OK);
	}
}

struct waiting_call {
	struct pcsc_context *context;
	struct pcsc_connection connection;
	uint32_t result;
};

static void *connect_in_thread(void *arg)
{
	struct waiting_call *call = arg;

	call->result =
	    pcsc_connect(call->context, NAME, PCSC_SHARE_SHARED, T0_T1, &call->connection);
	return NULL;
}

static void *reset_in_thread(void *arg)
{
	struct waiting_call *call = arg;

	call->result = pcsc_reconnect(
	    call->context, PCSC_SHARE_SHARED, T0_T1, PCSC_RESET_CARD, &call->connection);
	return NULL;
}

static void two_who_connect_power_up_once(void **state)
{
	struct world *world = *state;
	struct waiting_call calls[] = { { .context = world->a }, { .context = world->b } };
	pthread_t threads[COUNT(calls)];
	unsigned before;
	int32_t card;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	card = connect_as(world->a, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_disconnect(world->a, card, PCSC_UNPOWER_CARD), PCSC_OK);
	before = fake_power_ups(world->fake);
	fake_hold_power(world->fake, true);
	for (unsigned i = 0; i < COUNT(calls); i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, connect_in_thread, &calls[i]), 0);
	while (!fake_is_powering(world->fake))
		;
	fake_hold_power(world->fake, false);
	for (unsigned i = 0; i < COUNT(calls); i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(calls[i].result, PCSC_OK);
	}
	assert_int_equal(fake_power_ups(world->fake), before + 1);
}

static void card_that_leaves_during_its_reset(void **state)
{
	struct world *world = *state;
	struct waiting_call call = { .context = world->b };
	pthread_t thread;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	call.connection.card = connect_as(world->b, PCSC_SHARE_SHARED);
	fake_hold_power(world->fake, true);
	assert_int_equal(pthread_create(&thread, NULL, reset_in_thread, &call), 0);
	while (!fake_is_powering(world->fake))
		;
	fake_remove(world->fake);
	wait_state(world, PCSC_ABSENT);
	fake_insert(world->fake, BYTES_OF_ARRAY(atr_t0));
	fake_hold_power(world->fake, false);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(call.result, PCSC_E_NO_SMARTCARD);
	wait_state(world, PCSC_PRESENT | PCSC_POWERED);
	assert_int_equal(state_of(world).atr_len, sizeof atr_t0);
	assert_int_equal(pcsc_status(world->b, call.connection.card, NULL), PCSC_W_REMOVED_CARD);
}

static void exclusive_handle_learns_to_share(void **state)
{
	struct world *world = *state;
	struct pcsc_connection a = { 0 };

	insert(world, BYTES_OF_ARRAY(atr_t1));
	a.card = connect_as(world->a, PCSC_SHARE_EXCLUSIVE);
	assert_int_equal(
	    pcsc_end_transaction(world->a, a.card, PCSC_LEAVE_CARD), PCSC_E_NOT_TRANSACTED);
	assert_int_equal(pcsc_begin_transaction(world->a, a.card), PCSC_OK);
	assert_int_equal(
	    pcsc_reconnect(world->a, PCSC_SHARE_SHARED, T0_T1, PCSC_LEAVE_CARD, &a), PCSC_OK);
	assert_int_equal(state_of(world).sharing, 1);
	assert_int_equal(try_connect(world->b, PCSC_SHARE_SHARED, T0_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(pcsc_end_transaction(world->a, a.card, PCSC_LEAVE_CARD), PCSC_OK);
	(void)connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_reconnect(world->a, PCSC_SHARE_EXCLUSIVE, T0_T1, PCSC_RESET_CARD, &a),
	    PCSC_E_SHARING_VIOLATION);
	assert_int_equal(fake_resets(world->fake), 0);
}

static void own_transaction_is_not_awaited(void **state)
{
	struct world *world = *state;
	struct pcsc_context *other;
	int32_t holder, second;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	assert_int_equal(pcsc_establish(world->pcsc, PCSC_SCOPE_SYSTEM, &patient, &other), PCSC_OK);
	holder = connect_as(other, PCSC_SHARE_SHARED);
	second = connect_as(other, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(other, holder), PCSC_OK);
	assert_int_equal(try_connect(other, PCSC_SHARE_SHARED, T0_T1), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(pcsc_disconnect(other, second, PCSC_RESET_CARD), PCSC_E_SHARING_VIOLATION);
	assert_int_equal(pcsc_disconnect(other, second, PCSC_LEAVE_CARD), PCSC_OK);
	pcsc_release(other);
}

static void end_of_a_transaction_may_reset(void **state)
{
	struct world *world = *state;
	int32_t a, b;

	insert(world, BYTES_OF_ARRAY(atr_t1));
	a = connect_as(world->a, PCSC_SHARE_SHARED);
	b = connect_as(world->b, PCSC_SHARE_SHARED);
	assert_int_equal(pcsc_begin_transaction(world->a, a), PCSC_OK);
	assert_int_equal(
	    pcsc_end_transaction(world->a, a, PCSC_EJECT_CARD), PCSC_E_UNSUPPORTED_FEATURE);
	assert_int_equal(pcsc_begin_transaction(world->b, b), PCSC_OK); /* it was ended */
	assert_int_equal(pcsc_end_transaction(world->b, b, PCSC_RESET_CARD), PCSC_OK);
	assert_int_equal(pcsc_status(world->a, a, NULL), PCSC_W_RESET_CARD);
	assert_int_equal(pcsc_status(world->b, b, NULL), PCSC_W_RESET_CARD);
	assert_int_equal(fake_resets(world->fake), 1);
	assert_int_equal(pcsc_disconnect(world->a, a, PCSC_EJECT_CARD), PCSC_OK);
	assert_int_equal(fake_resets(world->fake), 1);
	assert_int_equal(state_of(world).state & PCSC_POWERED, PCSC_POWERED);
}

static void protocols_of_atrs(void **state)
{
	static const struct {
		uint8_t atr[8];
		size_t len;
		uint32_t t0, t1, both; /* what is active when that is asked for; 0: mismatch */
	} cases[] = {
		{ { 0x3B, 0x00 }, 2, PCSC_PROTOCOL_T0, 0, PCSC_PROTOCOL_T0 },
		{ { 0x3F, 0x00 }, 2, PCSC_PROTOCOL_T0, 0, PCSC_PROTOCOL_T0 },
		{ { 0x3B, 0x80, 0x80, 0x01 }, 4, PCSC_PROTOCOL_T0, PCSC_PROTOCOL_T1, /* no TCK */
		    PCSC_PROTOCOL_T1 },
		{ { 0x3B, 0x80, 0x01, 0xFF }, 4, 0, PCSC_PROTOCOL_T1, PCSC_PROTOCOL_T1 },
		{ { 0x3B, 0x80, 0x90, 0x10, 0x01 }, 5, PCSC_PROTOCOL_T0, 0, PCSC_PROTOCOL_T0 },
		{ { 0x3B, 0x80, 0x91, 0x01, 0x01 }, 5, 0, PCSC_PROTOCOL_T1, PCSC_PROTOCOL_T1 },
		{ { 0x3B, 0x80, 0x0F }, 3, 0, 0, 0 },
		{ { 0x42, 0x00 }, 2, 0, 0, 0 },
		{ { 0x3B }, 1, 0, 0, 0 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const uint32_t want[] = { cases[i].t0, cases[i].t1, cases[i].both };

		insert(world, bytes_of(cases[i].atr, cases[i].len));
		for (uint32_t protocols = PCSC_PROTOCOL_T0; protocols <= T0_T1; protocols++) {
			struct pcsc_connection c;
			uint32_t result =
			    pcsc_connect(world->b, NAME, PCSC_SHARE_SHARED, protocols, &c);

			assert_int_equal(
			    result, want[protocols - 1] ? PCSC_OK : PCSC_E_PROTO_MISMATCH);
			if (result != PCSC_OK)
				continue;
			assert_int_equal(c.protocol, want[protocols - 1]);
			assert_int_equal(
			    pcsc_disconnect(world->b, c.card, PCSC_UNPOWER_CARD), PCSC_OK);
		}
		fake_remove(world->fake);
		wait_state(world, PCSC_ABSENT);
	}
}

static void watching_after_the_end(void **state)
{
	struct world *world = *state;
	struct watcher watcher = WATCHER;

	pcsc_watch(world->a, note, &watcher, NULL);
	pcsc_stop(world->pcsc);
	assert_int_equal(wait_note(&watcher), PCSC_E_SERVICE_STOPPED);
	pcsc_watch(world->a, note, &watcher, NULL);
	assert_int_equal(wait_note(&watcher), PCSC_E_SERVICE_STOPPED);
	assert_false(pcsc_unwatch(world->a));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(connect_without_card),
		TEST(unknown_reader),
		TEST(insertion_and_removal_are_counted),
		TEST(protocol_follows_the_atr),
		TEST(exclusive_shuts_others_out),
		TEST(transaction_shuts_others_out),
		TEST(reset_is_told_to_the_others),
		TEST(removal_ends_handles_and_transaction),
		TEST(holder_that_dies_frees_the_card),
		TEST(unpower_and_power_again),
		TEST(mute_card),
		TEST(handles_belong_to_their_context),
		TEST(cancel_ends_watching),
		TEST(begin_waits_for_the_other),
		TEST(card_that_dies_while_it_works),
		TEST(attributes_and_features),
		TEST(names_and_numbers_of_readers_are_limited),
		TEST(another_card_at_once_is_seen),
		TEST(two_who_connect_power_up_once),
		TEST(card_that_leaves_during_its_reset),
		TEST(exclusive_handle_learns_to_share),
		TEST(own_transaction_is_not_awaited),
		TEST(end_of_a_transaction_may_reset),
		TEST(protocols_of_atrs),
		TEST(watching_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
