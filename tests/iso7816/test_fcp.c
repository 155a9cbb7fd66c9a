/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File control parameters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "exact.h"
#include "iso7816/fcp.h"
#include "iso7816/tlv.h"

/* Templates as our encoder writes them: parse and encode are each other's reverse. */
static const struct {
	const char *name, *template;
} canonical[] = {
	{ "nothing", "62 00" },
	{ "transparent EF, as opensc-explorer creates it",
	    "62 0B 83 02 50 15 80 02 01 00 82 01 01" },
	{ "size of 65535", "62 04 80 02 FF FF" },
	{ "size of 65536", "62 05 80 03 01 00 00" },
	{ "size of 2^24", "62 06 80 04 01 00 00 00" },
	{ "size of 2^32 - 1", "62 06 80 04 FF FF FF FF" },
	{ "total size", "62 04 81 02 00 10" },
	{ "MF, as the generic card answers", "6F 0A 83 02 3F 00 8A 01 05 82 01 38" },
	{ "DF with name",
	    "62 17 83 02 3F 00 82 01 38 84 0E 31 50 41 59 2E 53 59 53 2E 44 44 46 30 31" },
	{ "descriptor and data coding", "62 04 82 02 01 21" },
	{ "record size on one byte", "62 05 82 03 02 21 FF" },
	{ "record size on two bytes", "62 06 82 04 02 21 01 00" },
	{ "number of records on one byte", "62 07 82 05 04 21 00 10 FF" },
	{ "number of records on two bytes", "62 08 82 06 06 21 00 10 01 00" },
	{ "short identifier 1", "62 03 88 01 08" },
	{ "short identifier 30", "62 03 88 01 F0" },
	{ "no short identifier", "62 02 88 00" },
	{ "life cycle", "62 03 8A 01 05" },
	{ "record of EF.ARR", "62 03 8B 01 02" },
	{ "EF.ARR and record", "62 05 8B 03 2F 06 02" },
	{ "EF.ARR and one pair", "62 06 8B 04 2F 06 01 02" },
	{ "EF.ARR and two pairs", "62 08 8B 06 2F 06 01 02 03 04" },
	{ "compact access rule", "62 05 8C 03 03 90 00" },
	{ "expanded access rule", "62 07 AB 05 80 01 01 90 00" },
	{ "everything, as FCI",
	    "6F 3B 83 02 2F 00 8A 01 05 88 01 08 80 02 00 80 81 02 00 90 82 06 02 41 00 10 01 00 "
	    "84 01 A0 "
	    "8B 01 02 8C 02 01 90 AB 07 80 01 01 97 00 90 00 86 01 77 85 02 AA BB A5 05 5F 2D "
	    "02 64 "
	    "65" },
};

static void canonical_templates(void **state)
{
	for (size_t i = 0; i < COUNT(canonical); i++) {
		struct exact in = exact_of_hex(canonical[i].template);
		uint8_t memory[128];
		struct bytes rest = in.bytes;
		struct tlv tlv;
		struct writer w;
		struct fcp fcp;

		print_message("# %s\n", canonical[i].name);
		assert_true(tlv_take(&rest, &tlv));
		assert_int_equal(rest.len, 0);
		assert_int_equal(fcp_parse(tlv.value, &fcp), 0);
		writer_init(&w, memory, sizeof memory);
		fcp_encode(&fcp, (enum fcp_template)tlv.tag, &w);
		assert_true(writer_done(&w));
		assert_bytes_hex(writer_bytes(&w), canonical[i].template);
		exact_free(&in);
	}
}

static void all_members(void **state)
{
	struct exact in = exact_of_hex(
	    "80 01 80 81 02 01 00 82 06 02 41 00 10 01 00 83 02 2F 00 84 02 A0 00 88 01 F0 8A 01 "
	    "05 8B "
	    "03 2F 06 02 8C 02 01 90 AB 02 90 00 86 01 77 85 02 AA BB A5 02 80 00 8E 00 C7 01 00");
	struct fcp fcp;

	assert_int_equal(fcp_parse(in.bytes, &fcp), 0);
	assert_true(
	    fcp.has_size && fcp.has_total_size && fcp.has_descriptor && fcp.has_data_coding);
	assert_true(fcp.has_record_size && fcp.has_record_count && fcp.has_fid && fcp.has_sfi);
	assert_true(fcp.has_life_cycle);
	assert_int_equal(fcp.size, 0x80);
	assert_int_equal(fcp.total_size, 0x100);
	assert_int_equal(fcp.descriptor, FCP_DESCRIPTOR_LINEAR_FIXED);
	assert_int_equal(fcp.data_coding, 0x41);
	assert_int_equal(fcp.record_size, 0x10);
	assert_int_equal(fcp.record_count, 0x100);
	assert_int_equal(fcp.fid, 0x2F00);
	assert_bytes_hex(fcp.df_name, "A0 00");
	assert_int_equal(fcp.sfi, 30);
	assert_int_equal(fcp.life_cycle, FCP_LIFE_CYCLE_ACTIVATED);
	assert_bytes_hex(fcp.security_reference, "2F 06 02");
	assert_bytes_hex(fcp.security_compact, "01 90");
	assert_bytes_hex(fcp.security_expanded, "90 00");
	assert_bytes_hex(fcp.security_proprietary, "77");
	assert_bytes_hex(fcp.proprietary, "AA BB");
	assert_bytes_hex(fcp.proprietary_tlv, "80 00");
	exact_free(&in);
}

/* The fewest bytes of each object. */
static void shortest_objects(void **state)
{
	struct exact in =
	    exact_of_hex("80 01 07 81 01 08 82 01 38 85 00 86 00 88 00 8C 00 A5 00 AB 00");
	struct fcp fcp;

	assert_int_equal(fcp_parse(in.bytes, &fcp), 0);
	assert_int_equal(fcp.size, 7);
	assert_int_equal(fcp.total_size, 8);
	assert_int_equal(fcp.descriptor, FCP_DESCRIPTOR_DF);
	assert_false(fcp.has_data_coding || fcp.has_record_size || fcp.has_record_count);
	assert_true(fcp.has_sfi);
	assert_int_equal(fcp.sfi, 0);
	assert_int_equal(fcp.proprietary.len + fcp.security_compact.len, 0);
	exact_free(&in);
}

static const struct {
	const char *name, *value;
} refused[] = {
	{ "00 between objects", "80 01 80 00 82 01 01" },
	{ "cut object", "80 02 01" },
	{ "size without bytes", "80 00" },
	{ "size of five bytes", "80 05 00 00 00 00 01" },
	{ "total size without bytes", "81 00" },
	{ "total size of five bytes", "81 05 00 00 00 00 01" },
	{ "descriptor without bytes", "82 00" },
	{ "descriptor of seven bytes", "82 07 02 41 00 10 00 10 00" },
	{ "file identifier of one byte", "83 01 2F" },
	{ "file identifier of three bytes", "83 03 2F 00 00" },
	{ "DF name without bytes", "84 00" },
	{ "DF name of 17 bytes", "84 11 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10" },
	{ "short identifier of two bytes", "88 02 08 00" },
	{ "short identifier 0", "88 01 00" },
	{ "short identifier 31", "88 01 F8" },
	{ "short identifier in the low bits", "88 01 01" },
	{ "short identifier and bit 1", "88 01 09" },
	{ "short identifier and bit 3", "88 01 0C" },
	{ "life cycle without bytes", "8A 00" },
	{ "life cycle of two bytes", "8A 02 05 05" },
	{ "EF.ARR reference without bytes", "8B 00" },
	{ "EF.ARR reference of two bytes", "8B 02 2F 06" },
	{ "EF.ARR reference of five bytes", "8B 05 2F 06 01 02 03" },
	{ "EF.ARR reference of nine bytes", "8B 09 2F 06 01 02 03 04 05 06 07" },
	{ "malformed proprietary template", "A5 02 80 01" },
	{ "malformed expanded rule", "AB 01 90" },
	{ "size twice", "80 01 01 80 01 01" },
	{ "proprietary information twice", "85 00 82 01 01 85 00" },
	{ "last object of the table twice", "AB 00 AB 00" },
};

static void refused_values(void **state)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct exact in = exact_of_hex(refused[i].value);
		struct fcp fcp = { .size = 4711 };

		print_message("# %s\n", refused[i].name);
		assert_int_equal(fcp_parse(in.bytes, &fcp), ERR_FORMAT);
		assert_int_equal(fcp.size, 4711);
		exact_free(&in);
	}
}

/* A cut value is refused unless the cut falls between two objects. */
static void truncated_values(void **state)
{
	struct exact in = exact_of_hex("80 02 00 80 82 06 02 41 00 10 01 00 83 02 2F 00 88 01 08");

	for (size_t len = 0; len < in.bytes.len; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));
		bool between = len == 0 || len == 4 || len == 12 || len == 16;
		struct fcp fcp;

		assert_int_equal(fcp_parse(cut.bytes, &fcp), between ? 0 : ERR_FORMAT);
		exact_free(&cut);
	}
	exact_free(&in);
}

static void impossible_templates(void **state)
{
	static const uint8_t name[FCP_DF_NAME_MAX + 1] = { 0 };
	const struct fcp cases[] = {
		{ .has_sfi = true, .sfi = 31 },
		{ .df_name = BYTES_OF_ARRAY(name) },
		{ .has_data_coding = true },
		{ .has_descriptor = true, .has_record_size = true },
		{ .has_descriptor = true, .has_data_coding = true, .has_record_count = true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t memory[64];
		struct writer w;

		writer_init(&w, memory, sizeof memory);
		fcp_encode(&cases[i], FCP_TEMPLATE_FCP, &w);
		assert_false(writer_done(&w));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_templates),
		cmocka_unit_test(all_members),
		cmocka_unit_test(shortest_objects),
		cmocka_unit_test(refused_values),
		cmocka_unit_test(truncated_values),
		cmocka_unit_test(impossible_templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
