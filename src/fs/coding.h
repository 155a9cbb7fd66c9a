/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data coding byte (ISO/IEC 7816-4, 12.1.1.9, second software function table): what WRITE does to data
 * units, and what the logical erased state is. */
#ifndef FS_CODING_H
#define FS_CODING_H

#include "base/bytes.h"

#define CODING_DEFAULT 0x01 /* one-time write, data units of one byte */

/* A byte in the logical erased state: the one from which every value can be written. */
uint8_t coding_erased(uint8_t coding);

/* Writes data over what is at to: once, proprietary (exclusive OR, here), OR, AND. False, and nothing
 * has changed: it was written once already. */
MUST_USE bool coding_write(uint8_t coding, uint8_t *to, struct bytes data);

#endif
