/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The identity card and terminals of every kind: each right alone against all that there is to do, the PIN's states, the
 * comparisons, signatures, and the card's image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "card/image.h"
#include "cards/npa/internal.h"
#include "eac_terminal.h"
#include "fs/transparent.h"
#include "image_text.h"
#include "pki/cms_read.h"
#include "pki/pem.h"
#include "pki/security_info.h"
#include "pki/x509.h"
#include "specimen/specimen.h"

#define ALL_RIGHTS (~0ull)
#define RIGHT(bit) (1ull << (bit))
#define KEY_GENERATION 0x41
#define KEY_INDIVIDUAL 0x45
#define IDENTIFY "0F 800A04007F00070202050203 840144" /* MSE:Set AT, the key for all */
#define FROM "2025-01-01"
#define TO "2098-01-01"

static char dataset_path[] = "/tmp/npa-dataset-XXXXXX";
static struct eac_reader reader;

static struct {
	struct random *random;
	bool made;
	struct party cvca, dv, terminal;
	struct made anchor, dv_certificate, terminal_certificate;
} pki;

static void write_dataset(const char *text)
{
	FILE *file = fopen(dataset_path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int new_card(const struct npa_options *options, char error[CARD_ERROR_SIZE])
{
	const struct card_setup setup = {
		.seed = bytes_of_string("npa"), .own = options, .error = error
	};
	struct card *card = NULL;
	int r;

	error[0] = '\0';
	r = card_new(&card_npa, &setup, &card);
	if (r == 0)
		reader_init(&reader, card);
	return r;
}

/* A card that has every data group. */
static int begin(void **state)
{
	const struct npa_options options = { .dataset = dataset_path };
	char error[CARD_ERROR_SIZE];
	int fd;

	memcpy(dataset_path + strlen(dataset_path) - 6, "XXXXXX", 6);
	fd = mkstemp(dataset_path);
	assert_true(fd >= 0);
	(void)close(fd);
	write_dataset(
	    "dg12=l\ndg14=n\nDateOfIssuance=20101101\ndg16=p\ndg21=u\nEmailAddress=a@b\n");
	return new_card(&options, error);
}

static int end(void **state)
{
	card_free(reader.card);
	if (pki.made) {
		party_done(&pki.cvca);
		party_done(&pki.dv);
		party_done(&pki.terminal);
		random_free(pki.random);
	}
	reader_done(&reader);
	pki.made = false;
	return unlink(dataset_path);
}

static void expect(const char *command, uint16_t sw)
{
	assert_int_equal(reader_hex(&reader, command), sw);
}

/* Who comes, and how. */
struct visitor {
	enum chat_type type;
	uint64_t asked;   /* rights in PACE's CHAT */
	uint64_t granted; /* in its certificate */
	enum pace_password kind;
	const char *password;
	struct bytes auxiliary; /* data object 67 */
	uint8_t key;            /* 0: that of the generation */
	bool within;            /* the session that there is */
};

static const struct visitor with_pin = { .type = CHAT_AT,
	.asked = ALL_RIGHTS,
	.granted = ALL_RIGHTS,
	.kind = PACE_PIN,
	.password = "111111" };

static struct visitor visitor_at(uint64_t rights)
{
	struct visitor visitor = with_pin;

	visitor.asked = rights;
	return visitor;
}

static struct visitor visitor_st(enum pace_password kind, const char *password)
{
	return (struct visitor){ .type = CHAT_ST,
		.asked = ALL_RIGHTS,
		.granted = ALL_RIGHTS,
		.kind = kind,
		.password = password };
}

static void make_pki(const struct visitor *visitor)
{
	const struct wish anchor = { "UTCVCA00001", "UTCVCA00001", visitor->type, CHAT_CVCA,
		ALL_RIGHTS, FROM, TO, nothing, false };
	const struct wish dv = { "UTCVCA00001", "UTDV00001", visitor->type, CHAT_DV_FOREIGN,
		visitor->granted, FROM, TO, nothing, false };
	const struct wish terminal = { "UTDV00001", "UTTERM00001", visitor->type, CHAT_TERMINAL,
		visitor->granted, FROM, TO, nothing, false };
	int r;

	if (!pki.made) {
		/* The reader's own ends with its card; these keys see several. */
		assert_int_equal(random_new(bytes_of_string("pki"), &pki.random), 0);
		party_init(&pki.cvca, CVC_ECDSA_SHA256, pki.random);
		party_init(&pki.dv, CVC_ECDSA_SHA256, pki.random);
		party_init(&pki.terminal, CVC_ECDSA_SHA256, pki.random);
	}
	pki.made = true;
	make_cvc(&pki.anchor, &anchor, &pki.cvca, &pki.cvca);
	make_cvc(&pki.dv_certificate, &dv, &pki.dv, &pki.cvca);
	make_cvc(&pki.terminal_certificate, &terminal, &pki.terminal, &pki.dv);
	r = eac_add_trust_point(reader.card, pki.anchor.bytes);
	assert_true(r == 0 || r == ERR_EXISTS);
}

static uint16_t pace(enum pace_password kind, const char *password, const struct chat *chat)
{
	const struct reader_pace run = { .variant = PACE_ECDH_GM,
		.cipher = 2,
		.parameters = 13,
		.kind = kind,
		.password = password,
		.chat = chat };

	return reader_pace(&reader, &run);
}

/* In a session of its own. */
static uint16_t open(enum pace_password kind, const char *password)
{
	reader.protected = false;
	return pace(kind, password, NULL);
}

/* PACE and Terminal Authentication. */
static uint16_t arrive(const struct visitor *visitor)
{
	struct chat chat = chat_of(visitor->type, CHAT_TERMINAL, visitor->asked);
	uint8_t public[AGREEMENT_SIZE_MAX], memory[AGREEMENT_SIZE_MAX], chip[AGREEMENT_SIZE_MAX];
	struct reader_binding binding = { .algorithm = cvc_algorithm_oid(CVC_ECDSA_SHA256),
		.auxiliary = visitor->auxiliary };
	struct writer w;

	make_pki(visitor);
	if (!visitor->within)
		reader.protected = false;
	if (pace(visitor->kind, visitor->password, &chat) != 0x9000)
		return reader.sw;
	writer_init(&w, chip, sizeof chip);
	assert_int_equal(
	    agreement_compress(&reader.domain, bytes_of(reader.chip, reader.chip_len), &w), 0);
	if (reader_give_certificate(&reader, "UTCVCA00001", &pki.dv_certificate) != 0x9000 ||
	    reader_give_certificate(&reader, "UTDV00001", &pki.terminal_certificate) != 0x9000)
		return reader.sw;
	(void)reader_make_ephemeral(&reader, 13, public);
	binding.ephemeral = reader_compressed(&reader, memory);
	if (reader_set_terminal(&reader, "UTTERM00001", &binding) != 0x9000)
		return reader.sw;
	return reader_sign(&reader, &pki.terminal, writer_bytes(&w), &binding);
}

/* Chip Authentication besides. */
static uint16_t enter(const struct visitor *visitor)
{
	uint8_t public[AGREEMENT_SIZE_MAX];
	struct reader_chip chip = { .variant = CHIP_AUTH_ECDH,
		.cipher = 2,
		.parameters = 13,
		.has_id = true,
		.id = visitor->key != 0 ? visitor->key : KEY_GENERATION };
	struct writer w;

	if (arrive(visitor) != 0x9000)
		return reader.sw;
	writer_init(&w, public, sizeof public);
	assert_true(eac_put_public_key(
	    reader.card, EAC_KEY_CHIP_AUTH, chip.id == KEY_INDIVIDUAL ? 1 : 0, &w));
	chip.public = writer_bytes(&w);
	if (reader_chip_choose(&reader, &chip) != 0x9000)
		return reader.sw;
	return reader_chip_agree(&reader, &chip);
}

static void select_eid(void)
{
	assert_int_equal(
	    reader_do(&reader, INS_SELECT, 0x040C,
	        (struct bytes){ (const uint8_t *)"\xE8\x07\x04\x00\x7F\x00\x07\x03\x02", 9 }, 0),
	    0x9000);
}

static void select_esign(void)
{
	assert_int_equal(reader_do(&reader, INS_SELECT, 0x040C,
	                     (struct bytes){ (const uint8_t *)"\xA0\x00\x00\x01\x67"
	                                                      "ESIGN",
	                         10 },
	                     0),
	    0x9000);
}

static uint16_t read_group(unsigned n)
{
	return reader_do(&reader, INS_READ_BINARY, (0x80 | n) << 8, nothing, 256);
}

/* Its first byte, as it is. */
static uint16_t write_group(unsigned n)
{
	const uint8_t first = (uint8_t)(0x60 + n);

	return reader_do(&reader, INS_UPDATE_BINARY, (0x80 | n) << 8, bytes_of(&first, 1), 0);
}

static void nothing_is_open_to_strangers(void **state)
{
	select_eid();
	for (unsigned n = 1; n <= 22; n++) {
		assert_int_equal(read_group(n), 0x6982);
		assert_int_equal(write_group(n), 0x6982);
	}
	expect("00A4000C023F00", 0x9000);
	expect("00B09D0010", 0x6982); /* EF.CardSecurity */
	expect("00B09B0010", 0x6982); /* EF.ChipSecurity */
	expect("00D69C00 01 31", 0x6982);
	expect("002C0203 06 363534333231", 0x6982);
	expect("002C0303", 0x6982);
	expect("00441003", 0x6982);
	expect("00041003", 0x6982);
	expect("80208000 0B 060904007F000703010401", 0x6982);
	select_esign();
	expect("00200081 06 343434343434", 0x6982);
	expect("00478000 00", 0x6982);
	expect("002A9E9A 20 0102030405060708091011121314151617181920212223242526272829303132 00",
	    0x6982);
	/* nor to who has only opened a session */
	assert_int_equal(open(PACE_CAN, "222222"), 0x9000);
	select_eid();
	assert_int_equal(read_group(4), 0x6982);
	expect("00A4000C023F00", 0x9000);
	expect("00B09D0010", 0x6982);
}

/* How long a name is can tell whose it is: the length of a file is for those who may read it. */
static void lengths_are_for_readers(void **state)
{
	const struct visitor visitor = visitor_at(RIGHT(11)); /* DG4 */

	select_eid();
	expect("00A4020402 0104 00", 0x9000);
	assert_bytes_hex(reader_data(&reader), "620E 83020104 8A0105 880120 82020100");
	assert_int_equal(enter(&visitor), 0x9000);
	select_eid();
	expect("00A4020402 0105 00", 0x9000);
	assert_bytes_hex(reader_data(&reader), "620E 83020105 8A0105 880128 82020100");
	expect("00A4020402 0104 00", 0x9000);
	assert_bytes_hex(
	    reader_data(&reader), "6216 83020104 8A0105 880120 80020009 81020009 82020100");
}

/* TR-03110-4, table 4 */
static void each_right_opens_what_it_is_for(void **state)
{
	for (unsigned bit = 0; bit < 38; bit++) {
		const struct visitor visitor = visitor_at(RIGHT(bit));

		print_message("# right %u\n", bit);
		assert_int_equal(enter(&visitor), 0x9000);
		select_eid();
		for (unsigned n = 1; n <= 22; n++) {
			assert_int_equal(read_group(n), bit == 8 + n - 1 ? 0x9000 : 0x6982);
			assert_int_equal(
			    write_group(n), n >= 17 && bit == 37 - (n - 17) ? 0x9000 : 0x6982);
		}
		expect("80208000 0B 060904007F000703010401", bit == 0 ? 0x6A88 : 0x6982);
		expect("80208000 0B 060904007F000703010402", 0x6A88); /* for all */
		expect("80208000 0B 060904007F000703010403", bit == 1 ? 0x6A88 : 0x6982);
		expect("002241A4 0F 800A04007F00070202050203 840143", 0x9000);
		expect(
		    "00860000 04 7C02A000 00", bit == 2 ? 0x6A80 : 0x6982); /* for which sector? */
		expect("002241A4 0F 800A04007F00070202050203 840144", 0x9000); /* for all */
		expect("00860000 04 7C02A000 00", 0x6A80);
		expect("00441003", bit == 5 ? 0x9000 : 0x6982);
		expect("002C0203 06 313131313131", bit == 5 ? 0x9000 : 0x6982);
		expect("002C0303", bit == 5 ? 0x9000 : 0x6982);
		expect("00A4000C023F00", 0x9000);
		expect("00B09D0010", 0x9000);
		expect("00B09B0010", bit == 3 ? 0x9000 : 0x6982);
		select_esign();
		expect("00D60000 00", 0x6986);
		expect("00A4000C02C001", 0x9000);
		expect("00D60000 02 3000", bit == 6 || bit == 7 ? 0x9000 : 0x6982);
		expect("00B0000000", bit == 6 || bit == 7 ? 0x9000 : 0x6982);
		expect("00478100 00", bit == 6 || bit == 7 ? 0x6984 : 0x6982);
	}
}

static void rights_are_those_that_all_have(void **state)
{
	struct visitor visitor = with_pin;

	visitor.granted = RIGHT(8); /* DG1 */
	assert_int_equal(enter(&visitor), 0x9000);
	select_eid();
	assert_int_equal(read_group(1), 0x9000);
	assert_int_equal(read_group(2), 0x6982);
	expect("002C0203 06 363534333231", 0x6982); /* nor for knowing the PIN */
	visitor = visitor_at(0);
	assert_int_equal(enter(&visitor), 0x9000);
	select_eid();
	assert_int_equal(read_group(1), 0x6982);
}

static void chip_authentication_must_come_before(void **state)
{
	assert_int_equal(arrive(&with_pin), 0x9000);
	select_eid();
	assert_int_equal(read_group(1), 0x6982);
	expect("00041003", 0x6982);
	expect("00A4000C023F00", 0x9000);
	expect("00B09D0010", 0x9000); /* but for EF.CardSecurity, which it needs */
	expect("00B09B0010", 0x9000);
}

static void the_can_needs_its_right(void **state)
{
	struct visitor visitor = with_pin;

	visitor.kind = PACE_CAN;
	visitor.password = "222222";
	assert_int_equal(enter(&visitor), 0x9000);
	select_eid();
	assert_int_equal(read_group(1), 0x9000);
	visitor.asked = RIGHT(8);
	assert_int_equal(enter(&visitor), 0x6A80);
	visitor.asked = ALL_RIGHTS; /* asked for, but not granted */
	visitor.granted = ALL_RIGHTS & ~RIGHT(4);
	assert_int_equal(arrive(&visitor), 0x9000);
	select_eid();
	assert_int_equal(read_group(1), 0x6982);
	expect("00A4000C023F00", 0x9000);
	expect("00B09D0010", 0x6982);
	/* nor pseudonyms, also those that are for all */
	assert_int_equal(enter(&visitor), 0x9000);
	expect("002241A4" IDENTIFY, 0x6982);
	visitor.key = KEY_INDIVIDUAL;
	assert_int_equal(enter(&visitor), 0x6982);
	visitor.granted = ALL_RIGHTS;
	assert_int_equal(enter(&visitor), 0x9000);
	expect("002241A4" IDENTIFY, 0x9000);
}

static void inspection_systems_read_all(void **state)
{
	struct visitor visitor = { .type = CHAT_IS, .kind = PACE_CAN, .password = "222222" };

	assert_int_equal(enter(&visitor), 0x9000);
	select_eid();
	for (unsigned n = 1; n <= 22; n++) {
		assert_int_equal(read_group(n), 0x9000);
		assert_int_equal(write_group(n), 0x6982);
	}
	expect("00041003", 0x6982);
	expect("80208000 0B 060904007F000703010402", 0x6982);
	expect("00A4000C023F00", 0x9000);
	expect("00B09B0010", 0x9000);
	select_esign();
	expect("00A4000C02C001", 0x9000);
	expect("00B0000000", 0x6982);
	expect("00200081", 0x6982);
	visitor.kind = PACE_MRZ;
	visitor.password = "T22000129364081252010315";
	visitor.key = KEY_INDIVIDUAL;
	assert_int_equal(enter(&visitor), 0x9000);
	visitor.kind = PACE_PIN;
	visitor.password = "111111";
	assert_int_equal(enter(&visitor), 0x6A80);
}

static void the_individual_key_is_for_privileged_terminals(void **state)
{
	struct visitor visitor = visitor_at(RIGHT(8));

	visitor.key = KEY_INDIVIDUAL;
	assert_int_equal(enter(&visitor), 0x6982);
	visitor.asked = RIGHT(8) | RIGHT(3);
	assert_int_equal(enter(&visitor), 0x9000);
}

static void data_groups_grow_and_shrink(void **state)
{
	assert_int_equal(enter(&with_pin), 0x9000);
	select_eid();
	expect("00D69100 06 7104A1020C00", 0x9000); /* shorter: what is behind it goes */
	assert_int_equal(read_group(17), 0x9000);
	assert_bytes_hex(reader_data(&reader), "7104A1020C00");
	expect("00D69100 03 710CA1", 0x9000); /* longer, in two parts */
	expect("00D69103 0B 0A0C08 4142434445464748", 0x9000);
	assert_int_equal(read_group(17), 0x9000);
	assert_bytes_hex(reader_data(&reader), "710CA10A0C084142434445464748");
	expect("00D6910F 01 00", 0x6B00); /* not beyond the end */
	expect("00D69100", 0x6700);
	expect("00D70011 08 540100 5303 71017F", 0x9000); /* by the odd instruction */
	assert_int_equal(read_group(17), 0x9000);
	assert_bytes_hex(reader_data(&reader), "71017F");
}

static const char *const pin_unblocked = "002C0303";

static void pin_is_changed_by_who_knows_it(void **state)
{
	assert_int_equal(open(PACE_PIN, "111111"), 0x9000);
	expect("002C0203 05 3635343332", 0x6A80);
	expect("002C0203 07 36353433323131", 0x6A80);
	expect("002C0203 06 36353433323A", 0x6A80);
	expect("002C0203", 0x6A80);
	expect("002C0103 06 363534333231", 0x6A86);
	expect("002C0201 06 363534333231", 0x6A88);
	expect("002C0204 06 363534333231", 0x6A88);
	expect("002C0303 06 363534333231", 0x6A87);
	expect("002C0302", 0x6A88);
	expect(pin_unblocked, 0x6982);
	expect("002C0203 06 363534333231", 0x9000);
	expect("002C0202 06 393939393939", 0x9000);
	assert_int_equal(open(PACE_PIN, "111111"), 0x63C2);
	assert_int_equal(open(PACE_PIN, "654321"), 0x9000);
	assert_int_equal(open(PACE_CAN, "222222"), 0x6300);
	assert_int_equal(open(PACE_CAN, "999999"), 0x9000);
	expect("002C0203 06 363534333231", 0x6982);
	assert_int_equal(open(PACE_PUK, "3333333333"), 0x9000);
	expect("002C0203 06 363534333231", 0x6982);
}

static void puk_unblocks_ten_times(void **state)
{
	for (int i = 0; i < 10; i++) {
		eac_password(reader.card, PACE_PIN)->tries = 0;
		assert_int_equal(open(PACE_PIN, "111111"), 0x6983);
		assert_int_equal(open(PACE_PUK, "3333333333"), 0x9000);
		expect(pin_unblocked, 0x9000);
		assert_int_equal(open(PACE_PIN, "111111"), 0x9000);
	}
	eac_password(reader.card, PACE_PIN)->tries = 0;
	assert_int_equal(open(PACE_PUK, "3333333333"), 0x9000);
	expect(pin_unblocked, 0x6982);
	/* A terminal with the right can still, but not with the PIN. */
	assert_int_equal(open(PACE_PIN, "111111"), 0x6983);
	{
		struct visitor visitor = with_pin;

		visitor.kind = PACE_CAN;
		visitor.password = "222222";
		assert_int_equal(enter(&visitor), 0x9000);
	}
	expect(pin_unblocked, 0x9000);
	assert_int_equal(open(PACE_PIN, "111111"), 0x9000);
}

static void pin_is_deactivated_and_activated(void **state)
{
	struct visitor visitor = with_pin;

	assert_int_equal(enter(&visitor), 0x9000);
	expect("00041103", 0x6A86);
	expect("00041002", 0x6A88);
	expect("00041003 01 00", 0x6700);
	expect("00041003", 0x9000);
	assert_int_equal(open(PACE_PIN, "111111"), 0x6984);
	visitor.kind = PACE_CAN;
	visitor.password = "222222";
	assert_int_equal(enter(&visitor), 0x9000);
	expect("00441003", 0x9000);
	assert_int_equal(open(PACE_PIN, "111111"), 0x9000);
}

static void transport_pin_is_to_be_replaced(void **state)
{
	const struct npa_options options = { .transport_pin = "12345" };
	const struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, ALL_RIGHTS);
	char error[CARD_ERROR_SIZE];

	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_int_equal(pace(PACE_PIN, "12345", &chat), 0x6A80);
	assert_int_equal(open(PACE_PIN, "12345"), 0x9000);
	expect("002C0202 06 363534333231", 0x6982); /* and is good for nothing else */
	expect("002C0203 06 363534333231", 0x9000);
	reader.protected = false;
	assert_int_equal(pace(PACE_PIN, "654321", &chat), 0x9000);
}

static const struct {
	const char *name, *auxiliary, *oid;
	uint16_t verify;
} comparisons[] = {
	{ "born on the day", "67177315 06 09 04007F000703010401 5308 3139363430383132", "01",
	    0x9000 },
	{ "born a day too late", "67177315 06 09 04007F000703010401 5308 3139363430383131", "01",
	    0x6300 },
	{ "still valid", "67177315 06 09 04007F000703010402 5308 3230323031303331", "02", 0x9000 },
	{ "expired", "67177315 06 09 04007F000703010402 5308 3230323031313031", "02", 0x6300 },
	{ "in the country", "6711730F 06 09 04007F000703010403 5302 0276", "03", 0x9000 },
	{ "elsewhere", "6711730F 06 09 04007F000703010403 5302 0277", "03", 0x6300 },
	{ "not sent", "6711730F 06 09 04007F000703010403 5302 0276", "01", 0x6A88 },
	{ "nothing to compare with", "6711730F 06 09 04007F000703010404 5302 0276", "04", 0x6A88 },
};

static void comparisons_are_with_what_was_authenticated(void **state)
{
	for (size_t i = 0; i < COUNT(comparisons); i++) {
		struct exact auxiliary = exact_of_hex(comparisons[i].auxiliary);
		struct visitor visitor = with_pin;
		char command[64];

		print_message("# %s\n", comparisons[i].name);
		visitor.auxiliary = auxiliary.bytes;
		assert_int_equal(enter(&visitor), 0x9000);
		(void)snprintf(command, sizeof command, "80208000 0B 060904007F0007030104%s",
		    comparisons[i].oid);
		expect(command, comparisons[i].verify);
		(void)snprintf(command, sizeof command, "00330000 0B 060904007F0007030104%s",
		    comparisons[i].oid);
		expect(command, comparisons[i].verify == 0x6300 ? 0x6340 : comparisons[i].verify);
		exact_free(&auxiliary);
	}
	expect("80200000 0B 060904007F000703010401", 0x6A86);
	expect("00330001 0B 060904007F000703010401", 0x6A86);
	expect("80208000 09 04007F000703010401", 0x6A88);
}

#define HASH "0102030405060708091011121314151617181920212223242526272829303132"

static void assert_signature(struct bytes public)
{
	struct exact hash = exact_of_hex(HASH);
	struct ec_key *key = NULL;

	assert_int_equal(ec_import_public(ec_group_named(EC_BRAINPOOL_P256R1), public, &key), 0);
	assert_int_equal(ec_verify(key, hash.bytes, reader_data(&reader)), 0);
	ec_free(key);
	exact_free(&hash);
}

/* A card without PIN and key, to a signature that can be verified. */
static void signatures_from_the_beginning(void **state)
{
	const struct npa_options options = { .esign_pin = NPA_ESIGN_PIN_NONE };
	const struct visitor holder = visitor_st(PACE_PIN, "111111");
	const struct visitor signer = visitor_st(PACE_CAN, "222222");
	const struct visitor installer = visitor_at(RIGHT(7));
	char error[CARD_ERROR_SIZE];
	struct bytes answer, point;
	struct exact public;

	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00200081", 0x6984);
	expect("00240181 06 353535353535", 0x6982); /* the holder's PIN is wanted */
	assert_int_equal(enter(&installer), 0x9000);
	select_esign();
	expect("00478000 00", 0x6985); /* no PIN yet */
	assert_int_equal(enter(&holder), 0x9000);
	expect("00A4000C023F00", 0x9000);
	expect("00240181 06 353535353535", 0x6A88); /* not here */
	select_esign();
	expect("00240181 05 3535353535", 0x6A80);
	expect("00240281 06 353535353535", 0x6A86);
	expect("00240181 06 353535353535", 0x9000);
	expect("00240181 06 353535353535", 0x6985);
	assert_int_equal(enter(&installer), 0x9000);
	select_esign();
	expect("00478000 05 B603840185 00", 0x6A88);
	expect("00478000 05 B603840184 00", 0x9000);
	answer = reader_data(&reader);
	assert_true(tlv_take_tag(&answer, 0x7F49, &point) && tlv_take_tag(&point, 0x86, &answer));
	public = exact_copy(answer);
	expect("00478000 05 B603840184 00", 0x6985); /* there is one */
	expect("00478100 00", 0x9000);
	expect("00A4000C02C001", 0x9000);
	expect("00D60000 04 30020500", 0x9000);
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("002241B6 03 840184", 0x9000);
	expect("002241B6 03 840185", 0x6A88);
	expect("002A9E9A 20 " HASH " 00", 0x6982);
	expect("00200081", 0x63C3);
	expect("00200081 06 353535353534", 0x63C2);
	expect("002A9E9A 20 " HASH " 00", 0x6982);
	expect("00200081 06 353535353535", 0x9000);
	expect("00200081", 0x9000);
	expect("002A9E9A 20 " HASH " 00", 0x9000);
	assert_signature(public.bytes);
	expect("002A9E9A 20 " HASH " 00", 0x6982); /* one signature, one PIN */
	exact_free(&public);
}

#define TEXT_MAX 8192

/* Writes a file as DER or as text, beside the data set. */
static const char *write_file(const char *name, const char *label, struct bytes der)
{
	static char paths[2][64];
	char *path = paths[name[0] == 'k'];
	static uint8_t memory[TEXT_MAX];
	struct writer w;
	FILE *file;

	(void)snprintf(path, sizeof paths[0], "%s.%s", dataset_path, name);
	writer_init(&w, memory, sizeof memory);
	if (label != NULL)
		pem_put(label, der, &w);
	else
		writer_put(&w, der);
	assert_true(writer_done(&w));
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(w.data, 1, w.len, file), w.len);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* A certificate that the key has signed itself. */
static void make_x509(const struct sign_key *key, struct writer *out)
{
	const struct sign_scheme scheme = { .ec = true, .digest = DIGEST_SHA256 };
	const struct x509_fields fields = { .kind = X509_CSCA,
		.country = "UT",
		.locality = "UTO",
		.common_name = "test",
		.crl = "http://example.com/crl",
		.email = "ca@example.com",
		.serial = { (const uint8_t *)"\x01", 1 },
		.not_before = { 2025, 1, 1 },
		.not_after = { 2035, 1, 1 },
		.signs_until = { 2030, 1, 1 } };

	assert_int_equal(x509_write(&fields, key, key, &scheme, out), 0);
}

static void given_signature_key_is_used(void **state)
{
	const struct visitor signer = visitor_st(PACE_CAN, "222222");
	static uint8_t memory[TEXT_MAX], der[TEXT_MAX];
	struct npa_options options = { .esign_pin = "123456" };
	struct sign_key key = { 0 }, other = { 0 };
	char error[CARD_ERROR_SIZE];
	struct writer w, key_der;
	struct exact point;

	assert_int_equal(
	    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), reader.random, &key.ec), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_put_public(key.ec, &w), 0);
	point = exact_copy(writer_bytes(&w));
	writer_init(&key_der, der, sizeof der);
	assert_int_equal(ec_write_private(key.ec, &key_der), 0);
	options.esign_key = write_file("key", "PRIVATE KEY", writer_bytes(&key_der));
	writer_init(&w, memory, sizeof memory);
	make_x509(&key, &w);
	options.esign_cert = write_file("cert", "CERTIFICATE", writer_bytes(&w));
	card_free(reader.card);
	sign_key_done(&key);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00A4000C02C001", 0x9000);
	expect("00B0000010", 0x9000);
	assert_true(bytes_equal(reader_data(&reader), bytes_first(writer_bytes(&w), 16)));
	expect("00200081 06 313233343536", 0x9000);
	expect("002A9E9A 20 " HASH " 00", 0x9000);
	assert_signature(point.bytes);
	exact_free(&point);
	/* The certificate of another key, as DER. */
	assert_int_equal(
	    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), reader.random, &other.ec), 0);
	writer_init(&w, memory, sizeof memory);
	make_x509(&other, &w);
	sign_key_done(&other);
	options.esign_cert = write_file("cert", NULL, writer_bytes(&w));
	card_free(reader.card);
	reader_done(&reader);
	assert_true(new_card(&options, error) < 0);
	assert_non_null(strstr(error, "it is not the key of"));
	(void)unlink(options.esign_cert);
	(void)unlink(options.esign_key);
	options = (struct npa_options){ .esign_pin = NULL };
	assert_int_equal(new_card(&options, error), 0);
}

static struct bytes contents_of(uint16_t fid)
{
	struct file *file = fs_child(fs_mf(card_files(reader.card)), fid);
	struct bytes contents = nothing;

	assert_non_null(file);
	assert_int_equal(transparent_read(file, 0, NPA_FILE_MAX, &contents), SW_OK);
	return contents;
}

/* Whether EF.CardSecurity tells this public key, signed by the specimen's signer. */
static bool tells_key(struct bytes file, struct bytes point)
{
	struct security_info infos[SECURITY_INFOS_MAX];
	struct sign_key signer = { 0 };
	bool found = false;
	struct cms cms;
	size_t n = 0;

	assert_int_equal(cms_parse(file, &cms), 0);
	assert_int_equal(
	    sign_key_read(reader.random, specimen_file(SPECIMEN_SIGNER_KEY), &signer), 0);
	assert_int_equal(cms_verify(&cms, &signer), 0);
	sign_key_done(&signer);
	assert_int_equal(security_infos_parse(cms.content, infos, &n), 0);
	for (size_t i = 0; i < n; i++) {
		struct bytes key = infos[i].public_key;

		found = found ||
		    (infos[i].kind == SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY && key.len > point.len &&
		        bytes_equal(bytes_after(key, key.len - point.len), point));
	}
	return found;
}

/* --ca-key alone: what tells of it is made anew. With EF.CardSecurity: it must be in there, and that stays as it is. */
static void given_chip_key_is_used(void **state)
{
	static uint8_t memory[TEXT_MAX], der[TEXT_MAX];
	struct npa_options options = { .ca_key = NULL };
	struct sign_key key = { 0 };
	char error[CARD_ERROR_SIZE];
	struct exact point, security, old = exact_copy(contents_of(NPA_FID_CARD_SECURITY));
	struct writer w, key_der;

	assert_int_equal(
	    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), reader.random, &key.ec), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_put_public(key.ec, &w), 0);
	point = exact_copy(writer_bytes(&w));
	writer_init(&key_der, der, sizeof der);
	assert_int_equal(ec_write_private(key.ec, &key_der), 0);
	sign_key_done(&key);
	assert_false(tells_key(old.bytes, point.bytes));
	options.ca_key = write_file("key", "PRIVATE KEY", writer_bytes(&key_der));
	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_true(tells_key(contents_of(NPA_FID_CARD_SECURITY), point.bytes));
	assert_int_equal(enter(&with_pin), 0x9000);
	security = exact_copy(contents_of(NPA_FID_CARD_SECURITY));
	options.ef_card_security = write_file("security", NULL, security.bytes);
	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_true(bytes_equal(contents_of(NPA_FID_CARD_SECURITY), security.bytes));
	assert_int_equal(enter(&with_pin), 0x9000);
	card_free(reader.card);
	reader_done(&reader);
	options.ef_card_security = write_file("security", NULL, old.bytes);
	assert_true(new_card(&options, error) < 0);
	assert_non_null(strstr(error, "its public key is not in EF.CardSecurity"));
	(void)unlink(options.ef_card_security);
	(void)unlink(options.ca_key);
	exact_free(&point);
	exact_free(&security);
	exact_free(&old);
	options = (struct npa_options){ .ca_key = NULL };
	assert_int_equal(new_card(&options, error), 0);
}

static void esign_pin_is_changed_unblocked_and_terminated(void **state)
{
	const struct visitor holder = visitor_st(PACE_PIN, "111111");
	const struct visitor signer = visitor_st(PACE_CAN, "222222");

	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00240081 0C 343434343434 353535353535", 0x9000);
	expect("00240081 0C 343434343434 363636363636", 0x63C2);
	expect("00240081 0B 343434343434 3636363636", 0x6A80);
	expect("00200081 06 343434343434", 0x63C1);
	expect("00200081 06 343434343434", 0x63C0);
	expect("00200081 06 353535353535", 0x6983);
	expect("002C0381", 0x6982);
	expect("00E61081", 0x6982); /* not with the CAN */
	for (int i = 0; i < 10; i++) {
		assert_int_equal(open(PACE_PUK, "3333333333"), 0x9000);
		expect("00A4000C023F00", 0x9000);
		expect("002C0381", 0x6A88); /* not here */
		select_esign();
		expect("002C0381", 0x9000);
	}
	expect("002C0381", 0x6982);
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00200081 06 353535353535", 0x9000);
	assert_int_equal(enter(&holder), 0x9000);
	select_esign();
	expect("00E62184", 0x6984); /* there is no key */
	expect("00478000 00", 0x9000);
	expect("00E62184", 0x9000);
	expect("00E61081", 0x9000);
	expect("00E61081", 0x6984);
	expect("00E61082", 0x6A86);
	expect("00200081", 0x6984);
	expect("00240181 06 353535353535", 0x9000);
}

static void the_end_of_the_session_forgets_the_esign_pin(void **state)
{
	const struct visitor signer = visitor_st(PACE_CAN, "222222");

	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00200081 06 343434343434", 0x9000);
	reader.protected = false;
	expect("00200081", 0x6982);
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00200081", 0x63C3);
}

/* PACE anew, under the keys of the session: who comes then has not been told the PIN. */
static void another_terminal_has_not_the_esign_pin(void **state)
{
	struct visitor signer = visitor_st(PACE_PIN, "111111");

	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("00478000 00", 0x9000);
	expect("00200081 06 343434343434", 0x9000);
	signer = visitor_st(PACE_CAN, "222222");
	signer.within = true;
	assert_int_equal(enter(&signer), 0x9000);
	select_esign();
	expect("002A9E9A 20 " HASH " 00", 0x6982);
	expect("00200081", 0x63C3);
}

/* The passport's application: read by inspection systems, signed by the specimen's signer. */
static void passport_is_for_inspection_systems(void **state)
{
	const struct npa_options options = { .epassport = true };
	const struct visitor visitor = { .type = CHAT_IS, .kind = PACE_CAN, .password = "222222" };
	char error[CARD_ERROR_SIZE];

	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	assert_int_equal(reader_select_application(&reader), 0x9000);
	expect("00B0810010", 0x6982);
	assert_int_equal(enter(&with_pin), 0x9000);
	assert_int_equal(reader_select_application(&reader), 0x9000);
	expect("00B0810010", 0x6982);
	assert_int_equal(enter(&visitor), 0x9000);
	assert_int_equal(reader_select_application(&reader), 0x9000);
	expect("00B0810000", 0x9000);
	assert_bytes_hex(bytes_first(reader_data(&reader), 15), "615D5F1F5A 4944443C3C5432323030");
	expect("00B0820010", 0x9000);
	expect("00B09E0000", 0x9000);
	expect("00B09D0010", 0x9000);
	assert_int_equal(reader.data[0], 0x77);
	expect("00D68100 01 61", 0x6982);
}

/* Fingers and irises, if there are any, besides want a right each (TR-03110-4, table 2). */
static void biometrics_want_their_right(void **state)
{
	const struct npa_options options = { .epassport = true };
	struct visitor visitor = { .type = CHAT_IS, .kind = PACE_CAN, .password = "222222" };
	char error[CARD_ERROR_SIZE];
	struct file *df;

	card_free(reader.card);
	reader_done(&reader);
	assert_int_equal(new_card(&options, error), 0);
	df = fs_child(fs_mf(card_files(reader.card)), NPA_FID_EPASSPORT);
	for (uint8_t n = 3; n <= 4; n++) {
		const struct npa_file file = { NPA_FID_GROUP(n), n, bytes_of(&n, 1) };

		assert_int_equal(npa_add_file(reader.card, df, &file), 0);
	}
	for (unsigned rights = 0; rights < 4; rights++) {
		print_message("# rights %u\n", rights);
		visitor.asked = ALL_RIGHTS;
		visitor.granted = rights;
		assert_int_equal(enter(&visitor), 0x9000);
		assert_int_equal(reader_select_application(&reader), 0x9000);
		expect("00B0810000", 0x9000);
		expect("00B0830000", (rights & 1) != 0 ? 0x9000 : 0x6982);
		expect("00B0840000", (rights & 2) != 0 ? 0x9000 : 0x6982);
	}
}

static void load(struct bytes text)
{
	const struct card_setup setup = { .seed = bytes_of_string("npa") };
	struct image_error error;
	struct image *image = NULL;
	struct card *card = NULL;

	assert_int_equal(image_open_text(text, NULL, &image, &error), 0);
	assert_int_equal(image_make_card(image, &card_npa, &setup, &card, &error), 0);
	image_close(image);
	card_free(reader.card);
	reader.card = card;
	reader.protected = false;
}

static void images_hold_everything(void **state)
{
	const struct visitor holder = visitor_st(PACE_PIN, "111111");
	struct exact text, again;

	assert_int_equal(enter(&with_pin), 0x9000);
	select_eid();
	expect("00D69100 06 7104A1020C00", 0x9000);
	assert_int_equal(enter(&holder), 0x9000);
	select_esign();
	expect("00478000 00", 0x9000);
	assert_int_equal(open(PACE_PUK, "3333333333"), 0x9000);
	select_esign();
	expect("002C0381", 0x9000);
	text = image_text_of(reader.card);
	load(text.bytes);
	again = image_text_of(reader.card);
	assert_true(bytes_equal(text.bytes, again.bytes));
	exact_free(&text);
	exact_free(&again);
	assert_int_equal(npa_state_of(reader.card)->esign_uses, 9);
	assert_int_equal(enter(&with_pin), 0x9000);
	select_eid();
	assert_int_equal(read_group(17), 0x9000);
	assert_bytes_hex(reader_data(&reader), "7104A1020C00");
	assert_int_equal(enter(&holder), 0x9000);
	select_esign();
	expect("00200081 06 343434343434", 0x9000);
	expect("002A9E9A 20 " HASH " 00", 0x9000);
}

static void images_are_checked(void **state)
{
	static const char name[] = "\"esign_uses\": 10";
	const struct card_setup setup = { .seed = bytes_of_string("npa") };
	struct exact text = image_text_of(reader.card);
	struct image_error error;
	struct image *image = NULL;
	struct card *card = NULL;
	size_t at = 0;

	while (memcmp(text.memory + at, name, strlen(name)) != 0)
		at++;
	text.memory[at + strlen(name) - 1] = '1';
	assert_int_equal(image_open_text(text.bytes, NULL, &image, &error), 0);
	assert_int_equal(image_make_card(image, &card_npa, &setup, &card, &error), ERR_FORMAT);
	image_close(image);
	exact_free(&text);
}

static const struct {
	const char *name;
	struct npa_options options;
	const char *says;
} wrong[] = {
	{ "no such file", { .ef_card_access = "/nonexistent/x" },
	    "--ef-cardaccess /nonexistent/x: No such file" },
	{ "no SecurityInfos", { .ef_card_access = dataset_path }, "these are no SecurityInfos" },
	{ "no signed data", { .ef_card_security = dataset_path }, "this is no signed data" },
	{ "empty file", { .ca_key = "/dev/null" }, "--ca-key /dev/null: the file is empty" },
	{ "no key", { .ca_key = dataset_path }, "this is no private key" },
	{ "no certificate", { .cvcas = { dataset_path }, .n_cvcas = 1 },
	    "this is no CV certificate" },
	{ "no folder", { .cvc_dir = dataset_path }, "--cvc-dir " },
	{ "no certificate of a key", { .esign_cert = dataset_path },
	    "this is no X.509 certificate" },
	{ "no certificate of an issuer", { .esign_ca_cert = dataset_path },
	    "this is no X.509 certificate" },
	{ "no signature key", { .esign_key = dataset_path }, "this is no private key" },
	{ "a data set with an error", { .dataset = dataset_path }, "line 2: " },
};

static void wrong_options_are_named(void **state)
{
	write_dataset("# comment\nSex\n");
	card_free(reader.card);
	reader_done(&reader);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char error[CARD_ERROR_SIZE];

		print_message("# %s\n", wrong[i].name);
		assert_true(new_card(&wrong[i].options, error) < 0);
		print_message("# %s\n", error);
		assert_non_null(strstr(error, wrong[i].says));
	}
	assert_int_equal(begin(NULL), 0);
}

/* Without memory there is no card, and nothing is left of it. */
static void memory_can_run_out(void **state)
{
	const struct npa_options options = {
		.dataset = dataset_path, .epassport = true, .pseudonyms = true
	};
	const struct card_setup setup = { .seed = bytes_of_string("npa"), .own = &options };
	bool failed = true;
	size_t n = 0;

	while (failed) {
		struct card *card = NULL;
		int r;

		alloc_fail_at(++n);
		r = card_new(&card_npa, &setup, &card);
		failed = alloc_stop();
		assert_int_equal(r < 0, failed);
		card_free(card);
	}
	print_message("# %zu failures\n", n - 1);
	assert_true(n > 50);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_open_to_strangers),
		TEST(lengths_are_for_readers),
		TEST(each_right_opens_what_it_is_for),
		TEST(rights_are_those_that_all_have),
		TEST(chip_authentication_must_come_before),
		TEST(the_can_needs_its_right),
		TEST(inspection_systems_read_all),
		TEST(the_individual_key_is_for_privileged_terminals),
		TEST(data_groups_grow_and_shrink),
		TEST(pin_is_changed_by_who_knows_it),
		TEST(puk_unblocks_ten_times),
		TEST(pin_is_deactivated_and_activated),
		TEST(transport_pin_is_to_be_replaced),
		TEST(comparisons_are_with_what_was_authenticated),
		TEST(signatures_from_the_beginning),
		TEST(given_signature_key_is_used),
		TEST(given_chip_key_is_used),
		TEST(esign_pin_is_changed_unblocked_and_terminated),
		TEST(the_end_of_the_session_forgets_the_esign_pin),
		TEST(another_terminal_has_not_the_esign_pin),
		TEST(biometrics_want_their_right),
		TEST(passport_is_for_inspection_systems),
		TEST(images_hold_everything),
		TEST(images_are_checked),
		TEST(wrong_options_are_named),
		TEST(memory_can_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
