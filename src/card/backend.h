/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card in this process as what is in a reader's slot (reader/backend.h). */
#ifndef CARD_BACKEND_H
#define CARD_BACKEND_H

#include "card/card.h"
#include "reader/slot.h"

/* The holder of a slot's card: lives as long as the slot, which owns it. All calls from any thread. */
struct card_holder;

/* A slot with this card in it (NULL: none yet). Takes the card, also on failure. ERR_NO_MEMORY. */
MUST_USE int card_slot_new_take(struct card *card, struct slot **slot, struct card_holder **holder);

/* The card's conversation is logged under this name (card/trace.h). Before the slot is used. */
void card_holder_trace(struct card_holder *holder, const char *name);

/* Takes the card out, or puts it back in, also while it works. False: it was out, or in, already; there is
 * none to put in. */
bool card_holder_eject(struct card_holder *holder);
bool card_holder_insert(struct card_holder *holder);

/* Takes the card out and puts the other in, for good; the reader sees one go and one come. Takes card. The
 * old one is freed once it does not work any more. */
void card_holder_swap_take(struct card_holder *holder, struct card *card);

bool card_holder_is_inserted(struct card_holder *holder);

#endif
