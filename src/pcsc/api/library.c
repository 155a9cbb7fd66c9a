/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manager behind the C API: opened by the first context, closed with the last one. One lock guards
 * the list of contexts; it is not held while a call runs.
 *
 * After fork() the child has none of the parent's threads: it forgets manager and contexts, whose handles
 * are invalid there, and opens readers of its own when it makes a context. */
#include "pcsc/api/library.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "pcsc/api/readers.h"
#include "vpcd/protocol.h"

/* A call that others keep out is made again that often at least. */
#define AWAIT_MS 100

/* The tables behind the SCard* ABI. */
static struct {
	pthread_mutex_t lock;
	struct pcsc *pcsc;
	struct library_context *contexts;
	unsigned n_contexts;
	unsigned n_awaiting; /* threads in library_await() */
	int64_t wait_until;  /* so long a new context waits for the first card */
	bool no_blocking;
	bool watches_fork;
} library = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void before_fork(void)
{
	(void)pthread_mutex_lock(&library.lock);
}

static void after_fork_in_parent(void)
{
	(void)pthread_mutex_unlock(&library.lock);
}

static void after_fork_in_child(void)
{
	if (library.pcsc != NULL)
		pcsc_abandon(library.pcsc);
	library.pcsc = NULL;
	library.contexts = NULL;
	library.n_contexts = 0;
	library.n_awaiting = 0;
	(void)pthread_mutex_unlock(&library.lock);
}

/* After the readers have been opened: waits a little for a card, so that a short-lived application finds
 * the one that is just about to connect. */
struct first_card {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool has_changed;
};

static void note_change(void *arg, uint32_t result)
{
	struct first_card *first = arg;

	(void)pthread_mutex_lock(&first->lock);
	first->has_changed = true;
	(void)pthread_cond_signal(&first->changed);
	(void)pthread_mutex_unlock(&first->lock);
}

static bool any_card(const struct pcsc_reader_state states[PCSC_READERS_MAX])
{
	for (unsigned i = 0; i < PCSC_READERS_MAX; i++)
		if (states[i].state & PCSC_PRESENT)
			return true;
	return false;
}

/* Waits for one change, until the deadline. */
static void wait_change(struct first_card *first, int64_t deadline)
{
	(void)pthread_mutex_lock(&first->lock);
	while (!first->has_changed && clock_left(deadline) > 0)
		clock_wait(&first->changed, &first->lock, deadline);
	first->has_changed = false;
	(void)pthread_mutex_unlock(&first->lock);
}

static void wait_for_first_card(struct pcsc_context *context, int64_t deadline)
{
	struct first_card first = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
	struct pcsc_reader_state states[PCSC_READERS_MAX];

	pcsc_watch(context, note_change, &first, states);
	while (!any_card(states) && clock_left(deadline) > 0) {
		wait_change(&first, deadline);
		pcsc_watch(context, note_change, &first, states);
	}
	(void)pcsc_unwatch(context);
}

/* With the lock. */
static uint32_t open_manager(void)
{
	if (library.pcsc != NULL)
		return PCSC_OK;
	if (!library.watches_fork &&
	    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
		return PCSC_E_NO_MEMORY;
	library.watches_fork = true;
	library.no_blocking = getenv("PCSCLITE_NO_BLOCKING") != NULL;
	library.wait_until = clock_deadline(readers_wait_ms());
	library.pcsc = pcsc_new();
	if (library.pcsc == NULL)
		return PCSC_E_NO_MEMORY;
	if (readers_open(library.pcsc) == 0)
		return PCSC_OK;
	pcsc_free(library.pcsc);
	library.pcsc = NULL;
	return PCSC_E_NO_SERVICE;
}

static void close_manager_if_unused(void)
{
	if (library.n_contexts > 0 || library.n_awaiting > 0)
		return;
	pcsc_free(library.pcsc);
	library.pcsc = NULL;
}

static uint32_t establish_locked(uint32_t scope, struct library_context *made)
{
	/* What waits for others does so in library_await(), where the context is free for other threads. */
	const struct pcsc_waiting waiting = { .turn_ms = -1, .call_ms = 0 };
	uint32_t result = open_manager();

	if (result == PCSC_OK)
		result = pcsc_establish(library.pcsc, scope, &waiting, &made->context);
	if (result != PCSC_OK) {
		close_manager_if_unused();
		return result;
	}
	made->id = pcsc_context_id(made->context);
	made->next = library.contexts;
	library.contexts = made;
	library.n_contexts++;
	return PCSC_OK;
}

uint32_t library_establish(uint32_t scope, int32_t *id)
{
	struct library_context *made = calloc(1, sizeof *made);
	int64_t wait_until;
	uint32_t result;

	if (made == NULL || pthread_mutex_init(&made->turn, NULL) != 0) {
		free(made);
		return PCSC_E_NO_MEMORY;
	}
	made->users = 1; /* the list's */
	(void)pthread_mutex_lock(&library.lock);
	result = establish_locked(scope, made);
	wait_until = library.wait_until;
	(void)pthread_mutex_unlock(&library.lock);
	if (result == PCSC_OK) {
		/* Nobody else knows its number yet. */
		wait_for_first_card(made->context, wait_until);
		*id = made->id;
	} else {
		(void)pthread_mutex_destroy(&made->turn);
		free(made);
	}
	return result;
}

/* With the lock. */
static void unuse(struct library_context *context)
{
	if (--context->users > 0)
		return;
	(void)pthread_mutex_destroy(&context->turn);
	free(context->response);
	free(context);
}

static struct library_context *find(LONG id)
{
	for (struct library_context *c = library.contexts; c != NULL; c = c->next)
		if (c->id == id)
			return c;
	return NULL;
}

struct library_context *library_enter(LONG id)
{
	struct library_context *found;

	(void)pthread_mutex_lock(&library.lock);
	found = find(id);
	if (found != NULL)
		found->users++;
	(void)pthread_mutex_unlock(&library.lock);
	if (found == NULL)
		return NULL;
	(void)pthread_mutex_lock(&found->turn);
	if (found->context != NULL)
		return found;
	library_leave(found); /* released while this thread waited for its turn */
	return NULL;
}

struct library_context *library_enter_card(LONG card)
{
	int32_t id = 0;

	if (card <= 0 || card > INT32_MAX)
		return NULL;
	(void)pthread_mutex_lock(&library.lock);
	if (library.pcsc != NULL)
		id = pcsc_context_of(library.pcsc, (int32_t)card);
	(void)pthread_mutex_unlock(&library.lock);
	return id != 0 ? library_enter(id) : NULL;
}

void library_leave(struct library_context *context)
{
	(void)pthread_mutex_unlock(&context->turn);
	(void)pthread_mutex_lock(&library.lock);
	unuse(context);
	(void)pthread_mutex_unlock(&library.lock);
}

uint32_t library_release(int32_t id)
{
	struct library_context *context = library_enter(id);
	struct library_context **at;

	if (context == NULL)
		return PCSC_E_INVALID_HANDLE;
	pcsc_release(context->context);
	context->context = NULL;
	(void)pthread_mutex_lock(&library.lock);
	for (at = &library.contexts; *at != context; at = &(*at)->next)
		;
	*at = context->next;
	library.n_contexts--;
	unuse(context); /* the list's use */
	close_manager_if_unused();
	(void)pthread_mutex_unlock(&library.lock);
	library_leave(context); /* NOLINT(clang-analyzer-unix.Malloc): our own use is left */
	return PCSC_OK;
}

uint32_t library_cancel(LONG id)
{
	struct library_context *context;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&library.lock);
	context = find(id);
	if (context != NULL) {
		context->is_cancelled = context->is_waiting;
		result = context->is_waiting ? pcsc_cancel(library.pcsc, context->id) : PCSC_OK;
	}
	(void)pthread_mutex_unlock(&library.lock);
	return result;
}

void library_begin_wait(struct library_context *context)
{
	(void)pthread_mutex_lock(&library.lock);
	context->is_waiting = true;
	context->is_cancelled = false;
	(void)pthread_mutex_unlock(&library.lock);
}

bool library_is_cancelled(struct library_context *context)
{
	bool is_cancelled;

	(void)pthread_mutex_lock(&library.lock);
	is_cancelled = context->is_cancelled;
	(void)pthread_mutex_unlock(&library.lock);
	return is_cancelled;
}

void library_end_wait(struct library_context *context)
{
	(void)pthread_mutex_lock(&library.lock);
	context->is_waiting = false;
	(void)pthread_mutex_unlock(&library.lock);
}

uint8_t *library_response(struct library_context *context)
{
	if (context->response == NULL)
		context->response = malloc(VPCD_MESSAGE_MAX);
	return context->response;
}

bool library_await(LONG card, bool always)
{
	struct pcsc *pcsc = NULL;

	(void)pthread_mutex_lock(&library.lock);
	if (library.pcsc != NULL && (always || !library.no_blocking)) {
		pcsc = library.pcsc;
		library.n_awaiting++;
	}
	(void)pthread_mutex_unlock(&library.lock);
	if (pcsc == NULL)
		return false;
	pcsc_await_change(pcsc, (int32_t)card, AWAIT_MS);
	(void)pthread_mutex_lock(&library.lock);
	library.n_awaiting--;
	close_manager_if_unused();
	(void)pthread_mutex_unlock(&library.lock);
	return true;
}

bool library_has(LONG id)
{
	bool has;

	(void)pthread_mutex_lock(&library.lock);
	has = find(id) != NULL;
	(void)pthread_mutex_unlock(&library.lock);
	return has;
}

void library_states(struct pcsc_reader_state states[PCSC_READERS_MAX])
{
	(void)pthread_mutex_lock(&library.lock);
	pcsc_states(library.pcsc, states);
	(void)pthread_mutex_unlock(&library.lock);
}
