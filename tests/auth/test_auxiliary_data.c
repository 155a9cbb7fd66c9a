/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Auxiliary data: which object counts, and the comparisons at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/auxiliary_data.h"
#include "exact.h"

#define BIRTH "06 09 04007F000703010401"
#define EXPIRY "06 09 04007F000703010402"
#define MUNICIPALITY "06 09 04007F000703010403"
#define GROUP "06 0A 04007F000703010405" /* its number follows */

static void dates_of_birth(void **state)
{
	static const struct {
		const char *born, *required;
		bool want;
	} cases[] = {
		{ "19640812", "19640812", true },
		{ "19640812", "19640811", false },
		{ "19640812", "19640813", true },
		{ "19640812", "19650101", true },
		{ "19640812", "19631231", false },
		{ "19640812", "20080101", true },
		/* the day is missing: the last one of the month */
		{ "19640800", "19640831", true },
		{ "19640800", "19640830", false },
		{ "196408  ", "19640831", true },
		{ "196408  ", "19640830", false },
		{ "196408", "19640901", true },
		{ "196408", "19640830", false },
		{ "19640200", "19640229", false },
		{ "19640200", "19640301", true },
		/* the month too: the last day of the year */
		{ "19640000", "19641231", true },
		{ "19640000", "19641230", false },
		{ "1964    ", "19641231", true },
		{ "1964    ", "19641230", false },
		{ "1964", "19641231", true },
		{ "1964", "19640101", false },
		/* malformed: never */
		{ "", "20991231", false },
		{ "196", "20991231", false },
		{ "00000000", "20991231", false },
		{ "        ", "20991231", false },
		{ "19640012", "20991231", false },
		{ "19641301", "20991231", false },
		{ "19640132", "20991231", false },
		{ "1964 1 1", "20991231", false },
		{ "1964080 ", "20991231", false },
		{ "196408120", "20991231", false },
		{ "1964081A", "20991231", false },
		{ "19640812", "", false },
		{ "19640812", "2099123", false },
		{ "19640812", "209912311", false },
		{ "19640812", "20991200", false },
		{ "19640812", "20990012", false },
		{ "19640812", "2099    ", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (auxiliary_is_old_enough(bytes_of_string(cases[i].born),
		        bytes_of_string(cases[i].required)) != cases[i].want)
			fail_msg("born %s, required %s", cases[i].born, cases[i].required);
}

static void dates_of_expiry(void **state)
{
	static const struct {
		const char *expiry, *day;
		bool want;
	} cases[] = {
		{ "20301031", "20301031", true },
		{ "20301031", "20301101", false },
		{ "20301031", "20301030", true },
		{ "20301031", "20100101", true },
		{ "20301031", "20310101", false },
		{ "20301000", "20100101", false },
		{ "2030", "20100101", false },
		{ "20301031", "2010", false },
		{ "20301031", "", false },
		{ "", "20100101", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (auxiliary_is_valid_on(bytes_of_string(cases[i].expiry),
		        bytes_of_string(cases[i].day)) != cases[i].want)
			fail_msg("valid until %s, on %s", cases[i].expiry, cases[i].day);
}

static void municipalities(void **state)
{
	static const struct {
		const char *id, *part;
		bool want;
	} cases[] = {
		{ "02760378900276", "02760378900276", true },
		{ "02760378900276", "0276", true },
		{ "02760378900276", "02", true },
		{ "02760378900276", "", false },
		{ "02760378900276", "0277", false },
		{ "02760378900276", "0276037890027600", false },
		{ "02760378900276", "7603", false },
		{ "", "02", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact id = exact_of_hex(cases[i].id);
		struct exact part = exact_of_hex(cases[i].part);

		assert_int_equal(auxiliary_is_within(id.bytes, part.bytes), cases[i].want);
		exact_free(&id);
		exact_free(&part);
	}
}

static void finding(void **state)
{
	static const struct {
		const char *name, *object, *want; /* NULL: there is none */
	} cases[] = {
		{ "alone", "67 10 73 0E" BIRTH "53 01 AA", "AA" },
		{ "behind another", "67 20 73 0E" EXPIRY "53 01 BB 73 0E" BIRTH "53 01 AA", "AA" },
		{ "twice: the last", "67 20 73 0E" BIRTH "53 01 BB 73 0E" BIRTH "53 01 AA", "AA" },
		{ "without content", "67 0F 73 0D" BIRTH "53 00", "" },
		{ "behind an unknown one", "67 17 73 05 06 01 2A 53 00 73 0E" BIRTH "53 01 AA",
		    "AA" },
		{ "behind one without object identifier",
		    "67 14 73 02 53 00 73 0E" BIRTH "53 01 AA", "AA" },
		{ "one with more in it does not count", "67 12 73 10" BIRTH "53 01 AA 53 00",
		    NULL },
		{ "another alone", "67 10 73 0E" EXPIRY "53 01 AA", NULL },
		{ "no data", "67 0D 73 0B" BIRTH, NULL },
		{ "none", "67 00", NULL },
		{ "nothing", "", NULL },
		{ "another object", "66 10 73 0E" BIRTH "53 01 AA", NULL },
		{ "something else inside", "67 12 73 0E" BIRTH "53 01 AA 53 00", NULL },
		{ "something behind", "67 10 73 0E" BIRTH "53 01 AA 00", NULL },
		{ "a kind that there is not", "67 10 73 0E 06 09 04007F000703010400 53 01 AA",
		    NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact object = exact_of_hex(cases[i].object);
		struct bytes value = bytes_of(NULL, 77);
		bool found = auxiliary_find(object.bytes, AUXILIARY_DATE_OF_BIRTH, &value);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(found, cases[i].want != NULL);
		if (found)
			assert_bytes_hex(value, cases[i].want);
		exact_free(&object);
	}
}

static void kinds(void **state)
{
	for (unsigned arc = 0; arc < 256; arc++) {
		const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04,
			(uint8_t)arc };
		enum auxiliary_kind kind = AUXILIARY_DATE_OF_BIRTH;

		assert_int_equal(
		    auxiliary_kind_of(BYTES_OF_ARRAY(oid), &kind), arc >= 1 && arc <= 4);
		if (arc >= 1 && arc <= 4)
			assert_int_equal(kind, arc);
		assert_false(auxiliary_kind_of(bytes_of(oid, sizeof oid - 1), &kind));
	}
	for (unsigned arc = 0; arc < 256; arc++) {
		const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04, 0x05,
			(uint8_t)arc };
		enum auxiliary_kind kind = AUXILIARY_DATE_OF_BIRTH;

		assert_int_equal(
		    auxiliary_kind_of(BYTES_OF_ARRAY(oid), &kind), arc >= 1 && arc <= 22);
		if (arc >= 1 && arc <= 22)
			assert_int_equal(kind, AUXILIARY_DATA_GROUP + arc - 1);
	}
}

/* Against the data groups of a card. */
static const struct {
	const char *name;
	enum auxiliary_kind kind;
	const char *object, *data_group;
	enum sw want;
} verifications[] = {
	{ "old enough", AUXILIARY_DATE_OF_BIRTH, "67 17 73 15" BIRTH "53 08 3230303830313031",
	    "68 0A 12 08 3139363430383132", SW_OK },
	{ "too young", AUXILIARY_DATE_OF_BIRTH, "67 17 73 15" BIRTH "53 08 3139363430383131",
	    "68 0A 12 08 3139363430383132", SW_WARNING_CHANGED },
	{ "valid", AUXILIARY_DATE_OF_EXPIRY, "67 17 73 15" EXPIRY "53 08 3230323630313031",
	    "63 0A 12 08 3230333031303331", SW_OK },
	{ "expired", AUXILIARY_DATE_OF_EXPIRY, "67 17 73 15" EXPIRY "53 08 3230333031313031",
	    "63 0A 12 08 3230333031303331", SW_WARNING_CHANGED },
	{ "lives there", AUXILIARY_MUNICIPALITY_ID, "67 11 73 0F" MUNICIPALITY "53 02 0276",
	    "72 09 04 07 02760378900276", SW_OK },
	{ "lives elsewhere", AUXILIARY_MUNICIPALITY_ID, "67 11 73 0F" MUNICIPALITY "53 02 0277",
	    "72 09 04 07 02760378900276", SW_WARNING_CHANGED },
	{ "nothing sent", AUXILIARY_DATE_OF_BIRTH, "", "68 0A 12 08 3139363430383132",
	    SW_REFERENCE_NOT_FOUND },
	{ "another kind sent", AUXILIARY_DATE_OF_BIRTH,
	    "67 17 73 15" EXPIRY "53 08 3230323630313031", "68 0A 12 08 3139363430383132",
	    SW_REFERENCE_NOT_FOUND },
	{ "no data group", AUXILIARY_DATE_OF_BIRTH, "67 17 73 15" BIRTH "53 08 3230303830313031",
	    "", SW_REFERENCE_NOT_FOUND },
	{ "an empty one", AUXILIARY_DATE_OF_BIRTH, "67 17 73 15" BIRTH "53 08 3230303830313031",
	    "68 00", SW_REFERENCE_NOT_FOUND },
	{ "what DG8 is", AUXILIARY_DATA_GROUP + 7,
	    "67 1C 73 1A" GROUP "08 53 0C 680A12083139363430383132", "68 0A 12 08 3139363430383132",
	    SW_OK },
	{ "the same as a BIT STRING", AUXILIARY_DATA_GROUP + 7,
	    "67 1F 73 1D" GROUP "08 53 0F 030D00 680A12083139363430383132",
	    "68 0A 12 08 3139363430383132", SW_OK },
	{ "with bits that do not count", AUXILIARY_DATA_GROUP + 7,
	    "67 1F 73 1D" GROUP "08 53 0F 030D01 680A12083139363430383132",
	    "68 0A 12 08 3139363430383132", SW_WARNING_CHANGED },
	{ "what it is not", AUXILIARY_DATA_GROUP + 7,
	    "67 1C 73 1A" GROUP "08 53 0C 680A12083139363430383133", "68 0A 12 08 3139363430383132",
	    SW_WARNING_CHANGED },
	{ "what stands in it", AUXILIARY_DATA_GROUP + 7,
	    "67 18 73 16" GROUP "08 53 08 3139363430383132", "68 0A 12 08 3139363430383132",
	    SW_WARNING_CHANGED },
	{ "empty", AUXILIARY_DATA_GROUP + 7, "67 10 73 0E" GROUP "08 53 00",
	    "68 0A 12 08 3139363430383132", SW_WARNING_CHANGED },
	{ "another data group's", AUXILIARY_DATA_GROUP + 6,
	    "67 1C 73 1A" GROUP "08 53 0C 680A12083139363430383132", "68 0A 12 08 3139363430383132",
	    SW_REFERENCE_NOT_FOUND },
	{ "of a data group that is missing", AUXILIARY_DATA_GROUP + 7,
	    "67 10 73 0E" GROUP "08 53 00", "", SW_REFERENCE_NOT_FOUND },
	{ "a message", AUXILIARY_PSM_MESSAGE, "67 10 73 0E 06 09 04007F000703010404 53 01 AA",
	    "68 0A 12 08 3139363430383132", SW_REFERENCE_NOT_FOUND },
};

static void verification(void **state)
{
	for (size_t i = 0; i < COUNT(verifications); i++) {
		struct exact object = exact_of_hex(verifications[i].object);
		struct exact data_group = exact_of_hex(verifications[i].data_group);

		print_message("# %s\n", verifications[i].name);
		assert_int_equal(
		    auxiliary_verify(verifications[i].kind, object.bytes, data_group.bytes),
		    verifications[i].want);
		exact_free(&object);
		exact_free(&data_group);
	}
}

static void truncations(void **state)
{
	struct exact object = exact_of_hex("67 17 73 15" BIRTH "53 08 3230303830313031");
	struct exact data_group = exact_of_hex("68 0A 12 08 3139363430383132");

	for (size_t n = 0; n < object.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(object.bytes, n));

		assert_int_equal(
		    auxiliary_verify(AUXILIARY_DATE_OF_BIRTH, cut.bytes, data_group.bytes),
		    SW_REFERENCE_NOT_FOUND);
		exact_free(&cut);
	}
	for (size_t n = 0; n < data_group.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(data_group.bytes, n));

		assert_int_equal(auxiliary_verify(AUXILIARY_DATE_OF_BIRTH, object.bytes, cut.bytes),
		    SW_REFERENCE_NOT_FOUND);
		exact_free(&cut);
	}
	exact_free(&object);
	exact_free(&data_group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_birth),
		cmocka_unit_test(dates_of_expiry),
		cmocka_unit_test(municipalities),
		cmocka_unit_test(finding),
		cmocka_unit_test(kinds),
		cmocka_unit_test(verification),
		cmocka_unit_test(truncations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
