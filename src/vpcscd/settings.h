/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vpcscd's command line asks for. */
#ifndef VPCSCD_SETTINGS_H
#define VPCSCD_SETTINGS_H

#include "cards/options.h"
#include "pcsc/manager.h"

#define SETTINGS_ERROR_SIZE CARD_OPTIONS_ERROR_SIZE

/* One reader and what is in it: the card described by card, or whatever connects to port. */
struct reader_settings {
	bool is_vpcd;
	uint16_t port;
	struct card_options card;
	char name[PCSC_READER_NAME_SIZE]; /* as applications see it */
};

struct settings {
	struct reader_settings readers[PCSC_READERS_MAX];
	unsigned n_readers; /* at least one */
	const char *socket; /* NULL: in a folder of its own */
	const char *pid_file;
	bool daemon;
	bool help, version;
	unsigned verbose;
	char **command; /* NULL: none, serve until stopped */
};

/* Everything in *out is borrowed from argv. ERR_FORMAT, ERR_UNSUPPORTED: error is one line for people. */
MUST_USE int settings_parse(char **argv, struct settings *out, char error[SETTINGS_ERROR_SIZE]);

void settings_help(void);

/* The card options alone, as for a card that is swapped in. ERR_FORMAT, ERR_UNSUPPORTED. */
MUST_USE int settings_parse_card(
    char **argv, struct card_options *out, char error[SETTINGS_ERROR_SIZE]);

#endif
