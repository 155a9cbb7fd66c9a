/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A borrowed view of bytes, and the takes by which all input is read: each checks, and on failure
 * returns false and leaves both the view and the output as they were. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct bytes {
	const uint8_t *data; /* may be NULL when len is 0 */
	size_t len;
};

/* A view of an array object. */
#define BYTES_OF_ARRAY(array) ((struct bytes){ (array), sizeof(array) })

static inline struct bytes bytes_of(const uint8_t *data, size_t len)
{
	return (struct bytes){ data, len };
}

/* The characters of a string, without the terminating NUL. */
struct bytes bytes_of_string(const char *s);

/* The first n bytes (all of them when there are fewer), and what is left after the first n (an
 * empty view when there are fewer). */
struct bytes bytes_first(struct bytes b, size_t n);
struct bytes bytes_after(struct bytes b, size_t n);

/* Not for secrets: the time tells where the difference is. See base/secret.h. */
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_starts_with(struct bytes b, struct bytes prefix);

MUST_USE bool bytes_take(struct bytes *rest, size_t n, struct bytes *out);
MUST_USE bool bytes_take_u8(struct bytes *rest, uint8_t *out);
MUST_USE bool bytes_take_u16(struct bytes *rest, uint16_t *out); /* big-endian */
MUST_USE bool bytes_take_u32(struct bytes *rest, uint32_t *out); /* big-endian */

#endif
