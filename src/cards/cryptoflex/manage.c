/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CREATE FILE, DELETE FILE, INVALIDATE and REHABILITATE of a Cryptoflex. */
#include <string.h>

#include "cards/cryptoflex/cryptoflex.h"

#define PARAMETERS_SIZE 16         /* without the size of records */
#define PARAMETERS_RECORDS_SIZE 17 /* with it */
#define PARAMETERS_LENGTH 13       /* up to the length of the rest */
#define FILL_MAX 0xFF

static bool kind_of(uint8_t value, enum flex_kind *out)
{
	*out = (enum flex_kind)value;
	switch (*out) {
	case FLEX_TRANSPARENT:
	case FLEX_LINEAR_FIXED:
	case FLEX_LINEAR_VARIABLE:
	case FLEX_CYCLIC:
	case FLEX_DF:
		return true;
	}
	return false;
}

/* Fixed records have one size: given at the end, or else what P2 records divide the file into. */
static bool take_record_size(struct bytes *rest, uint8_t n_records, struct flex_header *out)
{
	size_t size;

	if (out->kind != FLEX_LINEAR_FIXED && out->kind != FLEX_CYCLIC)
		return true;
	if (bytes_take_u8(rest, &out->record_size))
		return out->record_size > 0;
	size = n_records > 0 ? (size_t)out->size / n_records : 0;
	out->record_size = (uint8_t)size;
	return size > 0 && size <= UINT8_MAX;
}

static bool take_three(struct bytes *rest, uint8_t out[3])
{
	struct bytes three;

	if (!bytes_take(rest, 3, &three))
		return false;
	memcpy(out, three.data, three.len);
	return true;
}

/* FFFF, size, identifier, kind, flags, conditions, status, length of the rest, keys, size of records. */
static bool take_parameters(struct bytes *rest, struct flex_header *out)
{
	uint16_t unused;
	uint8_t kind, status, length;

	return bytes_take_u16(rest, &unused) && bytes_take_u16(rest, &out->size) &&
	    bytes_take_u16(rest, &out->fid) && bytes_take_u8(rest, &kind) &&
	    kind_of(kind, &out->kind) && bytes_take_u8(rest, &out->flags) &&
	    take_three(rest, out->access) && bytes_take_u8(rest, &status) &&
	    bytes_take_u8(rest, &length) && length == rest->len && take_three(rest, out->keys) &&
	    (out->valid = status != 0, true);
}

enum sw flex_decode_create(struct bytes data, uint8_t n_records, struct flex_header *out)
{
	struct flex_header header = { 0 };
	size_t needed;

	if (data.len != PARAMETERS_SIZE && data.len != PARAMETERS_RECORDS_SIZE)
		return flex_wrong_length(PARAMETERS_SIZE);
	if (!take_parameters(&data, &header) || !take_record_size(&data, n_records, &header))
		return SW_WRONG_DATA;
	needed = (size_t)n_records * header.record_size;
	if (header.size == 0 && needed <= UINT16_MAX)
		header.size = (uint16_t)needed;
	*out = header;
	return SW_OK;
}

/* P1 is what a new file is filled with, 00 or FF; P2 the number of its records. */
enum sw flex_create_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_header header = { 0 };
	struct flex_file *file = NULL;
	enum sw sw;

	if (apdu->p1 != 0 && apdu->p1 != FILL_MAX)
		return FLEX_SW_WRONG_P1P2;
	sw = flex_access(card, state->df, FLEX_CREATE, &data);
	if (sw == SW_OK)
		sw = flex_decode_create(data, apdu->p2, &header);
	if (sw == SW_OK)
		sw = flex_tree_add(&state->tree, state->df, &header, apdu->p2, &file);
	if (sw != SW_OK)
		return sw;
	if (header.kind == FLEX_TRANSPARENT)
		memset(file->body, apdu->p1, header.size);
	flex_enter(state, file);
	card_changed(card);
	return SW_OK;
}

enum sw flex_delete_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_file *file;
	uint16_t fid;
	enum sw sw;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	sw = flex_access(card, state->df, FLEX_DELETE, &data);
	if (sw != SW_OK)
		return sw;
	if (!bytes_take_u16(&data, &fid) || data.len > 0)
		return flex_wrong_length(sizeof fid);
	file = flex_tree_child(state->df, fid);
	if (file == NULL)
		return SW_FILE_NOT_FOUND;
	flex_tree_delete(file);
	card_changed(card);
	state->ef = NULL;
	state->record = 0;
	state->listed = NULL;
	flex_find_chvs(state);
	flex_find_external_keys(state);
	return SW_OK;
}

static enum sw set_valid(struct card *card, const struct apdu *apdu, bool valid)
{
	const struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	enum sw sw;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (state->ef == NULL)
		return SW_NO_CURRENT_EF;
	sw = flex_access(card, state->ef, valid ? FLEX_REHABILITATE : FLEX_INVALIDATE, &data);
	if (sw != SW_OK)
		return sw;
	if (data.len > 0)
		return flex_wrong_length(0);
	state->ef->header.valid = valid;
	card_changed(card);
	return SW_OK;
}

enum sw flex_invalidate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_valid(card, apdu, false);
}

enum sw flex_rehabilitate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_valid(card, apdu, true);
}
