/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader: who may speak to its card, the power of the card, and the thread that watches for a card to
 * come or go. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "pcsc/internal.h"

/* A pause of the watcher when the slot fails in an unforeseen way, so that it never spins. */
#define FAILURE_PAUSE_MS 200

struct pcsc_reader *reader_find(struct pcsc *pcsc, const char *name)
{
	for (unsigned i = 0; i < pcsc->n_readers; i++)
		if (strcmp(pcsc->readers[i]->state.name, name) == 0)
			return pcsc->readers[i];
	return NULL;
}

bool reader_is_locked_for(const struct pcsc_reader *reader, int32_t card)
{
	return reader->holder != 0 && reader->holder != card;
}

/* Waits for one change, until the deadline. PCSC_OK: look again. */
static uint32_t wait_once(
    struct pcsc_context *context, struct pcsc_reader *reader, int64_t deadline)
{
	const struct pcsc_waiting *waiting = &context->waiting;
	int left = clock_left(deadline);

	if (context->pcsc->stopping)
		return PCSC_E_SERVICE_STOPPED;
	if (left == 0)
		return PCSC_E_SHARING_VIOLATION;
	if (waiting->gone != NULL && waiting->gone(waiting->arg))
		return PCSC_F_COMM_ERROR;
	if (waiting->gone != NULL && (left < 0 || left > GONE_CHECK_MS))
		left = GONE_CHECK_MS;
	clock_wait(&reader->changed, &context->pcsc->lock, clock_deadline(left));
	return PCSC_OK;
}

uint32_t reader_wait_turn(
    struct pcsc_context *context, struct pcsc_reader *reader, int32_t card, int limit_ms)
{
	uint32_t result = PCSC_OK;
	int64_t deadline;

	if (!reader_is_locked_for(reader, card))
		return PCSC_OK;
	/* A transaction of its own the context would await for ever. */
	if (limit_ms < 0 && pcsc_find_card(context, reader->holder) != NULL)
		return PCSC_E_SHARING_VIOLATION;
	deadline = clock_deadline(limit_ms);
	while (result == PCSC_OK && reader_is_locked_for(reader, card))
		result = wait_once(context, reader, deadline);
	return result;
}

uint32_t reader_wait_idle(
    struct pcsc_context *context, struct pcsc_reader *reader, int32_t card, int limit_ms)
{
	uint32_t result = reader_wait_turn(context, reader, card, limit_ms);

	while (result == PCSC_OK && reader->busy) {
		result = wait_once(context, reader, CLOCK_FOREVER);
		if (result == PCSC_OK)
			result = reader_wait_turn(context, reader, card, limit_ms);
	}
	return result;
}

void reader_wait_quiet(struct pcsc_reader *reader)
{
	while (reader->busy)
		(void)pthread_cond_wait(&reader->changed, &reader->pcsc->lock);
}

void reader_claim(struct pcsc_reader *reader)
{
	assert(!reader->busy);
	reader->busy = true;
	(void)pthread_mutex_unlock(&reader->pcsc->lock);
}

void reader_unclaim(struct pcsc_reader *reader)
{
	(void)pthread_mutex_lock(&reader->pcsc->lock);
	reader->busy = false;
	(void)pthread_cond_broadcast(&reader->changed);
}

/* Speaks to the slot; atr receives what it answers. */
static int act(struct slot *slot, enum reader_action action, struct writer *atr)
{
	int r;

	switch (action) {
	case READER_POWER_UP:
		return slot_power_up(slot, atr);
	case READER_RESET:
		return slot_reset(slot, atr);
	case READER_COLD_RESET:
		r = slot_power_down(slot);
		return r < 0 ? r : slot_power_up(slot, atr);
	case READER_POWER_DOWN:
		return slot_power_down(slot);
	}
	return ERR_UNSUPPORTED;
}

/* The state after an action; a card that does not come up is mute. */
static uint32_t state_after(enum reader_action action, int r)
{
	if (r == ERR_NO_CARD || r == ERR_CLOSED)
		return PCSC_ABSENT;
	if (r < 0)
		return PCSC_PRESENT | PCSC_SWALLOWED;
	if (action == READER_POWER_DOWN)
		return PCSC_PRESENT;
	return PCSC_PRESENT | PCSC_POWERED | PCSC_NEGOTIABLE;
}

int reader_power(struct pcsc_reader *reader, enum reader_action action)
{
	uint8_t memory[PCSC_ATR_SIZE];
	unsigned card = reader->card;
	struct writer atr;
	int r;

	writer_init(&atr, memory, sizeof memory);
	reader_claim(reader);
	r = act(reader->slot, action, &atr);
	reader_unclaim(reader);
	if (reader->card != card)
		return ERR_NO_CARD; /* what is true now, the watcher has written down */
	if (r == 0 && !writer_done(&atr))
		r = ERR_PROTOCOL;
	reader->state.state = state_after(action, r);
	reader->state.protocol = PCSC_PROTOCOL_UNDEFINED;
	if (r < 0) {
		reader->state.atr_len = 0;
		reader->power = POWER_UNPOWERED;
	} else if (action == READER_POWER_DOWN) {
		reader->power = POWER_UNPOWERED;
	} else {
		memcpy(reader->state.atr, memory, atr.len);
		reader->state.atr_len = (uint32_t)atr.len;
	}
	pcsc_changed(reader->pcsc);
	return r;
}

void reader_set_event(struct pcsc_reader *reader, uint32_t event)
{
	for (struct pcsc_context *c = reader->pcsc->contexts; c != NULL; c = c->next)
		for (struct pcsc_card *card = c->cards; card != NULL; card = card->next)
			if (card->reader == reader)
				card->event = event;
	if (event == PCSC_W_REMOVED_CARD)
		reader_unlock(reader, reader->holder);
}

void reader_unlock(struct pcsc_reader *reader, int32_t card)
{
	if (reader->holder != card)
		return;
	reader->holder = 0;
	reader->depth = 0;
	(void)pthread_cond_broadcast(&reader->changed);
}

void reader_unuse(struct pcsc_reader *reader)
{
	if (reader->power != POWER_IN_USE)
		return;
	reader->power = POWER_UNUSED;
	reader->power_off_at = clock_deadline(POWER_OFF_GRACE_MS);
	slot_interrupt(reader->slot); /* the watcher looks at the clock again */
}

/* The protocols of TDi and, in specific mode, TA2. False: the ATR ends here. */
static bool take_interface_bytes(struct bytes *atr, unsigned i, uint8_t *y, uint32_t *offered)
{
	uint8_t ta = 0, other, td = 0;
	uint8_t has = *y;

	if (((has & 1) && !bytes_take_u8(atr, &ta)) || ((has & 2) && !bytes_take_u8(atr, &other)) ||
	    ((has & 4) && !bytes_take_u8(atr, &other)) || ((has & 8) && !bytes_take_u8(atr, &td)))
		return false;
	if (has & 8)
		*offered |= 1u << (td & 0x0F);
	*y = has & 8 ? td >> 4 : 0;
	if (i != 2 || !(has & 1))
		return true;
	*offered = 1u << (ta & 0x0F);
	return false;
}

/* What an ATR offers (ISO/IEC 7816-3, 8.2.3), bit n for T=n; T=0 if it names none. Nothing but the
 * interface bytes is looked at: many a card that works has a wrong TCK. */
static uint32_t offered_protocols(struct bytes atr)
{
	uint32_t offered = 0;
	uint8_t ts, y;

	if (!bytes_take_u8(&atr, &ts) || (ts != 0x3B && ts != 0x3F) || !bytes_take_u8(&atr, &y))
		return 0;
	y >>= 4;
	for (unsigned i = 1; y != 0 && take_interface_bytes(&atr, i, &y, &offered); i++)
		;
	return offered != 0 ? offered : PCSC_PROTOCOL_T0;
}

uint32_t reader_negotiate(const struct pcsc_reader *reader, uint32_t protocols)
{
	uint32_t offered = offered_protocols(bytes_of(reader->state.atr, reader->state.atr_len));

	if (protocols & PCSC_PROTOCOL_ANY_OLD)
		protocols = PCSC_PROTOCOL_T0 | PCSC_PROTOCOL_T1;
	if (protocols & offered & PCSC_PROTOCOL_T1)
		return PCSC_PROTOCOL_T1;
	return protocols & offered & PCSC_PROTOCOL_T0;
}

static void count_event(struct pcsc_reader *reader)
{
	reader->state.event_counter = (reader->state.event_counter + 1) & 0xFFFF;
}

static void card_came(struct pcsc_reader *reader, unsigned card)
{
	reader->card = card;
	if (reader_power(reader, READER_POWER_UP) < 0)
		return;
	reader->power = POWER_UNUSED;
	reader->power_off_at = clock_deadline(POWER_OFF_GRACE_MS);
}

static void card_left(struct pcsc_reader *reader)
{
	reader_set_event(reader, PCSC_W_REMOVED_CARD);
	reader->card = 0;
	reader->state.state = PCSC_ABSENT;
	reader->state.atr_len = 0;
	reader->state.protocol = PCSC_PROTOCOL_UNDEFINED;
	reader->power = POWER_UNPOWERED;
	count_event(reader);
	pcsc_changed(reader->pcsc);
}

/* The slot has another card, or none. */
static void card_changed(struct pcsc_reader *reader)
{
	unsigned card;

	if (reader->card != 0)
		card_left(reader);
	reader_wait_quiet(reader);
	card = slot_card(reader->slot);
	if (card == 0)
		return;
	count_event(reader);
	card_came(reader, card);
}

/* A card that nobody has used for a while loses its power, and with it its security state; nobody is
 * told: the next connect powers it up again. */
static void power_off_unused(struct pcsc_reader *reader)
{
	if (reader->power != POWER_UNUSED || clock_left(reader->power_off_at) > 0)
		return;
	if (reader->busy) { /* somebody speaks to it who has not asked for power */
		reader->power_off_at = clock_deadline(POWER_OFF_GRACE_MS);
		return;
	}
	reader->power = POWER_UNPOWERED;
	reader->state.protocol = PCSC_PROTOCOL_UNDEFINED;
	reader_claim(reader);
	if (slot_power_down(reader->slot) < 0)
		log_debug("%s: the card could not be powered down", reader->state.name);
	reader_unclaim(reader);
}

static void *watch(void *arg)
{
	struct pcsc_reader *reader = arg;
	struct pcsc *pcsc = reader->pcsc;

	(void)pthread_mutex_lock(&pcsc->lock);
	while (!reader->stopping && !pcsc->stopping) {
		int64_t until =
		    reader->power == POWER_UNUSED ? reader->power_off_at : CLOCK_FOREVER;
		unsigned known = reader->card;
		int r;

		(void)pthread_mutex_unlock(&pcsc->lock);
		r = slot_wait_card(reader->slot, known, clock_left(until));
		(void)pthread_mutex_lock(&pcsc->lock);
		if (r == 0)
			card_changed(reader);
		else if (r != ERR_TIMEOUT && r != ERR_INTERRUPTED)
			clock_wait(&reader->changed, &pcsc->lock, clock_deadline(FAILURE_PAUSE_MS));
		power_off_unused(reader);
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
	return NULL;
}

int reader_start(struct pcsc_reader *reader)
{
	unsigned card;

	(void)pthread_mutex_lock(&reader->pcsc->lock);
	card = slot_card(reader->slot);
	if (card != 0)
		card_came(reader, card);
	(void)pthread_mutex_unlock(&reader->pcsc->lock);
	if (pthread_create(&reader->watcher, NULL, watch, reader) != 0)
		return ERR_NO_MEMORY;
	reader->has_watcher = true;
	return 0;
}

void reader_stop(struct pcsc_reader *reader)
{
	(void)pthread_mutex_lock(&reader->pcsc->lock);
	reader->stopping = true;
	(void)pthread_mutex_unlock(&reader->pcsc->lock);
	slot_interrupt(reader->slot);
	if (reader->has_watcher)
		(void)pthread_join(reader->watcher, NULL);
	reader->has_watcher = false;
}
