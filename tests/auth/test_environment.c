/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Control reference templates, and the algorithm references in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "auth/environment.h"
#include "auth/mechanism.h"
#include "base/err.h"
#include "exact.h"

static enum sw set(struct environment *environment, enum crt_kind kind, uint8_t p1, const char *hex)
{
	struct exact objects = exact_of_hex(hex);
	enum sw sw = environment_set(environment, kind, p1, objects.bytes);

	exact_free(&objects);
	return sw;
}

static void objects_go_where_p1_says(void **state)
{
	struct environment e = { 0 };
	uint8_t reference = 0;

	assert_int_equal(set(&e, CRT_AT, 0x41, "800142 840103"), SW_OK);
	assert_true(e.crts[CRT_AT][CRT_INTERNAL].has_algorithm);
	assert_int_equal(e.crts[CRT_AT][CRT_INTERNAL].algorithm, 0x42);
	assert_false(e.crts[CRT_AT][CRT_EXTERNAL].has_algorithm);
	assert_true(environment_key(&e, CRT_AT, CRT_INTERNAL, &reference));
	assert_int_equal(reference, 3);
	assert_false(environment_key(&e, CRT_AT, CRT_EXTERNAL, &reference));
	assert_false(environment_key(&e, CRT_DST, CRT_INTERNAL, &reference));
	/* One replaced, the others kept; then all removed. */
	assert_int_equal(set(&e, CRT_AT, 0x41, "840104"), SW_OK);
	assert_int_equal(e.crts[CRT_AT][CRT_INTERNAL].algorithm, 0x42);
	assert_int_equal(e.crts[CRT_AT][CRT_INTERNAL].private_key, 4);
	assert_int_equal(set(&e, CRT_AT, 0x41, ""), SW_OK);
	assert_false(environment_key(&e, CRT_AT, CRT_INTERNAL, &reference));
}

/* Both references in one template: each use has its own. */
static void use_chooses_between_references(void **state)
{
	struct environment e = { 0 };
	uint8_t reference = 0;

	assert_int_equal(set(&e, CRT_DST, 0xC1, "830105 840106"), SW_OK);
	assert_true(environment_key(&e, CRT_DST, CRT_EXTERNAL, &reference));
	assert_int_equal(reference, 5);
	assert_true(environment_key(&e, CRT_DST, CRT_INTERNAL, &reference));
	assert_int_equal(reference, 6);
}

static void qualifier_wins_over_p1(void **state)
{
	struct environment e = { 0 };
	uint8_t reference = 0;

	assert_int_equal(set(&e, CRT_CT, 0xF1, "950140 840107"), SW_OK);
	assert_true(environment_key(&e, CRT_CT, CRT_INTERNAL, &reference));
	assert_false(environment_key(&e, CRT_CT, CRT_EXTERNAL, &reference));
	assert_false(environment_key(&e, CRT_CT, CRT_SM_COMMAND, &reference));
}

static const struct {
	const char *name, *objects;
	enum sw want;
} refusals[] = {
	{ "cut off", "8001", SW_WRONG_DATA },
	{ "algorithm of two bytes", "80020102", SW_WRONG_DATA },
	{ "empty algorithm", "8000", SW_WRONG_DATA },
	{ "empty reference", "8300", SW_WRONG_DATA },
	{ "reference of two bytes", "84020102", SW_WRONG_DATA },
	{ "initial vector of no cipher", "870401020304", SW_WRONG_DATA },
	{ "zero vector with a value", "850100", SW_WRONG_DATA },
	{ "file of a key", "81023F00", SW_FUNCTION_NOT_SUPPORTED },
	{ "wrong behind a right one", "840101 8000", SW_WRONG_DATA },
	{ "no use at all", "950100 840101", SW_WRONG_DATA },
	{ "qualifier of two bytes", "95024040", SW_WRONG_DATA },
};

static void refused_objects_change_nothing(void **state)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct environment e = { 0 };
		struct environment before;

		assert_int_equal(
		    set(&e, CRT_AT, 0xC1, "8001028301098401098708AABBCCDDEEFF0011"), SW_OK);
		before = e;
		print_message("# %s\n", refusals[i].name);
		assert_int_equal(set(&e, CRT_AT, 0xC1, refusals[i].objects), refusals[i].want);
		assert_memory_equal(&e, &before, sizeof e);
	}
}

static void what_is_stored_comes_back(void **state)
{
	struct environment e = { 0 };
	struct environment back;
	uint8_t memory[1024];
	struct writer w;

	for (unsigned kind = 0; kind < CRT_KINDS; kind++) {
		assert_int_equal(set(&e, (enum crt_kind)kind, 0x81,
		                     "800102 830103 840104 871000112233445566778899AABBCCDDEEFF"),
		    SW_OK);
		assert_int_equal(set(&e, (enum crt_kind)kind, 0x71, "840105"), SW_OK);
	}
	writer_init(&w, memory, sizeof memory);
	environment_encode(&e, &w);
	assert_true(writer_done(&w));
	assert_int_equal(environment_parse(writer_bytes(&w), &back), 0);
	assert_memory_equal(&e, &back, sizeof e);
	for (size_t n = 0; n < w.len; n++) {
		struct exact cut = exact_copy(bytes_first(writer_bytes(&w), n));
		int r = environment_parse(cut.bytes, &back);

		assert_true(r == 0 || r == ERR_FORMAT);
		exact_free(&cut);
	}
}

static void only_templates_are_stored(void **state)
{
	struct exact wrong = exact_of_hex("A5038001 02");
	struct environment e;

	assert_int_equal(environment_parse(wrong.bytes, &e), ERR_FORMAT);
	exact_free(&wrong);
}

static void tags_and_kinds(void **state)
{
	static const uint8_t tags[] = { 0xA4, 0xA6, 0xAA, 0xB4, 0xB6, 0xB8 };
	unsigned known = 0;
	enum crt_kind kind;

	for (unsigned tag = 0; tag <= 0xFF; tag++)
		known += crt_kind_of(tag, &kind);
	assert_int_equal(known, COUNT(tags));
	for (size_t i = 0; i < COUNT(tags); i++) {
		assert_true(crt_kind_of(tags[i], &kind));
		assert_int_equal(crt_tag(kind), tags[i]);
	}
}

/* The table of docs/generic-card.md: how many references each kind of template and type of key has. */
static void algorithm_references(void **state)
{
	static const struct {
		enum crt_kind kind;
		enum key_type type;
		unsigned count;
	} cases[] = {
		{ CRT_AT, KEY_3DES, 3 },  /* 01 02 06 */
		{ CRT_AT, KEY_AES, 3 },   /* the same */
		{ CRT_AT, KEY_RSA, 11 },  /* 02 12 32 42 52 62, 15 35 45 55 65 */
		{ CRT_AT, KEY_EC, 6 },    /* 04 14 34 44 54 64 */
		{ CRT_KAT, KEY_EC, 1 },   /* 0B */
		{ CRT_KAT, KEY_RSA, 0 },  /* */
		{ CRT_CCT, KEY_3DES, 1 }, /* 08 */
		{ CRT_DST, KEY_RSA, 11 }, /* as AT */
		{ CRT_DST, KEY_EC, 6 },   /* as AT */
		{ CRT_DST, KEY_AES, 0 },  /* */
		{ CRT_CT, KEY_AES, 2 },   /* 01 02 */
		{ CRT_CT, KEY_RSA, 6 },   /* 0A, 1D 3D 4D 5D 6D */
		{ CRT_CT, KEY_EC, 1 },    /* 0B */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned count = 0;
		uint8_t algorithm = 0;

		for (unsigned n = 0; n <= 0xFF; n++) {
			bool fits = mechanism_fits(cases[i].kind, cases[i].type, (uint8_t)n);

			count += fits;
			if (fits)
				assert_true(mechanism_is_valid(cases[i].kind, (uint8_t)n));
		}
		assert_int_equal(count, cases[i].count);
		assert_int_equal(
		    mechanism_default(cases[i].kind, cases[i].type, &algorithm), count > 0);
		if (count > 0)
			assert_true(mechanism_fits(cases[i].kind, cases[i].type, algorithm));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_go_where_p1_says),
		cmocka_unit_test(use_chooses_between_references),
		cmocka_unit_test(qualifier_wins_over_p1),
		cmocka_unit_test(refused_objects_change_nothing),
		cmocka_unit_test(what_is_stored_comes_back),
		cmocka_unit_test(only_templates_are_stored),
		cmocka_unit_test(tags_and_kinds),
		cmocka_unit_test(algorithm_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
