/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCardGetStatusChange(): compares what an application knows of readers with how they are, and waits
 * until that differs. */
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/compiler.h"
#include "pcsc/api/library.h"

/* The name under which an application waits for readers to come and go. Ours do neither. */
#define PNP_NOTIFICATION "\\\\?PnP?\\Notification"

#define COUNTER(state) ((state) >> 16 & 0xFFFF)

static const struct pcsc_reader_state *find(
    const struct pcsc_reader_state states[PCSC_READERS_MAX], const char *name)
{
	for (unsigned i = 0; i < PCSC_READERS_MAX; i++)
		if (states[i].name[0] != '\0' && strcmp(states[i].name, name) == 0)
			return &states[i];
	return NULL;
}

/* The SCARD_STATE_* of a reader. */
static DWORD event_of(const struct pcsc_reader_state *state)
{
	DWORD event = 0;

	if (state->state & PCSC_ABSENT)
		event |= SCARD_STATE_EMPTY;
	if (state->state & PCSC_PRESENT)
		event |= SCARD_STATE_PRESENT;
	if (state->state & PCSC_SWALLOWED)
		event |= SCARD_STATE_MUTE;
	if (state->sharing == PCSC_SHARING_EXCLUSIVE)
		event |= SCARD_STATE_EXCLUSIVE;
	else if (state->sharing > 0 && (state->state & PCSC_PRESENT))
		event |= SCARD_STATE_INUSE;
	return event;
}

/* Whether what the application knows (current) does not hold any more. That a reader has come into use
 * is no change, as in pcsc-lite; that it is not in use any more is. */
static bool has_changed(DWORD current, DWORD event, uint32_t counter)
{
	const DWORD use = SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE;

	if (current == SCARD_STATE_UNAWARE)
		return true;
	if (current & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE))
		return true;
	if (COUNTER(current) != 0 && COUNTER(current) != counter)
		return true;
	if ((event & SCARD_STATE_EMPTY) && (current & SCARD_STATE_PRESENT))
		return true;
	if ((event & SCARD_STATE_PRESENT) &&
	    ((current & SCARD_STATE_EMPTY) || ((current ^ event) & SCARD_STATE_MUTE)))
		return true;
	return (current & use) != 0 && (current & ~event & use) != 0;
}

/* Fills in one entry. True: it has changed. */
static bool look(SCARD_READERSTATE *entry, const struct pcsc_reader_state *state)
{
	DWORD current = entry->dwCurrentState;
	bool changed;

	entry->dwEventState = event_of(state);
	changed = has_changed(current, entry->dwEventState, state->event_counter);
	if (changed)
		entry->dwEventState |= SCARD_STATE_CHANGED;
	entry->dwEventState |= (DWORD)state->event_counter << 16;
	entry->cbAtr = state->atr_len;
	memcpy(entry->rgbAtr, state->atr, state->atr_len);
	return changed;
}

static bool look_at_all(SCARD_READERSTATE *entries, DWORD n, const struct pcsc_reader_state *states)
{
	bool changed = false;

	for (DWORD i = 0; i < n; i++) {
		const struct pcsc_reader_state *state = find(states, entries[i].szReader);

		if (state == NULL || (entries[i].dwCurrentState & SCARD_STATE_IGNORE))
			continue;
		if (look(&entries[i], state))
			changed = true;
	}
	return changed;
}

static LONG check_entries(const SCARD_READERSTATE *entries, DWORD n, bool *all_ignored)
{
	*all_ignored = true;
	if ((entries == NULL && n > 0) || n > PCSCLITE_MAX_READERS_CONTEXTS)
		return SCARD_E_INVALID_PARAMETER;
	for (DWORD i = 0; i < n; i++) {
		if (entries[i].szReader == NULL)
			return SCARD_E_INVALID_VALUE;
		if (!(entries[i].dwCurrentState & SCARD_STATE_IGNORE))
			*all_ignored = false;
	}
	return SCARD_S_SUCCESS;
}

static bool names_are_known(
    const SCARD_READERSTATE *entries, DWORD n, const struct pcsc_reader_state *states)
{
	for (DWORD i = 0; i < n; i++)
		if (find(states, entries[i].szReader) == NULL &&
		    strcasecmp(entries[i].szReader, PNP_NOTIFICATION) != 0)
			return false;
	return true;
}

/* One wait for the manager's word. */
struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told;
	uint32_t result;
};

static void tell(void *arg, uint32_t result)
{
	struct waiting *waiting = arg;

	(void)pthread_mutex_lock(&waiting->lock);
	waiting->is_told = true;
	waiting->result = result;
	(void)pthread_cond_signal(&waiting->told);
	(void)pthread_mutex_unlock(&waiting->lock);
}

/* PCSC_OK: something has changed; PCSC_E_CANCELLED, PCSC_E_TIMEOUT. */
static uint32_t wait_until_told(struct waiting *waiting, int64_t deadline)
{
	uint32_t result = PCSC_E_TIMEOUT;

	(void)pthread_mutex_lock(&waiting->lock);
	while (!waiting->is_told && clock_left(deadline) != 0)
		clock_wait(&waiting->told, &waiting->lock, deadline);
	if (waiting->is_told)
		result = waiting->result;
	waiting->is_told = false;
	(void)pthread_mutex_unlock(&waiting->lock);
	return result;
}

static LONG wait_for_change(
    struct library_context *entered, int64_t deadline, SCARD_READERSTATE *entries, DWORD n)
{
	struct waiting waiting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };
	struct pcsc_context *context = entered->context;
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	uint32_t result = PCSC_OK;

	pcsc_watch(context, tell, &waiting, states);
	if (!names_are_known(entries, n, states))
		result = PCSC_E_UNKNOWN_READER;
	for (DWORD i = 0; result == PCSC_OK && i < n; i++)
		entries[i].dwEventState = 0;
	while (result == PCSC_OK && !look_at_all(entries, n, states)) {
		/* It may have been cancelled while nobody was watching. */
		result = library_is_cancelled(entered) ? PCSC_E_CANCELLED
		                                       : wait_until_told(&waiting, deadline);
		if (result == PCSC_OK)
			pcsc_watch(context, tell, &waiting, states);
	}
	(void)pcsc_unwatch(context);
	return (LONG)result;
}

EXPORT LONG SCardGetStatusChange(
    SCARDCONTEXT hContext, DWORD dwTimeout, SCARD_READERSTATE *rgReaderStates, DWORD cReaders)
{
	struct library_context *context;
	bool all_ignored;
	int64_t deadline;
	LONG r = check_entries(rgReaderStates, cReaders, &all_ignored);

	if (r != SCARD_S_SUCCESS || all_ignored)
		return r;
	if (dwTimeout == INFINITE || dwTimeout == (DWORD)-1)
		deadline = CLOCK_FOREVER;
	else
		deadline = clock_now() + (int64_t)(dwTimeout & 0xFFFFFFFF);
	context = library_enter(hContext);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	library_begin_wait(context);
	r = wait_for_change(context, deadline, rgReaderStates, cReaders);
	library_end_wait(context);
	library_leave(context);
	return r;
}
