/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER-TLV and COMPACT-TLV data objects (ISO/IEC 7816-4, 6.3 and 12.1.1.2; X.690, 8.1). */
#include "iso7816/tlv.h"

#include <assert.h>
#include <string.h>

#define TAG_SIZE_MAX 3
#define LENGTH_SIZE_MAX 5 /* 84 and four bytes */

/* The first byte of a tag, which tells its class, its form and whether more bytes follow. */
static uint8_t tag_first(uint32_t tag)
{
	return (uint8_t)(tag > 0xFFFF ? tag >> 16 : tag > 0xFF ? tag >> 8 : tag);
}

bool tlv_is_constructed(uint32_t tag)
{
	return (tag_first(tag) & 0x20) != 0;
}

bool tlv_is_tag(uint32_t tag)
{
	bool more = (tag_first(tag) & 0x1F) == 0x1F;

	if (tag <= 0xFF)
		return tag != 0 && !more;
	if (tag <= 0xFFFF)
		return more && (tag & 0x80) == 0;
	return tag <= 0xFFFFFF && more && (tag & 0x8000) != 0 && (tag & 0xFF00) != 0x8000 &&
	    (tag & 0x80) == 0;
}

/* Values below 1F in the second byte are against 7816-4, 6.3, but in use: 5F01 (ICAO 9303), 9F02 (EMV). A
 * second byte of 80 would be a tag number that is not in its shortest form: nobody's. */
static bool take_tag(struct bytes *rest, uint32_t *tag)
{
	uint32_t value = 0;
	uint8_t byte;

	for (size_t i = 0; i < TAG_SIZE_MAX; i++) {
		bool last;

		if (!bytes_take_u8(rest, &byte))
			return false;
		value = value << 8 | byte;
		last = i == 0 ? (byte & 0x1F) != 0x1F : (byte & 0x80) == 0;
		if (!last)
			continue;
		*tag = value;
		return tlv_is_tag(value);
	}
	return false;
}

static bool take_length(struct bytes *rest, size_t *len)
{
	uint32_t value = 0;
	uint8_t byte;
	uint8_t n;

	if (!bytes_take_u8(rest, &n))
		return false;
	if (n < 0x80) {
		*len = n;
		return true;
	}
	n -= 0x80;
	if (n == 0 || n >= LENGTH_SIZE_MAX)
		return false;
	for (; n > 0; n--) {
		if (!bytes_take_u8(rest, &byte))
			return false;
		value = value << 8 | byte;
	}
	*len = value;
	return true;
}

bool tlv_take(struct bytes *rest, struct tlv *out)
{
	struct bytes r = *rest;
	struct tlv tlv = { 0 };
	size_t len;

	if (!take_tag(&r, &tlv.tag) || !take_length(&r, &len) || !bytes_take(&r, len, &tlv.value))
		return false;
	tlv.whole = bytes_first(*rest, rest->len - r.len);
	*out = tlv;
	*rest = r;
	return true;
}

bool tlv_take_tag(struct bytes *rest, uint32_t tag, struct bytes *value)
{
	struct bytes r = *rest;
	struct tlv tlv;

	if (!tlv_take(&r, &tlv) || tlv.tag != tag)
		return false;
	*value = tlv.value;
	*rest = r;
	return true;
}

bool tlv_find(struct bytes in, uint32_t tag, struct bytes *value)
{
	struct tlv tlv;

	while (tlv_take(&in, &tlv)) {
		if (tlv.tag != tag)
			continue;
		*value = tlv.value;
		return true;
	}
	return false;
}

static bool is_valid(struct bytes in, unsigned depth)
{
	struct tlv tlv;

	while (in.len > 0) {
		if (!tlv_take(&in, &tlv))
			return false;
		if (!tlv_is_constructed(tlv.tag))
			continue;
		if (depth + 1 > TLV_DEPTH_MAX || !is_valid(tlv.value, depth + 1))
			return false;
	}
	return true;
}

bool tlv_is_valid(struct bytes in)
{
	return is_valid(in, 0);
}

static void put_tag(struct writer *w, uint32_t tag)
{
	if (!tlv_is_tag(tag))
		writer_fail(w);
	if (tag > 0xFFFF)
		writer_put_u8(w, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		writer_put_u8(w, (uint8_t)(tag >> 8));
	writer_put_u8(w, (uint8_t)tag);
}

/* Encodes len in the shortest form and returns the number of bytes; 0: too large. */
static size_t encode_length(size_t len, uint8_t out[LENGTH_SIZE_MAX])
{
	size_t n = 1;

	if (len < 0x80) {
		out[0] = (uint8_t)len;
		return 1;
	}
	while (n < sizeof len && len >> (8 * n) != 0)
		n++;
	if (n >= LENGTH_SIZE_MAX)
		return 0;
	out[0] = (uint8_t)(0x80 + n);
	for (size_t i = 1; i <= n; i++)
		out[i] = (uint8_t)(len >> (8 * (n - i)));
	return 1 + n;
}

void tlv_put_header(struct writer *w, uint32_t tag, size_t len)
{
	uint8_t length[LENGTH_SIZE_MAX];
	size_t n = encode_length(len, length);

	if (n == 0)
		writer_fail(w);
	put_tag(w, tag);
	writer_put(w, bytes_of(length, n));
}

void tlv_open(struct writer *w, uint32_t tag)
{
	tlv_put_header(w, tag, 0);
	if (w->depth >= WRITER_DEPTH_MAX)
		writer_fail(w);
	if (w->failed)
		return;
	w->marks[w->depth++] = w->len;
}

/* The one byte that tlv_open() left for the length may turn out too few: then the value moves. */
void tlv_close(struct writer *w)
{
	uint8_t length[LENGTH_SIZE_MAX];
	size_t mark;
	size_t len;
	size_t n;

	if (w->failed)
		return;
	assert(w->depth > 0);
	mark = w->marks[--w->depth];
	len = w->len - mark;
	n = encode_length(len, length);
	if (n == 0)
		writer_fail(w);
	if (n == 0 || writer_reserve(w, n - 1) == NULL)
		return;
	memmove(w->data + mark + n - 1, w->data + mark, len);
	memcpy(w->data + mark - 1, length, n);
}

void tlv_put(struct writer *w, uint32_t tag, struct bytes value)
{
	tlv_put_header(w, tag, value.len);
	writer_put(w, value);
}

void tlv_put_u8(struct writer *w, uint32_t tag, uint8_t value)
{
	tlv_put_header(w, tag, 1);
	writer_put_u8(w, value);
}

void tlv_put_u16(struct writer *w, uint32_t tag, uint16_t value)
{
	tlv_put_header(w, tag, 2);
	writer_put_u16(w, value);
}

bool tlv_compact_take(struct bytes *rest, uint8_t *tag, struct bytes *value)
{
	struct bytes r = *rest;
	uint8_t header;

	if (!bytes_take_u8(&r, &header) || header >> 4 == 0 ||
	    !bytes_take(&r, header & 0x0F, value))
		return false;
	*tag = header >> 4;
	*rest = r;
	return true;
}

void tlv_compact_put(struct writer *w, uint8_t tag, struct bytes value)
{
	if (tag == 0 || tag > 0x0F || value.len > 0x0F)
		writer_fail(w);
	writer_put_u8(w, (uint8_t)((unsigned)tag << 4 | (value.len & 0x0F)));
	writer_put(w, value);
}
