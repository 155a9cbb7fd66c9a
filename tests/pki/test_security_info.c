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
#include "published.h"

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
	{ "chip's pseudonymous signature",
	    "060B04007F000702020B010203 3009 020101 020100 020101 020142", SECURITY_INFO_PSA, 0 },
	{ "of messages", "060B04007F000702020B020205 3009 020101 020102 020101 020142",
	    SECURITY_INFO_PSM, 0 },
	{ "of credentials, without key", "060B04007F000702020B030204 3009 020101 020102 020100",
	    SECURITY_INFO_PSC, 0 },
	{ "pseudonymous signature with two numbers",
	    "060B04007F000702020B010203 3006 020101 020100", 0, ERR_FORMAT },
	{ "pseudonymous signature with four numbers",
	    "060B04007F000702020B010203 300C 020101 020100 020100 020100", 0, ERR_FORMAT },
	{ "its key", "060A04007F00070202010302 301D" SPKI, SECURITY_INFO_PS_PUBLIC_KEY, 0 },
	{ "its key with ids", "060A04007F00070202010302 301D" SPKI "3007 810121 82020080",
	    SECURITY_INFO_PS_PUBLIC_KEY, 0 },
	{ "its key with its id alone", "060A04007F00070202010302 301D" SPKI "3003 820142",
	    SECURITY_INFO_PS_PUBLIC_KEY, 0 },
	{ "its key with a negative id", "060A04007F00070202010302 301D" SPKI "3003 820180", 0,
	    ERR_FORMAT },
	{ "its key with an empty id", "060A04007F00070202010302 301D" SPKI "3002 8200", 0,
	    ERR_FORMAT },
	{ "its key with a long id", "060A04007F00070202010302 301D" SPKI "3009 8207 00000000000001",
	    0, ERR_FORMAT },
	{ "its key with ids the other way round",
	    "060A04007F00070202010302 301D" SPKI "3006 820142 810121", 0, ERR_FORMAT },
	{ "its key, not in a sequence", "060A04007F00070202010302" SPKI, 0, ERR_FORMAT },
	{ "password", "060904007F000702020C03 3003 020103", SECURITY_INFO_PASSWORD, 0 },
	{ "password with flags and more",
	    "060904007F000702020C03 3003 020103 3008 0303 04 3460 840106", SECURITY_INFO_PASSWORD,
	    0 },
	{ "password without id", "060904007F000702020C03 3000", 0, ERR_FORMAT },
	{ "password with options, without flags", "060904007F000702020C03 3003 020103 3003 840106",
	    0, ERR_FORMAT },
	{ "flags without bits", "060904007F000702020C03 3003 020103 3003 0301 00",
	    SECURITY_INFO_PASSWORD, 0 },
	{ "unused bits of none", "060904007F000702020C03 3003 020103 3003 0301 01", 0, ERR_FORMAT },
	{ "eight unused bits", "060904007F000702020C03 3003 020103 3004 0302 0880", 0, ERR_FORMAT },
	{ "too many flags", "060904007F000702020C03 3003 020103 3006 0304 00 800000", 0,
	    ERR_FORMAT },
	{ "eID security",
	    "060804007F0007020207 301E 300B 0609608648016503040201 300F 3006 020101 0401AA "
	    "3005 02010A 0400",
	    SECURITY_INFO_EID_SECURITY, 0 },
	{ "eID security with a version",
	    "060804007F0007020207 300F 300B 0609608648016503040201 3000 3006 130131 130132",
	    SECURITY_INFO_EID_SECURITY, 0 },
	{ "eID security without numbers",
	    "060804007F0007020207 3014 300B 0609608648016503040201 3005 3003 0401AA", 0,
	    ERR_FORMAT },
	{ "eID security without hashes", "060804007F0007020207 300D 300B 0609608648016503040201", 0,
	    ERR_FORMAT },
	{ "privileged terminals", "060804007F0007020208 3111 300F 060A04007F00070202030204 020102",
	    SECURITY_INFO_PRIVILEGED, 0 },
	{ "privileged terminals in a sequence", "060804007F0007020208 3000", 0, ERR_FORMAT },
	{ "privileged terminals and more", "060804007F0007020208 3100 0500", 0, ERR_FORMAT },
	{ "mobile eID type", "060A04007F00070302030203 020101", SECURITY_INFO_MOBILE_EID, 0 },
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

static void test_names(void **state)
{
	static const struct {
		const char *protocol, *want;
	} names[] = {
		{ "04007F00070202040602", "ECDH-CAM-AES-CBC-CMAC-128" },
		{ "04007F00070202040502", "?-AES-CBC-CMAC-128" },
		{ "04007F00070202030105", "DH-?" },
		{ "04007F00070202050203", "ECDH-SHA-256" },
		{ "04007F000702020B010204", "SHA-384" },
		{ "04007F000702020B0102FF", "?" },
		{ "04007F000702020C03", "PIN" },
		{ "04007F00070302030201", "certified secure element" },
		{ "04007F00070202010302", "" },
		{ "04007F0007020202", "" },
		{ "2A03", "" },
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct exact protocol = exact_of_hex(names[i].protocol);
		char name[SECURITY_INFO_NAME_SIZE];

		assert_string_equal(
		    security_info_protocol_name(protocol.bytes, name), names[i].want);
		exact_free(&protocol);
	}
}

static struct security_info parse(const char *hex, struct exact *memory)
{
	struct security_info info;

	*memory = exact_of_hex(hex);
	assert_int_equal(security_info_parse(memory->bytes, &info), 0);
	return info;
}

static void test_fields(void **state)
{
	struct exact memory;
	struct bytes value;
	struct security_info info =
	    parse("060B04007F000702020B010203 3009 020101 020102 020101 020142", &memory);

	assert_int_equal(info.version, 1);
	assert_int_equal(info.auth_info[0], 2);
	assert_int_equal(info.auth_info[1], 1);
	assert_true(info.has_id && info.id == 0x42);
	exact_free(&memory);
	info = parse("060A04007F00070202010302 301D" SPKI "3007 810121 82020080", &memory);
	assert_true(info.has_parameter && info.parameter == 0x21);
	assert_true(info.has_id && info.id == 0x80);
	assert_bytes_hex(info.public_key, SPKI);
	exact_free(&memory);
	/* is-blocking, is-suspending, unblock-allowedUT, change-allowedAT, activation-allowedAT */
	info = parse("060904007F000702020C03 3003 020103 3005 0303 04 34C0", &memory);
	assert_true(info.has_id && info.id == 3);
	assert_int_equal(info.flags, 1 << 2 | 1 << 3 | 1 << 5 | 1 << 8 | 1 << 9);
	assert_false(security_info_eid_algorithm(&info, &value));
	assert_false(security_info_eid_hash(&info, 3, &value));
	exact_free(&memory);
	info =
	    parse("060804007F0007020207 301E 300B 0609608648016503040201 300F 3006 020101 0401AA "
	          "3005 02010A 0400",
	        &memory);
	assert_true(security_info_eid_algorithm(&info, &value));
	assert_bytes_hex(value, "300B 0609608648016503040201");
	assert_true(security_info_eid_hash(&info, 1, &value));
	assert_bytes_hex(value, "AA");
	assert_true(security_info_eid_hash(&info, 10, &value) && value.len == 0);
	assert_false(security_info_eid_hash(&info, 2, &value));
	exact_free(&memory);
}

static void test_ps_key(void **state)
{
	uint8_t memory[128];
	struct exact domain = exact_of_hex("300C060704007F0007010202010D");
	struct exact manager = exact_of_hex("040102");
	struct exact group = exact_of_hex("040304");
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	security_info_put_ps_key(&w, domain.bytes, manager.bytes, group.bytes);
	assert_true(writer_done(&w));
	assert_bytes_hex(writer_bytes(&w),
	    "3028 3020 0609 04007F000701010203 3013 300C060704007F0007010202010D 0403 040102 "
	    "0304 00 040304");
	exact_free(&domain);
	exact_free(&manager);
	exact_free(&group);
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

	if (!published_file("lds-bsi2008/Datagroup14.bin", &e))
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
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_ps_key),
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
