/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The objects of MSE:Set AT and MSE:Set DST: each of them, all orders that matter, and what is none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/authentication_template.h"
#include "exact.h"

#define CHAT_AT_ALL "7F4C 12 06 09 04007F000703010202 53 05 3F FFFFFFF7"

/* PACE as an identity card is asked for it, in full. */
#define PACE                                                                                       \
	"80 0A 04007F00070202040202 83 01 03 84 01 0D " CHAT_AT_ALL                                \
	" 65 10 73 0E 06 09 04007F000703010301 53 01 FF"
#define TERMINAL                                                                                   \
	"80 0A 04007F00070202020203 83 0D 44455445535441544445303139 "                             \
	"67 17 73 15 06 09 04007F000703010401 53 08 3139393631323239 91 04 01020304"
#define CHIP "80 0A 04007F00070202030202 84 01 41 E0 03 81 01 02"

static void pace(void **state)
{
	struct exact data = exact_of_hex(PACE);
	struct authentication_template t;
	uint32_t number;

	assert_true(authentication_template_parse(data.bytes, &t));
	assert_bytes_hex(t.protocol, "04007F00070202040202");
	assert_int_equal(authentication_protocol_of(t.protocol), AUTHENTICATION_PACE);
	assert_true(authentication_number(t.public_key, &number));
	assert_int_equal(number, 3);
	assert_true(authentication_number(t.private_key, &number));
	assert_int_equal(number, 13);
	assert_true(t.has_chat);
	assert_int_equal(t.chat.type, CHAT_AT);
	assert_true(chat_has(&t.chat, 0));
	assert_false(chat_has(&t.chat, 3));
	assert_bytes_hex(t.extensions, "73 0E 06 09 04007F000703010301 53 01 FF");
	assert_int_equal(t.auxiliary.len + t.ephemeral.len + t.context.len + t.reference.len, 0);
	exact_free(&data);
}

static void terminal_and_chip(void **state)
{
	struct exact data = exact_of_hex(TERMINAL);
	struct authentication_template t;
	uint32_t session;

	assert_true(authentication_template_parse(data.bytes, &t));
	assert_bytes_hex(t.public_key, "44455445535441544445303139");
	assert_bytes_hex(
	    t.auxiliary, "67 17 73 15 06 09 04007F000703010401 53 08 3139393631323239");
	assert_bytes_hex(t.ephemeral, "01020304");
	assert_false(t.has_chat);
	exact_free(&data);
	data = exact_of_hex(CHIP);
	assert_true(authentication_template_parse(data.bytes, &t));
	assert_bytes_hex(t.private_key, "41");
	assert_true(authentication_session(t.context, &session));
	assert_int_equal(session, 2);
	assert_int_equal(t.public_key.len + t.reference.len, 0);
	exact_free(&data);
}

static void alone_and_none(void **state)
{
	struct authentication_template t;
	struct exact data;

	assert_true(authentication_template_parse(bytes_of(NULL, 0), &t));
	assert_int_equal(t.protocol.len + t.public_key.len + t.auxiliary.len, 0);
	assert_false(t.has_chat);
	/* a terminal that has committed itself to nothing; a stored session; another order */
	data = exact_of_hex("67 00 84 01 0D E1 03 81 01 01 83 01 02");
	assert_true(authentication_template_parse(data.bytes, &t));
	assert_bytes_hex(t.auxiliary, "6700");
	assert_bytes_hex(t.reference, "810101");
	assert_bytes_hex(t.public_key, "02");
	exact_free(&data);
	/* extensions, of which there is none */
	data = exact_of_hex("65 00");
	assert_true(authentication_template_parse(data.bytes, &t));
	assert_int_equal(t.extensions.len, 0);
	exact_free(&data);
}

static void refused(void **state)
{
	static const struct {
		const char *name, *hex;
	} cases[] = {
		{ "an unknown object", "80 01 04 85 01 01" },
		{ "the protocol twice", "80 01 04 80 01 04" },
		{ "auxiliary data twice", "67 00 67 00" },
		{ "rights twice", CHAT_AT_ALL CHAT_AT_ALL },
		{ "no protocol in its object", "80 00" },
		{ "no password", "83 00" },
		{ "no key", "84 00" },
		{ "no ephemeral key", "91 00" },
		{ "extensions twice", "65 00 65 00" },
		{ "extensions that are none", "65 02 73 05" },
		{ "auxiliary data that are none", "67 01 73" },
		{ "rights of no terminal", "7F4C 0E 06 09 04007F000703010209 53 01 00" },
		{ "rights of another length", "7F4C 0E 06 09 04007F000703010202 53 01 00" },
		{ "no rights", "7F4C 00" },
		{ "padding", "80 01 04 00" },
	};
	struct authentication_template t, before;

	memset(&t, 0x5A, sizeof t);
	memcpy(&before, &t, sizeof t);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);

		if (authentication_template_parse(data.bytes, &t))
			fail_msg("%s is taken", cases[i].name);
		assert_memory_equal(&t, &before, sizeof t);
		exact_free(&data);
	}
}

/* Cut anywhere but between two objects, nothing is taken. */
static void truncations(void **state)
{
	static const struct {
		const char *hex;
		size_t ends[6];
	} cases[] = {
		{ PACE, { 0, 12, 15, 18, 39, 57 } },
		{ TERMINAL, { 0, 12, 27, 52, 58 } },
		{ CHIP, { 0, 12, 15, 20 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact whole = exact_of_hex(cases[i].hex);
		size_t n_taken = 0;

		for (size_t n = 0; n <= whole.bytes.len; n++) {
			struct exact cut = exact_copy(bytes_first(whole.bytes, n));
			struct authentication_template t;

			if (authentication_template_parse(cut.bytes, &t))
				assert_int_equal(cases[i].ends[n_taken++], n);
			exact_free(&cut);
		}
		assert_int_equal(cases[i].ends[n_taken - 1], whole.bytes.len);
		exact_free(&whole);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *hex;
		int64_t want; /* -1: refused */
	} cases[] = {
		{ "", -1 },
		{ "00", 0 },
		{ "0D", 13 },
		{ "FF", 255 },
		{ "0041", -1 },
		{ "0141", 321 },
		{ "FFFFFFFF", 0xFFFFFFFF },
		{ "0100000000", -1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);
		uint32_t number = 77;

		assert_int_equal(authentication_number(data.bytes, &number), cases[i].want >= 0);
		assert_int_equal(number, cases[i].want >= 0 ? cases[i].want : 77);
		exact_free(&data);
	}
}

static void sessions(void **state)
{
	static const char *const bad[] = { "", "81", "8100", "800101", "81010100", "81010181" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct exact data = exact_of_hex(bad[i]);
		uint32_t number;

		assert_false(authentication_session(data.bytes, &number));
		exact_free(&data);
	}
}

static void files(void **state)
{
	static const struct {
		const char *hex, *fids; /* NULL: refused */
		bool attribute;
	} cases[] = {
		{ "80 02 0101", "0101", false },
		{ "80 06 010101080112", "010101080112", false },
		{ "80 02 0101 81 02 00FF", "0101", true },
		{ "81 02 00FF", "", true },
		{ "", NULL, false },
		{ "80 00", NULL, false },
		{ "80 01 01", NULL, false },
		{ "80 03 010101", NULL, false },
		{ "80 02 0101 81 02 FF00", NULL, false },
		{ "81 01 00", NULL, false },
		{ "81 02 00FF 80 02 0101", NULL, false },
		{ "80 02 0101 82 00", NULL, false },
		{ "80 02 01", NULL, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);
		struct authentication_files out;
		bool good = authentication_files_parse(data.bytes, &out);

		assert_int_equal(good, cases[i].fids != NULL);
		if (good) {
			assert_bytes_hex(out.fids, cases[i].fids);
			assert_int_equal(out.attribute, cases[i].attribute);
		}
		exact_free(&data);
	}
}

static void protocols(void **state)
{
	static const struct {
		const char *hex;
		enum authentication_protocol want;
	} cases[] = {
		{ "04007F0007020202", AUTHENTICATION_TERMINAL },
		{ "04007F00070202020203", AUTHENTICATION_TERMINAL },
		{ "04007F00070202030202", AUTHENTICATION_CHIP },
		{ "04007F00070202040602", AUTHENTICATION_PACE },
		{ "04007F00070202050203", AUTHENTICATION_RESTRICTED_ID },
		{ "04007F000702020B010203", AUTHENTICATION_PSA },
		{ "04007F000702020B020203", AUTHENTICATION_PSM },
		{ "04007F000702020B030205", AUTHENTICATION_PSC },
		{ "04007F000702020B", AUTHENTICATION_UNKNOWN },
		{ "04007F000702020B04", AUTHENTICATION_UNKNOWN },
		{ "04007F0007020201", AUTHENTICATION_UNKNOWN },
		{ "04007F00070202", AUTHENTICATION_UNKNOWN },
		{ "04007F00070302030202", AUTHENTICATION_UNKNOWN },
		{ "", AUTHENTICATION_UNKNOWN },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact oid = exact_of_hex(cases[i].hex);

		assert_int_equal(authentication_protocol_of(oid.bytes), cases[i].want);
		exact_free(&oid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pace),
		cmocka_unit_test(terminal_and_chip),
		cmocka_unit_test(alone_and_none),
		cmocka_unit_test(refused),
		cmocka_unit_test(truncations),
		cmocka_unit_test(numbers),
		cmocka_unit_test(sessions),
		cmocka_unit_test(files),
		cmocka_unit_test(protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
