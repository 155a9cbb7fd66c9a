/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounded output. */
#include "base/writer.h"

#include <string.h>

void writer_init(struct writer *w, uint8_t *data, size_t cap)
{
	w->data = data;
	w->cap = cap;
	writer_reset(w);
}

void writer_reset(struct writer *w)
{
	w->len = 0;
	w->failed = false;
	w->depth = 0;
}

uint8_t *writer_reserve(struct writer *w, size_t n)
{
	uint8_t *at;

	if (w->failed || n > w->cap - w->len) {
		w->failed = true;
		return NULL;
	}
	at = w->len > 0 ? w->data + w->len : w->data; /* NULL has no offsets */
	w->len += n;
	return at;
}

void writer_put(struct writer *w, struct bytes in)
{
	uint8_t *at = writer_reserve(w, in.len);

	if (at != NULL && in.len > 0)
		memcpy(at, in.data, in.len);
}

void writer_put_u8(struct writer *w, uint8_t value)
{
	writer_put(w, bytes_of(&value, 1));
}

void writer_put_u16(struct writer *w, uint16_t value)
{
	const uint8_t octets[] = { (uint8_t)(value >> 8), (uint8_t)value };

	writer_put(w, BYTES_OF_ARRAY(octets));
}

void writer_put_u32(struct writer *w, uint32_t value)
{
	const uint8_t octets[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value };

	writer_put(w, BYTES_OF_ARRAY(octets));
}

void writer_fail(struct writer *w)
{
	w->failed = true;
}

size_t writer_left(const struct writer *w)
{
	return w->failed ? 0 : w->cap - w->len;
}

struct bytes writer_bytes(const struct writer *w)
{
	return bytes_of(w->data, w->len);
}

bool writer_done(const struct writer *w)
{
	return !w->failed && w->depth == 0;
}
