/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual reader's attributes and features. */
#include "reader/attributes.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config.h"
#include "vpcd/protocol.h"

/* SCARD_ATTR_CHANNEL_ID is DDDDCCCC: F0 to FF in D is a way of the vendor's own. */
#define CHANNEL_VENDOR_DEFINED 0x00F00000u

/* SCARD_ATTR_ICC_PRESENCE and SCARD_ATTR_ICC_TYPE_PER_ATR. */
#define PRESENCE_ABSENT 0
#define PRESENCE_PRESENT 2
#define TYPE_ASYNCHRONOUS 1

/* Control codes of PCSC-Lite are 42000000 plus a number; features have 42330000 plus theirs. */
#define GET_FEATURE_REQUEST 0x42000D48u
#define FEATURE_TLV_PROPERTIES 0x12
#define TLV_PROPERTIES_CODE 0x42330012u
#define PROPERTY_MAX_APDU_DATA_SIZE 0x0A

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

static int get_vendor(const struct attributes *of, struct writer *out)
{
	put_string(out, "Virtual Smart Card Architecture");
	return 0;
}

static int get_type(const struct attributes *of, struct writer *out)
{
	put_string(out, "Virtual PCD");
	return 0;
}

static int get_version(const struct attributes *of, struct writer *out)
{
	put_number(out, VERSION_NUMBER);
	return 0;
}

/* The same digits as at the end of the reader's name, so that each slot has its own. */
static int get_serial(const struct attributes *of, struct writer *out)
{
	char text[16];

	(void)snprintf(text, sizeof text, "VPCD-%02X-%02X", of->reader & 0xFF, of->number & 0xFF);
	put_string(out, text);
	return 0;
}

static int get_channel_id(const struct attributes *of, struct writer *out)
{
	put_number(out, CHANNEL_VENDOR_DEFINED | of->port);
	return 0;
}

static int get_device_unit(const struct attributes *of, struct writer *out)
{
	put_number(out, of->reader);
	return 0;
}

static int get_protocols(const struct attributes *of, struct writer *out)
{
	put_number(out, 1u << 0 | 1u << 1);
	return 0;
}

static int get_max_input(const struct attributes *of, struct writer *out)
{
	put_number(out, VPCD_MESSAGE_MAX);
	return 0;
}

static int get_power_management(const struct attributes *of, struct writer *out)
{
	put_number(out, 1);
	return 0;
}

static int get_characteristics(const struct attributes *of, struct writer *out)
{
	put_number(out, 0);
	return 0;
}

static int get_presence(const struct attributes *of, struct writer *out)
{
	writer_put_u8(out, slot_present(of->slot) ? PRESENCE_PRESENT : PRESENCE_ABSENT);
	return 0;
}

static int get_interface_status(const struct attributes *of, struct writer *out)
{
	writer_put_u8(out, of->powered && slot_present(of->slot));
	return 0;
}

static int get_card_type(const struct attributes *of, struct writer *out)
{
	if (!slot_present(of->slot))
		return ERR_NO_CARD;
	writer_put_u8(out, TYPE_ASYNCHRONOUS);
	return 0;
}

static int get_atr(const struct attributes *of, struct writer *out)
{
	return slot_atr(of->slot, out);
}

static int get_current_protocol(const struct attributes *of, struct writer *out)
{
	if (of->protocols == 0)
		return ERR_NO_CARD;
	put_number(out, of->protocols);
	return 0;
}

static const struct {
	uint32_t id;
	int (*get)(const struct attributes *of, struct writer *out);
} table[] = {
	{ 0x00010100, get_vendor },           /* SCARD_ATTR_VENDOR_NAME */
	{ 0x00010101, get_type },             /* SCARD_ATTR_VENDOR_IFD_TYPE */
	{ 0x00010102, get_version },          /* SCARD_ATTR_VENDOR_VERSION_NUMBER */
	{ 0x00010103, get_serial },           /* SCARD_ATTR_VENDOR_IFD_SERIAL_NO */
	{ 0x00020110, get_channel_id },       /* SCARD_ATTR_CHANNEL_ID */
	{ 0x00030120, get_protocols },        /* SCARD_ATTR_ASYNC_PROTOCOL_TYPES */
	{ 0x00040131, get_power_management }, /* SCARD_ATTR_POWER_MGMT_SUPPORT */
	{ 0x00060150, get_characteristics },  /* SCARD_ATTR_CHARACTERISTICS */
	{ 0x0007A007, get_max_input },        /* SCARD_ATTR_MAXINPUT */
	{ 0x00080201, get_current_protocol }, /* SCARD_ATTR_CURRENT_PROTOCOL_TYPE */
	{ 0x00090300, get_presence },         /* SCARD_ATTR_ICC_PRESENCE */
	{ 0x00090301, get_interface_status }, /* SCARD_ATTR_ICC_INTERFACE_STATUS */
	{ 0x00090303, get_atr },              /* SCARD_ATTR_ATR_STRING */
	{ 0x00090304, get_card_type },        /* SCARD_ATTR_ICC_TYPE_PER_ATR */
	{ 0x7FFF0001, get_device_unit },      /* SCARD_ATTR_DEVICE_UNIT */
};

int attributes_get(const struct attributes *of, uint32_t id, struct writer *out)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (table[i].id == id)
			return table[i].get(of, out);
	return ERR_NOT_FOUND;
}

int attributes_control(uint32_t code, struct writer *out)
{
	if (code == GET_FEATURE_REQUEST) { /* part 10, 2.2: the code is big-endian */
		writer_put_u8(out, FEATURE_TLV_PROPERTIES);
		writer_put_u8(out, 4);
		writer_put_u32(out, TLV_PROPERTIES_CODE);
	} else if (code == TLV_PROPERTIES_CODE) { /* part 10, 2.6.14: numbers are little-endian */
		writer_put_u8(out, PROPERTY_MAX_APDU_DATA_SIZE);
		writer_put_u8(out, 4);
		writer_put_u8(out, VPCD_COMMAND_DATA_MAX & 0xFF);
		writer_put_u8(out, VPCD_COMMAND_DATA_MAX >> 8 & 0xFF);
		writer_put_u16(out, 0);
	} else {
		return ERR_UNSUPPORTED;
	}
	return writer_done(out) ? 0 : ERR_LIMIT;
}
