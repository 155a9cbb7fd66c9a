/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a Cryptoflex: their headers as CREATE FILE gives them, their contents, and the memory they
 * take. */
#ifndef CARDS_CRYPTOFLEX_TREE_H
#define CARDS_CRYPTOFLEX_TREE_H

#include "base/bytes.h"
#include "iso7816/sw.h"

#define FLEX_MF 0x3F00
#define FLEX_DEPTH_MAX 16 /* DFs inside each other, the MF included */

/* What a file takes besides its contents, which are rounded up to whole words. */
#define FLEX_EF_COST 16
#define FLEX_DF_COST 24
#define FLEX_WORD 4

enum flex_kind {
	FLEX_TRANSPARENT = 0x01,
	FLEX_LINEAR_FIXED = 0x02,
	FLEX_LINEAR_VARIABLE = 0x04,
	FLEX_CYCLIC = 0x06,
	FLEX_DF = 0x38
};

/* A file's header: the parameters of CREATE FILE. */
struct flex_header {
	enum flex_kind kind;
	uint16_t fid;
	uint16_t size;     /* of an EF's contents; of a DF: what the files in it may take in all */
	uint8_t flags;     /* bits 8 and 7: whether DECREASE and INCREASE are allowed */
	uint8_t access[3]; /* a condition in each half byte, in the order of enum flex_operation */
	uint8_t keys[3];   /* the numbers of the keys for those conditions */
	bool valid;        /* not invalidated */
	uint8_t record_size; /* of fixed and cyclic records */
};

struct flex_file {
	struct flex_header header;
	struct flex_file *parent; /* NULL: the MF */
	struct flex_file *first;  /* of the files in a DF, in the order of their creation */
	struct flex_file *next;   /* in the same DF */

	/* Of an EF: header.size bytes. Records lie one after the other; variable ones have their length, one
	 * byte, before them. */
	uint8_t *body;
	uint8_t n_records;

	/* Security state that a CHV or key file gives, until power-off, reset and LOGOUT AC. */
	bool verified;          /* a CHV file: the CHV was presented */
	uint16_t authenticated; /* a file of external keys: bit n for key n */
};

struct flex_tree {
	struct flex_file *mf;
	size_t memory; /* bytes that the files below the MF may take */
};

/* A card with an MF and nothing in it. ERR_NO_MEMORY. */
MUST_USE int flex_tree_init(struct flex_tree *tree, size_t memory, const struct flex_header *mf);
void flex_tree_done(struct flex_tree *tree);

/* A new file in parent, its contents filled with that byte; records, where there are any, exist up to
 * n_records. SW_FILE_EXISTS and so on; *out is the file. */
MUST_USE enum sw flex_tree_add(struct flex_tree *tree, struct flex_file *parent,
    const struct flex_header *header, uint8_t n_records, struct flex_file **out);

/* Deletes a file below the MF, with all that is in it. */
void flex_tree_delete(struct flex_file *file);

/* The file in this DF; NULL: none. */
struct flex_file *flex_tree_child(const struct flex_file *df, uint16_t fid);

/* The next file of the whole tree: after the MF all others, a DF before what is in it. NULL: no more. */
struct flex_file *flex_tree_next(const struct flex_file *file);

bool flex_tree_is_below(const struct flex_file *file, const struct flex_file *df);

/* Bytes that new files in this DF may still take. */
size_t flex_tree_room(const struct flex_tree *tree, const struct flex_file *df);

#endif
