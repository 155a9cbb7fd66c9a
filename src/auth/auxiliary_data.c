/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authenticated auxiliary data (BSI TR-03110-3, A.7.5 and B.6). */
#include "auth/auxiliary_data.h"

#include "base/secret.h"
#include "iso7816/tlv.h"

#define TAG_AUTHENTICATION 0x67
#define TAG_TEMPLATE 0x73
#define TAG_OID 0x06
#define TAG_DATA 0x53
#define TAG_BIT_STRING 0x03
#define DATE_SIZE 8

/* id-AuxiliaryData, 0.4.0.127.0.7.3.1.4 */
static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04 };

bool auxiliary_kind_of(struct bytes oid, enum auxiliary_kind *out)
{
	struct bytes arcs;
	unsigned kind;

	if (!bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)))
		return false;
	arcs = bytes_after(oid, sizeof prefix);
	if (arcs.len == 1 && arcs.data[0] >= AUXILIARY_DATE_OF_BIRTH &&
	    arcs.data[0] <= AUXILIARY_PSM_MESSAGE)
		kind = arcs.data[0];
	else if (arcs.len == 2 && arcs.data[0] == AUXILIARY_DATA_GROUP && arcs.data[1] >= 1 &&
	    arcs.data[1] <= AUXILIARY_DATA_GROUPS)
		kind = AUXILIARY_DATA_GROUP + arcs.data[1] - 1U;
	else
		return false;
	*out = (enum auxiliary_kind)kind;
	return true;
}

/* A template of the kind. What is of another kind, or none at all, does not count. */
static bool is_of_kind(struct bytes template, enum auxiliary_kind kind, struct bytes *value)
{
	enum auxiliary_kind found;
	struct bytes oid;

	return tlv_take_tag(&template, TAG_OID, &oid) && auxiliary_kind_of(oid, &found) &&
	    found == kind && tlv_take_tag(&template, TAG_DATA, value) && template.len == 0;
}

bool auxiliary_find(struct bytes object, enum auxiliary_kind kind, struct bytes *value)
{
	struct bytes templates, template, found;
	bool any = false;

	if (!tlv_take_tag(&object, TAG_AUTHENTICATION, &templates) || object.len > 0)
		return false;
	while (templates.len > 0) {
		if (!tlv_take_tag(&templates, TAG_TEMPLATE, &template))
			return false;
		if (!is_of_kind(template, kind, &found))
			continue;
		*value = found;
		any = true;
	}
	return any;
}

bool auxiliary_stored(struct bytes data_group, struct bytes *value)
{
	struct tlv template, inside;

	if (!tlv_take(&data_group, &template) || !tlv_take(&template.value, &inside) ||
	    template.value.len > 0)
		return false;
	*value = inside.value;
	return true;
}

static bool take_number(struct bytes *rest, size_t digits, unsigned *out)
{
	unsigned number = 0;
	struct bytes text;

	if (!bytes_take(rest, digits, &text))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		number = 10 * number + (text.data[i] - (unsigned)'0');
	}
	*out = number;
	return true;
}

/* A day as the number YYYYMMDD. */
static bool parse_day(struct bytes text, unsigned *out)
{
	unsigned year, month, day;

	if (!take_number(&text, 4, &year) || !take_number(&text, 2, &month) ||
	    !take_number(&text, 2, &day) || text.len > 0 || year == 0 || month < 1 || month > 12 ||
	    day < 1 || day > 31)
		return false;
	*out = 10000 * year + 100 * month + day;
	return true;
}

static bool is_missing(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != text.data[0] || (text.data[0] != '0' && text.data[0] != ' '))
			return false;
	return true;
}

/* The last day on which somebody with this date of birth can have been born. */
static bool last_day(struct bytes text, unsigned *out)
{
	unsigned year, month;

	if (text.len == DATE_SIZE && parse_day(text, out))
		return true;
	if (text.len > DATE_SIZE || !take_number(&text, 4, &year) || year == 0)
		return false;
	if (is_missing(text)) {
		*out = 10000 * year + 1231;
		return true;
	}
	if (!take_number(&text, 2, &month) || month < 1 || month > 12 || !is_missing(text))
		return false;
	*out = 10000 * year + 100 * month + 31;
	return true;
}

bool auxiliary_is_old_enough(struct bytes date_of_birth, struct bytes required)
{
	unsigned born, limit;

	return last_day(date_of_birth, &born) && parse_day(required, &limit) && born <= limit;
}

bool auxiliary_is_valid_on(struct bytes date_of_expiry, struct bytes day)
{
	unsigned expiry, today;

	return parse_day(date_of_expiry, &expiry) && parse_day(day, &today) && expiry >= today;
}

bool auxiliary_is_within(struct bytes municipality_id, struct bytes part)
{
	return part.len > 0 && bytes_starts_with(municipality_id, part);
}

/* Whether the terminal knows what the data group is: all of it, or the BIT STRING with that (A.7.5.6). It may not be able to read
 * the data group, so how long this takes tells nothing of it but its length. */
static bool is_content(struct bytes data_group, struct bytes sent)
{
	struct bytes rest = sent, bits;
	uint8_t unused;

	if (tlv_take_tag(&rest, TAG_BIT_STRING, &bits) && rest.len == 0 &&
	    bytes_take_u8(&bits, &unused) && unused == 0)
		sent = bits;
	return data_group.len > 0 && secret_equal(data_group, sent);
}

static bool compare(enum auxiliary_kind kind, struct bytes stored, struct bytes sent)
{
	switch (kind) {
	case AUXILIARY_DATE_OF_BIRTH:
		return auxiliary_is_old_enough(stored, sent);
	case AUXILIARY_DATE_OF_EXPIRY:
		return auxiliary_is_valid_on(stored, sent);
	case AUXILIARY_MUNICIPALITY_ID:
		return auxiliary_is_within(stored, sent);
	case AUXILIARY_PSM_MESSAGE:
	case AUXILIARY_DATA_GROUP:
		break;
	}
	return false;
}

enum sw auxiliary_verify(enum auxiliary_kind kind, struct bytes object, struct bytes data_group)
{
	struct bytes sent, stored;
	bool good;

	if (kind == AUXILIARY_PSM_MESSAGE || !auxiliary_find(object, kind, &sent))
		return SW_REFERENCE_NOT_FOUND;
	if (kind >= AUXILIARY_DATA_GROUP) {
		if (data_group.len == 0)
			return SW_REFERENCE_NOT_FOUND;
		good = is_content(data_group, sent);
	} else {
		if (!auxiliary_stored(data_group, &stored))
			return SW_REFERENCE_NOT_FOUND;
		good = compare(kind, stored, sent);
	}
	return good ? SW_OK : SW_WARNING_CHANGED;
}
