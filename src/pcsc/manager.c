/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manager: its readers and contexts, who watches them, and numbers for handles. */
#include "pcsc/manager.h"

#include <stdlib.h>
#include <string.h>

#include "base/entropy.h"
#include "base/err.h"
#include "pcsc/internal.h"

struct pcsc *pcsc_new(void)
{
	struct pcsc *pcsc = calloc(1, sizeof *pcsc);

	if (pcsc == NULL)
		return NULL;
	if (pthread_mutex_init(&pcsc->lock, NULL) != 0) {
		free(pcsc);
		return NULL;
	}
	return pcsc;
}

void pcsc_stop(struct pcsc *pcsc)
{
	(void)pthread_mutex_lock(&pcsc->lock);
	pcsc->stopping = true;
	for (unsigned i = 0; i < pcsc->n_readers; i++)
		(void)pthread_cond_broadcast(&pcsc->readers[i]->changed);
	for (struct pcsc_context *c = pcsc->contexts; c != NULL; c = c->next) {
		if (c->notify != NULL)
			c->notify(c->notify_arg, PCSC_E_SERVICE_STOPPED);
		c->notify = NULL;
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
	for (unsigned i = 0; i < pcsc->n_readers; i++)
		slot_shut(pcsc->readers[i]->slot);
}

static void reader_free(struct pcsc_reader *reader)
{
	slot_free(reader->slot);
	(void)pthread_cond_destroy(&reader->changed);
	free(reader);
}

void pcsc_free(struct pcsc *pcsc)
{
	if (pcsc == NULL)
		return;
	pcsc_stop(pcsc);
	for (unsigned i = 0; i < pcsc->n_readers; i++) {
		reader_stop(pcsc->readers[i]);
		reader_free(pcsc->readers[i]);
	}
	(void)pthread_mutex_destroy(&pcsc->lock);
	free(pcsc);
}

/* Puts the reader into the table under its name. */
static int enter_reader(struct pcsc *pcsc, struct pcsc_reader *reader, const char *name)
{
	int r = 0;

	(void)pthread_mutex_lock(&pcsc->lock);
	if (pcsc->n_readers == PCSC_READERS_MAX || strlen(name) >= PCSC_READER_NAME_SIZE) {
		r = ERR_LIMIT;
	} else if (reader_find(pcsc, name) != NULL) {
		r = ERR_EXISTS;
	} else {
		memcpy(reader->state.name, name, strlen(name) + 1);
		reader->number = pcsc->n_readers;
		pcsc->readers[pcsc->n_readers++] = reader;
		pcsc_changed(pcsc);
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
	return r;
}

int pcsc_add_reader_take(struct pcsc *pcsc, const char *name, struct slot *slot)
{
	struct pcsc_reader *reader = calloc(1, sizeof *reader);
	int r;

	if (reader == NULL || pthread_cond_init(&reader->changed, NULL) != 0) {
		free(reader);
		slot_free(slot);
		return ERR_NO_MEMORY;
	}
	reader->pcsc = pcsc;
	reader->slot = slot;
	reader->state.state = PCSC_ABSENT;
	r = reader_start(reader);
	if (r == 0)
		r = enter_reader(pcsc, reader, name);
	if (r < 0) {
		reader_stop(reader);
		reader_free(reader);
	}
	return r;
}

static void copy_states(const struct pcsc *pcsc, struct pcsc_reader_state states[PCSC_READERS_MAX])
{
	memset(states, 0, PCSC_READERS_MAX * sizeof states[0]);
	for (unsigned i = 0; i < pcsc->n_readers; i++)
		states[i] = pcsc->readers[i]->state;
}

void pcsc_abandon(struct pcsc *pcsc)
{
	for (unsigned i = 0; i < pcsc->n_readers; i++)
		slot_abandon(pcsc->readers[i]->slot);
}

void pcsc_states(struct pcsc *pcsc, struct pcsc_reader_state states[PCSC_READERS_MAX])
{
	(void)pthread_mutex_lock(&pcsc->lock);
	copy_states(pcsc, states);
	(void)pthread_mutex_unlock(&pcsc->lock);
}

static bool is_id_taken(const struct pcsc *pcsc, int32_t id)
{
	for (const struct pcsc_context *c = pcsc->contexts; c != NULL; c = c->next)
		if (c->id == id || pcsc_find_card(c, id) != NULL)
			return true;
	return false;
}

int32_t pcsc_new_id(struct pcsc *pcsc)
{
	uint32_t value;

	do {
		if (entropy_get((uint8_t *)&value, sizeof value) < 0)
			return 0;
		value &= INT32_MAX;
	} while (value == 0 || is_id_taken(pcsc, (int32_t)value));
	return (int32_t)value;
}

uint32_t pcsc_establish(struct pcsc *pcsc, uint32_t scope, const struct pcsc_waiting *waiting,
    struct pcsc_context **out)
{
	struct pcsc_context *context;
	uint32_t result = PCSC_E_NO_MEMORY;

	if (scope > PCSC_SCOPE_GLOBAL)
		return PCSC_E_INVALID_VALUE;
	context = calloc(1, sizeof *context);
	if (context == NULL)
		return PCSC_E_NO_MEMORY;
	context->pcsc = pcsc;
	context->waiting = *waiting;
	(void)pthread_mutex_lock(&pcsc->lock);
	if (pcsc->n_contexts < PCSC_CONTEXTS_MAX)
		context->id = pcsc_new_id(pcsc);
	if (context->id != 0) {
		context->next = pcsc->contexts;
		pcsc->contexts = context;
		pcsc->n_contexts++;
		result = PCSC_OK;
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
	if (result == PCSC_OK)
		*out = context;
	else
		free(context);
	return result;
}

/* What becomes of a card whose application leaves without a word: reset if it was in the middle of a
 * transaction, unless it has been reset or taken out since. */
static uint32_t last_disposition(struct pcsc *pcsc, const struct pcsc_card *card)
{
	uint32_t disposition = PCSC_LEAVE_CARD;

	(void)pthread_mutex_lock(&pcsc->lock);
	if (card->reader->holder == card->id && card->event == 0)
		disposition = PCSC_RESET_CARD;
	(void)pthread_mutex_unlock(&pcsc->lock);
	return disposition;
}

void pcsc_release(struct pcsc_context *context)
{
	struct pcsc *pcsc = context->pcsc;
	struct pcsc_context **at;

	while (context->cards != NULL) {
		int32_t card = context->cards->id;
		uint32_t disposition = last_disposition(pcsc, context->cards);

		if (pcsc_disconnect(context, card, disposition) != PCSC_OK)
			(void)pcsc_disconnect(context, card, PCSC_LEAVE_CARD);
	}
	(void)pthread_mutex_lock(&pcsc->lock);
	for (at = &pcsc->contexts; *at != context; at = &(*at)->next)
		;
	*at = context->next;
	pcsc->n_contexts--;
	(void)pthread_mutex_unlock(&pcsc->lock);
	free(context);
}

int32_t pcsc_context_id(const struct pcsc_context *context)
{
	return context->id;
}

struct pcsc_card *pcsc_find_card(const struct pcsc_context *context, int32_t id)
{
	for (struct pcsc_card *card = context->cards; card != NULL; card = card->next)
		if (card->id == id)
			return card;
	return NULL;
}

struct pcsc_card *pcsc_find_card_anywhere(const struct pcsc *pcsc, int32_t id)
{
	struct pcsc_card *card = NULL;

	for (const struct pcsc_context *c = pcsc->contexts; c != NULL && card == NULL; c = c->next)
		card = pcsc_find_card(c, id);
	return card;
}

void pcsc_changed(struct pcsc *pcsc)
{
	for (struct pcsc_context *c = pcsc->contexts; c != NULL; c = c->next) {
		if (c->notify != NULL)
			c->notify(c->notify_arg, PCSC_OK);
		c->notify = NULL;
	}
}

void pcsc_watch(struct pcsc_context *context, void (*notify)(void *arg, uint32_t result), void *arg,
    struct pcsc_reader_state states[PCSC_READERS_MAX])
{
	struct pcsc *pcsc = context->pcsc;

	(void)pthread_mutex_lock(&pcsc->lock);
	context->notify = notify;
	context->notify_arg = arg;
	if (states != NULL)
		copy_states(pcsc, states);
	if (pcsc->stopping) {
		notify(arg, PCSC_E_SERVICE_STOPPED);
		context->notify = NULL;
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
}

bool pcsc_unwatch(struct pcsc_context *context)
{
	bool watched;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	watched = context->notify != NULL;
	context->notify = NULL;
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return watched;
}

uint32_t pcsc_cancel(struct pcsc *pcsc, int32_t context_id)
{
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&pcsc->lock);
	for (struct pcsc_context *c = pcsc->contexts; c != NULL; c = c->next) {
		if (c->id != context_id)
			continue;
		if (c->notify != NULL)
			c->notify(c->notify_arg, PCSC_E_CANCELLED);
		c->notify = NULL;
		result = PCSC_OK;
	}
	(void)pthread_mutex_unlock(&pcsc->lock);
	return result;
}
