/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card that answers every command with 9000, preceded by the command's own bytes. */
#include "fake_backend.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

struct fake {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint8_t atr[33];
	size_t atr_len; /* 0: no card */
	bool hold, hold_power, mute, interrupted, shut, transmitting, powering;
	unsigned number; /* of the card */
	unsigned power_ups, power_downs, resets;
};

static unsigned card_number(void *self, struct writer *out)
{
	struct fake *fake = self;
	unsigned number;

	pthread_mutex_lock(&fake->lock);
	number = fake->atr_len > 0 ? fake->number : 0;
	if (number != 0 && out != NULL)
		writer_put(out, bytes_of(fake->atr, fake->atr_len));
	pthread_mutex_unlock(&fake->lock);
	return number;
}

/* With the lock. */
static void take_its_time(struct fake *fake)
{
	fake->powering = true;
	while (fake->hold_power && !fake->shut)
		pthread_cond_wait(&fake->changed, &fake->lock);
	fake->powering = false;
}

static int power(void *self, bool on)
{
	struct fake *fake = self;
	int r;

	pthread_mutex_lock(&fake->lock);
	take_its_time(fake);
	if (on)
		fake->power_ups++;
	else
		fake->power_downs++;
	r = fake->atr_len > 0 ? 0 : ERR_NO_CARD;
	pthread_mutex_unlock(&fake->lock);
	return r;
}

static int reset(void *self)
{
	struct fake *fake = self;

	pthread_mutex_lock(&fake->lock);
	take_its_time(fake);
	fake->resets++;
	pthread_mutex_unlock(&fake->lock);
	return card_number(self, NULL) != 0 ? 0 : ERR_NO_CARD;
}

static int atr(void *self, struct writer *out)
{
	struct fake *fake = self;
	int r = 0;

	pthread_mutex_lock(&fake->lock);
	if (fake->atr_len == 0)
		r = ERR_NO_CARD;
	else if (fake->mute)
		r = ERR_TIMEOUT;
	else
		writer_put(out, bytes_of(fake->atr, fake->atr_len));
	pthread_mutex_unlock(&fake->lock);
	return r;
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	struct fake *fake = self;
	int r = 0;

	pthread_mutex_lock(&fake->lock);
	fake->transmitting = true;
	pthread_cond_broadcast(&fake->changed);
	while (fake->hold && fake->atr_len > 0 && !fake->shut)
		pthread_cond_wait(&fake->changed, &fake->lock);
	fake->transmitting = false;
	if (fake->shut)
		r = ERR_INTERRUPTED;
	else if (fake->atr_len == 0)
		r = ERR_CLOSED;
	pthread_mutex_unlock(&fake->lock);
	if (r < 0)
		return r;
	writer_put(response, command);
	writer_put_u16(response, 0x9000);
	return response->failed ? ERR_LIMIT : 0;
}

static int wait_change(void *self, unsigned known, int timeout_ms)
{
	struct fake *fake = self;
	struct timespec until;
	int r = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&fake->lock);
	while (r == 0 && !fake->interrupted && !fake->shut &&
	    (fake->atr_len > 0 ? fake->number : 0) == known) {
		if (timeout_ms < 0)
			pthread_cond_wait(&fake->changed, &fake->lock);
		else if (pthread_cond_timedwait(&fake->changed, &fake->lock, &until) != 0)
			r = ERR_TIMEOUT;
	}
	if (r == 0 && (fake->interrupted || fake->shut))
		r = ERR_INTERRUPTED;
	fake->interrupted = false;
	pthread_mutex_unlock(&fake->lock);
	return r;
}

static void set(struct fake *fake, bool *flag, bool value)
{
	pthread_mutex_lock(&fake->lock);
	*flag = value;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

static void interrupt(void *self)
{
	struct fake *fake = self;

	set(fake, &fake->interrupted, true);
}

static void shut(void *self)
{
	struct fake *fake = self;

	set(fake, &fake->shut, true);
}

static void close_fake(void *self)
{
	struct fake *fake = self;

	pthread_cond_destroy(&fake->changed);
	pthread_mutex_destroy(&fake->lock);
	free(fake);
}

static const struct reader_backend backend = {
	.card = card_number,
	.power = power,
	.reset = reset,
	.atr = atr,
	.transmit = transmit,
	.wait = wait_change,
	.interrupt = interrupt,
	.shut = shut,
	.close = close_fake,
};

struct slot *fake_slot(struct fake **out)
{
	struct fake *fake = calloc(1, sizeof *fake);

	assert(fake != NULL);
	pthread_mutex_init(&fake->lock, NULL);
	pthread_cond_init(&fake->changed, NULL);
	*out = fake;
	return slot_new_take(&backend, fake);
}

void fake_insert(struct fake *fake, struct bytes atr_bytes)
{
	pthread_mutex_lock(&fake->lock);
	memcpy(fake->atr, atr_bytes.data, atr_bytes.len);
	fake->atr_len = atr_bytes.len;
	fake->number++;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

void fake_remove(struct fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	fake->atr_len = 0;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->lock);
}

void fake_hold(struct fake *fake, bool hold)
{
	set(fake, &fake->hold, hold);
}

void fake_hold_power(struct fake *fake, bool hold)
{
	set(fake, &fake->hold_power, hold);
}

void fake_mute(struct fake *fake, bool mute)
{
	set(fake, &fake->mute, mute);
}

static unsigned get(struct fake *fake, const unsigned *counter)
{
	unsigned value;

	pthread_mutex_lock(&fake->lock);
	value = *counter;
	pthread_mutex_unlock(&fake->lock);
	return value;
}

unsigned fake_power_ups(struct fake *fake)
{
	return get(fake, &fake->power_ups);
}

unsigned fake_power_downs(struct fake *fake)
{
	return get(fake, &fake->power_downs);
}

unsigned fake_resets(struct fake *fake)
{
	return get(fake, &fake->resets);
}

static bool is(struct fake *fake, const bool *flag)
{
	bool value;

	pthread_mutex_lock(&fake->lock);
	value = *flag;
	pthread_mutex_unlock(&fake->lock);
	return value;
}

bool fake_is_transmitting(struct fake *fake)
{
	return is(fake, &fake->transmitting);
}

bool fake_is_powering(struct fake *fake)
{
	return is(fake, &fake->powering);
}
