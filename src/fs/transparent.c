/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transparent EFs. Commands of the standard leave their size as it was when they were created. */
#include "fs/transparent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "fs/coding.h"
#include "fs/internal.h"

int transparent_create(struct file *file, size_t size)
{
	if (size == 0)
		return 0;
	file->data = malloc(size);
	if (file->data == NULL)
		return ERR_NO_MEMORY;
	file->size = size;
	memset(file->data, coding_erased(file->data_coding), size);
	return 0;
}

void transparent_destroy(struct file *file)
{
	if (file->data != NULL)
		secret_wipe(file->data, file->size);
	free(file->data);
	file->data = NULL;
	file->size = 0;
}

size_t transparent_size(const struct file *file)
{
	return file->size;
}

enum sw transparent_read(const struct file *file, size_t offset, size_t n, struct bytes *out)
{
	assert(file->kind == FILE_TRANSPARENT);
	if (offset > 0 && offset >= file->size)
		return SW_WRONG_OFFSET;
	*out = bytes_first(bytes_after(bytes_of(file->data, file->size), offset), n);
	return SW_OK;
}

/* Whether n bytes can be changed at offset. */
static enum sw check_range(const struct file *file, size_t offset, size_t n)
{
	assert(file->kind == FILE_TRANSPARENT);
	if (offset > 0 && offset >= file->size)
		return SW_WRONG_OFFSET;
	if (n > file->size - offset)
		return SW_NOT_ENOUGH_MEMORY;
	return SW_OK;
}

enum sw transparent_update(struct file *file, size_t offset, struct bytes data)
{
	enum sw sw = check_range(file, offset, data.len);

	if (sw == SW_OK && data.len > 0) {
		memcpy(file->data + offset, data.data, data.len);
		fs_touch(file->fs);
	}
	return sw;
}

enum sw transparent_write(struct file *file, size_t offset, struct bytes data)
{
	enum sw sw = check_range(file, offset, data.len);

	if (sw != SW_OK || data.len == 0)
		return sw;
	if (!coding_write(file->data_coding, file->data + offset, data))
		return SW_CONDITIONS_NOT_SATISFIED;
	fs_touch(file->fs);
	return SW_OK;
}

enum sw transparent_erase(struct file *file, size_t offset, size_t end)
{
	assert(file->kind == FILE_TRANSPARENT);
	if (end > file->size || offset > end || (offset == end && file->size > 0))
		return SW_WRONG_OFFSET;
	if (end > offset) {
		memset(file->data + offset, coding_erased(file->data_coding), end - offset);
		fs_touch(file->fs);
	}
	return SW_OK;
}

/* Pays for the new size in advance, or gets back what is too much for it. */
static int pay(struct file *file, size_t size)
{
	int r = 0;

	if (size > file->size)
		r = fs_take(file->fs, size - file->size);
	else
		fs_give(file->fs, file->size - size);
	if (r == 0)
		file->cost = file->cost - file->size + size;
	return r;
}

int transparent_resize(struct file *file, size_t size)
{
	size_t kept = size < file->size ? size : file->size;
	uint8_t *data = malloc(size > 0 ? size : 1);
	int r;

	assert(file->kind == FILE_TRANSPARENT);
	if (data == NULL)
		return ERR_NO_MEMORY;
	r = pay(file, size);
	if (r < 0) {
		free(data);
		return r;
	}
	if (kept > 0)
		memcpy(data, file->data, kept);
	memset(data + kept, coding_erased(file->data_coding), size - kept);
	transparent_destroy(file);
	file->data = data;
	file->size = size;
	fs_touch(file->fs);
	return 0;
}

bool transparent_search(const struct file *file, size_t offset, struct bytes pattern, size_t *out)
{
	const uint8_t erased = coding_erased(file->data_coding);
	struct bytes wanted = pattern.len > 0 ? pattern : bytes_of(&erased, 1);
	struct bytes rest = bytes_after(bytes_of(file->data, file->size), offset);

	assert(file->kind == FILE_TRANSPARENT);
	for (; rest.len >= wanted.len; rest = bytes_after(rest, 1)) {
		if (!bytes_starts_with(rest, wanted))
			continue;
		*out = file->size - rest.len;
		return true;
	}
	return false;
}
