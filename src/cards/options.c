/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of options that describe a card. Those of card types and abilities that are still to come
 * are known by name, so that whoever uses them learns that they are not there yet, and nothing is ignored
 * in silence. */
#include "cards/options.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "cards/cards.h"

#define SHOWN_SIZE 80 /* of a wrong value in an error line */

enum option_id {
	OPTION_TYPE = 1000, /* apart from the programs' own */
	OPTION_SEED,
	OPTION_FILE,
	OPTION_OF_NPA,
	OPTION_OF_RELAY,
};

/* clang-format off */
static const struct cmdline_option options_now[] = {
	{ OPTION_TYPE, 't', "type", "TYPE", "kind of card: iso7816 or handler_test [iso7816]" },
	{ OPTION_SEED, 0,   "seed", "TEXT", "same random numbers in every run; nothing is secret then" },
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

static const char *const types_later[] = { "cryptoflex", "ePass", "nPA", "relay" };

void card_options_init(struct card_options *options)
{
	*options = (struct card_options){ .type = cards_find("iso7816") };
}

void card_options_add(struct cmdline *line)
{
	cmdline_add(line, (struct cmdline_table){ "Card", options_now, COUNT(options_now) });
	cmdline_add(line,
	    (struct cmdline_table){
	        "Known, but not available in this version", options_later, COUNT(options_later) });
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
		options->type = type;
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
	case OPTION_FILE:
		return refuse(option, "card images are", error);
	case OPTION_OF_NPA:
		return refuse(option, "the card type nPA is", error);
	case OPTION_OF_RELAY:
		return refuse(option, "the card type relay is", error);
	}
	return ERR_FORMAT;
}
