/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data objects by tag, in DFs and in EFs with BER-TLV structure (ISO/IEC 7816-4, 7.2.2 and 11.5), and the
 * security environments of DFs (9.3.4). */
#ifndef FS_OBJECTS_H
#define FS_OBJECTS_H

#include "base/bytes.h"
#include "fs/file.h"
#include "iso7816/tlv.h"

#define OBJECTS_MAX 1024   /* in one file */
#define ENVIRONMENT_MAX 14 /* numbers of security environments are 1 to this: SEID bytes 01 to 0E */

/* The value is a view, valid until the file's objects change. */
MUST_USE bool objects_find(const struct file *file, uint32_t tag, struct bytes *value);

/* Replaces the object with this tag, or adds one. ERR_LIMIT: no memory of the file (an EF) or of the card
 * (a DF), or too many objects; ERR_NO_MEMORY. Unchanged then. */
MUST_USE int objects_put(struct file *file, uint32_t tag, struct bytes value);

/* False: there is none. */
bool objects_remove(struct file *file, uint32_t tag);

/* All, in the order in which their tags came: index from 0. out->whole is empty. False: no more. */
MUST_USE bool objects_at(const struct file *file, size_t index, struct tlv *out);

/* The control reference templates of a DF's security environment, by its number. Errors as above. */
MUST_USE bool environment_find(const struct file *df, uint8_t number, struct bytes *value);
MUST_USE int environment_put(struct file *df, uint8_t number, struct bytes value);
bool environment_remove(struct file *df, uint8_t number);

#endif
