/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card for the driver's tests: a thread that connects to a slot and speaks the wire protocol, well or
 * badly. Written from docs/vpcd-protocol.md alone, it shares no code with src/vpcd. */
#ifndef TESTS_IFD_PEER_H
#define TESTS_IFD_PEER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum peer_kind {
	PEER_CARD,            /* the handler_test card */
	PEER_OTHER_ATR,       /* the same with the ATR in peer.atr */
	PEER_MUTE,            /* never answers anything */
	PEER_MUTE_TO_COMMAND, /* answers all but commands */
	PEER_ONE_BYTE,        /* answers a command with one byte and closes */
	PEER_CUT_MESSAGE,     /* answers a command with a length, half of that, and closes */
	PEER_HALF_LENGTH,     /* answers a command with half of a length and closes */
	PEER_STALLS,          /* answers a command with 65535 announced bytes, sends 3, and stays */
	PEER_EMPTY_RESPONSE,  /* answers a command with no bytes */
	PEER_SHORT_RESPONSE,  /* answers a command with one byte */
	PEER_CLOSES,          /* closes when a command comes */
	PEER_DRIPS,           /* the handler_test card, one byte a packet */
	PEER_TALKS,           /* sends 64 KB unasked after the ATR, then is a card */
	PEER_CLOSES_AT_ONCE,  /* connects and closes */
	PEER_LONG_RESPONSE,   /* answers every command with 65535 bytes */
};

struct peer {
	enum peer_kind kind;
	uint16_t port;
	struct bytes atr;
	int fd;
	atomic_bool talked;         /* PEER_TALKS: has said it all */
	unsigned resets, power_ups; /* how often it was told; read after peer_stop() */
	uint8_t stored[65535];      /* for GET RESPONSE */
	size_t n_stored;
	pthread_t thread;
};

extern const struct bytes peer_default_atr;

/* Connects to a port of this machine and plays a card; false: cannot connect. */
bool peer_start(struct peer *peer, enum peer_kind kind, uint16_t port);
bool peer_start_atr(struct peer *peer, struct bytes atr, uint16_t port);

/* Takes the card away. */
void peer_stop(struct peer *peer);

/* The first of n consecutive ports that nobody uses. */
uint16_t peer_free_ports(unsigned n);

/* What the handler_test card answers to a command. Returns the length; out holds 65535 bytes. */
size_t peer_answer(struct peer *peer, struct bytes command, uint8_t *out);

#endif
