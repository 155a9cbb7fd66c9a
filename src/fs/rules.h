/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access rules of files (ISO/IEC 7816-4, 9.3.3): compact form (data object 8C), expanded form (AB), and
 * references to expanded ones in an EF.ARR (8B). A rule says for an operation which conditions must be
 * fulfilled. Several rules for one operation are alternatives.
 *
 * A file without any of these objects is free. In a file that has them, an operation that no rule covers
 * is never allowed. A condition that refers to what is not there is not fulfilled; malformed rules allow
 * nothing.
 */
#ifndef FS_RULES_H
#define FS_RULES_H

#include "base/bytes.h"
#include "fs/file.h"
#include "iso7816/fcp.h"

#define RULES_FID_ARR 0x2F06 /* EF.ARR of a reference that names no file ... */
#define RULES_FID_ARR_DF                                                                           \
	0x6F06 /* ... in the file's DF or the nearest above it, by either identifier */

/* Access mode byte (7816-4, tables 16 and 17): bits 7 to 1. */
enum rules_mode {
	RULES_NOT_BY_MODE = 0, /* an operation that the byte has no bit for */

	RULES_EF_READ = 0x01,   /* READ, SEARCH, COMPARE, GET DATA */
	RULES_EF_UPDATE = 0x02, /* UPDATE, ERASE, PUT DATA */
	RULES_EF_WRITE = 0x04,  /* WRITE, APPEND */

	RULES_DF_DELETE_CHILD = 0x01,
	RULES_DF_CREATE_EF = 0x02,
	RULES_DF_CREATE_DF = 0x04,

	RULES_DEACTIVATE = 0x08,
	RULES_ACTIVATE = 0x10,
	RULES_TERMINATE = 0x20,
	RULES_DELETE_SELF = 0x40,
};

/* What a condition asks for. */
enum rules_credential { RULES_PASSWORD, RULES_KEY };

#define RULES_ANY_REFERENCE (-1)

enum rules_protection {
	RULES_COMMAND_CHECKSUM = 1,
	RULES_COMMAND_CIPHER = 2,
	RULES_RESPONSE_CHECKSUM = 4,
	RULES_RESPONSE_CIPHER = 8,
};

/* One who knows what has been proved and how the command came. */
struct rules_judge {
	void *self;

	/* Whether the password or key with this reference, as seen from the file's DF df, or
	 * (RULES_ANY_REFERENCE) whether any, has been proved. */
	bool (*proved)(
	    void *self, const struct file *df, enum rules_credential credential, int reference);

	/* Whether the command has, and its response will have, all this protection (enum rules_protection). */
	bool (*protected)(void *self, unsigned protection);
};

struct rules_request {
	enum rules_mode mode;
	uint8_t cla, ins, p1, p2;
	uint8_t environment; /* number of the current security environment */
	bool
	    free_if_not_covered; /* allowed, other than usual, if no rule is about this operation */
};

/* Whether the file has rules of its own. */
bool rules_exist(const struct file *file);

bool rules_allow(
    const struct file *file, const struct rules_request *request, const struct rules_judge *judge);

/* Whether the rules that a file is to have are well formed. */
bool rules_are_valid(const struct fcp *fcp);

/* Each form alone: for a record of an EF.ARR, and for tests. */
bool rules_compact_are_valid(struct bytes value);
bool rules_expanded_are_valid(struct bytes value);

#endif
