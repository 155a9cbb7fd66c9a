/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal sectors: what the extensions of a certificate say, and whose keys they stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/terminal_sector.h"
#include "base/err.h"
#include "exact.h"

/* FIPS 180-4's examples: SHA-256 of "abc", and of the longer message; SHA-1 of "abc". */
#define ABC "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
#define ABCDBCDE "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"
#define ABC_SHA1 "A9993E364706816ABA3E25717850C26C9CD0D89D"

#define SECTOR "06 09 04007F000703010302"
#define PS_SECTOR "06 09 04007F000703010303"
#define FIRST "80 20 " ABC
#define SECOND "81 20 " ABCDBCDE
#define PS(id, hash) "A0 25 80 01 " id "81 20 " hash

static const char abcdbcde[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static struct terminal_sectors read(const char *hex, enum digest_kind digest)
{
	struct exact in = exact_of_hex(hex);
	struct terminal_sectors sectors;

	terminal_sectors_read(in.bytes, digest, &sectors);
	exact_free(&in);
	return sectors;
}

static void restricted_identification(void **state)
{
	static const struct {
		const char *name, *hex;
		bool first, second;
	} cases[] = {
		{ "none", "", false, false },
		{ "one", "73 2D" SECTOR FIRST, true, false },
		{ "both", "73 4F" SECTOR FIRST SECOND, true, true },
		{ "the second alone", "73 2D" SECTOR SECOND, false, true },
		{ "behind an unknown one", "73 05 06 01 2A 80 00 73 2D" SECTOR FIRST, true, false },
		{ "something unknown inside", "73 30" SECTOR "82 01 00" FIRST, true, false },
		{ "another object identifier", "73 2D" PS_SECTOR FIRST, false, false },
		{ "hash of another length", "73 30" SECTOR FIRST "81 01 00", false, false },
		{ "cut", "73 2F" SECTOR FIRST "81 20", false, false },
		{ "no template", SECTOR FIRST, false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct terminal_sectors s = read(cases[i].hex, DIGEST_SHA256);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(terminal_sector_check(&s, 0, bytes_of_string("abc")),
		    cases[i].first ? 0 : ERR_NOT_FOUND);
		assert_int_equal(terminal_sector_check(&s, 1, bytes_of_string(abcdbcde)),
		    cases[i].second ? 0 : ERR_NOT_FOUND);
		assert_int_equal(
		    terminal_sector_check(&s, 1, bytes_of_string("abc")), ERR_NOT_FOUND);
		assert_int_equal(
		    terminal_sector_check(&s, 0, bytes_of_string(abcdbcde)), ERR_NOT_FOUND);
		assert_int_equal(
		    terminal_sector_check(&s, 2, bytes_of_string("abc")), ERR_NOT_FOUND);
		assert_int_equal(s.n_ps, 0);
	}
}

/* The hash function is that of the certificate's signature. */
static void hash_functions(void **state)
{
	struct terminal_sectors s = read("73 21" SECTOR "80 14" ABC_SHA1, DIGEST_SHA1);

	assert_int_equal(terminal_sector_check(&s, 0, bytes_of_string("abc")), 0);
	s = read("73 21" SECTOR "80 14" ABC_SHA1, DIGEST_SHA256);
	assert_int_equal(terminal_sector_check(&s, 0, bytes_of_string("abc")), ERR_NOT_FOUND);
	s = read("73 2D" SECTOR FIRST, DIGEST_SHA1);
	assert_int_equal(terminal_sector_check(&s, 0, bytes_of_string("abc")), ERR_NOT_FOUND);
}

static void pseudonymous_signatures(void **state)
{
	struct terminal_sectors s =
	    read("73 59" PS_SECTOR PS("0D", ABC) PS("0C", ABCDBCDE), DIGEST_SHA256);

	assert_int_equal(s.n_ps, 2);
	assert_int_equal(terminal_sector_check_ps(&s, 13, bytes_of_string("abc")), 0);
	assert_int_equal(terminal_sector_check_ps(&s, 12, bytes_of_string(abcdbcde)), 0);
	assert_int_equal(terminal_sector_check_ps(&s, 12, bytes_of_string("abc")), ERR_NOT_FOUND);
	assert_int_equal(
	    terminal_sector_check_ps(&s, 13, bytes_of_string(abcdbcde)), ERR_NOT_FOUND);
	assert_int_equal(terminal_sector_check(&s, 0, bytes_of_string("abc")), ERR_NOT_FOUND);
	/* malformed ones do not count, the others do */
	s = read("73 6F" PS_SECTOR "A0 03 80 01 0D" PS("0D", ABC) "A0 06 80 01 0D 81 01 00"
	                                                          "A0 05 81 00 80 01 0D"
	                                                          "53 00" PS("0C", ABCDBCDE),
	    DIGEST_SHA256);
	assert_int_equal(s.n_ps, 1);
	assert_int_equal(terminal_sector_check_ps(&s, 13, bytes_of_string("abc")), 0);
}

/* More than there is room for. */
static void many(void **state)
{
	char hex[4096] = "73 82 01 6A" PS_SECTOR;
	struct terminal_sectors s;

	for (unsigned i = 0; i < 9; i++)
		strncat(hex, PS("0D", ABC), sizeof hex - strlen(hex) - 1);
	s = read(hex, DIGEST_SHA256);
	assert_int_equal(s.n_ps, TERMINAL_PS_SECTORS_MAX);
}

static void truncations(void **state)
{
	struct exact in = exact_of_hex("73 4F" SECTOR FIRST SECOND "73 32" PS_SECTOR PS("0D", ABC));

	for (size_t n = 0; n < in.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, n));
		struct terminal_sectors s;

		terminal_sectors_read(cut.bytes, DIGEST_SHA256, &s);
		assert_int_equal(s.n_ps, 0);
		assert_int_equal(s.sectors[0].len, n < 0x51 ? 0 : 32);
		exact_free(&cut);
	}
	exact_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restricted_identification),
		cmocka_unit_test(hash_functions),
		cmocka_unit_test(pseudonymous_signatures),
		cmocka_unit_test(many),
		cmocka_unit_test(truncations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
