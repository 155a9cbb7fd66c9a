/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dataset files and the data groups that they become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cards/npa/dataset.h"
#include "cards/npa/internal.h"
#include "crypto/digest.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "pki/security_info.h"

static uint8_t memory[DATASET_GROUP_MAX];

/* Data group n of a file; "" for none. */
static void assert_group(const struct dataset *dataset, unsigned n, const char *hex)
{
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	if (dataset_put_group(dataset, n, &w)) {
		assert_true(writer_done(&w));
		assert_bytes_hex(writer_bytes(&w), hex);
	} else {
		assert_int_equal(w.len, 0);
		assert_string_equal(hex, "");
	}
}

static const struct {
	unsigned n;
	const char *hex;
} defaults[] = {
	{ 1, "61 04 13 02 4944" },
	{ 2, "62 03 13 01 44" },
	{ 3, "63 0A 12 08 3230323031303331" },
	{ 4, "64 07 0C 05 4552494B41" },
	{ 5, "65 0C 0C 0A 4D55535445524D414E4E" },
	{ 6, "66 02 0C 00" },
	{ 7, "67 02 0C 00" },
	{ 8, "68 0A 12 08 3139363430383132" },
	{ 9, "69 0A A1 08 0C 06 4245524C494E" },
	{ 10, "6A 04 13 02 4445" },
	{ 11, "6B 03 13 01 46" },
	{ 12, "" },
	{ 13, "6D 12 0C 10 4D65696E2047656275727473 6E616D65" },
	{ 14, "" },
	{ 15, "" },
	{ 16, "" },
	{ 17,
	    "71 2B 30 29 AA 11 0C 0F 48454944455354524153534520 3137 AB 06 0C 04 4B4F4C4E"
	    " AD 03 13 01 44 AE 07 13 05 3531313437" },
	{ 18, "72 09 04 07 02760378900276" },
	{ 19,
	    "73 2F A1 2D 0C 2B 5265736964656E63655065726D697431206669656C6420757020746F203735302063"
	    "686172616374657273" },
	{ 20,
	    "74 2F A1 2D 0C 2B 5265736964656E63655065726D697431206669656C6420757020746F203235302063"
	    "686172616374657273" },
	{ 21, "" },
	{ 22, "" },
};

static void defaults_are_those_that_users_know(void **state)
{
	struct dataset dataset;

	dataset_init(&dataset);
	for (size_t i = 0; i < COUNT(defaults); i++) {
		print_message("# DG%u\n", defaults[i].n);
		assert_group(&dataset, defaults[i].n, defaults[i].hex);
	}
}

static int parse(const char *text, struct dataset *dataset, struct dataset_error *error)
{
	dataset_init(dataset);
	return dataset_parse(bytes_of_string(text), dataset, error);
}

/* What a file with one line makes of a data group. */
static const struct {
	const char *name, *text;
	unsigned n;
	const char *hex;
} lines[] = {
	{ "a name", "GivenNames=Gertrud", 4, "64 09 0C 07 47657274727564" },
	{ "no line end is needed, nor wanted", "GivenNames=G\r\n", 4, "64 03 0C 01 47" },
	{ "blanks belong to the value", "GivenNames= G ", 4, "64 05 0C 03 204720" },
	{ "blanks in front of =", "GivenNames  =G", 4, "64 03 0C 01 47" },
	{ "the value may have =", "GivenNames=G=H", 4, "64 05 0C 03 473D48" },
	{ "no value", "AcademicTitle=", 7, "67 02 0C 00" },
	{ "letters beyond ASCII", "ReligiousArtisticName=\xC7\x8F", 6, "66 04 0C 02 C78F" },
	{ "four bytes a letter", "FamilyNames=\xF0\x90\x80\x80", 5, "65 06 0C 04 F0908080" },
	{ "byte order mark", "\xEF\xBB\xBFGivenNames=G", 4, "64 03 0C 01 47" },
	{ "not on the chip", "BirthName=<NotOnChip>", 13, "" },
	{ "comment", "# GivenNames=G", 4, "64 07 0C 05 4552494B41" },
	{ "blank lines", "\n  \n\r\nGivenNames=G\n\n", 4, "64 03 0C 01 47" },
	{ "the year of birth alone", "DateOfBirth=1964", 8, "68 0A 12 08 3139363420202020" },
	{ "year and month of birth", "DateOfBirth=196408", 8, "68 0A 12 08 3139363430382020" },
	{ "blanks for what is not known", "DateOfBirth=1964    ", 8,
	    "68 0A 12 08 3139363420202020" },
	{ "nothing known", "DateOfBirth=        ", 8, "68 0A 12 08 2020202020202020" },
	{ "community identifier", "CommunityID=02760302540021", 18, "72 09 04 07 02760302540021" },
	{ "empty community identifier", "CommunityID=", 18, "72 02 04 00" },
	{ "no residence", "PlaceOfResidence=<NotOnChip>\nCity=B\n", 17, "" },
	{ "residence as text", "City=B\nPlaceOfResidence=B\n", 17, "71 05 A1 03 0C 01 42" },
	{ "residence with fewer parts", "Street=<NotOnChip>\nZIP=<NotOnChip>\n", 17,
	    "71 0F 30 0D AB 06 0C 04 4B4F4C4E AD 03 13 01 44" },
	{ "residence without any part",
	    "Street=<NotOnChip>\nCity=<NotOnChip>\nCountry=<NotOnChip>\nZIP=<NotOnChip>\n", 17,
	    "" },
	{ "residence permit II without I", "ResidencePermit1=<NotOnChip>\nResidencePermit2=x", 20,
	    "74 05 A1 03 0C 01 78" },
	{ "characters as they are", "dg12=lo", 12, "6C6F" },
	{ "characters as they are, DG21", "dg21=u", 21, "75" },
	{ "telephone number", "PhoneNumber=+49", 21, "75 05 13 03 2B3439" },
	{ "address of electronic mail", "EmailAddress=a@b", 22, "76 05 16 03 614062" },
	{ "the 29th of February", "DateOfBirth=19640229", 8, "68 0A 12 08 3139363430323239" },
	{ "day of issuance", "DateOfIssuance=20101101", 15, "6F 0A 12 08 3230313031313031" },
};

static void lines_become_data_groups(void **state)
{
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct dataset dataset;
		struct dataset_error error;

		print_message("# %s\n", lines[i].name);
		assert_int_equal(parse(lines[i].text, &dataset, &error), 0);
		assert_group(&dataset, lines[i].n, lines[i].hex);
	}
}

static const struct {
	const char *name, *text;
	unsigned line;
} wrong[] = {
	{ "no =", "GivenNames", 1 },
	{ "unknown key", "GivenNames=G\ngivennames=G\n", 2 },
	{ "empty key", "=G", 1 },
	{ "blanks in front of a key", " GivenNames=G", 1 },
	{ "the same key twice", "# x\n\nSex=F\nSex=M\n", 4 },
	{ "not UTF-8", "GivenNames=\xFC\n", 1 },
	{ "not UTF-8 in a comment", "\n#\xFC\n", 2 },
	{ "UTF-8 cut short", "GivenNames=\xC3", 1 },
	{ "UTF-8 longer than needed", "GivenNames=\xC0\xAF", 1 },
	{ "UTF-8 longer than needed, three bytes", "GivenNames=\xE0\x80\xAF", 1 },
	{ "UTF-8 longer than needed, four bytes", "GivenNames=\xF0\x80\x80\xAF", 1 },
	{ "a surrogate", "GivenNames=\xED\xA0\x80", 1 },
	{ "a number above 10FFFF", "GivenNames=\xF4\x90\x80\x80", 1 },
	{ "letters where there are none", "IssuingState=\xC3\xA4", 1 },
	{ "a sign that is not printable", "Country=D*", 1 },
	{ "a month of one figure", "DateOfBirth=1964-8", 1 },
	{ "a day of one figure", "DateOfBirth=1964081", 1 },
	{ "no date", "DateOfExpiry=", 1 },
	{ "blanks, but too few", "DateOfBirth=1964  ", 1 },
	{ "nine figures", "DateOfBirth=196408120", 1 },
	{ "a month that there is not", "DateOfBirth=196413", 1 },
	{ "month 00", "DateOfBirth=19640012", 1 },
	{ "a day that there is not", "DateOfBirth=19640431", 1 },
	{ "day 00", "DateOfBirth=19640800", 1 },
	{ "a control character", "GivenNames=A\rFamilyNames=B", 1 },
	{ "a tab", "Street=A\tB", 1 },
	{ "two keys for a data group", "PhoneNumber=1\ndg21=x", 2 },
	{ "two keys for a data group, one of them not on the chip",
	    "dg15=<NotOnChip>\nDateOfIssuance=2010", 2 },
	{ "odd number of digits", "CommunityID=276", 1 },
	{ "no digits", "CommunityID=xx", 1 },
	{ "address beyond ASCII", "EmailAddress=\xC3\xA4", 1 },
};

static void errors_have_their_line(void **state)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct dataset dataset;
		struct dataset_error error = { 0 };

		print_message("# %s\n", wrong[i].name);
		assert_int_equal(parse(wrong[i].text, &dataset, &error), ERR_FORMAT);
		assert_int_equal(error.line, wrong[i].line);
		assert_non_null(error.rule);
	}
}

static void errors_name_the_key(void **state)
{
	struct dataset dataset;
	struct dataset_error error;

	assert_int_equal(parse("Sex=F\n Name =x", &dataset, &error), ERR_FORMAT);
	assert_true(bytes_equal(error.key, bytes_of_string(" Name")));
	assert_int_equal(parse("Sex=F\nName", &dataset, &error), ERR_FORMAT);
	assert_int_equal(error.key.len, 0);
}

static void nul_is_no_character(void **state)
{
	static const uint8_t text[] = { 'S', 'e', 'x', '=', 0 };
	struct dataset dataset;
	struct dataset_error error;

	dataset_init(&dataset);
	assert_int_equal(dataset_parse(BYTES_OF_ARRAY(text), &dataset, &error), ERR_FORMAT);
}

static void lengths_have_an_end(void **state)
{
	static char text[DATASET_SIZE_MAX + 2];
	struct dataset dataset;
	struct dataset_error error;

	memset(text, 'x', sizeof text - 1);
	memcpy(text, "Street=", 7);
	text[7 + DATASET_VALUE_MAX] = '\0';
	assert_int_equal(parse(text, &dataset, &error), 0);
	text[7 + DATASET_VALUE_MAX] = 'x';
	text[7 + DATASET_VALUE_MAX + 1] = '\0';
	assert_int_equal(parse(text, &dataset, &error), ERR_FORMAT);
	memset(text, '\n', sizeof text - 1);
	assert_int_equal(parse(text, &dataset, &error), ERR_FORMAT);
	text[DATASET_SIZE_MAX] = '\0';
	assert_int_equal(parse(text, &dataset, &error), 0);
}

static void longest_values_fit_into_a_data_group(void **state)
{
	static char text[DATASET_SIZE_MAX];
	struct dataset dataset;
	struct dataset_error error;
	struct bytes group, value;
	struct writer w;
	size_t len = 0;

	for (const char *key = "Street=\0City=\0Country=\0ZIP=\0"; *key != '\0';
	     key += strlen(key) + 1) {
		memcpy(text + len, key, strlen(key));
		len += strlen(key);
		memset(text + len, 'x', 3000);
		len += 3000;
		text[len++] = '\n';
	}
	assert_int_equal(parse(text, &dataset, &error), 0);
	writer_init(&w, memory, sizeof memory);
	assert_true(dataset_put_group(&dataset, 17, &w) && writer_done(&w));
	group = writer_bytes(&w);
	assert_true(tlv_take_tag(&group, 0x71, &value) && group.len == 0 && tlv_is_valid(value));
}

static void every_beginning_is_read_or_refused(void **state)
{
	static const char *const file =
	    "# comment\nGivenNames=\xC7\x8F\nDateOfBirth=19640812\r\nCommunityID=0276\n";

	for (size_t n = 0; n <= strlen(file); n++) {
		struct exact text = exact_copy(bytes_of((const uint8_t *)file, n));
		struct dataset dataset;
		struct dataset_error error;

		dataset_init(&dataset);
		if (dataset_parse(text.bytes, &dataset, &error) < 0)
			assert_non_null(error.rule);
		exact_free(&text);
	}
}

/* Of each data group that is there and that nobody writes (TR-03110-3, A.1.1.8). */
static void hashes_are_of_what_nobody_writes(void **state)
{
	static uint8_t object[1024];
	struct security_info info = { .kind = SECURITY_INFO_EID_SECURITY };
	struct bytes hash, algorithm;
	struct dataset dataset;
	struct writer out, group;
	uint8_t want[DIGEST_SIZE_MAX];

	dataset_init(&dataset);
	writer_init(&out, object, sizeof object);
	assert_int_equal(npa_put_eid_security(&dataset, &out), 0);
	assert_true(writer_done(&out));
	info.required = writer_bytes(&out);
	assert_true(security_info_eid_algorithm(&info, &algorithm));
	assert_bytes_hex(algorithm, "30 0B 0609 608648016503040201");
	for (unsigned n = 1; n <= DATASET_GROUPS; n++) {
		writer_init(&group, memory, sizeof memory);
		if (!dataset_put_group(&dataset, n, &group) || n > 16) {
			assert_false(security_info_eid_hash(&info, n, &hash));
			continue;
		}
		assert_int_equal(digest_compute(DIGEST_SHA256, writer_bytes(&group), want), 0);
		assert_true(security_info_eid_hash(&info, n, &hash));
		assert_true(bytes_equal(hash, bytes_of(want, digest_size(DIGEST_SHA256))));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_that_users_know),
		cmocka_unit_test(lines_become_data_groups),
		cmocka_unit_test(errors_have_their_line),
		cmocka_unit_test(errors_name_the_key),
		cmocka_unit_test(nul_is_no_character),
		cmocka_unit_test(lengths_have_an_end),
		cmocka_unit_test(longest_values_fit_into_a_data_group),
		cmocka_unit_test(every_beginning_is_read_or_refused),
		cmocka_unit_test(hashes_are_of_what_nobody_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
