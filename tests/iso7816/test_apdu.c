/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command and response APDUs, class byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "exact.h"
#include "iso7816/apdu.h"

/* Commands in their canonical form: parsing and encoding are each other's reverse. */
static const struct {
	const char *name, *in, *data;
	size_t ne;
	bool extended;
} canonical[] = {
	{ "case 1", "00 A4 00 00", "", 0, false },
	{ "case 2S, Le 01", "00 B0 00 00 01", "", 1, false },
	{ "case 2S, Le FF", "00 B0 00 00 FF", "", 255, false },
	{ "case 2S, Le 00 is 256", "00 B0 00 00 00", "", 256, false },
	{ "case 3S, 1 byte", "00 D6 00 00 01 AA", "AA", 0, false },
	{ "case 3S, 1 byte that is 00", "00 D6 00 00 01 00", "00", 0, false },
	{ "case 3S, 2 bytes", "00 A4 00 0C 02 3F 00", "3F 00", 0, false },
	{ "case 4S, Le 00", "00 A4 00 00 02 3F 00 00", "3F 00", 256, false },
	{ "case 4S, Le 01", "00 A4 00 00 02 3F 00 01", "3F 00", 1, false },
	{ "case 4S, Le FF", "00 A4 00 00 02 3F 00 FF", "3F 00", 255, false },
	{ "case 2E, Le 0001", "00 B0 00 00 00 00 01", "", 1, true },
	{ "case 2E, Le 0100", "00 B0 00 00 00 01 00", "", 256, true },
	{ "case 2E, Le 0101", "00 B0 00 00 00 01 01", "", 257, true },
	{ "case 2E, Le FFFF", "00 B0 00 00 00 FF FF", "", 65535, true },
	{ "case 2E, Le 0000 is 65536", "00 B0 00 00 00 00 00", "", 65536, true },
	{ "case 3E, 1 byte", "00 D6 00 00 00 00 01 AA", "AA", 0, true },
	{ "case 3E, 2 bytes", "00 D6 00 00 00 00 02 AA BB", "AA BB", 0, true },
	{ "case 4E, Le 0000", "00 2A 80 86 00 00 01 AA 00 00", "AA", 65536, true },
	{ "case 4E, Le 0001", "00 2A 80 86 00 00 01 AA 00 01", "AA", 1, true },
	{ "case 4E, Le FFFF", "00 2A 80 86 00 00 01 AA FF FF", "AA", 65535, true },
};

static void canonical_commands(void **state)
{
	for (size_t i = 0; i < COUNT(canonical); i++) {
		struct exact in = exact_of_hex(canonical[i].in);
		uint8_t memory[64];
		struct writer w;
		struct apdu apdu;

		print_message("# %s\n", canonical[i].name);
		assert_true(apdu_parse(in.bytes, &apdu));
		assert_int_equal(apdu.cla, in.bytes.data[0]);
		assert_int_equal(apdu.ins, in.bytes.data[1]);
		assert_int_equal(apdu.p1, in.bytes.data[2]);
		assert_int_equal(apdu.p2, in.bytes.data[3]);
		assert_bytes_hex(apdu.data, canonical[i].data);
		assert_true(exact_holds(in.bytes, apdu.data));
		assert_int_equal(apdu.ne, canonical[i].ne);
		assert_int_equal(apdu.extended, canonical[i].extended);
		writer_init(&w, memory, sizeof memory);
		assert_true(apdu_encode(&apdu, &w));
		assert_bytes_hex(writer_bytes(&w), canonical[i].in);
		exact_free(&in);
	}
}

static const struct {
	const char *name, *in;
} refused[] = {
	{ "nothing", "" },
	{ "1 byte", "00" },
	{ "2 bytes", "00 A4" },
	{ "3 bytes", "00 A4 00" },
	{ "Lc 01 and one byte too many behind Le", "00 A4 00 00 01 AA 00 00" },
	{ "Lc 02 and one byte only", "00 A4 00 00 02 3F" },
	{ "Lc FF and one byte only", "00 A4 00 00 FF 3F" },
	{ "00 and one byte: neither form", "00 B0 00 00 00 00" },
	{ "00 and one other byte", "00 B0 00 00 00 01" },
	{ "extended Lc 0000, a byte behind it", "00 D6 00 00 00 00 00 AA" },
	{ "extended Lc 0000, Le behind it", "00 D6 00 00 00 00 00 00 00" },
	{ "extended Lc 0002, one byte only", "00 D6 00 00 00 00 02 AA" },
	{ "extended, half a Le", "00 D6 00 00 00 00 01 AA 00" },
	{ "extended, Le of three bytes", "00 D6 00 00 00 00 01 AA 00 00 00" },
	{ "extended Lc FFFF, one byte only", "00 D6 00 00 00 FF FF AA" },
};

static void refused_commands(void **state)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct exact in = exact_of_hex(refused[i].in);
		struct apdu apdu = { .ne = 4711 };

		print_message("# %s\n", refused[i].name);
		assert_false(apdu_parse(in.bytes, &apdu));
		assert_int_equal(apdu.ne, 4711);
		exact_free(&in);
	}
}

/* A cut command is refused, or is a shorter command in its own right; it is never read past its end. */
static void truncated_commands(void **state)
{
	struct exact in = exact_of_hex("00 2A 80 86 00 00 03 AA BB CC 00 00");

	for (size_t len = 0; len < in.bytes.len; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));
		bool shorter = len == 4 || len == 5 || len == 7 || len == 10;
		struct apdu apdu;

		assert_int_equal(apdu_parse(cut.bytes, &apdu), shorter);
		exact_free(&cut);
	}
	exact_free(&in);
}

/* Every length at which the form changes, and the largest. */
static void lengths(void **state)
{
	static const size_t ncs[] = { 0, 1, 254, 255, 256, 257, 32767, 32768, 65534, 65535 };
	static const size_t nes[] = { 0, 1, 255, 256, 257, 65535, 65536 };
	uint8_t *data = calloc(1, APDU_DATA_MAX);
	uint8_t *memory = malloc(APDU_COMMAND_MAX);

	assert_non_null(data);
	assert_non_null(memory);
	for (size_t i = 0; i < COUNT(ncs) * COUNT(nes); i++) {
		size_t nc = ncs[i / COUNT(nes)];
		size_t ne = nes[i % COUNT(nes)];
		bool extended = nc > 255 || ne > 256;
		struct apdu apdu = { .cla = 1, .data = bytes_of(data, nc), .ne = ne };
		size_t unit = extended ? 2 : 1;
		size_t length_fields =
		    (extended ? 1u : 0u) + (nc > 0 ? unit : 0) + (ne > 0 ? unit : 0);
		struct writer w;
		struct apdu again;

		writer_init(&w, memory, APDU_COMMAND_MAX);
		assert_true(apdu_encode(&apdu, &w));
		assert_int_equal(w.len, 4 + length_fields + nc);
		assert_true(apdu_parse(writer_bytes(&w), &again));
		assert_int_equal(again.cla, 1);
		assert_int_equal(again.data.len, nc);
		assert_int_equal(again.ne, ne);
		assert_int_equal(again.extended, extended);
	}
	free(memory);
	free(data);
}

static void impossible_commands(void **state)
{
	struct apdu too_much = { .ne = APDU_NE_MAX + 1 };
	struct apdu fits_not = { .ne = 1 };
	struct apdu too_long = { .data = bytes_of(NULL, APDU_DATA_MAX + 1) };
	uint8_t memory[4];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_false(apdu_encode(&too_much, &w));
	assert_false(writer_done(&w));
	writer_reset(&w);
	assert_false(apdu_encode(&too_long, &w));
	writer_reset(&w);
	assert_false(apdu_encode(&fits_not, &w));
	fits_not.ne = 0;
	writer_reset(&w);
	assert_true(apdu_encode(&fits_not, &w));
}

static void responses(void **state)
{
	struct exact in = exact_of_hex("01 02 90 00");
	struct apdu_response response;
	uint8_t memory[4];
	struct writer w;

	assert_true(apdu_response_parse(in.bytes, &response));
	assert_bytes_hex(response.data, "01 02");
	assert_int_equal(response.sw, 0x9000);
	writer_init(&w, memory, sizeof memory);
	assert_true(apdu_response_encode(&response, &w));
	assert_bytes_hex(writer_bytes(&w), "01 02 90 00");
	writer_init(&w, memory, 3);
	assert_false(apdu_response_encode(&response, &w));
	for (size_t len = 0; len < 2; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));

		assert_false(apdu_response_parse(cut.bytes, &response));
		exact_free(&cut);
	}
	assert_true(apdu_response_parse(bytes_after(in.bytes, 2), &response));
	assert_int_equal(response.data.len, 0);
	exact_free(&in);
}

static void largest_response(void **state)
{
	uint8_t *data = calloc(1, APDU_RESPONSE_MAX);
	uint8_t *memory = malloc(APDU_RESPONSE_MAX + 1);
	struct apdu_response response = { .data = bytes_of(data, APDU_RESPONSE_MAX - 2),
		.sw = 0x9000 };
	struct writer w;

	assert_non_null(data);
	assert_non_null(memory);
	writer_init(&w, memory, APDU_RESPONSE_MAX + 1);
	assert_true(apdu_response_encode(&response, &w));
	assert_int_equal(w.len, APDU_RESPONSE_MAX);
	response.data.len++;
	writer_reset(&w);
	assert_false(apdu_response_encode(&response, &w));
	assert_false(writer_done(&w));
	free(memory);
	free(data);
}

/* Without data and Le there is no length field whose form could be extended. */
static void case_1_has_one_form(void **state)
{
	const struct apdu apdu = { .cla = 0x00, .ins = 0x44, .extended = true };
	uint8_t memory[8];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(apdu_encode(&apdu, &w));
	assert_bytes_hex(writer_bytes(&w), "00 44 00 00");
}

/* 7816-4, tables 2 and 3. */
static const struct {
	const char *name;
	uint8_t cla;
	bool valid;
	struct apdu_class want;
} classes[] = {
	{ "plain, channel 0", 0x00, true, { true, false, APDU_SM_NONE, 0 } },
	{ "channel 3", 0x03, true, { true, false, APDU_SM_NONE, 3 } },
	{ "proprietary SM", 0x04, true, { true, false, APDU_SM_PROPRIETARY, 0 } },
	{ "SM, header not authenticated", 0x08, true,
	    { true, false, APDU_SM_HEADER_NOT_AUTHENTICATED, 0 } },
	{ "SM, header authenticated", 0x0C, true,
	    { true, false, APDU_SM_HEADER_AUTHENTICATED, 0 } },
	{ "chained", 0x10, true, { true, true, APDU_SM_NONE, 0 } },
	{ "chained, SM, channel 3", 0x1F, true, { true, true, APDU_SM_HEADER_AUTHENTICATED, 3 } },
	{ "reserved, first", 0x20, false, { 0 } },
	{ "reserved, last", 0x3F, false, { 0 } },
	{ "channel 4", 0x40, true, { true, false, APDU_SM_NONE, 4 } },
	{ "channel 19", 0x4F, true, { true, false, APDU_SM_NONE, 19 } },
	{ "chained, channel 4", 0x50, true, { true, true, APDU_SM_NONE, 4 } },
	{ "SM, channel 4", 0x60, true, { true, false, APDU_SM_HEADER_NOT_AUTHENTICATED, 4 } },
	{ "chained, SM, channel 19", 0x7F, true,
	    { true, true, APDU_SM_HEADER_NOT_AUTHENTICATED, 19 } },
	{ "proprietary, first", 0x80, true, { 0 } },
	{ "proprietary, last", 0xFE, true, { 0 } },
	{ "invalid", 0xFF, false, { 0 } },
};

static void class_bytes(void **state)
{
	for (size_t i = 0; i < COUNT(classes); i++) {
		struct apdu_class got;

		print_message("# %s\n", classes[i].name);
		assert_int_equal(apdu_class_parse(classes[i].cla, &got), classes[i].valid);
		if (!classes[i].valid)
			continue;
		assert_int_equal(got.interindustry, classes[i].want.interindustry);
		assert_int_equal(got.chained, classes[i].want.chained);
		assert_int_equal(got.sm, classes[i].want.sm);
		assert_int_equal(got.channel, classes[i].want.channel);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_commands),
		cmocka_unit_test(refused_commands),
		cmocka_unit_test(truncated_commands),
		cmocka_unit_test(lengths),
		cmocka_unit_test(impossible_commands),
		cmocka_unit_test(responses),
		cmocka_unit_test(largest_response),
		cmocka_unit_test(case_1_has_one_form),
		cmocka_unit_test(class_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
