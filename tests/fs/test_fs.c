/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "exact.h"
#include "fs/fs.h"
#include "fs/objects.h"
#include "fs/records.h"
#include "fs/transparent.h"

#define MEMORY 4096

static struct fs *new_fs(void)
{
	struct fs *fs = NULL;

	assert_int_equal(fs_new(MEMORY, &fs), 0);
	return fs;
}

static struct fs_parameters ef(uint16_t fid, uint8_t sfi, size_t size)
{
	return (struct fs_parameters){ .descriptor = 0x01, .fid = fid, .sfi = sfi, .size = size };
}

static struct fs_parameters df(uint16_t fid, const char *name)
{
	return (
	    struct fs_parameters){ .descriptor = 0x38, .fid = fid, .name = bytes_of_string(name) };
}

static struct file *add(struct fs *fs, struct file *parent, struct fs_parameters parameters)
{
	struct file *file = NULL;

	assert_int_equal(fs_create(fs, parent, &parameters, &file), 0);
	assert_non_null(file);
	return file;
}

static int try_add(struct fs *fs, struct file *parent, struct fs_parameters parameters)
{
	struct file *file = NULL;
	int r = fs_create(fs, parent, &parameters, &file);

	assert_true((r == 0) == (file != NULL));
	return r;
}

static void new_tree_is_an_mf(void **state)
{
	struct fs *fs = new_fs();
	const struct file *mf = fs_mf(fs);

	assert_int_equal(file_fid(mf), 0x3F00);
	assert_true(file_is_df(mf));
	assert_null(file_parent(mf));
	assert_int_equal(file_name(mf).len, 0);
	assert_int_equal(fs_memory_left(fs), MEMORY);
	fs_free(fs);
	fs_free(NULL);
	assert_int_equal(fs_new(FS_MEMORY_MAX + 1, &fs), ERR_LIMIT);
}

static void identifiers_are_unique_in_a_df(void **state)
{
	struct fs *fs = new_fs();
	struct file *mf = fs_mf(fs);
	struct file *one = add(fs, mf, df(0x5001, ""));

	(void)add(fs, mf, ef(0x0001, 1, 1));
	assert_int_equal(try_add(fs, mf, ef(0x0001, 2, 1)), ERR_EXISTS);
	assert_int_equal(try_add(fs, mf, ef(0x0002, 1, 1)), ERR_EXISTS);
	assert_int_equal(try_add(fs, mf, df(0x0001, "")), ERR_EXISTS);
	(void)add(fs, mf, ef(0x0002, 0, 1));
	(void)add(fs, mf, ef(0x0003, 0, 1)); /* no short identifier is not one that is taken */
	(void)add(fs, one, ef(0x0001, 1, 1));
	fs_free(fs);
}

static void memory_is_counted_and_given_back(void **state)
{
	struct fs *fs = new_fs();
	struct file *mf = fs_mf(fs);
	struct file *sub;

	assert_int_equal(try_add(fs, mf, ef(1, 0, MEMORY - FS_FILE_COST + 1)), ERR_LIMIT);
	assert_int_equal(try_add(fs, mf, ef(1, 0, SIZE_MAX)), ERR_LIMIT);
	assert_int_equal(fs_memory_left(fs), MEMORY);
	fs_delete(fs, add(fs, mf, ef(1, 0, MEMORY - FS_FILE_COST)));
	assert_int_equal(fs_memory_left(fs), MEMORY);
	sub = add(fs, mf, df(0x5001, "a"));
	(void)add(fs, sub, ef(1, 0, 100));
	(void)add(fs, add(fs, sub, df(0x5002, "b")), ef(1, 0, 100));
	assert_int_equal(fs_memory_left(fs), MEMORY - 4 * FS_FILE_COST - 200);
	fs_delete(fs, sub);
	assert_int_equal(fs_memory_left(fs), MEMORY);
	assert_null(fs_child(mf, 0x5001));
	fs_free(fs);
}

static void files_without_contents_cost_too(void **state)
{
	struct fs *fs = new_fs();

	for (uint16_t i = 1; i <= MEMORY / FS_FILE_COST; i++)
		(void)add(fs, fs_mf(fs), ef(i, 0, 0));
	assert_int_equal(fs_memory_left(fs), 0);
	assert_int_equal(try_add(fs, fs_mf(fs), ef(0x1000, 0, 0)), ERR_LIMIT);
	fs_free(fs);
}

static void depth_is_limited(void **state)
{
	struct fs *fs = new_fs();
	struct file *file = fs_mf(fs);

	for (uint16_t i = 1; i <= FS_DEPTH_MAX; i++)
		file = add(fs, file, df(0x5000 + i, ""));
	assert_int_equal(try_add(fs, file, df(0x6000, "")), ERR_LIMIT);
	(void)add(fs, file, ef(0x6000, 0, 1)); /* an EF in the deepest DF */
	fs_free(fs);
}

static void unsupported_kinds(void **state)
{
	static const uint8_t descriptors[] = { 0x00, 0x08, 0x10, 0x17, 0x30, 0x3A, 0x3F, 0x81,
		0xB8 };
	struct fs *fs = new_fs();

	for (size_t i = 0; i < sizeof descriptors; i++) {
		struct fs_parameters parameters = { .descriptor = descriptors[i], .fid = 1 };

		assert_int_equal(try_add(fs, fs_mf(fs), parameters), ERR_UNSUPPORTED);
	}
	fs_free(fs);
}

static void supported_kinds(void **state)
{
	static const struct {
		uint8_t descriptor;
		enum file_kind kind;
	} cases[] = {
		{ 0x01, FILE_TRANSPARENT },
		{ 0x41, FILE_TRANSPARENT }, /* shareable */
		{ 0x09, FILE_TRANSPARENT }, /* internal */
		{ 0x38, FILE_DF },
		{ 0x78, FILE_DF },
		{ 0x02, FILE_RECORDS },
		{ 0x43, FILE_RECORDS },
		{ 0x0C, FILE_RECORDS },
		{ 0x05, FILE_RECORDS },
		{ 0x06, FILE_RECORDS },
		{ 0x07, FILE_RECORDS },
		{ 0x39, FILE_OBJECTS },
		{ 0x79, FILE_OBJECTS },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		enum file_kind kind;

		assert_true(file_kind_of(cases[i].descriptor, &kind));
		assert_int_equal(kind, cases[i].kind);
	}
}

static void first_middle_and_last_child_can_go(void **state)
{
	for (uint16_t gone = 1; gone <= 3; gone++) {
		struct fs *fs = new_fs();
		struct file *mf = fs_mf(fs);

		for (uint16_t i = 1; i <= 3; i++)
			(void)add(fs, mf, ef(i, 0, 1));
		fs_delete(fs, fs_child(mf, gone));
		for (uint16_t i = 1; i <= 3; i++)
			assert_true((fs_child(mf, i) == NULL) == (i == gone));
		(void)add(fs, mf, ef(gone, 0, 1));
		assert_non_null(fs_child(mf, gone));
		fs_free(fs);
	}
}

static void paths(void **state)
{
	static const struct {
		const char *name, *path;
		uint16_t want; /* 0: not found */
	} cases[] = {
		{ "empty: the DF itself", "", 0x3F00 },
		{ "one step", "5001", 0x5001 },
		{ "two steps", "50015002", 0x5002 },
		{ "an EF at the end", "500150020001", 0x0001 },
		{ "an EF in the middle", "50010002 0001", 0 },
		{ "an unknown file", "5009", 0 },
		{ "an unknown file behind a known one", "50015009", 0 },
		{ "half an identifier", "500150", 0 },
		{ "one byte", "50", 0 },
	};
	struct fs *fs = new_fs();
	struct file *mf = fs_mf(fs);
	struct file *one = add(fs, mf, df(0x5001, ""));

	(void)add(fs, add(fs, one, df(0x5002, "")), ef(0x0001, 0, 1));
	(void)add(fs, one, ef(0x0002, 0, 1));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact path = exact_of_hex(cases[i].path);
		const struct file *file = fs_by_path(mf, path.bytes);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(file != NULL ? file_fid(file) : 0, cases[i].want);
		exact_free(&path);
	}
	fs_free(fs);
}

static uint16_t by_name(
    struct fs *fs, const char *name, enum fs_occurrence occurrence, uint16_t current)
{
	const struct file *from = current == 0x3F00 ? fs_mf(fs) : fs_child(fs_mf(fs), current);
	const struct file *found = fs_by_name(fs, bytes_of_string(name), occurrence, from);

	return found != NULL ? file_fid(found) : 0;
}

static void names(void **state)
{
	struct fs *fs = new_fs();
	struct file *mf = fs_mf(fs);
	struct file *app = add(fs, mf, df(0x5001, "ABC1"));

	(void)add(fs, app, df(0x5002, "ABC2"));
	(void)add(fs, mf, df(0x5003, "")); /* without a name: never found by one */
	(void)add(fs, mf, df(0x5004, "ABC"));
	(void)add(fs, mf, df(0x5005, "XYZ"));

	assert_int_equal(by_name(fs, "ABC2", FS_FIRST, 0x3F00), 0x5002);
	assert_int_equal(by_name(fs, "ABC", FS_FIRST, 0x3F00), 0x5004); /* exact before partial */
	assert_int_equal(by_name(fs, "AB", FS_FIRST, 0x3F00), 0x5001);
	assert_int_equal(by_name(fs, "AB", FS_LAST, 0x3F00), 0x5004);
	assert_int_equal(by_name(fs, "AB", FS_NEXT, 0x3F00), 0x5001);
	assert_int_equal(by_name(fs, "AB", FS_NEXT, 0x5001), 0x5002);
	assert_int_equal(by_name(fs, "AB", FS_NEXT, 0x5003), 0x5004);
	assert_int_equal(by_name(fs, "AB", FS_NEXT, 0x5004), 0);
	assert_int_equal(by_name(fs, "AB", FS_PREVIOUS, 0x5004), 0x5002);
	assert_int_equal(by_name(fs, "AB", FS_PREVIOUS, 0x5001), 0);
	assert_int_equal(by_name(fs, "AB", FS_PREVIOUS, 0x3F00), 0);
	assert_int_equal(by_name(fs, "ABC12", FS_FIRST, 0x3F00), 0);
	assert_int_equal(by_name(fs, "Q", FS_LAST, 0x3F00), 0);
	fs_free(fs);
}

static void within(void **state)
{
	struct fs *fs = new_fs();
	struct file *mf = fs_mf(fs);
	struct file *one = add(fs, mf, df(0x5001, ""));
	struct file *two = add(fs, one, df(0x5002, ""));

	assert_true(fs_is_within(two, mf));
	assert_true(fs_is_within(two, one));
	assert_true(fs_is_within(two, two));
	assert_false(fs_is_within(one, two));
	fs_free(fs);
}

static void parameters_come_back(void **state)
{
	struct fs *fs = new_fs();
	struct fs_parameters given = { .descriptor = 0x41,
		.data_coding = 0x21,
		.fid = 0x0102,
		.sfi = 30,
		.life_cycle = 0x03,
		.size = 10 };
	struct fcp fcp;

	file_fcp(add(fs, fs_mf(fs), given), &fcp);
	assert_int_equal(fcp.descriptor, 0x41);
	assert_true(fcp.has_data_coding);
	assert_int_equal(fcp.data_coding, 0x21);
	assert_int_equal(fcp.fid, 0x0102);
	assert_int_equal(fcp.sfi, 30);
	assert_int_equal(fcp.life_cycle, 0x03);
	assert_int_equal(fcp.size, 10);
	assert_int_equal(fcp.total_size, 10);
	file_fcp(add(fs, fs_mf(fs), df(0x5001, "name")), &fcp);
	assert_int_equal(fcp.descriptor, 0x38);
	assert_false(fcp.has_data_coding || fcp.has_size || fcp.has_sfi);
	assert_true(bytes_equal(fcp.df_name, bytes_of_string("name")));
	fs_free(fs);
}

static void lack_of_memory_leaves_the_tree_as_it_was(void **state)
{
	struct fs *fs = NULL;
	struct file *file = NULL;
	struct fs_parameters parameters = ef(1, 1, 100);
	int r;

	for (unsigned n = 0;; n++) {
		alloc_fail_at(n + 1);
		r = fs_new(MEMORY, &fs);
		if (!alloc_stop())
			break;
		assert_int_equal(r, ERR_NO_MEMORY);
	}
	for (unsigned n = 0;; n++) {
		alloc_fail_at(n + 1);
		r = fs_create(fs, fs_mf(fs), &parameters, &file);
		if (!alloc_stop())
			break;
		assert_int_equal(r, ERR_NO_MEMORY);
		assert_int_equal(fs_memory_left(fs), MEMORY);
		assert_null(fs_child(fs_mf(fs), 1));
	}
	assert_int_equal(r, 0);
	fs_free(fs);
}

/* Whether the number is another one than at the last call. */
static bool has_changed(const struct fs *fs)
{
	static uint64_t last;
	bool changed = fs_changes(fs) != last;

	last = fs_changes(fs);
	return changed;
}

static void changes_are_counted(void **state)
{
	static const uint8_t data[] = { 1, 2 };
	const struct fs_parameters records = {
		.descriptor = 0x02, .fid = 2, .size = 8, .record_size = 2, .max_records = 4
	};
	const struct fs_parameters mf = { .life_cycle = FCP_LIFE_CYCLE_ACTIVATED };
	struct fs *fs = new_fs();
	struct file *transparent, *list;
	struct bytes out;

	(void)has_changed(fs);
	transparent = add(fs, fs_mf(fs), ef(1, 0, 4));
	assert_true(has_changed(fs));
	list = add(fs, fs_mf(fs), records);
	assert_true(has_changed(fs));
	assert_int_equal(fs_set_mf(fs, &mf), 0);
	assert_true(has_changed(fs));
	assert_int_equal(transparent_update(transparent, 0, BYTES_OF_ARRAY(data)), SW_OK);
	assert_true(has_changed(fs));
	assert_int_equal(records_restore(list, BYTES_OF_ARRAY(data)), 0);
	assert_true(has_changed(fs));
	assert_int_equal(objects_put(fs_mf(fs), 0x80, BYTES_OF_ARRAY(data)), 0);
	assert_true(has_changed(fs));

	/* What reads, and what is refused, changes nothing. */
	assert_int_equal(transparent_read(transparent, 0, 4, &out), SW_OK);
	assert_int_equal(records_read(list, 1, &out), SW_OK);
	assert_true(objects_find(fs_mf(fs), 0x80, &out));
	assert_int_equal(
	    transparent_update(transparent, 3, BYTES_OF_ARRAY(data)), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(records_restore(list, bytes_of(data, 1)), ERR_LIMIT);
	assert_false(objects_remove(fs_mf(fs), 0x81));
	assert_int_equal(try_add(fs, fs_mf(fs), ef(1, 0, 4)), ERR_EXISTS);
	assert_false(has_changed(fs));

	assert_true(objects_remove(fs_mf(fs), 0x80));
	assert_true(has_changed(fs));
	file_set_life_cycle(list, FCP_LIFE_CYCLE_DEACTIVATED);
	assert_true(has_changed(fs));
	fs_delete(fs, list);
	assert_true(has_changed(fs));
	fs_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_tree_is_an_mf),
		cmocka_unit_test(identifiers_are_unique_in_a_df),
		cmocka_unit_test(memory_is_counted_and_given_back),
		cmocka_unit_test(files_without_contents_cost_too),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(unsupported_kinds),
		cmocka_unit_test(supported_kinds),
		cmocka_unit_test(first_middle_and_last_child_can_go),
		cmocka_unit_test(paths),
		cmocka_unit_test(names),
		cmocka_unit_test(within),
		cmocka_unit_test(parameters_come_back),
		cmocka_unit_test(changes_are_counted),
		cmocka_unit_test(lack_of_memory_leaves_the_tree_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
