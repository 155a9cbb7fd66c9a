/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access rules: which are well formed, and what they allow to whom (ISO/IEC 7816-4, 9.3.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "exact.h"
#include "fs/fs.h"
#include "fs/objects.h"
#include "fs/records.h"
#include "fs/rules.h"

/* Somebody who has proved certain passwords and keys, and protects what the bits say. */
struct somebody {
	uint32_t passwords, keys; /* bit n: reference n, local ones from 16 on */
	unsigned protection;
};

static bool has(void *self, const struct file *df, enum rules_credential credential, int reference)
{
	const struct somebody *who = self;
	uint32_t set = credential == RULES_KEY ? who->keys : who->passwords;

	assert_non_null(df);
	if (reference == RULES_ANY_REFERENCE)
		return set != 0;
	return (set & (uint32_t)1 << ((reference & 0x0F) + ((reference & 0x80) != 0 ? 16 : 0))) !=
	    0;
}

static bool protects(void *self, unsigned protection)
{
	const struct somebody *who = self;

	return (who->protection & protection) == protection;
}

/* The file that is asked about is EF 0001 in DF 5100, with rules of one form. */
static struct fs *fs;
static struct file *df;

static struct file *new_ef(enum file_attribute which, struct bytes rules)
{
	struct fs_parameters parameters = { .descriptor = 0x01, .fid = 0x0001 };
	struct file *file = NULL;

	parameters.attributes[which] = rules;
	assert_int_equal(fs_create(fs, df, &parameters, &file), 0);
	return file;
}

static bool ask(
    const struct file *file, const struct rules_request *request, const struct somebody *who)
{
	struct somebody copy = *who;
	const struct rules_judge judge = { &copy, has, protects };

	return rules_allow(file, request, &judge);
}

static const struct somebody nobody = { 0 }, password_1 = { .passwords = 2 },
                             password_2 = { .passwords = 4 }, local_1 = { .passwords = 2 << 16 },
                             key_1 = { .keys = 2 }, both = { .passwords = 2, .keys = 2 },
                             checksum = { .protection = RULES_COMMAND_CHECKSUM },
                             cipher = { .protection =
	                                    RULES_COMMAND_CHECKSUM | RULES_COMMAND_CIPHER },
                             full = { .protection = 15 };

static const struct {
	const char *name, *rules;
	enum rules_mode mode;
	const struct somebody *who;
	bool want;
} compact[] = {
	{ "always", "01 00", RULES_EF_READ, &nobody, true },
	{ "never", "01 FF", RULES_EF_READ, &both, false },
	{ "not covered", "01 00", RULES_EF_UPDATE, &both, false },
	{ "no rule at all for a mode without a bit", "7F 00000000000000", RULES_NOT_BY_MODE, &both,
	    false },
	{ "conditions follow the bits from 7 to 1: delete", "43 FF 10 00", RULES_DELETE_SELF, &both,
	    false },
	{ "update", "43 FF 10 00", RULES_EF_UPDATE, &password_1, true },
	{ "read", "43 FF 10 00", RULES_EF_READ, &nobody, true },
	{ "all seven bits", "7F FF FF FF FF FF FF 00", RULES_EF_READ, &nobody, true },
	{ "all seven bits, the first", "7F 00 FF FF FF FF FF FF", RULES_DELETE_SELF, &nobody,
	    true },
	{ "bit 8 makes bits 7 to 4 proprietary", "C1 00 FF", RULES_DELETE_SELF, &nobody, false },
	{ "but not bits 3 to 1", "C1 FF 00", RULES_EF_READ, &nobody, true },
	{ "password: none", "01 10", RULES_EF_READ, &key_1, false },
	{ "password: any", "01 10", RULES_EF_READ, &password_2, true },
	{ "key: none", "01 20", RULES_EF_READ, &password_1, false },
	{ "key", "01 20", RULES_EF_READ, &key_1, true },
	{ "password or key", "01 30", RULES_EF_READ, &key_1, true },
	{ "password and key: one", "01 B0", RULES_EF_READ, &key_1, false },
	{ "password and key: both", "01 B0", RULES_EF_READ, &both, true },
	{ "secure messaging: none", "01 40", RULES_EF_READ, &both, false },
	{ "secure messaging", "01 40", RULES_EF_READ, &checksum, true },
	{ "bit 8 alone asks for nothing that could be", "01 80", RULES_EF_READ, &both, false },
	{ "environment alone", "01 01", RULES_EF_READ, &both, false },
	{ "default environment without contents", "01 11", RULES_EF_READ, &password_2, true },
	{ "environment that there is not", "01 12", RULES_EF_READ, &both, false },
	{ "reserved environment", "01 1F", RULES_EF_READ, &both, false },
	{ "environment 3: its password, 1", "01 13", RULES_EF_READ, &password_1, true },
	{ "environment 3: another password", "01 13", RULES_EF_READ, &password_2, false },
	{ "environment 3 has no key", "01 23", RULES_EF_READ, &both, false },
	{ "environment 3: checksum and cipher", "01 43", RULES_EF_READ, &checksum, true },
	{ "environment 4 of the DF above: key 1", "01 24", RULES_EF_READ, &key_1, true },
	{ "two sets: the first", "01 FF 01 10", RULES_EF_READ, &nobody, false },
	{ "two sets: the second", "01 FF 01 10", RULES_EF_READ, &password_1, true },
	{ "cut off", "03 00", RULES_EF_READ, &both, false },
	{ "cut off behind one that would do", "01 00 03 00", RULES_EF_READ, &both, false },
};

static const struct {
	const char *name, *rules;
	enum rules_mode mode;
	const struct somebody *who;
	bool want;
} expanded[] = {
	{ "always", "80 01 01 90 00", RULES_EF_READ, &nobody, true },
	{ "never", "80 01 01 97 00", RULES_EF_READ, &both, false },
	{ "not covered", "80 01 01 90 00", RULES_EF_UPDATE, &nobody, false },
	{ "several bits", "80 01 03 90 00", RULES_EF_UPDATE, &nobody, true },
	{ "two objects", "80 01 01 97 00 80 01 02 90 00", RULES_EF_UPDATE, &nobody, true },
	{ "one of two conditions", "80 01 01 97 00 90 00", RULES_EF_READ, &nobody, true },
	{ "the same bit twice", "80 01 01 97 00 80 01 01 90 00", RULES_EF_READ, &nobody, true },
	{ "proprietary bits", "80 01 C0 90 00", RULES_DELETE_SELF, &nobody, false },
	{ "proprietary access mode", "9C 01 01 90 00", RULES_EF_READ, &nobody, false },
	{ "condition byte", "80 01 01 9E 01 10", RULES_EF_READ, &password_1, true },
	{ "password 1", "80 01 01 A4 06 83 01 01 95 01 08", RULES_EF_READ, &password_1, true },
	{ "password 1, other order", "80 01 01 A4 06 95 01 08 83 01 01", RULES_EF_READ, &password_1,
	    true },
	{ "password 1, not 2", "80 01 01 A4 06 83 01 01 95 01 08", RULES_EF_READ, &password_2,
	    false },
	{ "password 1, not key 1", "80 01 01 A4 06 83 01 01 95 01 08", RULES_EF_READ, &key_1,
	    false },
	{ "a local one is another", "80 01 01 A4 06 83 01 81 95 01 08", RULES_EF_READ, &password_1,
	    false },
	{ "local password 1", "80 01 01 A4 06 83 01 81 95 01 08", RULES_EF_READ, &local_1, true },
	{ "key 1", "80 01 01 A4 06 83 01 01 95 01 80", RULES_EF_READ, &key_1, true },
	{ "key 1, not password 1", "80 01 01 A4 06 83 01 01 95 01 80", RULES_EF_READ, &password_1,
	    false },
	{ "without usage either", "80 01 01 A4 03 83 01 01", RULES_EF_READ, &key_1, true },
	{ "without reference any", "80 01 01 A4 03 95 01 08", RULES_EF_READ, &password_2, true },
	{ "a usage that is no authentication", "80 01 01 A4 06 83 01 01 95 01 30", RULES_EF_READ,
	    &both, false },
	{ "checksum", "80 01 01 B4 00", RULES_EF_READ, &checksum, true },
	{ "no checksum", "80 01 01 B4 00", RULES_EF_READ, &both, false },
	{ "checksum of the response", "80 01 01 B4 03 95 01 20", RULES_EF_READ, &cipher, false },
	{ "checksum of both", "80 01 01 B4 03 95 01 30", RULES_EF_READ, &full, true },
	{ "cipher", "80 01 01 B8 03 95 01 10", RULES_EF_READ, &checksum, false },
	{ "cipher", "80 01 01 B8 03 95 01 10", RULES_EF_READ, &cipher, true },
	{ "a usage that is no protection", "80 01 01 B4 03 95 01 08", RULES_EF_READ, &full, false },
	{ "signatures are not offered", "80 01 01 B6 00", RULES_EF_READ, &full, false },
	{ "OR", "80 01 01 A0 07 97 00 A4 03 83 01 01", RULES_EF_READ, &password_1, true },
	{ "OR of none", "80 01 01 A0 07 97 00 A4 03 83 01 01", RULES_EF_READ, &nobody, false },
	{ "AND", "80 01 01 AF 07 90 00 A4 03 83 01 01", RULES_EF_READ, &password_1, true },
	{ "AND of some", "80 01 01 AF 07 90 00 A4 03 83 01 01", RULES_EF_READ, &nobody, false },
	{ "NOT", "80 01 01 A7 05 A4 03 83 01 01", RULES_EF_READ, &nobody, true },
	{ "NOT of what holds", "80 01 01 A7 05 A4 03 83 01 01", RULES_EF_READ, &password_1, false },
	{ "nested", "80 01 01 AF 0B A0 07 97 00 A4 03 83 01 01 90 00", RULES_EF_READ, &password_1,
	    true },
	{ "by INS", "84 01 B0 90 00", RULES_EF_READ, &nobody, true },
	{ "by another INS", "84 01 D6 90 00", RULES_EF_READ, &nobody, false },
	{ "one of several INS", "84 03 D6 B1 B0 90 00", RULES_EF_READ, &nobody, true },
	{ "by CLA, whatever channel", "88 01 0F 90 00", RULES_EF_READ, &nobody, true },
	{ "by a proprietary CLA", "88 01 80 90 00", RULES_EF_READ, &nobody, false },
	{ "by the whole header", "8F 04 00 B0 81 02 90 00", RULES_EF_READ, &nobody, true },
	{ "by P2", "81 01 03 90 00", RULES_EF_READ, &nobody, false },
	{ "by P1", "82 01 81 90 00", RULES_EF_READ, &nobody, true },
	{ "a mode without a bit, by INS", "84 01 B0 90 00", RULES_NOT_BY_MODE, &nobody, true },
};

static struct rules_request request_of(enum rules_mode mode)
{
	return (struct rules_request){
		.mode = mode, .ins = 0xB0, .p1 = 0x81, .p2 = 0x02, .environment = 1
	};
}

static void compact_rules(void **state)
{
	for (size_t i = 0; i < COUNT(compact); i++) {
		struct exact rules = exact_of_hex(compact[i].rules);
		struct file *file = new_ef(FILE_SECURITY_COMPACT, rules.bytes);
		const struct rules_request request = request_of(compact[i].mode);

		print_message("# %s\n", compact[i].name);
		assert_int_equal(ask(file, &request, compact[i].who), compact[i].want);
		fs_delete(fs, file);
		exact_free(&rules);
	}
}

static void expanded_rules(void **state)
{
	for (size_t i = 0; i < COUNT(expanded); i++) {
		struct exact rules = exact_of_hex(expanded[i].rules);
		struct file *file = new_ef(FILE_SECURITY_EXPANDED, rules.bytes);
		const struct rules_request request = request_of(expanded[i].mode);

		print_message("# %s\n", expanded[i].name);
		assert_true(rules_expanded_are_valid(rules.bytes));
		assert_int_equal(ask(file, &request, expanded[i].who), expanded[i].want);
		fs_delete(fs, file);
		exact_free(&rules);
	}
}

/* Each of them is malformed, and so allows nothing to anybody. */
static void malformed_expanded_rules(void **state)
{
	static const char *const malformed[] = { "90 00", "80 01 01", "80 01 01 80 01 02 90 00",
		"80 02 01 01 90 00", "80 00 90 00", "80 01 01 90 01 00", "80 01 01 97 01 00",
		"80 01 01 9E 00", "80 01 01 9E 02 00 00", "80 01 01 A4 02 83 00",
		"80 01 01 A4 03 84 01 01", "80 01 01 A4 06 83 01 01 83 01 02", "80 01 01 A0 00",
		"80 01 01 A7 00", "80 01 01 AF 00", "80 01 01 A0 02 99 00", "80 01 01 99 00",
		"81 00 90 00", "83 01 D6 90 00", "87 04 D6 00 00 D6 90 00", "80 01 01 90",
		"80 01 01 A0 02 90", "80 01 01 90 00 80 01 01" };
	const struct rules_request request = request_of(RULES_EF_READ);

	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct exact rules = exact_of_hex(malformed[i]);
		struct file *file = new_ef(FILE_SECURITY_EXPANDED, rules.bytes);

		print_message("# %s\n", malformed[i]);
		assert_false(rules_expanded_are_valid(rules.bytes));
		assert_false(ask(file, &request, &both));
		fs_delete(fs, file);
		exact_free(&rules);
	}
}

/* Templates inside each other, 16 of them and 17. */
static void nesting_is_limited(void **state)
{
	for (size_t depth = 15; depth <= 17; depth++) {
		uint8_t rules[64] = { 0x80, 0x01, 0x01 };
		size_t len = 3;

		for (size_t i = depth; i > 0; i--) {
			rules[len++] = 0xA0;
			rules[len++] = (uint8_t)(2 * i);
		}
		rules[len++] = 0x90;
		rules[len++] = 0x00;
		assert_int_equal(rules_expanded_are_valid(bytes_of(rules, len)), depth < 16);
	}
}

/* Every truncation of a valid rule is invalid, but for those that end behind a whole condition. */
static void truncations(void **state)
{
	struct exact all = exact_of_hex("80 01 01 A4 06 83 01 01 95 01 08 84 02 B0 D6 97 00");

	for (size_t n = 0; n < all.bytes.len; n++) {
		bool whole = n == 0 || n == 11;

		assert_int_equal(rules_expanded_are_valid(bytes_first(all.bytes, n)), whole);
	}
	exact_free(&all);
}

static void a_file_without_rules_is_free(void **state)
{
	struct file *file = new_ef(FILE_PROPRIETARY, bytes_of_string("x"));
	const struct rules_request request = request_of(RULES_EF_READ);

	assert_false(rules_exist(file));
	assert_true(ask(file, &request, &nobody));
	fs_delete(fs, file);
}

static void what_is_not_covered_can_be_free(void **state)
{
	static const uint8_t rules[] = { 0x02, 0xFF };
	struct file *file = new_ef(FILE_SECURITY_COMPACT, BYTES_OF_ARRAY(rules));
	struct rules_request request = request_of(RULES_EF_READ);

	request.free_if_not_covered = true;
	assert_true(ask(file, &request, &nobody));
	request.mode = RULES_EF_UPDATE;
	assert_false(ask(file, &request, &nobody));
	fs_delete(fs, file);
}

/* EF.ARR 2F06 in the MF: record 1 read, record 2 update, record 3 malformed. 6F06 in the DF: 1 write. */
static void references(void **state)
{
	static const struct {
		const char *reference;
		uint8_t environment;
		enum rules_mode mode;
		bool want;
	} cases[] = {
		{ "01", 1, RULES_EF_WRITE, true }, /* the nearest: 6F06 */
		{ "01", 1, RULES_EF_READ, false },
		{ "02", 1, RULES_EF_WRITE, false }, /* has one record */
		{ "2F06 01", 1, RULES_EF_WRITE, true },
		{ "6F06 01", 1, RULES_EF_WRITE, true },
		{ "2F07 01", 1, RULES_EF_READ, true },
		{ "2F07 02", 1, RULES_EF_UPDATE, true },
		{ "2F07 02", 1, RULES_EF_READ, false },
		{ "2F07 03", 1, RULES_EF_READ, false },
		{ "2F07 00", 1, RULES_EF_READ, false },
		{ "2F07 FF", 1, RULES_EF_READ, false },
		{ "2F08 01", 1, RULES_EF_READ, false },
		{ "5100 01", 1, RULES_EF_READ, false },
		{ "2F07 01 01 02 02", 1, RULES_EF_READ, true },
		{ "2F07 01 01 02 02", 2, RULES_EF_READ, false },
		{ "2F07 01 01 02 02", 2, RULES_EF_UPDATE, true },
		{ "2F07 01 01 02 02", 3, RULES_EF_UPDATE, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact rules = exact_of_hex(cases[i].reference);
		struct file *file = new_ef(FILE_SECURITY_REFERENCE, rules.bytes);
		struct rules_request request = request_of(cases[i].mode);

		print_message("# %s\n", cases[i].reference);
		request.environment = cases[i].environment;
		assert_int_equal(ask(file, &request, &nobody), cases[i].want);
		fs_delete(fs, file);
		exact_free(&rules);
	}
}

static void add_arr(struct file *parent, uint16_t fid, const char *const *records, size_t n)
{
	struct fs_parameters parameters = {
		.descriptor = 0x04, .fid = fid, .size = 100, .record_size = 20, .max_records = 10
	};
	struct file *file = NULL;

	assert_int_equal(fs_create(fs, parent, &parameters, &file), 0);
	for (size_t i = 0; i < n; i++) {
		struct exact record = exact_of_hex(records[i]);

		assert_int_equal(records_append(file, record.bytes), SW_OK);
		exact_free(&record);
	}
}

static int set_up(void **state)
{
	static const char *const in_mf[] = { "80 01 01 90 00 FF FF", "80 01 02 90 00 00",
		"80 01 01 90" };
	static const char *const in_df[] = { "80 01 04 90 00" };
	struct fs_parameters parameters = { .descriptor = 0x38, .fid = 0x5100 };
	struct exact three = exact_of_hex("A4 06 83 01 01 95 01 08 B4 03 95 01 10 B8 00");
	struct exact four = exact_of_hex("A4 06 83 01 01 95 01 80");

	assert_int_equal(fs_new(10000, &fs), 0);
	assert_int_equal(fs_create(fs, fs_mf(fs), &parameters, &df), 0);
	assert_int_equal(environment_put(df, 3, three.bytes), 0);
	assert_int_equal(environment_put(fs_mf(fs), 4, four.bytes), 0);
	exact_free(&three);
	exact_free(&four);
	add_arr(fs_mf(fs), 0x2F06, in_mf, COUNT(in_mf));
	add_arr(fs_mf(fs), 0x2F07, in_mf, COUNT(in_mf));
	add_arr(df, 0x6F06, in_df, COUNT(in_df));
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
		cmocka_unit_test(compact_rules),
		cmocka_unit_test(expanded_rules),
		cmocka_unit_test(malformed_expanded_rules),
		cmocka_unit_test(nesting_is_limited),
		cmocka_unit_test(truncations),
		cmocka_unit_test(a_file_without_rules_is_free),
		cmocka_unit_test(what_is_not_covered_can_be_free),
		cmocka_unit_test(references),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
