/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PINs and their retry counters. */
#include "auth/pin.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"

static struct bytes without_padding(struct bytes value, uint8_t padding)
{
	while (value.len > 0 && value.data[value.len - 1] == padding)
		value.len--;
	return value;
}

static void set_value(struct pin *pin, struct bytes value)
{
	secret_wipe(pin->value, sizeof pin->value);
	memcpy(pin->value, value.data, value.len);
	pin->len = value.len;
}

int pin_init(struct pin *pin, struct bytes value, unsigned tries)
{
	value = without_padding(value, 0);
	if (value.len == 0 || value.len > PIN_SIZE_MAX || tries == 0 || tries > PIN_TRIES_MAX)
		return ERR_LIMIT;
	memset(pin, 0, sizeof *pin);
	set_value(pin, value);
	pin->min = value.len < PIN_SIZE_MIN_DEFAULT ? value.len : PIN_SIZE_MIN_DEFAULT;
	pin->max = PIN_SIZE_MAX;
	pin->tries = tries;
	pin->tries_max = tries;
	return 0;
}

void pin_wipe(struct pin *pin)
{
	secret_wipe(pin, sizeof *pin);
}

bool pin_begin_try(struct pin *pin)
{
	if (pin->tries == 0)
		return false;
	pin->tries--;
	return true;
}

enum sw pin_end_try(struct pin *pin, struct bytes candidate)
{
	bool right_length = pin->stored == 0 || candidate.len == pin->stored;

	candidate = without_padding(candidate, pin->padding);
	if (!right_length || !secret_equal(candidate, bytes_of(pin->value, pin->len)))
		return sw_counter(pin->tries);
	pin->tries = pin->tries_max;
	return SW_OK;
}

enum sw pin_verify(struct pin *pin, struct bytes candidate)
{
	return pin_begin_try(pin) ? pin_end_try(pin, candidate) : SW_AUTH_BLOCKED;
}

enum sw pin_status(const struct pin *pin)
{
	return pin->tries == 0 ? SW_AUTH_BLOCKED : sw_counter(pin->tries);
}

/* A value that began with padding could not be told from the end of the one before it. */
enum sw pin_change(struct pin *pin, struct bytes value)
{
	if (pin->stored != 0 && value.len != pin->stored)
		return SW_WRONG_DATA;
	if (value.len > 0 && value.data[0] == pin->padding)
		return SW_WRONG_DATA;
	value = without_padding(value, pin->padding);
	if (value.len == 0 || value.len < pin->min || value.len > pin->max ||
	    value.len > sizeof pin->value)
		return SW_WRONG_DATA;
	set_value(pin, value);
	return SW_OK;
}

void pin_unblock(struct pin *pin)
{
	pin->tries = pin->tries_max;
}

void pin_split(const struct pin *pin, struct bytes data, struct bytes *first, struct bytes *rest)
{
	size_t n = pin->stored != 0 ? pin->stored : pin->len;

	*first = bytes_first(data, n);
	*rest = bytes_after(data, n);
}
