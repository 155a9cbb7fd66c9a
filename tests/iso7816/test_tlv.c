/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER-TLV and COMPACT-TLV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "exact.h"
#include "iso7816/tlv.h"

static const struct {
	const char *name, *in;
	uint32_t tag;
	const char *value, *rest;
} taken[] = {
	{ "empty value", "53 00", 0x53, "", "" },
	{ "short length", "53 02 AA BB CC", 0x53, "AA BB", "CC" },
	{ "X.690 8.1.3.5: long form of a short length", "53 81 01 AA", 0x53, "AA", "" },
	{ "two length bytes for one", "53 82 00 01 AA", 0x53, "AA", "" },
	{ "four length bytes for one", "53 84 00 00 00 01 AA 00", 0x53, "AA", "00" },
	{ "long form of nothing", "53 81 00", 0x53, "", "" },
	{ "two-byte tag", "7F 49 01 AA", 0x7F49, "AA", "" },
	{ "ICAO 9303-10: LDS version, a low second byte", "5F 01 04 30 31 30 37", 0x5F01,
	    "30 31 30 37", "" },
	{ "lowest tag number of two bytes", "5F 1F 00", 0x5F1F, "", "" },
	{ "highest tag number of two bytes", "5F 7F 00", 0x5F7F, "", "" },
	{ "SP 800-73: three-byte tag", "5F C1 02 01 AA", 0x5FC102, "AA", "" },
	{ "lowest second byte of three", "5F 81 00 00", 0x5F8100, "", "" },
	{ "highest three-byte tag", "FF FF 7F 00", 0xFFFF7F, "", "" },
	{ "first byte FF", "FF 49 00", 0xFF49, "", "" },
};

static void take(void **state)
{
	for (size_t i = 0; i < COUNT(taken); i++) {
		struct exact in = exact_of_hex(taken[i].in);
		struct bytes rest = in.bytes;
		struct tlv tlv;

		print_message("# %s\n", taken[i].name);
		assert_true(tlv_take(&rest, &tlv));
		assert_int_equal(tlv.tag, taken[i].tag);
		assert_bytes_hex(tlv.value, taken[i].value);
		assert_bytes_hex(rest, taken[i].rest);
		assert_int_equal(tlv.whole.len, in.bytes.len - rest.len);
		assert_ptr_equal(tlv.whole.data, in.bytes.data);
		assert_true(exact_holds(tlv.whole, tlv.value));
		assert_true(tlv_is_tag(tlv.tag));
		exact_free(&in);
	}
}

static const struct {
	const char *name, *in;
} refused[] = {
	{ "nothing", "" },
	{ "first byte 00", "00 00" },
	{ "tag alone", "53" },
	{ "half a tag", "7F" },
	{ "tag of two bytes alone", "7F 49" },
	{ "padding FF", "FF FF FF FF" },
	{ "tag of four bytes", "5F 81 81 01 00" },
	{ "tag number not in its shortest form", "5F 80 01 00" },
	{ "second byte 80 alone", "5F 80 00" },
	{ "indefinite length", "30 80 00 00" },
	{ "length of five bytes", "53 85 00 00 00 00 00" },
	{ "reserved length byte", "53 FF 00" },
	{ "length byte 81 without its byte", "53 81" },
	{ "length bytes missing", "53 84 00 00 00" },
	{ "length runs past the end", "53 02 00" },
	{ "largest length", "53 84 FF FF FF FF 00" },
};

static void refuse(void **state)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct exact in = exact_of_hex(refused[i].in);
		struct bytes rest = in.bytes;
		struct tlv tlv = { .tag = 4711 };
		struct bytes value;

		print_message("# %s\n", refused[i].name);
		assert_false(tlv_take(&rest, &tlv));
		assert_int_equal(tlv.tag, 4711);
		assert_int_equal(rest.len, in.bytes.len);
		assert_ptr_equal(rest.data, in.bytes.data);
		assert_false(tlv_find(in.bytes, 0x53, &value));
		assert_int_equal(tlv_is_valid(in.bytes), in.bytes.len == 0);
		exact_free(&in);
	}
}

/* 80 is no length of 128, and FF none of 127 bytes. */
static void reserved_lengths_with_all_their_bytes(void **state)
{
	static uint8_t memory[512] = { 0x30 };

	for (unsigned first = 0x80; first <= 0xFF; first++) {
		struct bytes rest = BYTES_OF_ARRAY(memory);
		bool good = first >= 0x81 && first <= 0x84;
		struct tlv tlv;

		memory[1] = (uint8_t)first;
		assert_int_equal(tlv_take(&rest, &tlv), good);
		if (good)
			assert_int_equal(tlv.value.len, 0);
	}
}

static void truncate_all(void **state)
{
	struct exact in = exact_of_hex("7F 49 82 00 05 5F C1 02 01 AA");

	for (size_t len = 0; len < in.bytes.len; len++) {
		struct exact cut = exact_copy(bytes_first(in.bytes, len));
		struct bytes rest = cut.bytes;
		struct tlv tlv;

		assert_false(tlv_take(&rest, &tlv));
		assert_int_equal(tlv_is_valid(cut.bytes), len == 0);
		exact_free(&cut);
	}
	assert_true(tlv_is_valid(in.bytes));
	exact_free(&in);
}

static void tags(void **state)
{
	static const uint32_t bad[] = { 0, 0x1F, 0x7F, 0xFF, 0x5349, 0x5F80, 0x5F81, 0x5F8001,
		0x5F0101, 0x5F8180, 0x5F7F01, 0x535F81, 0x5F818101 };

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(tlv_is_tag(bad[i]));
	assert_true(tlv_is_constructed(0x7F49));
	assert_true(tlv_is_constructed(0x30));
	assert_true(tlv_is_constructed(0xA5));
	assert_true(tlv_is_constructed(0x7F8102));
	assert_false(tlv_is_constructed(0x5F2E));
	assert_false(tlv_is_constructed(0x5FC12F));
	assert_false(tlv_is_constructed(0x84));
}

static void find(void **state)
{
	struct exact in = exact_of_hex("80 01 AA 62 02 84 00 81 01 BB 80 01 CC 00");
	struct bytes value;
	struct bytes rest = in.bytes;

	assert_true(tlv_find(in.bytes, 0x80, &value));
	assert_bytes_hex(value, "AA");
	assert_true(tlv_find(in.bytes, 0x81, &value));
	assert_bytes_hex(value, "BB");
	assert_false(tlv_find(in.bytes, 0x84, &value)); /* not at the top level */
	assert_false(tlv_find(in.bytes, 0x00, &value));
	assert_false(tlv_is_valid(in.bytes)); /* the 00 at the end */
	assert_false(tlv_take_tag(&rest, 0x81, &value));
	assert_int_equal(rest.len, in.bytes.len);
	assert_true(tlv_take_tag(&rest, 0x80, &value));
	assert_bytes_hex(value, "AA");
	assert_int_equal(rest.len, in.bytes.len - 3);
	exact_free(&in);
}

/* depth templates inside each other. */
static struct bytes nest(struct writer *w, unsigned depth)
{
	writer_reset(w);
	for (unsigned i = 0; i < depth; i++)
		tlv_open(w, 0x30);
	for (unsigned i = 0; i < depth; i++)
		tlv_close(w);
	return writer_bytes(w);
}

static void depth(void **state)
{
	uint8_t memory[64];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(tlv_is_valid(nest(&w, TLV_DEPTH_MAX)));
	assert_true(writer_done(&w));
	(void)nest(&w, WRITER_DEPTH_MAX + 1);
	assert_false(writer_done(&w));
	/* Deeper than a writer goes, by hand. */
	for (size_t i = 0; i < TLV_DEPTH_MAX + 1; i++) {
		memory[2 * i] = 0x30;
		memory[2 * i + 1] = (uint8_t)(2 * (TLV_DEPTH_MAX - i));
	}
	assert_false(tlv_is_valid(bytes_of(memory, 2 * (TLV_DEPTH_MAX + 1))));
	assert_true(tlv_is_valid(bytes_of(memory + 2, 2 * TLV_DEPTH_MAX)));
}

/* Each length at which the length field grows: in one put, and in a template closed afterwards. */
static void length_fields(void **state)
{
	static const struct {
		size_t len;
		const char *header;
	} cases[] = {
		{ 0, "53 00" },
		{ 1, "53 01" },
		{ 127, "53 7F" },
		{ 128, "53 81 80" },
		{ 255, "53 81 FF" },
		{ 256, "53 82 01 00" },
		{ 65535, "53 82 FF FF" },
		{ 65536, "53 83 01 00 00" },
	};
	size_t cap = 65536 + 5;
	uint8_t *value = malloc(65536);
	uint8_t *memory = malloc(cap);
	struct writer w;

	assert_non_null(value);
	assert_non_null(memory);
	for (size_t i = 0; i < 65536; i++)
		value[i] = (uint8_t)(i * 7 >> 3);
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t header_len = (strlen(cases[i].header) + 1) / 3;
		struct bytes rest;
		struct tlv tlv;

		writer_init(&w, memory, header_len + cases[i].len);
		tlv_put(&w, 0x53, bytes_of(value, cases[i].len));
		assert_true(writer_done(&w));
		assert_bytes_hex(bytes_first(writer_bytes(&w), header_len), cases[i].header);
		writer_reset(&w);
		tlv_open(&w, 0x53);
		writer_put(&w, bytes_of(value, cases[i].len));
		assert_false(writer_done(&w)); /* still open */
		tlv_close(&w);
		assert_true(writer_done(&w));
		assert_bytes_hex(bytes_first(writer_bytes(&w), header_len), cases[i].header);
		assert_true(bytes_equal(
		    bytes_after(writer_bytes(&w), header_len), bytes_of(value, cases[i].len)));
		rest = writer_bytes(&w);
		assert_true(tlv_take(&rest, &tlv));
		assert_int_equal(tlv.value.len, cases[i].len);
		assert_int_equal(rest.len, 0);
		/* One byte less does not do. */
		writer_init(&w, memory, header_len + cases[i].len - 1);
		tlv_open(&w, 0x53);
		writer_put(&w, bytes_of(value, cases[i].len));
		tlv_close(&w);
		assert_false(writer_done(&w));
	}
	writer_init(&w, memory, cap);
	tlv_put_header(&w, 0x53, 0xFFFFFFFF);
	assert_bytes_hex(writer_bytes(&w), "53 84 FF FF FF FF");
	tlv_put_header(&w, 0x53, (size_t)0xFFFFFFFF + 1);
	assert_false(writer_done(&w));
	free(memory);
	free(value);
}

static void templates(void **state)
{
	uint8_t memory[512];
	uint8_t filler[200] = { 0 };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_put_u8(&w, 0xEE);
	tlv_open(&w, 0x7F49);
	tlv_put_u8(&w, 0x80, 0x12);
	tlv_open(&w, 0x5FC102);
	tlv_put_u16(&w, 0x83, 0x3F00);
	tlv_close(&w);
	tlv_close(&w);
	assert_true(writer_done(&w));
	assert_bytes_hex(writer_bytes(&w), "EE 7F 49 0B 80 01 12 5F C1 02 04 83 02 3F 00");
	/* An inner template that grows moves what the outer one counts. */
	writer_reset(&w);
	tlv_open(&w, 0x30);
	tlv_open(&w, 0x31);
	writer_put(&w, BYTES_OF_ARRAY(filler));
	tlv_close(&w);
	tlv_put_u8(&w, 0x02, 0x05);
	tlv_close(&w);
	assert_true(writer_done(&w));
	assert_int_equal(w.len, 3 + 3 + 200 + 3);
	assert_bytes_hex(bytes_first(writer_bytes(&w), 7), "30 81 CE 31 81 C8 00");
	assert_bytes_hex(bytes_after(writer_bytes(&w), 206), "02 01 05");
	assert_true(tlv_is_valid(bytes_after(writer_bytes(&w), 206)));
}

static void malformed_tag_fails_the_writer(void **state)
{
	uint8_t memory[16];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put_u8(&w, 0x7F, 1);
	assert_false(writer_done(&w));
	writer_reset(&w);
	tlv_open(&w, 0);
	tlv_close(&w);
	assert_false(writer_done(&w));
}

static void compact(void **state)
{
	struct exact in = exact_of_hex("31 80 73 C8 21 13 F0 05 AA");
	struct bytes rest = in.bytes;
	struct bytes value;
	uint8_t tag;
	uint8_t memory[17];
	struct writer w;

	assert_true(tlv_compact_take(&rest, &tag, &value));
	assert_int_equal(tag, 3);
	assert_bytes_hex(value, "80");
	assert_true(tlv_compact_take(&rest, &tag, &value));
	assert_int_equal(tag, 7);
	assert_bytes_hex(value, "C8 21 13");
	assert_true(tlv_compact_take(&rest, &tag, &value));
	assert_int_equal(tag, 15);
	assert_int_equal(value.len, 0);
	assert_false(tlv_compact_take(&rest, &tag, &value)); /* tag 0 */
	assert_int_equal(rest.len, 2);
	for (size_t len = 0; len < 4; len++) {
		struct exact cut = exact_copy(bytes_first(bytes_after(in.bytes, 2), len));

		assert_false(tlv_compact_take(&cut.bytes, &tag, &value));
		assert_int_equal(cut.bytes.len, len);
		exact_free(&cut);
	}
	writer_init(&w, memory, sizeof memory);
	tlv_compact_put(&w, 3, bytes_first(in.bytes, 1));
	tlv_compact_put(&w, 15, bytes_of(NULL, 0));
	assert_true(writer_done(&w));
	assert_bytes_hex(writer_bytes(&w), "31 31 F0");
	tlv_compact_put(&w, 16, bytes_of(NULL, 0));
	assert_false(writer_done(&w));
	writer_reset(&w);
	tlv_compact_put(&w, 0, bytes_of(NULL, 0));
	assert_false(writer_done(&w));
	writer_reset(&w);
	tlv_compact_put(&w, 1, bytes_of(memory, 16));
	assert_false(writer_done(&w));
	exact_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take),
		cmocka_unit_test(refuse),
		cmocka_unit_test(reserved_lengths_with_all_their_bytes),
		cmocka_unit_test(truncate_all),
		cmocka_unit_test(tags),
		cmocka_unit_test(find),
		cmocka_unit_test(depth),
		cmocka_unit_test(length_fields),
		cmocka_unit_test(templates),
		cmocka_unit_test(malformed_tag_fails_the_writer),
		cmocka_unit_test(compact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
