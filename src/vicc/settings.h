/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc's command line asks for. */
#ifndef VICC_SETTINGS_H
#define VICC_SETTINGS_H

#include <stdint.h>

#include "cards/options.h"

#define SETTINGS_ERROR_SIZE (CARD_OPTIONS_ERROR_SIZE + CMDLINE_ERROR_SIZE)

#define SETTINGS_HOST_SIZE 256

struct settings {
	bool help, version;               /* asked for; nothing else counts then */
	const char *describe;             /* an image to describe, and nothing else; NULL: none */
	unsigned verbose;                 /* how often -v was there */
	const char *host;                 /* NULL: not given */
	char address[SETTINGS_HOST_SIZE]; /* what host is, when it was given in brackets */
	uint16_t port;
	bool reversed; /* listen, the reader connects */
	bool wait;     /* never give up looking for a reader */
	struct card_options card;
};

/* Reads argv, as main() has it. ERR_FORMAT: error is one line that says what is wrong and what would be
 * right. Everything is borrowed from argv. */
MUST_USE int settings_parse(char **argv, struct settings *out, char error[SETTINGS_ERROR_SIZE]);

void settings_help(void);

#endif
