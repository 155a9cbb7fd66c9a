/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DER (X.690, 8 and 11; RFC 5280, 4.1.2.5). */
#include "pki/der.h"

#include <stdio.h>
#include <string.h>

#include "iso7816/tlv.h"

bool der_take_whole(struct bytes *rest, uint32_t tag, struct bytes *whole)
{
	struct bytes r = *rest;
	struct tlv tlv;

	if (!tlv_take(&r, &tlv) || tlv.tag != tag)
		return false;
	*whole = tlv.whole;
	*rest = r;
	return true;
}

bool der_take_unsigned(struct bytes *rest, uint32_t *out)
{
	struct bytes r = *rest;
	struct bytes value;
	uint32_t number = 0;

	if (!tlv_take_tag(&r, DER_INTEGER, &value) || value.len == 0 || value.len > 5 ||
	    (value.data[0] & 0x80) != 0)
		return false;
	if (value.data[0] == 0 && value.len > 1 && (value.data[1] & 0x80) == 0)
		return false;
	if (value.len == 5 && value.data[0] != 0)
		return false;
	for (size_t i = 0; i < value.len; i++)
		number = number << 8 | value.data[i];
	*out = number;
	*rest = r;
	return true;
}

bool der_take_number(struct bytes *rest, struct bytes *number)
{
	struct bytes r = *rest;
	struct bytes value;

	if (!tlv_take_tag(&r, DER_INTEGER, &value) || value.len == 0 || (value.data[0] & 0x80) != 0)
		return false;
	if (value.len > 1 && value.data[0] == 0) {
		value = bytes_after(value, 1);
		if ((value.data[0] & 0x80) == 0)
			return false;
	}
	*number = value;
	*rest = r;
	return true;
}

void der_put_unsigned(struct writer *out, uint32_t value)
{
	const uint8_t number[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value };

	der_put_number(out, BYTES_OF_ARRAY(number));
}

void der_put_number(struct writer *out, struct bytes number)
{
	bool sign;

	while (number.len > 1 && number.data[0] == 0)
		number = bytes_after(number, 1);
	sign = number.len == 0 || (number.data[0] & 0x80) != 0;
	tlv_put_header(out, DER_INTEGER, number.len + (sign ? 1 : 0));
	if (sign)
		writer_put_u8(out, 0);
	writer_put(out, number);
}

void der_put_bits(struct writer *out, struct bytes bits)
{
	tlv_put_header(out, DER_BIT_STRING, bits.len + 1);
	writer_put_u8(out, 0);
	writer_put(out, bits);
}

bool der_take_bits(struct bytes *rest, struct bytes *bits)
{
	struct bytes r = *rest;
	struct bytes value;
	uint8_t unused;

	if (!tlv_take_tag(&r, DER_BIT_STRING, &value) || !bytes_take_u8(&value, &unused) ||
	    unused != 0)
		return false;
	*bits = value;
	*rest = r;
	return true;
}

/* In the order of 11.6: as if the shorter had zeros at its end, which for whole data objects is that of memcmp(). */
static bool is_before(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n > 0 ? memcmp(a.data, b.data, n) : 0;

	return order != 0 ? order < 0 : a.len < b.len;
}

static bool collect(struct bytes members, struct bytes list[DER_SET_MAX], size_t *n)
{
	struct tlv tlv;

	for (*n = 0; members.len > 0; (*n)++) {
		size_t i = *n;

		if (*n == DER_SET_MAX || !tlv_take(&members, &tlv))
			return false;
		for (; i > 0 && is_before(tlv.whole, list[i - 1]); i--)
			list[i] = list[i - 1];
		list[i] = tlv.whole;
	}
	return true;
}

bool der_put_set(struct writer *out, uint32_t tag, struct bytes members)
{
	struct bytes list[DER_SET_MAX];
	size_t n;

	if (!collect(members, list, &n))
		return false;
	tlv_put_header(out, tag, members.len);
	for (size_t i = 0; i < n; i++)
		writer_put(out, list[i]);
	return true;
}

void der_put_day(struct writer *out, struct date date, bool at_end)
{
	char text[32];
	const char *time = at_end ? "235959Z" : "000000Z";

	(void)snprintf(text, sizeof text, "%04u%02u%02u%s", date.year % 10000U, date.month % 100U,
	    date.day % 100U, time);
	if (date.year < 2050)
		tlv_put(out, DER_UTC_TIME, bytes_of_string(text + 2));
	else
		tlv_put(out, DER_GENERALIZED_TIME, bytes_of_string(text));
}

static bool put_arc(char *text, size_t *len, unsigned long arc)
{
	int n = snprintf(text + *len, DER_OID_TEXT_SIZE - *len, *len > 0 ? ".%lu" : "%lu", arc);

	if (n < 0 || (size_t)n >= DER_OID_TEXT_SIZE - *len)
		return false;
	*len += (size_t)n;
	return true;
}

const char *der_oid_text(struct bytes oid, char text[DER_OID_TEXT_SIZE])
{
	unsigned long arc = 0;
	size_t len = 0;
	bool good = oid.len > 0 && (oid.data[oid.len - 1] & 0x80) == 0;

	for (size_t i = 0; i < oid.len && good; i++) {
		good = arc <= UINT32_MAX >> 8;
		arc = arc << 7 | (oid.data[i] & 0x7F);
		if ((oid.data[i] & 0x80) != 0)
			continue;
		if (len == 0) {
			unsigned long first = arc < 80 ? arc / 40 : 2;

			good = good && put_arc(text, &len, first);
			arc -= first * 40;
		}
		good = good && put_arc(text, &len, arc);
		arc = 0;
	}
	if (!good)
		(void)snprintf(text, DER_OID_TEXT_SIZE, "?");
	return text;
}
