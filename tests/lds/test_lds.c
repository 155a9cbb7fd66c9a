/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of the Logical Data Structure: the table of ICAO 9303-10, what is in the simple ones byte for byte; the files of a test
 * passport of 2008. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "iso7816/tlv.h"
#include "lds/lds.h"
#include "published.h"

#define TD3                                                                                        \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"

static uint8_t memory[4096];

/* Tags of data groups (9303-10, 4.6.1.2 and 4.7): none twice, each found again. */
static void test_table(void **state)
{
	static const uint8_t tags[] = { 0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A,
		0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70 };
	enum lds_id id;

	for (unsigned i = 1; i <= LDS_DATA_GROUPS; i++) {
		assert_int_equal(lds_file(i)->tag, tags[i - 1]);
		assert_int_equal(lds_file(i)->fid, 0x0100 + i);
		assert_int_equal(lds_file(i)->sfi, i);
		assert_false(lds_is_in_mf(i));
		assert_true(lds_find_tag(tags[i - 1], &id));
		assert_int_equal(id, i);
	}
	assert_false(lds_find_tag(0x60, &id));
	assert_int_equal(lds_file(LDS_COM)->fid, 0x011E);
	assert_int_equal(lds_file(LDS_SOD)->fid, 0x011D);
	assert_int_equal(lds_file(LDS_CVCA)->fid, 0x011C);
	assert_false(lds_is_in_mf(LDS_CVCA));
	assert_true(lds_is_in_mf(LDS_CARD_ACCESS));
	assert_int_equal(lds_file(LDS_CARD_ACCESS)->sfi, 0x1C);
	assert_int_equal(lds_file(LDS_CARD_SECURITY)->sfi, 0x1D);
	assert_int_equal(lds_file(LDS_DIR)->fid, 0x2F00);
	assert_int_equal(lds_file(LDS_DIR)->sfi, 0x1E);
	assert_int_equal(lds_file(LDS_ATR_INFO)->fid, 0x2F01);
	assert_int_equal(lds_file(LDS_ATR_INFO)->sfi, 0x01);
	assert_bytes_hex(lds_aid, "A0000002471001");
}

static void test_dg1(void **state)
{
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz, again;
	struct writer w;
	struct bytes file;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(mrz_parse(bytes_of_string(TD3), &mrz, error), 0);
	lds_put_dg1(&mrz, &w);
	assert_true(writer_done(&w));
	file = writer_bytes(&w);
	assert_int_equal(file.len, 93);
	assert_bytes_hex(bytes_first(file, 5), "615B5F1F58");
	assert_true(bytes_equal(bytes_after(file, 5), bytes_of_string(TD3)));
	assert_true(lds_is_file(LDS_DG1, file));
	assert_false(lds_is_file(LDS_DG2, file));
	assert_int_equal(lds_parse_dg1(file, &again, error), 0);
	assert_string_equal(again.text, mrz.text);
	for (size_t len = 0; len < file.len; len++) {
		struct exact e = exact_copy(bytes_first(file, len));

		assert_false(lds_is_file(LDS_DG1, e.bytes));
		assert_int_equal(lds_parse_dg1(e.bytes, &again, error), ERR_FORMAT);
		assert_string_equal(error, "it is not data object 61 with data object 5F1F in it");
		exact_free(&e);
	}
}

static void test_dg1_wrong_digit(void **state)
{
	char error[MRZ_ERROR_SIZE];
	struct writer w;
	struct mrz mrz;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(mrz_parse(bytes_of_string(TD3), &mrz, error), 0);
	mrz.text[44 + 9] = '5';
	lds_put_dg1(&mrz, &w);
	assert_int_equal(lds_parse_dg1(writer_bytes(&w), &mrz, error), ERR_FORMAT);
	assert_string_equal(error,
	    "check digit of the document number (line 2, column 10): it is 5, but must be 6");
}

/* EF.COM with DG1 and DG2 is in 9303-11, D.4, with another version. */
static void test_com(void **state)
{
	const struct lds_com small = { .version = "0106", .has = { [1] = true, [2] = true } };
	const struct lds_com large = { .version = LDS_VERSION_1_8,
		.has = { [1] = true, [2] = true, [3] = true, [14] = true, [16] = true } };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	lds_put_com(&small, &w);
	assert_bytes_hex(writer_bytes(&w), "6014 5F0104 30313036 5F3606 303430303030 5C02 6175");
	writer_init(&w, memory, sizeof memory);
	lds_put_com(&large, &w);
	assert_bytes_hex(
	    writer_bytes(&w), "6017 5F0104 30313038 5F3606 303430303030 5C05 6175636E70");
	assert_true(writer_done(&w));
}

static void test_details(void **state)
{
	const struct lds_person person = { .name = "A<<B", .birth = "19740812" };
	const struct lds_document document = { .authority = "UTO", .issued = "20020415" };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	lds_put_dg11(&person, &w);
	assert_bytes_hex(
	    writer_bytes(&w), "6B18 5C04 5F0E5F2B 5F0E04 413C3C42 5F2B08 3139373430383132");
	writer_init(&w, memory, sizeof memory);
	lds_put_dg12(&document, &w);
	assert_bytes_hex(
	    writer_bytes(&w), "6C17 5C04 5F195F26 5F1903 55544F 5F2608 3230303230343135");
	assert_true(writer_done(&w));
}

static void test_cvca(void **state)
{
	struct bytes newest = bytes_of_string("UTCVCA00002"),
	             older = bytes_of_string("UTCVCA00001");
	struct bytes longest = bytes_of_string("UT34567890123456");
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	lds_put_cvca(newest, older, &w);
	assert_bytes_hex(writer_bytes(&w),
	    "420B 555443564341 3030303032 420B 555443564341 3030303031 00000000000000000000");
	assert_int_equal(w.len, LDS_CVCA_SIZE);
	lds_put_cvca(longest, longest, &w);
	assert_int_equal(w.len, 2 * LDS_CVCA_SIZE);
	assert_true(writer_done(&w));
	writer_init(&w, memory, sizeof memory);
	lds_put_cvca(newest, bytes_of(NULL, 0), &w);
	assert_int_equal(w.len, LDS_CVCA_SIZE);
	assert_int_equal(memory[13], 0);
	writer_init(&w, memory, LDS_CVCA_SIZE - 1);
	lds_put_cvca(newest, bytes_of(NULL, 0), &w);
	assert_false(writer_done(&w));
}

static void test_dir_and_atr_info(void **state)
{
	static const uint8_t capabilities[] = { 0xF7, 0x81, 0xFF };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	lds_put_dir(&lds_aid, 1, &w);
	assert_bytes_hex(writer_bytes(&w), "6109 4F07 A0000002471001");
	writer_init(&w, memory, sizeof memory);
	lds_put_atr_info(0xF8, BYTES_OF_ARRAY(capabilities), &w);
	assert_bytes_hex(writer_bytes(&w), "4301F8 4703F781FF 7F660A 020300FFFF 020300FFFF");
	assert_true(writer_done(&w));
}

static void test_dg14_and_dg15(void **state)
{
	static const uint8_t terminal_auth[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02 };
	const struct security_info info = { .kind = SECURITY_INFO_TERMINAL_AUTH,
		.protocol = BYTES_OF_ARRAY(terminal_auth),
		.version = 1 };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(lds_put_dg14(&info, 1, &w), 0);
	assert_bytes_hex(writer_bytes(&w), "6E11 310F 300D 060804007F00070202 02 020101");
	assert_true(writer_done(&w));
	writer_init(&w, memory, 10);
	assert_int_equal(lds_put_dg14(&info, 1, &w), ERR_LIMIT);
	writer_init(&w, memory, sizeof memory);
	lds_put_dg15(bytes_of(terminal_auth, 3), &w);
	assert_bytes_hex(writer_bytes(&w), "6F03 04007F");
}

static void test_silver_data_set(void **state)
{
	static const struct {
		enum lds_id id;
		const char *name;
	} files[] = { { LDS_DG1, "lds-bsi2008/Datagroup1.bin" },
		{ LDS_DG2, "lds-bsi2008/Datagroup2.bin" },
		{ LDS_DG3, "lds-bsi2008/Datagroup3.bin" },
		{ LDS_DG4, "lds-bsi2008/Datagroup4.bin" },
		{ LDS_DG14, "lds-bsi2008/Datagroup14.bin" },
		{ LDS_DG15, "lds-bsi2008/Datagroup15.bin" }, { LDS_COM, "lds-bsi2008/EF_COM.bin" },
		{ LDS_SOD, "lds-bsi2008/EF_SOD.bin" } };
	uint8_t information[MRZ_INFORMATION_MAX];
	char error[MRZ_ERROR_SIZE];
	struct writer w;
	struct mrz mrz;

	for (size_t i = 0; i < COUNT(files); i++) {
		struct exact e = { 0 };

		if (!published_file(files[i].name, &e))
			return;
		assert_true(lds_is_file(files[i].id, e.bytes));
		if (files[i].id == LDS_DG1) {
			assert_int_equal(lds_parse_dg1(e.bytes, &mrz, error), 0);
			writer_init(&w, information, sizeof information);
			mrz_put_information(&mrz, &w);
			assert_true(bytes_equal(
			    writer_bytes(&w), bytes_of_string("C11T002JM496081221310317")));
		}
		exact_free(&e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_dg1),
		cmocka_unit_test(test_dg1_wrong_digit),
		cmocka_unit_test(test_com),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_cvca),
		cmocka_unit_test(test_dir_and_atr_info),
		cmocka_unit_test(test_dg14_and_dg15),
		cmocka_unit_test(test_silver_data_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
