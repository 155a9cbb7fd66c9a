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
	OPTION_DATE,
	OPTION_FILE,
	OPTION_NO_SAVE,
	OPTION_SAVE_IMAGE,
	OPTION_PASSWORD_FILE,
	OPTION_ENCRYPT,
	OPTION_OF_RELAY,
	OPTION_OF_TYPE = CARD_OPTION_ID,
};

/* clang-format off */
static const struct cmdline_option options_now[] = {
	{ OPTION_TYPE, 't', "type", "TYPE", "kind of card, see below [iso7816]" },
	{ OPTION_SEED, 0,   "seed", "TEXT", "same random numbers in every run; nothing is secret then" },
	{ OPTION_ATR,  0,   "atr",  "HEX",  "answer to reset; auto: one that says all the card can" },
	{ OPTION_DATE, 0,   "date", "YYYY-MM-DD", "day that the card believes in" },
	{ OPTION_FILE,          'f', "file",                "IMAGE", "load the card from this image and keep it there" },
	{ OPTION_NO_SAVE,       0,   "no-save",             NULL,    "leave the image of --file as it is" },
	{ OPTION_SAVE_IMAGE,    0,   "save-image",          "IMAGE", "make this image of the card and keep it there" },
	{ OPTION_ENCRYPT,       0,   "encrypt",             NULL,    "encrypt the image of --save-image; asks for a password" },
	{ OPTION_PASSWORD_FILE, 0,   "image-password-file", "FILE",  "has the password of the image in its first line" },
};

static const struct cmdline_option options_later[] = {
	{ OPTION_OF_RELAY, 0,   "reader",            "NUMBER", "relay: reader that holds the card" },
	{ OPTION_OF_RELAY, 0,   "mitm",              "FILE",   "relay: program that changes what passes" },
};
/* clang-format on */

static const char *const types_later[] = { "relay" };

void card_options_init(struct card_options *options)
{
	*options = (struct card_options){ .type = cards_find("iso7816") };
}

struct card_setup card_options_setup(const struct card_options *options)
{
	struct card_setup setup = options->setup;

	setup.own = options->file == NULL ? options->own.bytes : NULL;
	if (options->atr_len > 0)
		setup.atr = bytes_of(options->atr, options->atr_len);
	return setup;
}

void card_options_set_type(struct card_options *options, const struct card_type *type)
{
	assert(type->own_size <= sizeof options->own.bytes);
	options->type = type;
	memset(&options->own, 0, sizeof options->own);
	options->own_name = NULL;
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

static void help_types(FILE *to)
{
	for (size_t i = 0; i < cards_count; i++)
		cmdline_help_line(cards[i]->name, cards[i]->summary, to);
}

void card_options_add(struct cmdline *line)
{
	cmdline_add(line,
	    (struct cmdline_table){
	        .title = "Card", .options = options_now, .n_options = COUNT(options_now) });
	cmdline_add(
	    line, (struct cmdline_table){ .title = "Card types, for --type", .more = help_types });
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

bool card_options_is_file(const struct cmdline_option *option)
{
	return option->id == OPTION_FILE;
}

void card_options_forget_image(struct card_options *options)
{
	options->own_name = NULL;
	options->has_type = false;
	options->file = NULL;
	options->no_save = false;
	options->save_as = NULL;
	options->password_file = NULL;
	options->encrypt = false;
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
		options->has_type = true;
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

/* A value in an error line; nothing is seen of an empty one, so it is put in quotation marks. */
static const char *show(const char *value, char shown[SHOWN_SIZE])
{
	return value[0] != '\0' ? log_escape(bytes_of_string(value), shown, SHOWN_SIZE) : "''";
}

/* The type's row of that name; NULL: it has none. */
static const struct card_option *find_own(const struct card_type *type, const char *name)
{
	for (size_t i = 0; i < type->n_options; i++)
		if (strcmp(type->options[i].option.name, name) == 0)
			return &type->options[i];
	return NULL;
}

/* Other card types have the option: "ePass or nPA". */
static int refuse_own(const char *name, char *error)
{
	char types[CARD_OPTIONS_ERROR_SIZE / 4] = "";
	size_t used = 0;

	for (size_t i = 0; i < cards_count && used < sizeof types; i++) {
		if (find_own(cards[i], name) != NULL)
			used += (size_t)snprintf(types + used, sizeof types - used, "%s%s",
			    used > 0 ? " or " : "", cards[i]->name);
	}
	assert(used > 0);
	(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
	    "--%s: belongs to the card type %s; put it behind --type %s", name, types, types);
	return ERR_FORMAT;
}

static int set_own(struct card_options *options, const char *name, const char *value, char *error)
{
	const struct card_option *row = find_own(options->type, name);
	char shown[SHOWN_SIZE] = "", why[CARD_ERROR_SIZE] = "";
	int r;

	if (row == NULL)
		return refuse_own(name, error);
	options->own_name = row->option.name;
	r = row->parse(options->own.bytes, value, why);
	if (r < 0 && why[0] != '\0')
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "--%s: %s", name, why);
	else if (r < 0 && (row->is_secret || value == NULL))
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "--%s: give %s", name, row->wanted);
	else if (r < 0)
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "--%s %s: give %s", name,
		    show(value, shown), row->wanted);
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

static int set_date(struct card_options *options, const char *value, char *error)
{
	char shown[SHOWN_SIZE];

	if (date_parse(value, &options->setup.date))
		return 0;
	(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
	    "--date %s: give a day from 2000 to 2099, as YYYY-MM-DD",
	    log_escape(bytes_of_string(value), shown, sizeof shown));
	return ERR_FORMAT;
}

static int set_path(
    const char **to, const struct cmdline_option *option, const char *value, char *error)
{
	if (value[0] == '\0') {
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
		    "--%s: the name of the file is missing", option->name);
		return ERR_FORMAT;
	}
	*to = value;
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
	case OPTION_ATR:
		return set_atr(options, value, error);
	case OPTION_DATE:
		return set_date(options, value, error);
	case OPTION_FILE:
		return set_path(&options->file, option, value, error);
	case OPTION_NO_SAVE:
		options->no_save = true;
		return 0;
	case OPTION_SAVE_IMAGE:
		return set_path(&options->save_as, option, value, error);
	case OPTION_PASSWORD_FILE:
		return set_path(&options->password_file, option, value, error);
	case OPTION_ENCRYPT:
		options->encrypt = true;
		return 0;
	case OPTION_OF_RELAY:
		return refuse(option, "the card type relay is", error);
	case OPTION_OF_TYPE:
		return set_own(options, option->name, value, error);
	}
	return ERR_FORMAT;
}

/* What is wrong with the options that are of every card; NULL: nothing. */
static const char *check_image(const struct card_options *options)
{
	if (options->no_save && options->file == NULL)
		return "--no-save: belongs to --file";
	if (options->no_save && options->save_as != NULL)
		return "--no-save, --save-image: give one or the other";
	if (options->encrypt && options->save_as == NULL)
		return "--encrypt: belongs to --save-image";
	if (options->password_file != NULL && options->file == NULL && options->save_as == NULL)
		return "--image-password-file: belongs to --file or --save-image";
	return NULL;
}

int card_options_check(const struct card_options *options, char error[CARD_OPTIONS_ERROR_SIZE])
{
	const char *why = check_image(options);
	char own[CARD_ERROR_SIZE] = "";
	int r = 0;

	if (why != NULL) {
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "%s", why);
		return ERR_FORMAT;
	}
	if (options->file != NULL && options->own_name != NULL) {
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE,
		    "--%s: is for a new card, not for the one that --file takes out of an image",
		    options->own_name);
		return ERR_FORMAT;
	}
	if (options->type->check != NULL)
		r = options->type->check(options->own.bytes, own);
	if (r < 0)
		(void)snprintf(error, CARD_OPTIONS_ERROR_SIZE, "%s", own);
	return r;
}
