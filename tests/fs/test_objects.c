/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data objects of DFs and of EFs with BER-TLV structure, and what they cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "fs/fs.h"
#include "fs/objects.h"

#define MEMORY 100000

static struct fs *fs;
static struct file *mf;

static struct file *new_ef(size_t size)
{
	struct fs_parameters parameters = { .descriptor = 0x39, .fid = 1, .size = size };
	struct file *file = NULL;

	assert_int_equal(fs_create(fs, mf, &parameters, &file), 0);
	return file;
}

static void expect(const struct file *file, uint32_t tag, const char *want)
{
	struct bytes value;

	assert_int_equal(objects_find(file, tag, &value), want != NULL);
	if (want != NULL)
		assert_true(bytes_equal(value, bytes_of_string(want)));
}

static void put_find_replace_remove(void **state)
{
	struct tlv tlv;

	expect(mf, 0x42, NULL);
	assert_int_equal(objects_put(mf, 0x42, bytes_of_string("one")), 0);
	assert_int_equal(objects_put(mf, 0x5F50, bytes_of_string("two")), 0);
	assert_int_equal(objects_put(mf, 0x43, bytes_of_string("")), 0);
	assert_int_equal(objects_put(mf, 0x42, bytes_of_string("other")), 0);
	expect(mf, 0x42, "other");
	expect(mf, 0x5F50, "two");
	expect(mf, 0x43, "");
	assert_true(objects_at(mf, 0, &tlv));
	assert_int_equal(tlv.tag, 0x42); /* keeps its place */
	assert_true(objects_at(mf, 2, &tlv));
	assert_int_equal(tlv.tag, 0x43);
	assert_false(objects_at(mf, 3, &tlv));
	assert_true(objects_remove(mf, 0x5F50));
	assert_false(objects_remove(mf, 0x5F50));
	expect(mf, 0x5F50, NULL);
	assert_true(objects_remove(mf, 0x42) && objects_remove(mf, 0x43));
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

/* Of an EF: as much as the encoding takes, of its own size. */
static void an_ef_is_full_when_it_is(void **state)
{
	static const struct {
		uint32_t tag;
		size_t len, cost;
	} cases[] = {
		{ 0x80, 0, 2 },
		{ 0x80, 127, 129 },
		{ 0x80, 128, 131 },
		{ 0x80, 255, 258 },
		{ 0x80, 256, 260 },
		{ 0x5F50, 1, 4 },
		{ 0x5FC101, 1, 5 },
	};
	static const uint8_t zeros[300];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file *file = new_ef(cases[i].cost - 1);
		struct bytes value = bytes_of(zeros, cases[i].len);

		assert_int_equal(objects_put(file, cases[i].tag, value), ERR_LIMIT);
		fs_delete(fs, file);
		file = new_ef(cases[i].cost);
		assert_int_equal(objects_put(file, cases[i].tag, value), 0);
		assert_int_equal(objects_put(file, cases[i].tag, value), 0);
		assert_int_equal(objects_put(file, 0x81, bytes_of(NULL, 0)), ERR_LIMIT);
		fs_delete(fs, file);
	}
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

static void a_df_takes_of_the_cards_memory(void **state)
{
	static const uint8_t zeros[MEMORY];
	struct file *file = NULL;
	struct fs_parameters parameters = { .descriptor = 0x38, .fid = 1 };

	assert_int_equal(objects_put(mf, 0x42, BYTES_OF_ARRAY(zeros)), ERR_LIMIT);
	assert_int_equal(fs_memory_left(fs), MEMORY);
	assert_int_equal(fs_create(fs, mf, &parameters, &file), 0);
	assert_int_equal(objects_put(file, 0x42, bytes_of(zeros, 90000)), 0);
	assert_true(fs_memory_left(fs) < 10000);
	assert_int_equal(objects_put(file, 0x43, bytes_of(zeros, 10000)), ERR_LIMIT);
	assert_int_equal(objects_put(file, 0x42, bytes_of(zeros, 10)), 0);
	assert_true(fs_memory_left(fs) > 90000);
	assert_int_equal(environment_put(file, 3, bytes_of(zeros, 50000)), 0);
	assert_int_equal(objects_put(file, 0x43, bytes_of(zeros, 50000)), ERR_LIMIT);
	fs_delete(fs, file);
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

static void their_number_is_limited(void **state)
{
	for (uint32_t i = 0; i < OBJECTS_MAX; i++)
		assert_int_equal(objects_put(mf, 0x5F8100 + i, bytes_of(NULL, 0)), 0);
	assert_int_equal(objects_put(mf, 0x42, bytes_of(NULL, 0)), ERR_LIMIT);
	assert_int_equal(objects_put(mf, 0x5F8100, bytes_of_string("x")), 0);
	for (uint32_t i = 0; i < OBJECTS_MAX; i++)
		assert_true(objects_remove(mf, 0x5F8100 + i));
	assert_int_equal(fs_memory_left(fs), MEMORY);
}

static void environments_are_apart_from_objects(void **state)
{
	struct bytes value;

	assert_int_equal(environment_put(mf, 14, bytes_of_string("env")), 0);
	assert_true(environment_find(mf, 14, &value));
	assert_true(bytes_equal(value, bytes_of_string("env")));
	assert_false(environment_find(mf, 1, &value));
	assert_false(objects_find(mf, 14, &value));
	assert_true(environment_remove(mf, 14));
	assert_false(environment_remove(mf, 14));
}

static void lack_of_memory_changes_nothing(void **state)
{
	struct file *file = new_ef(20);

	assert_int_equal(objects_put(file, 0x80, bytes_of_string("old")), 0);
	alloc_fail_at(1);
	assert_int_equal(objects_put(file, 0x80, bytes_of_string("new")), ERR_NO_MEMORY);
	assert_true(alloc_stop());
	alloc_fail_at(1);
	assert_int_equal(objects_put(file, 0x81, bytes_of_string("new")), ERR_NO_MEMORY);
	assert_true(alloc_stop());
	expect(file, 0x80, "old");
	expect(file, 0x81, NULL);
	fs_delete(fs, file);
}

static int set_up(void **state)
{
	if (fs_new(MEMORY, &fs) < 0)
		return -1;
	mf = fs_mf(fs);
	return 0;
}

static int tear_down(void **state)
{
	fs_free(fs);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_find_replace_remove),
		cmocka_unit_test(an_ef_is_full_when_it_is),
		cmocka_unit_test(a_df_takes_of_the_cards_memory),
		cmocka_unit_test(their_number_is_limited),
		cmocka_unit_test(environments_are_apart_from_objects),
		cmocka_unit_test(lack_of_memory_changes_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
