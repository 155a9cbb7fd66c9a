/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELECT, DIR NEXT and GET AC KEYS of a Cryptoflex. */
#include "cards/cryptoflex/cryptoflex.h"

#define HEADER_SIZE 13 /* of a description, up to the length of what follows */
#define DESCRIPTION_MAX 22
#define LISTED_FROM 2 /* DIR NEXT leaves the first two bytes of a description out */

#define HAS_CHV1 0x01 /* in the description of a DF */
#define HAS_CHV2 0x02

void flex_enter(struct flex_state *state, struct flex_file *file)
{
	struct flex_file *df = file->header.kind == FLEX_DF ? file : file->parent;

	state->ef = file != df ? file : NULL;
	state->record = 0;
	if (file == df)
		state->listed = NULL;
	if (state->df == df)
		return;
	state->df = df;
	state->listed = NULL;
	flex_find_chvs(state);
	flex_find_external_keys(state);
}

/* The MF; a file in the current DF; that DF itself, the one around it and the DFs beside it. */
static struct flex_file *find(const struct flex_state *state, uint16_t fid)
{
	struct flex_file *df = state->df, *file;

	if (fid == FLEX_MF)
		return state->tree.mf;
	file = flex_tree_child(df, fid);
	if (file != NULL || df->parent == NULL)
		return file;
	if (df->header.fid == fid)
		return df;
	if (df->parent->header.fid == fid)
		return df->parent;
	file = flex_tree_child(df->parent, fid);
	return file != NULL && file->header.kind == FLEX_DF ? file : NULL;
}

static void put_header(
    const struct flex_state *state, const struct flex_file *file, struct writer *out)
{
	const struct flex_header *header = &file->header;
	size_t size = header->size;

	if (header->kind == FLEX_DF)
		size = flex_tree_room(&state->tree, file);
	writer_put_u16(out, 0);
	writer_put_u16(out, size < UINT16_MAX ? (uint16_t)size : UINT16_MAX);
	writer_put_u16(out, header->fid);
	writer_put_u8(out, (uint8_t)header->kind);
	writer_put_u8(out, header->flags);
	writer_put(out, BYTES_OF_ARRAY(header->access));
	writer_put_u8(out, header->valid ? 1 : 0);
}

static uint8_t count(const struct flex_file *df, bool dfs)
{
	unsigned n = 0;

	for (const struct flex_file *file = df->first; file != NULL; file = file->next)
		n += (file->header.kind == FLEX_DF) == dfs;
	return n < UINT8_MAX ? (uint8_t)n : UINT8_MAX;
}

/* The tries that are left for the CHV and for its unblocking. */
static void put_tries(const struct flex_file *chv, struct writer *out)
{
	uint8_t tries, unblock_tries;

	if (!flex_chv_tries(chv, &tries, &unblock_tries))
		return;
	writer_put_u8(out, tries);
	writer_put_u8(out, unblock_tries);
}

static void put_df(const struct flex_file *df, struct writer *out)
{
	const struct flex_file *chv1 = flex_tree_child(df, FLEX_FID_CHV1);
	const struct flex_file *chv2 = flex_tree_child(df, FLEX_FID_CHV2);

	writer_put_u8(
	    out, (uint8_t)((chv1 != NULL ? HAS_CHV1 : 0) | (chv2 != NULL ? HAS_CHV2 : 0)));
	writer_put_u8(out, count(df, false));
	writer_put_u8(out, count(df, true));
	writer_put_u16(out, 0);
	put_tries(chv1, out);
	put_tries(chv2, out);
}

/* What SELECT answers: the header, the length of the rest, the rest. Of an EF the length says 1 although
 * two bytes follow: real cards do so. */
static void put_description(
    const struct flex_state *state, const struct flex_file *file, struct writer *out)
{
	uint8_t rest[DESCRIPTION_MAX];
	struct writer more;

	put_header(state, file, out);
	writer_init(&more, rest, sizeof rest);
	if (file->header.kind == FLEX_DF) {
		put_df(file, &more);
		writer_put_u8(out, (uint8_t)more.len);
		writer_put(out, writer_bytes(&more));
		return;
	}
	writer_put_u8(out, 1);
	writer_put_u8(out, 0);
	writer_put_u8(out, file->n_records);
}

enum sw flex_select(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct bytes data = apdu->data;
	struct flex_file *file;
	uint16_t fid;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (!bytes_take_u16(&data, &fid) || data.len > 0)
		return flex_wrong_length(sizeof fid);
	file = find(state, fid);
	if (file == NULL)
		return SW_FILE_NOT_FOUND;
	flex_enter(state, file);
	put_description(state, file, out);
	return SW_OK;
}

/* The file after the one listed last; from the first one on again, when the end has been told. */
enum sw flex_dir_next(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);
	struct flex_file *file = state->listed != NULL ? state->listed->next : state->df->first;
	uint8_t description[HEADER_SIZE + DESCRIPTION_MAX];
	struct writer all;
	struct bytes listed;
	enum sw sw = flex_access(card, state->df, FLEX_DIR_NEXT, NULL);

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (sw != SW_OK)
		return sw;
	if (file == NULL) {
		state->listed = NULL;
		return SW_FILE_NOT_FOUND;
	}
	writer_init(&all, description, sizeof description);
	put_description(state, file, &all);
	listed = bytes_after(writer_bytes(&all), LISTED_FROM);
	if (apdu->data.len > 0 || apdu->ne > listed.len)
		return flex_wrong_length(listed.len);
	state->listed = file;
	writer_put(out, apdu->ne > 0 ? bytes_first(listed, apdu->ne) : listed);
	return SW_OK;
}

enum sw flex_get_ac_keys(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct flex_state *state = flex_state_of(card);
	const struct flex_file *file = state->ef != NULL ? state->ef : state->df;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (apdu->data.len > 0 || (apdu->ne > 0 && apdu->ne != sizeof file->header.keys))
		return flex_wrong_length(sizeof file->header.keys);
	writer_put(out, BYTES_OF_ARRAY(file->header.keys));
	return SW_OK;
}
