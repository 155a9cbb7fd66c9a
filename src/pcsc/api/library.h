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
	unsigned users; /* threads that have entered or wait to */
};

/* Makes a context; the first one opens the readers. PCSC_* */
uint32_t library_establish(uint32_t scope, int32_t *id);
uint32_t library_release(int32_t id);

/* Enters a context by its number, or the context that has this card handle. NULL: no such one. */
struct library_context *library_enter(LONG id);
struct library_context *library_enter_card(LONG card);
void library_leave(struct library_context *context);

/* Ends the context's SCardGetStatusChange(), whoever has entered it. */
uint32_t library_cancel(LONG id);

/* Whether there is such a context. */
bool library_has(LONG id);

/* The states of all readers. Only while a context is entered. */
void library_states(struct pcsc_reader_state states[PCSC_READERS_MAX]);

#endif
