/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One slot of a virtual reader: the state of its card over a back end (reader/backend.h), safe to call
 * from several threads. */
#ifndef READER_SLOT_H
#define READER_SLOT_H

#include "base/bytes.h"
#include "base/writer.h"
#include "reader/backend.h"

struct slot;

#define SLOT_MESSAGE_MAX 65535 /* a command, or a response: what vpcd can carry */

/* Takes the back end self; slot_free() closes it. NULL: out of memory (self is closed). */
struct slot *slot_new_take(const struct reader_backend *backend, void *self);

/* Ends every call that is running in the slot, and every later one, with ERR_INTERRUPTED; does not wait.
 * For an owner whose threads may be about to enter the slot while it wants to free it. */
void slot_shut(struct slot *slot);

/* Interrupts every call that is running in the slot, waits for them to leave, and frees it. NULL is
 * fine. */
void slot_free(struct slot *slot);

/* In the child after fork(), where no other thread runs: closes the descriptors, and leaves the memory
 * alone. Nothing may be done with the slot there any more. */
void slot_abandon(struct slot *slot);

/* Whether a card is there now, without waiting. When another card has taken the place of the one that
 * was last seen, the answer is once that none is there. */
bool slot_present(struct slot *slot);

/* Powers the card up (cold) or resets it (warm; a card without power is powered up instead), and appends
 * its ATR. Errors of the back end. */
MUST_USE int slot_power_up(struct slot *slot, struct writer *atr);
MUST_USE int slot_reset(struct slot *slot, struct writer *atr);
MUST_USE int slot_power_down(struct slot *slot);

/* The ATR as last seen, also of a card that is there and has no power. ERR_NO_CARD. */
MUST_USE int slot_atr(struct slot *slot, struct writer *out);

/* Sends a command, appends the response. A command of 0 or 1 bytes is answered 6700 here: one byte on
 * the wire would be a control code. Errors of the back end; ERR_NO_CARD also when it has no power. */
MUST_USE int slot_transmit(struct slot *slot, struct bytes command, struct writer *response);

/* Returns 0 as soon as slot_present() differs from known, ERR_TIMEOUT, ERR_INTERRUPTED (by
 * slot_interrupt() or slot_free()). A negative timeout_ms waits for ever. One thread at a time: others
 * get ERR_EXISTS. slot_interrupt() ends the wait that is running, else the next one, and nothing else. */
MUST_USE int slot_wait(struct slot *slot, bool known, int timeout_ms);

/* The same for an owner who must not miss that one card has taken the place of another: the number of the
 * card that is there now, 0 for none, which no other card has; and the wait until that differs from
 * known. */
unsigned slot_card(struct slot *slot);
MUST_USE int slot_wait_card(struct slot *slot, unsigned known, int timeout_ms);
void slot_interrupt(struct slot *slot);

#endif
