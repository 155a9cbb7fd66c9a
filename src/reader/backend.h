/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a reader's card comes from: a table of functions. Two exist: a vpcd connection
 * (reader/vpcd_backend.h) and a card in the same process (card/backend.h).
 *
 * The slot above (reader/slot.h) calls at most one of power, reset, atr and transmit at a time; wait()
 * may run in another thread meanwhile, and interrupt() comes from any thread at any time. None of them
 * may hold, while it waits, what another slot needs. */
#ifndef READER_BACKEND_H
#define READER_BACKEND_H

#include "base/bytes.h"
#include "base/writer.h"

struct reader_backend {
	/* The number of the card that is there now, without waiting; 0: none. Each card that is put in has
	 * another number. Appends its ATR as last seen, 1 to 33 bytes, to atr unless that is NULL. */
	unsigned (*card)(void *self, struct writer *atr);

	/* Power on or off: what a reader does to the contacts. ERR_NO_CARD, ERR_CLOSED, ERR_IO. */
	int (*power)(void *self, bool on);

	/* Warm reset. Errors as power(). */
	int (*reset)(void *self);

	/* Appends the ATR after the last power() or reset(), 1 to 33 bytes. ERR_NO_CARD, ERR_CLOSED, ERR_TIMEOUT, ERR_PROTOCOL. */
	int (*atr)(void *self, struct writer *out);

	/* Sends a command of at least 2 bytes and appends the response, at least 2 bytes. ERR_LIMIT: the
	 * command or the response is too long for the way or for out (nothing is ever cut); ERR_NO_CARD,
	 * ERR_CLOSED, ERR_TIMEOUT (the card is mute and has been removed), ERR_INTERRUPTED, ERR_PROTOCOL. */
	int (*transmit)(void *self, struct bytes command, struct writer *response);

	/* Returns 0 as soon as card() differs from known, ERR_TIMEOUT after timeout_ms (negative:
	 * never), ERR_INTERRUPTED after interrupt(). One thread at a time. */
	int (*wait)(void *self, unsigned known, int timeout_ms);

	/* Ends a running wait(), or, when none runs, the next one at once. Never waits. */
	void (*interrupt)(void *self);

	/* Ends every running call with ERR_INTERRUPTED, also those to come. Never waits. Called before
	 * close(). */
	void (*shut)(void *self);

	/* In the child after fork(): closes the descriptors, without taking a lock, and frees nothing. NULL:
	 * there are none. */
	void (*abandon)(void *self);

	/* Frees everything. No other call is running or comes after. */
	void (*close)(void *self);
};

#endif
