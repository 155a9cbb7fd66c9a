/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of a slot over a back end that does as it is told, and that threads do not disturb each
 * other. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "reader/slot.h"

#define LOG_SIZE 256

/* A back end in memory. Its calls are noted in log, one letter each: P power on, p power off, R reset,
 * A ATR, T command. */
struct fake {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned card;
	uint8_t atr;     /* all of it */
	int failure;     /* of the next power, reset, ATR or command */
	bool holds;      /* commands wait until this is false */
	unsigned inside; /* exchanges that run now */
	unsigned most_inside;
	unsigned waits; /* that run now */
	bool interrupted;
	bool shut;
	bool *closed;
	char log[LOG_SIZE];
	size_t log_len;
};

static unsigned fake_card(void *self, struct writer *atr)
{
	struct fake *fake = self;
	unsigned card;

	pthread_mutex_lock(&fake->lock);
	card = fake->card;
	if (card != 0 && atr != NULL)
		writer_put_u8(atr, fake->atr);
	pthread_mutex_unlock(&fake->lock);
	return card;
}

/* Any exchange: notes it, and does what is set. */
static int do_exchange(struct fake *fake, char what)
{
	int r;

	pthread_mutex_lock(&fake->lock);
	if (++fake->inside > fake->most_inside)
		fake->most_inside = fake->inside;
	if (fake->log_len < LOG_SIZE - 1)
		fake->log[fake->log_len++] = what;
	pthread_cond_broadcast(&fake->changed);
	while (what == 'T' && fake->holds && !fake->shut)
		pthread_cond_wait(&fake->changed, &fake->lock);
	fake->inside--;
	r = fake->shut ? ERR_INTERRUPTED : fake->card == 0 ? ERR_NO_CARD : fake->failure;
	fake->failure = 0;
	pthread_mutex_unlock(&fake->lock);
	return r;
}

static int fake_power(void *self, bool on)
{
	return do_exchange(self, on ? 'P' : 'p');
}

static int fake_reset(void *self)
{
	return do_exchange(self, 'R');
}

static int fake_atr(void *self, struct writer *out)
{
	struct fake *fake = self;
	int r = do_exchange(fake, 'A');

	if (r == 0)
		writer_put_u8(out, fake->atr);
	return r;
}

static int fake_transmit(void *self, struct bytes command, struct writer *response)
{
	int r = do_exchange(self, 'T');

	if (r == 0)
		writer_put(response, command);
	return r;
}

static int fake_wait(void *self, unsigned known, int timeout_ms)
{
	struct fake *fake = self;
	int r = 0;

	pthread_mutex_lock(&fake->lock);
	fake->waits++;
	pthread_cond_broadcast(&fake->changed);
	while (!fake->interrupted && !fake->shut && fake->card == known && timeout_ms < 0)
		pthread_cond_wait(&fake->changed, &fake->lock);
	if (fake->interrupted || fake->shut)
		r = ERR_INTERRUPTED;
	else if (fake->card == known)
		r = ERR_TIMEOUT;
	fake->interrupted = false;
	fake->waits--;
	pthread_mutex_unlock(&fake->lock);
	return r;
}

static void set(struct fake *fake, bool *flag)
{
	pthread_mutex_lock(&fake->lock);
	*flag = true;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

static void fake_interrupt(void *self)
{
	struct fake *fake = self;

	set(fake, &fake->interrupted);
}

static void fake_shut(void *self)
{
	struct fake *fake = self;

	set(fake, &fake->shut);
}

static void fake_close(void *self)
{
	struct fake *fake = self;

	/* Nobody may be in it any more. */
	*fake->closed = fake->inside == 0 && fake->waits == 0;
	pthread_mutex_destroy(&fake->lock);
	pthread_cond_destroy(&fake->changed);
	free(fake);
}

static const struct reader_backend fake_backend = {
	.card = fake_card,
	.power = fake_power,
	.reset = fake_reset,
	.atr = fake_atr,
	.transmit = fake_transmit,
	.wait = fake_wait,
	.interrupt = fake_interrupt,
	.shut = fake_shut,
	.close = fake_close,
};

static void put_card(struct fake *fake, unsigned card, uint8_t atr)
{
	pthread_mutex_lock(&fake->lock);
	fake->card = card;
	fake->atr = atr;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

static void hold(struct fake *fake, bool holds)
{
	pthread_mutex_lock(&fake->lock);
	fake->holds = holds;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

/* Waits until an exchange runs. */
static void await_inside(struct fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	while (fake->inside == 0)
		pthread_cond_wait(&fake->changed, &fake->lock);
	pthread_mutex_unlock(&fake->lock);
}

static void await_waiting(struct fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	while (fake->waits == 0)
		pthread_cond_wait(&fake->changed, &fake->lock);
	pthread_mutex_unlock(&fake->lock);
}

static struct slot *open_slot(struct fake **fake, bool *closed)
{
	*fake = calloc(1, sizeof **fake);
	assert_non_null(*fake);
	assert_int_equal(pthread_mutex_init(&(*fake)->lock, NULL), 0);
	assert_int_equal(pthread_cond_init(&(*fake)->changed, NULL), 0);
	(*fake)->closed = closed;
	return slot_new_take(&fake_backend, *fake);
}

static int power_up(struct slot *slot, uint8_t want)
{
	uint8_t memory[33];
	struct writer atr;
	int r;

	writer_init(&atr, memory, sizeof memory);
	r = slot_power_up(slot, &atr);
	assert_int_equal(atr.len, r == 0 ? 1 : 0);
	if (r == 0)
		assert_int_equal(memory[0], want);
	return r;
}

static int reset(struct slot *slot)
{
	uint8_t memory[33];
	struct writer atr;

	writer_init(&atr, memory, sizeof memory);
	return slot_reset(slot, &atr);
}

static int read_atr(struct slot *slot, uint8_t want)
{
	uint8_t memory[33];
	struct writer atr;
	int r;

	writer_init(&atr, memory, sizeof memory);
	r = slot_atr(slot, &atr);
	assert_int_equal(atr.len, r == 0 ? 1 : 0);
	if (r == 0)
		assert_int_equal(memory[0], want);
	return r;
}

/* Sends len bytes, which come back. */
static int transmit(struct slot *slot, size_t len)
{
	static const uint8_t command[8] = { 0x00, 0x84 };
	uint8_t memory[8];
	struct writer response;
	int r;

	writer_init(&response, memory, sizeof memory);
	r = slot_transmit(slot, bytes_of(command, len), &response);
	if (r == 0 && len >= 2)
		assert_true(bytes_equal(writer_bytes(&response), bytes_of(command, len)));
	else if (r == 0)
		assert_true(bytes_equal(
		    writer_bytes(&response), bytes_of((const uint8_t[]){ 0x67, 0x00 }, 2)));
	else
		assert_int_equal(response.len, 0);
	return r;
}

static void an_empty_slot_has_nothing(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	assert_false(slot_present(slot));
	assert_int_equal(read_atr(slot, 0), ERR_NO_CARD);
	assert_int_equal(power_up(slot, 0), ERR_NO_CARD);
	assert_int_equal(reset(slot), ERR_NO_CARD);
	assert_int_equal(slot_power_down(slot), ERR_NO_CARD);
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_int_equal(transmit(slot, 1), ERR_NO_CARD);
	assert_int_equal(slot_wait(slot, false, 0), ERR_TIMEOUT);
	assert_int_equal(slot_wait(slot, true, -1), 0);
	assert_string_equal(fake->log, "");
	slot_free(slot);
	assert_true(closed);
	slot_free(NULL);
}

static void a_card_goes_through_its_states(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	put_card(fake, 7, 0x3B);
	assert_true(slot_present(slot));
	assert_int_equal(read_atr(slot, 0x3B), 0);
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_string_equal(fake->log, "");
	assert_int_equal(power_up(slot, 0x3B), 0);
	assert_int_equal(transmit(slot, 4), 0);
	assert_int_equal(reset(slot), 0);
	assert_int_equal(transmit(slot, 2), 0);
	assert_int_equal(slot_power_down(slot), 0);
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_int_equal(read_atr(slot, 0x3B), 0);
	/* Without power, a reset is a power-up. */
	assert_int_equal(reset(slot), 0);
	assert_int_equal(transmit(slot, 4), 0);
	assert_string_equal(fake->log, "PATRATpPAT");
	slot_free(slot);
}

static void commands_too_short_for_the_wire_are_answered_here(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	uint8_t memory[1];
	struct writer response;

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	assert_int_equal(transmit(slot, 0), 0);
	assert_int_equal(transmit(slot, 1), 0);
	writer_init(&response, memory, sizeof memory);
	assert_int_equal(slot_transmit(slot, bytes_of(memory, 1), &response), ERR_LIMIT);
	assert_int_equal(response.len, 0);
	assert_string_equal(fake->log, "PA");
	slot_free(slot);
}

static void an_atr_may_change_with_power(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	put_card(fake, 1, 0x3B);
	assert_int_equal(read_atr(slot, 0x3B), 0);
	put_card(fake, 1, 0x3F);
	assert_int_equal(read_atr(slot, 0x3B), 0);
	assert_int_equal(power_up(slot, 0x3F), 0);
	assert_int_equal(read_atr(slot, 0x3F), 0);
	slot_free(slot);
}

static void a_changed_card_is_not_taken_for_the_old_one(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	put_card(fake, 2, 0x3F);
	assert_int_equal(slot_wait(slot, true, -1), 0);
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_int_equal(slot_wait(slot, false, -1), 0);
	assert_true(slot_present(slot));
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_int_equal(power_up(slot, 0x3F), 0);
	put_card(fake, 3, 0x3B);
	assert_false(slot_present(slot));
	assert_true(slot_present(slot));
	put_card(fake, 0, 0);
	assert_false(slot_present(slot));
	slot_free(slot);
}

static void a_card_that_fails_to_start_is_mute(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	put_card(fake, 1, 0x3B);
	fake->failure = ERR_TIMEOUT;
	assert_int_equal(power_up(slot, 0x3B), ERR_TIMEOUT);
	assert_int_equal(transmit(slot, 4), ERR_NO_CARD);
	assert_int_equal(reset(slot), 0);
	fake->failure = ERR_PROTOCOL;
	assert_int_equal(transmit(slot, 4), ERR_PROTOCOL);
	assert_int_equal(transmit(slot, 4), 0);
	assert_string_equal(fake->log, "PPATT");
	slot_free(slot);
}

static void an_atr_that_does_not_fit_is_not_cut(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	struct writer none;

	put_card(fake, 1, 0x3B);
	writer_init(&none, NULL, 0);
	assert_int_equal(slot_atr(slot, &none), ERR_LIMIT);
	assert_int_equal(slot_power_up(slot, &none), ERR_LIMIT);
	/* The card has power all the same. */
	assert_int_equal(transmit(slot, 4), 0);
	slot_free(slot);
}

/* A call in a thread of its own. */
struct call {
	struct slot *slot;
	bool waits;
	bool known;
	int result;
	pthread_t thread;
};

static void *run_call(void *argument)
{
	struct call *call = argument;

	call->result =
	    call->waits ? slot_wait(call->slot, call->known, -1) : transmit(call->slot, 4);
	return NULL;
}

static void start_call(struct call *call)
{
	assert_int_equal(pthread_create(&call->thread, NULL, run_call, call), 0);
}

static int finish_call(struct call *call)
{
	assert_int_equal(pthread_join(call->thread, NULL), 0);
	return call->result;
}

static void exchanges_take_turns(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	struct call calls[8];

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	hold(fake, true);
	for (size_t i = 0; i < COUNT(calls); i++) {
		calls[i] = (struct call){ .slot = slot };
		start_call(&calls[i]);
	}
	await_inside(fake);
	/* What needs no turn does not wait for one. */
	assert_true(slot_present(slot));
	assert_int_equal(read_atr(slot, 0x3B), 0);
	assert_int_equal(slot_wait(slot, true, 0), ERR_TIMEOUT);
	hold(fake, false);
	for (size_t i = 0; i < COUNT(calls); i++)
		assert_int_equal(finish_call(&calls[i]), 0);
	assert_int_equal(fake->most_inside, 1);
	assert_string_equal(fake->log, "PATTTTTTTT");
	slot_free(slot);
}

static void freeing_ends_what_runs(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	struct call calls[2];

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	hold(fake, true);
	calls[0] = (struct call){ .slot = slot };
	start_call(&calls[0]);
	await_inside(fake);
	calls[1] = (struct call){ .slot = slot, .waits = true, .known = true };
	start_call(&calls[1]);
	await_waiting(fake);
	/* One at a time. */
	assert_int_equal(slot_wait(slot, true, 0), ERR_EXISTS);
	slot_free(slot);
	assert_true(closed);
	assert_int_equal(finish_call(&calls[0]), ERR_INTERRUPTED);
	assert_int_equal(finish_call(&calls[1]), ERR_INTERRUPTED);
}

static void a_shut_slot_turns_everybody_away(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	struct call sending = { .slot = slot };

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	hold(fake, true);
	start_call(&sending);
	await_inside(fake);
	slot_shut(slot);
	assert_int_equal(finish_call(&sending), ERR_INTERRUPTED);
	assert_int_equal(transmit(slot, 4), ERR_INTERRUPTED);
	assert_int_equal(power_up(slot, 0x3B), ERR_INTERRUPTED);
	assert_int_equal(slot_power_down(slot), ERR_INTERRUPTED);
	assert_int_equal(slot_wait(slot, true, -1), ERR_INTERRUPTED);
	assert_string_equal(fake->log, "PAT");
	assert_false(closed);
	slot_free(slot);
	assert_true(closed);
}

static void interrupting_ends_the_wait_alone(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);
	struct call waiting = { .slot = slot, .waits = true, .known = true };
	struct call sending = { .slot = slot };

	put_card(fake, 1, 0x3B);
	assert_int_equal(power_up(slot, 0x3B), 0);
	hold(fake, true);
	start_call(&sending);
	await_inside(fake);
	start_call(&waiting);
	slot_interrupt(slot);
	assert_int_equal(finish_call(&waiting), ERR_INTERRUPTED);
	hold(fake, false);
	assert_int_equal(finish_call(&sending), 0);
	slot_free(slot);
}

static void waiting_sees_cards_come_and_go(void **state)
{
	bool closed = false;
	struct fake *fake;
	struct slot *slot = open_slot(&fake, &closed);

	for (unsigned i = 1; i < 100; i++) {
		struct call call = { .slot = slot, .waits = true, .known = false };

		start_call(&call);
		put_card(fake, i, 0x3B);
		assert_int_equal(finish_call(&call), 0);
		assert_true(slot_present(slot));
		call.known = true;
		start_call(&call);
		put_card(fake, 0, 0);
		assert_int_equal(finish_call(&call), 0);
		assert_false(slot_present(slot));
	}
	slot_free(slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_slot_has_nothing),
		cmocka_unit_test(a_card_goes_through_its_states),
		cmocka_unit_test(commands_too_short_for_the_wire_are_answered_here),
		cmocka_unit_test(an_atr_may_change_with_power),
		cmocka_unit_test(a_changed_card_is_not_taken_for_the_old_one),
		cmocka_unit_test(a_card_that_fails_to_start_is_mute),
		cmocka_unit_test(an_atr_that_does_not_fit_is_not_cut),
		cmocka_unit_test(exchanges_take_turns),
		cmocka_unit_test(freeing_ends_what_runs),
		cmocka_unit_test(a_shut_slot_turns_everybody_away),
		cmocka_unit_test(interrupting_ends_the_wait_alone),
		cmocka_unit_test(waiting_sees_cards_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
