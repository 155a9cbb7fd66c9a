/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands in for src/reader: a slot that fails as the test wants. */
#ifndef TESTS_IFD_FAKE_SLOT_H
#define TESTS_IFD_FAKE_SLOT_H

#include "reader/vpcd_backend.h"

/* What the next calls return, and what they did. */
struct fake {
	int open, power, atr, transmit, wait;
	unsigned card;
	unsigned known;  /* what slot_wait_card() was told */
	unsigned n_open; /* slots that are open */
	struct bytes atr_bytes, response;
	void (*while_powering)(void); /* NULL: nothing */
};

extern struct fake fake;

#endif
