/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data coding byte: bits 7 and 6 say what WRITE does. */
#include "fs/coding.h"

#define WRITE_MASK 0x60
#define WRITE_ONCE 0x00
#define WRITE_PROPRIETARY 0x20
#define WRITE_AND 0x60

uint8_t coding_erased(uint8_t coding)
{
	return (coding & WRITE_MASK) == WRITE_AND ? 0xFF : 0x00;
}

static bool is_erased(uint8_t coding, const uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (at[i] != coding_erased(coding))
			return false;
	}
	return true;
}

bool coding_write(uint8_t coding, uint8_t *to, struct bytes data)
{
	uint8_t kind = coding & WRITE_MASK;

	if (kind == WRITE_ONCE && !is_erased(coding, to, data.len))
		return false;
	for (size_t i = 0; i < data.len; i++) {
		if (kind == WRITE_AND)
			to[i] &= data.data[i];
		else if (kind == WRITE_PROPRIETARY)
			to[i] ^= data.data[i];
		else /* OR; and what is erased becomes the data */
			to[i] |= data.data[i];
	}
	return true;
}
