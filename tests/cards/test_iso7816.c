/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic card's decoders, alone; what can be said of a card when it is made; lack of memory. What a
 * terminal sees is in iso7816*.apdu. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "cards/handler_test.h"
#include "cards/iso7816/iso7816.h"
#include "exact.h"
#include "iso7816/atr.h"

/* A command whose data is in memory of exactly its size. */
static struct apdu parse(const struct exact *in)
{
	struct apdu apdu;

	assert_true(apdu_parse(in->bytes, &apdu));
	return apdu;
}

static void select_requests(void **state)
{
	static const struct {
		const char *command;
		enum select_how how;
		enum fs_occurrence occurrence;
		enum select_answer answer;
	} cases[] = {
		{ "00 A4 00 00", SELECT_FID, FS_FIRST, SELECT_FCI },
		{ "00 A4 00 04 02 3F00", SELECT_FID, FS_FIRST, SELECT_FCP },
		{ "00 A4 01 08 02 5001", SELECT_CHILD_DF, FS_FIRST, SELECT_FMD },
		{ "00 A4 02 0C 02 0001", SELECT_CHILD_EF, FS_FIRST, SELECT_NOTHING },
		{ "00 A4 03 00", SELECT_PARENT, FS_FIRST, SELECT_FCI },
		{ "00 A4 04 01 01 A0", SELECT_NAME, FS_LAST, SELECT_FCI },
		{ "00 A4 04 06 01 A0", SELECT_NAME, FS_NEXT, SELECT_FCP },
		{ "00 A4 04 0F 01 A0", SELECT_NAME, FS_PREVIOUS, SELECT_NOTHING },
		{ "00 A4 08 00 02 5001", SELECT_PATH_FROM_MF, FS_FIRST, SELECT_FCI },
		{ "00 A4 09 00 04 50015002", SELECT_PATH_FROM_DF, FS_FIRST, SELECT_FCI },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_of_hex(cases[i].command);
		struct apdu apdu = parse(&in);
		struct select_request request;

		print_message("# %s\n", cases[i].command);
		assert_int_equal(select_decode(&apdu, &request), SW_OK);
		assert_int_equal(request.how, cases[i].how);
		assert_int_equal(request.occurrence, cases[i].occurrence);
		assert_int_equal(request.answer, cases[i].answer);
		assert_true(bytes_equal(request.data, apdu.data));
		exact_free(&in);
	}
}

/* Every P1 and P2 with data that goes with most of them: the valid ones are known. */
static void select_p1_p2_all_values(void **state)
{
	const uint8_t fid[] = { 0x50, 0x01 };
	unsigned valid = 0;

	for (unsigned p1p2 = 0; p1p2 <= 0xFFFF; p1p2++) {
		struct apdu apdu = { .ins = 0xA4,
			.p1 = (uint8_t)(p1p2 >> 8),
			.p2 = (uint8_t)p1p2,
			.data = BYTES_OF_ARRAY(fid) };
		struct select_request request;
		enum sw sw = select_decode(&apdu, &request);

		assert_true(sw == SW_OK || sw == SW_WRONG_P1P2 || sw == SW_NC_P1P2);
		valid += sw == SW_OK;
	}
	/* 4 answers each: P1 = 00, 01, 02, 08, 09; and with 4 occurrences P1 = 04. */
	assert_int_equal(valid, 5 * 4 + 16);
}

static void binary_requests(void **state)
{
	static const struct {
		const char *command;
		enum binary_target target;
		unsigned id;
		size_t offset;
		const char *data;
	} cases[] = {
		{ "00 B0 00 00 00", BINARY_CURRENT_EF, 0, 0, "" },
		{ "00 B0 7F FF 00", BINARY_CURRENT_EF, 0, 0x7FFF, "" },
		{ "00 B0 81 FF 00", BINARY_SFI, 1, 0xFF, "" },
		{ "00 D6 9E 00 01 AA", BINARY_SFI, 30, 0, "AA" },
		{ "00 B1 00 00 03 54 01 05 00", BINARY_CURRENT_EF, 0, 5, "" },
		{ "00 B1 00 1E 04 54 02 01 02 00", BINARY_SFI, 30, 0x0102, "" },
		{ "00 B1 00 1F 03 54 01 00 00", BINARY_FID, 0x001F, 0, "" },
		{ "00 B1 00 20 03 54 01 00 00", BINARY_FID, 0x0020, 0, "" },
		{ "00 B1 2F 01 06 54 04 FF FF FF FF 00", BINARY_FID, 0x2F01, 0xFFFFFFFF, "" },
		{ "00 D7 00 00 06 54 01 05 53 01 AA", BINARY_CURRENT_EF, 0, 5, "AA" },
		{ "00 D7 00 00 07 54 01 05 73 02 80 00", BINARY_CURRENT_EF, 0, 5, "8000" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_of_hex(cases[i].command);
		struct apdu apdu = parse(&in);
		struct binary_request request;

		print_message("# %s\n", cases[i].command);
		assert_int_equal(binary_decode(&apdu, &request), SW_OK);
		assert_int_equal(request.target, cases[i].target);
		if (request.target == BINARY_SFI)
			assert_int_equal(request.sfi, cases[i].id);
		if (request.target == BINARY_FID)
			assert_int_equal(request.fid, cases[i].id);
		assert_int_equal(request.offset, cases[i].offset);
		assert_false(request.has_end);
		assert_bytes_hex(request.data, cases[i].data);
		exact_free(&in);
	}
}

/* Every truncation of the data field of an odd instruction is refused, but for the one that ends with a
 * whole object 54. */
static void binary_objects_cut_off(void **state)
{
	struct exact whole = exact_of_hex("54 02 00 05 53 03 AA BB CC");

	for (size_t n = 0; n <= whole.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(whole.bytes, n));
		struct apdu apdu = { .ins = 0xD7, .data = cut.bytes };
		struct binary_request request;
		bool right = n == 4 || n == whole.bytes.len;

		assert_int_equal(binary_decode(&apdu, &request), right ? SW_OK : SW_WRONG_DATA);
		exact_free(&cut);
	}
	exact_free(&whole);
}

static void create_parameters(void **state)
{
	struct exact in =
	    exact_of_hex("00 E0 41 28 0F 62 0D 82 02 41 61 83 02 00 05 81 03 01 00 00");
	struct apdu apdu = parse(&in);
	struct fs_parameters parameters;

	assert_int_equal(manage_decode_create(&apdu, &parameters), SW_OK);
	assert_int_equal(parameters.descriptor, 0x41);
	assert_int_equal(parameters.data_coding, 0x61);
	assert_int_equal(parameters.fid, 5);
	assert_int_equal(parameters.sfi, 5);
	assert_int_equal(parameters.size, 0x10000);
	assert_int_equal(parameters.life_cycle, 5);
	exact_free(&in);
}

static void create_template_cut_off(void **state)
{
	struct exact whole = exact_of_hex("62 0B 82 01 01 83 02 00 05 80 02 00 01");

	for (size_t n = 0; n < whole.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(whole.bytes, n));
		struct apdu apdu = { .ins = 0xE0, .data = cut.bytes };
		struct fs_parameters parameters;

		assert_int_equal(manage_decode_create(&apdu, &parameters), SW_WRONG_DATA);
		exact_free(&cut);
	}
	exact_free(&whole);
}

static void expect(struct card *card, const char *command, const char *response)
{
	struct exact in = exact_of_hex(command);

	print_message("# %s\n", command);
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

static void pin_can_be_set(void **state)
{
	uint8_t digits[PIN_SIZE_MAX + 1] = { 0 };
	struct card_setup setup = { .pin = bytes_of_string("secret") };
	struct card *card = NULL;

	assert_int_equal(card_new(&card_iso7816, &setup, &card), 0);
	expect(card, "00 20 00 00 04 31 32 33 34", "63C2");
	expect(card, "00 20 00 00 06 73 65 63 72 65 74", "9000");
	card_free(card);
	card = NULL;
	memset(digits, '1', sizeof digits);
	setup.pin = BYTES_OF_ARRAY(digits);
	assert_int_equal(card_new(&card_iso7816, &setup, &card), ERR_LIMIT);
	assert_null(card);
}

static void memory_can_be_set(void **state)
{
	struct card_setup setup = { .memory = 100 + FS_FILE_COST + ISO7816_EF_ATR_COST };
	struct card *card = NULL;

	assert_int_equal(card_new(&card_iso7816, &setup, &card), 0);
	expect(card, "00 E0 00 00 0D 62 0B 82 01 01 83 02 00 05 80 02 00 65", "6A84");
	expect(card, "00 E0 00 00 0D 62 0B 82 01 01 83 02 00 05 80 02 00 64", "9000");
	expect(card, "00 E0 00 00 0D 62 0B 82 01 01 83 02 00 06 80 02 00 00", "6A84");
	card_free(card);
}

/* The default, which understates, for those who match on it; the true one; any other. */
static void atrs(void **state)
{
	static const uint8_t other[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
	struct card_setup setup = { .atr_auto = true };
	struct atr atr;
	struct card *card = NULL;

	assert_int_equal(card_new(&card_iso7816, NULL, &card), 0);
	assert_bytes_hex(card_atr(card), "3B 95 13 81 01 80 73 FF 01 00 0B");
	card_free(card);
	assert_int_equal(card_new(&card_iso7816, &setup, &card), 0);
	assert_bytes_hex(card_atr(card), "3B 97 13 81 01 80 31 D8 73 F7 81 FF 97");
	assert_int_equal(atr_parse(card_atr(card), &atr), 0);
	card_free(card);
	assert_int_equal(card_new(&card_handler_test, &setup, &card), 0);
	assert_bytes_hex(card_atr(card), "3BD6180080B1806D1F038051006110309E");
	card_free(card);
	setup.atr = BYTES_OF_ARRAY(other);
	assert_int_equal(card_new(&card_iso7816, &setup, &card), 0);
	assert_bytes_hex(card_atr(card), "3B80800101");
	card_free(card);
}

static void seed_repeats_challenges(void **state)
{
	const struct card_setup setup = { .seed = bytes_of_string("seed") };
	struct exact in = exact_of_hex("00 84 00 00 08");
	uint8_t first[10] = { 0 };

	for (int i = 0; i < 2; i++) {
		struct card *card = NULL;
		struct bytes response;

		assert_int_equal(card_new(&card_iso7816, &setup, &card), 0);
		response = card_command(card, in.bytes);
		assert_int_equal(response.len, sizeof first);
		if (i == 0)
			memcpy(first, response.data, sizeof first);
		assert_memory_equal(first, response.data, sizeof first);
		/* The same card goes on in its stream. */
		assert_memory_not_equal(first, card_command(card, in.bytes).data, 8);
		card_free(card);
	}
	exact_free(&in);
}

/* A conversation that allocates for files, chains and pending data. */
static const struct {
	const char *command, *response;
} allocating[] = {
	{ "00 E0 00 00 0D 62 0B 82 01 38 83 02 50 01 84 02 A0 01", "9000" },
	{ "00 E0 00 00 0D 62 0B 82 01 01 83 02 00 05 80 02 00 08", "9000" },
	{ "10 D6 00 00 02 01 02", "9000" },
	{ "00 D6 00 02 02 03 04", "6883" },
	{ "00 D6 00 00 02 01 02", "9000" },
	{ "10 D6 00 02 01 03", "9000" },
	{ "00 D6 00 02 01 04", "9000" },
	{ "00 B0 00 00", "6108" },
	{ "00 C0 00 00 08", "0102030400000000 9000" },
	{ "00 E4 00 00", "9000" },
	{ "00 E4 00 00", "9000" },
};

#define RESPONSE_MAX 32

/* Sends all commands; the (n+1)th allocation that the card makes fails. Whether there was one. */
static bool talk(struct card *card, unsigned n, struct writer *responses)
{
	struct exact in[COUNT(allocating)];
	bool failed;

	for (size_t i = 0; i < COUNT(allocating); i++)
		in[i] = exact_of_hex(allocating[i].command);
	alloc_fail_at(n + 1);
	for (size_t i = 0; i < COUNT(allocating); i++)
		writer_put(&responses[i], card_command(card, in[i].bytes));
	failed = alloc_stop();
	for (size_t i = 0; i < COUNT(allocating); i++)
		exact_free(&in[i]);
	return failed;
}

/* Wherever memory runs out, the command that needed it is answered 6581 and the card goes on. */
static void lack_of_memory_has_a_status_word(void **state)
{
	const uint8_t failure[] = { 0x65, 0x81 };
	static uint8_t memory[COUNT(allocating)][RESPONSE_MAX];
	struct writer responses[COUNT(allocating)];
	unsigned n = 0;
	bool failed;

	do {
		struct card *card = NULL;
		unsigned failures = 0;

		for (size_t i = 0; i < COUNT(allocating); i++)
			writer_init(&responses[i], memory[i], RESPONSE_MAX);
		assert_int_equal(card_new(&card_iso7816, NULL, &card), 0);
		failed = talk(card, n, responses);
		for (size_t i = 0; i < COUNT(allocating); i++) {
			struct bytes response = writer_bytes(&responses[i]);

			failures += bytes_equal(response, BYTES_OF_ARRAY(failure));
			if (failures == 0)
				assert_bytes_hex(response, allocating[i].response);
		}
		assert_int_equal(failures, failed ? 1 : 0);
		expect(card, "00 A4 00 0C", "9000");
		expect(card, "00 A4 00 00 02 3F FF 00", "6F0A83023F008A0105820138 9000");
		card_free(card);
		n++;
	} while (failed);
	assert_true(n > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(select_requests),
		cmocka_unit_test(select_p1_p2_all_values),
		cmocka_unit_test(binary_requests),
		cmocka_unit_test(binary_objects_cut_off),
		cmocka_unit_test(create_parameters),
		cmocka_unit_test(create_template_cut_off),
		cmocka_unit_test(pin_can_be_set),
		cmocka_unit_test(memory_can_be_set),
		cmocka_unit_test(atrs),
		cmocka_unit_test(seed_repeats_challenges),
		cmocka_unit_test(lack_of_memory_has_a_status_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
