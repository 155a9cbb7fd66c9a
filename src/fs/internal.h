/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder know of each other, and nobody else. */
#ifndef FS_INTERNAL_H
#define FS_INTERNAL_H

#include "fs/file.h"
#include "fs/fs.h"

struct record {
	uint8_t *data;
	size_t len;
};

/* A list of data objects, each tag once, in the order in which they came. */
struct object {
	struct object *next;
	uint32_t tag;
	size_t len;
	uint8_t data[];
};

struct file {
	struct fs *fs;
	struct file *parent, *first_child, *last_child, *next, *previous;
	enum file_kind kind;
	uint8_t descriptor;
	uint8_t data_coding;
	uint16_t fid;
	uint8_t sfi;
	uint8_t life_cycle;
	uint8_t name[FCP_DF_NAME_MAX];
	size_t name_len;
	size_t cost; /* bytes of the card's memory that the file takes, without its objects */
	uint8_t *attribute_data;
	struct bytes attributes[FILE_ATTRIBUTES]; /* views into that */

	/* FILE_TRANSPARENT: the bytes. FILE_RECORDS, FILE_OBJECTS: size is how many there can be. */
	uint8_t *data;
	size_t size;

	/* FILE_RECORDS: in the order of their numbers */
	struct record *records;
	size_t n_records, max_records;
	size_t record_size; /* of the longest one possible */
	size_t records_used;

	/* FILE_DF, FILE_OBJECTS */
	struct object *objects;
	size_t n_objects, objects_used;
	struct object *environments; /* FILE_DF: by number instead of tag */
};

/* Makes the contents of a new EF: in the logical erased state. ERR_NO_MEMORY. */
MUST_USE int transparent_create(struct file *file, size_t size);
void transparent_destroy(struct file *file);

/* ERR_LIMIT: the records would not fit into the file; ERR_NO_MEMORY. */
MUST_USE int records_create(struct file *file, const struct fs_parameters *parameters);
void records_destroy(struct file *file);

void objects_destroy(struct file *file);

/* Counts bytes of the card's memory. ERR_LIMIT: there are not as many left. */
MUST_USE int fs_take(struct fs *fs, size_t n);
void fs_give(struct fs *fs, size_t n);

/* Call with each change of a file of the tree. */
void fs_touch(struct fs *fs);

#endif
