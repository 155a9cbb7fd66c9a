/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's life: made, powered, reset, freed. */
#include "card/card.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "card/internal.h"

/* Leaves the type's default where setup has none. */
static struct bytes atr_of(const struct card_type *type, const struct card_setup *setup)
{
	if (setup->atr.len > 0)
		return setup->atr;
	while (type->atr.len == 0 && type->base != NULL)
		type = type->base;
	if (setup->atr_auto && type->atr_auto.len > 0)
		return type->atr_auto;
	return type->atr;
}

static int set_atr(struct card *card, const struct card_setup *setup)
{
	struct bytes atr = atr_of(card->line[0], setup);

	/* One byte would be taken for a control message, none for no card. */
	if (atr.len < ATR_SIZE_MIN || atr.len > sizeof card->atr)
		return ERR_LIMIT;
	memcpy(card->atr, atr.data, atr.len);
	card->atr_len = atr.len;
	return 0;
}

/* The type, its base, the base of that, ... ERR_LIMIT: more than CARD_TYPE_DEPTH_MAX. */
static int set_line(struct card *card, const struct card_type *type)
{
	for (; type != NULL; type = type->base) {
		if (card->depth == CARD_TYPE_DEPTH_MAX)
			return ERR_LIMIT;
		card->line[card->depth++] = type;
	}
	return 0;
}

/* The base's part first. */
static int create_states(struct card *card, const struct card_setup *setup)
{
	for (size_t i = card->depth; i-- > 0;) {
		const struct card_type *type = card->line[i];
		int r = type->create != NULL ? type->create(card, setup, &card->state[i]) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

int card_setup_fail(const struct card_setup *setup, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (setup->error != NULL)
		(void)vsnprintf(setup->error, CARD_ERROR_SIZE, format, args);
	va_end(args);
	return err;
}

static void destroy_states(struct card *card)
{
	for (size_t i = 0; i < card->depth; i++) {
		if (card->line[i]->destroy != NULL)
			card->line[i]->destroy(card, card->state[i]);
	}
}

static void reset_states(struct card *card)
{
	for (size_t i = card->depth; i-- > 0;) {
		if (card->line[i]->reset != NULL)
			card->line[i]->reset(card, card->state[i]);
	}
}

/* What power-off, power-on and reset have in common (7816-4, 9.2). */
static void end_session(struct card *card)
{
	for (uint8_t i = 0; i < CARD_CHANNELS; i++) {
		session_reset(&card->sessions[i], fs_mf(card->files));
		secure_reset(card, i);
		card->open[i] = i == 0;
	}
	card->channel = 0;
	dispatch_reset(card);
	reset_states(card);
}

/* Everything that is the same for all types. */
static int create_common(struct card *card, const struct card_setup *setup)
{
	int r = set_atr(card, setup);

	if (r < 0)
		return r;
	card->date = setup->date;
	card->sleep = setup->sleep;
	card->sleep_self = setup->sleep_self;
	card->commit = setup->commit;
	card->commit_self = setup->commit_self;
	card->response = malloc(APDU_NE_MAX);
	card->plain = malloc(APDU_DATA_MAX);
	if (card->response == NULL || card->plain == NULL)
		return ERR_NO_MEMORY;
	r = random_new(setup->seed, &card->random);
	if (r < 0)
		return r;
	r = fs_new(setup->memory > 0 ? setup->memory : FS_MEMORY_DEFAULT, &card->files);
	if (r < 0)
		return r;
	session_reset(&card->sessions[0], fs_mf(card->files));
	return 0;
}

int card_new(const struct card_type *type, const struct card_setup *setup, struct card **out)
{
	static const struct card_setup defaults;
	struct card *card = calloc(1, sizeof *card);
	int r;

	if (card == NULL)
		return ERR_NO_MEMORY;
	if (setup == NULL)
		setup = &defaults;
	buffer_init(&card->chain.data, CARD_CHAIN_MAX);
	buffer_init(&card->pending.data, APDU_NE_MAX);
	buffer_init(&card->enveloped, ENVELOPED_MAX);
	r = set_line(card, type);
	if (r == 0)
		r = create_common(card, setup);
	if (r == 0)
		r = create_states(card, setup);
	if (r < 0) {
		card_free(card);
		return r;
	}
	end_session(card);
	card->changed = false;
	card->committed = fs_changes(card->files);
	*out = card;
	return 0;
}

void card_free(struct card *card)
{
	if (card == NULL)
		return;
	for (uint8_t i = 0; i < CARD_CHANNELS; i++)
		secure_reset(card, i);
	destroy_states(card);
	credentials_done(&card->credentials);
	fs_free(card->files);
	random_free(card->random);
	buffer_done(&card->chain.data);
	buffer_done(&card->pending.data);
	buffer_done(&card->enveloped);
	free(card->response);
	free(card->plain);
	image_close(card->image);
	free(card);
}

struct bytes card_atr(const struct card *card)
{
	return bytes_of(card->atr, card->atr_len);
}

void card_power_off(struct card *card)
{
	end_session(card);
}

void card_power_on(struct card *card)
{
	end_session(card);
}

void card_reset(struct card *card)
{
	end_session(card);
}

void *card_state(const struct card *card, const struct card_type *type)
{
	size_t i = 0;

	while (i < card->depth && card->line[i] != type)
		i++;
	assert(i < card->depth);
	return card->state[i];
}

void card_set_atr(struct card *card, const struct card_setup *setup, struct bytes atr)
{
	assert(atr.len >= 2 && atr.len <= sizeof card->atr);
	if (setup->atr.len > 0)
		return;
	memcpy(card->atr, atr.data, atr.len);
	card->atr_len = atr.len;
}

struct fs *card_files(const struct card *card)
{
	return card->files;
}

struct credentials *card_credentials(struct card *card)
{
	return &card->credentials;
}

struct session *card_session(struct card *card)
{
	return &card->sessions[card->channel];
}

struct file *card_target_file(const struct card *card)
{
	assert(card->target != NULL);
	return card->target;
}

uint8_t card_channel(const struct card *card)
{
	return card->channel;
}

bool card_channel_is_open(const struct card *card, uint8_t channel)
{
	assert(channel < CARD_CHANNELS);
	return card->open[channel];
}

void card_channel_open(struct card *card, uint8_t channel)
{
	assert(channel > 0 && channel < CARD_CHANNELS);
	session_reset(&card->sessions[channel], fs_mf(card->files));
	if (card->channel > 0)
		session_select(&card->sessions[channel], card->sessions[card->channel].df);
	card->open[channel] = true;
}

void card_channel_close(struct card *card, uint8_t channel)
{
	assert(channel > 0 && channel < CARD_CHANNELS);
	session_reset(&card->sessions[channel], fs_mf(card->files));
	if (channel == card->channel)
		card_take_sm(card, NULL); /* once this command has been answered */
	else
		secure_reset(card, channel);
	card->open[channel] = false;
}

void card_delete_file(struct card *card, struct file *file)
{
	for (uint8_t i = 0; i < CARD_CHANNELS; i++)
		session_leave(&card->sessions[i], file);
	credentials_leave(&card->credentials, file);
	fs_delete(card->files, file);
}

void card_changed(struct card *card)
{
	card->changed = true;
}

int card_commit(struct card *card)
{
	const uint64_t changes = fs_changes(card->files);
	int r = 0;

	if (!card->changed && card->committed == changes)
		return 0;
	if (card->commit != NULL)
		r = card->commit(card->commit_self);
	if (r == 0) {
		card->changed = false;
		card->committed = changes;
	}
	return r;
}

enum sw card_try_password(struct card *card, struct password *password, struct bytes candidate)
{
	struct session *session = card_session(card);
	enum sw sw;

	session_revoke(session, CREDENTIAL_PASSWORD, password->df, password->number);
	if (!pin_begin_try(&password->pin))
		return SW_AUTH_BLOCKED;
	card_changed(card);
	if (card_commit(card) < 0)
		return SW_MEMORY_FAILURE;
	sw = pin_end_try(&password->pin, candidate);
	if (sw != SW_OK)
		return sw;
	card_changed(card);
	session_grant(session, CREDENTIAL_PASSWORD, password->df, password->number);
	return SW_OK;
}

void card_forget_key(struct card *card, const struct file *df, uint8_t number)
{
	for (uint8_t i = 0; i < CARD_CHANNELS; i++)
		session_revoke(&card->sessions[i], CREDENTIAL_KEY, df, number);
}

struct date card_date(const struct card *card)
{
	return card->date;
}

void card_set_date(struct card *card, struct date date)
{
	card->date = date;
	card_changed(card);
}

struct random *card_random_source(const struct card *card)
{
	return card->random;
}

int card_random(struct card *card, uint8_t *out, size_t n)
{
	return random_bytes(card->random, out, n);
}

void card_sleep(struct card *card, unsigned milliseconds)
{
	const struct timespec time = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 };

	if (card->sleep != NULL)
		card->sleep(card->sleep_self, milliseconds);
	else
		(void)nanosleep(
		    &time, NULL); /* a signal ends it: somebody wants the program's attention */
}
