/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SELECT tells about a file. */
#include "fs/file.h"

#include <string.h>

#include "fs/internal.h"

/* File descriptor byte (7816-4, table 12): bit 8 is 0, bit 7 says shareable, bits 6 to 4 the category
 * (000 working EF, 001 internal EF, 111 DF), bits 3 to 1 the structure of an EF. */
#define DESCRIPTOR_CATEGORY 0x38
#define DESCRIPTOR_INTERNAL_EF 0x08
#define DESCRIPTOR_STRUCTURE 0x07

bool file_kind_of(uint8_t descriptor, enum file_kind *out)
{
	uint8_t plain = descriptor & (uint8_t)~FCP_DESCRIPTOR_SHAREABLE;
	uint8_t category = plain & DESCRIPTOR_CATEGORY;

	if ((descriptor & 0x80) != 0)
		return false;
	if (plain == FCP_DESCRIPTOR_DF) {
		*out = FILE_DF;
		return true;
	}
	if (category != 0 && category != DESCRIPTOR_INTERNAL_EF)
		return false;
	if ((plain & DESCRIPTOR_STRUCTURE) != FCP_DESCRIPTOR_TRANSPARENT)
		return false;
	*out = FILE_TRANSPARENT;
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

struct bytes file_name(const struct file *file)
{
	return bytes_of(file->name, file->name_len);
}

struct file *file_parent(const struct file *file)
{
	return file->parent;
}

bool file_fid_is_reserved(uint16_t fid)
{
	return fid == FILE_FID_MF || fid == FILE_FID_CURRENT || fid == 0xFFFF || fid == 0;
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
}
