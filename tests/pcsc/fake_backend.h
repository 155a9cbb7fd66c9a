/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader's back end for tests: a card that answers at once, and that the test takes out and puts in. */
#ifndef TESTS_PCSC_FAKE_BACKEND_H
#define TESTS_PCSC_FAKE_BACKEND_H

#include "reader/slot.h"

struct fake;

/* An empty slot with a fake card's back end; the slot owns it. */
struct slot *fake_slot(struct fake **out);

/* Puts a card in, with this ATR, or takes it out. */
void fake_insert(struct fake *fake, struct bytes atr);
void fake_remove(struct fake *fake);

/* Makes the card hold back its answers until told otherwise. */
void fake_hold(struct fake *fake, bool hold);

/* Makes power-up and reset take until told otherwise. */
void fake_hold_power(struct fake *fake, bool hold);
bool fake_is_powering(struct fake *fake);

/* Makes the card fail at power-up: it is mute. */
void fake_mute(struct fake *fake, bool mute);

/* What has been done to the card. */
unsigned fake_power_ups(struct fake *fake);
unsigned fake_power_downs(struct fake *fake);
unsigned fake_resets(struct fake *fake);
bool fake_is_transmitting(struct fake *fake);

#endif
