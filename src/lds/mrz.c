/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine readable zones (ICAO 9303-3, 4.9). Where each field is comes from a table a format (9303-4, 4.2; 9303-5, 4.2;
 * 9303-6, 4.2); all else is alike. A document number of more than nine characters goes on in the optional data, with its check
 * digit behind it and a filler in the digit's usual place (9303-5, note j; 9303-6, note j). */
#include "lds/mrz.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"

#define FILLER '<'
#define UNKNOWN '?'
#define LINES_MAX 3
#define RANGES_MAX 4
#define NUMBER_FIELD 9

/* Columns as people count them, from 1; line 0: there is no such field. */
struct place {
	uint8_t line, column, len;
};

struct format {
	size_t lines, columns;
	struct place fields[MRZ_FIELDS];
	struct place composite[RANGES_MAX]; /* what the composite check digit is of */
};

static const struct format formats[MRZ_FORMATS] = {
	[MRZ_TD1] = {
	    3, 30,
	    {
	        [MRZ_DOCUMENT_CODE] = { 1, 1, 2 },
	        [MRZ_ISSUER] = { 1, 3, 3 },
	        [MRZ_NUMBER] = { 1, 6, NUMBER_FIELD },
	        [MRZ_NUMBER_DIGIT] = { 1, 15, 1 },
	        [MRZ_OPTIONAL] = { 1, 16, 15 },
	        [MRZ_BIRTH] = { 2, 1, 6 },
	        [MRZ_BIRTH_DIGIT] = { 2, 7, 1 },
	        [MRZ_SEX] = { 2, 8, 1 },
	        [MRZ_EXPIRY] = { 2, 9, 6 },
	        [MRZ_EXPIRY_DIGIT] = { 2, 15, 1 },
	        [MRZ_NATIONALITY] = { 2, 16, 3 },
	        [MRZ_OPTIONAL_2] = { 2, 19, 11 },
	        [MRZ_COMPOSITE_DIGIT] = { 2, 30, 1 },
	        [MRZ_NAME] = { 3, 1, 30 },
	    },
	    { { 1, 6, 25 }, { 2, 1, 7 }, { 2, 9, 7 }, { 2, 19, 11 } },
	},
	[MRZ_TD2] = {
	    2, 36,
	    {
	        [MRZ_DOCUMENT_CODE] = { 1, 1, 2 },
	        [MRZ_ISSUER] = { 1, 3, 3 },
	        [MRZ_NAME] = { 1, 6, 31 },
	        [MRZ_NUMBER] = { 2, 1, NUMBER_FIELD },
	        [MRZ_NUMBER_DIGIT] = { 2, 10, 1 },
	        [MRZ_NATIONALITY] = { 2, 11, 3 },
	        [MRZ_BIRTH] = { 2, 14, 6 },
	        [MRZ_BIRTH_DIGIT] = { 2, 20, 1 },
	        [MRZ_SEX] = { 2, 21, 1 },
	        [MRZ_EXPIRY] = { 2, 22, 6 },
	        [MRZ_EXPIRY_DIGIT] = { 2, 28, 1 },
	        [MRZ_OPTIONAL] = { 2, 29, 7 },
	        [MRZ_COMPOSITE_DIGIT] = { 2, 36, 1 },
	    },
	    { { 2, 1, 10 }, { 2, 14, 7 }, { 2, 22, 14 } },
	},
	[MRZ_TD3] = {
	    2, 44,
	    {
	        [MRZ_DOCUMENT_CODE] = { 1, 1, 2 },
	        [MRZ_ISSUER] = { 1, 3, 3 },
	        [MRZ_NAME] = { 1, 6, 39 },
	        [MRZ_NUMBER] = { 2, 1, NUMBER_FIELD },
	        [MRZ_NUMBER_DIGIT] = { 2, 10, 1 },
	        [MRZ_NATIONALITY] = { 2, 11, 3 },
	        [MRZ_BIRTH] = { 2, 14, 6 },
	        [MRZ_BIRTH_DIGIT] = { 2, 20, 1 },
	        [MRZ_SEX] = { 2, 21, 1 },
	        [MRZ_EXPIRY] = { 2, 22, 6 },
	        [MRZ_EXPIRY_DIGIT] = { 2, 28, 1 },
	        [MRZ_OPTIONAL] = { 2, 29, 14 },
	        [MRZ_OPTIONAL_DIGIT] = { 2, 43, 1 },
	        [MRZ_COMPOSITE_DIGIT] = { 2, 44, 1 },
	    },
	    { { 2, 1, 10 }, { 2, 14, 7 }, { 2, 22, 22 } },
	},
};

static const char *const field_names[MRZ_FIELDS] = {
	[MRZ_DOCUMENT_CODE] = "document code",
	[MRZ_ISSUER] = "issuing state",
	[MRZ_NAME] = "name",
	[MRZ_NUMBER] = "document number",
	[MRZ_NUMBER_DIGIT] = "check digit of the document number",
	[MRZ_NATIONALITY] = "nationality",
	[MRZ_BIRTH] = "date of birth",
	[MRZ_BIRTH_DIGIT] = "check digit of the date of birth",
	[MRZ_SEX] = "sex",
	[MRZ_EXPIRY] = "date of expiry",
	[MRZ_EXPIRY_DIGIT] = "check digit of the date of expiry",
	[MRZ_OPTIONAL] = "optional data",
	[MRZ_OPTIONAL_DIGIT] = "check digit of the optional data",
	[MRZ_OPTIONAL_2] = "optional data",
	[MRZ_COMPOSITE_DIGIT] = "composite check digit",
};

const char *mrz_field_name(enum mrz_field field)
{
	return field_names[field];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

char mrz_check_digit(struct bytes in)
{
	static const unsigned weights[] = { 7, 3, 1 };
	unsigned sum = 0;

	for (size_t i = 0; i < in.len; i++) {
		char c = (char)in.data[i];
		unsigned value = is_digit(c) ? (unsigned)(c - '0')
		    : is_letter(c)           ? (unsigned)(c - 'A') + 10
		                             : 0;

		sum = (sum + value * weights[i % COUNT(weights)]) % 10;
	}
	return (char)('0' + sum);
}

/* Where a place begins in the text. */
static size_t offset_of(const struct format *format, const struct place *place)
{
	return (place->line - 1u) * format->columns + place->column - 1u;
}

static struct bytes at(const struct mrz *mrz, const struct place *place)
{
	const uint8_t *text = (const uint8_t *)mrz->text;

	return bytes_of(text + offset_of(&formats[mrz->format], place), place->len);
}

struct bytes mrz_text(const struct mrz *mrz)
{
	return bytes_of_string(mrz->text);
}

struct bytes mrz_field(const struct mrz *mrz, enum mrz_field field)
{
	const struct place *place = &formats[mrz->format].fields[field];

	return place->line == 0 ? bytes_first(mrz_text(mrz), 0) : at(mrz, place);
}

static int complain(char error[MRZ_ERROR_SIZE], const char *format, ...) PRINTF_LIKE(2, 3);

static int complain(char error[MRZ_ERROR_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(error, MRZ_ERROR_SIZE, format, args);
	va_end(args);
	return ERR_FORMAT;
}

/* A field breaks a rule at one of its characters, counted from 0. */
static int refuse(const struct mrz *mrz, enum mrz_field field, size_t character, const char *rule,
    char error[MRZ_ERROR_SIZE])
{
	const struct place *place = &formats[mrz->format].fields[field];

	return complain(error, "%s (line %u, column %u): %s", field_names[field], place->line,
	    place->column + (unsigned)character, rule);
}

/* The characters without what is between lines, and the format that has so many. */
static int gather(struct bytes in, struct mrz *mrz, char *error)
{
	size_t n = 0;

	if (in.len > MRZ_TEXT_MAX)
		return complain(
		    error, "the zone is too long: it has at most %d characters", MRZ_SIZE_MAX);
	for (size_t i = 0; i < in.len; i++) {
		char c = (char)in.data[i];

		if (c == '\r' || c == '\n' || c == ' ' || c == '\t')
			continue;
		if (n < MRZ_SIZE_MAX)
			mrz->text[n] = c;
		n++;
	}
	for (size_t f = 0; f < MRZ_FORMATS; f++) {
		if (n != formats[f].lines * formats[f].columns)
			continue;
		mrz->format = (enum mrz_format)f;
		mrz->text[n] = '\0';
		return 0;
	}
	return complain(
	    error, "the zone has %zu characters: it must have 90 (TD1), 72 (TD2) or 88 (TD3)", n);
}

/* The characters that a zone may have, and the one more that stands for an unknown check digit. */
static int check_characters(const struct mrz *mrz, char *error)
{
	size_t columns = formats[mrz->format].columns;
	size_t n = formats[mrz->format].lines * columns;

	for (size_t i = 0; i < n; i++) {
		char c = mrz->text[i];

		if (!is_digit(c) && !is_letter(c) && c != FILLER && c != UNKNOWN)
			return complain(error,
			    "line %zu, column %zu: the characters are A to Z, 0 to 9 and <",
			    i / columns + 1, i % columns + 1);
	}
	return 0;
}

enum class { LETTERS, ANY };

/* At least one character that is no filler, in the first place, and of the class. */
static int check_text(const struct mrz *mrz, enum mrz_field field, enum class class, char *error)
{
	struct bytes value = mrz_field(mrz, field);

	if (value.data[0] == FILLER)
		return refuse(mrz, field, 0, "it must not begin with <", error);
	for (size_t i = 0; i < value.len; i++) {
		char c = (char)value.data[i];

		if (c == UNKNOWN)
			return refuse(mrz, field, i, "? stands for check digits alone", error);
		if (class == LETTERS && !is_letter(c) && c != FILLER)
			return refuse(mrz, field, i, "it has letters and < alone", error);
	}
	return 0;
}

/* Two figures as a number; both fillers: 0, and *known is false. False: anything else. */
static bool two_figures(struct bytes in, unsigned *out, bool *known)
{
	*known = in.data[0] != FILLER;
	*out = 0;
	if (!*known)
		return in.data[1] == FILLER;
	if (!is_digit((char)in.data[0]) || !is_digit((char)in.data[1]))
		return false;
	*out = (unsigned)(in.data[0] - '0') * 10 + (unsigned)(in.data[1] - '0');
	return true;
}

/* YYMMDD. Of a date of birth what is not known is fillers (9303-3, 4.8). */
static int check_date(const struct mrz *mrz, enum mrz_field field, bool may_lack, char *error)
{
	static const unsigned least[] = { 0, 1, 1 }, most[] = { 99, 12, 31 };
	static const char *const rules[] = { "the year is two figures", "the month is 01 to 12",
		"the day is 01 to 31" };
	struct bytes value = mrz_field(mrz, field);

	for (size_t i = 0; i < COUNT(rules); i++) {
		unsigned number;
		bool known;

		if (!two_figures(bytes_of(value.data + 2 * i, 2), &number, &known) ||
		    (!known && !may_lack) || (known && (number < least[i] || number > most[i])))
			return refuse(mrz, field, 2 * i, rules[i], error);
	}
	return 0;
}

static int check_optional(const struct mrz *mrz, enum mrz_field field, char *error)
{
	struct bytes value = mrz_field(mrz, field);

	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] == UNKNOWN)
			return refuse(mrz, field, i, "? stands for check digits alone", error);
	return 0;
}

/* Puts a check digit in place of ?, or holds it against what it must be. */
static int check_digit(
    struct mrz *mrz, enum mrz_field field, size_t offset, struct bytes of, char *error)
{
	size_t columns = formats[mrz->format].columns;
	char *digit = &mrz->text[offset];
	char right = mrz_check_digit(of);

	if (*digit == UNKNOWN)
		*digit = right;
	if (*digit == right)
		return 0;
	return complain(error, "%s (line %zu, column %zu): it is %c, but must be %c",
	    field_names[field], offset / columns + 1, offset % columns + 1, *digit, right);
}

static int check_digit_of(struct mrz *mrz, enum mrz_field field, enum mrz_field of, char *error)
{
	const struct format *format = &formats[mrz->format];

	return check_digit(
	    mrz, field, offset_of(format, &format->fields[field]), mrz_field(mrz, of), error);
}

/* The number in its nine characters, with its check digit in its place. */
static int check_short_number(struct mrz *mrz, char *error)
{
	int r = check_digit_of(mrz, MRZ_NUMBER_DIGIT, MRZ_NUMBER, error);

	if (r < 0)
		return r;
	(void)snprintf(mrz->number, sizeof mrz->number, "%.*s", NUMBER_FIELD,
	    (const char *)mrz_field(mrz, MRZ_NUMBER).data);
	mrz->number_digit = (char)mrz_field(mrz, MRZ_NUMBER_DIGIT).data[0];
	return 0;
}

/* The number that goes on in the optional data, up to the check digit before the first filler there. */
static int check_long_number(struct mrz *mrz, char *error)
{
	const struct format *format = &formats[mrz->format];
	struct bytes optional = mrz_field(mrz, MRZ_OPTIONAL);
	size_t begin = offset_of(format, &format->fields[MRZ_OPTIONAL]);
	size_t n = 0;
	int r;

	while (n < optional.len && optional.data[n] != FILLER)
		n++;
	if (n < 2 || n == optional.len)
		return refuse(mrz, MRZ_OPTIONAL, 0,
		    "behind a document number without check digit it must have the rest of the "
		    "number, "
		    "its check digit and <",
		    error);
	(void)snprintf(mrz->number, sizeof mrz->number, "%.*s%.*s", NUMBER_FIELD,
	    (const char *)mrz_field(mrz, MRZ_NUMBER).data, (int)(n - 1),
	    (const char *)optional.data);
	if (strchr(mrz->number, UNKNOWN) != NULL)
		return refuse(mrz, MRZ_OPTIONAL, 0, "? stands for check digits alone", error);
	r = check_digit(mrz, MRZ_NUMBER_DIGIT, begin + n - 1, bytes_of_string(mrz->number), error);
	if (r == 0)
		mrz->number_digit = mrz->text[begin + n - 1];
	return r;
}

/* In a passport the digit there never goes elsewhere (9303-4, 4.2.2). */
static int check_number(struct mrz *mrz, char *error)
{
	if (mrz->format != MRZ_TD3 && mrz_field(mrz, MRZ_NUMBER_DIGIT).data[0] == FILLER)
		return check_long_number(mrz, error);
	return check_short_number(mrz, error);
}

/* The digit of an empty field may be a filler (9303-4, 4.2.2). */
static int check_optional_digit(struct mrz *mrz, char *error)
{
	struct bytes value = mrz_field(mrz, MRZ_OPTIONAL);

	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] != FILLER)
			return check_digit_of(mrz, MRZ_OPTIONAL_DIGIT, MRZ_OPTIONAL, error);
	if (mrz_field(mrz, MRZ_OPTIONAL_DIGIT).data[0] == FILLER)
		return 0;
	return check_digit_of(mrz, MRZ_OPTIONAL_DIGIT, MRZ_OPTIONAL, error);
}

static int check_composite(struct mrz *mrz, char *error)
{
	const struct format *format = &formats[mrz->format];
	uint8_t memory[MRZ_SIZE_MAX];
	struct writer all;

	writer_init(&all, memory, sizeof memory);
	for (size_t i = 0; i < RANGES_MAX && format->composite[i].line != 0; i++)
		writer_put(&all, at(mrz, &format->composite[i]));
	return check_digit(mrz, MRZ_COMPOSITE_DIGIT,
	    offset_of(format, &format->fields[MRZ_COMPOSITE_DIGIT]), writer_bytes(&all), error);
}

static int check_sex(const struct mrz *mrz, char *error)
{
	char c = (char)mrz_field(mrz, MRZ_SEX).data[0];

	if (c == 'M' || c == 'F' || c == FILLER)
		return 0;
	return refuse(mrz, MRZ_SEX, 0, "it is M, F or <", error);
}

static int check_fields(const struct mrz *mrz, char *error)
{
	int r = check_text(mrz, MRZ_DOCUMENT_CODE, LETTERS, error);

	if (r == 0)
		r = check_text(mrz, MRZ_ISSUER, LETTERS, error);
	if (r == 0)
		r = check_text(mrz, MRZ_NAME, LETTERS, error);
	if (r == 0)
		r = check_text(mrz, MRZ_NUMBER, ANY, error);
	if (r == 0)
		r = check_date(mrz, MRZ_BIRTH, true, error);
	if (r == 0)
		r = check_sex(mrz, error);
	if (r == 0)
		r = check_date(mrz, MRZ_EXPIRY, false, error);
	if (r == 0)
		r = check_text(mrz, MRZ_NATIONALITY, LETTERS, error);
	if (r == 0 && mrz->format == MRZ_TD3)
		r = check_optional(mrz, MRZ_OPTIONAL, error);
	if (r == 0 && mrz->format == MRZ_TD1)
		r = check_optional(mrz, MRZ_OPTIONAL_2, error);
	return r;
}

/* Those of TD1 and TD2 may have the check digit of a long number, so it comes first. */
static int check_digits(struct mrz *mrz, char *error)
{
	int r = check_number(mrz, error);

	if (r == 0 && mrz->format != MRZ_TD3)
		r = check_optional(mrz, MRZ_OPTIONAL, error);
	if (r == 0)
		r = check_digit_of(mrz, MRZ_BIRTH_DIGIT, MRZ_BIRTH, error);
	if (r == 0)
		r = check_digit_of(mrz, MRZ_EXPIRY_DIGIT, MRZ_EXPIRY, error);
	if (r == 0 && mrz->format == MRZ_TD3)
		r = check_optional_digit(mrz, error);
	return r == 0 ? check_composite(mrz, error) : r;
}

int mrz_parse(struct bytes in, struct mrz *out, char error[MRZ_ERROR_SIZE])
{
	struct mrz mrz = { 0 };
	int r = gather(in, &mrz, error);

	if (r == 0)
		r = check_characters(&mrz, error);
	if (r == 0)
		r = check_fields(&mrz, error);
	if (r == 0)
		r = check_digits(&mrz, error);
	if (r == 0)
		*out = mrz;
	return r;
}

void mrz_put_information(const struct mrz *mrz, struct writer *out)
{
	writer_put(out, bytes_of_string(mrz->number));
	writer_put_u8(out, (uint8_t)mrz->number_digit);
	writer_put(out, mrz_field(mrz, MRZ_BIRTH));
	writer_put(out, mrz_field(mrz, MRZ_BIRTH_DIGIT));
	writer_put(out, mrz_field(mrz, MRZ_EXPIRY));
	writer_put(out, mrz_field(mrz, MRZ_EXPIRY_DIGIT));
}
