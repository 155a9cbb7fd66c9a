/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Cryptoflex described for people: its files, who may do what with them, and what they hold of CHVs and keys,
 * but for the secrets. */
#include "base/compiler.h"
#include "cards/cryptoflex/cryptoflex.h"

#define INDENT 4
#define HALF_BYTES 6

static const char *const conditions[16] = { "always", "CHV1", "CHV2", "protected", "key", NULL,
	"CHV1 and protected", "CHV2 and protected", "CHV1 and key", "CHV2 and key" };

/* Of the half bytes, in their order; NULL: means nothing there. */
static const char *const names_records[HALF_BYTES] = { "read", "update", "increase",
	"create record", "rehabilitate", "invalidate" };
static const char *const names_transparent[HALF_BYTES] = { "read", "update", NULL, NULL,
	"rehabilitate", "invalidate" };
static const char *const names_df[HALF_BYTES] = { "list", NULL, "delete", "create", NULL, NULL };

static const char *kind_word(enum flex_kind kind)
{
	switch (kind) {
	case FLEX_TRANSPARENT:
		return "transparent";
	case FLEX_LINEAR_FIXED:
		return "linear fixed";
	case FLEX_LINEAR_VARIABLE:
		return "linear variable";
	case FLEX_CYCLIC:
		return "cyclic";
	case FLEX_DF:
		return "DF";
	}
	return "?";
}

static unsigned half_byte(const uint8_t bytes[3], unsigned i)
{
	return bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0x0F;
}

static void put_conditions(const struct flex_header *header, int indent, FILE *to)
{
	const char *const *names = header->kind == FLEX_DF ? names_df
	    : header->kind == FLEX_TRANSPARENT             ? names_transparent
	                                                   : names_records;
	const char *comma = "";

	(void)fprintf(to, "%*srule: ", indent, "");
	for (unsigned i = 0; i < HALF_BYTES; i++) {
		unsigned condition = half_byte(header->access, i);
		const char *word = conditions[condition];

		if (names[i] == NULL)
			continue;
		(void)fprintf(to, "%s%s %s", comma, names[i], word != NULL ? word : "never");
		/* 3, 4 and 6 to 9 want a key. */
		if (word != NULL && condition >= 3)
			(void)fprintf(to, " %u", half_byte(header->keys, i));
		comma = ", ";
	}
	(void)fprintf(to, "\n");
}

static void put_chv(const struct flex_file *file, int indent, FILE *to)
{
	uint8_t tries, unblock_tries;

	if (file->header.fid != FLEX_FID_CHV1 && file->header.fid != FLEX_FID_CHV2)
		return;
	if (flex_chv_tries(file, &tries, &unblock_tries))
		(void)fprintf(to, "%*sCHV%d: %u tries left, %u to unblock it\n", indent, "",
		    file->header.fid == FLEX_FID_CHV1 ? 1 : 2, tries, unblock_tries);
}

static void put_keys(const struct flex_file *file, int indent, FILE *to)
{
	uint8_t tries;

	if (file->header.fid != FLEX_FID_EXTERNAL_KEYS &&
	    file->header.fid != FLEX_FID_INTERNAL_KEYS)
		return;
	for (unsigned n = 0; flex_key_tries(file, n, &tries); n++)
		(void)fprintf(to, "%*skey %u: %u tries left\n", indent, "", n, tries);
}

static void put_file(const struct flex_file *file, int indent, FILE *to)
{
	const struct flex_header *header = &file->header;

	(void)fprintf(to, "%*s%04X %s", indent, "", header->fid,
	    file->parent == NULL ? "MF" : kind_word(header->kind));
	if (file->parent != NULL)
		(void)fprintf(
		    to, header->kind == FLEX_DF ? ", up to %u bytes" : ", %u bytes", header->size);
	if (header->kind != FLEX_DF && header->kind != FLEX_TRANSPARENT)
		(void)fprintf(to, ", %u records", file->n_records);
	(void)fprintf(to, "%s\n", header->valid ? "" : ", invalidated");
	put_conditions(header, indent + INDENT, to);
	put_chv(file, indent + INDENT, to);
	put_keys(file, indent + INDENT, to);
}

void flex_describe(const struct card *card, const void *part, FILE *to)
{
	const struct flex_state *state = part;

	(void)fprintf(to, "Cryptoflex %s, %zu bytes, %zu of them free\n", state->model->name,
	    state->tree.memory, flex_tree_room(&state->tree, state->tree.mf));
	for (const struct flex_file *f = state->tree.mf; f != NULL; f = flex_tree_next(f)) {
		int depth = 0;

		for (const struct flex_file *up = f->parent; up != NULL; up = up->parent)
			depth++;
		put_file(f, depth * INDENT, to);
	}
}
