/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers typed by people. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

#include "base/bytes.h"

/* Reads all of text as a number: decimal, 0x hexadecimal or 0 octal, no sign, no blanks, at most
 * max. False otherwise, and *out is unchanged. */
MUST_USE bool number_parse(const char *text, uint64_t max, uint64_t *out);

#endif
