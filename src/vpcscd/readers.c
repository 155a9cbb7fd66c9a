/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's readers. */
#include "vpcscd/readers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/number.h"
#include "cards/make.h"
#include "reader/vpcd_backend.h"

/* A reader that waits for a card to connect. */
static int open_vpcd(uint16_t port, struct slot **slot)
{
	const struct endpoint endpoint = { .listen = true, .port = port };
	int r = vpcd_slot_open(&endpoint, 0, slot);

	if (r < 0)
		log_error("--vpcd %u: cannot listen on that port: %s", port,
		    r == ERR_IO ? strerror(errno) : err_text(r));
	return r;
}

/* How a card lets time pass: less, when we are to end. */
static void card_sleeps(void *self, unsigned milliseconds)
{
	struct readers *readers = self;
	int64_t deadline = clock_deadline(milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);

	(void)pthread_mutex_lock(&readers->lock);
	while (!readers->end && clock_left(deadline) > 0)
		clock_wait(&readers->ending, &readers->lock, deadline);
	(void)pthread_mutex_unlock(&readers->lock);
}

/* A card's image cannot be saved. */
static void tell(const char *line)
{
	log_error("%s", line);
}

/* Once there are clients to serve, nobody is asked anything. ERR_*: error is one line for people. */
static int make(struct readers *readers, const struct card_options *options, bool serving,
    struct card **out, char error[CARD_OPTIONS_ERROR_SIZE])
{
	struct card_setup setup = card_options_setup(options);

	setup.unattended = serving;
	setup.sleep = card_sleeps;
	setup.sleep_self = readers;
	return make_card(options, &setup, tell, out, error);
}

static int open_card(struct readers *readers, const struct card_options *options,
    struct slot **slot, struct card_holder **holder)
{
	char text[CARD_OPTIONS_ERROR_SIZE];
	struct card *card;
	int r;

	for (unsigned i = 0; make_note(options, i, text); i++)
		log_warning("%s", text);
	r = make(readers, options, false, &card, text);
	if (r < 0) {
		log_error("%s", text);
		return r;
	}
	r = card_slot_new_take(card, slot, holder);
	if (r < 0)
		log_error("cannot make the card: %s", err_text(r));
	return r;
}

static int open_reader(const struct settings *settings, unsigned number, struct readers *readers)
{
	const struct reader_settings *reader = &settings->readers[number];
	struct slot *slot = NULL;
	int r;

	if (reader->is_vpcd)
		r = open_vpcd(reader->port, &slot);
	else
		r = open_card(readers, &reader->card, &slot, &readers->holders[number]);
	if (r < 0)
		return r;
	if (!reader->is_vpcd && settings->n_readers > 1)
		card_holder_trace(readers->holders[number], reader->name);
	r = pcsc_add_reader_take(readers->pcsc, reader->name, slot);
	if (r < 0)
		log_error("cannot make the reader '%s': %s", reader->name, err_text(r));
	else
		log_info("Reader '%s': %s", reader->name,
		    reader->is_vpcd ? "empty" : reader->card.type->name);
	return r;
}

void readers_init(struct readers *readers)
{
	memset(readers, 0, sizeof *readers);
	(void)pthread_mutex_init(&readers->lock, NULL);
	(void)pthread_cond_init(&readers->ending, NULL);
}

void readers_done(struct readers *readers)
{
	(void)pthread_cond_destroy(&readers->ending);
	(void)pthread_mutex_destroy(&readers->lock);
}

void readers_hurry(struct readers *readers)
{
	(void)pthread_mutex_lock(&readers->lock);
	readers->end = true;
	(void)pthread_cond_broadcast(&readers->ending);
	(void)pthread_mutex_unlock(&readers->lock);
}

int readers_open(const struct settings *settings, struct pcsc *pcsc, struct readers *out)
{
	out->pcsc = pcsc;
	for (unsigned i = 0; i < settings->n_readers; i++) {
		int r = open_reader(settings, i, out);

		if (r < 0)
			return r;
		out->cards[i] = settings->readers[i].card;
		out->n++;
	}
	return 0;
}

/* The number of the reader that people mean, or -1. */
static int find(const struct readers *readers, const char *reader)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	uint64_t number;

	if (number_parse(reader, PCSC_READERS_MAX - 1, &number))
		return number < readers->n ? (int)number : -1;
	pcsc_states(readers->pcsc, states);
	for (unsigned i = 0; i < readers->n; i++)
		if (strcmp(states[i].name, reader) == 0)
			return (int)i;
	return -1;
}

static int swap(struct readers *readers, int number, char **words, char error[SETTINGS_ERROR_SIZE])
{
	struct card_options options = readers->cards[number];
	struct card *card;
	int r;

	card_options_forget_image(&options);
	r = settings_parse_card(words, &options, error);
	if (r < 0)
		return r;
	r = make(readers, &options, true, &card, error);
	if (r < 0)
		return r;
	if (options.type != readers->cards[number].type) /* the other words do not last */
		card_options_set_type(&readers->cards[number], options.type);
	card_holder_swap_take(readers->holders[number], card);
	log_info("Reader %d: another card, %s", number, options.type->name);
	return 0;
}

static int eject(const struct readers *readers, int number, char error[SETTINGS_ERROR_SIZE])
{
	if (card_holder_eject(readers->holders[number])) {
		log_info("Reader %d: the card is out", number);
		return 0;
	}
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "reader %d is empty already", number);
	return ERR_NO_CARD;
}

static int insert(const struct readers *readers, int number, char error[SETTINGS_ERROR_SIZE])
{
	if (card_holder_insert(readers->holders[number])) {
		log_info("Reader %d: the card is in", number);
		return 0;
	}
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "reader %d has a card in it already", number);
	return ERR_EXISTS;
}

int readers_do(struct readers *readers, enum request_action action, const char *reader,
    char **words, char error[SETTINGS_ERROR_SIZE])
{
	char shown[PCSC_READER_NAME_SIZE];
	int number = find(readers, reader);

	if (number < 0) {
		(void)snprintf(error, SETTINGS_ERROR_SIZE, "no reader '%s'; %s %u",
		    log_escape(bytes_of_string(reader), shown, sizeof shown),
		    readers->n > 1 ? "there are the numbers 0 to" : "the only one is number",
		    readers->n - 1);
		return ERR_NOT_FOUND;
	}
	if (readers->holders[number] == NULL) {
		(void)snprintf(error, SETTINGS_ERROR_SIZE,
		    "reader %d has no card of its own: stop or start the vicc that connects to it",
		    number);
		return ERR_UNSUPPORTED;
	}

	switch (action) {
	case REQUEST_EJECT:
		return eject(readers, number, error);
	case REQUEST_INSERT:
		return insert(readers, number, error);
	case REQUEST_SWAP:
		return swap(readers, number, words, error);
	}
	return ERR_UNSUPPORTED;
}
