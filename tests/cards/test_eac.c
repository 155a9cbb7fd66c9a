/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base of passports and identity cards: each protocol on a card of the tests, in order and out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "card/image.h"
#include "card/image_describe.h"
#include "cards/eac/internal.h"
#include "eac_terminal.h"
#include "image_text.h"
#include "vectors.h"

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

/* The current file is no way around. */
static void a_selected_file_closes_too(void **state)
{
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	expect_open();
	reader.protected = false;
	expect("00B0000004", 0x6982);
	expect("00B1000004 54020000 04", 0x6982);
}

/* ICAO 9303-11, D.4: the worked example, byte by byte, from the session's keys on. */
static void secure_messaging_of_the_standard(void **state)
{
	static const struct {
		const char *command, *response;
	} pairs[] = {
		{ "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
		    "990290008E08FA855A5D4C50A8ED9000" },
		{ "0CB000000D9701048E08ED6705417E96BA5500",
		    "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000" },
		{ "0CB000040D9701128E082EA28A70F3C7B53500",
		    "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA0"
		    "7D749000" },
	};
	struct exact enc = exact_of_hex("979EC13B1CBFE9DCD01AB0FED307EAE5");
	struct exact mac = exact_of_hex("F1CB1F1FB5ADF208806B89DC579DC1F8");
	struct exact counter = exact_of_hex("887022120C06C226");
	struct session_keys keys = { .kind = CIPHER_3DES, .enc.len = 16, .mac.len = 16 };

	memcpy(keys.enc.data, enc.bytes.data, 16);
	memcpy(keys.mac.data, mac.bytes.data, 16);
	memcpy(keys.counter, counter.bytes.data, 8);
	assert_int_equal(eac_switch_keys(reader.card, &keys), SW_OK);
	expect("00A4040C07A0000002471001", 0x9000);
	eac_state_of(reader.card)->session.access = EAC_ACCESS_BAC;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct exact command = exact_of_hex(pairs[i].command);

		print_message("# %s\n", pairs[i].command);
		assert_bytes_hex(card_command(reader.card, command.bytes), pairs[i].response);
		exact_free(&command);
	}
	exact_free(&enc);
	exact_free(&mac);
	exact_free(&counter);
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

#define CHOOSE_CAN "0022C1A412800A04007F0007020204020283010284010D"
#define GENERATOR                                                                                  \
	"048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97"     \
	"F8461A14611DC9C27745132DED8E545C1D54C72F046997" /* of brainpoolP256r1 */

#define ELEVENS "11111111111111111111111111111111"
#define NO_POINT "04" ELEVENS ELEVENS ELEVENS ELEVENS

/* The first steps of PACE by somebody who does not know the password; the fourth is his failure. */
static const char *const blind_steps[] = { "10860000027C0000", "10860000457C438141" GENERATOR "00",
	"10860000457C438341" GENERATOR "00", "008600000C7C0A8508000000000000000000" };

static void begin_pace(unsigned steps)
{
	reader.protected = false;
	expect(CHOOSE_CAN, 0x9000);
	for (unsigned i = 0; i < steps; i++)
		expect(blind_steps[i], 0x9000);
}

/* Whatever comes between two steps ends PACE. */
static void pace_can_be_interrupted(void **state)
{
	static const struct {
		const char *command;
		uint16_t sw;
	} others[] = { { "00A4000C023F00", 0x9000 }, { "0084000008", 0x9000 },
		{ "00B09C0004", 0x9000 }, { "0022C1A4", 0x9000 }, { "0022C1A5", 0x6A86 },
		{ "0022C1A4028001", 0x6A80 }, { "00EE0000", 0x6D00 }, { "80860000", 0x6E00 },
		{ "00860001027C0000", 0x6A86 } };

	for (unsigned steps = 0; steps < COUNT(blind_steps); steps++) {
		for (size_t i = 0; i < COUNT(others); i++) {
			begin_pace(steps);
			expect(others[i].command, others[i].sw);
			expect(blind_steps[steps], 0x6985);
		}
		begin_pace(steps);
		card_reset(reader.card);
		expect(blind_steps[steps], 0x6985);
		expect_closed();
	}
}

/* A mistake ends it, too. */
static void pace_refuses_mistakes(void **state)
{
	static const struct {
		unsigned step;
		const char *command;
		uint16_t sw;
	} cases[] = {
		{ 1, "00860000027C0000", 0x6985 }, /* no chain */
		{ 1, "10860000047C02800000", 0x6A80 },
		{ 1, "10860000", 0x6A80 },
		{ 1, "10860000017C00", 0x6A80 },
		{ 1, "1086000003800100", 0x6A80 },
		{ 1, "10860000037C000000", 0x6A80 },
		{ 2, "10860000457C438341" GENERATOR "00", 0x6A80 }, /* another step */
		{ 2, "10860000047C02810000", 0x6A80 },
		{ 2, "10860000057C0381010000", 0x6A80 },           /* the neutral point */
		{ 2, "10860000457C438141" NO_POINT "00", 0x6A80 }, /* not on the curve */
		{ 2, "00860000457C438141" GENERATOR "00", 0x6985 },
		{ 3, "10860000057C0383010000", 0x6A80 },
		{ 3, "00860000457C438341" GENERATOR "00", 0x6985 },
		{ 4, "108600000C7C0A8508000000000000000000", 0x6883 },
		{ 4, "008600000B7C0985070000000000000000", 0x6A80 },
		{ 4, "008600000C7C0A8508000000000000000000", 0x6300 },
		{ 4, "008600000C7C0A8308000000000000000000", 0x6A80 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		begin_pace(cases[i].step - 1);
		expect(cases[i].command, cases[i].sw);
		assert_int_equal(reader.len, 0);
		expect(blind_steps[cases[i].step - 1], 0x6985);
		expect_closed();
	}
}

static void set_at_refuses(void **state)
{
	static const struct {
		const char *command;
		uint16_t sw;
	} cases[] = {
		{ "0022C1A412800A04007F0007020204020283010584010D", 0x6A88 }, /* no such password */
		{ "0022C1A412800A04007F0007020204020283010084010D", 0x6A88 },
		{ "0022C1A40F800A04007F0007020204020284010D", 0x6A80 },       /* none named */
		{ "0022C1A412800A04007F0007020204020283010284010C", 0x6A88 }, /* not with P-256 */
		{ "0022C1A413800A04007F000702020402028301028402000D", 0x6A80 },
		{ "0022C1A40F800A04007F00070202040204830102", 0x6A88 },       /* with which? */
		{ "0022C1A412800A04007F0007020204020383010284010D", 0x6A80 }, /* not offered */
		{ "0022C1A403830102", 0x6A80 },
		{ "0022C1A412800A04007F0007020204020283010284010D00", 0x9000 },
		{ "002281A412800A04007F0007020204020283010284010D", 0x6982 },
		{ "002241A412800A04007F0007020204020283010284010D", 0x6A80 },
		{ "0022C1A4 23 800A04007F0007020204020283010284010D 7F4C 0E "
		  "060904007F00070301020953 "
		  "01 01",
		    0x6A80 }, /* a CHAT of nobody */
		{ "00220101", 0x6A86 },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i].command, cases[i].sw);
}

/* Tries of the PIN are counted, but only those. */
static void pin_tries_are_counted(void **state)
{
	static const char choose_pin[] = "0022C1A412800A04007F0007020204020283010384010D";
	const struct eac_password *pin = eac_password(reader.card, PACE_PIN);

	for (unsigned i = 0; i < 3; i++)
		expect(choose_pin, 0x9000);
	expect(blind_steps[0], 0x9000);
	expect(choose_pin, 0x9000);
	for (unsigned i = 0; i < 3; i++)
		expect(blind_steps[i], 0x9000);
	expect("008600000B7C0985070000000000000000", 0x6A80); /* nothing to be compared */
	assert_int_equal(pin->tries, 3);
	expect(choose_pin, 0x9000);
	for (unsigned i = 0; i < 3; i++)
		expect(blind_steps[i], 0x9000);
	expect(blind_steps[3], 0x63C2);
	assert_int_equal(pin->tries, 2);
	expect(choose_pin, 0x63C2);
	for (unsigned i = 0; i < 3; i++)
		expect(blind_steps[i], 0x9000);
	expect(blind_steps[3], 0x63C1);
	expect(choose_pin, 0x63C1);
	expect(blind_steps[0], 0x6985); /* suspended */
	expect(blind_steps[1], 0x6985);
}

/* The chip's key with this place. */
static struct exact chip_key(unsigned index)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(eac_put_public_key(reader.card, EAC_KEY_CHIP_AUTH, index, &w));
	return exact_copy(writer_bytes(&w));
}

/* By the key's id, which is its place and one. */
static struct reader_chip chip_of(uint8_t id, uint8_t cipher, struct exact *key)
{
	*key = chip_key(id - 1u);
	return (struct reader_chip){ .variant = id == 2 ? CHIP_AUTH_DH : CHIP_AUTH_ECDH,
		.cipher = cipher,
		.parameters = id == 2 ? 2 : 13,
		.has_id = true,
		.id = id,
		.public = key->bytes };
}

static uint16_t chip_auth(uint8_t id, uint8_t cipher)
{
	struct exact key;
	struct reader_chip chip = chip_of(id, cipher, &key);
	uint16_t sw = reader_chip_auth(&reader, &chip);

	exact_free(&key);
	return sw;
}

/* MSE:Set KAT. */
static uint16_t set_kat(uint8_t id)
{
	uint8_t memory[AGREEMENT_SIZE_MAX + 20], public[AGREEMENT_SIZE_MAX];
	struct exact key = chip_key(id - 1u);
	struct writer w;
	uint16_t sw;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x91, reader_make_ephemeral(&reader, id == 2 ? 2 : 13, public));
	tlv_put_u8(&w, 0x84, id);
	sw = reader_do(&reader, INS_MANAGE_SECURITY_ENV, 0x41A6, writer_bytes(&w), 0);
	if (sw == 0x9000)
		reader_derive(&reader, CIPHER_3DES, key.bytes, nothing);
	exact_free(&key);
	return sw;
}

static void chip_authentication_switches_keys(void **state)
{
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_false(eac_session(reader.card)->chip_authenticated);
	assert_int_equal(chip_auth(1, 1), 0x9000);
	assert_true(eac_session(reader.card)->chip_authenticated);
	assert_int_equal(eac_session(reader.card)->access, EAC_ACCESS_BAC);
	expect_open();
	assert_int_equal(chip_auth(1, 2), 0x9000);
	expect_open();
	assert_int_equal(chip_auth(2, 2), 0x9000);
	expect_open();
	assert_int_equal(set_kat(1), 0x9000);
	expect_open();
	assert_int_equal(set_kat(2), 0x9000);
	expect_open();
	expect_closed();
	assert_false(eac_session(reader.card)->chip_authenticated);
	assert_int_equal(reader_pace(&reader, &pace_can), 0x9000);
	assert_int_equal(chip_auth(2, 1), 0x9000);
	expect_open();
}

static void chip_authentication_refuses(void **state)
{
	assert_int_equal(chip_auth(1, 2), 0x6982);
	assert_int_equal(set_kat(1), 0x6982);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	expect("002241A4 0F 800A04007F00070202030202 840109", 0x6A88); /* no such key */
	expect("002241A4 0F 800A04007F00070202030204 840101", 0x6A80); /* not its protocol */
	expect("002241A4 0F 800A04007F00070202030202 840103", 0x6A88); /* of version 2 */
	expect("002241A4 0C 800A04007F00070202030204", 0x6A80);
	expect("002241A4 0C 800A04007F00070202040202", 0x6A80); /* PACE here */
	expect("0022C1A4 0C 800A04007F00070202030202", 0x6A80);
	expect("002241A4 03 840101", 0x6A80);
	expect("002241A4 02 8001", 0x6A80);
	expect("002241A4", 0x9000); /* nothing chosen */
	expect("00860000 02 7C00 00", 0x6985);
	expect("002241A4 0C 800A04007F00070202030202", 0x9000); /* the only one that fits */
	expect("00A4000C023F00", 0x9000);
	expect("00860000 02 7C00 00", 0x6985);
	expect("002241A4 0C 800A04007F00070202030202", 0x9000);
	expect("00860000 05 7C03800104 00", 0x6A80);
	expect("00860000 05 7C03800104 00", 0x6985);
	expect("002241A4 0C 800A04007F00070202030202", 0x9000);
	expect("00860000 05 7C03800104", 0x6700); /* what is answered is not wanted */
	expect("002241A4 0C 800A04007F00070202030202", 0x9000);
	expect("10860000 02 7C00 00", 0x9000); /* in parts, without end */
	assert_int_equal(reader.len, 0);
	expect("00860000 02 7C00 00", 0x6A80);
	expect("002241A4 0C 800A04007F00070202030202", 0x9000);
	expect("00860100 02 7C00 00", 0x6A86);
	expect("002241A6 05 9103040102", 0x6A88); /* which key? */
	expect("002241A6 08 9103040102840101", 0x6A80);
	expect("002241A6 03 840101", 0x6A80);
	expect("002241A5", 0x6A86);
	expect("002241A4 0C 800A04007F00070202030202 00", 0x6700); /* nothing is answered */
	assert_false(eac_session(reader.card)->chip_authenticated);
	expect_open(); /* with the same keys */
}

/* The longest keys do not fit into short commands: a chain has them in parts. */
static void chip_authentication_in_parts(void **state)
{
	uint8_t public[AGREEMENT_SIZE_MAX], memory[AGREEMENT_SIZE_MAX];
	struct exact key;
	struct reader_chip chip = chip_of(2, 2, &key);
	struct writer w;
	struct bytes data;

	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7C);
	tlv_put(&w, 0x80, reader_make_ephemeral(&reader, 2, public));
	tlv_close(&w);
	data = writer_bytes(&w);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	while (data.len > 0) {
		const struct apdu apdu = { .cla = data.len > 100 ? 0x10 : 0x00,
			.ins = INS_GENERAL_AUTHENTICATE,
			.data = bytes_first(data, 100),
			.ne = 256 };

		assert_int_equal(reader_send(&reader, &apdu), 0x9000);
		data = bytes_after(data, 100);
	}
	assert_bytes_hex(reader_data(&reader), "7C00");
	reader_derive(&reader, CIPHER_AES_128, chip.public, nothing);
	expect_open();
	/* more than any key */
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	for (size_t i = 0; i <= EAC_GENERAL_MAX / 200; i++) {
		const struct apdu apdu = {
			.cla = 0x10, .ins = INS_GENERAL_AUTHENTICATE, .data = bytes_of(memory, 200)
		};
		bool fits = (i + 1) * 200 <= EAC_GENERAL_MAX;

		assert_int_equal(reader_send(&reader, &apdu), fits ? 0x9000 : 0x6700);
	}
	expect("00860000 02 7C00 00", 0x6985);
	exact_free(&key);
}

/* A CVCA, a document verifier and a terminal for inspection, on a day in the past. */
struct pki {
	struct party cvca, dv, terminal;
	struct made cvca_made, dv_made, terminal_made;
};

static struct pki pki;

static const char cvca_name[] = "UTCVCA00001", dv_name[] = "UTDV00001",
                  terminal_name[] = "UTTERM00001";

static void make_extended_pki(enum chat_type type, struct bytes extensions)
{
	const struct wish cvca = { cvca_name, cvca_name, type, CHAT_CVCA, ~0ull, "2020-01-01",
		"2030-01-01", extensions, false };
	const struct wish dv = { cvca_name, dv_name, type, CHAT_DV_DOMESTIC, ~0ull, "2021-01-01",
		"2029-01-01", extensions, false };
	const struct wish terminal = { dv_name, terminal_name, type, CHAT_TERMINAL, 1, "2022-01-01",
		"2028-01-01", extensions, false };

	party_init(&pki.cvca, CVC_ECDSA_SHA256, reader.random);
	party_init(&pki.dv, CVC_ECDSA_SHA256, reader.random);
	party_init(&pki.terminal, CVC_ECDSA_SHA256, reader.random);
	make_cvc(&pki.cvca_made, &cvca, &pki.cvca, &pki.cvca);
	make_cvc(&pki.dv_made, &dv, &pki.dv, &pki.cvca);
	make_cvc(&pki.terminal_made, &terminal, &pki.terminal, &pki.dv);
	assert_int_equal(eac_add_trust_point(reader.card, pki.cvca_made.bytes), 0);
}

static void make_pki(enum chat_type type)
{
	make_extended_pki(type, nothing);
}

static int end_with_pki(void **state)
{
	party_done(&pki.cvca);
	party_done(&pki.dv);
	party_done(&pki.terminal);
	return end(state);
}

static void give_chain(void)
{
	assert_int_equal(reader_give_certificate(&reader, cvca_name, &pki.dv_made), 0x9000);
	assert_int_equal(reader_give_certificate(&reader, dv_name, &pki.terminal_made), 0x9000);
}

/* Version 1, after Chip Authentication: the chip's name is chip. */
static uint16_t terminal_auth_1(struct bytes chip, const struct party *terminal)
{
	const struct reader_binding none = { .algorithm = nothing };
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct reader_binding signed_binding = none;

	give_chain();
	if (reader_set_terminal(&reader, terminal_name, &none) != 0x9000)
		return reader.sw;
	signed_binding.ephemeral = reader_compressed(&reader, memory);
	return reader_sign(&reader, terminal, chip, &signed_binding);
}

#define READ_DG3 "00B0830001"

static void terminal_authentication_1_after_bac(void **state)
{
	make_pki(CHAT_IS);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(
	    reader_set_issuer(&reader, cvca_name), 0x6985); /* no Chip Authentication */
	assert_int_equal(chip_auth(1, 2), 0x9000);
	(void)reader_select_application(&reader);
	expect(READ_DG3, 0x6982);
	assert_int_equal(
	    terminal_auth_1(bytes_of_string(EAC_CARD_NUMBER), &pki.dv), 0x6300); /* wrong key */
	expect(READ_DG3, 0x6982);
	assert_int_equal(terminal_auth_1(bytes_of_string("L898902C<4"), &pki.terminal), 0x6300);
	expect(READ_DG3, 0x6982);
	assert_int_equal(terminal_auth_1(bytes_of_string(EAC_CARD_NUMBER), &pki.terminal), 0x9000);
	expect(READ_DG3, 0x9000);
	/* the day has come nearer, by the domestic terminal's certificate */
	assert_int_equal(card_date(reader.card).year, 2022);
	/* the certificates may come again, the terminal may not */
	assert_int_equal(terminal_auth_1(bytes_of_string(EAC_CARD_NUMBER), &pki.terminal), 0x6985);
	expect("0084000008", 0x6985);
	expect(READ_DG3, 0x9000);
	/* the rights belong to the key that was authenticated */
	assert_int_equal(chip_auth(1, 2), 0x9000);
	expect(READ_DG3, 0x6982);
	assert_int_equal(terminal_auth_1(bytes_of_string(EAC_CARD_NUMBER), &pki.terminal), 0x9000);
	expect(READ_DG3, 0x9000);
	expect_closed();
	expect(READ_DG3, 0x6982);
}

/* Comp(PK_PICC) of the last PACE. */
static struct exact chip_name(void)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(
	    agreement_compress(&reader.domain, bytes_of(reader.chip, reader.chip_len), &w), 0);
	return exact_copy(writer_bytes(&w));
}

static void terminal_authentication_1_after_pace(void **state)
{
	static const struct reader_pace cam = { PACE_ECDH_CAM, 2, 13, false, PACE_CAN, EAC_CARD_CAN,
		NULL };
	struct exact chip;

	make_pki(CHAT_IS);
	assert_int_equal(reader_pace(&reader, &pace_can), 0x9000);
	chip = chip_name();
	assert_int_equal(chip_auth(2, 1), 0x9000);
	assert_int_equal(terminal_auth_1(chip.bytes, &pki.terminal), 0x9000);
	exact_free(&chip);
	(void)reader_select_application(&reader);
	expect(READ_DG3, 0x9000);
	/* chip authentication mapping is one: its key counts */
	assert_int_equal(reader_pace(&reader, &cam), 0x9000);
	expect(READ_DG3, 0x6982);
	chip = chip_name();
	assert_int_equal(terminal_auth_1(chip.bytes, &pki.terminal), 0x9000);
	exact_free(&chip);
	expect(READ_DG3, 0x9000);
}

/* Steps left out, out of order, or interrupted. */
static void terminal_authentication_keeps_its_order(void **state)
{
	const struct reader_binding none = { .algorithm = nothing };

	make_pki(CHAT_IS);
	assert_int_equal(reader_set_issuer(&reader, cvca_name), 0x6982);
	assert_int_equal(reader_set_terminal(&reader, terminal_name, &none), 0x6982);
	expect("002A00BE 01 00", 0x6985);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(chip_auth(1, 2), 0x9000);
	assert_int_equal(reader_set_terminal(&reader, terminal_name, &none), 0x6A88);
	expect("0084000008", 0x9000);
	expect("00820000 02 0102", 0x6985); /* no terminal */
	assert_int_equal(reader_set_issuer(&reader, dv_name), 0x6A88);
	assert_int_equal(reader_set_issuer(&reader, cvca_name), 0x9000);
	expect("00A4000C023F00", 0x9000);
	assert_int_equal(
	    reader_do(&reader, INS_PERFORM_SECURITY_OPERATION, 0x00BE, pki.dv_made.content, 0),
	    0x6985);
	assert_int_equal(reader_set_issuer(&reader, cvca_name), 0x9000);
	expect("002A009E 01 00", 0x6A86);
	assert_int_equal(reader_give_certificate(&reader, cvca_name, &pki.terminal_made), 0x6300);
	give_chain();
	assert_int_equal(reader_set_terminal(&reader, dv_name, &none), 0x6A88);
	assert_int_equal(reader_set_terminal(&reader, terminal_name, &none), 0x9000);
	expect("00820000 02 0102", 0x6300); /* a challenge may come first */
	assert_int_equal(reader_set_terminal(&reader, terminal_name, &none), 0x9000);
	expect("00820000 02 0102", 0x6985); /* but is good for one attempt */
	assert_int_equal(reader_set_terminal(&reader, terminal_name, &none), 0x9000);
	expect("0084000008", 0x9000);
	expect("00A4000C023F00", 0x9000);
	expect("00820000 02 0102", 0x6985);
	expect("002281B6", 0x6A80);
	expect("002281B6 00", 0x6700);
	expect("002281A4 0E 800A04007F00070202020201 8300", 0x6A80);
	assert_false(eac_session(reader.card)->terminal_authenticated);
}

static const uint8_t auxiliary_data[] = { 0x67, 0x17, 0x73, 0x15, 0x06, 0x09, 0x04, 0x00, 0x7F,
	0x00, 0x07, 0x03, 0x01, 0x04, 0x02, 0x53, 0x08, 0x32, 0x30, 0x32, 0x36, 0x31, 0x31, 0x32,
	0x32 };

/* PACE with the CHAT of an inspection system. */
static void pace_with_chat(uint64_t rights)
{
	struct chat chat = chat_of(CHAT_IS, CHAT_TERMINAL, rights);
	struct reader_pace pace = pace_can;
	struct bytes whole, rest, inside;

	pace.chat = &chat;
	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	whole = reader_data(&reader);
	assert_true(tlv_take_tag(&whole, 0x7C, &rest));
	assert_true(tlv_take_tag(&rest, 0x86, &inside) && tlv_take_tag(&rest, 0x87, &inside));
	assert_true(bytes_equal(inside, bytes_of_string(cvca_name)));
	assert_int_equal(rest.len, 0);
}

static uint16_t terminal_auth_2(const struct party *terminal)
{
	uint8_t public[AGREEMENT_SIZE_MAX], memory[AGREEMENT_SIZE_MAX];
	struct reader_binding binding = { .algorithm = cvc_algorithm_oid(CVC_ECDSA_SHA256),
		.auxiliary = BYTES_OF_ARRAY(auxiliary_data) };
	struct exact chip = chip_name();
	uint16_t sw;

	give_chain();
	(void)reader_make_ephemeral(&reader, 13, public);
	binding.ephemeral = reader_compressed(&reader, memory);
	sw = reader_set_terminal(&reader, terminal_name, &binding);
	if (sw == 0x9000)
		sw = reader_sign(&reader, terminal, chip.bytes, &binding);
	exact_free(&chip);
	return sw;
}

static void version_2(void **state)
{
	struct exact key;
	struct reader_chip chip = chip_of(3, 2, &key);

	make_pki(CHAT_IS);
	pace_with_chat(1);
	(void)reader_select_application(&reader);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x6982); /* no terminal yet */
	assert_int_equal(set_kat(1), 0x6982);
	assert_int_equal(terminal_auth_2(&pki.dv), 0x6300);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x6982);
	pace_with_chat(1);
	assert_int_equal(terminal_auth_2(&pki.terminal), 0x9000);
	assert_true(bytes_equal(eac_session(reader.card)->auxiliary,
	    bytes_of(auxiliary_data + 2, sizeof auxiliary_data - 2)));
	expect(READ_DG3, 0x6982); /* before Chip Authentication */
	chip.id = 4;
	assert_int_equal(
	    reader_chip_choose(&reader, &chip), 0x9000); /* inspection systems are privileged */
	chip.has_id = false; /* the general one: only one can be meant */
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
	expect(READ_DG3, 0x9000);
	/* another key than was named */
	assert_int_equal(reader_chip_auth(&reader, &chip), 0x6300);
	expect(READ_DG3, 0x9000);
	/* a right that PACE was not asked for */
	pace_with_chat(2);
	assert_int_equal(terminal_auth_2(&pki.terminal), 0x9000);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
	expect(READ_DG3, 0x6982);
	exact_free(&key);
}

/* A right that has no room in the CHAT: of all certificates, and asked for with PACE. A sector is the terminal's alone. */
static void extensions_give_rights(void **state)
{
	struct exact extensions = exact_of_hex("730F 060A 04007F00070301020202 53 01 C0 "
	                                       "730E 0609 04007F000703010302 80 01 00");
	struct exact asked = exact_of_hex("730F 060A 04007F00070301020202 53 01 40");
	struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, 1);
	struct reader_pace pace = { PACE_ECDH_GM, 2, 13, false, PACE_PIN, EAC_CARD_PIN, &chat,
		asked.bytes };
	struct exact key;
	struct reader_chip chip = chip_of(3, 2, &key);

	make_extended_pki(CHAT_AT, extensions.bytes);
	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	assert_true(bytes_equal(eac_session(reader.card)->extensions, asked.bytes));
	assert_int_equal(terminal_auth_2(&pki.terminal), 0x9000);
	assert_false(
	    eac_has_authorization(reader.card, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSM));
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
	assert_true(
	    eac_has_authorization(reader.card, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSM));
	assert_false(
	    eac_has_authorization(reader.card, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSC));
	assert_true(eac_has_right(reader.card, CHAT_AT, 0));
	assert_false(eac_has_right(reader.card, CHAT_AT, 1));
	assert_false(eac_has_right(reader.card, CHAT_IS, 0));
	/* not asked for */
	pace.extensions = nothing;
	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	assert_int_equal(terminal_auth_2(&pki.terminal), 0x9000);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
	assert_false(
	    eac_has_authorization(reader.card, AUTHORIZATION_SPECIAL_FUNCTIONS, AUTHORIZATION_PSM));
	exact_free(&extensions);
	exact_free(&asked);
	exact_free(&key);
}

/* Two keys for sectors with one private key, 5 for all and 6 for those who may. */
static void add_sector_keys(void)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03 };
	struct exact private = vectors_get("restricted-id", "bp256_private");
	struct eac_key key = { .use = EAC_KEY_SECTOR,
		.has_id = true,
		.id = 5,
		.parameter_id = 13,
		.private = private.bytes,
		.oids = { BYTES_OF_ARRAY(oid) } };

	assert_int_equal(eac_add_key(reader.card, &key), 0);
	key.id = 6;
	key.authorized_only = true;
	assert_int_equal(eac_add_key(reader.card, &key), 0);
	exact_free(&private);
}

/* A PKI whose terminal is of the sector with this public key. */
static void make_sector_pki(struct bytes public_key)
{
	uint8_t memory[100], hash[DIGEST_SIZE_MAX];
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x03, 0x02 };
	struct writer w;

	assert_int_equal(digest_compute(DIGEST_SHA256, public_key, hash), 0);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x73);
	tlv_put(&w, 0x06, BYTES_OF_ARRAY(oid));
	tlv_put(&w, 0x80, bytes_of(hash, 32));
	tlv_close(&w);
	make_extended_pki(CHAT_AT, writer_bytes(&w));
}

/* PACE, Terminal and Chip Authentication with these rights. */
static void authenticate_2(uint64_t rights)
{
	struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, rights);
	struct reader_pace pace = { PACE_ECDH_GM, 2, 13, false, PACE_PIN, EAC_CARD_PIN, &chat,
		nothing };
	struct exact key;
	struct reader_chip chip = chip_of(3, 2, &key);

	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	expect("002241A40F800A04007F00070202050203840105", 0x6982); /* not yet */
	assert_int_equal(terminal_auth_2(&pki.terminal), 0x9000);
	expect("002241A40F800A04007F00070202050203840105", 0x6982);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
	exact_free(&key);
}

/* Asks for the identifier in the sector with this key, in parts, since it has domain parameters with it. */
static uint16_t identify(struct bytes sector, struct bytes *identifier)
{
	uint8_t memory[500];
	struct bytes data, rest, inside;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7C);
	tlv_put(&w, 0xA0, sector);
	tlv_close(&w);
	assert_true(writer_done(&w));
	data = writer_bytes(&w);
	while (data.len > 0) {
		const struct apdu apdu = { .cla = data.len > 200 ? 0x10 : 0x00,
			.ins = INS_GENERAL_AUTHENTICATE,
			.data = bytes_first(data, 200),
			.ne = 256 };

		if (reader_send(&reader, &apdu) != 0x9000)
			return reader.sw;
		data = bytes_after(data, 200);
	}
	rest = reader_data(&reader);
	assert_true(tlv_take_tag(&rest, 0x7C, &inside) && tlv_take_tag(&inside, 0x81, identifier));
	return 0x9000;
}

static void restricted_identification(void **state)
{
	static const char choose_5[] = "002241A40F800A04007F00070202050203840105",
	                  choose_6[] = "002241A40F800A04007F00070202050203840106";
	struct exact public_key = vectors_get("restricted-id", "bp256_key");
	struct exact other = vectors_get("restricted-id", "p256_key");
	struct bytes rest = public_key.bytes, sector, identifier;

	assert_true(tlv_take_tag(&rest, 0x7F49, &sector));
	add_sector_keys();
	make_sector_pki(public_key.bytes);
	expect(choose_5, 0x6982);
	authenticate_2(1);
	expect(choose_6, 0x9000);
	assert_int_equal(identify(sector, &identifier), 0x6982);
	expect("002241A40F800A04007F00070202050203840107", 0x6A88);
	expect("002241A40F800A04007F00070202050202840105", 0x6A80);
	expect("002241A40C800A04007F00070202050203", 0x6A88); /* which one? */
	expect(choose_5, 0x9000);
	assert_int_equal(identify(sector, &identifier), 0x9000);
	assert_vector(identifier, "restricted-id", "bp256_sha256");
	assert_int_equal(identify(sector, &identifier), 0x9000); /* a command for each sector */
	assert_vector(identifier, "restricted-id", "bp256_sha256");
	expect("0086000000", 0x6A80);
	expect("0086000000", 0x6985);
	expect(choose_5, 0x9000);
	rest = other.bytes;
	assert_true(tlv_take_tag(&rest, 0x7F49, &sector));
	assert_int_equal(identify(sector, &identifier), 0x6A80); /* of another sector */
	authenticate_2(1u << 2);
	expect(choose_6, 0x9000);
	expect("0086000000", 0x6982); /* the certificate has not that right */
	exact_free(&public_key);
	exact_free(&other);
}

/* The same modulo a prime. A key of the other kind is none. */
static void restricted_identification_dh(void **state)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x01, 0x03 };
	static const char choose[] = "002241A40F800A04007F00070202050103840107";
	struct exact public_key = vectors_get("restricted-id", "dh_key");
	struct exact private = vectors_get("restricted-id", "dh_private");
	const struct eac_key key = { .use = EAC_KEY_SECTOR,
		.has_id = true,
		.id = 7,
		.parameter_id = 0,
		.private = private.bytes,
		.oids = { BYTES_OF_ARRAY(oid) } };
	struct bytes rest = public_key.bytes, sector, identifier;

	assert_true(tlv_take_tag(&rest, 0x7F49, &sector));
	assert_int_equal(eac_add_key(reader.card, &key), 0);
	add_sector_keys();
	make_sector_pki(public_key.bytes);
	authenticate_2(1);
	expect(choose, 0x9000);
	assert_int_equal(identify(sector, &identifier), 0x9000);
	assert_vector(identifier, "restricted-id", "dh_sha256");
	expect("002241A40F800A04007F00070202050203840105", 0x9000);
	assert_int_equal(identify(sector, &identifier), 0x6A80);
	exact_free(&public_key);
	exact_free(&private);
}

/* A link certificate brings a new trust point and another day, which last. */
static void link_certificates_last(void **state)
{
	const struct wish wish = { cvca_name, "UTCVCA00002", CHAT_IS, CHAT_CVCA, ~0ull,
		"2025-05-05", "2035-01-01", nothing, true };
	static struct party next;
	static struct made link;

	make_pki(CHAT_IS);
	party_init(&next, CVC_ECDSA_SHA256, reader.random);
	make_cvc(&link, &wish, &next, &pki.cvca);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(chip_auth(1, 2), 0x9000);
	(void)reader_select_application(&reader);
	expect("00B09C0000", 0x9000);
	assert_bytes_hex(reader_data(&reader),
	    "420B 5554435643413030303031 00 00000000 00000000 "
	    "00000000 00000000 00000000 0000");
	assert_int_equal(reader_give_certificate(&reader, cvca_name, &link), 0x9000);
	expect("00B09C0000", 0x9000);
	assert_bytes_hex(reader_data(&reader),
	    "420B 5554435643413030303032 420B "
	    "5554435643413030303031 00000000 00000000 0000");
	assert_int_equal(card_date(reader.card).year, 2025);
	card_reset(reader.card);
	reader.protected = false;
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(chip_auth(1, 2), 0x9000);
	assert_int_equal(reader_set_issuer(&reader, "UTCVCA00002"), 0x9000);
	party_done(&next);
}

static void active_authentication(void **state)
{
	const struct active_auth_scheme scheme = { DIGEST_SHA256, ACTIVE_AUTH_TRAILER_HASH };
	uint8_t der[200], hash[DIGEST_SIZE_MAX];
	static const uint8_t challenge[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct ec_key *key = NULL;
	struct writer w;

	expect("00880000 08 0102030405060708 00", 0x6D00);
	assert_int_equal(ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), reader.random, &key), 0);
	writer_init(&w, der, sizeof der);
	assert_int_equal(ec_write_private(key, &w), 0);
	assert_int_equal(eac_set_active_auth(reader.card, writer_bytes(&w), &scheme), 0);
	expect("00880000 08 0102030405060708 00", 0x6982);
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	expect("00880000 07 01020304050607 00", 0x6700);
	expect("00880001 08 0102030405060708 00", 0x6A86);
	expect("00880000 08 0102030405060708 00", 0x9000);
	assert_int_equal(digest_compute(DIGEST_SHA256, BYTES_OF_ARRAY(challenge), hash), 0);
	assert_int_equal(ec_verify(key, bytes_of(hash, 32), reader_data(&reader)), 0);
	ec_free(key);
	assert_int_equal(
	    eac_set_active_auth(reader.card, bytes_of_string("no key"), &scheme), ERR_FORMAT);
}

/* The card of the reader, out of a text. */
static void load(struct bytes text)
{
	const struct card_setup setup = { .seed = bytes_of_string("again"), .sleep = count_sleep };
	struct image *image = NULL;
	struct image_error error = { .text = "" };
	struct card *card = NULL;

	assert_int_equal(image_open_text(text, NULL, &image, &error), 0);
	if (image_make_card(image, &eac_card, &setup, &card, &error) < 0)
		fail_msg("%s", error.text);
	image_close(image);
	card_free(reader.card);
	reader.card = card;
	reader.protected = false;
}

/* A card that is saved and loaded is the same. */
static void images_hold_everything(void **state)
{
	const struct active_auth_scheme scheme = { DIGEST_SHA384, ACTIVE_AUTH_TRAILER_HASH };
	struct reader_pace pin = pace_can;
	static uint8_t der[4096];
	struct exact text, again, chip;
	struct rsa *rsa = NULL;
	struct writer w;

	make_pki(CHAT_IS);
	assert_int_equal(rsa_generate(reader.random, 1024, nothing, &rsa), 0);
	writer_init(&w, der, sizeof der);
	assert_int_equal(rsa_write_private(rsa, &w), 0);
	rsa_free(rsa);
	assert_int_equal(eac_set_active_auth(reader.card, writer_bytes(&w), &scheme), 0);
	eac_set_delay(reader.card, 10, 40);
	pin.kind = PACE_PIN;
	pin.password = "000000";
	assert_int_equal(reader_pace(&reader, &pin), 0x63C2);
	text = image_text_of(reader.card);
	load(text.bytes);
	again = image_text_of(reader.card);
	assert_true(bytes_equal(text.bytes, again.bytes));
	exact_free(&text);
	exact_free(&again);
	pin.password = EAC_CARD_PIN;
	assert_int_equal(reader_pace_choose(&reader, &pin), 0x63C2);
	assert_int_equal(reader_pace(&reader, &pin), 0x9000);
	chip = chip_name();
	assert_int_equal(chip_auth(2, 1), 0x9000);
	assert_int_equal(terminal_auth_1(chip.bytes, &pki.terminal), 0x9000);
	exact_free(&chip);
	(void)reader_select_application(&reader);
	expect(READ_DG3, 0x9000);
	expect("00880000 08 0102030405060708 00", 0x9000);
	expect("00B09C0000", 0x9000);
	assert_int_equal(reader.data[0], 0x42);
	reader.protected = false;
	slept = 0;
	assert_int_equal(reader_bac(&reader, "x"), 0x6300);
	assert_int_equal(slept, 10);
}

/* What is wrong in an image is named. */
static void images_can_be_wrong(void **state)
{
	static const struct {
		const char *what, *by, *error;
	} cases[] = {
		{ "\"bac\": true", "\"bac\": 1", "bac" },
		{ "\"bac\": true", "\"bad\": true", "bad" },
		{ "04007F00070202040202\"", "04007F00070202040206\"", "PACE protocol" },
		{ "04007F00070202040202\"", "04007F00070202040101\"", "PACE protocol" },
		{ "04007F00070202040201\"", "04007F00070202040202\"", "already" },
		{ "\"parameters\": 13", "\"parameters\": 3", "PACE protocol" },
		{ "\"parameters\": 13", "\"parameters\": 256", "parameters" },
		{ "\"parameters\": 13", "\"x\": 256", "x" },
		{ "\"mrz\": {", "\"mrx\": {", "mrx" },
		{ "\"text\": \"123456\"", "\"text\": \"\"", "bytes" },
		{ "\"text\": \"123456\"", "\"value\": \"1\"", "value" },
		{ "\"tries\": 3", "\"tries\": 4", "tries" },
		{ "\"chip-authentication\"", "\"chip\"", "use" },
		{ "\"id\": 2", "\"id\": 1", "already" },
		{ "\"versions\": [\n            \"1\"", "\"versions\": [\n            \"4\"",
		    "versions" },
		{ "\"private\": \"", "\"private\": \"00", "" },
		{ "\"ef_cvca\": \"0101011C\"", "\"ef_cvca\": \"0101011D\"", "transparent" },
		{ "\"trust_points\": [", "\"trust_points\": [ \"7F2100\",", "trust point" },
		{ "\"delay\": 10", "\"delay\": 3600001", "delay" },
	};
	struct exact text;

	make_pki(CHAT_IS);
	eac_set_delay(reader.card, 10, 40);
	text = image_text_of(reader.card);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact other = image_text_altered(text.bytes, cases[i].what, cases[i].by);
		const struct card_setup setup = { .sleep = count_sleep };
		struct image_error error = { .text = "" };
		struct image *image = NULL;
		struct card *card = NULL;
		int r;

		print_message("# %zu\n", i);
		assert_int_equal(image_open_text(other.bytes, NULL, &image, &error), 0);
		r = image_make_card(image, &eac_card, &setup, &card, &error);
		image_close(image);
		exact_free(&other);
		if (cases[i].error[0] == '\0') {
			assert_int_equal(r, 0); /* zeros in front of a number */
			card_free(card);
			continue;
		}
		assert_int_equal(r, ERR_FORMAT);
		print_message("# %s\n", error.text);
		assert_non_null(strstr(error.text, cases[i].error));
	}
	exact_free(&text);
}

/* Whichever allocation fails, the card is loaded whole or not at all, and saved whole or not at all. */
static void images_without_memory(void **state)
{
	const struct card_setup setup = { .sleep = count_sleep };
	bool failed = true;
	struct exact text;
	struct buffer out;
	size_t n = 0;

	make_pki(CHAT_IS);
	text = image_text_of(reader.card);
	while (failed) {
		struct image_error error = { .text = "" };
		struct image *image = NULL;
		struct card *card = NULL;
		int r;

		assert_int_equal(image_open_text(text.bytes, NULL, &image, &error), 0);
		alloc_fail_at(++n);
		r = image_make_card(image, &eac_card, &setup, &card, &error);
		failed = alloc_stop();
		if (r == ERR_FORMAT)
			fail_msg("%zu: %s", n, error.text);
		assert_true(failed ? r == ERR_NO_MEMORY || r == ERR_CRYPTO : r == 0);
		image_close(image);
		card_free(card);
	}
	assert_true(n > 20);
	exact_free(&text);
	buffer_init(&out, 1u << 20);
	n = 0;
	do {
		int r;

		alloc_fail_at(++n);
		r = image_text(reader.card, &out);
		failed = alloc_stop();
		assert_int_equal(r, failed ? ERR_NO_MEMORY : 0);
	} while (failed);
	buffer_done(&out);
}

/* What create() of a type says wrongly is refused. */
static void configuration_has_rules(void **state)
{
	static const uint8_t no_key[200] = { 0 };
	static const uint8_t long_oid[EAC_OID_MAX + 1] = { 0 };
	struct eac_password password = { .len = EAC_PASSWORD_MAX + 1 };
	struct eac_key key = { .parameter_id = 13 };
	uint8_t memory[SUITE_OID_SIZE];
	struct writer w;
	int r = 0;

	assert_int_equal(eac_set_password(reader.card, PACE_CAN, &password), ERR_LIMIT);
	assert_int_equal(eac_add_pace(reader.card, nothing, 13), ERR_UNSUPPORTED);
	assert_int_equal(
	    eac_add_pace(reader.card, eac_card_oid(memory, SUITE_PACE, PACE_ECDH_GM, 2), 13),
	    ERR_EXISTS);
	assert_int_equal(
	    eac_add_pace(reader.card, eac_card_oid(memory, SUITE_PACE, PACE_ECDH_IM, 2), 10),
	    ERR_UNSUPPORTED);
	assert_int_equal(
	    eac_add_pace(reader.card, eac_card_oid(memory, SUITE_PACE, PACE_ECDH_CAM, 1), 13),
	    ERR_UNSUPPORTED);
	assert_int_equal(
	    eac_add_pace(reader.card, eac_card_oid(memory, SUITE_PACE, PACE_DH_GM, 1), 13),
	    ERR_UNSUPPORTED);
	key.oids[0] = BYTES_OF_ARRAY(long_oid);
	assert_int_equal(eac_add_key(reader.card, &key), ERR_LIMIT);
	key.oids[0] = nothing;
	key.private = BYTES_OF_ARRAY(no_key);
	assert_int_equal(eac_add_key(reader.card, &key), ERR_FORMAT);
	key.private = nothing;
	key.parameter_id = 7;
	assert_int_equal(eac_add_key(reader.card, &key), ERR_UNSUPPORTED);
	key.parameter_id = 13;
	while (r == 0)
		r = eac_add_key(reader.card, &key);
	assert_int_equal(r, ERR_LIMIT);
	writer_init(&w, memory, sizeof memory);
	assert_false(eac_put_public_key(reader.card, EAC_KEY_SECTOR, 0, &w));
	assert_int_equal(eac_add_trust_point(reader.card, BYTES_OF_ARRAY(no_key)), ERR_FORMAT);
	make_pki(CHAT_IS);
	assert_int_equal(eac_add_trust_point(reader.card, pki.cvca_made.bytes), ERR_EXISTS);
	assert_int_equal(eac_add_trust_point(reader.card, pki.terminal_made.bytes), ERR_FORMAT);
	assert_int_equal(eac_set_document_number(reader.card, BYTES_OF_ARRAY(no_key)), ERR_LIMIT);
	end_with_pki(state);
	begin(state);
}

/* Old certificates, on a card that knows the day, and on one that does not mind it. */
static void dates_can_be_ignored(void **state)
{
	make_pki(CHAT_IS);
	card_set_date(reader.card, (struct date){ 2028, 6, 1 });
	assert_int_equal(reader_bac(&reader, EAC_CARD_MRZ), 0x9000);
	assert_int_equal(chip_auth(1, 2), 0x9000);
	assert_int_equal(reader_give_certificate(&reader, cvca_name, &pki.dv_made), 0x9000);
	assert_int_equal(reader_give_certificate(&reader, dv_name, &pki.terminal_made), 0x6300);
	eac_ignore_dates(reader.card);
	assert_int_equal(chip_auth(1, 2), 0x9000);
	assert_int_equal(terminal_auth_1(bytes_of_string(EAC_CARD_NUMBER), &pki.terminal), 0x9000);
	assert_int_equal(card_date(reader.card).year, 2028);
}

/* People are told what the card can, but no secret. */
static void descriptions_are_without_secrets(void **state)
{
	static const char *const secrets[] = { EAC_CARD_MRZ, EAC_CARD_CAN, EAC_CARD_PIN,
		EAC_CARD_PUK };
	static const char *const lines[] = { "BAC\n", "PACE ECDH-GM-AES-CBC-CMAC-128",
		"PIN: 6 characters, 3 of 3 tries left\n", "key 3 for chip authentication 2",
		"trust point for IS: UTCVCA00001\n", "terminal authentication 1, 2\n" };
	static char text[10000];
	FILE *to = fmemopen(text, sizeof text - 1, "w");

	assert_non_null(to);
	make_pki(CHAT_IS);
	image_describe(reader.card, to);
	assert_int_equal(fclose(to), 0);
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_non_null(strstr(text, lines[i]));
	for (size_t i = 0; i < COUNT(secrets); i++)
		assert_null(strstr(text, secrets[i]));
}

/* PACE, Chip and Terminal Authentication, and what they open. */
static void record(struct buffer *out)
{
	struct exact chip;

	reader.record = out;
	assert_int_equal(reader_pace(&reader, &pace_can), 0x9000);
	chip = chip_name();
	assert_int_equal(chip_auth(1, 2), 0x9000);
	assert_int_equal(terminal_auth_1(chip.bytes, &pki.terminal), 0x9000);
	(void)reader_select_application(&reader);
	expect(READ_DG3, 0x9000);
	reader.record = NULL;
	exact_free(&chip);
}

/* A card without memory refuses, and has proved nothing that it did not say. */
static void memory_can_run_out(void **state)
{
	struct buffer recorded;
	struct exact text;
	bool failed = true;
	size_t n = 0;

	make_pki(CHAT_IS);
	text = image_text_of(reader.card);
	load(text.bytes);
	buffer_init(&recorded, 1u << 16);
	record(&recorded);
	while (failed) {
		bool other;

		load(text.bytes);
		alloc_fail_at(++n);
		other = reader_replay(&reader, buffer_bytes(&recorded));
		failed = alloc_stop();
		assert_int_equal(other, failed);
		if (failed)
			expect_closed();
	}
	print_message("# %zu failures\n", n - 1);
	assert_true(n > 20);
	buffer_done(&recorded);
	exact_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_open_at_first, begin, end),
		cmocka_unit_test_setup_teardown(bac_opens_and_ends, begin, end),
		cmocka_unit_test_setup_teardown(a_selected_file_closes_too, begin, end),
		cmocka_unit_test_setup_teardown(secure_messaging_of_the_standard, begin, end),
		cmocka_unit_test_setup_teardown(bac_refuses, begin, end),
		cmocka_unit_test_setup_teardown(failures_cost_time, begin, end),
		cmocka_unit_test_setup_teardown(pace_opens, begin, end),
		cmocka_unit_test_setup_teardown(pace_under_secure_messaging, begin, end),
		cmocka_unit_test_setup_teardown(pace_can_be_interrupted, begin, end),
		cmocka_unit_test_setup_teardown(pace_refuses_mistakes, begin, end),
		cmocka_unit_test_setup_teardown(set_at_refuses, begin, end),
		cmocka_unit_test_setup_teardown(pin_tries_are_counted, begin, end),
		cmocka_unit_test_setup_teardown(chip_authentication_switches_keys, begin, end),
		cmocka_unit_test_setup_teardown(chip_authentication_refuses, begin, end),
		cmocka_unit_test_setup_teardown(chip_authentication_in_parts, begin, end),
		cmocka_unit_test_setup_teardown(
		    terminal_authentication_1_after_bac, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(
		    terminal_authentication_1_after_pace, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(
		    terminal_authentication_keeps_its_order, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(version_2, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(extensions_give_rights, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(restricted_identification, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(restricted_identification_dh, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(link_certificates_last, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(active_authentication, begin, end),
		cmocka_unit_test_setup_teardown(images_hold_everything, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(images_can_be_wrong, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(images_without_memory, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(configuration_has_rules, begin, end),
		cmocka_unit_test_setup_teardown(dates_can_be_ignored, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(
		    descriptions_are_without_secrets, begin, end_with_pki),
		cmocka_unit_test_setup_teardown(memory_can_run_out, begin, end_with_pki),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
