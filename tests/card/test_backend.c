/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card in the slot of this process: taken out, put in and exchanged, also while it works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"
#include "card/backend.h"
#include "card/type.h"
#include "exact.h"

#define LIMIT_MS 20000

/* A card whose INS 02 takes as long as the test wants. */
static enum sw answer(struct card *card, const struct apdu *apdu, struct writer *out)
{
	(void)card;
	(void)apdu;
	writer_put_u8(out, 0xAA);
	return SW_OK;
}

static enum sw work(struct card *card, const struct apdu *apdu, struct writer *out)
{
	card_sleep(card, 1);
	return answer(card, apdu, out);
}

static const struct instruction instructions[] = {
	{ 0x00, 0xFF, 0x01, ACCESS_ALWAYS, answer },
	{ 0x00, 0xFF, 0x02, ACCESS_ALWAYS, work },
};
static const uint8_t atr_1[] = { 0x3B, 0x01, 0x11 }, atr_2[] = { 0x3B, 0x02, 0x22, 0x22 };
static const uint8_t quick[] = { 0x00, 0x01, 0x00, 0x00, 0x00 };
static const uint8_t slow[] = { 0x00, 0x02, 0x00, 0x00, 0x00 };

static struct card_type type_with(struct bytes atr)
{
	return (struct card_type){
		.name = "test",
		.atr = atr,
		.instructions = instructions,
		.n_instructions = COUNT(instructions),
	};
}

/* Where a working card and the test meet. */
struct meeting {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool works, may_end;
};

static void work_until_told(void *self, unsigned milliseconds)
{
	struct meeting *meeting = self;

	(void)milliseconds;
	(void)pthread_mutex_lock(&meeting->lock);
	meeting->works = true;
	(void)pthread_cond_broadcast(&meeting->changed);
	while (!meeting->may_end)
		(void)pthread_cond_wait(&meeting->changed, &meeting->lock);
	(void)pthread_mutex_unlock(&meeting->lock);
}

static void wait_until_it_works(struct meeting *meeting)
{
	(void)pthread_mutex_lock(&meeting->lock);
	while (!meeting->works)
		(void)pthread_cond_wait(&meeting->changed, &meeting->lock);
	(void)pthread_mutex_unlock(&meeting->lock);
}

static void let_it_end(struct meeting *meeting)
{
	(void)pthread_mutex_lock(&meeting->lock);
	meeting->may_end = true;
	(void)pthread_cond_broadcast(&meeting->changed);
	(void)pthread_mutex_unlock(&meeting->lock);
}

struct test {
	struct meeting meeting;
	struct card_type types[2];
	struct slot *slot;
	struct card_holder *holder;
	pthread_t thread;
	int result; /* of the thread's transmit */
	size_t result_len;
};

static struct card *new_card(struct test *t, unsigned type)
{
	const struct card_setup setup = { .sleep = work_until_told, .sleep_self = &t->meeting };
	struct card *card = NULL;

	assert_int_equal(card_new(&t->types[type], &setup, &card), 0);
	return card;
}

static struct test *begin(bool with_card)
{
	struct test *t = calloc(1, sizeof *t);

	assert_non_null(t);
	(void)pthread_mutex_init(&t->meeting.lock, NULL);
	(void)pthread_cond_init(&t->meeting.changed, NULL);
	t->types[0] = type_with(BYTES_OF_ARRAY(atr_1));
	t->types[1] = type_with(BYTES_OF_ARRAY(atr_2));
	assert_int_equal(
	    card_slot_new_take(with_card ? new_card(t, 0) : NULL, &t->slot, &t->holder), 0);
	return t;
}

static void end(struct test *t)
{
	slot_free(t->slot);
	(void)pthread_cond_destroy(&t->meeting.changed);
	(void)pthread_mutex_destroy(&t->meeting.lock);
	free(t);
}

static int transmit(struct test *t, struct bytes command, size_t *len)
{
	uint8_t memory[300];
	struct writer response;
	int r;

	writer_init(&response, memory, sizeof memory);
	r = slot_transmit(t->slot, command, &response);
	if (len != NULL)
		*len = response.len;
	if (r == 0)
		assert_memory_equal(memory, "\xAA\x90\x00", 3);
	return r;
}

static int power_up(struct test *t, uint8_t want)
{
	uint8_t memory[33];
	struct writer atr;
	int r;

	writer_init(&atr, memory, sizeof memory);
	r = slot_power_up(t->slot, &atr);
	if (r == 0)
		assert_int_equal(memory[2], want);
	return r;
}

static void *transmit_slow(void *arg)
{
	struct test *t = arg;

	t->result = transmit(t, BYTES_OF_ARRAY(slow), &t->result_len);
	return NULL;
}

static void begin_work(struct test *t)
{
	assert_int_equal(power_up(t, 0x11), 0);
	assert_int_equal(pthread_create(&t->thread, NULL, transmit_slow, t), 0);
	wait_until_it_works(&t->meeting);
}

static void end_work(struct test *t)
{
	let_it_end(&t->meeting);
	assert_int_equal(pthread_join(t->thread, NULL), 0);
}

static void an_empty_slot_stays_empty(void **state)
{
	struct test *t = begin(false);

	assert_false(card_holder_is_inserted(t->holder));
	assert_false(slot_present(t->slot));
	assert_false(card_holder_eject(t->holder));
	assert_false(card_holder_insert(t->holder));
	assert_int_equal(power_up(t, 0), ERR_NO_CARD);
	card_holder_swap_take(t->holder, new_card(t, 1));
	assert_true(slot_present(t->slot));
	assert_int_equal(power_up(t, 0x22), 0);
	end(t);
}

static void out_and_in(void **state)
{
	struct test *t = begin(true);

	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), ERR_NO_CARD);
	assert_int_equal(power_up(t, 0x11), 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), 0);
	assert_false(card_holder_insert(t->holder));
	assert_true(card_holder_eject(t->holder));
	assert_false(card_holder_eject(t->holder));
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), ERR_NO_CARD);
	assert_true(card_holder_insert(t->holder));
	/* The slot has not looked yet: what it holds for powered is not. */
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), ERR_CLOSED);
	assert_false(slot_present(t->slot));
	assert_true(slot_present(t->slot));
	assert_int_equal(power_up(t, 0x11), 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), 0);
	end(t);
}

static void a_swap_is_one_that_goes_and_one_that_comes(void **state)
{
	uint8_t memory[33];
	struct writer atr;
	struct test *t = begin(true);

	assert_int_equal(power_up(t, 0x11), 0);
	card_holder_swap_take(t->holder, new_card(t, 1));
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), ERR_CLOSED);
	assert_int_equal(slot_wait(t->slot, true, LIMIT_MS), 0);
	assert_int_equal(slot_wait(t->slot, false, LIMIT_MS), 0);
	writer_init(&atr, memory, sizeof memory);
	assert_int_equal(slot_atr(t->slot, &atr), 0);
	assert_bytes_hex(writer_bytes(&atr), "3B022222");
	assert_int_equal(power_up(t, 0x22), 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), 0);
	/* Two swaps at once: the card in between was never used. */
	card_holder_swap_take(t->holder, new_card(t, 0));
	card_holder_swap_take(t->holder, new_card(t, 0));
	assert_int_equal(slot_wait(t->slot, true, LIMIT_MS), 0);
	assert_int_equal(power_up(t, 0x11), 0);
	/* One that nobody looks at any more. */
	card_holder_swap_take(t->holder, new_card(t, 1));
	end(t);
}

static void nobody_waits_for_a_card_that_works(void **state)
{
	struct test *t = begin(true);

	begin_work(t);
	assert_true(card_holder_eject(t->holder));
	assert_false(slot_present(t->slot));
	assert_true(card_holder_insert(t->holder));
	assert_true(slot_present(t->slot));
	card_holder_swap_take(t->holder, new_card(t, 1));
	assert_false(slot_present(t->slot));
	end_work(t);
	assert_int_equal(t->result, ERR_CLOSED);
	assert_int_equal(t->result_len, 0);
	assert_true(slot_present(t->slot));
	assert_int_equal(power_up(t, 0x22), 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), 0);
	end(t);
}

/* Out and in again before the answer: it is the answer of a card that lost its power. */
static void an_answer_from_before_is_not_given(void **state)
{
	struct test *t = begin(true);

	begin_work(t);
	assert_true(card_holder_eject(t->holder));
	assert_true(card_holder_insert(t->holder));
	end_work(t);
	assert_int_equal(t->result, ERR_CLOSED);
	assert_int_equal(t->result_len, 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), ERR_CLOSED);
	end(t);
}

static void an_answer_is_never_cut(void **state)
{
	uint8_t memory[2];
	struct writer response;
	struct test *t = begin(true);

	assert_int_equal(power_up(t, 0x11), 0);
	writer_init(&response, memory, sizeof memory);
	assert_int_equal(slot_transmit(t->slot, BYTES_OF_ARRAY(quick), &response), ERR_LIMIT);
	assert_int_equal(response.len, 0);
	assert_int_equal(transmit(t, BYTES_OF_ARRAY(quick), NULL), 0);
	end(t);
}

static void *move_card(void *arg)
{
	struct test *t = arg;

	for (unsigned i = 0; i < 300; i++) {
		(void)card_holder_eject(t->holder);
		(void)card_holder_insert(t->holder);
		card_holder_swap_take(t->holder, new_card(t, i % 2));
	}
	return NULL;
}

static void *use_card(void *arg)
{
	struct test *t = arg;
	uint8_t memory[33];
	struct writer atr;

	for (unsigned i = 0; i < 1000; i++) {
		writer_init(&atr, memory, sizeof memory);
		if (slot_present(t->slot) && slot_power_up(t->slot, &atr) == 0)
			assert_int_equal(memory[1] == 0x01 ? 0x11 : 0x22, memory[2]);
		(void)transmit(t, BYTES_OF_ARRAY(quick), NULL);
		writer_init(&atr, memory, sizeof memory);
		if (slot_reset(t->slot, &atr) == 0)
			assert_int_equal(memory[1] == 0x01 ? 0x11 : 0x22, memory[2]);
	}
	return NULL;
}

/* For ThreadSanitizer and AddressSanitizer. */
static void threads_do_everything_at_once(void **state)
{
	struct test *t = begin(true);
	pthread_t threads[4];

	assert_int_equal(pthread_create(&threads[0], NULL, move_card, t), 0);
	for (size_t i = 1; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_card, t), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	end(t);
}

static void *interrupt_soon(void *arg)
{
	struct test *t = arg;

	slot_interrupt(t->slot);
	return NULL;
}

static void waiting_ends(void **state)
{
	struct test *t = begin(true);
	pthread_t thread;

	assert_int_equal(slot_wait(t->slot, true, 0), ERR_TIMEOUT);
	assert_int_equal(slot_wait(t->slot, true, 10), ERR_TIMEOUT);
	assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, t), 0);
	assert_int_equal(slot_wait(t->slot, true, LIMIT_MS), ERR_INTERRUPTED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(slot_wait(t->slot, true, 0), ERR_TIMEOUT);
	slot_shut(t->slot);
	assert_int_equal(slot_wait(t->slot, true, LIMIT_MS), ERR_INTERRUPTED);
	end(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_slot_stays_empty),
		cmocka_unit_test(out_and_in),
		cmocka_unit_test(a_swap_is_one_that_goes_and_one_that_comes),
		cmocka_unit_test(nobody_waits_for_a_card_that_works),
		cmocka_unit_test(an_answer_from_before_is_not_given),
		cmocka_unit_test(an_answer_is_never_cut),
		cmocka_unit_test(threads_do_everything_at_once),
		cmocka_unit_test(waiting_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
