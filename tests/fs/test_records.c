/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record EFs: numbers, limits, and that each has records of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "fs/fs.h"
#include "fs/records.h"

#define MEMORY 100000

static struct fs *fs;

static struct file *new_ef(uint8_t descriptor, size_t record_size, size_t max, size_t size)
{
	static uint16_t fid;
	struct fs_parameters parameters = { .descriptor = descriptor,
		.fid = ++fid,
		.size = size,
		.record_size = record_size,
		.max_records = max };
	struct file *file = NULL;

	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &file), 0);
	return file;
}

static enum sw append(struct file *file, const char *text)
{
	return records_append(file, bytes_of_string(text));
}

/* All records, one after the other, separated by commas. */
static void expect(const struct file *file, const char *want)
{
	char text[2000] = "";
	size_t used = 0;
	struct bytes record;

	for (size_t i = 1; i <= records_count(file); i++) {
		assert_int_equal(records_read(file, i, &record), SW_OK);
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s",
		    i > 1 ? "," : "", (int)record.len, (const char *)record.data);
	}
	assert_string_equal(text, want);
	assert_int_equal(records_read(file, 0, &record), SW_RECORD_NOT_FOUND);
	assert_int_equal(records_read(file, records_count(file) + 1, &record), SW_RECORD_NOT_FOUND);
}

static void each_ef_has_its_own(void **state)
{
	struct file *one = new_ef(0x04, 10, 10, 100), *two = new_ef(0x04, 10, 10, 100);

	assert_int_equal(append(one, "a"), SW_OK);
	assert_int_equal(append(two, "b"), SW_OK);
	assert_int_equal(append(one, "c"), SW_OK);
	expect(one, "a,c");
	expect(two, "b");
	fs_delete(fs, one);
	expect(two, "b");
	fs_delete(fs, two);
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

static void cyclic_puts_the_newest_first(void **state)
{
	struct file *file = new_ef(0x06, 1, 3, 3);

	expect(file, "");
	assert_int_equal(append(file, "a"), SW_OK);
	assert_int_equal(append(file, "b"), SW_OK);
	expect(file, "b,a");
	assert_int_equal(append(file, "c"), SW_OK);
	assert_int_equal(append(file, "d"), SW_OK);
	expect(file, "d,c,b");
	assert_int_equal(append(file, "ee"), SW_WRONG_LENGTH);
	assert_int_equal(append(file, ""), SW_WRONG_LENGTH);
	expect(file, "d,c,b");
	fs_delete(fs, file);
}

/* 254 records are numbers 01 to FE. */
static void numbers_end_at_254(void **state)
{
	struct file *file = new_ef(0x04, 1, RECORDS_MAX, 1000);

	for (size_t i = 0; i < 254; i++)
		assert_int_equal(append(file, "x"), SW_OK);
	assert_int_equal(append(file, "x"), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(records_count(file), 254);
	fs_delete(fs, file);
	file = new_ef(0x06, 1, RECORDS_MAX, 254);
	for (size_t i = 0; i < 300; i++)
		assert_int_equal(append(file, "x"), SW_OK);
	assert_int_equal(records_count(file), 254);
	fs_delete(fs, file);
}

static void an_ef_of_no_records_takes_none(void **state)
{
	struct file *linear = new_ef(0x02, 4, 0, 3), *cyclic = new_ef(0x06, 4, 0, 3);

	assert_int_equal(append(linear, "aaaa"), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(append(cyclic, "aaaa"), SW_NOT_ENOUGH_MEMORY);
	fs_delete(fs, linear);
	fs_delete(fs, cyclic);
}

static void size_bounds_all_records_together(void **state)
{
	struct file *file = new_ef(0x04, 6, 10, 10);

	assert_int_equal(append(file, "aaaaaa"), SW_OK);
	assert_int_equal(append(file, "bbbbb"), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(append(file, "bbbb"), SW_OK);
	assert_int_equal(append(file, ""), SW_OK);
	assert_int_equal(records_update(file, 1, bytes_of_string("a")), SW_OK);
	assert_int_equal(records_update(file, 3, bytes_of_string("cccccc")), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(records_update(file, 3, bytes_of_string("ccccc")), SW_OK);
	expect(file, "a,bbbb,ccccc");
	assert_int_equal(records_erase(file, 2), SW_OK);
	expect(file, "a,,ccccc");
	assert_int_equal(records_write(file, 2, bytes_of_string("dddd")), SW_OK);
	assert_int_equal(
	    records_write(file, 2, bytes_of_string("eeee")), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(records_write(file, 2, bytes_of_string("eee")), SW_WRONG_LENGTH);
	expect(file, "a,dddd,ccccc");
	fs_delete(fs, file);
}

static void parts(void **state)
{
	struct file *file = new_ef(0x02, 4, 2, 8);

	assert_int_equal(append(file, "abcd"), SW_OK);
	assert_int_equal(records_update_part(file, 1, 1, bytes_of_string("XY")), SW_OK);
	expect(file, "aXYd");
	assert_int_equal(records_update_part(file, 1, 4, bytes_of_string("")), SW_WRONG_OFFSET);
	assert_int_equal(
	    records_update_part(file, 1, 3, bytes_of_string("XY")), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(
	    records_update_part(file, 2, 0, bytes_of_string("X")), SW_RECORD_NOT_FOUND);
	assert_int_equal(
	    records_update_part(file, 1, SIZE_MAX, bytes_of_string("X")), SW_WRONG_OFFSET);
	expect(file, "aXYd");
	fs_delete(fs, file);
}

static void kinds(void **state)
{
	static const struct {
		uint8_t descriptor;
		bool cyclic, fixed, tlv;
	} cases[] = {
		{ 0x02, false, true, false },
		{ 0x03, false, true, true },
		{ 0x04, false, false, false },
		{ 0x05, false, false, true },
		{ 0x06, true, true, false },
		{ 0x07, true, true, true },
		{ 0x46, true, true, false },
		{ 0x0C, false, false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file *file = new_ef(cases[i].descriptor, 4, 2, 8);

		assert_int_equal(records_are_cyclic(file), cases[i].cyclic);
		assert_int_equal(records_are_fixed(file), cases[i].fixed);
		assert_int_equal(records_are_tlv(file), cases[i].tlv);
		fs_delete(fs, file);
	}
}

static void identifiers(void **state)
{
	static const uint8_t records[][4] = { { 0x01, 0x02 }, { 0xFE, 0x02 } };
	struct file *tlv = new_ef(0x03, 4, 3, 12), *plain = new_ef(0x02, 4, 3, 12);

	for (size_t i = 0; i < COUNT(records); i++) {
		assert_int_equal(records_append(tlv, BYTES_OF_ARRAY(records[i])), SW_OK);
		assert_int_equal(records_append(plain, BYTES_OF_ARRAY(records[i])), SW_OK);
		assert_int_equal(records_identifier(tlv, i + 1), records[i][0]);
		assert_int_equal(records_identifier(plain, i + 1), 0);
	}
	assert_int_equal(records_identifier(tlv, 3), 0);
	assert_int_equal(records_erase(tlv, 1), SW_OK);
	assert_int_equal(records_identifier(tlv, 1), 0);
	fs_delete(fs, tlv);
	fs_delete(fs, plain);
}

static void records_that_are_there_at_once(void **state)
{
	struct fs_parameters parameters = { .descriptor = 0x02,
		.data_coding = 0x61,
		.fid = 0x7777,
		.size = 11,
		.record_size = 4,
		.max_records = 3,
		.n_records = 3 };
	struct file *file = NULL;
	struct bytes record;

	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &file), ERR_LIMIT);
	parameters.size = 12;
	parameters.n_records = 4;
	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &file), ERR_LIMIT);
	parameters.n_records = 3;
	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &file), 0);
	assert_int_equal(records_count(file), 3);
	assert_int_equal(records_read(file, 3, &record), SW_OK);
	assert_true(bytes_equal(record, bytes_of_string("\xFF\xFF\xFF\xFF")));
	fs_delete(fs, file);
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

static void lack_of_memory_changes_nothing(void **state)
{
	struct file *file = new_ef(0x06, 1, 2, 2);

	assert_int_equal(append(file, "a"), SW_OK);
	assert_int_equal(append(file, "b"), SW_OK);
	alloc_fail_at(1);
	assert_int_equal(append(file, "c"), SW_MEMORY_FAILURE);
	assert_true(alloc_stop());
	alloc_fail_at(1);
	assert_int_equal(records_update(file, 1, bytes_of_string("c")), SW_MEMORY_FAILURE);
	assert_true(alloc_stop());
	expect(file, "b,a");
	fs_delete(fs, file);
}

static int set_up(void **state)
{
	return fs_new(MEMORY, &fs);
}

static int tear_down(void **state)
{
	fs_free(fs);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ef_has_its_own),
		cmocka_unit_test(cyclic_puts_the_newest_first),
		cmocka_unit_test(numbers_end_at_254),
		cmocka_unit_test(an_ef_of_no_records_takes_none),
		cmocka_unit_test(size_bounds_all_records_together),
		cmocka_unit_test(parts),
		cmocka_unit_test(kinds),
		cmocka_unit_test(identifiers),
		cmocka_unit_test(records_that_are_there_at_once),
		cmocka_unit_test(lack_of_memory_changes_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
