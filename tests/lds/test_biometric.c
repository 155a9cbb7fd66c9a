/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Biometric data groups: what is written byte for byte in front of the picture, read again, every truncation; DG2 to DG4 of a
 * test passport of 2008. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "lds/biometric.h"
#include "published.h"
#include "specimen/specimen.h"

#define SIZE_MAX_FILE 40000

static uint8_t memory[SIZE_MAX_FILE];
static struct biometric records[BIOMETRIC_RECORDS_MAX];

/* A picture of 240 x 320 that is nothing but its header. */
#define TINY "FFD8 FFC0 000B 08 0140 00F0 01 011100 FFD9"
#define J2K                                                                                        \
	"FF4F FF51 002F 0000 00000213 0000019D 00000000 00000000 00000213 0000019D 00000000 "      \
	"00000000 0003 070101 070101 070101 FFD9"

static const struct {
	const char *name, *picture;
	enum biometric_type type;
	const char *file;
} cases[] = {
	{ "face, JPEG", TINY, BIOMETRIC_FACE,
	    "75 5F 7F61 5C 020101 7F60 56 A112 80020101 810102 820100 87020101 88020008"
	    "5F2E 3F 46414300 30313000 0000003F 0001"
	    "00000031 0000 00 00 00 000000 0000 000000 000000"
	    "01 00 00F0 0140 03 00 0000 0000" TINY },
	{ "face, JPEG 2000", J2K, BIOMETRIC_FACE,
	    "758184 7F618180 020101 7F60 7A A112 80020101 810102 820100 87020101 88020008"
	    "5F2E 63 46414300 30313000 00000063 0001"
	    "00000055 0000 00 00 00 000000 0000 000000 000000"
	    "01 01 0213 019D 00 00 0000 0000" J2K },
	{ "finger, JPEG", TINY, BIOMETRIC_FINGER,
	    "63 5F 7F61 5C 020101 7F60 56 A112 80020101 810108 820109 87020101 88020007"
	    "5F2E 3F 46495200 30313000 00000000003F 0000 001F 01 01 01F4 01F4 01F4 01F4 08 03 0000"
	    "0000001F 02 01 01 64 00 00F0 0140 00" TINY },
	{ "iris, grey JPEG", TINY, BIOMETRIC_IRIS,
	    "76 6C 7F61 69 020101 7F60 63 A112 80020101 810110 820101 87020101 88020009"
	    "5F2E 4C 49495200 30313000 0000004C 0000 01 002D 0000 0000 0006 00F0 0140 08 00"
	    "00000000000000000000000000000000 01 0001 0001 64 FFFF FFFF 00000011" TINY },
};

static void test_put(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact e = exact_of_hex(cases[i].picture);
		struct picture picture;
		struct writer w;
		size_t n;

		print_message("# %s\n", cases[i].name);
		assert_int_equal(picture_parse(e.bytes, &picture), 0);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(biometric_put(cases[i].type, &picture, &w), 0);
		assert_bytes_hex(writer_bytes(&w), cases[i].file);
		assert_true(w.len <= e.bytes.len + BIOMETRIC_OVERHEAD);
		assert_int_equal(biometric_parse(writer_bytes(&w), cases[i].type, records, &n), 0);
		assert_int_equal(n, 1);
		exact_free(&e);
	}
}

/* What does not fit says so, wherever it ends. */
static void test_no_room(void **state)
{
	struct exact e = exact_of_hex(TINY);
	struct picture picture;

	assert_int_equal(picture_parse(e.bytes, &picture), 0);
	for (size_t type = 0; type < BIOMETRIC_TYPES; type++) {
		struct writer w;
		size_t len;

		writer_init(&w, memory, sizeof memory);
		assert_int_equal(biometric_put((enum biometric_type)type, &picture, &w), 0);
		len = w.len;
		for (size_t cap = 0; cap < len; cap++) {
			writer_init(&w, memory, cap);
			assert_int_equal(
			    biometric_put((enum biometric_type)type, &picture, &w), ERR_LIMIT);
		}
	}
	exact_free(&e);
}

static void test_too_large(void **state)
{
	struct picture picture = { .file = { memory, BIOMETRIC_PICTURE_MAX + 1 } };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(biometric_put(BIOMETRIC_FACE, &picture, &w), ERR_LIMIT);
}

static void test_every_truncation(void **state)
{
	struct exact whole = exact_of_hex(cases[0].file);
	struct picture picture;
	size_t n = 99;

	for (size_t len = 0; len < whole.bytes.len; len++) {
		struct exact e = exact_copy(bytes_first(whole.bytes, len));

		assert_int_equal(biometric_parse(e.bytes, BIOMETRIC_FACE, records, &n), ERR_FORMAT);
		assert_int_equal(n, 99);
		exact_free(&e);
	}
	assert_int_equal(biometric_parse(whole.bytes, BIOMETRIC_FACE, records, &n), 0);
	for (size_t len = 0; len < records[0].record.len; len++) {
		struct exact e = exact_copy(bytes_first(records[0].record, len));

		assert_int_equal(biometric_face(e.bytes, &picture), ERR_FORMAT);
		exact_free(&e);
	}
	assert_int_equal(biometric_face(records[0].record, &picture), 0);
	exact_free(&whole);
}

static const struct {
	const char *name, *in;
	int want;
} groups[] = {
	{ "no record", "75 06 7F61 03 020100", 0 },
	{ "too many", "75 06 7F61 03 02010A", ERR_LIMIT },
	{ "fewer than it says", "75 06 7F61 03 020101", ERR_FORMAT },
	{ "another data group", "63 06 7F61 03 020100", ERR_FORMAT },
	{ "a number of two bytes", "75 07 7F61 04 02020001", ERR_FORMAT },
	{ "header without format", "75 16 7F61 13 020101 7F60 0D A106 8702 0101 8100 5F2E 02 AABB",
	    ERR_FORMAT },
	{ "a record that is constructed",
	    "75 18 7F61 15 020101 7F60 0F A108 8702 0101 8802 0008 7F2E 02 A100", 0 },
	{ "bytes behind the data group", "75 06 7F61 03 020100 00", ERR_FORMAT },
};

static void test_groups(void **state)
{
	for (size_t i = 0; i < COUNT(groups); i++) {
		struct exact e = exact_of_hex(groups[i].in);
		size_t n;

		print_message("# %s\n", groups[i].name);
		assert_int_equal(
		    biometric_parse(e.bytes, BIOMETRIC_FACE, records, &n), groups[i].want);
		exact_free(&e);
	}
}

static void test_specimen(void **state)
{
	struct picture picture, again;
	struct writer w;
	size_t n;

	assert_int_equal(picture_parse(specimen_file(SPECIMEN_PORTRAIT), &picture), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(biometric_put(BIOMETRIC_FACE, &picture, &w), 0);
	assert_int_equal(biometric_parse(writer_bytes(&w), BIOMETRIC_FACE, records, &n), 0);
	assert_int_equal(biometric_face(records[0].record, &again), 0);
	assert_true(bytes_equal(again.file, specimen_file(SPECIMEN_PORTRAIT)));
}

/* The test passport's DG2 has one face in JPEG 2000, whose size is not the one that the record says; DG3 has two fingers, DG4 two
 * irises. */
static void test_silver_data_set(void **state)
{
	struct exact dg2 = { 0 }, dg3 = { 0 }, dg4 = { 0 };
	struct picture picture;
	size_t n;

	if (!published_file("lds-bsi2008/Datagroup2.bin", &dg2) ||
	    !published_file("lds-bsi2008/Datagroup3.bin", &dg3) ||
	    !published_file("lds-bsi2008/Datagroup4.bin", &dg4))
		return;
	assert_int_equal(biometric_parse(dg2.bytes, BIOMETRIC_FACE, records, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(records[0].format, 8);
	assert_int_equal(biometric_face(records[0].record, &picture), ERR_FORMAT);
	assert_int_equal(biometric_parse(dg3.bytes, BIOMETRIC_FINGER, records, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(records[1].format, 7);
	assert_int_equal(biometric_parse(dg4.bytes, BIOMETRIC_IRIS, records, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(records[0].format, 9);
	exact_free(&dg2);
	exact_free(&dg3);
	exact_free(&dg4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_specimen),
		cmocka_unit_test(test_silver_data_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
