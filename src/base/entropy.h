/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Randomness of the operating system's, for what is not a card's: handles, socket names. A card has a
 * generator of its own (crypto/random.h). */
#ifndef BASE_ENTROPY_H
#define BASE_ENTROPY_H

#include "base/bytes.h"

/* Fills out with len bytes. ERR_IO: there is none to be had. */
MUST_USE int entropy_get(uint8_t *out, size_t len);

#endif
