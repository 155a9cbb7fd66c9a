/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Randomness of the operating system's, on POSIX systems with getentropy(). */
#include "base/entropy.h"

#include <unistd.h>

#include "base/err.h"

#define GETENTROPY_MAX 256 /* what one call gives at most */

int entropy_get(uint8_t *out, size_t len)
{
	while (len > 0) {
		size_t n = len < GETENTROPY_MAX ? len : GETENTROPY_MAX;

		if (getentropy(out, n) != 0)
			return ERR_IO;
		out += n;
		len -= n;
	}
	return 0;
}
