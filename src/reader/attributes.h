/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual reader tells of itself and its card by number (PC/SC part 3, table 3-1; SCARD_ATTR_* of
 * PCSC-Lite's reader.h), and the features it has (PC/SC part 10). */
#ifndef READER_ATTRIBUTES_H
#define READER_ATTRIBUTES_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "reader/slot.h"

#define ATTRIBUTES_SIZE_MAX 64 /* of a value */

/* What is known of one slot. */
struct attributes {
	struct slot *slot;
	unsigned reader;    /* number of the reader */
	unsigned number;    /* of the slot in it */
	uint16_t port;      /* of the vpcd connection; 0: the card is in this process */
	bool powered;       /* the card */
	uint16_t protocols; /* the one in use: bit n is T=n; 0: none yet */
};

/* Appends a value: numbers have 32 bits in the machine's byte order, strings end with a NUL.
 * ERR_NOT_FOUND: no such attribute; ERR_NO_CARD: it tells of a card, and none is there. */
MUST_USE int attributes_get(const struct attributes *of, uint32_t id, struct writer *out);

/* Answers a control code: the list of features, or the one feature there is, which tells how large an
 * APDU may be. ERR_UNSUPPORTED: no such code; ERR_LIMIT: the answer does not fit. */
MUST_USE int attributes_control(uint32_t code, struct writer *out);

#endif
