/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of a Cryptoflex: READ RECORD, UPDATE RECORD, CREATE RECORD, SEEK, INCREASE and DECREASE. Which
 * record is meant is said as on other cards of its time:
 *
 *   P2 00 first, 01 last, 02 next, 03 previous; 04: record number P1, or with P1 = 00 the current one
 *
 * In a cyclic file record 1 is the one written last. */
#include <string.h>

#include "cards/cryptoflex/cryptoflex.h"

#define COUNT_SIZE 3 /* of the value that INCREASE and DECREASE work on, at the end of a record */
#define COUNT_MAX 0xFFFFFF
#define ALLOWS_INCREASE 0x40 /* in the flags of a header */
#define ALLOWS_DECREASE 0x80
#define SEEK_MODE 0x0F
#define SEEK_TYPE 0xF0 /* 00: found or not; 10: the number of the record too */

enum mode { MODE_FIRST, MODE_LAST, MODE_NEXT, MODE_PREVIOUS, MODE_ABSOLUTE };

struct record {
	uint8_t *data;
	size_t len;
};

static bool has_fixed_records(const struct flex_file *file)
{
	return file->header.kind == FLEX_LINEAR_FIXED || file->header.kind == FLEX_CYCLIC;
}

/* Record number n of those there are, from 1 on. */
static struct record record_at(const struct flex_file *file, uint8_t n)
{
	uint8_t *at = file->body;

	if (has_fixed_records(file))
		return (struct record){ at + (size_t)(n - 1) * file->header.record_size,
			file->header.record_size };
	while (--n > 0)
		at += 1 + *at;
	return (struct record){ at + 1, *at };
}

/* Where the next variable record would go. */
static size_t end_of(const struct flex_file *file)
{
	struct record last;

	if (file->n_records == 0)
		return 0;
	last = record_at(file, file->n_records);
	return (size_t)(last.data - file->body) + last.len;
}

static struct bytes view(struct record record)
{
	return bytes_of(record.data, record.len);
}

struct bytes flex_record(const struct flex_file *file, uint8_t n)
{
	return view(record_at(file, n));
}

bool flex_add_record(struct flex_file *file, struct bytes data)
{
	bool fixed = has_fixed_records(file);
	size_t at = fixed ? (size_t)file->n_records * data.len : end_of(file) + 1;

	if (data.len > UINT8_MAX || (fixed && data.len != file->header.record_size))
		return false;
	if (file->n_records == UINT8_MAX || at > file->header.size ||
	    data.len > file->header.size - at)
		return false;
	if (!fixed)
		file->body[at - 1] = (uint8_t)data.len;
	if (data.len > 0)
		memcpy(file->body + at, data.data, data.len);
	file->n_records++;
	return true;
}

/* The current EF, where it has records and the operation is allowed. */
static enum sw begin(
    struct card *card, enum flex_operation operation, struct bytes *data, struct flex_file **out)
{
	struct flex_file *file = flex_state_of(card)->ef;
	enum sw sw;

	if (file == NULL)
		return SW_NO_CURRENT_EF;
	if (file->header.kind == FLEX_TRANSPARENT)
		return FLEX_SW_WRONG_KIND;
	if (!file->header.valid)
		return FLEX_SW_INVALIDATED;
	sw = flex_access(card, file, operation, data);
	if (sw == SW_OK)
		*out = file;
	return sw;
}

/* The record number that mode and P1 mean; 0: there is none. A cyclic file has no end. */
static uint8_t number_of(const struct flex_state *state, enum mode mode, uint8_t p1)
{
	const struct flex_file *file = state->ef;
	uint8_t n = file->n_records, current = state->record;
	bool round = file->header.kind == FLEX_CYCLIC;

	if (n == 0)
		return 0;
	switch (mode) {
	case MODE_FIRST:
		return 1;
	case MODE_LAST:
		return n;
	case MODE_NEXT:
		if (current < n)
			return (uint8_t)(current + 1);
		return round ? 1 : 0;
	case MODE_PREVIOUS:
		if (current > 1)
			return (uint8_t)(current - 1);
		return current == 0 || round ? n : 0;
	case MODE_ABSOLUTE:
		if (p1 == 0)
			return current;
		return p1 <= n ? p1 : 0;
	}
	return 0;
}

/* Finds the record and makes it the current one; with P1, P2 = 00 04 it stays the one it was. */
static enum sw find(struct flex_state *state, const struct apdu *apdu, uint8_t *out)
{
	uint8_t n;

	if (apdu->p2 > MODE_ABSOLUTE || (apdu->p2 != MODE_ABSOLUTE && apdu->p1 != 0))
		return FLEX_SW_WRONG_P1P2;
	n = number_of(state, (enum mode)apdu->p2, apdu->p1);
	if (n == 0)
		return SW_RECORD_NOT_FOUND;
	*out = n;
	return SW_OK;
}

enum sw flex_read_record(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct flex_file *file = NULL;
	struct record record;
	uint8_t n = 0;
	enum sw sw = begin(card, FLEX_READ, NULL, &file);

	if (sw == SW_OK)
		sw = find(state, apdu, &n);
	if (sw != SW_OK)
		return sw;
	record = record_at(file, n);
	if (apdu->data.len > 0 || (apdu->ne > 0 && apdu->ne != record.len))
		return flex_wrong_length(record.len);
	if (apdu->p2 != MODE_ABSOLUTE)
		state->record = n;
	writer_put(out, view(record));
	return SW_OK;
}

/* Moves all records of a cyclic file one further, the oldest to the front, which is then written over. */
static void turn(struct flex_file *file)
{
	size_t size = file->header.record_size, n = file->n_records;

	memmove(file->body + size, file->body, size * (n - 1));
}

enum sw flex_update_record(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_file *file = NULL;
	struct record record;
	uint8_t n = 0;
	enum sw sw = begin(card, FLEX_UPDATE, &data, &file);

	if (sw == SW_OK)
		sw = find(state, apdu, &n);
	if (sw != SW_OK)
		return sw;
	/* The oldest is written over, and no other. */
	if (file->header.kind == FLEX_CYCLIC && apdu->p2 != MODE_PREVIOUS)
		return FLEX_SW_WRONG_P1P2;
	record = record_at(file, n);
	if (data.len != (has_fixed_records(file) ? file->header.record_size : record.len))
		return flex_wrong_length(record.len);
	if (file->header.kind == FLEX_CYCLIC) {
		turn(file);
		n = 1;
		record = record_at(file, n);
	}
	if (data.len > 0)
		memcpy(record.data, data.data, data.len);
	card_changed(card);
	if (apdu->p2 != MODE_ABSOLUTE)
		state->record = n;
	return SW_OK;
}

/* A new record behind the others, which becomes the current one. */
enum sw flex_create_record(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_file *file = NULL;
	enum sw sw = begin(card, FLEX_CREATE_RECORD, &data, &file);

	if (sw != SW_OK)
		return sw;
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (data.len == 0 || data.len > UINT8_MAX ||
	    (has_fixed_records(file) && data.len != file->header.record_size))
		return flex_wrong_length(file->header.record_size);
	if (!flex_add_record(file, data))
		return SW_NOT_ENOUGH_MEMORY;
	state->record = file->n_records;
	card_changed(card);
	return SW_OK;
}

static bool contains(struct bytes record, struct bytes pattern)
{
	for (; record.len >= pattern.len; record = bytes_after(record, 1))
		if (bytes_starts_with(record, pattern))
			return true;
	return false;
}

/* P2: 00 from the first record on, 01 back from the last one, 02 from the next one on, 03 back from the
 * previous one; with 10 to 13 the number of the record is told. */
enum sw flex_seek(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	enum mode mode = apdu->p2 & SEEK_MODE;
	bool back = mode == MODE_LAST || mode == MODE_PREVIOUS;
	struct flex_file *file = NULL;
	enum sw sw = begin(card, FLEX_READ, NULL, &file);

	if (sw != SW_OK)
		return sw;
	if (apdu->p1 != 0 || mode > MODE_PREVIOUS || (apdu->p2 & SEEK_TYPE) > 0x10)
		return FLEX_SW_WRONG_P1P2;
	if (file->header.kind == FLEX_CYCLIC)
		return FLEX_SW_WRONG_KIND;
	if (apdu->data.len == 0)
		return flex_wrong_length(1);
	for (unsigned n = number_of(state, mode, 0); n >= 1 && n <= file->n_records;
	     n = back ? n - 1 : n + 1) {
		if (!contains(view(record_at(file, (uint8_t)n)), apdu->data))
			continue;
		state->record = (uint8_t)n;
		if ((apdu->p2 & SEEK_TYPE) != 0)
			writer_put_u8(out, (uint8_t)n);
		return SW_OK;
	}
	return SW_RECORD_NOT_FOUND;
}

static uint32_t number_at(const uint8_t *at)
{
	return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

/* The last record's value plus or minus the command's becomes a new last record. */
static enum sw change_count(
    struct card *card, const struct apdu *apdu, bool increase, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_file *file = NULL;
	uint32_t value, change;
	size_t size;
	enum sw sw = begin(card, increase ? FLEX_INCREASE : FLEX_UPDATE, &data, &file);

	if (sw != SW_OK)
		return sw;
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (file->header.kind != FLEX_CYCLIC)
		return SW_NO_CURRENT_EF;
	size = file->header.record_size;
	if (file->n_records == 0 || size < COUNT_SIZE)
		return SW_RECORD_NOT_FOUND;
	if ((file->header.flags & (increase ? ALLOWS_INCREASE : ALLOWS_DECREASE)) == 0)
		return SW_SECURITY_STATUS;
	if (data.len != COUNT_SIZE)
		return flex_wrong_length(COUNT_SIZE);
	value = number_at(file->body + size - COUNT_SIZE);
	change = number_at(data.data);
	if (increase ? change > COUNT_MAX - value : change > value)
		return FLEX_SW_COUNT_EXCEEDED;
	value = increase ? value + change : value - change;
	turn(file);
	/* The other bytes of the record are those of the one before, which turn() left at both places. */
	file->body[size - 3] = (uint8_t)(value >> 16);
	file->body[size - 2] = (uint8_t)(value >> 8);
	file->body[size - 1] = (uint8_t)value;
	state->record = 1;
	card_changed(card);
	writer_put(out, bytes_of(file->body, size));
	writer_put(out, data);
	return SW_OK;
}

enum sw flex_increase(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return change_count(card, apdu, true, out);
}

enum sw flex_decrease(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return change_count(card, apdu, false, out);
}
