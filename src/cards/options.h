/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of options that describe a card, for every program that makes cards. */
#ifndef CARDS_OPTIONS_H
#define CARDS_OPTIONS_H

#include "base/cmdline.h"
#include "card/type.h"

#define CARD_OPTIONS_ERROR_SIZE 512

/* One card, as the command line wants it. */
struct card_options {
	const struct card_type *type; /* never NULL */
	struct card_setup setup;
};

/* The card that is made when nothing is asked for. */
void card_options_init(struct card_options *options);

/* Adds the card options to what a program's command line takes. */
void card_options_add(struct cmdline *line);

/* Whether an option that cmdline_next() found is one of these, and whether it is --type. */
bool card_options_has(const struct cmdline_option *option);
bool card_options_is_type(const struct cmdline_option *option);

/* Takes such an option. The value is borrowed. ERR_FORMAT: it is wrong; ERR_UNSUPPORTED: it belongs to
 * something that is not in this version. Both: error is one line for people. */
MUST_USE int card_options_set(struct card_options *options, const struct cmdline_option *option,
    const char *value, char error[CARD_OPTIONS_ERROR_SIZE]);

#endif
