/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card in this process as a reader's back end.
 *
 * Two locks: one for the card, held while it works, which may be long; and one for what is in the slot,
 * never held for long, since the reader asks at any time. The first is taken before the second.
 *
 * Nobody who takes a card out or puts one in waits for a card that works: what this means for the card
 * is left as work to do for whoever takes the first lock next (enter()), and an answer of a card that is
 * not in any more is not given. */
#include "card/backend.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "card/trace.h"

struct card_holder {
	pthread_mutex_t working; /* guards the next three */
	struct card *card;
	unsigned powered; /* number of the card that has been powered up; 0: none */
	struct card_trace trace;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool has_card;         /* in or out */
	struct card *incoming; /* takes the place of card at the next chance; NULL: none */
	unsigned number;       /* of the card that is in; 0: none */
	unsigned last_number;
	uint8_t atr[33]; /* of the card that is in, or was last */
	size_t atr_len;
	bool interrupted;
	bool shut;
};

static unsigned card_number(void *self, struct writer *atr)
{
	struct card_holder *holder = self;
	unsigned number;

	(void)pthread_mutex_lock(&holder->lock);
	number = holder->number;
	if (number != 0 && atr != NULL)
		writer_put(atr, bytes_of(holder->atr, holder->atr_len));
	(void)pthread_mutex_unlock(&holder->lock);
	return number;
}

bool card_holder_is_inserted(struct card_holder *holder)
{
	return card_number(holder, NULL) != 0;
}

/* Begins work with the card, and does what was left to do. The card's number, 0: it is not in. */
static unsigned enter(struct card_holder *holder)
{
	struct card *incoming;
	unsigned number;

	(void)pthread_mutex_lock(&holder->working);
	(void)pthread_mutex_lock(&holder->lock);
	number = holder->number;
	incoming = holder->incoming;
	holder->incoming = NULL;
	(void)pthread_mutex_unlock(&holder->lock);
	if (incoming != NULL) {
		card_free(holder->card);
		holder->card = incoming;
	} else if (holder->powered != 0 && holder->powered != number) {
		card_power_off(holder->card); /* it was out meanwhile */
	}
	if (holder->powered != number)
		holder->powered = 0;
	return number;
}

static void leave(struct card_holder *holder)
{
	(void)pthread_mutex_unlock(&holder->working);
}

static int power(void *self, bool on)
{
	struct card_holder *holder = self;
	unsigned number = enter(holder);

	if (number != 0) {
		card_trace_event(&holder->trace, on ? "Power Up" : "Power Down");
		if (on)
			card_power_on(holder->card);
		else
			card_power_off(holder->card);
		holder->powered = on ? number : 0;
	}
	leave(holder);
	return number != 0 ? 0 : ERR_NO_CARD;
}

static int reset(void *self)
{
	struct card_holder *holder = self;
	unsigned number = enter(holder);

	if (number != 0) {
		card_trace_event(&holder->trace, "Reset");
		card_reset(holder->card);
		holder->powered = number;
	}
	leave(holder);
	return number != 0 ? 0 : ERR_NO_CARD;
}

static int atr(void *self, struct writer *out)
{
	struct card_holder *holder = self;
	int r = ERR_NO_CARD;

	if (enter(holder) != 0) {
		writer_put(out, card_atr(holder->card));
		r = out->failed ? ERR_LIMIT : 0;
	}
	leave(holder);
	return r;
}

/* With the card entered. */
static int exchange(struct card_holder *holder, struct bytes command, struct writer *response)
{
	struct bytes answer;

	card_trace_command(&holder->trace, command);
	answer = card_command(holder->card, command);
	card_trace_response(&holder->trace, answer);
	if (answer.len > writer_left(response))
		return ERR_LIMIT;
	writer_put(response, answer);
	return 0;
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	struct card_holder *holder = self;
	const size_t before = response->len;
	unsigned number = enter(holder);
	int r = ERR_NO_CARD;

	/* A card that has just taken the place of another one was never powered up. */
	if (number != 0)
		r = number == holder->powered ? exchange(holder, command, response) : ERR_CLOSED;
	leave(holder);
	if (r == 0 && card_number(holder, NULL) != number) {
		response->len = before; /* taken out while it worked */
		r = ERR_CLOSED;
	}
	return r;
}

static int wait_change(void *self, unsigned known, int timeout_ms)
{
	struct card_holder *holder = self;
	int64_t deadline = clock_deadline(timeout_ms);
	int r = 0;

	(void)pthread_mutex_lock(&holder->lock);
	while (r == 0 && holder->number == known) {
		if (holder->interrupted || holder->shut)
			r = ERR_INTERRUPTED;
		else if (clock_left(deadline) == 0)
			r = ERR_TIMEOUT;
		else
			clock_wait(&holder->changed, &holder->lock, deadline);
	}
	if (r == ERR_INTERRUPTED)
		holder->interrupted = false;
	(void)pthread_mutex_unlock(&holder->lock);
	return r;
}

static void interrupt(void *self)
{
	struct card_holder *holder = self;

	(void)pthread_mutex_lock(&holder->lock);
	holder->interrupted = true;
	(void)pthread_cond_broadcast(&holder->changed);
	(void)pthread_mutex_unlock(&holder->lock);
}

static void shut(void *self)
{
	struct card_holder *holder = self;

	(void)pthread_mutex_lock(&holder->lock);
	holder->shut = true;
	(void)pthread_cond_broadcast(&holder->changed);
	(void)pthread_mutex_unlock(&holder->lock);
}

static void close_holder(void *self)
{
	struct card_holder *holder = self;

	card_free(holder->card);
	card_free(holder->incoming);
	(void)pthread_cond_destroy(&holder->changed);
	(void)pthread_mutex_destroy(&holder->lock);
	(void)pthread_mutex_destroy(&holder->working);
	free(holder);
}

static const struct reader_backend backend = {
	.card = card_number,
	.power = power,
	.reset = reset,
	.atr = atr,
	.transmit = transmit,
	.wait = wait_change,
	.interrupt = interrupt,
	.shut = shut,
	.close = close_holder,
};

/* A card is in, under a new number. */
static void put_in(struct card_holder *holder)
{
	holder->number = ++holder->last_number;
	(void)pthread_cond_broadcast(&holder->changed);
}

static void keep_atr(struct card_holder *holder, const struct card *card)
{
	struct bytes atr = card_atr(card);

	assert(atr.len <= sizeof holder->atr);
	memcpy(holder->atr, atr.data, atr.len);
	holder->atr_len = atr.len;
}

int card_slot_new_take(struct card *card, struct slot **slot, struct card_holder **holder)
{
	struct card_holder *made = calloc(1, sizeof *made);
	struct slot *made_slot;

	if (made == NULL) {
		card_free(card);
		return ERR_NO_MEMORY;
	}
	(void)pthread_mutex_init(&made->working, NULL);
	(void)pthread_mutex_init(&made->lock, NULL);
	(void)pthread_cond_init(&made->changed, NULL);
	card_trace_init(&made->trace, NULL);
	made->card = card;
	made->has_card = card != NULL;
	if (card != NULL) {
		keep_atr(made, card);
		put_in(made);
	}
	made_slot = slot_new_take(&backend, made);
	if (made_slot == NULL)
		return ERR_NO_MEMORY;
	*slot = made_slot;
	*holder = made;
	return 0;
}

void card_holder_trace(struct card_holder *holder, const char *name)
{
	card_trace_init(&holder->trace, name);
}

bool card_holder_eject(struct card_holder *holder)
{
	bool ejected;

	(void)pthread_mutex_lock(&holder->lock);
	ejected = holder->number != 0;
	holder->number = 0;
	(void)pthread_cond_broadcast(&holder->changed);
	(void)pthread_mutex_unlock(&holder->lock);
	return ejected;
}

bool card_holder_insert(struct card_holder *holder)
{
	bool inserted;

	(void)pthread_mutex_lock(&holder->lock);
	inserted = holder->has_card && holder->number == 0;
	if (inserted)
		put_in(holder);
	(void)pthread_mutex_unlock(&holder->lock);
	return inserted;
}

void card_holder_swap_take(struct card_holder *holder, struct card *card)
{
	struct card *never_used;

	(void)pthread_mutex_lock(&holder->lock);
	never_used = holder->incoming;
	holder->incoming = card;
	holder->has_card = true;
	keep_atr(holder, card);
	put_in(holder);
	(void)pthread_mutex_unlock(&holder->lock);
	card_free(never_used);
}
