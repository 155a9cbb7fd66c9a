/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transparent EFs: a string of data units of one byte (ISO/IEC 7816-4, 7.2.2 and 11.3). What is refused
 * is refused with the standard's status word, and has changed nothing. */
#ifndef FS_TRANSPARENT_H
#define FS_TRANSPARENT_H

#include "base/bytes.h"
#include "fs/file.h"
#include "iso7816/sw.h"

size_t transparent_size(const struct file *file);

/* At most n bytes from offset on, fewer at the end of the file: a view, valid until the file changes.
 * SW_WRONG_OFFSET: offset outside the file (0 is inside even an empty one). */
MUST_USE enum sw transparent_read(
    const struct file *file, size_t offset, size_t n, struct bytes *out);

/* UPDATE BINARY: replaces. SW_WRONG_OFFSET, SW_NOT_ENOUGH_MEMORY (data runs past the end). */
MUST_USE enum sw transparent_update(struct file *file, size_t offset, struct bytes data);

/* WRITE BINARY: does what bits 7 and 6 of the data coding byte say (7816-4, card capabilities): once, proprietary
 * (exclusive OR, here), OR, AND. Errors as above; SW_CONDITIONS_NOT_SATISFIED: written once already. */
MUST_USE enum sw transparent_write(struct file *file, size_t offset, struct bytes data);

/* ERASE BINARY from offset up to, not including, end. SW_WRONG_OFFSET: either outside the file, or end not
 * behind offset; but all of an empty file can be erased. */
MUST_USE enum sw transparent_erase(struct file *file, size_t offset, size_t end);

/* Makes it as long as that: cuts, or appends data units in the logical erased state. ERR_LIMIT: the card's memory is used up;
 * ERR_NO_MEMORY; the file is then as before. */
MUST_USE int transparent_resize(struct file *file, size_t size);

/* Where, from offset on, pattern is first; an empty one stands for a data unit in the logical erased
 * state. False: nowhere. */
bool transparent_search(const struct file *file, size_t offset, struct bytes pattern, size_t *out);

#endif
