/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's side of a vpcd connection: one slot, one card at a time. */
#ifndef VPCD_PCD_H
#define VPCD_PCD_H

#include "base/bytes.h"
#include "base/writer.h"
#include "vpcd/endpoint.h"

#define PCD_ATR_MAX 33 /* ISO/IEC 7816-3, 8.1 */

/* The times are in milliseconds, at least 1. */
struct pcd_limits {
	int atr_ms;     /* for an ATR */
	int message_ms; /* for the rest of a message that has begun, either way */
	int command_ms; /* for the response to a command */
	int check_ms;   /* after this long without a command a card is asked whether it is there */
	int empty_ms;   /* after this long a card that said it was not there is asked again */
	size_t unasked_max; /* bytes that nobody asked for: more is a breach of protocol */
};

/* 10 s, 10 s, 60 s, 1 s, 0.5 s and 1 MiB. The first three can be set, in seconds, by the environment variables
 * VPCD_TIMEOUT_ATR, VPCD_TIMEOUT_MESSAGE and VPCD_TIMEOUT_COMMAND, and the third by the endpoint, which
 * is stronger. */
void pcd_limits_read(const struct endpoint *endpoint, struct pcd_limits *out);

struct pcd;

/* Listens, or starts to connect, on the endpoint's port + number. ERR_IO (errno: why it cannot listen),
 * ERR_NOT_FOUND, ERR_NO_MEMORY. */
MUST_USE int pcd_open(const struct endpoint *endpoint, unsigned number,
    const struct pcd_limits *limits, struct pcd **out);

/* Of a socket that is connected already (inherited, or one of a pair). When that connection has ended, no
 * other card comes. ERR_IO, ERR_NO_MEMORY: it is closed. */
MUST_USE int pcd_adopt_take(int fd, const struct pcd_limits *limits, struct pcd **out);

/* No other call is running or comes after. */
void pcd_close(struct pcd *pcd);

/* In the child after fork(): closes the descriptors, so that neither port nor connection outlives the
 * parent's. Takes no lock (whoever held one does not exist here) and frees nothing. */
void pcd_abandon(struct pcd *pcd);

/* As the functions of struct reader_backend (reader/backend.h). pcd_card() and pcd_wait() are also what
 * accepts a connection, or makes one, and keeps asking the card whether it is there. */
unsigned pcd_card(struct pcd *pcd, struct writer *atr);
MUST_USE int pcd_power(struct pcd *pcd, bool on);
MUST_USE int pcd_reset(struct pcd *pcd);
MUST_USE int pcd_atr(struct pcd *pcd, struct writer *out);
MUST_USE int pcd_transmit(struct pcd *pcd, struct bytes command, struct writer *response);
MUST_USE int pcd_wait(struct pcd *pcd, unsigned known, int timeout_ms);
void pcd_interrupt(struct pcd *pcd);
void pcd_shut(struct pcd *pcd);

#endif
