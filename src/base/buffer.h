/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing memory with a mandatory maximum. Old contents are wiped whenever memory is given back. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/bytes.h"

struct buffer {
	uint8_t *data;
	size_t len;
	size_t cap;
	size_t max;
};

/* An empty buffer that will never hold more than max bytes. Nothing is allocated yet. */
void buffer_init(struct buffer *b, size_t max);

/* Wipes and frees; the buffer is as after buffer_init(). */
void buffer_done(struct buffer *b);

/* Wipes the contents and keeps the memory. */
void buffer_clear(struct buffer *b);

/* Makes the length len: cuts, or appends zeros. ERR_LIMIT, ERR_NO_MEMORY: unchanged. */
MUST_USE int buffer_resize(struct buffer *b, size_t len);

/* ERR_LIMIT, ERR_NO_MEMORY: unchanged. in must not lie inside the buffer. */
MUST_USE int buffer_append(struct buffer *b, struct bytes in);

/* Replaces the contents by in. ERR_LIMIT, ERR_NO_MEMORY: unchanged. */
MUST_USE int buffer_set(struct buffer *b, struct bytes in);

struct bytes buffer_bytes(const struct buffer *b);

#endif
