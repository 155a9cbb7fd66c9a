/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file tree of a card: MF, DFs, EFs (ISO/IEC 7816-4, 7.2; 7816-9, 7 for creation and deletion). */
#ifndef FS_FS_H
#define FS_FS_H

#include "base/bytes.h"
#include "fs/file.h"

#define FS_DEPTH_MAX 8               /* DFs below the MF, one in the other */
#define FS_MEMORY_DEFAULT (1u << 20) /* bytes that all files of a card take together */
#define FS_MEMORY_MAX (64u << 20)
#define FS_FILE_COST 32 /* taken from that for each file besides its contents */
#define FS_PATH_MAX                                                                                \
	(2 * (FS_DEPTH_MAX + 1)) /* bytes of a path to a file, without the MF's identifier */

struct fs;

/* A tree with nothing but an MF. ERR_LIMIT (memory above FS_MEMORY_MAX), ERR_NO_MEMORY. */
MUST_USE int fs_new(size_t memory, struct fs **out);
void fs_free(struct fs *fs);

struct file *fs_mf(const struct fs *fs);
size_t fs_memory(const struct fs *fs);
size_t fs_memory_left(const struct fs *fs);

/* A number that is another one after each change of anything in the tree. */
uint64_t fs_changes(const struct fs *fs);

struct fs_parameters {
	uint8_t descriptor;  /* of a kind that file_kind_of() knows */
	uint8_t data_coding; /* EF */
	uint16_t fid;
	uint8_t sfi;       /* EF: 0: none */
	struct bytes name; /* DF: at most FCP_DF_NAME_MAX bytes, copied; empty: none */
	uint8_t life_cycle;
	size_t size; /* EF: bytes of data that it can hold */

	/* EF with records */
	size_t
	    record_size; /* of the longest one; of each one in an EF with records of fixed size */
	size_t max_records; /* how many there can be, at most RECORDS_MAX */
	size_t n_records;   /* that are there at once, in the logical erased state */

	struct bytes attributes[FILE_ATTRIBUTES]; /* by enum file_attribute; copied */
};

/* Creates a file in df. ERR_EXISTS: a file in df has the identifier or short identifier; ERR_LIMIT: the
 * card's memory is used up, the tree would be too deep, or the records do not fit into the size;
 * ERR_UNSUPPORTED: of a kind that there is not; ERR_NO_MEMORY. The tree is then as before.
 * That the name is unused is the caller's to see to. */
MUST_USE int fs_create(
    struct fs *fs, struct file *df, const struct fs_parameters *parameters, struct file **out);

/* Deletes a file other than the MF, and all that is below it. */
void fs_delete(struct fs *fs, struct file *file);

/* Gives the MF what a created file has from the beginning: name, life cycle status and attributes; the
 * rest of parameters is not looked at. Errors as of fs_create(); the MF is then as before. */
MUST_USE int fs_set_mf(struct fs *fs, const struct fs_parameters *parameters);

/* How many DFs lie above file: 0 for the MF. */
unsigned fs_depth(const struct file *file);

/* Whether file is df or somewhere below it. */
bool fs_is_within(const struct file *file, const struct file *df);

/* The file directly below df with this identifier, or short identifier (an EF); NULL: none. */
struct file *fs_child(const struct file *df, uint16_t fid);
struct file *fs_child_by_sfi(const struct file *df, uint8_t sfi);

/* Follows a path of two-byte identifiers, each a child of the one before; an empty path is df itself.
 * NULL: there is no such file, or the path has an odd length. */
struct file *fs_by_path(struct file *df, struct bytes path);

/* Valued as bits 2 and 1 of P2 of SELECT. */
enum fs_occurrence { FS_FIRST, FS_LAST, FS_NEXT, FS_PREVIOUS };

/* Finds a DF by its name or by the beginning of its name, which must not be empty. The DFs of the card
 * are in a fixed order, a DF before those below it, older before younger. FS_FIRST prefers a DF with
 * exactly this name; FS_NEXT and FS_PREVIOUS search from current. NULL: none. */
struct file *fs_by_name(const struct fs *fs, struct bytes name, enum fs_occurrence occurrence,
    const struct file *current);

#endif
