/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Padding of ISO/IEC 7816-4. */
#include "crypto/pad.h"

#include <string.h>

#define PAD_START 0x80

size_t pad_size(size_t len, size_t block)
{
	return len - len % block + block;
}

size_t pad_add(uint8_t *data, size_t len, size_t block)
{
	size_t size = pad_size(len, block);

	data[len] = PAD_START;
	memset(data + len + 1, 0, size - len - 1);
	return size;
}

/* All ones if a is 0, else 0. */
static uint32_t mask_of_zero(uint32_t a)
{
	return (uint32_t)(((uint64_t)a - 1) >> 32);
}

/* Constant time: looks at each byte of the last block, from its end. Only 00 has been seen while trailing is
 * all ones; found turns to all ones at an 80 that ends them. */
bool pad_remove(struct bytes padded, size_t block, size_t *len)
{
	uint32_t trailing = UINT32_MAX;
	uint32_t found = 0;
	uint32_t padding = 0;

	if (padded.len == 0 || padded.len % block != 0)
		return false;
	for (size_t i = 1; i <= block; i++) {
		uint8_t byte = padded.data[padded.len - i];
		uint32_t here = trailing & mask_of_zero(byte ^ PAD_START);

		found |= here;
		padding |= here & (uint32_t)i;
		trailing &= mask_of_zero(byte);
	}
	if (found == 0)
		return false;
	*len = padded.len - padding;
	return true;
}
