/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of options that describe a card. Those of card types and abilities that are still to come
 * are known by name, so that whoever uses them learns that they are not there yet, and nothing is ignored
 * in silence. */
#include "cards/options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/log.h"
#include "cards/cards.h"

#define SHOWN_SIZE 80 /* of a wrong value in an error line */

enum option_id {
	OPTION_TYPE = 1000, /* apart from the programs' own */
	OPTION_SEED,
	OPTION_ATR,
	OPTION_FILE,
	OPTION_OF_NPA,
	OPTION_OF_RELAY,
	OPTION_OF_TYPE = CARD_OPTION_ID,
};

/* clang-format off */
static const struct cmdline_option options_now[] = {
	{ OPTION_TYPE, 't', "type", "TYPE", "kind of card: iso7816, handler_test or cryptoflex [iso7816]" },
	{ OPTION_SEED, 0,   "seed", "TEXT", "same random numbers in every run; nothing is secret then" },
	{ OPTION_ATR,  0,   "atr",  "HEX",  "answer to reset; auto: one that says all the card can" },
};

static const struct cmdline_option options_later[] = {
	{ OPTION_FILE,     'f', "file",              "FILE",   "card image to load" },
	{ OPTION_OF_RELAY, 0,   "reader",            "NUMBER", "relay: reader that holds the card" },
	{ OPTION_OF_RELAY, 0,   "mitm",              "FILE",   "relay: program that changes what passes" },
	{ OPTION_OF_NPA,   0,   "ef-cardaccess",     "FILE",   "nPA: contents of EF.CardAccess" },
	{ OPTION_OF_NPA,   0,   "ef-cardsecurity",   "FILE",   "nPA: contents of EF.CardSecurity" },
	{ OPTION_OF_NPA,   0,   "cvca",              "FILE",   "nPA: trust point of terminal authentication" },
	{ OPTION_OF_NPA,   0,   "disable-ta-checks", NULL,     "nPA: do not check the dates of certificates" },
	{ OPTION_OF_NPA,   0,   "ca-key",            "FILE",   "nPA: private key of chip authentication" },
	{ OPTION_OF_NPA,   'd', "datasetfile",       "FILE",   "nPA: data groups" },
	{ OPTION_OF_NPA,   0,   "esign-cert",        "FILE",   "nPA: certificate of the signature key" },
	{ OPTION_OF_NPA,   0,   "esign-ca-cert",     "FILE",   "nPA: certificate of its issuer" },
};
/* clang-format on */

static const char *const types_later[] = { "ePass", "nPA", "relay" };

void card_options_init(struct card_options *options)
{
	*options = (struct card_options){ .type = cards_find("iso7816") };
}

struct card_setup card_options_setup(const struct card_options *options)
{
	struct card_setup setup = options->setup;

	setup.own = options->own.bytes;
	if (options->atr_len > 0)
		setup.atr = bytes_of(options->atr, options->atr_len);
	return setup;
}

void card_options_set_type(struct card_options *options, const struct card_type *type)
{
	assert(type->own_size <= sizeof options->own.bytes);
	options->type = type;
	memset(&options->own, 0, sizeof options->own);
}

/* A table for each card type that has options of its own. */
static void add_types(struct cmdline *line)
{
	for (size_t i = 0; i < cards_count; i++) {
		const struct card_type *type = cards[i];

		if (type->n_options > 0)
			cmdline_add(line,
			    (struct cmdline_table){ .title = "Card, behind --type",
			        .name = type->name,
			        .options = &type->options[0].option,
			        .n_options = type->n_options,
			        .stride = sizeof type->options[0] });
	}
}

void card_options_add(struct cmdline *line)
{
	cmdline_add(line,
	    (struct cmdline_table){
	        .title = "Card", .options = options_now, .n_options = COUNT(options_now) });
	add_types(line);
	cmdline_add(line,
	    (struct cmdline_table){ .title = "Known, but not available in this version",
	        .options = options_later,
	        .n_options = COUNT(options_later) });
}

bool card_options_has(const struct cmdline_option *option)
{
	return option->id >= OPTION_TYPE;
}

bool card_options_is_type(const struct cmdline_option *option)
{
	return option->id == OPTION_TYPE;
}

static bool is_later(const char *name)
{
	for (size_t i = 0; i < COUNT(types_later); i++)
		if (strcmp(types_later[i], name) == 0)
			return true;
	return false;
}

/* "iso7816, handler_test" */
static void list_types(char *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < cards_count && used < size; i++)
		used += (size_t)snprintf(
		    text + used, size - used, "%s%s", i > 0 ? ", " : "", cards[i]->name);
}

static int set_type(struct card_options *options, const char *name, char *error)
{
	const struct card_type *type = cards_find(name);
	char shown[SHOWN_SIZE], types[CARD_OPTIONS_ERROR_SIZE / 2];

	if (type != NULL) {
		card_options_set_type(options, type);
		return 0;
	}
	list_types(types, sizeof types);
	if (is_later(name)) {
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
		    "--type %s: this card type is not available in this version; available are %s",
		    name, types);
		return ERR_UNSUPPORTED;
	}
	(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
	    "--type %s: no such card type; available are %s",
	    log_escape(bytes_of_string(name), shown, sizeof shown), types);
	return ERR_FORMAT;
}

static int set_seed(struct card_options *options, const char *value, char *error)
{
	if (value[0] == '\0') {
		(void)snprintf(
		    error, CARD_OPTIONS_ERROR_SIZE, "--seed: give at least one character");
		return ERR_FORMAT;
	}
	options->setup.seed = bytes_of_string(value);
	return 0;
}

/* The row of the table that a card type has it in. */
static const struct card_option *find_own(
    const struct cmdline_option *option, const struct card_type **type)
{
	for (size_t i = 0; i < cards_count; i++) {
		for (size_t j = 0; j < cards[i]->n_options; j++) {
			if (&cards[i]->options[j].option != option)
				continue;
			*type = cards[i];
			return &cards[i]->options[j];
		}
	}
	return NULL;
}

static int set_own(struct card_options *options, const struct cmdline_option *option,
    const char *value, char *error)
{
	const struct card_type *type = NULL;
	const struct card_option *row = find_own(option, &type);
	char shown[SHOWN_SIZE] = "";
	int r;

	assert(row != NULL);
	if (type != options->type) {
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
		    "--%s: belongs to the card type %s; put it behind --type %s", option->name,
		    type->name, type->name);
		return ERR_FORMAT;
	}
	r = row->parse(options->own.bytes, value);
	if (r < 0) {
		if (value != NULL)
			(void)log_escape(bytes_of_string(value), shown, sizeof shown);
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "--%s %s: give %s", option->name,
		    shown, row->wanted);
	}
	return r;
}

static int set_atr(struct card_options *options, const char *value, char *error)
{
	char shown[SHOWN_SIZE];
	struct writer writer;

	options->setup.atr_auto = strcmp(value, "auto") == 0;
	options->atr_len = 0;
	if (options->setup.atr_auto)
		return 0;
	writer_init(&writer, options->atr, sizeof options->atr);
	if (hex_decode(value, &writer) && writer_done(&writer) && writer.len >= ATR_SIZE_MIN) {
		options->atr_len = writer.len;
		return 0;
	}
	(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
	    "--atr %s: give %d to %d bytes in hexadecimal digits, or auto",
	    log_escape(bytes_of_string(value), shown, sizeof shown), ATR_SIZE_MIN, ATR_SIZE_MAX);
	return ERR_FORMAT;
}

static int refuse(const struct cmdline_option *option, const char *what, char *error)
{
	(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "--%s: %s not available in this version",
	    option->name, what);
	return ERR_UNSUPPORTED;
}

int card_options_set(struct card_options *options, const struct cmdline_option *option,
    const char *value, char error[CARD_OPTIONS_ERROR_SIZE])
{
	switch ((enum option_id)option->id) {
	case OPTION_TYPE:
		return set_type(options, value, error);
	case OPTION_SEED:
		return set_seed(options, value, error);
	case OPTION_ATR:
		return set_atr(options, value, error);
	case OPTION_FILE:
		return refuse(option, "card images are", error);
	case OPTION_OF_NPA:
		return refuse(option, "the card type nPA is", error);
	case OPTION_OF_RELAY:
		return refuse(option, "the card type relay is", error);
	case OPTION_OF_TYPE:
		return set_own(options, option, value, error);
	}
	return ERR_FORMAT;
}
