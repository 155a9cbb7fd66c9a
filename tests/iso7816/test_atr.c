/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "exact.h"
#include "iso7816/atr.h"

static const struct {
	const char *name, *in, *historical;
	size_t n_groups;
	uint16_t protocols;
	uint8_t first_protocol;
	bool has_tck;
} known[] = {
	{ "vicc's generic card", "3B 95 13 81 01 80 73 FF 01 00 0B", "80 73 FF 01 00", 2, ATR_T1, 1,
	    true },
	{ "Cryptoflex", "3B E2 00 00 40 20 49 06", "49 06", 2, ATR_T0, 0, false },
	{ "Cryptoflex 32K", "3B 95 94 40 FF 63 01 01 02 01", "63 01 01 02 01", 2, ATR_T0, 0,
	    false },
	{ "German identity card", "3B 8A 80 01 80 31 F8 73 F7 41 E0 82 90 00 75",
	    "80 31 F8 73 F7 41 E0 82 90 00", 2, ATR_T0 | ATR_T1, 0, true },
	{ "Gemalto, T=0, T=1 and T=15", "3B D6 18 00 80 B1 80 6D 1F 03 80 51 00 61 10 30 9E",
	    "80 51 00 61 10 30", 4, ATR_T0 | ATR_T1, 0, true },
	{ "contactless, no historical bytes", "3B 80 80 01 01", "", 2, ATR_T0 | ATR_T1, 0, true },
	{ "OpenPGP card 2.1", "3B DA 18 FF 81 B1 FE 75 1F 03 00 31 C5 73 C0 01 40 00 90 00 0C",
	    "00 31 C5 73 C0 01 40 00 90 00", 4, ATR_T1, 1, true },
	{ "YubiKey 4", "3B F8 13 00 00 81 31 FE 15 59 75 62 69 6B 65 79 34 D4",
	    "59 75 62 69 6B 65 79 34", 3, ATR_T1, 1, true },
	{ "shortest", "3B 00", "", 0, ATR_T0, 0, false },
	{ "historical bytes alone", "3B 02 14 50", "14 50", 0, ATR_T0, 0, false },
	{ "inverse convention", "3F 65 25 08 33 04 6C 90 00", "33 04 6C 90 00", 1, ATR_T0, 0,
	    false },
	{ "most historical bytes", "3B 0F 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E",
	    "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E", 0, ATR_T0, 0, false },
	{ "T=0 and T=15", "3B 80 80 1F 01 1E", "", 3, ATR_T0, 0, true },
	{ "T=14", "3B 80 0E 8E", "", 1, 1 << 14, 14, true },
	{ "the same protocol twice", "3B 80 80 00", "", 2, ATR_T0, 0, false },
	{ "eight groups", "3B F0 11 22 33 81 81 81 81 81 81 81 01 70", "", 8, ATR_T1, 1, true },
};

static void known_answers(void **state)
{
	for (size_t i = 0; i < COUNT(known); i++) {
		struct exact in = exact_of_hex(known[i].in);
		uint8_t memory[ATR_SIZE_MAX];
		struct writer w;
		struct atr atr;

		print_message("# %s\n", known[i].name);
		assert_int_equal(atr_parse(in.bytes, &atr), 0);
		assert_int_equal(atr.ts, in.memory[0]);
		assert_bytes_hex(atr.historical, known[i].historical);
		assert_true(exact_holds(in.bytes, atr.historical));
		assert_int_equal(atr.n_groups, known[i].n_groups);
		assert_int_equal(atr.protocols, known[i].protocols);
		assert_int_equal(atr.first_protocol, known[i].first_protocol);
		assert_int_equal(atr.has_tck, known[i].has_tck);
		assert_false(atr.specific_mode);
		writer_init(&w, memory, sizeof memory);
		assert_true(atr_encode(&atr, &w));
		assert_bytes_hex(writer_bytes(&w), known[i].in);
		exact_free(&in);
	}
}

static void each_truncation_is_refused(void **state)
{
	for (size_t i = 0; i < COUNT(known); i++) {
		struct exact in = exact_of_hex(known[i].in);

		for (size_t len = 0; len < in.bytes.len; len++) {
			struct exact cut = exact_copy(bytes_first(in.bytes, len));
			struct atr atr = { .n_groups = 4711 };

			assert_int_equal(atr_parse(cut.bytes, &atr), ERR_FORMAT);
			assert_int_equal(atr.n_groups, 4711);
			exact_free(&cut);
		}
		exact_free(&in);
	}
}

/* TCK covers all from T0 on: no single bit may change, but those of TS, which are told apart. */
static void each_flipped_bit_is_refused(void **state)
{
	struct exact in = exact_of_hex("3B 8A 80 01 80 31 F8 73 F7 41 E0 82 90 00 75");

	for (size_t bit = 0; bit < 8 * in.bytes.len; bit++) {
		struct atr atr;

		in.memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* The one exception makes 3F of 3B. */
		assert_int_equal(atr_parse(in.bytes, &atr), bit == 2 ? 0 : ERR_FORMAT);
		in.memory[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	exact_free(&in);
}

static const struct {
	const char *name, *in;
	int want;
} refused[] = {
	{ "TS neither 3B nor 3F", "3C 00", ERR_FORMAT },
	{ "TS of the inverse convention as direct bits", "03 00", ERR_FORMAT },
	{ "a byte too many", "3B 00 00", ERR_FORMAT },
	{ "TCK though T=0 is alone", "3B 80 00 80", ERR_FORMAT },
	{ "TCK missing", "3B 80 80 01", ERR_FORMAT },
	{ "TCK wrong", "3B 80 80 01 00", ERR_FORMAT },
	{ "a byte behind TCK", "3B 80 80 01 01 00", ERR_FORMAT },
	{ "T=15 in TD1", "3B 80 0F 8F", ERR_FORMAT },
	{ "T=0 behind T=1", "3B 80 81 00 01", ERR_FORMAT },
	{ "T=1 behind T=15", "3B 80 80 8F 01 8E", ERR_FORMAT },
	{ "nine groups", "3B 80 81 81 81 81 81 81 81 91 01 91", ERR_LIMIT },
};

static void refused_answers(void **state)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct exact in = exact_of_hex(refused[i].in);
		struct atr atr;

		print_message("# %s\n", refused[i].name);
		assert_int_equal(atr_parse(in.bytes, &atr), refused[i].want);
		exact_free(&in);
	}
}

/* 33 bytes are the most. */
static void longest(void **state)
{
	uint8_t memory[ATR_SIZE_MAX + 1];
	struct exact historical = exact_of_hex("00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E");
	struct atr atr = { .ts = 0x3B, .n_groups = 4, .historical = historical.bytes };
	struct writer w;

	for (size_t i = 0; i < 4; i++) {
		atr.groups[i].has_ta = true;
		atr.groups[i].ta = 0x11;
		atr.groups[i].has_tb = atr.groups[i].has_tc = i < 3;
		atr.groups[i].has_td = i < 3;
		atr.groups[i].td = 1;
	}
	atr.groups[3].has_tb = atr.groups[3].has_tc = true;
	writer_init(&w, memory, sizeof memory);
	assert_true(atr_encode(&atr, &w));
	assert_int_equal(w.len, ATR_SIZE_MAX);
	assert_int_equal(atr_parse(writer_bytes(&w), &atr), 0);
	assert_true(atr.specific_mode);
	assert_int_equal(atr.specific_protocol, 1);
	writer_put_u8(&w, 0);
	assert_int_equal(atr_parse(writer_bytes(&w), &atr), ERR_LIMIT);
	atr.groups[3].has_td = true;
	atr.groups[3].td = 1;
	atr.historical = historical.bytes;
	writer_reset(&w);
	assert_false(atr_encode(&atr, &w));
	assert_false(writer_done(&w));
	exact_free(&historical);
}

static void specific_mode(void **state)
{
	struct exact in = exact_of_hex("3B 80 11 81 10");
	struct atr atr;

	assert_int_equal(atr_parse(in.bytes, &atr), 0);
	assert_true(atr.specific_mode);
	assert_int_equal(atr.specific_protocol, 1);
	assert_int_equal(atr.first_protocol, 1);
	exact_free(&in);
}

static void impossible_answers(void **state)
{
	uint8_t memory[ATR_HISTORICAL_MAX + 1] = { 0 };
	const struct atr cases[] = {
		{ .ts = 0x3C },
		{ .ts = 0x3B, .n_groups = ATR_GROUPS_MAX + 1 },
		{ .ts = 0x3B, .historical = BYTES_OF_ARRAY(memory) },
		/* Nothing announces the second group. */
		{ .ts = 0x3B, .n_groups = 2, .groups = { { .has_ta = true }, { .has_ta = true } } },
		{ .ts = 0x3B, .n_groups = 1, .groups = { { .has_td = true, .td = 15 } } },
		{ .ts = 0x3B,
		    .n_groups = 2,
		    .groups = { { .has_td = true, .td = 1 }, { .has_td = true, .td = 0 } } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t out[64];
		struct writer w;

		writer_init(&w, out, sizeof out);
		assert_false(atr_encode(&cases[i], &w));
		assert_false(writer_done(&w));
	}
}

/* The indicator bits in a td are computed, whatever the caller left there. */
static void indicators_are_computed(void **state)
{
	const struct atr atr = { .ts = 0x3B,
		.n_groups = 2,
		.groups = {
		    { .has_td = true, .td = 0xF1 }, { .has_tb = true, .tb = 0x45, .td = 0xFF } } };
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(atr_encode(&atr, &w));
	assert_bytes_hex(writer_bytes(&w), "3B 80 21 45 E4");
	writer_init(&w, memory, 4);
	assert_false(atr_encode(&atr, &w));
}

/* From pcsc-tools' list of cards seen in the world, whose senders did not always copy them whole: we read
 * 3709 of its 3803, and each of the others breaks the rule named here. */
static const struct {
	const char *name, *in;
} seen_and_refused[] = {
	{ "TCK missing", "3B 8C 80 01 50 27 52 31 81 00 00 00 00 00 71 81" },
	{ "TCK wrong", "3B 86 80 01 06 75 77 81 02 8F 00" },
	{ "two bytes missing", "3B 04 60 89" },
	{ "status word behind it", "3B 78 18 00 00 00 73 C8 40 00 00 00 00 90 00" },
	{ "TCK though T=0 is alone", "3B 67 00 FF C5 00 00 FF FF FF FF 5D" },
	{ "T=15 in TD1", "3B 80 1F C7 80 31 E0 73 FE 21 11 63 40 71 63 83 07 90 00 9A" },
	{ "sent twice", "3B 00 3B 28 00 34 41 45 41 30 32 30 30" },
};

static void seen_and_refused_answers(void **state)
{
	for (size_t i = 0; i < COUNT(seen_and_refused); i++) {
		struct exact in = exact_of_hex(seen_and_refused[i].in);
		struct atr atr;

		print_message("# %s\n", seen_and_refused[i].name);
		assert_int_equal(atr_parse(in.bytes, &atr), ERR_FORMAT);
		exact_free(&in);
	}
}

/* PC/SC part 3, 3.1.3.2.3.1; ISO/IEC 14443-4, 5.2. NULL: refused. */
static const struct {
	const char *name, *ats, *atr;
} ats[] = {
	{ "TL alone", "01", "3B 80 80 01 01" },
	{ "T0 alone", "02 05", "3B 80 80 01 01" },
	{ "passport: TA, TB, TC", "0E 78 77 94 02 80 31 B8 64 00 00 90 00 44",
	    "3B 89 80 01 80 31 B8 64 00 00 90 00 44 B1" },
	{ "no TA, TB, TC", "04 08 AA BB", "3B 82 80 01 AA BB 12" },
	{ "TB alone", "04 28 94 AA", "3B 81 80 01 AA AA" },
	{ "15 historical bytes", "11 08 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E",
	    "3B 8F 80 01 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 01" },
	{ "16 historical bytes", "12 08 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", NULL },
	{ "nothing", "", NULL },
	{ "TL 0", "00", NULL },
	{ "TL larger than the ATS", "03 08", NULL },
	{ "TL smaller than the ATS", "02 08 AA", NULL },
	{ "TA announced and missing", "02 18", NULL },
	{ "TC announced and missing", "04 78 77 94", NULL },
	{ "reserved bit of T0", "02 88", NULL },
};

static void from_ats(void **state)
{
	for (size_t i = 0; i < COUNT(ats); i++) {
		struct exact in = exact_of_hex(ats[i].ats);
		uint8_t memory[ATR_SIZE_MAX];
		struct writer w;

		print_message("# %s\n", ats[i].name);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(atr_from_ats(in.bytes, &w), ats[i].atr != NULL);
		assert_int_equal(writer_done(&w), ats[i].atr != NULL);
		if (ats[i].atr != NULL)
			assert_bytes_hex(writer_bytes(&w), ats[i].atr);
		exact_free(&in);
	}
}

static void from_atqb(void **state)
{
	struct exact in = exact_of_hex("50 11 22 33 44 A1 A2 A3 A4 B1 B2 B3");
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(atr_from_atqb(in.bytes, 0x0C, &w));
	assert_bytes_hex(writer_bytes(&w), "3B 88 80 01 A1 A2 A3 A4 B1 B2 B3 C0 7D");
	writer_reset(&w);
	assert_false(atr_from_atqb(in.bytes, 0x10, &w));
	for (size_t len = 0; len < in.bytes.len; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));

		writer_reset(&w);
		assert_false(atr_from_atqb(cut.bytes, 0, &w));
		exact_free(&cut);
	}
	in.memory[0] = 0x51;
	writer_reset(&w);
	assert_false(atr_from_atqb(in.bytes, 0, &w));
	exact_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(each_truncation_is_refused),
		cmocka_unit_test(each_flipped_bit_is_refused),
		cmocka_unit_test(refused_answers),
		cmocka_unit_test(seen_and_refused_answers),
		cmocka_unit_test(longest),
		cmocka_unit_test(specific_mode),
		cmocka_unit_test(impossible_answers),
		cmocka_unit_test(indicators_are_computed),
		cmocka_unit_test(from_ats),
		cmocka_unit_test(from_atqb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
