/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request to the control socket: the words "eject|insert|swap", the reader and, for swap, options of a
 * card, each with a NUL behind it. */
#ifndef VPCSCD_REQUEST_H
#define VPCSCD_REQUEST_H

#include "base/bytes.h"

#define REQUEST_SIZE 4096
#define REQUEST_WORDS_MAX 64

enum request_action { REQUEST_EJECT, REQUEST_INSERT, REQUEST_SWAP };

struct request {
	enum request_action action;
	const char *reader;                 /* words[1] */
	char *words[REQUEST_WORDS_MAX + 1]; /* all of them, ended by NULL */
};

/* Whether a word is one of the three. */
bool request_find_action(const char *word, enum request_action *out);

/* Takes a request apart; *out points into data. NULL, or what is wrong with it. */
MUST_USE const char *request_parse(char *data, size_t len, struct request *out);

#endif
