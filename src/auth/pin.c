/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PINs and their retry counters. */
#include "auth/pin.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"

/* Terminals pad PINs to a fixed length with 00. */
static struct bytes without_padding(struct bytes candidate)
{
	while (candidate.len > 0 && candidate.data[candidate.len - 1] == 0)
		candidate.len--;
	return candidate;
}

int pin_init(struct pin *pin, struct bytes value, unsigned tries)
{
	value = without_padding(value);
	if (value.len == 0 || value.len > PIN_SIZE_MAX || tries == 0 || tries > PIN_TRIES_MAX)
		return ERR_LIMIT;
	memset(pin, 0, sizeof *pin);
	memcpy(pin->value, value.data, value.len);
	pin->len = value.len;
	pin->tries = tries;
	pin->tries_max = tries;
	return 0;
}

void pin_wipe(struct pin *pin)
{
	secret_wipe(pin, sizeof *pin);
}

enum sw pin_verify(struct pin *pin, struct bytes candidate)
{
	if (pin->tries == 0)
		return SW_AUTH_BLOCKED;
	pin->tries--;
	if (!secret_equal(without_padding(candidate), bytes_of(pin->value, pin->len)))
		return sw_counter(pin->tries);
	pin->tries = pin->tries_max;
	return SW_OK;
}

enum sw pin_status(const struct pin *pin)
{
	return pin->tries == 0 ? SW_AUTH_BLOCKED : sw_counter(pin->tries);
}
