/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a card image: locked as long as it is open, replaced as a whole or not at all. */
#ifndef CARD_IMAGE_FILE_H
#define CARD_IMAGE_FILE_H

#include "base/buffer.h"

#define IMAGE_FILE_MAX (256u << 20)
#define IMAGE_ERROR_SIZE 1024

/* One line for people that says which file, where in it, and what would be right. */
struct image_error {
	char text[IMAGE_ERROR_SIZE];
};

void image_error_set(struct image_error *error, const char *format, ...) PRINTF_LIKE(2, 3);

struct image_file;

enum image_file_use {
	IMAGE_FILE_READ, /* others may read it too, but nobody may replace it */
	IMAGE_FILE_KEEP, /* it will be replaced: nobody else may have it open */
};

/* Opens an existing file, at the end of all symbolic links. ERR_NOT_FOUND; ERR_EXISTS: another card has it;
 * ERR_IO, ERR_FORMAT (not a regular file), ERR_NO_MEMORY. */
MUST_USE int image_file_open(
    const char *path, enum image_file_use use, struct image_file **out, struct image_error *error);

/* For a file that must not exist, and will not until the first image_file_write(). ERR_EXISTS, and as
 * above. */
MUST_USE int image_file_new(const char *path, struct image_file **out, struct image_error *error);

void image_file_close(struct image_file *file);

/* The path as it was given. */
const char *image_file_path(const struct image_file *file);

/* Everything that is in the file. ERR_LIMIT: more than IMAGE_FILE_MAX; ERR_IO, ERR_NO_MEMORY. */
MUST_USE int image_file_read(
    struct image_file *file, struct buffer *out, struct image_error *error);

/* Replaces the contents: at each instant, also when the power goes, the file has the old or the new ones.
 * 0: the new ones are on disk. ERR_IO, errno says why: most likely the old ones are still there. ERR_EXISTS:
 * a file has come where image_file_new() found none. */
MUST_USE int image_file_write(struct image_file *file, struct bytes contents);

#endif
