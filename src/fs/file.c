/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SELECT tells about a file. */
#include "fs/file.h"

#include <string.h>

#include "fs/internal.h"

#define DESCRIPTOR_INTERNAL_EF 0x08

static enum file_kind kind_of_structure(uint8_t structure)
{
	return structure == FCP_DESCRIPTOR_TRANSPARENT ? FILE_TRANSPARENT : FILE_RECORDS;
}

bool file_kind_of(uint8_t descriptor, enum file_kind *out)
{
	uint8_t plain = descriptor & (uint8_t)~FCP_DESCRIPTOR_SHAREABLE;
	uint8_t category = plain & FILE_DESCRIPTOR_CATEGORY;
	uint8_t structure = plain & FILE_DESCRIPTOR_STRUCTURE;

	if ((descriptor & 0x80) != 0)
		return false;
	if (plain == FCP_DESCRIPTOR_DF || plain == FCP_DESCRIPTOR_BER_TLV) {
		*out = plain == FCP_DESCRIPTOR_DF ? FILE_DF : FILE_OBJECTS;
		return true;
	}
	if ((category != 0 && category != DESCRIPTOR_INTERNAL_EF) || structure == 0)
		return false;
	*out = kind_of_structure(structure);
	return true;
}

enum file_kind file_kind(const struct file *file)
{
	return file->kind;
}

bool file_is_df(const struct file *file)
{
	return file->kind == FILE_DF;
}

uint16_t file_fid(const struct file *file)
{
	return file->fid;
}

uint8_t file_sfi(const struct file *file)
{
	return file->sfi;
}

uint8_t file_descriptor(const struct file *file)
{
	return file->descriptor;
}

uint8_t file_data_coding(const struct file *file)
{
	return file->data_coding;
}

size_t file_size(const struct file *file)
{
	return file->size;
}

struct bytes file_name(const struct file *file)
{
	return bytes_of(file->name, file->name_len);
}

struct file *file_parent(const struct file *file)
{
	return file->parent;
}

struct file *file_first_child(const struct file *df)
{
	return df->first_child;
}

struct file *file_next(const struct file *file)
{
	return file->next;
}

struct bytes file_attribute(const struct file *file, enum file_attribute which)
{
	return file->attributes[which];
}

uint8_t file_life_cycle(const struct file *file)
{
	return file->life_cycle;
}

void file_set_life_cycle(struct file *file, uint8_t life_cycle)
{
	file->life_cycle = life_cycle;
	fs_touch(file->fs);
}

/* Operational states: 0000 01x1 activated, 0000 01x0 deactivated; 0000 11xx: terminated. */
bool life_cycle_is_activated(uint8_t life_cycle)
{
	return (life_cycle & 0xFD) == FCP_LIFE_CYCLE_ACTIVATED;
}

bool life_cycle_is_deactivated(uint8_t life_cycle)
{
	return (life_cycle & 0xFD) == FCP_LIFE_CYCLE_DEACTIVATED;
}

bool life_cycle_is_terminated(uint8_t life_cycle)
{
	return (life_cycle & 0xFC) == FCP_LIFE_CYCLE_TERMINATED;
}

bool file_fid_is_reserved(uint16_t fid)
{
	return fid == FILE_FID_MF || fid == FILE_FID_CURRENT || fid == 0xFFFF || fid == 0;
}

static void put_records(const struct file *file, struct fcp *out)
{
	out->has_record_size = true;
	out->record_size = (uint16_t)file->record_size;
	out->has_record_count = true;
	out->record_count = (uint16_t)file->n_records;
}

void file_fcp(const struct file *file, struct fcp *out)
{
	memset(out, 0, sizeof *out);
	out->has_fid = true;
	out->fid = file->fid;
	out->has_life_cycle = true;
	out->life_cycle = file->life_cycle;
	out->has_descriptor = true;
	out->descriptor = file->descriptor;
	out->df_name = file_name(file);
	out->security_reference = file->attributes[FILE_SECURITY_REFERENCE];
	out->security_compact = file->attributes[FILE_SECURITY_COMPACT];
	out->security_expanded = file->attributes[FILE_SECURITY_EXPANDED];
	out->security_proprietary = file->attributes[FILE_SECURITY_PROPRIETARY];
	out->security_environments = file->attributes[FILE_SECURITY_ENVIRONMENTS];
	out->proprietary = file->attributes[FILE_PROPRIETARY];
	out->proprietary_tlv = file->attributes[FILE_PROPRIETARY_TLV];
	if (file->kind == FILE_DF)
		return;
	out->has_data_coding = true;
	out->data_coding = file->data_coding;
	out->has_sfi = true;
	out->sfi = file->sfi;
	out->has_size = true;
	out->size = (uint32_t)file->size;
	out->has_total_size = true;
	out->total_size = (uint32_t)file->size;
	if (file->kind == FILE_RECORDS)
		put_records(file, out);
}
