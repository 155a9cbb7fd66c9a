/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process's one PC/SC manager behind the C API, and the contexts that applications have in it. */
#ifndef PCSC_API_LIBRARY_H
#define PCSC_API_LIBRARY_H

#include <PCSC/winscard.h>
#include <pthread.h>

#include "pcsc/manager.h"

/* An application's context. Calls with one context take turns: whoever has entered it has its lock. */
struct library_context {
	struct library_context *next;
	struct pcsc_context *context; /* NULL: released meanwhile */
	int32_t id;
	pthread_mutex_t turn;
	unsigned users;    /* threads that have entered or wait to */
	bool is_waiting;   /* an SCardGetStatusChange() is running */
	bool is_cancelled; /* that one has been */
	uint8_t *response; /* room for any response; NULL: not needed so far */
};

/* Makes a context; the first one opens the readers. PCSC_* */
uint32_t library_establish(uint32_t scope, int32_t *id);
uint32_t library_release(int32_t id);

/* Enters a context by its number, or the context that has this card handle. NULL: no such one. */
struct library_context *library_enter(LONG id);
struct library_context *library_enter_card(LONG card);
void library_leave(struct library_context *context);

/* What an application's memory may be too small for. NULL: out of memory. While the context is entered. */
uint8_t *library_response(struct library_context *context);

/* For a call that has ended with PCSC_E_SHARING_VIOLATION, with no context entered: waits until it is worth
 * while to make it again. False: it is not to be made again, because the user has set
 * PCSCLITE_NO_BLOCKING (always: it is made again in spite of that). */
bool library_await(LONG card, bool always);

/* Ends the context's SCardGetStatusChange(), whoever has entered it: one between library_begin_wait() and
 * library_end_wait(). */
uint32_t library_cancel(LONG id);
void library_begin_wait(struct library_context *context);
bool library_is_cancelled(struct library_context *context);
void library_end_wait(struct library_context *context);

/* Whether there is such a context. */
bool library_has(LONG id);

/* The states of all readers. Only while a context is entered. */
void library_states(struct pcsc_reader_state states[PCSC_READERS_MAX]);

#endif
