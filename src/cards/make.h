/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the card that options describe: a new one, or one out of an image. */
#ifndef CARDS_MAKE_H
#define CARDS_MAKE_H

#include <stdio.h>

#include "card/image.h"
#include "cards/options.h"

/* setup is card_options_setup() of the options and what the program adds. Failures to save the card's image
 * go to tell. ERR_*: error is one line for people. */
MUST_USE int make_card(const struct card_options *options, const struct card_setup *setup,
    image_tell *tell, struct card **out, char error[CARD_OPTIONS_ERROR_SIZE]);

/* Where passwords of images come from: a file, its first line; NULL: whoever is at the terminal, unless nobody is. twice: who
 * types a new one can mistype it. */
struct make_password {
	const char *file;
	bool twice, unattended;
};

struct image_password make_password(struct make_password *source);

/* What is to be said aloud of the options when the card starts: a line each. Returns whether there is a
 * line of this number, from 0 on. */
bool make_note(
    const struct card_options *options, unsigned number, char note[CARD_OPTIONS_ERROR_SIZE]);

#endif
