/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card in this process as a reader's back end. Two locks: one for the card, held while it works; and
 * one for whether it is there, which is never held for long, since the reader asks at any time. The
 * first is taken before the second. */
#include "card/backend.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

struct card_holder {
	pthread_mutex_t working; /* guards card */
	struct card *card;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	unsigned number; /* of the card that is in; 0: none */
	unsigned last_number;
	uint8_t atr[33]; /* of card */
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

static int power(void *self, bool on)
{
	struct card_holder *holder = self;
	int r = ERR_NO_CARD;

	(void)pthread_mutex_lock(&holder->working);
	if (card_holder_is_inserted(holder)) {
		if (on)
			card_power_on(holder->card);
		else
			card_power_off(holder->card);
		r = 0;
	}
	(void)pthread_mutex_unlock(&holder->working);
	return r;
}

static int reset(void *self)
{
	struct card_holder *holder = self;
	int r = ERR_NO_CARD;

	(void)pthread_mutex_lock(&holder->working);
	if (card_holder_is_inserted(holder)) {
		card_reset(holder->card);
		r = 0;
	}
	(void)pthread_mutex_unlock(&holder->working);
	return r;
}

static int atr(void *self, struct writer *out)
{
	struct card_holder *holder = self;
	int r = ERR_NO_CARD;

	(void)pthread_mutex_lock(&holder->working);
	if (card_holder_is_inserted(holder)) {
		writer_put(out, card_atr(holder->card));
		r = out->failed ? ERR_LIMIT : 0;
	}
	(void)pthread_mutex_unlock(&holder->working);
	return r;
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	struct card_holder *holder = self;
	int r = ERR_NO_CARD;

	(void)pthread_mutex_lock(&holder->working);
	if (card_holder_is_inserted(holder)) {
		writer_put(response, card_command(holder->card, command));
		r = response->failed ? ERR_LIMIT : 0;
	}
	(void)pthread_mutex_unlock(&holder->working);
	if (r == 0 && !card_holder_is_inserted(holder))
		r = ERR_CLOSED; /* taken out while it worked */
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

/* The card is in, under a new number. */
static void put_in(struct card_holder *holder)
{
	struct bytes atr = card_atr(holder->card);

	holder->number = ++holder->last_number;
	memcpy(holder->atr, atr.data, atr.len);
	holder->atr_len = atr.len;
	(void)pthread_cond_broadcast(&holder->changed);
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
	made->card = card;
	if (card != NULL)
		put_in(made);
	made_slot = slot_new_take(&backend, made);
	if (made_slot == NULL)
		return ERR_NO_MEMORY;
	*slot = made_slot;
	*holder = made;
	return 0;
}

bool card_holder_eject(struct card_holder *holder)
{
	bool ejected;

	(void)pthread_mutex_lock(&holder->lock);
	ejected = holder->number != 0;
	holder->number = 0;
	(void)pthread_cond_broadcast(&holder->changed);
	(void)pthread_mutex_unlock(&holder->lock);
	if (ejected) {
		(void)pthread_mutex_lock(&holder->working);
		card_power_off(holder->card);
		(void)pthread_mutex_unlock(&holder->working);
	}
	return ejected;
}

bool card_holder_insert(struct card_holder *holder)
{
	bool inserted;

	(void)pthread_mutex_lock(&holder->working);
	(void)pthread_mutex_lock(&holder->lock);
	inserted = holder->card != NULL && holder->number == 0;
	if (inserted)
		put_in(holder);
	(void)pthread_mutex_unlock(&holder->lock);
	(void)pthread_mutex_unlock(&holder->working);
	return inserted;
}

void card_holder_swap_take(struct card_holder *holder, struct card *card)
{
	struct card *old;

	(void)pthread_mutex_lock(&holder->working);
	(void)pthread_mutex_lock(&holder->lock);
	old = holder->card;
	holder->card = card;
	put_in(holder);
	(void)pthread_mutex_unlock(&holder->lock);
	(void)pthread_mutex_unlock(&holder->working);
	card_free(old);
}
