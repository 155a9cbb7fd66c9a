/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands to a card over PC/SC, in plain or under secure messaging. */
#ifndef TERMINAL_CHANNEL_H
#define TERMINAL_CHANNEL_H

#include "blob.h"

#include <eac/eac.h>

/* A class byte's bit: more commands of the chain follow. */
#define CLA_CHAINED 0x10

struct channel;

struct command {
	unsigned char cla, ins, p1, p2;
	struct blob data;
	size_t ne; /* bytes that may be answered; 0: none */
};

struct answer {
	struct blob data;
	unsigned int sw;
};

/* Connects to the card in that reader, exclusively. With trace, commands and answers are printed. */
struct channel *channel_open(const char *reader, bool trace);

/* Ends the connection and resets the card. */
void channel_close(struct channel *channel);

struct answer channel_transmit(struct channel *channel, struct command command);

/* From now on secure messaging with the keys and the counter of that context; NULL: none. */
void channel_secure(struct channel *channel, EAC_CTX *eac);

bool channel_is_secure(const struct channel *channel);

/* What secure.c does: wraps a command, unwraps its answer. */
struct command secure_wrap(EAC_CTX *eac, struct command plain);
struct answer secure_unwrap(EAC_CTX *eac, struct answer answer);

#endif
