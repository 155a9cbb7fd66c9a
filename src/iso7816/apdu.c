/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command and response APDUs: the four cases, short and extended (ISO/IEC 7816-3, 12.1.3), and the class
 * byte (7816-4, 5.4.1). */
#include "iso7816/apdu.h"

#define LC_SHORT_MAX 255

static size_t ne_of(uint16_t le, size_t ne_when_0)
{
	return le == 0 ? ne_when_0 : le;
}

/* What follows the header and a first length byte lc, which is not 0: cases 2S, 3S and 4S. */
static bool parse_short(struct bytes rest, uint8_t lc, struct apdu *out)
{
	uint8_t le;

	if (!bytes_take(&rest, lc, &out->data))
		return false;
	if (rest.len == 0)
		return true;
	if (!bytes_take_u8(&rest, &le) || rest.len > 0)
		return false;
	out->ne = ne_of(le, APDU_NE_SHORT_MAX);
	return true;
}

/* What follows the header and a first length byte of 00: cases 2E, 3E and 4E. */
static bool parse_extended(struct bytes rest, struct apdu *out)
{
	uint16_t lc;
	uint16_t le;

	out->extended = true;
	if (!bytes_take_u16(&rest, &lc))
		return false;
	if (rest.len == 0) {
		out->ne = ne_of(lc, APDU_NE_MAX);
		return true;
	}
	if (lc == 0 || !bytes_take(&rest, lc, &out->data))
		return false;
	if (rest.len == 0)
		return true;
	if (!bytes_take_u16(&rest, &le) || rest.len > 0)
		return false;
	out->ne = ne_of(le, APDU_NE_MAX);
	return true;
}

bool apdu_parse(struct bytes in, struct apdu *out)
{
	struct apdu apdu = { 0 };
	uint8_t first;

	if (!bytes_take_u8(&in, &apdu.cla) || !bytes_take_u8(&in, &apdu.ins) ||
	    !bytes_take_u8(&in, &apdu.p1) || !bytes_take_u8(&in, &apdu.p2))
		return false;
	if (bytes_take_u8(&in, &first)) {
		if (in.len == 0)
			apdu.ne = ne_of(first, APDU_NE_SHORT_MAX);
		else if (first == 0 ? !parse_extended(in, &apdu) : !parse_short(in, first, &apdu))
			return false;
	}
	*out = apdu;
	return true;
}

/* A Le of all zeros asks for the most that its form can. */
static void put_short(const struct apdu *command, struct writer *out)
{
	if (command->data.len > 0)
		writer_put_u8(out, (uint8_t)command->data.len);
	writer_put(out, command->data);
	if (command->ne > 0)
		writer_put_u8(out, (uint8_t)(command->ne & 0xFF));
}

static void put_extended(const struct apdu *command, struct writer *out)
{
	if (command->data.len > 0 || command->ne > 0)
		writer_put_u8(out, 0);
	if (command->data.len > 0)
		writer_put_u16(out, (uint16_t)command->data.len);
	writer_put(out, command->data);
	if (command->ne > 0)
		writer_put_u16(out, (uint16_t)(command->ne & 0xFFFF));
}

bool apdu_encode(const struct apdu *command, struct writer *out)
{
	if (command->data.len > APDU_DATA_MAX || command->ne > APDU_NE_MAX) {
		writer_fail(out);
		return false;
	}
	writer_put_u8(out, command->cla);
	writer_put_u8(out, command->ins);
	writer_put_u8(out, command->p1);
	writer_put_u8(out, command->p2);
	if (command->extended || command->data.len > LC_SHORT_MAX ||
	    command->ne > APDU_NE_SHORT_MAX)
		put_extended(command, out);
	else
		put_short(command, out);
	return !out->failed;
}

bool apdu_response_parse(struct bytes in, struct apdu_response *out)
{
	struct bytes data;
	uint16_t sw;

	if (in.len < 2 || !bytes_take(&in, in.len - 2, &data) || !bytes_take_u16(&in, &sw))
		return false;
	*out = (struct apdu_response){ .data = data, .sw = sw };
	return true;
}

bool apdu_response_encode(const struct apdu_response *response, struct writer *out)
{
	if (response->data.len > APDU_RESPONSE_MAX - 2)
		writer_fail(out);
	writer_put(out, response->data);
	writer_put_u16(out, response->sw);
	return !out->failed;
}

/* Table 2: 000c ssnn. */
static struct apdu_class first_interindustry(uint8_t cla)
{
	static const enum apdu_sm forms[] = { APDU_SM_NONE, APDU_SM_PROPRIETARY,
		APDU_SM_HEADER_NOT_AUTHENTICATED, APDU_SM_HEADER_AUTHENTICATED };

	return (struct apdu_class){ .interindustry = true,
		.chained = (cla & 0x10) != 0,
		.sm = forms[cla >> 2 & 3],
		.channel = cla & 0x03 };
}

/* Table 3: 01sc nnnn, channels 4 to 19. */
static struct apdu_class further_interindustry(uint8_t cla)
{
	return (struct apdu_class){ .interindustry = true,
		.chained = (cla & 0x10) != 0,
		.sm = (cla & 0x20) != 0 ? APDU_SM_HEADER_NOT_AUTHENTICATED : APDU_SM_NONE,
		.channel = (uint8_t)((cla & 0x0F) + 4) };
}

bool apdu_class_parse(uint8_t cla, struct apdu_class *out)
{
	if (cla == 0xFF || (cla & 0xE0) == 0x20)
		return false;
	if ((cla & 0x80) != 0)
		*out = (struct apdu_class){ .interindustry = false };
	else if ((cla & 0x40) != 0)
		*out = further_interindustry(cla);
	else
		*out = first_interindustry(cla);
	return true;
}
