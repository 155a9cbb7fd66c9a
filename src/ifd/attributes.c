/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader tells of itself and its card: a table of tags (PCSC-Lite's ifdhandler.h; PC/SC part 3,
 * table 3-1). Numbers are 32 bits wide in the machine's own byte order, strings end with a NUL. */
#include "ifd/attributes.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config.h"
#include "ifd/abi.h"
#include "ifd/polling.h"
#include "vpcd/protocol.h"

/* SCARD_ATTR_CHANNEL_ID is 0xDDDDCCCC: F0 to FF in D is a way of the vendor's own. */
#define CHANNEL_VENDOR_DEFINED 0x00F00000

/* SCARD_ATTR_ICC_PRESENCE */
#define PRESENCE_ABSENT 0
#define PRESENCE_PRESENT 2

/* SCARD_ATTR_ICC_TYPE_PER_ATR */
#define TYPE_ASYNCHRONOUS 1

typedef int getter(struct channel *channel, struct writer *out);

static void put_number(struct writer *out, uint32_t value)
{
	uint8_t memory[sizeof value];

	memcpy(memory, &value, sizeof value);
	writer_put(out, BYTES_OF_ARRAY(memory));
}

static void put_string(struct writer *out, const char *s)
{
	writer_put(out, bytes_of_string(s));
	writer_put_u8(out, 0);
}

/* The reader. */

static int get_yes(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, 1);
	return 0;
}

static int get_no(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, 0);
	return 0;
}

static int get_slots(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, VPCDSLOTS);
	return 0;
}

static int get_readers(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, CHANNEL_READERS_MAX);
	return 0;
}

static int get_polling_function(struct channel *channel, struct writer *out)
{
	polling_function *function = polling_wait;
	uint8_t memory[sizeof function];

	memcpy(memory, &function, sizeof function);
	writer_put(out, BYTES_OF_ARRAY(memory));
	return 0;
}

static int get_stop_function(struct channel *channel, struct writer *out)
{
	polling_stop_function *function = polling_stop;
	uint8_t memory[sizeof function];

	memcpy(memory, &function, sizeof function);
	writer_put(out, BYTES_OF_ARRAY(memory));
	return 0;
}

static int get_vendor(struct channel *channel, struct writer *out)
{
	put_string(out, "Virtual Smart Card Architecture");
	return 0;
}

static int get_type(struct channel *channel, struct writer *out)
{
	put_string(out, "Virtual PCD");
	return 0;
}

static int get_version(struct channel *channel, struct writer *out)
{
	put_number(out, IFD_VERSION);
	return 0;
}

/* The same digits that pcscd puts behind the reader's name, so each slot has its own. */
static int get_serial(struct channel *channel, struct writer *out)
{
	char text[16];

	(void)snprintf(text, sizeof text, "VPCD-%02X-%02X", channel->reader, channel->number);
	put_string(out, text);
	return 0;
}

static int get_channel_id(struct channel *channel, struct writer *out)
{
	put_number(out, (uint32_t)CHANNEL_VENDOR_DEFINED | channel_port(channel));
	return 0;
}

static int get_device_unit(struct channel *channel, struct writer *out)
{
	put_number(out, channel->reader);
	return 0;
}

static int get_protocols(struct channel *channel, struct writer *out)
{
	put_number(out, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1);
	return 0;
}

static int get_max_input(struct channel *channel, struct writer *out)
{
	put_number(out, VPCD_MESSAGE_MAX);
	return 0;
}

static int get_power_management(struct channel *channel, struct writer *out)
{
	put_number(out, 1);
	return 0;
}

static int get_characteristics(struct channel *channel, struct writer *out)
{
	put_number(out, 0);
	return 0;
}

/* The card. */

static int get_presence(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, slot_present(channel->slot) ? PRESENCE_PRESENT : PRESENCE_ABSENT);
	return 0;
}

static int get_interface_status(struct channel *channel, struct writer *out)
{
	writer_put_u8(out, slot_present(channel->slot) && channel_powered(channel));
	return 0;
}

static int get_card_type(struct channel *channel, struct writer *out)
{
	if (!slot_present(channel->slot))
		return ERR_NO_CARD;
	writer_put_u8(out, TYPE_ASYNCHRONOUS);
	return 0;
}

static int get_atr(struct channel *channel, struct writer *out)
{
	return slot_atr(channel->slot, out);
}

/* Bit n stands for T=n. */
static int get_current_protocol(struct channel *channel, struct writer *out)
{
	int protocol = channel_protocol(channel);

	if (protocol == CHANNEL_PROTOCOL_UNKNOWN)
		return ERR_NO_CARD;
	put_number(out, (uint32_t)1 << protocol);
	return 0;
}

static const struct {
	unsigned long tag;
	getter *get;
} attributes[] = {
	{ TAG_IFD_SLOT_THREAD_SAFE, get_yes },
	{ TAG_IFD_THREAD_SAFE, get_yes },
	{ TAG_IFD_SLOTS_NUMBER, get_slots },
	{ TAG_IFD_SIMULTANEOUS_ACCESS, get_readers },
	{ TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, get_polling_function },
	{ TAG_IFD_POLLING_THREAD_KILLABLE, get_no },
	{ TAG_IFD_STOP_POLLING_THREAD, get_stop_function },
	{ SCARD_ATTR_VENDOR_NAME, get_vendor },
	{ SCARD_ATTR_VENDOR_IFD_TYPE, get_type },
	{ SCARD_ATTR_VENDOR_IFD_VERSION, get_version },
	{ SCARD_ATTR_VENDOR_IFD_SERIAL_NO, get_serial },
	{ SCARD_ATTR_CHANNEL_ID, get_channel_id },
	{ SCARD_ATTR_DEVICE_UNIT, get_device_unit },
	{ SCARD_ATTR_ASYNC_PROTOCOL_TYPES, get_protocols },
	{ SCARD_ATTR_MAXINPUT, get_max_input },
	{ SCARD_ATTR_POWER_MGMT_SUPPORT, get_power_management },
	{ SCARD_ATTR_CHARACTERISTICS, get_characteristics },
	{ SCARD_ATTR_ICC_PRESENCE, get_presence },
	{ SCARD_ATTR_ICC_INTERFACE_STATUS, get_interface_status },
	{ SCARD_ATTR_ICC_TYPE_PER_ATR, get_card_type },
	{ TAG_IFD_ATR, get_atr },
	{ SCARD_ATTR_ATR_STRING, get_atr },
	{ SCARD_ATTR_CURRENT_PROTOCOL_TYPE, get_current_protocol },
};

int attribute_get(struct channel *channel, unsigned long tag, struct writer *out)
{
	for (size_t i = 0; i < COUNT(attributes); i++)
		if (attributes[i].tag == tag)
			return attributes[i].get(channel, out);
	return ERR_NOT_FOUND;
}
