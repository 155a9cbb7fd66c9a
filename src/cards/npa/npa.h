/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The German identity card (BSI TR-03110, TR-03127). */
#ifndef CARDS_NPA_NPA_H
#define CARDS_NPA_NPA_H

#include "card/type.h"

extern const struct card_type card_npa;

#endif
