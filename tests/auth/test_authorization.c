/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authorisation extensions: which bits count, and what is left of several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/authorization.h"
#include "exact.h"

#define EID "060A 04007F00070301020201"
#define SPECIAL "060A 04007F00070301020202"

static struct authorizations read(const char *hex)
{
	struct exact in = exact_of_hex(hex);
	struct authorizations out;

	authorizations_read(in.bytes, &out);
	exact_free(&in);
	return out;
}

static uint64_t bits_of(const struct authorizations *a, enum authorization_kind kind)
{
	uint64_t bits = 0;

	for (unsigned bit = 0; bit < 64; bit++)
		bits |= (uint64_t)authorization_has(a, kind, bit) << bit;
	return bits;
}

static void reading(void **state)
{
	static const struct {
		const char *name, *hex;
		uint64_t eid, special;
	} cases[] = {
		{ "none", "", 0, 0 },
		{ "special functions", "730F" SPECIAL "5301C0", 0, 0xC0 },
		{ "both", "730F" SPECIAL "530140 7314" EID "5306 800000000001", 0x800000000001,
		    0x40 },
		{ "behind an unknown one", "7305 06012A 5300 730F" SPECIAL "530180", 0, 0x80 },
		{ "more bits than there are: the last count", "7311" SPECIAL "5303 FFFF40", 0,
		    0x40 },
		{ "fewer", "7310" EID "5302 0102", 0x0102, 0 },
		{ "no bits", "730E" SPECIAL "5300", 0, 0 },
		{ "more than one object", "7312" SPECIAL "5301C0 5301C0", 0, 0 },
		{ "context-specific", "730F" SPECIAL "8001C0", 0, 0xC0 },
		{ "another object", "730F" SPECIAL "8101C0", 0, 0 },
		{ "both objects", "7312" SPECIAL "5301C0 8001C0", 0, 0 },
		{ "without template", SPECIAL "5301C0", 0, 0 },
		{ "cut", "730F" SPECIAL "5301", 0, 0 },
		{ "of another kind of terminal", "730F 060A 04007F00070301020102 5301C0", 0, 0 },
		{ "twice: the last", "730F" SPECIAL "5301C0 730F" SPECIAL "530140", 0, 0x40 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct authorizations a = read(cases[i].hex);

		print_message("# %s\n", cases[i].name);
		assert_int_equal(bits_of(&a, AUTHORIZATION_EID_ACCESS), cases[i].eid);
		assert_int_equal(bits_of(&a, AUTHORIZATION_SPECIAL_FUNCTIONS), cases[i].special);
	}
}

static void limits(void **state)
{
	struct authorizations a = read("730F" SPECIAL "5301C0 7314" EID "5306 0000000000FF");
	const struct authorizations b = read("730F" SPECIAL "530141 7310" EID "5302 010F");
	const struct authorizations none = read("");

	authorizations_limit(&a, &b);
	assert_int_equal(bits_of(&a, AUTHORIZATION_EID_ACCESS), 0x0F);
	assert_int_equal(bits_of(&a, AUTHORIZATION_SPECIAL_FUNCTIONS), 0x40);
	assert_true(authorization_has(&a, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSM));
	assert_false(authorization_has(&a, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSC));
	assert_true(authorization_has(&a, AUTHORIZATION_EID_ACCESS, AUTHORIZATION_COMPARE(4)));
	assert_false(authorization_has(&a, AUTHORIZATION_EID_ACCESS, AUTHORIZATION_COMPARE(5)));
	authorizations_limit(&a, &none);
	assert_int_equal(bits_of(&a, AUTHORIZATION_EID_ACCESS), 0);
	assert_int_equal(bits_of(&a, AUTHORIZATION_SPECIAL_FUNCTIONS), 0);
}

/* TR-03110-4, table 5: 44 bits, two for each data group. */
static void data_groups(void **state)
{
	assert_int_equal(AUTHORIZATION_COMPARE(1), 0);
	assert_int_equal(AUTHORIZATION_COMPARE(22), 21);
	assert_int_equal(AUTHORIZATION_INCLUDE(1), 22);
	assert_int_equal(AUTHORIZATION_INCLUDE(22), 43);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(limits),
		cmocka_unit_test(data_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
