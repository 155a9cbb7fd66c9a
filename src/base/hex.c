/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hexadecimal text. */
#include "base/hex.h"

#include <string.h>

void hex_encode(struct bytes in, char *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < in.len; i++) {
		*out++ = digits[in.data[i] >> 4];
		*out++ = digits[in.data[i] & 0x0F];
	}
	*out = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(const char *text, struct writer *out)
{
	for (text += strspn(text, " \t\r\n:"); *text != '\0'; text += strspn(text, " \t\r\n:")) {
		int high = digit_value(text[0]);
		int low = high < 0 ? -1 : digit_value(text[1]);

		if (low < 0) {
			writer_fail(out);
			return false;
		}
		writer_put_u8(out, (uint8_t)(high << 4 | low));
		text += 2;
	}
	return !out->failed;
}
