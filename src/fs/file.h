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

/* File descriptor byte (7816-4, table 12): bit 8 is 0, bit 7 says shareable, bits 6 to 4 the category
 * (000 working EF, 001 internal EF, 111 DF or EF with TLV structure), bits 3 to 1 the structure of an EF. */
#define FILE_DESCRIPTOR_CATEGORY 0x38
#define FILE_DESCRIPTOR_STRUCTURE 0x07

struct file;

enum file_kind {
	FILE_DF,
	FILE_TRANSPARENT, /* fs/transparent.h */
	FILE_RECORDS,     /* linear and cyclic: fs/records.h */
	FILE_OBJECTS,     /* BER-TLV data objects: fs/objects.h */
};

/* Control parameters that are kept as they were given (7816-4, table 10). */
enum file_attribute {
	FILE_SECURITY_REFERENCE,    /* 8B */
	FILE_SECURITY_COMPACT,      /* 8C */
	FILE_SECURITY_EXPANDED,     /* AB */
	FILE_SECURITY_PROPRIETARY,  /* 86 */
	FILE_SECURITY_ENVIRONMENTS, /* 8D: identifier of the EF that has them */
	FILE_PROPRIETARY,           /* 85 */
	FILE_PROPRIETARY_TLV,       /* A5 */
};

#define FILE_ATTRIBUTES 7

/* The kind that a file descriptor byte stands for (7816-4, table 12). False: a kind that is not
 * supported, or none. */
MUST_USE bool file_kind_of(uint8_t descriptor, enum file_kind *out);

enum file_kind file_kind(const struct file *file);
bool file_is_df(const struct file *file);
uint16_t file_fid(const struct file *file);
uint8_t file_sfi(const struct file *file); /* 0: none */
uint8_t file_descriptor(const struct file *file);
uint8_t file_data_coding(const struct file *file); /* EF */
size_t file_size(const struct file *file);         /* EF: bytes of data that it can hold */
struct bytes file_name(const struct file *file);   /* a DF's name; empty: none */
struct file *file_parent(const struct file *file); /* NULL: the MF */

/* The files directly below a DF, in the order of their creation. NULL: no more. */
struct file *file_first_child(const struct file *df);
struct file *file_next(const struct file *file);

/* A view that lives as long as the file; empty: there is none. */
struct bytes file_attribute(const struct file *file, enum file_attribute which);

/* Life cycle status byte (7816-4, table 13): of the file itself, whatever the DFs above it are. */
uint8_t file_life_cycle(const struct file *file);
void file_set_life_cycle(struct file *file, uint8_t life_cycle);
bool life_cycle_is_activated(uint8_t life_cycle);
bool life_cycle_is_deactivated(uint8_t life_cycle);
bool life_cycle_is_terminated(uint8_t life_cycle);

/* File identifiers that no created file may have: the MF's, 3FFF, FFFF and 0000 (7816-4, 7.2.2.1). */
bool file_fid_is_reserved(uint16_t fid);

/* The file's control parameters; views live as long as the file. */
void file_fcp(const struct file *file, struct fcp *out);

#endif
