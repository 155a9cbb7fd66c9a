/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secure messaging on its way through dispatch: what comes first, what ends it, chains, GET RESPONSE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/type.h"
#include "exact.h"
#include "sm_terminal.h"

static const uint8_t keys[2][32] = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	{ 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 } };
static const uint8_t zeros[16];
static unsigned ended; /* how often the type was told that secure messaging is over */

/* P1: the profile. P2: 1: keys the other way round. */
static enum sw start(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct sm_setup setup = { .profile = (enum sm_profile)apdu->p1,
		.kind = CIPHER_AES_128,
		.enc = bytes_of(keys[apdu->p2], 16),
		.mac = bytes_of(keys[1 - apdu->p2], 16),
		.counter = BYTES_OF_ARRAY(zeros) };
	struct sm *sm = NULL;

	assert_int_equal(sm_new(&setup, &sm), 0);
	card_take_sm(card, sm);
	return SW_OK;
}

static enum sw stop(struct card *card, const struct apdu *apdu, struct writer *out)
{
	card_take_sm(card, NULL);
	return SW_OK;
}

/* CLA, Nc, Ne, protection, and the data. */
static enum sw describe(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, apdu->cla);
	writer_put_u16(out, (uint16_t)apdu->data.len);
	writer_put_u32(out, (uint32_t)apdu->ne);
	writer_put_u8(out, (uint8_t)card_session(card)->protection);
	writer_put(out, apdu->data);
	return SW_OK;
}

static enum sw fail_with_data(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, 0xEE);
	return SW_WRONG_DATA;
}

/* 65536 bytes. */
static enum sw give_all(struct card *card, const struct apdu *apdu, struct writer *out)
{
	uint8_t *at = writer_reserve(out, 65536);

	assert_non_null(at);
	memset(at, 0x77, 65536);
	return SW_OK;
}

/* P1: the channel. */
static enum sw open_or_close(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (card_channel_is_open(card, apdu->p1))
		card_channel_close(card, apdu->p1);
	else
		card_channel_open(card, apdu->p1);
	return SW_OK;
}

static void count_end(struct card *card, void *state)
{
	ended++;
}

static const struct instruction rows[] = {
	{ 0x00, 0xFF, 0x10, ACCESS_ALWAYS, start, NULL },
	{ 0x00, 0xFF, 0x12, ACCESS_ALWAYS, stop, NULL },
	{ 0x00, 0xFF, 0x14, ACCESS_ALWAYS, describe, NULL },
	{ 0x00, 0xFF, 0x15, ACCESS_ALWAYS, describe, NULL },
	{ 0x80, 0xFF, 0x14, ACCESS_ALWAYS, describe, NULL },
	{ 0x00, 0xFF, 0x16, ACCESS_ALWAYS, fail_with_data, NULL },
	{ 0x00, 0xFF, 0x18, ACCESS_ALWAYS, give_all, NULL },
	{ 0x00, 0xFF, 0x1A, ACCESS_SM, describe, NULL },
	{ 0x00, 0xFF, 0x70, ACCESS_ALWAYS, open_or_close, NULL },
};
static const uint8_t atr[] = { 0x3B, 0x00 };
static const struct card_type type = { .name = "test",
	.atr = { atr, sizeof atr },
	.sm_ended = count_end,
	.instructions = rows,
	.n_instructions = COUNT(rows) };

static struct card *card;
static struct sm_terminal terminal;

static void expect(const char *command, const char *response)
{
	struct exact in = exact_of_hex(command);

	print_message("# %s\n", command);
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

static void start_terminal(unsigned order)
{
	sm_terminal_init(&terminal, CIPHER_AES_128, bytes_of(keys[order], 16),
	    bytes_of(keys[1 - order], 16), BYTES_OF_ARRAY(zeros));
}

static int begin(void **state)
{
	card = NULL;
	ended = 0;
	assert_int_equal(card_new(&type, NULL, &card), 0);
	return 0;
}

static int end(void **state)
{
	card_free(card);
	return 0;
}

static struct bytes send_protected(const char *plain)
{
	struct exact in = exact_of_hex(plain);
	struct exact command = exact_copy(sm_terminal_wrap(&terminal, in.bytes));
	struct bytes response = card_command(card, command.bytes);

	exact_free(&in);
	exact_free(&command);
	return response;
}

/* Sends plain under secure messaging; response is what is in the answer, and its status both inside and out. */
static void expect_protected(const char *plain, const char *response)
{
	struct exact want = exact_of_hex(response);
	struct bytes got = send_protected(plain);
	struct apdu_response answer;

	print_message("# %s\n", plain);
	assert_true(want.bytes.len >= 2 && got.len >= 2);
	assert_memory_equal(got.data + got.len - 2, want.bytes.data + want.bytes.len - 2, 2);
	assert_true(sm_terminal_unwrap(&terminal, got, &answer));
	assert_int_equal(answer.sw,
	    want.bytes.data[want.bytes.len - 2] << 8 | want.bytes.data[want.bytes.len - 1]);
	assert_int_equal(answer.data.len, want.bytes.len - 2);
	if (answer.data.len > 0)
		assert_memory_equal(answer.data.data, want.bytes.data, answer.data.len);
	exact_free(&want);
}

static void protected_commands(void **state)
{
	for (unsigned profile = SM_ISO; profile <= SM_ICAO; profile++) {
		expect(profile == SM_ISO ? "00100000" : "00100100", "9000");
		start_terminal(0);
		expect_protected("00140000", "9000"); /* no Le: nothing */
		expect_protected("0014000000", "00 0000 00000100 0F 9000");
		expect_protected("0014000003", "00 0000 9000"); /* cut to Ne */
		expect_protected("00140000 02 AABB 00", "00 0002 00000100 0F AABB 9000");
		expect_protected("00150000 02 AABB 00", "00 0002 00000100 0F AABB 9000");
		expect_protected("00140000 00 0000", "00 0000 00010000 0F 9000");
		expect_protected("00160000 00", "6A80"); /* errors are protected, too */
		expect_protected("00770000 00", "6D00");
		expect_protected("00C00000 00", "6D00"); /* GET RESPONSE is never protected */
		expect_protected("001A0000 01 07 00", "00 0001 00000100 0F 07 9000");
		assert_non_null(card_sm(card));
		assert_int_equal(ended, 0);
	}
}

static void without_keys(void **state)
{
	expect("0C140000 0D 970100 8E080102030405060708 00", "6882");
	expect("08140000 0D 970100 8E080102030405060708 00", "6882");
	expect("8C140000 0D 970100 8E080102030405060708 00", "6E00");
	expect("001A0000", "6982"); /* the row asks for secure messaging */
	assert_int_equal(ended, 0);
}

static void errors_end_it(void **state)
{
	static const struct {
		const char *command, *sw;
	} cases[] = {
		{ "0C140000", "6987" },
		{ "0C140000 03 970100 00", "6987" },
		{ "0C140000 0A 8E080102030405060708 00", "6988" },
		{ "0C140000 03 970200 00", "6988" },
		{ "04140000 0A 8E080102030405060708 00", "6882" },
		{ "8C140000 0A 8E080102030405060708 00", "6988" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		ended = 0;
		expect("00100100", "9000");
		start_terminal(0);
		expect_protected("0014000001", "00 9000");
		expect(cases[i].command, cases[i].sw);
		assert_int_equal(ended, 1);
		assert_null(card_sm(card));
		assert_bytes_hex(send_protected("0014000001"), "6882");
		expect("001A0000", "6982");
	}
}

/* ICAO 9303-11: then it is carried out in plain. ISO: both go side by side. */
static void plain_commands(void **state)
{
	expect("00100000", "9000");
	start_terminal(0);
	expect_protected("0014000001", "00 9000");
	expect("0014000000", "00 0000 00000100 00 9000");
	expect("001A0000", "6982");
	expect_protected("0014000001", "00 9000");
	assert_int_equal(ended, 0);
	expect("00100100", "9000");
	start_terminal(0);
	expect_protected("0014000001", "00 9000");
	expect("0014000000", "00 0000 00000100 00 9000");
	assert_int_equal(ended, 1);
	assert_null(card_sm(card));
}

/* The response is still protected with the keys before. */
static void keys_change_with_the_next_command(void **state)
{
	expect("00100100", "9000");
	start_terminal(0);
	expect_protected("00100101", "9000");
	start_terminal(1);
	expect_protected("0014000001", "00 9000");
	expect_protected("00100101", "9000"); /* the counter starts again */
	start_terminal(1);
	expect_protected("0014000001", "00 9000");
	expect_protected("00120000", "9000");
	assert_null(card_sm(card));
	expect("0014000001", "00 6107");
	assert_int_equal(ended, 0); /* it was the type itself that did */
}

/* Each link is protected by itself, and so is each response. */
static void chains(void **state)
{
	expect("00100100", "9000");
	start_terminal(0);
	expect_protected("10140000 02 0102", "9000");
	expect_protected("10140000 01 03", "9000");
	expect_protected("00140000 02 0405 00", "00 0005 00000100 0F 0102030405 9000");
	expect_protected("10140000 01 01", "9000");
	expect_protected("00160000 00", "6883"); /* another command */
	expect_protected("10140000 01 01", "9000");
	expect("00140000 01 02 00", "6883"); /* a plain link */
	assert_int_equal(ended, 1);
}

/* What was not protected in one link was not protected in the chain. */
static void chains_are_as_weak_as_their_links(void **state)
{
	struct apdu head = { .cla = 0x1C, .ins = 0x14 };
	struct bytes response;
	struct apdu_response answer;

	expect("00100000", "9000");
	start_terminal(0);
	sm_terminal_count(&terminal);
	response = card_command(card,
	    sm_terminal_send(&terminal, &head, BYTES_OF_ARRAY(((const uint8_t[]){ 0x80, 1, 7 }))));
	assert_true(sm_terminal_unwrap(&terminal, response, &answer));
	assert_int_equal(answer.sw, SW_OK);
	expect_protected("00140000 01 08 00", "00 0002 00000100 0C 0708 9000");
	expect_protected("00140000 01 08 00", "00 0001 00000100 0F 08 9000");
}

/* The protected response is cut to the outer Le, and the rest fetched in plain, be it in the class of the command. */
static void get_response(void **state)
{
	struct exact plain = exact_of_hex("0014000000");
	struct exact command;
	uint8_t whole[300];
	struct writer w;
	struct bytes part;
	struct apdu_response answer;

	expect("00100100", "9000");
	start_terminal(0);
	command = exact_copy(sm_terminal_wrap(&terminal, plain.bytes));
	part = card_command(card, bytes_first(command.bytes, command.bytes.len - 1)); /* no Le */
	assert_bytes_hex(part, "6121"); /* 87 (19), 99 (4), 8E (10) */
	expect("00C0010000", "6A86");
	writer_init(&w, whole, sizeof whole);
	part = card_command(card, BYTES_OF_ARRAY(((const uint8_t[]){ 0, 0xC0, 0, 0, 0x10 })));
	assert_int_equal(part.len, 18);
	assert_bytes_hex(bytes_after(part, 16), "6111");
	writer_put(&w, bytes_first(part, 16));
	part = card_command(card, BYTES_OF_ARRAY(((const uint8_t[]){ 0x0C, 0xC0, 0, 0, 0 })));
	writer_put(&w, part);
	assert_int_equal(w.len, 0x21 + 2);
	assert_true(sm_terminal_unwrap(&terminal, writer_bytes(&w), &answer));
	assert_bytes_hex(answer.data, "00 0000 00000100 0F");
	expect("00C0000000", "6985"); /* nothing is left, and nothing has ended */
	expect_protected("0014000001", "00 9000");
	assert_int_equal(ended, 0);
	exact_free(&plain);
	exact_free(&command);
}

/* As much as fits a message. */
static void longest_response(void **state)
{
	struct exact plain = exact_of_hex("00180000 00 0000");
	struct exact command;
	struct exact whole;
	static uint8_t memory[70000];
	struct bytes response;
	struct apdu_response answer;
	struct writer w;

	expect("00100100", "9000");
	start_terminal(0);
	command = exact_copy(sm_terminal_wrap(&terminal, plain.bytes));
	writer_init(&w, memory, sizeof memory);
	response = card_command(card, command.bytes);
	while (response.data[response.len - 2] == 0x61) {
		writer_put(&w, bytes_first(response, response.len - 2));
		response =
		    card_command(card, BYTES_OF_ARRAY(((const uint8_t[]){ 0, 0xC0, 0, 0, 0 })));
	}
	writer_put(&w, response);
	whole = exact_copy(writer_bytes(&w));
	assert_true(sm_terminal_unwrap(&terminal, whole.bytes, &answer));
	assert_int_equal(answer.sw, SW_OK);
	assert_int_equal(answer.data.len, 65536 - SM_RESPONSE_OVERHEAD_MAX);
	exact_free(&plain);
	exact_free(&command);
	exact_free(&whole);
}

/* TR-03110-3: VERIFY of auxiliary data has the class 80, protected 8C. */
static void proprietary_class(void **state)
{
	expect("00100100", "9000");
	start_terminal(0);
	expect_protected("80140000 01 07 00", "80 0001 00000100 0F 07 9000");
	expect("8014000000", "80 0000 00000100 00 9000"); /* a plain one ends it */
	assert_int_equal(ended, 1);
	expect("00100000", "9000"); /* otherwise nobody knows what its bits mean */
	expect("8C14000000", "6E00");
	assert_non_null(card_sm(card));
}

static void power_off_on_and_reset(void **state)
{
	static void (*const ends[])(struct card *) = { card_power_off, card_power_on, card_reset };

	for (size_t i = 0; i < COUNT(ends); i++) {
		expect("00100100", "9000");
		start_terminal(0);
		expect_protected("0014000001", "00 9000");
		ends[i](card);
		assert_null(card_sm(card));
		assert_bytes_hex(send_protected("0014000001"), "6882");
	}
	assert_int_equal(ended, 0); /* reset() is told */
}

/* Each channel has its own. */
static void channels(void **state)
{
	expect("00700100", "9000");
	expect("00100100", "9000");
	start_terminal(0);
	expect("0114000001", "00 6107"); /* plain on another channel */
	expect_protected("0014000001", "00 9000");
	expect("0D140000 0A 8E080102030405060708 00", "6882");
	expect_protected("0014000001", "00 9000");
	expect("01100100", "9000");           /* on channel 1 */
	expect_protected("00700100", "9000"); /* closed from channel 0 */
	expect_protected("00700100", "9000");
	expect("0D140000 0A 8E080102030405060708 00", "6882");
	expect("01100100", "9000"); /* and by itself: the answer is protected */
	start_terminal(0);
	expect_protected("01700100", "9000");
	expect("0114000001", "6881");
	expect("00700100", "9000");
	expect("0D140000 0A 8E080102030405060708 00", "6882");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(protected_commands, begin, end),
		cmocka_unit_test_setup_teardown(without_keys, begin, end),
		cmocka_unit_test_setup_teardown(errors_end_it, begin, end),
		cmocka_unit_test_setup_teardown(plain_commands, begin, end),
		cmocka_unit_test_setup_teardown(keys_change_with_the_next_command, begin, end),
		cmocka_unit_test_setup_teardown(chains, begin, end),
		cmocka_unit_test_setup_teardown(chains_are_as_weak_as_their_links, begin, end),
		cmocka_unit_test_setup_teardown(get_response, begin, end),
		cmocka_unit_test_setup_teardown(longest_response, begin, end),
		cmocka_unit_test_setup_teardown(proprietary_class, begin, end),
		cmocka_unit_test_setup_teardown(power_off_on_and_reset, begin, end),
		cmocka_unit_test_setup_teardown(channels, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
