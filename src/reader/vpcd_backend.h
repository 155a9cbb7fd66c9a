/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card at the other end of a vpcd connection, as a reader's back end. */
#ifndef READER_VPCD_BACKEND_H
#define READER_VPCD_BACKEND_H

#include "reader/slot.h"
#include "vpcd/endpoint.h"

/* Opens the slot of this number at an endpoint: listens, or starts to connect (in the background, again
 * and again), on port + number. ERR_IO (errno: why it cannot listen), ERR_NOT_FOUND, ERR_NO_MEMORY. */
MUST_USE int vpcd_slot_open(const struct endpoint *endpoint, unsigned number, struct slot **out);

#endif
