/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transparent EFs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "exact.h"
#include "fs/fs.h"
#include "fs/transparent.h"

/* Data coding bytes by what WRITE does. */
enum { ONCE = 0x01, EXCLUSIVE_OR = 0x21, OR = 0x41, AND = 0x61 };

static struct fs *fs;

static struct file *new_file(uint8_t data_coding, size_t size)
{
	struct fs_parameters parameters = {
		.descriptor = 0x01, .data_coding = data_coding, .fid = 1, .size = size
	};
	struct file *file = fs_child(fs_mf(fs), 1);

	if (file != NULL)
		fs_delete(fs, file);
	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &file), 0);
	return file;
}

static enum sw change(enum sw (*act)(struct file *, size_t, struct bytes), struct file *file,
    size_t offset, const char *hex)
{
	struct exact data = exact_of_hex(hex);
	enum sw sw = act(file, offset, data.bytes);

	exact_free(&data);
	return sw;
}

static void assert_contents(const struct file *file, const char *hex)
{
	struct bytes data;

	assert_int_equal(transparent_read(file, 0, SIZE_MAX, &data), SW_OK);
	assert_bytes_hex(data, hex);
}

static void reading(void **state)
{
	static const struct {
		const char *name;
		size_t offset, n;
		enum sw sw;
		const char *data;
	} cases[] = {
		{ "all", 0, 4, SW_OK, "01020304" },
		{ "more than there is", 0, 100, SW_OK, "01020304" },
		{ "nothing", 0, 0, SW_OK, "" },
		{ "the middle", 1, 2, SW_OK, "0203" },
		{ "the last byte", 3, 1, SW_OK, "04" },
		{ "beyond the end", 3, SIZE_MAX, SW_OK, "04" },
		{ "at the end", 4, 1, SW_WRONG_OFFSET, "" },
		{ "behind the end", 5, 1, SW_WRONG_OFFSET, "" },
		{ "far behind", SIZE_MAX, SIZE_MAX, SW_WRONG_OFFSET, "" },
	};
	struct file *file = new_file(ONCE, 4);

	assert_int_equal(change(transparent_update, file, 0, "01020304"), SW_OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes data = { 0 };

		print_message("# %s\n", cases[i].name);
		assert_int_equal(
		    transparent_read(file, cases[i].offset, cases[i].n, &data), cases[i].sw);
		assert_bytes_hex(data, cases[i].data);
	}
}

static void updating(void **state)
{
	static const struct {
		const char *name;
		size_t offset;
		const char *data;
		enum sw sw;
		const char *after;
	} cases[] = {
		{ "all", 0, "AABBCCDD", SW_OK, "AABBCCDD" },
		{ "the beginning", 0, "AA", SW_OK, "AA020304" },
		{ "the end", 2, "CCDD", SW_OK, "0102CCDD" },
		{ "one byte too many", 0, "AABBCCDDEE", SW_NOT_ENOUGH_MEMORY, "01020304" },
		{ "over the end", 3, "DDEE", SW_NOT_ENOUGH_MEMORY, "01020304" },
		{ "at the end", 4, "EE", SW_WRONG_OFFSET, "01020304" },
		{ "far behind", SIZE_MAX, "EE", SW_WRONG_OFFSET, "01020304" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file *file = new_file(ONCE, 4);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(change(transparent_update, file, 0, "01020304"), SW_OK);
		assert_int_equal(
		    change(transparent_update, file, cases[i].offset, cases[i].data), cases[i].sw);
		assert_contents(file, cases[i].after);
	}
}

/* 7816-4, card capabilities: bits 7 and 6 of the data coding byte. */
static void writing(void **state)
{
	static const struct {
		const char *name;
		uint8_t data_coding;
		const char *first, *second;
		enum sw sw;
		const char *after;
	} cases[] = {
		{ "once", ONCE, "0F", "", SW_OK, "0F00" },
		{ "once, a second time", ONCE, "0F", "F0", SW_CONDITIONS_NOT_SATISFIED, "0F00" },
		{ "once, partly a second time", ONCE, "0F", "0FF0", SW_CONDITIONS_NOT_SATISFIED,
		    "0F00" },
		{ "OR", OR, "0F33", "3344", SW_OK, "3F77" },
		{ "AND", AND, "0F33", "33F1", SW_OK, "0331" },
		{ "AND from the erased state", AND, "0F", "", SW_OK, "0FFF" },
		{ "exclusive OR", EXCLUSIVE_OR, "0F33", "33FF", SW_OK, "3CCC" },
		{ "over the end", OR, "0F33", "FFFFFF", SW_NOT_ENOUGH_MEMORY, "0F33" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file *file = new_file(cases[i].data_coding, 2);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(change(transparent_write, file, 0, cases[i].first), SW_OK);
		assert_int_equal(change(transparent_write, file, 0, cases[i].second), cases[i].sw);
		assert_contents(file, cases[i].after);
	}
}

static void erasing(void **state)
{
	static const struct {
		const char *name;
		uint8_t data_coding;
		size_t offset, end;
		enum sw sw;
		const char *after;
	} cases[] = {
		{ "all", ONCE, 0, 4, SW_OK, "00000000" },
		{ "all, erased is FF", AND, 0, 4, SW_OK, "FFFFFFFF" },
		{ "the middle", ONCE, 1, 3, SW_OK, "01000004" },
		{ "nothing", ONCE, 1, 1, SW_WRONG_OFFSET, "01020304" },
		{ "backwards", ONCE, 2, 1, SW_WRONG_OFFSET, "01020304" },
		{ "over the end", ONCE, 0, 5, SW_WRONG_OFFSET, "01020304" },
		{ "behind the end", ONCE, 5, 6, SW_WRONG_OFFSET, "01020304" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file *file = new_file(cases[i].data_coding, 4);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(change(transparent_update, file, 0, "01020304"), SW_OK);
		assert_int_equal(
		    transparent_erase(file, cases[i].offset, cases[i].end), cases[i].sw);
		assert_contents(file, cases[i].after);
	}
}

static void written_once_can_be_written_again_when_erased(void **state)
{
	struct file *file = new_file(ONCE, 1);

	assert_int_equal(change(transparent_write, file, 0, "12"), SW_OK);
	assert_int_equal(transparent_erase(file, 0, 1), SW_OK);
	assert_int_equal(change(transparent_write, file, 0, "34"), SW_OK);
	assert_contents(file, "34");
}

static void empty_file(void **state)
{
	struct file *file = new_file(ONCE, 0);
	struct bytes data;

	assert_int_equal(transparent_size(file), 0);
	assert_contents(file, "");
	assert_int_equal(transparent_read(file, 1, 1, &data), SW_WRONG_OFFSET);
	assert_int_equal(change(transparent_update, file, 0, ""), SW_OK);
	assert_int_equal(change(transparent_update, file, 0, "01"), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(change(transparent_write, file, 0, "01"), SW_NOT_ENOUGH_MEMORY);
	assert_int_equal(transparent_erase(file, 0, 0), SW_OK);
	assert_int_equal(transparent_erase(file, 0, 1), SW_WRONG_OFFSET);
}

static int set_up(void **state)
{
	return fs_new(4096, &fs);
}

static int tear_down(void **state)
{
	fs_free(fs);
	return 0;
}

static void resizing(void **state)
{
	struct file *file = new_file(ONCE, 3);
	size_t left = fs_memory_left(fs);
	uint64_t changes = fs_changes(fs);

	assert_int_equal(change(transparent_update, file, 0, "010203"), SW_OK);
	assert_int_equal(transparent_resize(file, 5), 0);
	assert_contents(file, "010203 0000");
	assert_int_equal(fs_memory_left(fs), left - 2);
	assert_int_equal(transparent_resize(file, 2), 0);
	assert_contents(file, "0102");
	assert_int_equal(fs_memory_left(fs), left + 1);
	assert_int_equal(transparent_resize(file, 0), 0);
	assert_int_equal(transparent_size(file), 0);
	assert_int_equal(transparent_resize(file, 1), 0);
	assert_contents(file, "00");
	assert_true(fs_changes(fs) > changes);
	fs_delete(fs, file);
	assert_int_equal(fs_memory_left(fs), left + 3 + FS_FILE_COST);
}

static void resizing_beyond_the_card_changes_nothing(void **state)
{
	struct file *file = new_file(ONCE, 1);
	size_t left = fs_memory_left(fs);

	assert_int_equal(change(transparent_update, file, 0, "07"), SW_OK);
	assert_int_equal(transparent_resize(file, left + 2), ERR_LIMIT);
	assert_contents(file, "07");
	assert_int_equal(fs_memory_left(fs), left);
	assert_int_equal(transparent_resize(file, left + 1), 0);
	assert_int_equal(fs_memory_left(fs), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(updating),
		cmocka_unit_test(writing),
		cmocka_unit_test(erasing),
		cmocka_unit_test(written_once_can_be_written_again_when_erased),
		cmocka_unit_test(empty_file),
		cmocka_unit_test(resizing),
		cmocka_unit_test(resizing_beyond_the_card_changes_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
