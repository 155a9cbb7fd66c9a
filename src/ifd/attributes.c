/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the driver tells pcscd of itself (PCSC-Lite's ifdhandler.h); the rest is what every virtual reader
 * tells (reader/attributes.h). */
#include "ifd/attributes.h"

#include <string.h>

#include "base/err.h"
#include "config.h"
#include "ifd/abi.h"
#include "ifd/polling.h"

typedef int getter(struct writer *out);

static int get_yes(struct writer *out)
{
	writer_put_u8(out, 1);
	return 0;
}

static int get_no(struct writer *out)
{
	writer_put_u8(out, 0);
	return 0;
}

static int get_slots(struct writer *out)
{
	writer_put_u8(out, VPCDSLOTS);
	return 0;
}

static int get_readers(struct writer *out)
{
	writer_put_u8(out, CHANNEL_READERS_MAX);
	return 0;
}

static int get_polling_function(struct writer *out)
{
	polling_function *function = polling_wait;
	uint8_t memory[sizeof function];

	memcpy(memory, &function, sizeof function);
	writer_put(out, BYTES_OF_ARRAY(memory));
	return 0;
}

static int get_stop_function(struct writer *out)
{
	polling_stop_function *function = polling_stop;
	uint8_t memory[sizeof function];

	memcpy(memory, &function, sizeof function);
	writer_put(out, BYTES_OF_ARRAY(memory));
	return 0;
}

static const struct {
	unsigned long tag;
	getter *get;
} tags[] = {
	{ TAG_IFD_SLOT_THREAD_SAFE, get_yes },
	{ TAG_IFD_THREAD_SAFE, get_yes },
	{ TAG_IFD_SLOTS_NUMBER, get_slots },
	{ TAG_IFD_SIMULTANEOUS_ACCESS, get_readers },
	{ TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, get_polling_function },
	{ TAG_IFD_POLLING_THREAD_KILLABLE, get_no },
	{ TAG_IFD_STOP_POLLING_THREAD, get_stop_function },
};

/* Bit n for T=n. */
static uint16_t bit_of(int protocol)
{
	unsigned bits = protocol == CHANNEL_PROTOCOL_UNKNOWN ? 0 : 1U << (unsigned)protocol;

	return (uint16_t)bits;
}

int attribute_get(struct channel *channel, unsigned long tag, struct writer *out)
{
	const struct attributes of = {
		.slot = channel->slot,
		.reader = channel->reader,
		.number = channel->number,
		.port = channel_port(channel),
		.powered = channel_powered(channel),
		.protocols = bit_of(channel_protocol(channel)),
	};

	for (size_t i = 0; i < COUNT(tags); i++)
		if (tags[i].tag == tag)
			return tags[i].get(out);
	return attributes_get(&of, tag == TAG_IFD_ATR ? SCARD_ATTR_ATR_STRING : (uint32_t)tag, out);
}
