/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a conversation with a card, tests/cards/NAME.apdu, over any way to a card. The format, in short
 * (README.md beside this file has it all):
 *
 *     # comment
 *     card iso7816                a new card of this type; power is on
 *     > 00 A4 00 00 02 3F 00      a command
 *     < 6F ?? 00*10 90 00         what must be answered
 *     reset                       warm reset
 *     power                       power off and on
 *
 * A byte is two hexadecimal digits, ?? stands for any byte, XX*N for N times XX or ??, count*N for the N
 * bytes 00 01 .. FF 00 .. */
#ifndef TESTS_CARDS_CONVERSATION_H
#define TESTS_CARDS_CONVERSATION_H

#include "base/bytes.h"

/* A way to a card. False: the way is broken, and the conversation ends there. */
struct conversation_way {
	void *self;
	bool (*card)(void *self, const char *type);
	bool (*reset)(void *self);
	bool (*power)(void *self);
	bool (*transmit)(void *self, struct bytes command, struct bytes *response);
};

/* Prints each difference, with file and line, to stderr. The number of commands that were answered as they
 * must be; -1: any was not, or the file is not as it should be. */
int conversation_run(const char *path, const struct conversation_way *way);

/* Runs every conversation below $SOURCE_ROOT and prints how many of its commands were answered as they must be,
 * which run tells as above. Whether there are conversations, and all of them are good. */
bool conversation_run_all(int (*run)(const char *path));

#endif
