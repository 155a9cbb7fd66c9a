/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of a vpcd connection (docs/vpcd-protocol.md), both ways. */
#ifndef VPCD_FRAME_H
#define VPCD_FRAME_H

#include <stdint.h>

#include "base/bytes.h"
#include "vpcd/protocol.h"

#define FRAME_MAX (VPCD_LENGTH_SIZE + VPCD_MESSAGE_MAX)

/* What has been received and not yet taken. */
struct frame {
	uint8_t *data; /* FRAME_MAX bytes */
	size_t start;
	size_t end;
	size_t used; /* bytes that have to be wiped some day */
};

/* False: out of memory. */
MUST_USE bool frame_init(struct frame *f);
void frame_done(struct frame *f);

/* Forgets and wipes everything: for the next connection. */
void frame_clear(struct frame *f);

/* Takes the message that is complete, if one is. *out is valid until the frame next receives. */
MUST_USE bool frame_take(struct frame *f, struct bytes *out);

/* How many bytes of a message, its length included, have come without the rest. */
size_t frame_begun(const struct frame *f);

/* Takes what the socket has, once, without waiting. Every complete message must have been taken.
 * NET_LATER: nothing. ERR_CLOSED, ERR_IO. */
MUST_USE int frame_fill_now(struct frame *f, int fd);

/* Waits for a message: until `until` for its first byte, and rest_ms for the rest of it; or, where
 * the socket's receive limit (net_set_limits()) is longer than that, for the limit. ERR_CLOSED, also in
 * the middle of a message; ERR_TIMEOUT; ERR_IO. */
MUST_USE int frame_receive(struct frame *f, int fd, int64_t until, int rest_ms, struct bytes *out);

/* Sends a message of at most VPCD_MESSAGE_MAX bytes (else ERR_LIMIT) within limit_ms. ERR_CLOSED,
 * ERR_TIMEOUT, ERR_IO: a part may have been sent. */
MUST_USE int frame_send(int fd, struct bytes message, int limit_ms);

#endif
