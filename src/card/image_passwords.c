/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords of a DF in a card image. */
#include "base/compiler.h"
#include "base/err.h"
#include "card/image_parts.h"

#define TRIES_DEFAULT 3

static const char *const fields[] = { "number", "text", "value", "tries", "max_tries", "min_length",
	"max_length", "stored_length", "padding", "disabled", "resetting_code", "can_be_disabled" };

static int load_counters(const struct image_node *node, struct pin *pin)
{
	uint64_t tries_max = TRIES_DEFAULT, tries;
	int r = image_get_number(node, "max_tries", PIN_TRIES_MAX, &tries_max);

	if (r == 0 && tries_max == 0)
		r = image_refuse(node, "a password has at least one try: \"max_tries\"");
	tries = tries_max;
	if (r == 0)
		r = image_get_number(node, "tries", tries_max, &tries);
	pin->tries = (unsigned)tries;
	pin->tries_max = (unsigned)tries_max;
	return r;
}

static int load_lengths(const struct image_node *node, struct pin *pin)
{
	uint64_t min = pin->len < PIN_SIZE_MIN_DEFAULT ? pin->len : PIN_SIZE_MIN_DEFAULT;
	uint64_t max = PIN_SIZE_MAX, stored = 0;
	int r = image_get_number(node, "max_length", PIN_SIZE_MAX, &max);

	if (r == 0)
		r = image_get_number(node, "min_length", max, &min);
	if (r == 0)
		r = image_get_number(node, "stored_length", PIN_SIZE_MAX, &stored);
	if (r == 0)
		r = image_get_u8(node, "padding", &pin->padding);
	pin->min = (size_t)min;
	pin->max = (size_t)max;
	pin->stored = (size_t)stored;
	return r;
}

int image_load_reference(const struct image_node *object, uint8_t *out)
{
	uint64_t number = 0;
	struct image_node field;
	int r = image_require(object, "number", &field);

	if (r == 0)
		r = image_get_number(object, "number", REFERENCE_NUMBER, &number);
	if (r == 0 && number == 0)
		r = image_refuse(&field, "a number from 1 to %d is expected", REFERENCE_NUMBER);
	*out = (uint8_t)number;
	return r;
}

static int load_password(const struct image_node *node, struct password *out)
{
	uint64_t resetting = 0;
	int r = image_check_fields(node, fields, COUNT(fields));

	if (r == 0)
		r = image_load_reference(node, &out->number);
	if (r == 0)
		r = image_get_number(node, "resetting_code", REFERENCE_NUMBER, &resetting);
	if (r == 0)
		r = image_get_bool(node, "can_be_disabled", &out->can_be_disabled);
	if (r == 0)
		r = image_get_bool(node, "disabled", &out->pin.disabled);
	if (r == 0)
		r = image_get_password(node, out->pin.value, sizeof out->pin.value, &out->pin.len);
	if (r == 0)
		r = load_counters(node, &out->pin);
	if (r == 0)
		r = load_lengths(node, &out->pin);
	out->resetting = (uint8_t)resetting;
	return r;
}

int image_load_passwords(
    struct credentials *credentials, const struct file *df, const struct image_node *node)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "passwords", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		struct password password = { .df = df };

		r = load_password(&item, &password);
		if (r == 0)
			r = credentials_add_password(credentials, &password);
		if (r == ERR_EXISTS)
			r = image_refuse(
			    &item, "there is a password %u in this DF already", password.number);
		if (r == ERR_LIMIT)
			r = image_refuse(&item, "a card has at most %d passwords", CREDENTIALS_MAX);
		pin_wipe(&password.pin);
	}
	return r;
}

static bool save_lengths(const struct pin *pin, struct json_t *out)
{
	return image_put_number(out, "min_length", pin->min) &&
	    image_put_number(out, "max_length", pin->max) &&
	    (pin->stored == 0 || image_put_number(out, "stored_length", pin->stored)) &&
	    (pin->padding == 0 || image_put_bytes(out, "padding", bytes_of(&pin->padding, 1)));
}

bool image_save_password(const struct password *password, struct json_t *out)
{
	const struct pin *pin = &password->pin;

	return image_put_number(out, "number", password->number) &&
	    image_put_password(out, bytes_of(pin->value, pin->len)) &&
	    image_put_number(out, "tries", pin->tries) &&
	    image_put_number(out, "max_tries", pin->tries_max) && save_lengths(pin, out) &&
	    (password->resetting == 0 ||
	        image_put_number(out, "resetting_code", password->resetting)) &&
	    (!password->can_be_disabled || image_put_bool(out, "can_be_disabled", true)) &&
	    (!pin->disabled || image_put_bool(out, "disabled", true));
}
