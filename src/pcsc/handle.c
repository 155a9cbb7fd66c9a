/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card handles: connect, reconnect, disconnect, and transactions (PC/SC part 5, 3.1; pcsc-lite's
 * semantics where part 5 leaves them open). */
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "pcsc/internal.h"

#define ALL_PROTOCOLS                                                                              \
	(PCSC_PROTOCOL_T0 | PCSC_PROTOCOL_T1 | PCSC_PROTOCOL_RAW | PCSC_PROTOCOL_ANY_OLD)

static bool is_share_mode(uint32_t share)
{
	return share == PCSC_SHARE_EXCLUSIVE || share == PCSC_SHARE_SHARED ||
	    share == PCSC_SHARE_DIRECT;
}

static uint32_t check_share(uint32_t share, uint32_t protocols)
{
	if (share != PCSC_SHARE_DIRECT && (protocols & ALL_PROTOCOLS) == 0)
		return PCSC_E_PROTO_MISMATCH;
	return is_share_mode(share) ? PCSC_OK : PCSC_E_INVALID_VALUE;
}

/* Gives the card power if it has none, and keeps it. */
static uint32_t use_card(struct pcsc_reader *reader)
{
	reader_wait_quiet(reader); /* another may be powering it up, or down */
	if (!(reader->state.state & PCSC_PRESENT))
		return PCSC_E_NO_SMARTCARD;
	if (reader->power == POWER_UNPOWERED && reader_power(reader, READER_POWER_UP) < 0)
		return reader->state.state & PCSC_PRESENT ? PCSC_W_UNPOWERED_CARD
		                                          : PCSC_E_NO_SMARTCARD;
	reader->power = POWER_IN_USE;
	return PCSC_OK;
}

/* Sets the protocol, if that has not been done since the last power-up. */
static uint32_t choose_protocol(struct pcsc_reader *reader, uint32_t share, uint32_t protocols)
{
	if (protocols & PCSC_PROTOCOL_RAW) {
		reader->state.protocol = PCSC_PROTOCOL_RAW;
		return PCSC_OK;
	}
	if (share == PCSC_SHARE_DIRECT)
		return PCSC_OK;
	if (reader->state.protocol != PCSC_PROTOCOL_UNDEFINED) {
		return protocols & reader->state.protocol ? PCSC_OK : PCSC_E_PROTO_MISMATCH;
	}
	reader->state.protocol = reader_negotiate(reader, protocols);
	return reader->state.protocol != PCSC_PROTOCOL_UNDEFINED ? PCSC_OK : PCSC_E_PROTO_MISMATCH;
}

/* Enters the handle among the reader's users. An exclusive one has a transaction for ever. */
static uint32_t share_reader(struct pcsc_reader *reader, uint32_t share, int32_t card)
{
	if (share != PCSC_SHARE_EXCLUSIVE) {
		if (reader->state.sharing == PCSC_SHARING_EXCLUSIVE)
			return PCSC_E_SHARING_VIOLATION;
		reader->state.sharing++;
		return PCSC_OK;
	}
	if (reader->state.sharing != 0)
		return PCSC_E_SHARING_VIOLATION;
	reader->state.sharing = PCSC_SHARING_EXCLUSIVE;
	reader->holder = card;
	reader->depth = 1;
	return PCSC_OK;
}

/* Everything of a connect, but for the books of the context. */
static uint32_t open_card(
    struct pcsc_reader *reader, uint32_t share, uint32_t protocols, struct pcsc_card *card)
{
	struct pcsc_context *context = card->context;
	uint32_t result;

	if (reader->state.sharing == PCSC_SHARING_EXCLUSIVE)
		return PCSC_E_SHARING_VIOLATION;
	result = reader_wait_turn(context, reader, 0, context->waiting.turn_ms);
	if (result == PCSC_OK && share != PCSC_SHARE_DIRECT)
		result = use_card(reader);
	if (result == PCSC_OK)
		result = choose_protocol(reader, share, protocols);
	if (result == PCSC_OK)
		card->id = pcsc_new_id(context->pcsc);
	if (result == PCSC_OK && card->id == 0)
		result = PCSC_E_NO_MEMORY;
	if (result == PCSC_OK)
		result = share_reader(reader, share, card->id);
	return result;
}

static uint32_t connect_locked(struct pcsc_context *context, const char *name, uint32_t share,
    uint32_t protocols, struct pcsc_card *card)
{
	struct pcsc_reader *reader = reader_find(context->pcsc, name);
	uint32_t result;

	if (reader == NULL)
		return PCSC_E_UNKNOWN_READER;
	if (context->n_cards == PCSC_CARDS_MAX)
		return PCSC_E_NO_MEMORY;
	card->context = context;
	card->reader = reader;
	result = open_card(reader, share, protocols, card);
	if (result != PCSC_OK) {
		if (reader->state.sharing == 0)
			reader_unuse(reader);
		return result;
	}
	card->next = context->cards;
	context->cards = card;
	context->n_cards++;
	pcsc_changed(context->pcsc);
	return PCSC_OK;
}

uint32_t pcsc_connect(struct pcsc_context *context, const char *reader, uint32_t share,
    uint32_t protocols, struct pcsc_connection *out)
{
	struct pcsc_card *card;
	uint32_t result = check_share(share, protocols);

	if (result != PCSC_OK)
		return result;
	card = calloc(1, sizeof *card);
	if (card == NULL)
		return PCSC_E_NO_MEMORY;
	(void)pthread_mutex_lock(&context->pcsc->lock);
	result = connect_locked(context, reader, share, protocols, card);
	if (result == PCSC_OK) {
		out->card = card->id;
		out->protocol = card->reader->state.protocol;
	}
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	if (result != PCSC_OK)
		free(card);
	return result;
}

/* Resets the card, warm or cold, for the handle that asked; every handle will be told. */
static uint32_t reset_card(struct pcsc_reader *reader, uint32_t disposition)
{
	int r;

	reader_wait_quiet(reader);
	if (!(reader->state.state & PCSC_PRESENT))
		return PCSC_E_NO_SMARTCARD;
	reader_set_event(reader, PCSC_W_RESET_CARD);
	r = reader_power(reader, disposition == PCSC_RESET_CARD ? READER_RESET : READER_COLD_RESET);
	if (r == 0) {
		reader->power = POWER_IN_USE;
		return PCSC_OK;
	}
	return reader->state.state & PCSC_PRESENT ? PCSC_W_UNRESPONSIVE_CARD : PCSC_E_NO_SMARTCARD;
}

/* What SCardReconnect() does to the card before it looks at protocols. */
static uint32_t initialize(struct pcsc_reader *reader, uint32_t initialization)
{
	if (initialization != PCSC_LEAVE_CARD)
		return reset_card(reader, initialization);
	if (reader->state.state & PCSC_ABSENT)
		return PCSC_E_NO_SMARTCARD;
	if (reader->state.state & PCSC_SWALLOWED)
		return PCSC_W_UNRESPONSIVE_CARD;
	return PCSC_OK;
}

/* Changes how the handle shares the reader. */
static uint32_t reshare(struct pcsc_card *card, uint32_t share)
{
	struct pcsc_reader *reader = card->reader;
	bool was_exclusive = reader->state.sharing == PCSC_SHARING_EXCLUSIVE;

	if (share == PCSC_SHARE_EXCLUSIVE && !was_exclusive) {
		if (reader->state.sharing != 1)
			return PCSC_E_SHARING_VIOLATION;
		reader->state.sharing = PCSC_SHARING_EXCLUSIVE;
		reader->holder = card->id;
		reader->depth++;
	} else if (share != PCSC_SHARE_EXCLUSIVE && was_exclusive) {
		reader->state.sharing = 1;
		if (reader->depth > 1)
			reader->depth--; /* a transaction besides stays open */
		else
			reader_unlock(reader, card->id);
	}
	return PCSC_OK;
}

static uint32_t reconnect_locked(
    struct pcsc_card *card, uint32_t share, uint32_t protocols, uint32_t initialization)
{
	struct pcsc_reader *reader = card->reader;
	uint32_t result =
	    reader_wait_idle(card->context, reader, card->id, card->context->waiting.call_ms);

	/* What is refused in the end should not reset the card before. */
	if (result == PCSC_OK && share == PCSC_SHARE_EXCLUSIVE && reader->state.sharing > 1)
		result = PCSC_E_SHARING_VIOLATION;
	if (result == PCSC_OK)
		result = initialize(reader, initialization);
	if (result == PCSC_OK && share != PCSC_SHARE_DIRECT)
		result = use_card(reader);
	if (result == PCSC_OK)
		result = choose_protocol(reader, share, protocols);
	if (result == PCSC_OK)
		result = reshare(card, share);
	if (result != PCSC_OK)
		return result;
	card->event = 0;
	pcsc_changed(card->context->pcsc);
	return PCSC_OK;
}

uint32_t pcsc_reconnect(struct pcsc_context *context, uint32_t share, uint32_t protocols,
    uint32_t initialization, struct pcsc_connection *inout)
{
	struct pcsc_card *card;
	uint32_t result;

	if (initialization > PCSC_UNPOWER_CARD || !is_share_mode(share))
		return PCSC_E_INVALID_VALUE;
	result = check_share(share, protocols);
	if (result != PCSC_OK)
		return result;
	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, inout->card);
	if (card == NULL)
		result = PCSC_E_INVALID_HANDLE;
	else
		result = reconnect_locked(card, share, protocols, initialization);
	if (result == PCSC_OK)
		inout->protocol = card->reader->state.protocol;
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

/* Takes the handle out of its context's and its reader's books, and frees it. */
static void remove_card(struct pcsc_context *context, struct pcsc_card *card)
{
	struct pcsc_reader *reader = card->reader;
	struct pcsc_card **at;

	for (at = &context->cards; *at != card; at = &(*at)->next)
		;
	*at = card->next;
	context->n_cards--;
	free(card);
	if (reader->state.sharing == PCSC_SHARING_EXCLUSIVE)
		reader->state.sharing = 0;
	else
		reader->state.sharing--;
	if (reader->state.sharing == 0)
		reader_unuse(reader);
	(void)pthread_cond_broadcast(&reader->changed);
	pcsc_changed(context->pcsc);
}

static void power_down(struct pcsc_reader *reader)
{
	reader_wait_quiet(reader);
	if (!(reader->state.state & PCSC_PRESENT))
		return;
	reader_set_event(reader, PCSC_W_RESET_CARD);
	(void)reader_power(reader, READER_POWER_DOWN);
}

/* What the disposition of a disconnect does to the card. That it is not there any more is no error here.
 * To eject it does nothing: a virtual reader has no motor. */
static void dispose(struct pcsc_reader *reader, uint32_t disposition)
{
	if (disposition == PCSC_RESET_CARD)
		(void)reset_card(reader, disposition);
	else if (disposition == PCSC_UNPOWER_CARD)
		power_down(reader);
}

static uint32_t disconnect_locked(
    struct pcsc_context *context, struct pcsc_card *card, uint32_t disposition)
{
	if (disposition != PCSC_LEAVE_CARD) {
		uint32_t result =
		    reader_wait_idle(context, card->reader, card->id, context->waiting.turn_ms);

		if (result != PCSC_OK)
			return result;
	}
	reader_unlock(card->reader, card->id);
	dispose(card->reader, disposition);
	remove_card(context, card);
	return PCSC_OK;
}

uint32_t pcsc_disconnect(struct pcsc_context *context, int32_t card_id, uint32_t disposition)
{
	struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	if (disposition > PCSC_EJECT_CARD)
		return PCSC_E_INVALID_VALUE;
	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = disconnect_locked(context, card, disposition);
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

uint32_t pcsc_begin_transaction(struct pcsc_context *context, int32_t card_id)
{
	struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = card->event;
	if (card != NULL && result == PCSC_OK)
		result = reader_wait_idle(context, card->reader, card_id, context->waiting.call_ms);
	if (result == PCSC_OK)
		result = card->event; /* whoever had the card may have reset it */
	if (result == PCSC_OK) {
		card->reader->holder = card_id;
		card->reader->depth++;
	}
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

/* Ends one level of the transaction. The level that exclusive access consists of stays. */
static uint32_t end_level(struct pcsc_reader *reader, int32_t card)
{
	unsigned lowest = reader->state.sharing == PCSC_SHARING_EXCLUSIVE ? 1 : 0;

	if (reader->holder != 0 && reader->holder != card)
		return PCSC_E_SHARING_VIOLATION;
	if (reader->depth <= lowest)
		return PCSC_E_NOT_TRANSACTED;
	reader->depth--;
	if (reader->depth == 0)
		reader_unlock(reader, card);
	return PCSC_OK;
}

/* What the disposition of an end of a transaction does to the card. */
static uint32_t dispose_at_end(struct pcsc_reader *reader, uint32_t disposition)
{
	if (disposition == PCSC_LEAVE_CARD)
		return PCSC_OK;
	if (disposition == PCSC_EJECT_CARD)
		return PCSC_E_UNSUPPORTED_FEATURE;
	switch (reset_card(reader, disposition)) {
	case PCSC_OK:
		return PCSC_OK;
	case PCSC_E_NO_SMARTCARD:
		return PCSC_W_REMOVED_CARD;
	default:
		return PCSC_E_NOT_TRANSACTED;
	}
}

static uint32_t end_locked(struct pcsc_card *card, uint32_t disposition)
{
	struct pcsc_reader *reader = card->reader;
	uint32_t result, ended;

	if (card->event != 0)
		return card->event;
	if (disposition != PCSC_LEAVE_CARD && reader->holder != 0 && reader->holder != card->id)
		return PCSC_E_SHARING_VIOLATION;
	result = dispose_at_end(reader, disposition);
	ended = end_level(reader, card->id);
	return result != PCSC_OK ? result : ended;
}

uint32_t pcsc_end_transaction(struct pcsc_context *context, int32_t card_id, uint32_t disposition)
{
	struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	if (disposition > PCSC_EJECT_CARD)
		return PCSC_E_INVALID_VALUE;
	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = end_locked(card, disposition);
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

uint32_t pcsc_status(struct pcsc_context *context, int32_t card_id, struct pcsc_reader_state *state)
{
	const struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = reader_wait_turn(context, card->reader, card_id, context->waiting.call_ms);
	if (result == PCSC_OK)
		result = card->event;
	if (result == PCSC_OK && state != NULL)
		*state = card->reader->state;
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

int32_t pcsc_context_of(struct pcsc *pcsc, int32_t card_id)
{
	const struct pcsc_card *card;
	int32_t id = 0;

	(void)pthread_mutex_lock(&pcsc->lock);
	card = pcsc_find_card_anywhere(pcsc, card_id);
	if (card != NULL)
		id = card->context->id;
	(void)pthread_mutex_unlock(&pcsc->lock);
	return id;
}

void pcsc_await_change(struct pcsc *pcsc, int32_t card_id, int limit_ms)
{
	int64_t deadline = clock_deadline(limit_ms);
	struct pcsc_card *card;

	(void)pthread_mutex_lock(&pcsc->lock);
	card = pcsc_find_card_anywhere(pcsc, card_id);
	if (card != NULL && !reader_is_locked_for(card->reader, card_id)) {
		/* Something else is in the way, or was. */
		clock_wait(&card->reader->changed, &pcsc->lock, deadline);
		card = NULL;
	}
	while (card != NULL && reader_is_locked_for(card->reader, card_id) && !pcsc->stopping &&
	    clock_left(deadline) > 0) {
		clock_wait(&card->reader->changed, &pcsc->lock, deadline);
		card = pcsc_find_card_anywhere(pcsc, card_id);
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
}
