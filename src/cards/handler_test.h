/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card behind PCSC-Lite's driver tester. */
#ifndef CARDS_HANDLER_TEST_H
#define CARDS_HANDLER_TEST_H

#include "card/type.h"

extern const struct card_type card_handler_test;

#endif
