/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of options that describe a card, for every program that makes cards. */
#ifndef CARDS_OPTIONS_H
#define CARDS_OPTIONS_H

#include <stddef.h>

#include "base/cmdline.h"
#include "card/type.h"
#include "iso7816/atr.h"

#define CARD_OPTIONS_ERROR_SIZE 1024

/* One card, as the command line wants it. */
struct card_options {
	const struct card_type *type; /* never NULL */
	struct card_setup setup;      /* without own and ATR: see card_options_setup() */
	union {
		uint8_t bytes[CARD_OWN_MAX];
		max_align_t align;
	} own;                     /* the type's own options */
	const char *own_name;      /* one of them that was given, for error lines; NULL: none */
	uint8_t atr[ATR_SIZE_MAX]; /* --atr HEX */
	size_t atr_len;
	bool has_type;             /* --type was there */
	const char *file;          /* the image to load; NULL: none */
	bool no_save;              /* and not to change */
	const char *save_as;       /* the image to make; NULL: none */
	const char *password_file; /* of the image's password; NULL: ask */
	bool encrypt;
};

/* The card that is made when nothing is asked for. */
void card_options_init(struct card_options *options);

/* What to make the card with; valid as long as the options. */
struct card_setup card_options_setup(const struct card_options *options);

/* Makes it a card of this type, with the type's own options as they are by default. */
void card_options_set_type(struct card_options *options, const struct card_type *type);

/* Adds the card options to what a program's command line takes. */
void card_options_add(struct cmdline *line);

/* Whether an option that cmdline_next() found is one of these, and whether it is --type or --file. */
bool card_options_has(const struct cmdline_option *option);
bool card_options_is_type(const struct cmdline_option *option);
bool card_options_is_file(const struct cmdline_option *option);

/* Takes away what belongs to one image, for another card that is like the one before: --file may stand in place of what made
 * that. */
void card_options_forget_image(struct card_options *options);

/* Takes such an option. The value is borrowed. ERR_FORMAT: it is wrong; ERR_UNSUPPORTED: it belongs to
 * something that is not in this version. Both: error is one line for people. */
MUST_USE int card_options_set(struct card_options *options, const struct cmdline_option *option,
    const char *value, char error[CARD_OPTIONS_ERROR_SIZE]);

/* What only all options of a card together tell. ERR_FORMAT: error is one line for people. */
MUST_USE int card_options_check(
    const struct card_options *options, char error[CARD_OPTIONS_ERROR_SIZE]);

#endif
