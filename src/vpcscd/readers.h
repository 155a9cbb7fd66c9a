/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's readers and the cards in them, as they can be taken out and put in while it runs. */
#ifndef VPCSCD_READERS_H
#define VPCSCD_READERS_H

#include "card/backend.h"
#include "vpcscd/request.h"
#include "vpcscd/settings.h"

struct readers {
	struct pcsc *pcsc;
	unsigned n;
	struct card_holder *holders[PCSC_READERS_MAX]; /* NULL: of --vpcd */
	struct card_options cards[PCSC_READERS_MAX];   /* what was put in first, or last */
};

/* Makes the readers with their cards. ERR_*: said in the log. What was made belongs to pcsc. */
MUST_USE int readers_open(const struct settings *settings, struct pcsc *pcsc, struct readers *out);

/* Does this to a reader, which is named by its number (from 0) or its name. words, ended by NULL, are the
 * reader again and options for the card that is swapped in; without any it is a new one of the same kind.
 * On failure error is one line for people. From several threads, but for a swap: that is for one. */
MUST_USE int readers_do(struct readers *readers, enum request_action action, const char *reader,
    char **words, char error[SETTINGS_ERROR_SIZE]);

#endif
