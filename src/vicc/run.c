/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc at work: connecting to readers, or waiting for them. */
#include "vicc/run.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "cards/make.h"
#include "vicc/announce.h"
#include "vicc/explain.h"
#include "vicc/serve.h"
#include "vicc/stop.h"

#define CONNECT_MS 10000  /* for one try to reach the reader */
#define AGAIN_MS 50       /* between tries */
#define RECONNECT_MS 5000 /* without --wait: how long a reader that went may take to come back */
#define HOST_DEFAULT "localhost"

struct vicc {
	const struct settings *settings;
	const char *host; /* to connect to */
	struct icc *icc;
	struct card *card;
};

/* Tries until the deadline, at least once unless it is time to stop. */
static int connect_until(struct vicc *vicc, int64_t deadline)
{
	while (!stop_wanted()) {
		int r = icc_connect(vicc->icc, vicc->host, vicc->settings->port, CONNECT_MS);

		if (r == 0 || clock_left(deadline) == 0)
			return r;
		stop_sleep(AGAIN_MS);
	}
	return ERR_INTERRUPTED;
}

static int connect_first(struct vicc *vicc)
{
	const uint16_t port = vicc->settings->port;
	int r = connect_until(vicc, clock_deadline(0));

	if (r < 0 && vicc->settings->wait && !stop_wanted()) {
		log_info("Waiting for a reader at %s port %u", vicc->host, port);
		r = connect_until(vicc, CLOCK_FOREVER);
	}
	if (r < 0 && !stop_wanted())
		explain_connect(vicc->host, port, r);
	return r;
}

/* Serves one connection. Returns whether the reader said anything at all. */
static bool serve_connection(struct vicc *vicc)
{
	uint64_t n_messages;
	int r = serve(vicc->icc, vicc->card, &n_messages);

	if (!stop_wanted())
		log_info("The reader has gone: %s", err_text(r));
	return n_messages > 0;
}

/* A reader that goes may come back, as pcscd does when it is restarted. One that closes each connection
 * without a word has not: it has another card in that slot. */
static int run_connecting(struct vicc *vicc)
{
	const char *host = vicc->host;
	const uint16_t port = vicc->settings->port;
	int64_t deadline = CLOCK_FOREVER;
	bool spoke = true;
	int r;

	for (r = connect_first(vicc); r == 0; r = connect_until(vicc, deadline)) {
		log_info("Connected to the reader at %s port %u", host, port);
		spoke = serve_connection(vicc);
		if (!vicc->settings->wait && (spoke || deadline == CLOCK_FOREVER))
			deadline = clock_deadline(RECONNECT_MS);
		if (!spoke && clock_left(deadline) == 0) {
			log_error("the reader at %s port %u closes each connection without a word; "
			          "is there a card in this slot already?",
			    host, port);
			return ERR_CLOSED;
		}
		stop_sleep(AGAIN_MS);
	}
	/* Before the first connection the error is the end; later on it means that nobody came back. */
	return deadline == CLOCK_FOREVER ? r : 0;
}

/* Serves one reader after the other that connects to us. */
static int run_listening(struct vicc *vicc)
{
	const char *host = vicc->settings->host;
	int r = icc_listen(vicc->icc, host, vicc->settings->port);

	if (r < 0) {
		explain_listen(host != NULL ? host : HOST_DEFAULT, vicc->settings->port, r);
		return r;
	}
	announce(host, icc_port(vicc->icc));
	while (!stop_wanted()) {
		r = icc_accept(vicc->icc);
		if (r == 0) {
			log_info("A reader has connected");
			(void)serve_connection(vicc);
		} else if (!stop_wanted()) {
			/* Too many open files, say: better times may come. */
			log_error("cannot accept a reader: %s",
			    r == ERR_IO ? strerror(errno) : err_text(r));
			stop_sleep(AGAIN_MS);
		}
	}
	return 0;
}

/* A card that takes its time is no reason to stop late. */
static void card_sleeps(void *self, unsigned milliseconds)
{
	(void)self;
	stop_sleep(milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

/* The card's image cannot be saved. */
static void tell(const char *line)
{
	log_error("%s", line);
}

static int run_card(struct vicc *vicc)
{
	const struct card_options *options = &vicc->settings->card;
	struct card_setup setup = card_options_setup(options);
	char text[CARD_OPTIONS_ERROR_SIZE];
	int r;

	setup.sleep = card_sleeps;
	for (unsigned i = 0; make_note(options, i, text); i++)
		log_warning("%s", text);
	r = make_card(options, &setup, tell, &vicc->card, text);
	if (r < 0) {
		log_error("%s", text);
		return r;
	}
	r = vicc->settings->reversed ? run_listening(vicc) : run_connecting(vicc);
	card_free(vicc->card);
	return r;
}

int run(const struct settings *settings)
{
	struct vicc vicc = { .settings = settings, .icc = icc_new() };
	int r = ERR_NO_MEMORY;

	vicc.host = settings->host != NULL ? settings->host : HOST_DEFAULT;
	if (vicc.icc == NULL) {
		log_error("cannot start: %s", err_text(r));
		return r;
	}
	stop_on_signals(vicc.icc);
	r = run_card(&vicc);
	if (stop_wanted())
		r = 0;
	stop_forget();
	icc_free(vicc.icc);
	return r;
}
