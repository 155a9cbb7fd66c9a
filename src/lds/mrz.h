/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine readable zones of the three sizes (ICAO 9303-3, 4.9; 9303-4, 9303-5, 9303-6). */
#ifndef LDS_MRZ_H
#define LDS_MRZ_H

#include "base/writer.h"

#define MRZ_SIZE_MAX 90        /* characters, of size TD1 */
#define MRZ_TEXT_MAX 256       /* of what a person types, line ends included */
#define MRZ_NUMBER_MAX 22      /* of a long document number */
#define MRZ_INFORMATION_MAX 37 /* of mrz_put_information() */

enum mrz_format {
	MRZ_TD1, /* cards: 3 lines of 30 */
	MRZ_TD2, /* 2 lines of 36 */
	MRZ_TD3, /* passports: 2 lines of 44 */
	MRZ_FORMATS,
};

enum mrz_field {
	MRZ_DOCUMENT_CODE,
	MRZ_ISSUER,
	MRZ_NAME,
	MRZ_NUMBER, /* of the document: in its field of nine, whatever follows elsewhere */
	MRZ_NUMBER_DIGIT,
	MRZ_NATIONALITY,
	MRZ_BIRTH, /* YYMMDD; what is not known is < */
	MRZ_BIRTH_DIGIT,
	MRZ_SEX,
	MRZ_EXPIRY,
	MRZ_EXPIRY_DIGIT,
	MRZ_OPTIONAL,       /* in a passport the personal number */
	MRZ_OPTIONAL_DIGIT, /* TD3 */
	MRZ_OPTIONAL_2,     /* TD1: in the second line */
	MRZ_COMPOSITE_DIGIT,
	MRZ_FIELDS,
};

struct mrz {
	enum mrz_format format;
	char text[MRZ_SIZE_MAX + 1]; /* without line ends */
	char number[MRZ_NUMBER_MAX +
	    1]; /* the whole document number; a short one with its fillers, as it is hashed */
	char number_digit;
};

/* One line for people: field, place and rule. */
#define MRZ_ERROR_SIZE 160

/* Reads and checks a zone: 90, 72 or 88 characters, with or without line ends and blanks between lines. A check digit
 * given as ? is worked out. ERR_FORMAT: error says what is wrong, and *out is untouched. */
MUST_USE int mrz_parse(struct bytes in, struct mrz *out, char error[MRZ_ERROR_SIZE]);

/* The zone without line ends, and one of its fields; empty: the format has none. */
struct bytes mrz_text(const struct mrz *mrz);
struct bytes mrz_field(const struct mrz *mrz, enum mrz_field field);

/* "date of birth" */
const char *mrz_field_name(enum mrz_field field);

/* Appends what keys are made of (9303-11, 4.3.2): document number, dates of birth and expiry, each with its check digit. A long
 * number is whole. */
void mrz_put_information(const struct mrz *mrz, struct writer *out);

/* Weighs 7, 3, 1 and so on (9303-3, 4.9): '0' to '9'; characters other than those of a zone count as fillers. */
char mrz_check_digit(struct bytes in);

#endif
