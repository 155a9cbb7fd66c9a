/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of bytes, and taking from them. */
#include "base/bytes.h"

#include <string.h>

struct bytes bytes_of_string(const char *s)
{
	return bytes_of((const uint8_t *)s, strlen(s));
}

struct bytes bytes_first(struct bytes b, size_t n)
{
	return bytes_of(b.data, n < b.len ? n : b.len);
}

struct bytes bytes_after(struct bytes b, size_t n)
{
	if (n >= b.len)
		return bytes_of(NULL, 0);
	return bytes_of(b.data + n, b.len - n);
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_starts_with(struct bytes b, struct bytes prefix)
{
	return b.len >= prefix.len && bytes_equal(bytes_first(b, prefix.len), prefix);
}

bool bytes_take(struct bytes *rest, size_t n, struct bytes *out)
{
	if (n > rest->len)
		return false;
	*out = bytes_of(rest->data, n);
	*rest = bytes_after(*rest, n);
	return true;
}

/* Takes an unsigned number of n bytes, most significant first. */
static bool take_number(struct bytes *rest, size_t n, uint32_t *out)
{
	struct bytes taken;
	uint32_t value = 0;

	if (!bytes_take(rest, n, &taken))
		return false;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | taken.data[i];
	*out = value;
	return true;
}

bool bytes_take_u8(struct bytes *rest, uint8_t *out)
{
	uint32_t value;

	if (!take_number(rest, 1, &value))
		return false;
	*out = (uint8_t)value;
	return true;
}

bool bytes_take_u16(struct bytes *rest, uint16_t *out)
{
	uint32_t value;

	if (!take_number(rest, 2, &value))
		return false;
	*out = (uint16_t)value;
	return true;
}

bool bytes_take_u32(struct bytes *rest, uint32_t *out)
{
	return take_number(rest, 4, out);
}
