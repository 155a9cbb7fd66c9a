/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Padding with 80 and as many 00 as complete a block, at least 80 (ISO/IEC 7816-4, 10.2.3.1; ISO/IEC 9797-1,
 * method 2). */
#ifndef CRYPTO_PAD_H
#define CRYPTO_PAD_H

#include "base/bytes.h"

/* What len bytes become. */
size_t pad_size(size_t len, size_t block);

/* Writes 80 00 ... behind the len bytes at data, which has room for pad_size(len, block). Returns that. */
size_t pad_add(uint8_t *data, size_t len, size_t block);

/* The number of bytes before the padding. False: none, not a multiple of the block, or padding of more than
 * a block. The time does not depend on what the bytes are. */
MUST_USE bool pad_remove(struct bytes padded, size_t block, size_t *len);

#endif
