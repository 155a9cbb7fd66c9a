/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder know of each other, and nobody else. */
#ifndef FS_INTERNAL_H
#define FS_INTERNAL_H

#include "fs/file.h"

struct file {
	struct file *parent, *first_child, *last_child, *next, *previous;
	enum file_kind kind;
	uint8_t descriptor;
	uint8_t data_coding;
	uint16_t fid;
	uint8_t sfi;
	uint8_t life_cycle;
	uint8_t name[FCP_DF_NAME_MAX];
	size_t name_len;
	size_t cost; /* bytes of the card's memory that the file takes */

	/* FILE_TRANSPARENT */
	uint8_t *data;
	size_t size;
};

/* Makes the contents of a new transparent EF: in the logical erased state. ERR_NO_MEMORY. */
MUST_USE int transparent_create(struct file *file, size_t size);
void transparent_destroy(struct file *file);

#endif
