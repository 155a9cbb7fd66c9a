/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing memory, bounded and wiped. */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"

#define FIRST_CAPACITY 64

void buffer_init(struct buffer *b, size_t max)
{
	*b = (struct buffer){ .max = max };
}

void buffer_done(struct buffer *b)
{
	if (b->data != NULL)
		secret_wipe(b->data, b->cap);
	free(b->data);
	buffer_init(b, b->max);
}

void buffer_clear(struct buffer *b)
{
	if (b->len > 0)
		secret_wipe(b->data, b->len);
	b->len = 0;
}

/* Moves to memory of at least len bytes: not by realloc(), which leaves the old contents behind. */
static int grow(struct buffer *b, size_t len)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST_CAPACITY;
	uint8_t *data;

	while (cap < len)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	data = calloc(1, cap);
	if (data == NULL)
		return ERR_NO_MEMORY;
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	if (b->data != NULL)
		secret_wipe(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->cap = cap;
	return 0;
}

int buffer_resize(struct buffer *b, size_t len)
{
	if (len > b->max)
		return ERR_LIMIT;
	if (len > b->cap) {
		int r = grow(b, len);

		if (r < 0)
			return r;
	}
	if (len < b->len)
		secret_wipe(b->data + len, b->len - len);
	else if (len > b->len)
		memset(b->data + b->len, 0, len - b->len);
	b->len = len;
	return 0;
}

int buffer_append(struct buffer *b, struct bytes in)
{
	size_t old = b->len;
	int r;

	if (in.len > b->max - b->len)
		return ERR_LIMIT;
	r = buffer_resize(b, b->len + in.len);
	if (r < 0)
		return r;
	if (in.len > 0)
		memcpy(b->data + old, in.data, in.len);
	return 0;
}

int buffer_set(struct buffer *b, struct bytes in)
{
	int r = buffer_resize(b, in.len);

	if (r < 0)
		return r;
	if (in.len > 0)
		memcpy(b->data, in.data, in.len);
	return 0;
}

struct bytes buffer_bytes(const struct buffer *b)
{
	return bytes_of(b->data, b->len);
}
