/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transparent EFs. Their size is fixed when they are created. */
#include "fs/transparent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "fs/internal.h"

/* Data coding byte (7816-4, card capabilities, second software function table): what WRITE does. */
#define CODING_WRITE_MASK 0x60
#define CODING_WRITE_ONCE 0x00
#define CODING_WRITE_PROPRIETARY 0x20
#define CODING_WRITE_OR 0x40
#define CODING_WRITE_AND 0x60

/* A byte in the logical erased state: the one from which every value can be written. */
static uint8_t erased(const struct file *file)
{
	return (file->data_coding & CODING_WRITE_MASK) == CODING_WRITE_AND ? 0xFF : 0x00;
}

int transparent_create(struct file *file, size_t size)
{
	if (size == 0)
		return 0;
	file->data = malloc(size);
	if (file->data == NULL)
		return ERR_NO_MEMORY;
	file->size = size;
	memset(file->data, erased(file), size);
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

	if (sw == SW_OK && data.len > 0)
		memcpy(file->data + offset, data.data, data.len);
	return sw;
}

/* Whether all n bytes at offset are still in the erased state. */
static bool is_erased(const struct file *file, size_t offset, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (file->data[offset + i] != erased(file))
			return false;
	}
	return true;
}

enum sw transparent_write(struct file *file, size_t offset, struct bytes data)
{
	uint8_t coding = file->data_coding & CODING_WRITE_MASK;
	enum sw sw = check_range(file, offset, data.len);

	if (sw != SW_OK)
		return sw;
	if (coding == CODING_WRITE_ONCE && !is_erased(file, offset, data.len))
		return SW_CONDITIONS_NOT_SATISFIED;
	for (size_t i = 0; i < data.len; i++) {
		uint8_t *byte = &file->data[offset + i];

		if (coding == CODING_WRITE_AND)
			*byte &= data.data[i];
		else if (coding == CODING_WRITE_PROPRIETARY)
			*byte ^= data.data[i];
		else /* OR; and what is erased becomes the data */
			*byte |= data.data[i];
	}
	return SW_OK;
}

enum sw transparent_erase(struct file *file, size_t offset, size_t end)
{
	assert(file->kind == FILE_TRANSPARENT);
	if (end > file->size || offset > end || (offset == end && file->size > 0))
		return SW_WRONG_OFFSET;
	if (end > offset)
		memset(file->data + offset, erased(file), end - offset);
	return SW_OK;
}
