/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a Cryptoflex and the memory they take.
 *
 * A real card sets a DF's memory aside when the DF is created. Here the size of a DF limits what is put in
 * it, and memory goes as files come: clients ask for DFs larger than the smaller models are. */
#include "cards/cryptoflex/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"

static struct flex_file *file_new(const struct flex_header *header)
{
	struct flex_file *file = calloc(1, sizeof *file);
	size_t size = header->kind == FLEX_DF ? 0 : header->size;

	if (file == NULL)
		return NULL;
	file->header = *header;
	file->body = calloc(1, size > 0 ? size : 1);
	if (file->body == NULL) {
		free(file);
		return NULL;
	}
	return file;
}

static void file_free(struct flex_file *file)
{
	if (file->header.kind != FLEX_DF)
		secret_wipe(file->body, file->header.size);
	free(file->body);
	free(file);
}

int flex_tree_init(struct flex_tree *tree, size_t memory, const struct flex_header *mf)
{
	tree->memory = memory;
	tree->mf = file_new(mf);
	return tree->mf != NULL ? 0 : ERR_NO_MEMORY;
}

void flex_tree_done(struct flex_tree *tree)
{
	struct flex_file *file = tree->mf;

	/* From the leaves up, without recursion. */
	while (file != NULL) {
		struct flex_file *up = file->parent;

		if (file->first != NULL) {
			file = file->first;
			continue;
		}
		if (up != NULL)
			up->first = file->next;
		file_free(file);
		file = up;
	}
	tree->mf = NULL;
}

struct flex_file *flex_tree_child(const struct flex_file *df, uint16_t fid)
{
	struct flex_file *file = df->first;

	while (file != NULL && file->header.fid != fid)
		file = file->next;
	return file;
}

/* The file that follows when what is in this one is left out; not beyond top. */
static struct flex_file *next_outside(const struct flex_file *file, const struct flex_file *top)
{
	while (file != top) {
		if (file->next != NULL)
			return file->next;
		file = file->parent;
	}
	return NULL;
}

static struct flex_file *next_below(const struct flex_file *file, const struct flex_file *top)
{
	return file->first != NULL ? file->first : next_outside(file, top);
}

struct flex_file *flex_tree_next(const struct flex_file *file)
{
	return next_below(file, NULL);
}

bool flex_tree_is_below(const struct flex_file *file, const struct flex_file *df)
{
	while (file != NULL && file != df)
		file = file->parent;
	return file != NULL;
}

static size_t cost(const struct flex_header *header)
{
	if (header->kind == FLEX_DF)
		return FLEX_DF_COST;
	return FLEX_EF_COST + (header->size + FLEX_WORD - 1u) / FLEX_WORD * FLEX_WORD;
}

static size_t used(const struct flex_file *df)
{
	size_t n = 0;

	for (const struct flex_file *f = next_below(df, df); f != NULL; f = next_below(f, df))
		n += cost(&f->header);
	return n;
}

size_t flex_tree_room(const struct flex_tree *tree, const struct flex_file *df)
{
	size_t room = SIZE_MAX;

	for (; df != NULL; df = df->parent) {
		size_t limit = df->parent != NULL ? df->header.size : tree->memory;
		size_t taken = used(df);
		size_t left = limit > taken ? limit - taken : 0;

		room = left < room ? left : room;
	}
	return room;
}

static size_t depth(const struct flex_file *df)
{
	size_t n = 0;

	for (; df != NULL; df = df->parent)
		n++;
	return n;
}

static bool records_fit(const struct flex_header *header, uint8_t n_records)
{
	switch (header->kind) {
	case FLEX_DF:
	case FLEX_TRANSPARENT:
		return n_records == 0;
	case FLEX_LINEAR_VARIABLE:
		return n_records <= header->size; /* each begins empty, with its length */
	case FLEX_LINEAR_FIXED:
	case FLEX_CYCLIC:
		return header->record_size > 0 &&
		    (size_t)n_records * header->record_size <= header->size;
	}
	return false;
}

/* Makes the file the last one in the DF. */
static void append(struct flex_file *df, struct flex_file *file)
{
	struct flex_file **link = &df->first;

	while (*link != NULL)
		link = &(*link)->next;
	*link = file;
	file->parent = df;
}

enum sw flex_tree_add(struct flex_tree *tree, struct flex_file *parent,
    const struct flex_header *header, uint8_t n_records, struct flex_file **out)
{
	struct flex_file *file;

	if (header->fid == FLEX_MF || flex_tree_child(parent, header->fid) != NULL)
		return SW_FILE_EXISTS;
	if (!records_fit(header, n_records))
		return SW_WRONG_DATA;
	if (header->kind == FLEX_DF && depth(parent) >= FLEX_DEPTH_MAX)
		return SW_NOT_ENOUGH_MEMORY;
	if (cost(header) > flex_tree_room(tree, parent))
		return SW_NOT_ENOUGH_MEMORY;
	file = file_new(header);
	if (file == NULL)
		return SW_MEMORY_FAILURE;
	file->n_records = n_records;
	append(parent, file);
	*out = file;
	return SW_OK;
}

void flex_tree_delete(struct flex_file *file)
{
	struct flex_file **link = &file->parent->first;
	struct flex_tree part = { .mf = file };

	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	file->parent = NULL;
	flex_tree_done(&part);
}
