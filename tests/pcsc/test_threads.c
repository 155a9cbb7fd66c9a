/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manager with many threads at once: applications that connect, exclude each other, reset and watch two
 * readers whose cards come and go, while others cancel. Under ThreadSanitizer this is what finds races;
 * without it, it finds lost wake-ups and broken exclusion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "fake_backend.h"
#include "pcsc/manager.h"

#define READERS 2
#define APPLICATIONS 8
#define DURATION_MS 1500
#define T0_T1 (PCSC_PROTOCOL_T0 | PCSC_PROTOCOL_T1)

static const char *const names[READERS] = { "Virtual PCD 00 00", "Virtual PCD 00 01" };
static const uint8_t atr_t1[] = { 0x3B, 0x80, 0x01, 0x81 };

static struct pcsc *pcsc;
static struct fake *fakes[READERS];
static atomic_int holders[READERS]; /* of transactions, as the applications see it */
static atomic_uint done[APPLICATIONS], transactions, breaches, surprises;
static atomic_int ids[APPLICATIONS];
static int64_t end;

struct application {
	pthread_t thread;
	unsigned number, seed;
	struct pcsc_context *context;
};

static unsigned draw(struct application *app, unsigned below)
{
	app->seed = app->seed * 1103515245u + 12345u;
	return (app->seed >> 16) % below;
}

/* What may happen to anybody at any time here. */
static bool is_expected(uint32_t result)
{
	switch (result) {
	case PCSC_OK:
	case PCSC_E_NO_SMARTCARD:
	case PCSC_E_SHARING_VIOLATION:
	case PCSC_E_NOT_TRANSACTED:
	case PCSC_E_PROTO_MISMATCH: /* after a reset by another, before that is known */
	case PCSC_W_REMOVED_CARD:
	case PCSC_W_RESET_CARD:
	case PCSC_W_UNPOWERED_CARD:
	case PCSC_W_UNRESPONSIVE_CARD:
		return true;
	default:
		return false;
	}
}

static uint32_t expect(uint32_t result)
{
	if (!is_expected(result))
		surprises++;
	return result;
}

static uint32_t send_one(struct application *app, int32_t card)
{
	static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	uint8_t memory[16];
	struct writer out;

	writer_init(&out, memory, sizeof memory);
	return expect(
	    pcsc_transmit(app->context, card, PCSC_PROTOCOL_T1, BYTES_OF_ARRAY(command), &out));
}

/* Nobody else may be between begin and end, unless the card was taken out or reset meanwhile, which ends a
 * transaction from outside: then begin tells that. */
static void transact(struct application *app, int32_t card, unsigned reader)
{
	uint32_t result = expect(pcsc_begin_transaction(app->context, card));

	if (result != PCSC_OK)
		return;
	if (atomic_fetch_add(&holders[reader], 1) != 0 &&
	    pcsc_status(app->context, card, NULL) == PCSC_OK)
		breaches++;
	transactions++;
	for (unsigned i = draw(app, 4); i > 0; i--)
		(void)send_one(app, card);
	atomic_fetch_sub(&holders[reader], 1);
	(void)expect(pcsc_end_transaction(
	    app->context, card, draw(app, 8) == 0 ? PCSC_RESET_CARD : PCSC_LEAVE_CARD));
}

static void use_card(struct application *app, unsigned reader)
{
	static const uint32_t shares[] = { PCSC_SHARE_SHARED, PCSC_SHARE_SHARED, PCSC_SHARE_SHARED,
		PCSC_SHARE_DIRECT, PCSC_SHARE_EXCLUSIVE };
	struct pcsc_connection c;
	uint32_t share = shares[draw(app, COUNT(shares))];

	if (expect(pcsc_connect(app->context, names[reader], share, T0_T1, &c)) != PCSC_OK)
		return;
	for (unsigned i = draw(app, 6); i > 0; i--) {
		if (send_one(app, c.card) == PCSC_W_RESET_CARD)
			(void)expect(pcsc_reconnect(
			    app->context, PCSC_SHARE_SHARED, T0_T1, draw(app, 3), &c));
		if (share == PCSC_SHARE_SHARED)
			transact(app, c.card, reader);
		(void)expect(pcsc_status(app->context, c.card, NULL));
	}
	if (draw(app, 10) > 0)
		(void)expect(pcsc_disconnect(app->context, c.card, draw(app, 4)));
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told;
};

static void tell(void *arg, uint32_t result)
{
	struct waiting *waiting = arg;

	pthread_mutex_lock(&waiting->lock);
	waiting->is_told = true;
	pthread_cond_signal(&waiting->told);
	pthread_mutex_unlock(&waiting->lock);
	if (result != PCSC_OK && result != PCSC_E_CANCELLED)
		surprises++;
}

static void watch(struct application *app)
{
	struct waiting waiting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	int64_t until = clock_deadline((int)draw(app, 20));

	pcsc_watch(app->context, tell, &waiting, states);
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.is_told && clock_left(until) > 0)
		clock_wait(&waiting.told, &waiting.lock, until);
	pthread_mutex_unlock(&waiting.lock);
	(void)pcsc_unwatch(app->context);
}

static void *run_application(void *arg)
{
	static const struct pcsc_waiting waiting = { .turn_ms = 20, .call_ms = 20 };
	struct application *app = arg;

	while (clock_now() < end) {
		if (pcsc_establish(pcsc, PCSC_SCOPE_SYSTEM, &waiting, &app->context) != PCSC_OK) {
			surprises++;
			break;
		}
		ids[app->number] = pcsc_context_id(app->context);
		for (unsigned i = 0; i < 8; i++) {
			if (draw(app, 4) == 0)
				watch(app);
			else
				use_card(app, draw(app, READERS));
			(void)pcsc_cancel(pcsc, ids[draw(app, APPLICATIONS)]);
		}
		done[app->number]++;
		pcsc_release(app->context); /* whatever is open */
	}
	return NULL;
}

/* A card that is taken out ends its transaction, so that two may think they have one: that is counted only
 * where cards stay. */
static void take_out_and_put_in(void)
{
	while (clock_now() < end) {
		unsigned reader = (unsigned)(clock_now() % READERS);

		fake_remove(fakes[reader]);
		(void)pcsc_cancel(pcsc, 0);
		fake_insert(fakes[reader], BYTES_OF_ARRAY(atr_t1));
		for (int64_t until = clock_deadline(3); clock_left(until) > 0;) {
			struct pcsc_reader_state states[PCSC_READERS_MAX];

			pcsc_states(pcsc, states);
		}
	}
}

static void hammer(bool cards_go)
{
	struct application apps[APPLICATIONS];

	pcsc = pcsc_new();
	transactions = breaches = surprises = 0;
	for (unsigned i = 0; i < READERS; i++) {
		assert_int_equal(pcsc_add_reader_take(pcsc, names[i], fake_slot(&fakes[i])), 0);
		fake_insert(fakes[i], BYTES_OF_ARRAY(atr_t1));
		holders[i] = 0;
	}
	end = clock_deadline(DURATION_MS);
	for (unsigned i = 0; i < APPLICATIONS; i++) {
		apps[i] = (struct application){ .number = i, .seed = 7919 * (i + 1) };
		done[i] = 0;
		assert_int_equal(
		    pthread_create(&apps[i].thread, NULL, run_application, &apps[i]), 0);
	}
	if (cards_go)
		take_out_and_put_in();
	for (unsigned i = 0; i < APPLICATIONS; i++) {
		assert_int_equal(pthread_join(apps[i].thread, NULL), 0);
		assert_true(done[i] > 0); /* nobody starved */
	}
	pcsc_free(pcsc);
	print_message("# %u transactions\n", transactions);
	assert_true(transactions > 0);
	assert_int_equal(surprises, 0);
	if (!cards_go)
		assert_int_equal(breaches, 0);
}

static void eight_applications(void **state)
{
	hammer(false);
}

static void eight_applications_while_cards_go(void **state)
{
	hammer(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_applications),
		cmocka_unit_test(eight_applications_while_cards_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
