/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record EFs. The file's size bounds the bytes of all records together. */
#include "fs/records.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "fs/coding.h"
#include "fs/internal.h"

#define TLV_LONG 0xFF /* SIMPLE-TLV: two more bytes of length follow */

size_t records_count(const struct file *file)
{
	return file->n_records;
}

size_t records_max(const struct file *file)
{
	return file->max_records;
}

size_t records_size_max(const struct file *file)
{
	return file->record_size;
}

static uint8_t structure(const struct file *file)
{
	return file->descriptor & FILE_DESCRIPTOR_STRUCTURE;
}

bool records_are_cyclic(const struct file *file)
{
	return structure(file) == FCP_DESCRIPTOR_CYCLIC ||
	    structure(file) == FCP_DESCRIPTOR_CYCLIC_TLV;
}

bool records_are_fixed(const struct file *file)
{
	return structure(file) != FCP_DESCRIPTOR_LINEAR_VARIABLE &&
	    structure(file) != FCP_DESCRIPTOR_LINEAR_VARIABLE_TLV;
}

bool records_are_tlv(const struct file *file)
{
	return structure(file) == FCP_DESCRIPTOR_LINEAR_FIXED_TLV ||
	    structure(file) == FCP_DESCRIPTOR_LINEAR_VARIABLE_TLV ||
	    structure(file) == FCP_DESCRIPTOR_CYCLIC_TLV;
}

static struct record *find(const struct file *file, size_t number)
{
	assert(file->kind == FILE_RECORDS);
	return number >= 1 && number <= file->n_records ? &file->records[number - 1] : NULL;
}

enum sw records_read(const struct file *file, size_t number, struct bytes *out)
{
	const struct record *record = find(file, number);

	if (record == NULL)
		return SW_RECORD_NOT_FOUND;
	*out = bytes_of(record->data, record->len);
	return SW_OK;
}

uint8_t records_identifier(const struct file *file, size_t number)
{
	const struct record *record = find(file, number);

	if (record == NULL || !records_are_tlv(file) || record->len == 0)
		return 0;
	return record->data[0] == 0xFF ? 0 : record->data[0];
}

/* A SIMPLE-TLV data object (7816-4, 6.2): a tag from 01 to FE, a length on one byte, or FF and two. */
static bool is_simple_tlv(struct bytes data)
{
	uint8_t tag, first;
	uint16_t len;

	if (!bytes_take_u8(&data, &tag) || !bytes_take_u8(&data, &first))
		return false;
	len = first;
	if (first == TLV_LONG && !bytes_take_u16(&data, &len))
		return false;
	return tag != 0x00 && tag != 0xFF && data.len == len;
}

/* Whether data can be a whole record that takes the place of old bytes. */
static enum sw check(const struct file *file, struct bytes data, size_t old)
{
	if (records_are_fixed(file) ? data.len != file->record_size : data.len > file->record_size)
		return SW_WRONG_LENGTH;
	if (records_are_tlv(file) && !is_simple_tlv(data))
		return SW_NC_TLV;
	return data.len > file->size - (file->records_used - old) ? SW_NOT_ENOUGH_MEMORY : SW_OK;
}

static void record_clear(struct record *record)
{
	if (record->data != NULL)
		secret_wipe(record->data, record->len);
	free(record->data);
	*record = (struct record){ 0 };
}

/* A copy of data. */
static bool record_make(struct bytes data, struct record *out)
{
	uint8_t *copy = malloc(data.len > 0 ? data.len : 1);

	if (copy == NULL)
		return false;
	if (data.len > 0)
		memcpy(copy, data.data, data.len);
	*out = (struct record){ copy, data.len };
	return true;
}

static enum sw replace(struct file *file, struct record *record, struct bytes data)
{
	struct record new;

	if (!record_make(data, &new))
		return SW_MEMORY_FAILURE;
	file->records_used = file->records_used - record->len + new.len;
	record_clear(record);
	*record = new;
	fs_touch(file->fs);
	return SW_OK;
}

enum sw records_update(struct file *file, size_t number, struct bytes data)
{
	struct record *record = find(file, number);
	enum sw sw;

	if (record == NULL)
		return SW_RECORD_NOT_FOUND;
	sw = check(file, data, record->len);
	return sw == SW_OK ? replace(file, record, data) : sw;
}

/* Other than a whole record, a part is not looked at as a data object. */
enum sw records_update_part(struct file *file, size_t number, size_t offset, struct bytes data)
{
	struct record *record = find(file, number);

	if (record == NULL)
		return SW_RECORD_NOT_FOUND;
	if (offset >= record->len)
		return SW_WRONG_OFFSET;
	if (data.len > record->len - offset)
		return SW_NOT_ENOUGH_MEMORY;
	if (data.len > 0)
		memcpy(record->data + offset, data.data, data.len);
	fs_touch(file->fs);
	return SW_OK;
}

enum sw records_write(struct file *file, size_t number, struct bytes data)
{
	struct record *record = find(file, number);

	if (record == NULL)
		return SW_RECORD_NOT_FOUND;
	if (record->len == 0)
		return records_update(file, number, data);
	if (data.len != record->len)
		return SW_WRONG_LENGTH;
	if (!coding_write(file->data_coding, record->data, data))
		return SW_CONDITIONS_NOT_SATISFIED;
	fs_touch(file->fs);
	return SW_OK;
}

/* Makes room for one more at the front or at the end; in a full cyclic EF the oldest goes. */
static struct record *open_place(struct file *file)
{
	struct record *first = file->records;

	if (!records_are_cyclic(file))
		return &file->records[file->n_records++];
	if (file->n_records == file->max_records) {
		file->records_used -= first[file->n_records - 1].len;
		record_clear(&first[--file->n_records]);
	}
	memmove(first + 1, first, file->n_records * sizeof *first);
	file->n_records++;
	return first;
}

enum sw records_append(struct file *file, struct bytes data)
{
	bool full = file->n_records == file->max_records;
	struct record new;
	size_t old;
	enum sw sw;

	assert(file->kind == FILE_RECORDS);
	if (full && (!records_are_cyclic(file) || file->max_records == 0))
		return SW_NOT_ENOUGH_MEMORY;
	old = full ? file->records[file->n_records - 1].len : 0;
	sw = check(file, data, old);
	if (sw != SW_OK)
		return sw;
	if (!record_make(data, &new))
		return SW_MEMORY_FAILURE;
	*open_place(file) = new;
	file->records_used += new.len;
	fs_touch(file->fs);
	return SW_OK;
}

int records_restore(struct file *file, struct bytes data)
{
	struct record new;

	assert(file->kind == FILE_RECORDS);
	if (file->n_records == file->max_records || data.len > file->record_size ||
	    data.len > file->size - file->records_used ||
	    (records_are_fixed(file) && data.len != file->record_size))
		return ERR_LIMIT;
	if (!record_make(data, &new))
		return ERR_NO_MEMORY;
	file->records[file->n_records++] = new;
	file->records_used += new.len;
	fs_touch(file->fs);
	return 0;
}

enum sw records_erase(struct file *file, size_t number)
{
	struct record *record = find(file, number);

	if (record == NULL)
		return SW_RECORD_NOT_FOUND;
	fs_touch(file->fs);
	if (records_are_fixed(file)) {
		memset(record->data, coding_erased(file->data_coding), record->len);
		return SW_OK;
	}
	file->records_used -= record->len;
	record_clear(record);
	return SW_OK;
}

/* Records that are there from the beginning, in the logical erased state. */
static int add_erased(struct file *file, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct record *record = &file->records[i];

		record->data = malloc(file->record_size > 0 ? file->record_size : 1);
		if (record->data == NULL)
			return ERR_NO_MEMORY;
		record->len = file->record_size;
		memset(record->data, coding_erased(file->data_coding), record->len);
		file->n_records++;
		file->records_used += record->len;
	}
	return 0;
}

int records_create(struct file *file, const struct fs_parameters *parameters)
{
	assert(parameters->max_records <= RECORDS_MAX);
	if (parameters->n_records > parameters->max_records ||
	    (parameters->record_size > 0 &&
	        parameters->n_records > parameters->size / parameters->record_size))
		return ERR_LIMIT;
	file->size = parameters->size;
	file->record_size = parameters->record_size;
	file->max_records = parameters->max_records;
	file->records = calloc(file->max_records + 1, sizeof *file->records);
	return file->records == NULL ? ERR_NO_MEMORY : add_erased(file, parameters->n_records);
}

void records_destroy(struct file *file)
{
	for (size_t i = 0; i < file->n_records; i++)
		record_clear(&file->records[i]);
	free(file->records);
	file->records = NULL;
	file->n_records = 0;
}
