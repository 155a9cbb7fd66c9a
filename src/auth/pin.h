/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PIN or password with its retry counter (ISO/IEC 7816-4, 11.6.6). No card in sight. */
#ifndef AUTH_PIN_H
#define AUTH_PIN_H

#include "base/bytes.h"
#include "iso7816/sw.h"

#define PIN_SIZE_MAX 32
#define PIN_SIZE_MIN_DEFAULT 4 /* of a new value */
#define PIN_TRIES_MAX 15       /* what 63Cx can say */

struct pin {
	uint8_t value[PIN_SIZE_MAX];
	size_t len;
	size_t min, max; /* of a new value */
	size_t stored;   /* bytes that terminals send, padding included; 0: any number */
	uint8_t padding; /* terminals put it behind the value */
	bool disabled;   /* need not be verified */
	unsigned tries;  /* that are left; 0: blocked */
	unsigned tries_max;
};

/* ERR_LIMIT: value of 0 or more than PIN_SIZE_MAX bytes, or tries not 1 to PIN_TRIES_MAX. The rest gets its
 * defaults: a new value has PIN_SIZE_MIN_DEFAULT (or as many as this one, if fewer) to PIN_SIZE_MAX bytes, and
 * is padded with 00 to any length. Padding is taken off a value, here and wherever one is given. */
MUST_USE int pin_init(struct pin *pin, struct bytes value, unsigned tries);
void pin_wipe(struct pin *pin);

/* One try: SW_OK and all tries again, 63Cx with the tries that are left, or SW_AUTH_BLOCKED. The
 * counter falls before anything is compared. */
MUST_USE enum sw pin_verify(struct pin *pin, struct bytes candidate);

/* The same in two steps, for a card that must put the fallen counter where it outlives a loss of power before
 * it compares. The first is false where the PIN is blocked; then there is no second. */
MUST_USE bool pin_begin_try(struct pin *pin);
MUST_USE enum sw pin_end_try(struct pin *pin, struct bytes candidate);

/* What VERIFY answers without data while the PIN is not verified: 63Cx or SW_AUTH_BLOCKED. */
enum sw pin_status(const struct pin *pin);

/* Replaces the value. SW_WRONG_DATA: not one that this PIN may have; nothing has changed. */
MUST_USE enum sw pin_change(struct pin *pin, struct bytes value);

/* Gives all tries again. */
void pin_unblock(struct pin *pin);

/* Cuts data, a value for this PIN and something behind it, as CHANGE REFERENCE DATA has it: as many bytes as
 * terminals send, or, where that is any number, as the value has. Data that is too short is all first. */
void pin_split(const struct pin *pin, struct bytes data, struct bytes *first, struct bytes *rest);

#endif
