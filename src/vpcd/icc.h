/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card's side of a vpcd connection: what vicc speaks. */
#ifndef VPCD_ICC_H
#define VPCD_ICC_H

#include <stdint.h>

#include "base/bytes.h"

struct icc; /* one card's way to a reader: connected, listening, or neither */

enum icc_kind {
	ICC_POWER_OFF,
	ICC_POWER_ON,
	ICC_RESET,
	ICC_GET_ATR, /* answer with icc_answer() */
	ICC_COMMAND, /* answer with icc_answer() */
};

struct icc_message {
	enum icc_kind kind;
	struct bytes command; /* ICC_COMMAND: at least 2 bytes, valid until the next icc_next() */
};

/* Neither connected nor listening yet. NULL: out of memory. */
struct icc *icc_new(void);
void icc_free(struct icc *icc);

/* Connects to a reader that listens; every address of host is tried. ERR_IO (errno says more),
 * ERR_NOT_FOUND (no such host), ERR_TIMEOUT, ERR_INTERRUPTED. */
MUST_USE int icc_connect(struct icc *icc, const char *host, uint16_t port, int timeout_ms);

/* Listens for readers: host NULL is loopback (127.0.0.1 and, where present, ::1), "*" every address,
 * else that address. Port 0: any free one; icc_port() tells which. ERR_IO, ERR_NOT_FOUND. */
MUST_USE int icc_listen(struct icc *icc, const char *host, uint16_t port);
uint16_t icc_port(const struct icc *icc);

/* Waits for a reader to connect to what icc_listen() opened. ERR_IO, ERR_INTERRUPTED. */
MUST_USE int icc_accept(struct icc *icc);

/* Makes a socket that is connected already (inherited, or one of a pair) the connection. ERR_IO,
 * ERR_INTERRUPTED: it is closed. */
MUST_USE int icc_adopt_take(struct icc *icc, int fd);

/* Waits for the next message; control bytes that are not defined, and messages of no bytes, are passed
 * over. ERR_CLOSED: the reader has gone (also in the middle of a message); ERR_TIMEOUT: the rest of a
 * begun message did not come within 10 s; ERR_IO; ERR_INTERRUPTED. After an error the connection is
 * closed; icc_connect() or icc_accept() opens the next one. */
MUST_USE int icc_next(struct icc *icc, struct icc_message *out);

/* Sends an ATR (0 bytes: no card) or a response. ERR_LIMIT: more than VPCD_MESSAGE_MAX bytes. */
MUST_USE int icc_answer(struct icc *icc, struct bytes answer);

/* Ends whatever icc call is running, and every later one, with ERR_INTERRUPTED. May be called by
 * another thread, and by a signal handler. */
void icc_interrupt(struct icc *icc);

#endif
