/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One slot of a virtual reader.
 *
 * The lock is held for moments only, never while the back end waits. What waits (power, reset, command)
 * takes its turn; presence, the ATR and interrupting need none. The state follows the card's number:
 *
 *   EMPTY ── another number ──> UNPOWERED ── power-up ──> POWERED
 *     ^                             ^  ^─── power-down ──────┘
 *     └── no, or another number ──  └──── and MUTE, when a power-up or a reset fails */
#include "reader/slot.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

#define ATR_MAX 33         /* ISO/IEC 7816-3, 8.1 */
#define SHORTEST_COMMAND 2 /* a single byte would be a control code on the wire */

enum state {
	EMPTY,
	UNPOWERED,
	POWERED,
	MUTE,
};

struct slot {
	const struct reader_backend *backend;
	void *self;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* busy or users has */
	bool closing;
	bool busy;      /* somebody has his turn */
	bool waiting;   /* somebody is in slot_wait() */
	unsigned users; /* calls that are running and may be without the lock */
	unsigned card;  /* its number, 0: none */
	enum state state;
	uint8_t atr[ATR_MAX];
	size_t atr_len;
};

static void lock(struct slot *slot)
{
	(void)pthread_mutex_lock(&slot->lock);
}

static void unlock(struct slot *slot)
{
	(void)pthread_mutex_unlock(&slot->lock);
}

struct slot *slot_new_take(const struct reader_backend *backend, void *self)
{
	struct slot *slot = calloc(1, sizeof *slot);

	if (slot == NULL)
		goto no_slot;
	if (pthread_mutex_init(&slot->lock, NULL) != 0)
		goto no_lock;
	if (pthread_cond_init(&slot->changed, NULL) != 0)
		goto no_condition;
	slot->backend = backend;
	slot->self = self;
	return slot;
no_condition:
	(void)pthread_mutex_destroy(&slot->lock);
no_lock:
	free(slot);
no_slot:
	backend->close(self);
	return NULL;
}

void slot_shut(struct slot *slot)
{
	lock(slot);
	slot->closing = true;
	slot->backend->shut(slot->self);
	(void)pthread_cond_broadcast(&slot->changed);
	unlock(slot);
}

void slot_free(struct slot *slot)
{
	if (slot == NULL)
		return;
	slot_shut(slot);
	lock(slot);
	while (slot->users > 0)
		(void)pthread_cond_wait(&slot->changed, &slot->lock);
	unlock(slot);
	slot->backend->close(slot->self);
	(void)pthread_cond_destroy(&slot->changed);
	(void)pthread_mutex_destroy(&slot->lock);
	free(slot);
}

void slot_abandon(struct slot *slot)
{
	if (slot->backend->abandon != NULL)
		slot->backend->abandon(slot->self);
}

/* Looks for the card, under the lock. A card that has been changed for another counts as gone until it
 * is looked for once more: so its removal is seen, and nobody takes the new card for the old one. */
static void refresh(struct slot *slot)
{
	uint8_t atr[ATR_MAX];
	struct writer w;
	unsigned card;

	writer_init(&w, atr, sizeof atr);
	card = slot->backend->card(slot->self, &w);
	if (!writer_done(&w) || card == slot->card)
		return;
	if (slot->card != 0) {
		slot->card = 0;
		slot->state = EMPTY;
		slot->atr_len = 0;
		return;
	}
	slot->card = card;
	slot->state = UNPOWERED;
	memcpy(slot->atr, atr, w.len);
	slot->atr_len = w.len;
}

unsigned slot_card(struct slot *slot)
{
	unsigned card;

	lock(slot);
	refresh(slot);
	card = slot->card;
	unlock(slot);
	return card;
}

bool slot_present(struct slot *slot)
{
	return slot_card(slot) != 0;
}

int slot_atr(struct slot *slot, struct writer *out)
{
	int r = ERR_NO_CARD;

	lock(slot);
	refresh(slot);
	if (slot->card != 0 && slot->atr_len > writer_left(out)) {
		r = ERR_LIMIT;
	} else if (slot->card != 0) {
		writer_put(out, bytes_of(slot->atr, slot->atr_len));
		r = 0;
	}
	unlock(slot);
	return r;
}

/* Turns */

/* Waits for its turn, under the lock; it may let go of the lock until end_turn(). */
static int begin_turn(struct slot *slot)
{
	slot->users++;
	while (slot->busy && !slot->closing)
		(void)pthread_cond_wait(&slot->changed, &slot->lock);
	if (slot->closing) {
		slot->users--;
		(void)pthread_cond_broadcast(&slot->changed);
		return ERR_INTERRUPTED;
	}
	slot->busy = true;
	return 0;
}

static void end_turn(struct slot *slot)
{
	slot->busy = false;
	slot->users--;
	(void)pthread_cond_broadcast(&slot->changed);
}

/* What the back end does for that, without the lock. */
static int activate_backend(struct slot *slot, bool warm, struct writer *atr)
{
	int r = warm ? slot->backend->reset(slot->self) : slot->backend->power(slot->self, true);

	return r < 0 ? r : slot->backend->atr(slot->self, atr);
}

/* Power-up, or reset of a card that has power; in its turn and under the lock. */
static int activate(struct slot *slot, bool warm, struct writer *out)
{
	uint8_t atr[ATR_MAX];
	struct writer fetched;
	unsigned card;
	int r;

	refresh(slot);
	if (slot->card == 0)
		return ERR_NO_CARD;
	card = slot->card;
	warm = warm && slot->state == POWERED;
	writer_init(&fetched, atr, sizeof atr);
	unlock(slot);
	r = activate_backend(slot, warm, &fetched);
	lock(slot);
	if (slot->card != card)
		return r < 0 ? r : ERR_NO_CARD;
	slot->state = r < 0 ? MUTE : POWERED;
	if (r < 0)
		return r;
	memcpy(slot->atr, atr, fetched.len);
	slot->atr_len = fetched.len;
	if (fetched.len > writer_left(out))
		return ERR_LIMIT;
	writer_put(out, writer_bytes(&fetched));
	return 0;
}

static int activate_in_turn(struct slot *slot, bool warm, struct writer *atr)
{
	int r;

	lock(slot);
	r = begin_turn(slot);
	if (r == 0) {
		r = activate(slot, warm, atr);
		end_turn(slot);
	}
	unlock(slot);
	return r;
}

int slot_power_up(struct slot *slot, struct writer *atr)
{
	return activate_in_turn(slot, false, atr);
}

int slot_reset(struct slot *slot, struct writer *atr)
{
	return activate_in_turn(slot, true, atr);
}

/* In its turn and under the lock. */
static int deactivate(struct slot *slot)
{
	int r;

	refresh(slot);
	if (slot->card == 0)
		return ERR_NO_CARD;
	slot->state = UNPOWERED;
	unlock(slot);
	r = slot->backend->power(slot->self, false);
	lock(slot);
	return r;
}

int slot_power_down(struct slot *slot)
{
	int r;

	lock(slot);
	r = begin_turn(slot);
	if (r == 0) {
		r = deactivate(slot);
		end_turn(slot);
	}
	unlock(slot);
	return r;
}

/* In its turn and under the lock. Whether the card is still there, the back end tells. */
static int transmit(struct slot *slot, struct bytes command, struct writer *response)
{
	static const uint8_t wrong_length[] = { 0x67, 0x00 };
	int r;

	if (slot->state != POWERED)
		return ERR_NO_CARD;
	if (command.len < SHORTEST_COMMAND) {
		if (writer_left(response) < sizeof wrong_length)
			return ERR_LIMIT;
		writer_put(response, BYTES_OF_ARRAY(wrong_length));
		return 0;
	}
	unlock(slot);
	r = slot->backend->transmit(slot->self, command, response);
	lock(slot);
	return r;
}

int slot_transmit(struct slot *slot, struct bytes command, struct writer *response)
{
	int r;

	lock(slot);
	r = begin_turn(slot);
	if (r == 0) {
		r = transmit(slot, command, response);
		end_turn(slot);
	}
	unlock(slot);
	return r;
}

/* Waiting */

/* What somebody waits to see changed. */
struct known {
	bool numbered; /* the card, else only whether there is one */
	unsigned card; /* its number, or 1 and 0 */
};

static bool differs(const struct slot *slot, const struct known *known)
{
	return known->numbered ? slot->card != known->card
	                       : (slot->card != 0) != (known->card != 0);
}

/* The only thread here, under the lock. */
static int wait_change(struct slot *slot, const struct known *known, int64_t deadline)
{
	for (;;) {
		unsigned card;
		int r;

		refresh(slot);
		if (differs(slot, known))
			return 0;
		card = slot->card;
		unlock(slot);
		r = slot->backend->wait(slot->self, card, clock_left(deadline));
		lock(slot);
		if (slot->closing)
			return ERR_INTERRUPTED;
		if (r < 0)
			return r;
	}
}

static int wait_alone(struct slot *slot, const struct known *known, int timeout_ms)
{
	int64_t deadline = clock_deadline(timeout_ms);
	int r;

	lock(slot);
	if (slot->closing || slot->waiting) {
		r = slot->closing ? ERR_INTERRUPTED : ERR_EXISTS;
		unlock(slot);
		return r;
	}
	slot->users++;
	slot->waiting = true;
	r = wait_change(slot, known, deadline);
	slot->waiting = false;
	slot->users--;
	(void)pthread_cond_broadcast(&slot->changed);
	unlock(slot);
	return r;
}

int slot_wait(struct slot *slot, bool known, int timeout_ms)
{
	return wait_alone(slot, &(struct known){ .card = known }, timeout_ms);
}

int slot_wait_card(struct slot *slot, unsigned known, int timeout_ms)
{
	return wait_alone(slot, &(struct known){ .numbered = true, .card = known }, timeout_ms);
}

void slot_interrupt(struct slot *slot)
{
	slot->backend->interrupt(slot->self);
}
