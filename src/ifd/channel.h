/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open slots of all readers. pcscd names one by a logical unit number (LUN): the reader in the upper
 * half, its slot in the lower. A channel is borrowed between channel_enter() and channel_leave();
 * closing ends the calls that run in it and waits until all have left. */
#ifndef IFD_CHANNEL_H
#define IFD_CHANNEL_H

#include <pthread.h>

#include "reader/slot.h"
#include "vpcd/endpoint.h"

#define CHANNEL_READERS_MAX 16 /* what pcscd manages at most, slots and all */
#define CHANNEL_SLOTS_MAX 16

#define CHANNEL_PROTOCOL_UNKNOWN (-1)

/* An application's thread that cannot reset a card has pcscd note that the card is mute, whatever the
 * polling thread has noted meanwhile: a card that leaves while it is reset must not be seen to go
 * before that. */
#define CHANNEL_SETTLE_MS 20

struct channel {
	unsigned reader, number; /* its LUN */
	struct endpoint endpoint;
	struct slot *slot;

	/* Below: guarded by the table's mutex. */
	unsigned users;
	unsigned seen;     /* the card that was there when somebody last looked: for the log */
	unsigned told;     /* the card that the polling thread knows of; as slot_card() */
	unsigned woken;    /* the card that it last returned for, or has been told of since */
	bool has_poller;   /* channel_wait() has been called */
	pthread_t poller;  /* by this thread */
	unsigned powering; /* calls of channel_power_up() that are under way */
	int64_t settled;   /* when pcscd will have noted that the last one failed */
	bool powered;
	int protocol; /* n of T=n, spoken since the last power-up or negotiation */
};

/* Opens what a DEVICENAME says; said in the log when it fails. ERR_FORMAT, ERR_LIMIT (no such reader or
 * slot), ERR_EXISTS (open already), and the errors of vpcd_slot_open(). */
MUST_USE int channel_open_name(unsigned long lun, const char *name);

/* Listens on loopback on port plus the slot's number. Errors as above. */
MUST_USE int channel_open_port(unsigned long lun, unsigned long port);

/* ERR_NOT_FOUND: is not open. */
MUST_USE int channel_close(unsigned long lun);

/* NULL: is not open. */
struct channel *channel_enter(unsigned long lun);
void channel_leave(struct channel *channel);

/* The calls on a channel that has been entered. Errors are those of the slot. */

/* Whether a card is there. The polling thread is told once that none is when another card has taken the
 * place of the one it knows. */
bool channel_present(struct channel *channel);
MUST_USE int channel_power_up(struct channel *channel, bool warm, struct writer *atr);
MUST_USE int channel_power_down(struct channel *channel);
MUST_USE int channel_transmit(
    struct channel *channel, struct bytes command, struct writer *response);

/* Chooses T=n by what the ATR offers (any n when the ATR cannot be read). ERR_UNSUPPORTED: it does not
 * offer that; ERR_NO_CARD. */
MUST_USE int channel_negotiate(struct channel *channel, unsigned n);

/* What the card speaks: n of T=n, or CHANNEL_PROTOCOL_UNKNOWN. */
int channel_protocol(struct channel *channel);
bool channel_powered(struct channel *channel);

/* Returns when a card has come or gone since the caller's last channel_present(), after timeout_ms
 * (negative: never), or after channel_stop_waiting(). Errors as slot_wait(). That a card has gone is told
 * CHANNEL_SETTLE_MS after a power-up that failed by it, not at once. */
MUST_USE int channel_wait(struct channel *channel, int timeout_ms);
void channel_stop_waiting(struct channel *channel);

uint16_t channel_port(const struct channel *channel);

#endif
