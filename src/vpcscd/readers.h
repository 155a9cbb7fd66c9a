/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's readers and the cards in them, as they can be taken out and put in while it runs. */
#ifndef VPCSCD_READERS_H
#define VPCSCD_READERS_H

#include <pthread.h>

#include "card/backend.h"
#include "vpcscd/request.h"
#include "vpcscd/settings.h"

struct readers {
	pthread_mutex_t lock; /* guards the next two */
	pthread_cond_t ending;
	bool end; /* no card sleeps any longer */
	struct pcsc *pcsc;
	unsigned n;
	struct card_holder *holders[PCSC_READERS_MAX]; /* NULL: of --vpcd */
	struct card_options cards[PCSC_READERS_MAX];   /* what was put in first, or last */
};

/* Makes the readers with their cards. ERR_*: said in the log. What was made belongs to pcsc, and refers to
 * *out, which readers_done() ends after pcsc_free(). */
void readers_init(struct readers *readers);
MUST_USE int readers_open(const struct settings *settings, struct pcsc *pcsc, struct readers *out);
void readers_done(struct readers *readers);

/* Wakes every card that takes its time, now and from now on. */
void readers_hurry(struct readers *readers);

/* Does this to a reader, which is named by its number (from 0) or its name. words, ended by NULL, are the
 * reader again and options for the card that is swapped in; without any it is a new one of the same kind.
 * On failure error is one line for people. From several threads, but for a swap: that is for one. */
MUST_USE int readers_do(struct readers *readers, enum request_action action, const char *reader,
    char **words, char error[SETTINGS_ERROR_SIZE]);

#endif
