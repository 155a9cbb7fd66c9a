/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SecurityInfos and the DER below them: each kind read and written, fields at their edges, every truncation, sorted sets;
 * the EF.CardAccess of a test card of the German identity card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/security_info.h"
#include "pki_data.h"

static struct security_info infos[SECURITY_INFOS_MAX];

/* What BSI's test card of 2010 has. */
static const char card_access[] =
    "3181B3300D060804007F00070202020201023012060A04007F00070202030202020102020141"
    "3012060A04007F000702020302020201020201453012060A04007F0007020204020202010202010D"
    "301C060904007F000702020302300C060704007F0007010202010D020141"
    "301C060904007F000702020302300C060704007F0007010202010D020145"
    "302A060804007F0007020206161E687474703A2F2F6273692E62756E642E64652F6369662F6E70612E786D6C";

static void test_card_access(void **state)
{
	struct exact e = exact_of_hex(card_access);
	char name[SECURITY_INFO_NAME_SIZE];
	uint32_t id;
	size_t n;

	assert_int_equal(security_infos_parse(e.bytes, infos, &n), 0);
	assert_int_equal(n, 7);
	assert_int_equal(infos[0].kind, SECURITY_INFO_TERMINAL_AUTH);
	assert_int_equal(infos[0].version, 2);
	assert_int_equal(infos[1].kind, SECURITY_INFO_CHIP_AUTH);
	assert_string_equal(
	    security_info_protocol_name(infos[1].protocol, name), "ECDH-AES-CBC-CMAC-128");
	assert_int_equal(infos[2].id, 0x45);
	assert_int_equal(infos[3].kind, SECURITY_INFO_PACE);
	assert_true(infos[3].has_id);
	assert_int_equal(infos[3].id, 13);
	assert_string_equal(
	    security_info_protocol_name(infos[3].protocol, name), "ECDH-GM-AES-CBC-CMAC-128");
	assert_int_equal(infos[4].kind, SECURITY_INFO_CHIP_AUTH_DOMAIN);
	assert_true(security_info_is_standardised(infos[4].domain, &id));
	assert_int_equal(id, 13);
	assert_string_equal(security_info_protocol_name(infos[4].protocol, name), "ECDH");
	assert_int_equal(infos[6].kind, SECURITY_INFO_CARD_INFO);
	assert_true(bytes_equal(infos[6].url, bytes_of_string("http://bsi.bund.de/cif/npa.xml")));
	exact_free(&e);
}

static void test_every_truncation(void **state)
{
	struct exact whole = exact_of_hex(card_access);
	size_t n = 99;

	for (size_t len = 0; len < whole.bytes.len; len++) {
		struct exact e = exact_copy(bytes_first(whole.bytes, len));

		assert_int_equal(security_infos_parse(e.bytes, infos, &n), ERR_FORMAT);
		assert_int_equal(n, 99);
		exact_free(&e);
	}
	exact_free(&whole);
}

#define SPKI "301B 3010 0607 2A8648CE3D0201 0605 2B8104000A 0307 00 040102030405"

/* One SecurityInfo each: the value of its SEQUENCE. What is read is written again as it was. */
static const struct {
	const char *name, *in;
	enum security_info_kind kind;
	int want;
} cases[] = {
	{ "PACE without id", "060A04007F00070202040202 020102", SECURITY_INFO_PACE, 0 },
	{ "PACE, id 0", "060A04007F00070202040202 020102 020100", SECURITY_INFO_PACE, 0 },
	{ "PACE, id 2^32-1", "060A04007F00070202040202 020102 020500FFFFFFFF", SECURITY_INFO_PACE,
	    0 },
	{ "PACE, id 2^32", "060A04007F00070202040202 020102 02050100000000", 0, ERR_FORMAT },
	{ "PACE, negative id", "060A04007F00070202040202 020102 0201FF", 0, ERR_FORMAT },
	{ "PACE, id with a zero too many", "060A04007F00070202040202 020102 0202000D", 0,
	    ERR_FORMAT },
	{ "PACE, an empty id", "060A04007F00070202040202 020102 0200", 0, ERR_FORMAT },
	{ "PACE without version", "060A04007F00070202040202", 0, ERR_FORMAT },
	{ "PACE, something more", "060A04007F00070202040202 020102 020100 0500", 0, ERR_FORMAT },
	{ "PACE, version as text", "060A04007F00070202040202 0C0132", 0, ERR_FORMAT },
	{ "PACE parameters", "060904007F000702020402 300C060704007F0007010202010D 020101",
	    SECURITY_INFO_PACE_DOMAIN, 0 },
	{ "parameters without algorithm", "060904007F000702020402 3000", 0, ERR_FORMAT },
	{ "chip authentication parameters", "060904007F000702020302 300C060704007F0007010202010D",
	    SECURITY_INFO_CHIP_AUTH_DOMAIN, 0 },
	{ "chip authentication", "060A04007F00070202030204 020101", SECURITY_INFO_CHIP_AUTH, 0 },
	{ "public key", "060904007F000702020102" SPKI, SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY, 0 },
	{ "public key with id", "060904007F000702020102" SPKI "020141",
	    SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY, 0 },
	{ "public key of bits", "060904007F000702020102 3008 3004 06022A03 0300", 0, ERR_FORMAT },
	{ "terminal authentication", "060804007F0007020202 020101", SECURITY_INFO_TERMINAL_AUTH,
	    0 },
	{ "terminal authentication, EF.CVCA", "060804007F0007020202 020101 3004 0402011C",
	    SECURITY_INFO_TERMINAL_AUTH, 0 },
	{ "terminal authentication, EF.CVCA, short identifier",
	    "060804007F0007020202 020101 3007 0402011C 04011C", SECURITY_INFO_TERMINAL_AUTH, 0 },
	{ "file identifier of one byte", "060804007F0007020202 020101 3003 04011C", 0, ERR_FORMAT },
	{ "short identifier of two bytes", "060804007F0007020202 020101 3008 0402011C 04021C1C", 0,
	    ERR_FORMAT },
	{ "active authentication", "0606678108010105 020101 060A04007F00070101040103",
	    SECURITY_INFO_ACTIVE_AUTH, 0 },
	{ "active authentication without algorithm", "0606678108010105 020101", 0, ERR_FORMAT },
	{ "restricted identification", "060A04007F00070202050203 3009 020101 02012B 0101FF",
	    SECURITY_INFO_RESTRICTED_ID, 0 },
	{ "restricted identification, key length",
	    "060A04007F00070202050203 3009 020101 02012B 010100 02020100",
	    SECURITY_INFO_RESTRICTED_ID, 0 },
	{ "restricted identification without key", "060A04007F00070202050203 3006 020101 0101FF", 0,
	    ERR_FORMAT },
	{ "restricted identification without flag", "060A04007F00070202050203 3006 020101 02012B",
	    0, ERR_FORMAT },
	{ "restricted parameters", "060904007F000702020502 300C060704007F0007010202010D",
	    SECURITY_INFO_RESTRICTED_ID_DOMAIN, 0 },
	{ "card info", "060804007F0007020206 160161", SECURITY_INFO_CARD_INFO, 0 },
	{ "card info and more", "060804007F0007020206 160161 3003 020101", SECURITY_INFO_CARD_INFO,
	    0 },
	{ "card info in UTF-8", "060804007F0007020206 0C0161", 0, ERR_FORMAT },
	{ "another protocol", "06022A03 0500", SECURITY_INFO_OTHER, 0 },
	{ "another protocol with both", "06022A03 3000 0500", SECURITY_INFO_OTHER, 0 },
	{ "PACE of the next version of the standard", "060B04007F0007020204020201 0500",
	    SECURITY_INFO_OTHER, 0 },
	{ "another protocol, malformed inside", "06022A03 30020600 05", 0, ERR_FORMAT },
	{ "no protocol", "0600 0500", 0, ERR_FORMAT },
	{ "nothing", "", 0, ERR_FORMAT },
};

static void test_kinds(void **state)
{
	bool seen[SECURITY_INFO_KINDS] = { false };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact e = exact_of_hex(cases[i].in);
		struct security_info info;
		uint8_t memory[256];
		struct bytes rest;
		struct bytes value;
		struct writer w;

		if (security_info_parse(e.bytes, &info) != cases[i].want)
			fail_msg("%s", cases[i].name);
		if (cases[i].want == 0) {
			if (info.kind != cases[i].kind)
				fail_msg("%s", cases[i].name);
			seen[info.kind] = true;
			writer_init(&w, memory, sizeof memory);
			assert_int_equal(security_info_put(&info, &w), 0);
			rest = writer_bytes(&w);
			assert_true(tlv_take_tag(&rest, DER_SEQUENCE, &value) && rest.len == 0);
			if (!bytes_equal(value, e.bytes))
				fail_msg("%s: not written as it was", cases[i].name);
		}
		exact_free(&e);
	}
	for (size_t i = 0; i < SECURITY_INFO_KINDS; i++)
		assert_true(seen[i]);
}

static void test_sorted(void **state)
{
	struct exact e = exact_of_hex(card_access);
	uint8_t memory[512];
	struct bytes set;
	struct writer w;
	struct tlv tlv;
	struct bytes last = { 0 };
	size_t n;

	assert_int_equal(security_infos_parse(e.bytes, infos, &n), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(security_infos_put(infos, n, &w), 0);
	assert_int_equal(w.len, e.bytes.len);
	assert_true(tlv_find(writer_bytes(&w), DER_SET, &set));
	while (tlv_take(&set, &tlv)) {
		size_t shorter = last.len < tlv.whole.len ? last.len : tlv.whole.len;

		if (shorter > 0)
			assert_true(memcmp(last.data, tlv.whole.data, shorter) <= 0);
		last = tlv.whole;
	}
	writer_init(&w, memory, e.bytes.len - 1);
	assert_int_equal(security_infos_put(infos, n, &w), ERR_LIMIT);
	exact_free(&e);
}

static void test_refused(void **state)
{
	static const uint8_t pace[] = { 4, 0, 127, 0, 7, 2, 2, 4, 2, 2 };
	struct security_info info = {
		.kind = SECURITY_INFO_CHIP_AUTH, .protocol = BYTES_OF_ARRAY(pace), .version = 2
	};
	uint8_t memory[64];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(security_info_put(&info, &w), ERR_FORMAT);
	info.kind = SECURITY_INFO_PACE;
	assert_int_equal(security_info_put(&info, &w), 0);
	info.protocol.len = 9;
	info.kind = SECURITY_INFO_PACE_DOMAIN;
	assert_int_equal(security_info_put(&info, &w), ERR_FORMAT);
}

static void test_count(void **state)
{
	uint8_t memory[512];
	struct writer w;
	size_t n;

	for (size_t count = 0; count <= SECURITY_INFOS_MAX + 1; count++) {
		writer_init(&w, memory, sizeof memory);
		tlv_open(&w, DER_SET);
		for (size_t i = 0; i < count; i++)
			writer_put(
			    &w, bytes_of((const uint8_t *)"\x30\x05\x06\x01\x2A\x05\x00", 7));
		tlv_close(&w);
		assert_true(writer_done(&w));
		assert_int_equal(security_infos_parse(writer_bytes(&w), infos, &n),
		    count <= SECURITY_INFOS_MAX ? 0 : ERR_LIMIT);
		if (count <= SECURITY_INFOS_MAX)
			assert_int_equal(n, count);
	}
}

static void test_standardised(void **state)
{
	uint8_t memory[32];
	struct writer w;
	uint32_t id = 0;

	writer_init(&w, memory, sizeof memory);
	security_info_put_standardised(&w, 13);
	assert_bytes_hex(writer_bytes(&w), "300C060704007F0007010202010D");
	assert_true(security_info_is_standardised(writer_bytes(&w), &id) && id == 13);
	memory[10] ^= 1;
	assert_false(security_info_is_standardised(writer_bytes(&w), &id));
}

static void test_numbers(void **state)
{
	static const struct {
		const char *in, *out;
	} numbers[] = { { "00", "020100" }, { "", "020100" }, { "7F", "02017F" },
		{ "80", "02020080" }, { "0000FF", "020200FF" }, { "0001", "020101" } };
	uint8_t memory[16];
	struct writer w;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct exact e = exact_of_hex(numbers[i].in);

		writer_init(&w, memory, sizeof memory);
		der_put_number(&w, e.bytes);
		assert_bytes_hex(writer_bytes(&w), numbers[i].out);
		exact_free(&e);
	}
}

static void test_days(void **state)
{
	uint8_t memory[32];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	der_put_day(&w, (struct date){ 2049, 12, 31 }, true);
	assert_bytes_hex(writer_bytes(&w), "170D3439313233313233353935395A");
	writer_reset(&w);
	der_put_day(&w, (struct date){ 2050, 1, 1 }, false);
	assert_bytes_hex(writer_bytes(&w), "180F32303530303130313030303030305A");
}

static void test_oid_text(void **state)
{
	static const struct {
		const char *oid, *text;
	} oids[] = {
		{ "6781080101 01", "2.23.136.1.1.1" },
		{ "2A864886F70D", "1.2.840.113549" },
		{ "04007F000702", "0.4.0.127.0.7.2" },
		{ "883703", "2.999.3" },
		{ "4F", "1.39" },
		{ "50", "2.0" },
		{ "", "?" },
		{ "2A86", "?" },
		{ "2AFFFFFFFFFFFFFFFF7F", "?" },
	};
	char text[DER_OID_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(oids); i++) {
		struct exact e = exact_of_hex(oids[i].oid);

		assert_string_equal(der_oid_text(e.bytes, text), oids[i].text);
		exact_free(&e);
	}
}

/* DG14 of a sample LDS: behind the tag 6E, SecurityInfos with a public key of explicit parameters. */
static void test_published_dg14(void **state)
{
	struct exact e;
	struct bytes content;
	size_t n;

	if (!pki_data("lds-bsi2008/Datagroup14.bin", &e))
		return;
	assert_true(tlv_find(e.bytes, 0x6E, &content));
	assert_int_equal(security_infos_parse(content, infos, &n), 0);
	assert_true(n > 0);
	exact_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_card_access),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_standardised),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_oid_text),
		cmocka_unit_test(test_published_dg14),
	};

	return cmocka_run_group_tests_name("security_info", tests, NULL, NULL);
}
