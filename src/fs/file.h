/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file of a card, whatever its kind: what SELECT tells about it (ISO/IEC 7816-4, 7.2 and 7.4). */
#ifndef FS_FILE_H
#define FS_FILE_H

#include "base/bytes.h"
#include "iso7816/fcp.h"

#define FILE_FID_MF 0x3F00
#define FILE_FID_CURRENT 0x3FFF /* stands for the current DF in paths; no file has it */
#define FILE_SFI_MAX 30

struct file;

enum file_kind {
	FILE_DF,
	FILE_TRANSPARENT,
};

/* The kind that a file descriptor byte stands for (7816-4, table 12). False: a kind that is not
 * supported, or none. */
MUST_USE bool file_kind_of(uint8_t descriptor, enum file_kind *out);

enum file_kind file_kind(const struct file *file);
bool file_is_df(const struct file *file);
uint16_t file_fid(const struct file *file);
uint8_t file_sfi(const struct file *file);         /* 0: none */
struct bytes file_name(const struct file *file);   /* a DF's name; empty: none */
struct file *file_parent(const struct file *file); /* NULL: the MF */

/* File identifiers that no created file may have: the MF's, 3FFF, FFFF and 0000 (7816-4, 7.2.2.1). */
bool file_fid_is_reserved(uint16_t fid);

/* The file's control parameters; views live as long as the file. */
void file_fcp(const struct file *file, struct fcp *out);

#endif
