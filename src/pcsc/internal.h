/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of pcsc/ share, and nobody else sees.
 *
 * One mutex, struct pcsc's lock, guards everything below that changes. It is never held while a card is
 * spoken to: who wants to do that claims the reader first (reader_claim(): busy is set, others wait
 * on the reader's condition), gives the lock back, speaks, and takes both up again. */
#ifndef PCSC_INTERNAL_H
#define PCSC_INTERNAL_H

#include <pthread.h>
#include <stdint.h>

#include "pcsc/manager.h"

/* How long a card that nobody uses keeps its power, as in pcsc-lite. */
#define POWER_OFF_GRACE_MS 5000

/* How often a waiting call asks whether its application is still there. */
#define GONE_CHECK_MS 100

enum pcsc_power {
	POWER_UNPOWERED,
	POWER_UNUSED, /* loses its power at power_off_at */
	POWER_IN_USE,
};

struct pcsc_reader {
	struct pcsc *pcsc;
	struct slot *slot;
	unsigned number; /* among the manager's readers */
	pthread_t watcher;
	bool has_watcher;
	bool stopping;          /* the watcher is to end */
	pthread_cond_t changed; /* busy, holder or sharing has */
	unsigned card;          /* the slot's number of the card that state tells of; 0: none */
	struct pcsc_reader_state state; /* what everybody sees */
	enum pcsc_power power;
	int64_t power_off_at;
	bool busy;      /* somebody speaks to the card */
	int32_t holder; /* the handle whose transaction is open; 0: none */
	unsigned depth; /* of nested transactions */
};

/* An application's card handle. */
struct pcsc_card {
	struct pcsc_card *next; /* of the same context */
	struct pcsc_context *context;
	struct pcsc_reader *reader;
	int32_t id;
	uint32_t event; /* PCSC_W_* that it has not been told of yet, or 0 */
};

struct pcsc_context {
	struct pcsc_context *next;
	struct pcsc *pcsc;
	int32_t id;
	struct pcsc_waiting waiting;
	struct pcsc_card *cards;
	unsigned n_cards;
	void (*notify)(void *arg, uint32_t result); /* NULL: does not watch */
	void *notify_arg;
};

struct pcsc {
	pthread_mutex_t lock;
	struct pcsc_reader *readers[PCSC_READERS_MAX];
	unsigned n_readers;
	struct pcsc_context *contexts;
	unsigned n_contexts;
	bool stopping;
};

/* All below: with the lock held, which some give back and take again. */

/* Tells everybody who watches that a reader has changed. */
void pcsc_changed(struct pcsc *pcsc);

/* A random positive number that no context and no card handle has. 0: no randomness to be had. */
int32_t pcsc_new_id(struct pcsc *pcsc);

/* NULL: not a handle of this context. */
struct pcsc_card *pcsc_find_card(const struct pcsc_context *context, int32_t id);

/* The same among all contexts. */
struct pcsc_card *pcsc_find_card_anywhere(const struct pcsc *pcsc, int32_t id);

struct pcsc_reader *reader_find(struct pcsc *pcsc, const char *name);

/* Waits until no other handle than card (0: no handle at all) has a transaction, limit_ms at most
 * (negative: for ever, unless that other is the same context's); reader_wait_idle() also until nobody speaks to the card. PCSC_OK,
 * PCSC_E_SHARING_VIOLATION, PCSC_F_COMM_ERROR, PCSC_E_SERVICE_STOPPED. */
uint32_t reader_wait_turn(
    struct pcsc_context *context, struct pcsc_reader *reader, int32_t card, int limit_ms);
uint32_t reader_wait_idle(
    struct pcsc_context *context, struct pcsc_reader *reader, int32_t card, int limit_ms);

/* Waits until nobody speaks to the card, whoever has a transaction. What was looked at before may have
 * changed meanwhile. */
void reader_wait_quiet(struct pcsc_reader *reader);

/* Claims the reader, which must be quiet, for speaking to the card, and gives it back. */
void reader_claim(struct pcsc_reader *reader);
void reader_unclaim(struct pcsc_reader *reader);

/* Whether another handle's transaction is open. */
bool reader_is_locked_for(const struct pcsc_reader *reader, int32_t card);

enum reader_action { READER_POWER_UP, READER_RESET, READER_COLD_RESET, READER_POWER_DOWN };

/* Does this to the card of a quiet reader, sets ATR, state and protocol accordingly, and tells who watches.
 * ERR_NO_CARD also when the card is another one afterwards. */
int reader_power(struct pcsc_reader *reader, enum reader_action action);

/* Marks an event for every handle of the reader; a removal ends its transaction, too. */
void reader_set_event(struct pcsc_reader *reader, uint32_t event);

/* The last handle has gone: the card keeps its power for a while. */
void reader_unuse(struct pcsc_reader *reader);

/* Ends the transaction of this handle, if it is its. */
void reader_unlock(struct pcsc_reader *reader, int32_t card);

/* Starts and ends (with the lock not held) the thread that watches the slot. */
MUST_USE int reader_start(struct pcsc_reader *reader);
void reader_stop(struct pcsc_reader *reader);

/* Chooses a protocol among those the application takes and the ATR offers: T=1 before T=0. 0: none. */
uint32_t reader_negotiate(const struct pcsc_reader *reader, uint32_t protocols);

#endif
