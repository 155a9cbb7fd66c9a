/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hexadecimal text. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/bytes.h"
#include "base/writer.h"

/* The size of the text that hex_encode() makes of n bytes, NUL included. */
#define HEX_SIZE(n) (2 * (n) + 1)

/* Writes 2 * in.len upper-case digits and a NUL to out, which holds at least HEX_SIZE(in.len). */
void hex_encode(struct bytes in, char *out);

/* Appends the bytes that text stands for. Blanks, tabs, line ends and colons between bytes are
 * skipped; an odd digit or any other character is an error and fails the writer. */
MUST_USE bool hex_decode(const char *text, struct writer *out);

#endif
