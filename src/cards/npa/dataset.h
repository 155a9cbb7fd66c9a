/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The holder's data: dataset files with a line Key=Value each, and the data groups of the eID application that they become
 * (BSI TR-03110-4, 2.2.3). */
#ifndef CARDS_NPA_DATASET_H
#define CARDS_NPA_DATASET_H

#include "base/writer.h"

#define DATASET_GROUPS 22       /* DG1 to DG22 */
#define DATASET_SIZE_MAX 65536  /* bytes of a file */
#define DATASET_VALUE_MAX 4096  /* of a value */
#define DATASET_GROUP_MAX 16384 /* of an encoded data group */

enum dataset_key {
	DATASET_DOCUMENT_TYPE,
	DATASET_ISSUING_STATE,
	DATASET_DATE_OF_EXPIRY,
	DATASET_GIVEN_NAMES,
	DATASET_FAMILY_NAMES,
	DATASET_ARTISTIC_NAME,
	DATASET_ACADEMIC_TITLE,
	DATASET_DATE_OF_BIRTH,
	DATASET_PLACE_OF_BIRTH,
	DATASET_NATIONALITY,
	DATASET_SEX,
	DATASET_DG12,
	DATASET_BIRTH_NAME,
	DATASET_DG14,
	DATASET_DG15,
	DATASET_DATE_OF_ISSUANCE,
	DATASET_DG16,
	DATASET_PLACE_OF_RESIDENCE, /* free text, in place of the next four */
	DATASET_STREET,
	DATASET_CITY,
	DATASET_COUNTRY,
	DATASET_ZIP,
	DATASET_COMMUNITY_ID,
	DATASET_RESIDENCE_PERMIT_1,
	DATASET_RESIDENCE_PERMIT_2,
	DATASET_DG21,
	DATASET_PHONE_NUMBER,
	DATASET_EMAIL_ADDRESS,
	DATASET_KEYS, /* how many there are */
};

struct dataset {
	struct {
		bool given; /* otherwise the card has no such data */
		struct bytes text;
	} values[DATASET_KEYS];
};

/* What the card holds when nothing is said: the data of Erika Mustermann. */
void dataset_init(struct dataset *dataset);

struct dataset_error {
	unsigned line;    /* from 1 on */
	struct bytes key; /* as it is there, a view into the text; empty: the line has none */
	const char *rule; /* what is wrong there, as in "a line is Key=Value" */
};

/* Reads a file into what is there already; values are views into text. Comments begin with #, blanks at either end of a value
 * belong to it, <NotOnChip> takes a value away. ERR_FORMAT: error says where; *dataset is then of no use. */
MUST_USE int dataset_parse(struct bytes text, struct dataset *dataset, struct dataset_error *error);

/* Appends data group n, from 1 on, whole. False: the card has none. */
MUST_USE bool dataset_put_group(const struct dataset *dataset, unsigned n, struct writer *out);

#endif
