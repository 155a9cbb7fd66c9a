/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of the card that docs/adding-a-card.md makes. */
#ifndef CARDS_COUNTER_H
#define CARDS_COUNTER_H

#include "card/type.h"

extern const struct card_type card_counter;

#endif
