/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dataset files and data groups (BSI TR-03110-4, 2.2.3.1). A row a key: which data group it is for, and how that is
 * encoded. */
#include "cards/npa/dataset.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "iso7816/tlv.h"
#include "pki/der.h"

#define TAG_GROUP(n) (0x60U + (n)) /* [APPLICATION n] */
#define TAG_FREE_TEXT 0xA1         /* GeneralPlace and Text */
#define NOT_ON_CHIP "<NotOnChip>"
#define GROUP_RESIDENCE 17
#define TEXT_DATE_MAX 8
#define HEX_MAX (DATASET_VALUE_MAX / 2)

_Static_assert(DATASET_VALUE_MAX == 4096, "said in a rule below");

enum encoding {
	ENCODING_PRINTABLE,
	ENCODING_DATE, /* YYYYMMDD, YYYYMM or YYYY: what is not known may also be blanks */
	ENCODING_UTF8,
	ENCODING_FREE_TEXT,
	ENCODING_OCTETS, /* hexadecimal digits */
	ENCODING_IA5,
	ENCODING_RAW,  /* the characters are the file's bytes */
	ENCODING_PART, /* of the place of residence */
};

/* clang-format off */
static const struct row {
	const char *key;
	uint8_t group;
	enum encoding encoding;
	uint8_t part_tag;            /* ENCODING_PART */
	uint8_t part_type;
	const char *value;           /* by default; NULL: none */
} rows[DATASET_KEYS] = {
	[DATASET_DOCUMENT_TYPE]      = { "DocumentType",          1, ENCODING_PRINTABLE, 0, 0, "ID" },
	[DATASET_ISSUING_STATE]      = { "IssuingState",          2, ENCODING_PRINTABLE, 0, 0, "D" },
	[DATASET_DATE_OF_EXPIRY]     = { "DateOfExpiry",          3, ENCODING_DATE,      0, 0, "20201031" },
	[DATASET_GIVEN_NAMES]        = { "GivenNames",            4, ENCODING_UTF8,      0, 0, "ERIKA" },
	[DATASET_FAMILY_NAMES]       = { "FamilyNames",           5, ENCODING_UTF8,      0, 0, "MUSTERMANN" },
	[DATASET_ARTISTIC_NAME]      = { "ReligiousArtisticName", 6, ENCODING_UTF8,      0, 0, "" },
	[DATASET_ACADEMIC_TITLE]     = { "AcademicTitle",         7, ENCODING_UTF8,      0, 0, "" },
	[DATASET_DATE_OF_BIRTH]      = { "DateOfBirth",           8, ENCODING_DATE,      0, 0, "19640812" },
	[DATASET_PLACE_OF_BIRTH]     = { "PlaceOfBirth",          9, ENCODING_FREE_TEXT, 0, 0, "BERLIN" },
	[DATASET_NATIONALITY]        = { "Nationality",          10, ENCODING_PRINTABLE, 0, 0, "DE" },
	[DATASET_SEX]                = { "Sex",                  11, ENCODING_PRINTABLE, 0, 0, "F" },
	[DATASET_DG12]               = { "dg12",                 12, ENCODING_RAW,       0, 0, NULL },
	[DATASET_BIRTH_NAME]         = { "BirthName",            13, ENCODING_UTF8,      0, 0, "Mein Geburtsname" },
	[DATASET_DG14]               = { "dg14",                 14, ENCODING_RAW,       0, 0, NULL },
	[DATASET_DG15]               = { "dg15",                 15, ENCODING_RAW,       0, 0, NULL },
	[DATASET_DATE_OF_ISSUANCE]   = { "DateOfIssuance",       15, ENCODING_DATE,      0, 0, NULL },
	[DATASET_DG16]               = { "dg16",                 16, ENCODING_RAW,       0, 0, NULL },
	[DATASET_PLACE_OF_RESIDENCE] = { "PlaceOfResidence",     17, ENCODING_FREE_TEXT, 0, 0, NULL },
	[DATASET_STREET]             = { "Street",  17, ENCODING_PART, 0xAA, DER_UTF8_STRING,      "HEIDESTRASSE 17" },
	[DATASET_CITY]               = { "City",    17, ENCODING_PART, 0xAB, DER_UTF8_STRING,      "KOLN" },
	[DATASET_COUNTRY]            = { "Country", 17, ENCODING_PART, 0xAD, DER_PRINTABLE_STRING, "D" },
	[DATASET_ZIP]                = { "ZIP",     17, ENCODING_PART, 0xAE, DER_PRINTABLE_STRING, "51147" },
	[DATASET_COMMUNITY_ID]       = { "CommunityID",          18, ENCODING_OCTETS,    0, 0, "02760378900276" },
	[DATASET_RESIDENCE_PERMIT_1] = { "ResidencePermit1",     19, ENCODING_FREE_TEXT, 0, 0, "ResidencePermit1 field up to 750 characters" },
	[DATASET_RESIDENCE_PERMIT_2] = { "ResidencePermit2",     20, ENCODING_FREE_TEXT, 0, 0, "ResidencePermit1 field up to 250 characters" },
	[DATASET_DG21]               = { "dg21",                 21, ENCODING_RAW,       0, 0, NULL },
	[DATASET_PHONE_NUMBER]       = { "PhoneNumber",          21, ENCODING_PRINTABLE, 0, 0, NULL },
	[DATASET_EMAIL_ADDRESS]      = { "EmailAddress",         22, ENCODING_IA5,       0, 0, NULL },
};
/* clang-format on */

static void set(struct dataset *dataset, size_t key, struct bytes text)
{
	dataset->values[key].given = true;
	dataset->values[key].text = text;
}

void dataset_init(struct dataset *dataset)
{
	memset(dataset, 0, sizeof *dataset);
	for (size_t i = 0; i < DATASET_KEYS; i++) {
		if (rows[i].value != NULL)
			set(dataset, i, bytes_of_string(rows[i].value));
	}
}

/* How many bytes follow the first one of a character; false: none begins so. */
static bool utf8_follow(uint8_t first, unsigned *n)
{
	if (first < 0x80)
		*n = 0;
	else if (first >= 0xC2 && first <= 0xDF)
		*n = 1;
	else if (first >= 0xE0 && first <= 0xEF)
		*n = 2;
	else if (first >= 0xF0 && first <= 0xF4)
		*n = 3;
	else
		return false;
	return true;
}

/* RFC 3629: neither more bytes than needed, nor surrogates, nor numbers above 10FFFF. */
static bool utf8_second_is_valid(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0;
	case 0xED:
		return second < 0xA0;
	case 0xF0:
		return second >= 0x90;
	case 0xF4:
		return second < 0x90;
	default:
		return true;
	}
}

static bool is_utf8(struct bytes text)
{
	uint8_t first, byte;
	unsigned n;

	while (bytes_take_u8(&text, &first)) {
		if (first == 0 || !utf8_follow(first, &n))
			return false;
		for (unsigned i = 0; i < n; i++) {
			if (!bytes_take_u8(&text, &byte) || (byte & 0xC0) != 0x80 ||
			    (i == 0 && !utf8_second_is_valid(first, byte)))
				return false;
		}
	}
	return true;
}

static bool all_of(struct bytes text, bool (*is)(uint8_t c))
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is(text.data[i]))
			return false;
	}
	return true;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_ascii(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

/* X.680, 41.4 */
static bool is_printable(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c != 0 && strchr(" '()+,-./:=?", c) != NULL);
}

static bool is_blank(uint8_t c)
{
	return c == ' ';
}

/* Two figures, from 01 to a largest number. */
static bool is_count(const uint8_t *figures, unsigned most)
{
	unsigned n = 10u * (figures[0] - '0') + (figures[1] - '0');

	return n >= 1 && n <= most;
}

static bool is_date(struct bytes text)
{
	static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	size_t digits = 0;

	while (digits < text.len && is_digit(text.data[digits]))
		digits++;
	if ((digits != 0 && digits != 4 && digits != 6 && digits != 8) ||
	    !all_of(bytes_after(text, digits), is_blank) ||
	    (text.len == digits ? digits == 0 : text.len != TEXT_DATE_MAX))
		return false;
	if (digits >= 6 && !is_count(text.data + 4, 12))
		return false;
	return digits < 8 ||
	    is_count(text.data + 6, days[10 * (text.data[4] - '0') + text.data[5] - '0' - 1]);
}

/* No control character of ASCII. */
static bool is_text(uint8_t c)
{
	return c >= ' ' && c != 0x7F;
}

/* NULL: the value is right. */
static const char *rule_of(const struct row *row, struct bytes text)
{
	enum encoding encoding = row->encoding;

	if (text.len > DATASET_VALUE_MAX)
		return "a value has at most 4096 bytes";
	if (encoding == ENCODING_PRINTABLE || row->part_type == DER_PRINTABLE_STRING)
		return all_of(text, is_printable)
		    ? NULL
		    : "letters, figures and ' ( ) + , - . / : = ? only";
	switch (encoding) {
	case ENCODING_DATE:
		return is_date(text) ? NULL
		                     : "a date is YYYYMMDD, YYYYMM or YYYY, of a day that there is";
	case ENCODING_OCTETS:
		return text.len % 2 == 0 && all_of(text, is_hex)
		    ? NULL
		    : "an even number of hexadecimal digits";
	case ENCODING_IA5:
		return all_of(text, is_ascii) ? NULL : "ASCII characters only";
	case ENCODING_PRINTABLE:
	case ENCODING_UTF8:
	case ENCODING_FREE_TEXT:
	case ENCODING_PART:
		return all_of(text, is_text) ? NULL : "no control characters";
	case ENCODING_RAW:
		break;
	}
	return NULL;
}

/* Up to the end of the line, which may be CR and LF. */
static struct bytes take_line(struct bytes *rest)
{
	struct bytes line = *rest;
	const uint8_t *end = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;

	if (end != NULL)
		line.len = (size_t)(end - rest->data);
	*rest = bytes_after(*rest, line.len + (end != NULL ? 1 : 0));
	while (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

static size_t find_key(struct bytes name)
{
	size_t key = 0;

	while (key < DATASET_KEYS && !bytes_equal(name, bytes_of_string(rows[key].key)))
		key++;
	return key;
}

/* Cuts at the first "=", in front of which blanks do not count. False: there is none. */
static bool split(struct bytes line, struct bytes *name, struct bytes *value)
{
	const uint8_t *equals = memchr(line.data, '=', line.len);

	if (equals == NULL)
		return false;
	*name = bytes_first(line, (size_t)(equals - line.data));
	*value = bytes_after(line, name->len + 1);
	while (name->len > 0 && is_blank(name->data[name->len - 1]))
		name->len--;
	return true;
}

/* Whether another line has had the data group of this key; the place of residence alone is for several. */
static bool has_group(size_t key, const bool seen[DATASET_KEYS])
{
	for (size_t i = 0; i < DATASET_KEYS; i++)
		if (seen[i] && rows[i].group == rows[key].group &&
		    rows[key].group != GROUP_RESIDENCE)
			return true;
	return false;
}

/* NULL: it is right. */
static const char *read_line(
    struct bytes line, struct dataset *dataset, bool seen[DATASET_KEYS], struct bytes *name)
{
	struct bytes value;
	const char *rule;
	size_t key;

	if (all_of(line, is_blank) || line.data[0] == '#')
		return is_utf8(line) ? NULL : "the file is not UTF-8";
	if (!is_utf8(line))
		return "the file is not UTF-8";
	if (!split(line, name, &value))
		return "a line is Key=Value, or begins with #";
	key = find_key(*name);
	if (key == DATASET_KEYS)
		return "there is no such key; vicc(1) has the list";
	if (seen[key])
		return "the key was there before";
	if (has_group(key, seen))
		return "another key for the same data group was there before";
	seen[key] = true;
	if (bytes_equal(value, bytes_of_string(NOT_ON_CHIP))) {
		dataset->values[key].given = false;
		return NULL;
	}
	rule = rule_of(&rows[key], value);
	set(dataset, key, value);
	return rule;
}

/* Without the place of residence there are no parts of it, and one that is text has none. */
static void settle_residence(struct dataset *dataset, const bool seen[DATASET_KEYS])
{
	if (!seen[DATASET_PLACE_OF_RESIDENCE])
		return;
	for (size_t key = DATASET_STREET; key <= DATASET_ZIP; key++)
		dataset->values[key].given = false;
}

int dataset_parse(struct bytes text, struct dataset *dataset, struct dataset_error *error)
{
	static const uint8_t mark[] = { 0xEF, 0xBB, 0xBF };
	bool seen[DATASET_KEYS] = { false };

	*error = (struct dataset_error){ .line = 1, .rule = "the file is too large" };
	if (text.len > DATASET_SIZE_MAX)
		return ERR_FORMAT;
	if (bytes_starts_with(text, BYTES_OF_ARRAY(mark)))
		text = bytes_after(text, sizeof mark);
	for (; text.len > 0; error->line++) {
		error->key = bytes_of(NULL, 0);
		error->rule = read_line(take_line(&text), dataset, seen, &error->key);
		if (error->rule != NULL)
			return ERR_FORMAT;
	}
	settle_residence(dataset, seen);
	return 0;
}

static void put_octets(struct bytes digits, struct writer *out)
{
	uint8_t memory[HEX_MAX];
	char text[DATASET_VALUE_MAX + 1];
	struct writer w;

	assert(digits.len <= DATASET_VALUE_MAX);
	if (digits.len > 0)
		memcpy(text, digits.data, digits.len);
	text[digits.len] = '\0';
	writer_init(&w, memory, sizeof memory);
	if (!hex_decode(text, &w))
		writer_fail(out);
	tlv_put(out, DER_OCTET_STRING, writer_bytes(&w));
}

/* Eight characters: what is not known is blank. */
static void put_date(struct bytes text, struct writer *out)
{
	uint8_t date[TEXT_DATE_MAX];

	memset(date, ' ', sizeof date);
	memcpy(date, text.data, text.len);
	tlv_put(out, DER_NUMERIC_STRING, BYTES_OF_ARRAY(date));
}

static void put_value(const struct row *row, struct bytes text, struct writer *out)
{
	switch (row->encoding) {
	case ENCODING_PRINTABLE:
		tlv_put(out, DER_PRINTABLE_STRING, text);
		break;
	case ENCODING_DATE:
		put_date(text, out);
		break;
	case ENCODING_UTF8:
		tlv_put(out, DER_UTF8_STRING, text);
		break;
	case ENCODING_FREE_TEXT:
		tlv_open(out, TAG_FREE_TEXT);
		tlv_put(out, DER_UTF8_STRING, text);
		tlv_close(out);
		break;
	case ENCODING_OCTETS:
		put_octets(text, out);
		break;
	case ENCODING_IA5:
		tlv_put(out, DER_IA5_STRING, text);
		break;
	case ENCODING_RAW:
	case ENCODING_PART:
		break;
	}
}

static bool has_residence(const struct dataset *dataset)
{
	for (size_t key = DATASET_STREET; key <= DATASET_ZIP; key++) {
		if (dataset->values[key].given)
			return true;
	}
	return false;
}

/* A structured place. */
static void put_residence(const struct dataset *dataset, struct writer *out)
{
	tlv_open(out, DER_SEQUENCE);
	for (size_t key = DATASET_STREET; key <= DATASET_ZIP; key++) {
		if (!dataset->values[key].given)
			continue;
		tlv_open(out, rows[key].part_tag);
		tlv_put(out, rows[key].part_type, dataset->values[key].text);
		tlv_close(out);
	}
	tlv_close(out);
}

/* The value that a data group consists of; DATASET_KEYS: none. */
static size_t find_group(const struct dataset *dataset, unsigned n)
{
	size_t key = 0;

	while (key < DATASET_KEYS &&
	    (rows[key].group != n || rows[key].encoding == ENCODING_PART ||
	        !dataset->values[key].given))
		key++;
	return key;
}

bool dataset_put_group(const struct dataset *dataset, unsigned n, struct writer *out)
{
	size_t key = find_group(dataset, n);
	bool parts = key == DATASET_KEYS && n == GROUP_RESIDENCE && has_residence(dataset);

	if (key == DATASET_KEYS && !parts)
		return false;
	if (!parts && rows[key].encoding == ENCODING_RAW) {
		writer_put(out, dataset->values[key].text);
		return true;
	}
	tlv_open(out, TAG_GROUP(n));
	if (parts)
		put_residence(dataset, out);
	else
		put_value(&rows[key], dataset->values[key].text, out);
	tlv_close(out);
	return true;
}
