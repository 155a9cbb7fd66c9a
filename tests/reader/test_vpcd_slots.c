/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots over real connections: our card's side against our reader's side, threads against threads, and
 * that a card which stands still in one slot delays no other. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "peer.h"
#include "reader/vpcd_backend.h"
#include "vpcd/icc.h"

#define PORT_FIRST 10000 /* below those that the system gives to clients */
#define PORT_COUNT 10000
#define EXCHANGES 500
#define AT_ONCE_MS                                                                                 \
	5000 /* far below the 10 s that an ATR is waited for, and the 60 s that a response is */

static const uint8_t atr[] = { 0x3B, 0x80, 0x01, 0x81 };
static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

/* Opens two slots of one reader. */
static void open_slots(struct slot *slots[2], struct endpoint *endpoint)
{
	unsigned at = (unsigned)getpid();

	*endpoint = (struct endpoint){ .listen = true };
	for (;;) {
		at += 2;
		endpoint->port = (uint16_t)(PORT_FIRST + at % PORT_COUNT);
		if (vpcd_slot_open(endpoint, 0, &slots[0]) < 0) {
			assert_int_equal(errno, EADDRINUSE);
			continue;
		}
		if (vpcd_slot_open(endpoint, 1, &slots[1]) == 0)
			return;
		assert_int_equal(errno, EADDRINUSE);
		slot_free(slots[0]);
	}
}

/* A card that echoes commands, in a thread of its own, until it is interrupted. */
struct card {
	uint16_t port;
	struct icc *icc;
	unsigned leaves_after; /* so many commands, and comes again; 0: stays */
	pthread_t thread;
};

static void serve(struct card *card)
{
	unsigned commands = 0;
	struct icc_message message;

	while (icc_next(card->icc, &message) == 0) {
		int r = 0;

		if (message.kind == ICC_GET_ATR)
			r = icc_answer(card->icc, BYTES_OF_ARRAY(atr));
		if (message.kind == ICC_COMMAND && card->leaves_after > 0 &&
		    ++commands > card->leaves_after)
			return;
		if (message.kind == ICC_COMMAND)
			r = icc_answer(card->icc, message.command);
		if (r < 0)
			return;
	}
}

static void *run_card(void *argument)
{
	struct card *card = argument;

	while (icc_connect(card->icc, "127.0.0.1", card->port, PEER_WAIT_MS) == 0)
		serve(card);
	return NULL;
}

static void insert(struct card *card)
{
	card->icc = icc_new();
	assert_non_null(card->icc);
	assert_int_equal(pthread_create(&card->thread, NULL, run_card, card), 0);
}

static void take_out(struct card *card)
{
	icc_interrupt(card->icc);
	assert_int_equal(pthread_join(card->thread, NULL), 0);
	icc_free(card->icc);
}

static int power_up(struct slot *slot)
{
	uint8_t memory[33];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = slot_power_up(slot, &w);
	if (r == 0)
		assert_true(bytes_equal(writer_bytes(&w), BYTES_OF_ARRAY(atr)));
	return r;
}

static int transmit(struct slot *slot)
{
	uint8_t memory[16];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = slot_transmit(slot, BYTES_OF_ARRAY(command), &w);
	if (r == 0)
		assert_true(bytes_equal(writer_bytes(&w), BYTES_OF_ARRAY(command)));
	return r;
}

static void two_cards_at_once(void **state)
{
	struct endpoint endpoint;
	struct slot *slots[2];
	struct card cards[2];

	open_slots(slots, &endpoint);
	for (unsigned i = 0; i < 2; i++) {
		cards[i] = (struct card){ .port = (uint16_t)(endpoint.port + i) };
		insert(&cards[i]);
		assert_int_equal(slot_wait(slots[i], false, PEER_WAIT_MS), 0);
		assert_int_equal(power_up(slots[i]), 0);
	}
	for (unsigned i = 0; i < EXCHANGES; i++)
		assert_int_equal(transmit(slots[i % 2]), 0);
	take_out(&cards[0]);
	assert_int_equal(slot_wait(slots[0], true, PEER_WAIT_MS), 0);
	assert_int_equal(transmit(slots[1]), 0);
	assert_int_equal(transmit(slots[0]), ERR_NO_CARD);
	take_out(&cards[1]);
	slot_free(slots[0]);
	slot_free(slots[1]);
}

/* Two slots: in the first a raw peer, in the second a good card with power. */
struct table {
	struct endpoint endpoint;
	struct slot *slots[2];
	struct card card;
	int still;
};

static void lay_table(struct table *table)
{
	open_slots(table->slots, &table->endpoint);
	table->card = (struct card){ .port = (uint16_t)(table->endpoint.port + 1) };
	insert(&table->card);
	assert_int_equal(slot_wait(table->slots[1], false, PEER_WAIT_MS), 0);
	assert_int_equal(power_up(table->slots[1]), 0);
	table->still = peer_connect(table->endpoint.port);
	assert_false(slot_present(table->slots[0]));
	peer_expect_hex(table->still, "0001 04");
}

static void clear_table(struct table *table)
{
	take_out(&table->card);
	slot_free(table->slots[1]);
	peer_close(table->still);
}

/* While the first slot stands still, the second works as fast as ever, and the first one says at once
 * whether there is a card. */
static void expect_no_delay(const struct table *table, bool present)
{
	int64_t longest = 0;

	for (int i = 0; i < EXCHANGES; i++) {
		int64_t begun = peer_now_ms();

		assert_int_equal(transmit(table->slots[1]), 0);
		assert_int_equal(slot_present(table->slots[0]), present);
		if (longest < peer_now_ms() - begun)
			longest = peer_now_ms() - begun;
	}
	print_message("# longest exchange beside it: %d ms\n", (int)longest);
	assert_in_range(longest, 0, AT_ONCE_MS);
}

static void a_card_without_atr_delays_no_other_slot(void **state)
{
	struct table table;
	int64_t begun;

	lay_table(&table);
	expect_no_delay(&table, false);
	begun = peer_now_ms();
	slot_free(table.slots[0]);
	assert_in_range(peer_now_ms() - begun, 0, AT_ONCE_MS);
	clear_table(&table);
}

/* A command in a thread of its own. */
struct sender {
	struct slot *slot;
	int result;
	pthread_t thread;
};

static void *send_one(void *argument)
{
	struct sender *sender = argument;

	sender->result = transmit(sender->slot);
	return NULL;
}

static void *power_one(void *argument)
{
	struct sender *sender = argument;

	sender->result = power_up(sender->slot);
	return NULL;
}

static void a_card_that_stands_still_delays_no_other_slot(void **state)
{
	struct table table;
	struct sender sender;
	int64_t begun;

	lay_table(&table);
	peer_send_hex(table.still, "0004 3B800181");
	assert_int_equal(slot_wait(table.slots[0], false, PEER_WAIT_MS), 0);
	sender = (struct sender){ .slot = table.slots[0] };
	assert_int_equal(pthread_create(&sender.thread, NULL, power_one, &sender), 0);
	peer_expect_hex(table.still, "0001 01 0001 04");
	peer_send_hex(table.still, "0004 3B800181");
	assert_int_equal(pthread_join(sender.thread, NULL), 0);
	assert_int_equal(sender.result, 0);
	assert_int_equal(pthread_create(&sender.thread, NULL, send_one, &sender), 0);
	peer_expect_hex(table.still, "0005 0084000008");
	expect_no_delay(&table, true);
	begun = peer_now_ms();
	slot_free(table.slots[0]);
	assert_in_range(peer_now_ms() - begun, 0, AT_ONCE_MS);
	assert_int_equal(pthread_join(sender.thread, NULL), 0);
	assert_int_equal(sender.result, ERR_INTERRUPTED);
	clear_table(&table);
}

/* A driver's polling thread. */
struct watcher {
	struct slot *slot;
	atomic_uint changes;
	pthread_t thread;
};

static void *watch(void *argument)
{
	struct watcher *watcher = argument;
	bool known = false;
	int r;

	while ((r = slot_wait(watcher->slot, known, 50)) != ERR_INTERRUPTED) {
		if (r == 0) {
			known = !known;
			(void)atomic_fetch_add(&watcher->changes, 1);
		}
	}
	return NULL;
}

static bool has_seen_much(struct watcher *watcher)
{
	return atomic_load(&watcher->changes) > 4;
}

/* An application: powers the card up, and sends until it leaves. */
static unsigned use_card(struct slot *slot)
{
	unsigned done = 0;

	if (power_up(slot) < 0)
		return 0;
	while (transmit(slot) == 0)
		done++;
	return done;
}

static void cards_come_and_go_under_load(void **state)
{
	struct endpoint endpoint;
	struct slot *slots[2];
	struct watcher watchers[2];
	struct card cards[2];
	const int64_t until = peer_now_ms() + PEER_WAIT_MS;
	unsigned done = 0;
	unsigned before;

	open_slots(slots, &endpoint);
	for (unsigned i = 0; i < 2; i++) {
		watchers[i] = (struct watcher){ .slot = slots[i] };
		assert_int_equal(pthread_create(&watchers[i].thread, NULL, watch, &watchers[i]), 0);
	}
	before = peer_count_descriptors();
	for (unsigned i = 0; i < 2; i++) {
		cards[i] =
		    (struct card){ .port = (uint16_t)(endpoint.port + i), .leaves_after = 20 };
		insert(&cards[i]);
	}
	/* Each card leaves many times, and both is seen, as soon as the machine lets the watchers look. */
	while (
	    done < 4 * EXCHANGES || !has_seen_much(&watchers[0]) || !has_seen_much(&watchers[1])) {
		for (unsigned i = 0; i < 2; i++)
			done += use_card(slots[i]);
		assert_in_range(peer_now_ms(), 0, until);
	}
	for (unsigned i = 0; i < 2; i++)
		take_out(&cards[i]);
	for (unsigned i = 0; i < 2; i++)
		while (slot_present(slots[i]))
			;
	/* A watcher that sleeps on a connection closes it when it wakes. */
	peer_await_descriptors(before);
	for (unsigned i = 0; i < 2; i++) {
		slot_interrupt(slots[i]);
		assert_int_equal(pthread_join(watchers[i].thread, NULL), 0);
		slot_free(slots[i]);
	}
}

static void presence_can_be_polled(void **state)
{
	struct endpoint endpoint;
	struct slot *slots[2];
	struct card card;
	int64_t until = peer_now_ms() + PEER_WAIT_MS;

	/* As a host without a polling thread does. */
	open_slots(slots, &endpoint);
	card = (struct card){ .port = endpoint.port };
	insert(&card);
	while (!slot_present(slots[0]))
		assert_in_range(peer_now_ms(), 0, until);
	assert_int_equal(power_up(slots[0]), 0);
	assert_int_equal(transmit(slots[0]), 0);
	take_out(&card);
	while (slot_present(slots[0]))
		assert_in_range(peer_now_ms(), 0, until);
	slot_free(slots[0]);
	slot_free(slots[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cards_at_once),
		cmocka_unit_test(a_card_without_atr_delays_no_other_slot),
		cmocka_unit_test(a_card_that_stands_still_delays_no_other_slot),
		cmocka_unit_test(cards_come_and_go_under_load),
		cmocka_unit_test(presence_can_be_polled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
