/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open slots of all readers.
 *
 * pcscd calls from many threads: one polls each slot, one serves each application, and one opens and
 * closes. The one mutex here guards the table and the few words of state in each channel; nobody waits
 * for a card while holding it. */
#include "ifd/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "config.h"
#include "iso7816/atr.h"
#include "reader/vpcd_backend.h"
#include "vpcd/protocol.h"

#define NAME_SHOWN_MAX 256 /* characters of a DEVICENAME that the log repeats */

/* How long opening waits for a card that we connect to. Driver testers expect it to be there at once;
 * pcscd, which opens all slots one after the other, must not be held up by a host that is dead. */
#define CONNECT_WAIT_MS 250

/* Behind the IFDH* functions, which know a slot by its number only. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t nobody_inside = PTHREAD_COND_INITIALIZER;
static pthread_cond_t nobody_powers = PTHREAD_COND_INITIALIZER;
static struct channel *channels[CHANNEL_READERS_MAX][CHANNEL_SLOTS_MAX];

static struct channel **place_of(unsigned long lun)
{
	unsigned long reader = lun >> 16, number = lun & 0xFFFF;

	if (reader >= CHANNEL_READERS_MAX || number >= VPCDSLOTS)
		return NULL;
	return &channels[reader][number];
}

uint16_t channel_port(const struct channel *channel)
{
	return (uint16_t)(channel->endpoint.port + channel->number);
}

static const char *host_of(const struct channel *channel)
{
	return channel->endpoint.host[0] != '\0' ? channel->endpoint.host : "localhost";
}

/* Opening and closing. */

static int insert(struct channel **place, struct channel *channel)
{
	int r = ERR_EXISTS;

	pthread_mutex_lock(&mutex);
	if (*place == NULL) {
		*place = channel;
		r = 0;
	}
	pthread_mutex_unlock(&mutex);
	return r;
}

static bool is_open(struct channel **place)
{
	bool open;

	pthread_mutex_lock(&mutex);
	open = *place != NULL;
	pthread_mutex_unlock(&mutex);
	return open;
}

static void log_open_failure(const struct channel *channel, int r, int why)
{
	const char *text = r == ERR_IO ? strerror(why) : err_text(r);

	log_error("Could not initialize connection to virtual ICC: %s %s port %u: %s",
	    channel->endpoint.listen ? "cannot listen on" : "cannot connect to", host_of(channel),
	    (unsigned)channel_port(channel), text);
}

static int open_slot(struct channel *channel)
{
	int r = vpcd_slot_open(&channel->endpoint, channel->number, &channel->slot);

	if (r < 0) {
		log_open_failure(channel, r, errno);
		return r;
	}
	if (channel->endpoint.listen) {
		log_info("Waiting for virtual ICC on port %u", (unsigned)channel_port(channel));
		return 0;
	}
	log_info("Connecting to virtual ICC on %s port %u", host_of(channel),
	    (unsigned)channel_port(channel));
	r = slot_wait(channel->slot, false, CONNECT_WAIT_MS);
	return r == ERR_TIMEOUT ? 0 : r;
}

static int open_at(unsigned long lun, const struct endpoint *endpoint)
{
	struct channel **place = place_of(lun);
	struct channel *channel;
	int r;

	if (place == NULL) {
		log_error("There is no reader %lu, slot %lu: at most %d readers of %d slots each",
		    lun >> 16, lun & 0xFFFF, CHANNEL_READERS_MAX, VPCDSLOTS);
		return ERR_LIMIT;
	}
	if (is_open(place)) {
		log_error("Reader %lu, slot %lu is open already", lun >> 16, lun & 0xFFFF);
		return ERR_EXISTS;
	}
	channel = calloc(1, sizeof *channel);
	if (channel == NULL)
		return ERR_NO_MEMORY;
	channel->reader = (unsigned)(lun >> 16);
	channel->number = (unsigned)(lun & 0xFFFF);
	channel->endpoint = *endpoint;
	channel->protocol = CHANNEL_PROTOCOL_UNKNOWN;
	r = open_slot(channel);
	if (r == 0)
		r = insert(place, channel);
	if (r != 0) {
		slot_free(channel->slot);
		free(channel);
	}
	return r;
}

int channel_open_name(unsigned long lun, const char *name)
{
	struct endpoint endpoint;
	const char *why;
	char shown[NAME_SHOWN_MAX];
	int r = endpoint_parse(name, VPCDSLOTS, &endpoint, &why);

	if (r < 0) {
		log_error("Could not initialize connection to virtual ICC: DEVICENAME \"%s\": %s",
		    log_escape(bytes_of_string(name), shown, sizeof shown), why);
		return r;
	}
	if (endpoint.default_port)
		log_info("Using default port.");
	return open_at(lun, &endpoint);
}

int channel_open_port(unsigned long lun, unsigned long port)
{
	struct endpoint endpoint = { .listen = true };

	if (port == 0 || port > 65536 - VPCDSLOTS) {
		log_error(
		    "Could not initialize connection to virtual ICC: CHANNELID %lu: must be a port "
		    "from 1 to %d, like 0x%X",
		    port, 65536 - VPCDSLOTS, VPCD_PORT);
		return ERR_FORMAT;
	}
	endpoint.port = (uint16_t)port;
	return open_at(lun, &endpoint);
}

int channel_close(unsigned long lun)
{
	struct channel **place = place_of(lun);
	struct channel *channel;

	if (place == NULL)
		return ERR_NOT_FOUND;
	pthread_mutex_lock(&mutex);
	channel = *place;
	*place = NULL;
	pthread_mutex_unlock(&mutex);
	if (channel == NULL)
		return ERR_NOT_FOUND;

	/* From here nobody new comes in, and whoever is inside or about to enter the slot leaves. */
	slot_shut(channel->slot);
	pthread_mutex_lock(&mutex);
	while (channel->users > 0)
		pthread_cond_wait(&nobody_inside, &mutex);
	pthread_mutex_unlock(&mutex);
	slot_free(channel->slot);
	free(channel);
	return 0;
}

struct channel *channel_enter(unsigned long lun)
{
	struct channel **place = place_of(lun);
	struct channel *channel;

	if (place == NULL)
		return NULL;
	pthread_mutex_lock(&mutex);
	channel = *place;
	if (channel != NULL)
		channel->users++;
	pthread_mutex_unlock(&mutex);
	return channel;
}

void channel_leave(struct channel *channel)
{
	pthread_mutex_lock(&mutex);
	if (--channel->users == 0)
		pthread_cond_broadcast(&nobody_inside);
	pthread_mutex_unlock(&mutex);
}

/* Presence. */

/* Remembers and logs what somebody has just seen. */
static void note_card(struct channel *channel, unsigned card)
{
	unsigned before;

	pthread_mutex_lock(&mutex);
	before = channel->seen;
	channel->seen = card;
	if (before != card) {
		channel->powered = false;
		channel->protocol = CHANNEL_PROTOCOL_UNKNOWN;
	}
	pthread_mutex_unlock(&mutex);
	if (before == card)
		return;
	if (before != 0)
		log_info("Virtual ICC removed");
	if (card != 0)
		log_info("Connected to virtual ICC on %s port %u", host_of(channel),
		    (unsigned)channel_port(channel));
}

bool channel_present(struct channel *channel)
{
	unsigned card = slot_card(channel->slot);

	note_card(channel, card);
	/* pcscd's applications ask as well, in threads of their own: what they learn is not yet known to the
	 * thread that polls, and must wake it. */
	pthread_mutex_lock(&mutex);
	if (!channel->has_poller || pthread_equal(channel->poller, pthread_self())) {
		if (channel->told != 0 && channel->told != card)
			card = 0;
		channel->told = channel->woken = card;
	}
	pthread_mutex_unlock(&mutex);
	return card != 0;
}

/* Lets those be heard first who found out by a power-up that the card has gone. */
static void let_settle(struct channel *channel)
{
	pthread_mutex_lock(&mutex);
	while (channel->powering > 0 || clock_left(channel->settled) > 0)
		clock_wait(&nobody_powers, &mutex,
		    channel->powering > 0 ? CLOCK_FOREVER : channel->settled);
	pthread_mutex_unlock(&mutex);
}

int channel_wait(struct channel *channel, int timeout_ms)
{
	unsigned card;
	int r;

	pthread_mutex_lock(&mutex);
	channel->has_poller = true;
	channel->poller = pthread_self();
	card = channel->woken;
	pthread_mutex_unlock(&mutex);

	r = slot_wait_card(channel->slot, card, timeout_ms);
	if (r < 0)
		return r;
	card = slot_card(channel->slot);
	if (card == 0)
		let_settle(channel);
	note_card(channel, card);
	pthread_mutex_lock(&mutex);
	channel->woken = card;
	pthread_mutex_unlock(&mutex);
	return 0;
}

void channel_stop_waiting(struct channel *channel)
{
	slot_interrupt(channel->slot);
}

/* Power and protocol. */

/* T=n that a card speaks after its ATR unless something else is negotiated (ISO/IEC 7816-3, 8.2.3 and
 * 8.3: TA2 fixes it, else the first that is offered). */
static int default_protocol(struct bytes atr)
{
	struct atr parsed;

	if (atr_parse(atr, &parsed) < 0)
		return CHANNEL_PROTOCOL_UNKNOWN;
	return parsed.specific_mode ? parsed.specific_protocol : parsed.first_protocol;
}

static void set_power(struct channel *channel, bool powered, int protocol)
{
	pthread_mutex_lock(&mutex);
	channel->powered = powered;
	channel->protocol = protocol;
	pthread_mutex_unlock(&mutex);
}

static int power_up(struct channel *channel, bool warm, struct writer *atr)
{
	int r;

	pthread_mutex_lock(&mutex);
	channel->powering++;
	pthread_mutex_unlock(&mutex);
	r = warm ? slot_reset(channel->slot, atr) : slot_power_up(channel->slot, atr);
	pthread_mutex_lock(&mutex);
	channel->powering--;
	if (r < 0)
		channel->settled = clock_deadline(CHANNEL_SETTLE_MS);
	pthread_cond_broadcast(&nobody_powers);
	pthread_mutex_unlock(&mutex);
	return r;
}

int channel_power_up(struct channel *channel, bool warm, struct writer *atr)
{
	size_t before = atr->len;
	int r;

	/* Whoever sees this card later must not take it for a new one, which has no power. */
	note_card(channel, slot_card(channel->slot));
	r = power_up(channel, warm, atr);
	if (r < 0) {
		set_power(channel, false, CHANNEL_PROTOCOL_UNKNOWN);
		log_error("could not get ATR: %s", err_text(r));
		return r;
	}
	set_power(channel, true, default_protocol(bytes_after(writer_bytes(atr), before)));
	return 0;
}

int channel_power_down(struct channel *channel)
{
	set_power(channel, false, CHANNEL_PROTOCOL_UNKNOWN);
	return slot_power_down(channel->slot);
}

/* Whether an ATR leaves room for T=n: in specific mode TA2 alone decides. */
static bool offers(const struct atr *atr, unsigned n)
{
	if (atr->specific_mode)
		return atr->specific_protocol == n;
	return (atr->protocols & (1U << n)) != 0;
}

int channel_negotiate(struct channel *channel, unsigned n)
{
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;
	struct atr atr;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = slot_atr(channel->slot, &w);
	if (r < 0)
		return r;
	if (atr_parse(writer_bytes(&w), &atr) < 0)
		log_debug("the ATR cannot be read, so T=%u is taken as offered", n);
	else if (!offers(&atr, n))
		return ERR_UNSUPPORTED;
	pthread_mutex_lock(&mutex);
	channel->protocol = (int)n;
	pthread_mutex_unlock(&mutex);
	return 0;
}

int channel_protocol(struct channel *channel)
{
	int protocol;

	pthread_mutex_lock(&mutex);
	protocol = channel->protocol;
	pthread_mutex_unlock(&mutex);
	return protocol;
}

bool channel_powered(struct channel *channel)
{
	bool powered;

	pthread_mutex_lock(&mutex);
	powered = channel->powered;
	pthread_mutex_unlock(&mutex);
	return powered;
}

int channel_transmit(struct channel *channel, struct bytes command, struct writer *response)
{
	return slot_transmit(channel->slot, command, response);
}
