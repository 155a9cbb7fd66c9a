/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SEARCH RECORD (ISO/IEC 7816-4, 11.4.6): simple search, where P2 says in which records and which way to look
 * for the string, and enhanced search, where the first two bytes of the data field do, and where in each
 * record to begin. The answer is the numbers of the records that have the string; the first of them is
 * the current record from then on. */
#include "cards/iso7816/iso7816.h"
#include "fs/records.h"

#define MODE_ENHANCED RECORD_UP_FROM_LAST
#define INDICATION_RFU 0xF0
#define INDICATION_VALUE                                                                           \
	0x08 /* the second byte is a value: look behind the first one in the record */
#define INDICATION_MODE 0x07
#define ENHANCED_NEXT 6
#define ENHANCED_PREVIOUS 7

/* Which records, which way, and where in each. */
struct search {
	size_t from; /* number of the first record to be looked at */
	bool backward;
	uint8_t identifier; /* 00: of any */
	bool after_value;
	uint8_t position; /* offset, or that value */
	struct bytes string;
};

/* P1 is a number, 00 that of the current record. Other than to read, there need not be such a record. */
static size_t number_of(const struct session *session, uint8_t p1)
{
	return p1 == 0 ? session->record : p1;
}

/* Modes 0 to 5 mean the same in both searches. False: there is no record to begin with. */
static bool place(const struct session *session, const struct file *file, enum record_mode mode,
    uint8_t p1, struct search *out)
{
	out->backward = mode == RECORD_LAST || mode == RECORD_PREVIOUS || mode == RECORD_UP_TO_LAST;
	out->identifier = mode <= RECORD_PREVIOUS ? p1 : 0;
	out->from =
	    mode <= RECORD_PREVIOUS ? record_find(session, file, mode, p1) : number_of(session, p1);
	return out->from >= 1 && out->from <= records_count(file);
}

/* Enhanced search: two bytes, then the string. */
static enum sw decode_enhanced(const struct session *session, const struct file *file,
    const struct record_request *request, struct search *out)
{
	struct bytes rest = request->data;
	uint8_t indication;
	unsigned mode;

	if (!bytes_take_u8(&rest, &indication) || !bytes_take_u8(&rest, &out->position) ||
	    (indication & INDICATION_RFU) != 0 || rest.len == 0)
		return SW_WRONG_DATA;
	out->string = rest;
	out->after_value = (indication & INDICATION_VALUE) != 0;
	mode = indication & INDICATION_MODE;
	if (mode < ENHANCED_NEXT)
		return place(session, file, (enum record_mode)mode, request->p1, out)
		    ? SW_OK
		    : SW_RECORD_NOT_FOUND;
	out->backward = mode == ENHANCED_PREVIOUS;
	out->from = number_of(session, request->p1);
	if (out->from == 0 || out->from > records_count(file))
		return SW_RECORD_NOT_FOUND;
	out->from = out->backward ? out->from - 1 : out->from + 1;
	return SW_OK;
}

static enum sw decode(const struct session *session, const struct file *file,
    const struct record_request *request, struct search *out)
{
	*out = (struct search){ .string = request->data };
	if (request->mode == RECORD_RFU)
		return SW_WRONG_P1P2;
	if (request->data.len == 0)
		return SW_WRONG_LENGTH;
	if (request->mode == MODE_ENHANCED)
		return decode_enhanced(session, file, request, out);
	return place(session, file, request->mode, request->p1, out) ? SW_OK : SW_RECORD_NOT_FOUND;
}

static bool contains(struct bytes in, struct bytes string)
{
	for (; in.len >= string.len; in = bytes_after(in, 1)) {
		if (bytes_starts_with(in, string))
			return true;
	}
	return false;
}

static bool matches(const struct file *file, size_t number, const struct search *search)
{
	struct bytes record;
	uint8_t byte = 0;

	if (!record_has_identifier(file, number, search->identifier) ||
	    records_read(file, number, &record) != SW_OK)
		return false;
	if (!search->after_value)
		return contains(bytes_after(record, search->position), search->string);
	while (bytes_take_u8(&record, &byte)) {
		if (byte == search->position)
			return contains(record, search->string);
	}
	return false;
}

enum sw record_search(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	const struct file *file = card_target_file(card);
	size_t step, first = 0;
	struct record_request request;
	struct search search;
	enum sw sw = record_decode(apdu, &request);

	if (sw == SW_OK)
		sw = decode(session, file, &request, &search);
	if (sw != SW_OK)
		return sw;
	step = search.backward ? (size_t)-1 : 1;
	for (size_t i = search.from; i >= 1 && i <= records_count(file); i += step) {
		if (!matches(file, i, &search))
			continue;
		first = first == 0 ? i : first;
		if (apdu->ne > 0)
			writer_put_u8(out, (uint8_t)i);
	}
	if (first == 0)
		return SW_END_OF_FILE; /* 7816-4, table 6: unsuccessful search */
	session->record = (unsigned)first;
	return SW_OK;
}
