/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record EFs: linear of fixed or variable size, and cyclic (ISO/IEC 7816-4, 7.2.2 and 11.4). Records have
 * numbers from 1 on: in a linear EF in the order of their creation, in a cyclic one the newest is number 1.
 * What is refused is refused with the standard's status word, and has changed nothing. */
#ifndef FS_RECORDS_H
#define FS_RECORDS_H

#include "base/bytes.h"
#include "fs/file.h"
#include "iso7816/sw.h"

#define RECORDS_MAX 254 /* record numbers are 01 to FE */
#define RECORD_SIZE_MAX 65535

size_t records_count(const struct file *file);
size_t records_max(const struct file *file);      /* how many there can be */
size_t records_size_max(const struct file *file); /* bytes that a record can have */
bool records_are_cyclic(const struct file *file);
bool records_are_fixed(const struct file *file); /* all of the same size, as cyclic ones are too */
bool records_are_tlv(const struct file *file);   /* each is one SIMPLE-TLV data object */

/* A view, valid until the file changes. SW_RECORD_NOT_FOUND: there is no record with this number. */
MUST_USE enum sw records_read(const struct file *file, size_t number, struct bytes *out);

/* The identifier of a record in an EF with SIMPLE-TLV structure: its tag. 0: none. */
uint8_t records_identifier(const struct file *file, size_t number);

/* Replaces a whole record, and the bytes from offset on. SW_RECORD_NOT_FOUND; SW_WRONG_LENGTH: not the size
 * of all records, or more than a record's maximum; SW_NC_TLV: not one SIMPLE-TLV data object;
 * SW_NOT_ENOUGH_MEMORY: the file is full; SW_WRONG_OFFSET; SW_MEMORY_FAILURE. */
MUST_USE enum sw records_update(struct file *file, size_t number, struct bytes data);
MUST_USE enum sw records_update_part(
    struct file *file, size_t number, size_t offset, struct bytes data);

/* WRITE RECORD: does what the data coding byte says (fs/coding.h) to as many bytes as the record has; in a
 * record without bytes, which is the logical erased state of a variable one, data is written. Errors as
 * above; SW_CONDITIONS_NOT_SATISFIED: written once already. */
MUST_USE enum sw records_write(struct file *file, size_t number, struct bytes data);

/* Adds a record: the last of a linear EF, number 1 of a cyclic one, where it replaces the oldest if the EF
 * is full. Errors as of records_update(). */
MUST_USE enum sw records_append(struct file *file, struct bytes data);

/* Adds a record with the highest number, whatever its bytes say: for one that comes from where a whole card was
 * kept. ERR_LIMIT: too many, of the wrong size, or the file is full; ERR_NO_MEMORY. */
MUST_USE int records_restore(struct file *file, struct bytes data);

/* Puts a record into the logical erased state: fixed ones are filled, variable ones emptied. */
MUST_USE enum sw records_erase(struct file *file, size_t number);

#endif
