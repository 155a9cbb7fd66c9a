/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PC/SC once: readers, contexts, card handles, sharing, transactions and status changes, with the
 * semantics of pcsc-lite's resource manager (PC/SC part 5). Under the socket server and under the
 * library alike.
 *
 * All calls may come from several threads; those with one context one at a time, pcsc_cancel()
 * excepted. Results are the PCSC_* codes of pcsc/codes.h. */
#ifndef PCSC_MANAGER_H
#define PCSC_MANAGER_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "pcsc/codes.h"
#include "reader/slot.h"

#define PCSC_READERS_MAX 16
#define PCSC_READER_NAME_SIZE 128 /* NUL included */
#define PCSC_ATR_SIZE 33
#define PCSC_CARDS_MAX 200 /* handles of one context */
#define PCSC_CONTEXTS_MAX 1024

struct pcsc;
struct pcsc_context;

/* What everybody may know of a reader. */
struct pcsc_reader_state {
	char name[PCSC_READER_NAME_SIZE]; /* empty: no such reader */
	uint32_t event_counter;           /* insertions and removals, 0 to FFFF and round again */
	uint32_t state;                   /* PCSC_PRESENT ... */
	int32_t sharing;                  /* handles that share it, or PCSC_SHARING_EXCLUSIVE */
	uint8_t atr[PCSC_ATR_SIZE];
	uint32_t atr_len;
	uint32_t protocol;
};

/* A manager without readers. NULL: out of memory. */
struct pcsc *pcsc_new(void);

/* Ends every waiting call, stops the readers' threads and frees all. The contexts must be gone. */
void pcsc_free(struct pcsc *pcsc);

/* Adds a reader over a slot, which the manager then owns (also on failure), and starts to watch it. What
 * is in it now counts as its first state. ERR_LIMIT: 16 readers are there, or the name is too long;
 * ERR_EXISTS: the name; ERR_NO_MEMORY. */
MUST_USE int pcsc_add_reader_take(struct pcsc *pcsc, const char *name, struct slot *slot);

/* Wakes every call that waits, which then fails; used before pcsc_free() by who has threads in calls. */
void pcsc_stop(struct pcsc *pcsc);

/* In the child after fork(), where none of the manager's threads runs: closes its descriptors, and leaves
 * the rest as it is. Nothing may be done with the manager there any more. */
void pcsc_abandon(struct pcsc *pcsc);

/* The state of all readers; unused entries are all zero. */
void pcsc_states(struct pcsc *pcsc, struct pcsc_reader_state states[PCSC_READERS_MAX]);

/* How long a context's calls wait for another application's transaction, in milliseconds (negative: for
 * ever), before they answer PCSC_E_SHARING_VIOLATION. Control and attributes never wait. */
struct pcsc_waiting {
	int turn_ms; /* connect, disconnect */
	int call_ms; /* begin of a transaction, transmit, status, reconnect */

	/* Asked now and then meanwhile; true ends the call with PCSC_F_COMM_ERROR: the application has
	 * gone. NULL: it cannot go. */
	bool (*gone)(void *arg);
	void *arg;
};

/* A context; *out is freed by pcsc_release(), which disconnects every card that is left: a card whose
 * transaction is open is reset. */
uint32_t pcsc_establish(struct pcsc *pcsc, uint32_t scope, const struct pcsc_waiting *waiting,
    struct pcsc_context **out);
void pcsc_release(struct pcsc_context *context);

/* The context's number, as applications know it: random, never 0. */
int32_t pcsc_context_id(const struct pcsc_context *context);

struct pcsc_connection {
	int32_t card;      /* handle: random, never 0 */
	uint32_t protocol; /* the active one */
};

uint32_t pcsc_connect(struct pcsc_context *context, const char *reader, uint32_t share,
    uint32_t protocols, struct pcsc_connection *out);
uint32_t pcsc_reconnect(struct pcsc_context *context, uint32_t share, uint32_t protocols,
    uint32_t initialization, struct pcsc_connection *inout);
uint32_t pcsc_disconnect(struct pcsc_context *context, int32_t card, uint32_t disposition);
uint32_t pcsc_begin_transaction(struct pcsc_context *context, int32_t card);
uint32_t pcsc_end_transaction(struct pcsc_context *context, int32_t card, uint32_t disposition);

/* Whether the handle is good and its card still the same; state, unless NULL, is its reader's. */
uint32_t pcsc_status(struct pcsc_context *context, int32_t card, struct pcsc_reader_state *state);

/* The number of the context that a handle belongs to; 0: no such handle. */
int32_t pcsc_context_of(struct pcsc *pcsc, int32_t card);

/* Waits until it is worth while to make again a call that ended with PCSC_E_SHARING_VIOLATION, limit_ms at
 * most. Is not a call with the handle's context: others may be made meanwhile. */
void pcsc_await_change(struct pcsc *pcsc, int32_t card, int limit_ms);

/* Sends a command with the protocol that the application names (PCSC_PROTOCOL_*), appends the response.
 * PCSC_E_INSUFFICIENT_BUFFER: it does not fit. */
uint32_t pcsc_transmit(struct pcsc_context *context, int32_t card, uint32_t protocol,
    struct bytes command, struct writer *response);

uint32_t pcsc_control(
    struct pcsc_context *context, int32_t card, uint32_t code, struct bytes in, struct writer *out);

uint32_t pcsc_get_attribute(
    struct pcsc_context *context, int32_t card, uint32_t attribute, struct writer *out);
uint32_t pcsc_set_attribute(
    struct pcsc_context *context, int32_t card, uint32_t attribute, struct bytes value);

/* Calls notify once: with PCSC_OK at the next change of any reader, with PCSC_E_CANCELLED after
 * pcsc_cancel(), with PCSC_E_SERVICE_STOPPED after (or when there was) pcsc_stop(). It runs in whatever thread brings the change and must neither wait nor call back.
 * states, unless NULL, is what the reader's states are at the moment of registration. */
void pcsc_watch(struct pcsc_context *context, void (*notify)(void *arg, uint32_t result), void *arg,
    struct pcsc_reader_state states[PCSC_READERS_MAX]);

/* Takes the registration back. False: there is none, because notify has been (or is just being) called
 * or never was set; when this returns, no call of it is running any more. */
bool pcsc_unwatch(struct pcsc_context *context);

/* PCSC_E_INVALID_HANDLE: no such context. That it does not watch is no error. */
uint32_t pcsc_cancel(struct pcsc *pcsc, int32_t context_id);

#endif
