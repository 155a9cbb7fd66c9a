/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wiping and comparing secrets. Constant-time code: no branch or index depends on the bytes. */
#include "base/secret.h"

#include <string.h>

void secret_wipe(void *data, size_t len)
{
	/* A call through a volatile pointer is one that the compiler cannot see through. */
	static void *(*const volatile set)(void *, int, size_t) = memset;

	if (len > 0)
		set(data, 0, len);
}

bool secret_equal(struct bytes a, struct bytes b)
{
	unsigned difference = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		difference |= (unsigned)(a.data[i] ^ b.data[i]);
	return difference == 0;
}
