/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A PIN or password with its retry counter (ISO/IEC 7816-4, 11.6.6). No card in sight. */
#ifndef AUTH_PIN_H
#define AUTH_PIN_H

#include "base/bytes.h"
#include "iso7816/sw.h"

#define PIN_SIZE_MAX 32
#define PIN_TRIES_MAX 15 /* what 63Cx can say */

struct pin {
	uint8_t value[PIN_SIZE_MAX];
	size_t len;
	unsigned tries; /* that are left; 0: blocked */
	unsigned tries_max;
};

/* ERR_LIMIT: value of 0 or more than PIN_SIZE_MAX bytes, or tries not 1 to PIN_TRIES_MAX.
 * Bytes 00 at the end of a value are padding, here and in pin_verify(). */
MUST_USE int pin_init(struct pin *pin, struct bytes value, unsigned tries);
void pin_wipe(struct pin *pin);

/* One try: SW_OK and all tries again, 63Cx with the tries that are left, or SW_AUTH_BLOCKED. The
 * counter falls before anything is compared. */
MUST_USE enum sw pin_verify(struct pin *pin, struct bytes candidate);

/* What VERIFY answers without data while the PIN is not verified: 63Cx or SW_AUTH_BLOCKED. */
enum sw pin_status(const struct pin *pin);

#endif
