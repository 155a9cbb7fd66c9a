/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One emulated card, whole: what a program that has a card needs of it. */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include "base/bytes.h"

struct card;
struct card_type;  /* card/type.h */
struct card_setup; /* card/type.h */

/* Makes a card of this type; without setup (NULL) with all defaults. ERR_NO_MEMORY, ERR_LIMIT (ATR, PIN or
 * memory of a size that no card has), or what the type's create() says. */
MUST_USE int card_new(
    const struct card_type *type, const struct card_setup *setup, struct card **out);
void card_free(struct card *card);

/* 2 to 33 bytes, valid as long as the card. */
struct bytes card_atr(const struct card *card);

/* Power off, power on, warm reset: each ends the card's security state and selects the MF. */
void card_power_off(struct card *card);
void card_power_on(struct card *card);
void card_reset(struct card *card);

/* Answers a command APDU of any bytes: the response, data and status word, is valid until the next call
 * with this card. At most VPCD_MESSAGE_MAX (65535) bytes. */
struct bytes card_command(struct card *card, struct bytes command);

#endif
