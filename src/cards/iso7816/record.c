/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* READ, WRITE, UPDATE, APPEND and ERASE RECORD (ISO/IEC 7816-4, 11.4); SEARCH RECORD is in
 * search_record.c. Records are referred to by number, or by identifier from the current record on; the
 * identifier 00 is that of every record, so that EFs without SIMPLE-TLV structure have a next and a
 * previous record, too. References by number do not move the current record. */
#include "base/compiler.h"
#include "cards/iso7816/iso7816.h"
#include "fs/records.h"
#include "iso7816/tlv.h"

#define P1_RFU 0xFF
#define P2_MODE 0x07
#define P2_SFI_SHIFT 3
#define TAG_OFFSET 0x54
#define TAG_DATA 0x53
#define TAG_DATA_TLV 0x73
#define OFFSET_SIZE_MAX 4
#define PART_MAX 65535

/* The data field of an odd instruction: an offset 54, then, to write, the data 53 or 73. */
static bool decode_objects(struct bytes rest, struct record_request *out)
{
	struct bytes value;
	struct tlv tlv;
	uint8_t byte;

	if (!tlv_take_tag(&rest, TAG_OFFSET, &value) || value.len == 0 ||
	    value.len > OFFSET_SIZE_MAX)
		return false;
	while (bytes_take_u8(&value, &byte))
		out->offset = out->offset << 8 | byte;
	out->data = bytes_of(NULL, 0);
	if (rest.len == 0)
		return true;
	if (!tlv_take(&rest, &tlv) || rest.len > 0)
		return false;
	out->data = tlv.value;
	return tlv.tag == TAG_DATA || tlv.tag == TAG_DATA_TLV;
}

enum sw record_decode(const struct apdu *apdu, struct record_request *out)
{
	*out = (struct record_request){
		.sfi = apdu->p2 >> P2_SFI_SHIFT,
		.mode = (enum record_mode)(apdu->p2 & P2_MODE),
		.odd = (apdu->ins & 1) != 0,
		.p1 = apdu->p1,
		.data = apdu->data,
	};
	if (out->sfi > FILE_SFI_MAX || apdu->p1 == P1_RFU)
		return SW_WRONG_P1P2;
	return !out->odd || decode_objects(apdu->data, out) ? SW_OK : SW_WRONG_DATA;
}

/* The EF that P2 names, which becomes the current one. */
enum sw record_target(struct card *card, const struct apdu *apdu, struct target *out)
{
	const struct session *session = card_session(card);
	struct record_request request;
	enum sw sw = record_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	out->make_current = request.sfi != 0;
	if (request.sfi == 0 && session->ef == NULL)
		return SW_NO_CURRENT_EF;
	out->file = request.sfi != 0 ? fs_child_by_sfi(session->df, request.sfi) : session->ef;
	if (out->file == NULL)
		return SW_FILE_NOT_FOUND;
	return file_kind(out->file) == FILE_RECORDS ? SW_OK : SW_WRONG_FILE_STRUCTURE;
}

bool record_has_identifier(const struct file *file, size_t number, uint8_t identifier)
{
	return identifier == 0 || records_identifier(file, number) == identifier;
}

/* From number on, step by step, the first record with this identifier; 0: none. */
static size_t walk(const struct file *file, size_t number, int step, uint8_t identifier)
{
	while (number >= 1 && number <= records_count(file)) {
		if (record_has_identifier(file, number, identifier))
			return number;
		number += (size_t)step;
	}
	return 0;
}

size_t record_find(
    const struct session *session, const struct file *file, enum record_mode mode, uint8_t p1)
{
	size_t count = records_count(file);
	size_t current = session->record;

	switch (mode) {
	case RECORD_FIRST:
		return walk(file, 1, 1, p1);
	case RECORD_LAST:
		return walk(file, count, -1, p1);
	case RECORD_NEXT: /* after none comes the first */
		return walk(file, current + 1, 1, p1);
	case RECORD_PREVIOUS: /* before none comes the last */
		return walk(file, current == 0 ? count : current - 1, -1, p1);
	default:
		current = p1 == 0 ? current : p1;
		return current <= count ? current : 0;
	}
}

static bool by_identifier(enum record_mode mode)
{
	return mode <= RECORD_PREVIOUS;
}

static void move_to(struct card *card, enum record_mode mode, size_t number)
{
	if (by_identifier(mode))
		card_session(card)->record = (unsigned)number;
}

/* As much as there is room for: how much of it the terminal gets is another matter. */
static void put_record(const struct file *file, size_t number, struct writer *out)
{
	struct bytes data;

	if (records_read(file, number, &data) == SW_OK)
		writer_put(out, bytes_first(data, writer_left(out)));
}

static enum sw read_several(
    const struct file *file, enum record_mode mode, size_t number, struct writer *out)
{
	size_t last = records_count(file);

	for (size_t i = 0; i <= last - number; i++)
		put_record(file, mode == RECORD_UP_TO_LAST ? number + i : last - i, out);
	return SW_OK;
}

/* A part of one record, from an offset on. */
static enum sw read_part(const struct file *file, const struct record_request *request,
    size_t number, struct writer *out)
{
	struct bytes data;
	enum sw sw = records_read(file, number, &data);

	if (sw != SW_OK)
		return sw;
	if (request->offset > 0 && request->offset >= data.len)
		return SW_WRONG_OFFSET;
	data = bytes_first(bytes_after(data, request->offset), PART_MAX);
	tlv_put(out, TAG_DATA, bytes_first(data, request->room));
	return SW_OK;
}

/* Fewer bytes than Le named are a warning: the end of the record came before. */
static enum sw end_of_read(const struct apdu *apdu, const struct writer *out)
{
	bool fewer = apdu->ne > 0 && !apdu_wants_all(apdu) && out->len < apdu->ne;

	return fewer ? SW_END_OF_FILE : SW_OK;
}

enum sw record_read(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct file *file = card_target_file(card);
	struct record_request request;
	enum sw sw = record_decode(apdu, &request);
	size_t number;

	if (sw != SW_OK)
		return sw;
	if (request.data.len > 0)
		return request.odd ? SW_WRONG_DATA : SW_WRONG_LENGTH;
	if (request.mode == RECORD_RFU || (request.odd && request.mode > RECORD_NUMBER))
		return SW_WRONG_P1P2;
	number = record_find(card_session(card), file, request.mode, request.p1);
	if (number == 0)
		return SW_RECORD_NOT_FOUND;
	request.room = iso7816_object_room(apdu->ne > 0 ? apdu->ne : APDU_NE_SHORT_MAX);
	if (request.odd)
		sw = read_part(file, &request, number, out);
	else if (request.mode > RECORD_NUMBER)
		sw = read_several(file, request.mode, number, out);
	else
		put_record(file, number, out);
	if (sw != SW_OK)
		return sw;
	move_to(card, request.mode, number);
	return end_of_read(apdu, out);
}

/* A new record, which is the current one from then on. */
static enum sw append(struct card *card, struct bytes data)
{
	struct file *file = card_target_file(card);
	enum sw sw = records_append(file, data);

	if (sw == SW_OK)
		card_session(card)->record =
		    records_are_cyclic(file) ? 1 : (unsigned)records_count(file);
	return sw;
}

/* WRITE and UPDATE of a whole record differ in what is done with the bytes. The previous record of a cyclic
 * EF is the oldest one: the command is then an APPEND RECORD. */
static enum sw change(struct card *card, const struct record_request *request,
    enum sw (*act)(struct file *file, size_t number, struct bytes data))
{
	struct file *file = card_target_file(card);
	size_t number;
	enum sw sw;

	if (request->mode > RECORD_NUMBER)
		return SW_WRONG_P1P2;
	if (request->data.len == 0)
		return SW_WRONG_LENGTH;
	if (request->mode == RECORD_PREVIOUS && records_are_cyclic(file))
		return append(card, request->data);
	number = record_find(card_session(card), file, request->mode, request->p1);
	if (number == 0)
		return SW_RECORD_NOT_FOUND;
	sw = act(file, number, request->data);
	if (sw == SW_OK)
		move_to(card, request->mode, number);
	return sw;
}

enum sw record_write(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct record_request request;
	enum sw sw = record_decode(apdu, &request);

	return sw == SW_OK ? change(card, &request, records_write) : sw;
}

/* What bits 3 to 1 of P2 say of the odd UPDATE RECORD. */
static uint8_t combine(enum record_mode mode, uint8_t old, uint8_t new)
{
	switch ((unsigned)mode) {
	case RECORD_PART_AND:
		return old & new;
	case RECORD_PART_OR:
		return old | new;
	case RECORD_PART_XOR:
		return old ^ new;
	default:
		return new;
	}
}

/* The bytes are combined in the response's memory, which nothing else needs. */
static enum sw update_part(
    struct card *card, const struct record_request *request, struct writer *out)
{
	struct file *file = card_target_file(card);
	uint8_t *new = writer_reserve(out, request->data.len);
	size_t number = record_find(card_session(card), file, RECORD_NUMBER, request->p1);
	struct bytes old;
	enum sw sw;

	if (by_identifier(request->mode))
		return SW_WRONG_P1P2;
	if (request->data.len == 0 || new == NULL)
		return SW_WRONG_DATA;
	sw = records_read(file, number, &old);
	if (sw != SW_OK)
		return sw;
	old = bytes_after(old, request->offset);
	for (size_t i = 0; i < request->data.len && i < old.len; i++)
		new[i] = combine(request->mode, old.data[i], request->data.data[i]);
	sw = records_update_part(file, number, request->offset, bytes_of(new, request->data.len));
	writer_reset(out);
	return sw;
}

enum sw record_update(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct record_request request;
	enum sw sw = record_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	return request.odd ? update_part(card, &request, out)
	                   : change(card, &request, records_update);
}

enum sw record_append(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != 0 || (apdu->p2 & P2_MODE) != 0)
		return SW_WRONG_P1P2;
	return apdu->data.len > 0 ? append(card, apdu->data) : SW_WRONG_LENGTH;
}

/* One record, or all from it on. */
enum sw record_erase(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);
	struct record_request request;
	size_t number, last;
	enum sw sw = record_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.mode != RECORD_NUMBER && request.mode != RECORD_UP_TO_LAST)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	number = record_find(card_session(card), file, request.mode, request.p1);
	if (number == 0)
		return SW_RECORD_NOT_FOUND;
	last = request.mode == RECORD_NUMBER ? number : records_count(file);
	for (; number <= last && sw == SW_OK; number++)
		sw = records_erase(file, number);
	return sw;
}
