/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a card, known to the files of this folder alone. */
#ifndef CARD_INTERNAL_H
#define CARD_INTERNAL_H

#include "base/buffer.h"
#include "card/image.h"
#include "card/type.h"
#include "crypto/random.h"
#include "iso7816/atr.h"

#define CARD_MESSAGE_MAX 65535 /* a response with its status word: what a vpcd message holds */
#define CARD_RESPONSE_DATA_MAX (CARD_MESSAGE_MAX - 2)

/* Commands that will be joined (7816-4, 5.3.3). There is one chain a card, since command-response pairs of
 * channels do not interleave: it ends with the last of the chain, with any command that does not belong
 * to it, on whatever channel, with power-off and reset. */
struct chain {
	bool active;
	uint8_t cla, ins, p1, p2; /* of each link, the chaining bit of cla cleared */
	unsigned protection;      /* that all links had (enum session_protection) */
	struct buffer data;
};

/* Response data that waits for GET RESPONSE (7816-4, 5.3.4) on the channel of its command. There is one a
 * card, as with the chain. Ends with any other command, on whatever channel, with power-off and reset. */
struct pending {
	struct buffer data;
	size_t offset; /* of what has not been fetched yet */
	enum sw sw;    /* the command's own status, given with the last of the data */
	uint8_t cla;   /* of the command that left it */
	uint8_t channel;
};

/* A command that comes in parts, inside ENVELOPE (TR-03110-3, E), longer than the transport has room for. Ends with its
 * last part, with any other command, with power-off and reset. */
#define ENVELOPED_MAX (4 + 3 + APDU_DATA_MAX + 2)

/* Secure messaging of a logical channel. */
struct secure {
	struct sm *now;  /* of the command being carried out; NULL: none */
	struct sm *next; /* from the next command on, if changes is true */
	bool changes;
};

struct card {
	/* The type, its base, the base of that, ..., and the part of the card that each made. */
	const struct card_type *line[CARD_TYPE_DEPTH_MAX];
	void *state[CARD_TYPE_DEPTH_MAX];
	size_t depth;
	uint8_t atr[ATR_SIZE_MAX];
	size_t atr_len;
	struct fs *files;
	struct date date; /* the day that the card believes in */
	struct random *random;
	void (*sleep)(void *self, unsigned milliseconds);
	void *sleep_self;
	int (*commit)(void *self);
	void *commit_self;
	bool changed;        /* since the last commit */
	uint64_t committed;  /* fs_changes() at that */
	struct image *image; /* where the card is kept, owned; NULL: nowhere */
	struct credentials credentials;
	struct session sessions[CARD_CHANNELS]; /* of each logical channel */
	bool open[CARD_CHANNELS];               /* the basic channel, 0, always is */
	uint8_t channel;                        /* of the command being carried out */
	struct secure secure[CARD_CHANNELS];    /* of each logical channel */
	uint8_t *plain;                         /* APDU_DATA_MAX bytes: what was unwrapped */
	struct file *target;                    /* its file; NULL: none */
	struct chain chain;
	struct pending pending;
	struct buffer enveloped; /* its parts; empty: none has come */
	uint8_t *response; /* APDU_NE_MAX bytes: handlers write here, and the status word follows */
};

/* Finds the target of a command, and says whether it may be given. Without a target *out has no file. */
MUST_USE enum sw access_check(
    struct card *card, const struct instruction *row, const struct apdu *apdu, struct target *out);

/* Unwraps a command, where its class says that it is protected; what its data becomes lies in card->plain. Then
 * *protected is true, and the response has to be wrapped. An error: the answer, which is not protected. */
MUST_USE enum sw secure_unwrap(
    struct card *card, const struct apdu_class *class, struct apdu *apdu, bool *protected);

/* Cuts the response to Ne of the command that was unwrapped, and wraps it. */
MUST_USE enum sw secure_wrap(
    struct card *card, const struct apdu *apdu, enum sw sw, struct writer *out);

/* Lets what card_take_sm() was given come into force. */
void secure_switch(struct card *card);

/* Frees what a channel has, without a word to the card type. */
void secure_reset(struct card *card, uint8_t channel);

/* Ends it, and tells the card type if there was any. The channel is the current one. */
void secure_end(struct card *card);

/* Forgets an unfinished chain and data that nobody has fetched. */
void dispatch_reset(struct card *card);

#endif
