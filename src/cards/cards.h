/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card types that there are. */
#ifndef CARDS_CARDS_H
#define CARDS_CARDS_H

#include "card/type.h"

extern const struct card_type *const cards[];
extern const size_t cards_count;

/* The type that --type calls by this name; NULL: none. */
const struct card_type *cards_find(const char *name);

#endif
