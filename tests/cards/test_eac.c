/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base of passports and identity cards: each protocol on a card of the tests, in order and out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cards/eac/internal.h"
#include "eac_terminal.h"

static const struct reader_pace pace_can = { .variant = PACE_ECDH_GM,
	.cipher = 2,
	.parameters = 13,
	.kind = PACE_CAN,
	.password = EAC_CARD_CAN };

static unsigned slept; /* milliseconds */

static void count_sleep(void *self, unsigned milliseconds)
{
	slept += milliseconds;
}

static struct eac_reader reader;

static int begin(void **state)
{
	const struct card_setup setup = { .seed = bytes_of_string("eac"), .sleep = count_sleep };
	struct card *card = NULL;

	assert_int_equal(card_new(&eac_card, &setup, &card), 0);
	reader_init(&reader, card);
	slept = 0;
	return 0;
}

static int end(void **state)
{
	card_free(reader.card);
	reader_done(&reader);
	return 0;
}

static void expect(const char *command, uint16_t sw)
{
	assert_int_equal(reader_hex(&reader, command), sw);
}

/* That nothing has been proved: neither under these keys nor without. */
static void expect_closed(void)
{
	reader.protected = false;
	expect("00A4040C07A0000002471001", 0x9000);
	expect("00A4020C02011E", 0x6982);
	expect("00B09E0004", 0x6982);
	assert_int_equal(eac_session(reader.card)->access, EAC_ACCESS_NONE);
}

static void expect_open(void)
{
	expect("00A4040C07A0000002471001", 0x9000);
	expect("00A4020C02011E", 0x9000);
	expect("00B0000004", 0x9000);
	assert_bytes_hex(reader_data(&reader), "60145F01");
	expect("00B09E0004", 0x9000);
	expect("00B0830001", 0x6982);
}

static void nothing_is_open_at_first(void **state)
{
	expect("00A4020C02011C", 0x9000);
	expect("00B0000004", 0x9000);
	expect("00B09C0004", 0x9000);
	expect("00A4040C05A000000247", 0x9000); /* part of the name */
	expect_closed();
	expect("00A4020C020109", 0x6A82); /* no such file */
	expect("00A4000C02011E", 0x6982);
	expect("00A4080C040101011E", 0x6982);
	expect("00B1011E 04 54020000 04", 0x6982);
	expect("00A4000C023F00", 0x9000);
	expect("00B0000004", 0x6986);
	expect("00D600000100", 0x6D00);
}

static void bac_opens_and_ends(void **state)
{
	assert_int_equal(reader_select_application(&reader), 0x9000);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(eac_session(reader.card)->access, EAC_ACCESS_BAC);
	expect_open();
	expect("0084000008", 0x6985); /* no Terminal Authentication before Chip Authentication */
	reader.protected = false;
	expect_closed();
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	card_reset(reader.card);
	expect_closed();
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	reader.sm.counter[7]++; /* out of step */
	expect("00A4020C02011E", 0x6988);
	expect_closed();
}

static void bac_refuses(void **state)
{
	static const char other[] = "L898902C<369080619406237";
	uint8_t challenge[8];

	assert_int_equal(reader_bac(&reader, other), 0x6300);
	assert_int_equal(reader.len, 0);
	expect_closed();
	/* a challenge is good once, and for the next command */
	expect("0084000008", 0x9000);
	memcpy(challenge, reader.data, 8);
	assert_int_equal(reader_bac_answer(&reader, BYTES_OF_ARRAY(challenge), other), 0x6300);
	assert_int_equal(
	    reader_bac_answer(&reader, BYTES_OF_ARRAY(challenge), EAC_CARD_MRZ), 0x6985);
	expect("0084000000", 0x9000);
	memcpy(challenge, reader.data, 8);
	expect("00A4000C023F00", 0x9000);
	assert_int_equal(
	    reader_bac_answer(&reader, BYTES_OF_ARRAY(challenge), EAC_CARD_MRZ), 0x6985);
	expect("0084000008", 0x9000);
	memcpy(challenge, reader.data, 8);
	card_reset(reader.card);
	assert_int_equal(
	    reader_bac_answer(&reader, BYTES_OF_ARRAY(challenge), EAC_CARD_MRZ), 0x6985);
	expect("0084000008", 0x9000);
	expect("00820000 27 "
	       "00000000000000000000000000000000000000000000000000000000000000000000000000000000",
	    0x6700);
	expect("0084010008", 0x6A86);
	expect("0084000007", 0x6700);
	expect("0084000009", 0x6700);
	expect("00840000 01 00 08", 0x6700);
	expect("0082000028", 0x6700);
	expect("00820001 01 00", 0x6A86);
	expect_closed();
}

static void failures_cost_time(void **state)
{
	assert_int_equal(reader_bac(&reader, "x"), 0x6300);
	assert_int_equal(slept, 0);
	eac_set_delay(reader.card, 100, 1000);
	for (unsigned i = 0; i < 6; i++) {
		static const unsigned waits[] = { 100, 200, 400, 800, 1000, 1000 };

		slept = 0;
		assert_int_equal(reader_bac(&reader, "x"), 0x6300);
		assert_int_equal(slept, waits[i]);
	}
	slept = 0;
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(slept, 0);
	card_reset(reader.card);
	reader.protected = false;
	assert_int_equal(reader_bac(&reader, "x"), 0x6300);
	assert_int_equal(slept, 100);
}

static void pace_opens(void **state)
{
	static const struct reader_pace cases[] = {
		{ PACE_ECDH_GM, 2, 13, true, PACE_CAN, EAC_CARD_CAN, NULL },
		{ PACE_ECDH_GM, 1, 13, false, PACE_MRZ, EAC_CARD_MRZ, NULL },
		{ PACE_ECDH_GM, 4, 12, false, PACE_PIN, EAC_CARD_PIN, NULL },
		{ PACE_DH_GM, 2, 2, false, PACE_PUK, EAC_CARD_PUK, NULL },
		{ PACE_ECDH_CAM, 2, 13, false, PACE_CAN, EAC_CARD_CAN, NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(reader_pace(&reader, &cases[i]), 0x9000);
		assert_int_equal(eac_session(reader.card)->access, EAC_ACCESS_PACE);
		assert_int_equal(eac_session(reader.card)->password, cases[i].kind);
		assert_int_equal(eac_session(reader.card)->chip_authenticated,
		    cases[i].variant == PACE_ECDH_CAM);
		expect_open();
		expect_closed();
	}
}

static void pace_under_secure_messaging(void **state)
{
	struct reader_pace pin = pace_can;

	pin.kind = PACE_PIN;
	pin.password = EAC_CARD_PIN;
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(reader_pace(&reader, &pace_can), 0x9000);
	expect_open();
	assert_int_equal(reader_pace(&reader, &pin), 0x9000);
	expect_open();
	assert_int_equal(eac_session(reader.card)->password, PACE_PIN);
	/* a failure leaves the session as it was */
	pin.password = "000000";
	assert_int_equal(reader_pace(&reader, &pin), 0x63C2);
	assert_true(reader.protected);
	expect_open();
	expect_closed();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_open_at_first, begin, end),
		cmocka_unit_test_setup_teardown(bac_opens_and_ends, begin, end),
		cmocka_unit_test_setup_teardown(bac_refuses, begin, end),
		cmocka_unit_test_setup_teardown(failures_cost_time, begin, end),
		cmocka_unit_test_setup_teardown(pace_opens, begin, end),
		cmocka_unit_test_setup_teardown(pace_under_secure_messaging, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
