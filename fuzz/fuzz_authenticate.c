/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data fields of PACE and Chip Authentication. The first byte chooses the protocol; each message has a byte of flags (bit 1:
 * last of a chain) and two of length before it. The chip's keys and nonces are those of ICAO's worked examples, so that a run
 * can come to its end. */
#include <string.h>

#include "auth/chip_auth.h"
#include "auth/pace.h"
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"

#define INPUT_MAX 8192
#define ANSWER_MAX 4096
#define MESSAGES_MAX 8

/* SHA-1 of the MRZ, s, SK_Map and SK_DH of the chip of ICAO 9303-11, appendix G.1. */
static const uint8_t seed[] = { 0x7E, 0x2D, 0x2A, 0x41, 0xC7, 0x4E, 0xA0, 0xB3, 0x8C, 0xD3, 0x6F,
	0x86, 0x39, 0x39, 0xBF, 0xA8, 0xE9, 0x03, 0x2A, 0xAD };
static const uint8_t nonce[] = { 0x3F, 0x00, 0xC4, 0xD3, 0x9D, 0x15, 0x3F, 0x2B, 0x2A, 0x21, 0x4A,
	0x07, 0x8D, 0x89, 0x9B, 0x22 };
static const uint8_t mapping[] = { 0x49, 0x8F, 0xF4, 0x97, 0x56, 0xF2, 0xDC, 0x15, 0x87, 0x84, 0x00,
	0x41, 0x83, 0x9A, 0x85, 0x98, 0x2B, 0xE7, 0x76, 0x1D, 0x14, 0x71, 0x5F, 0xB0, 0x91, 0xEF,
	0xA7, 0xBC, 0xE9, 0x05, 0x85, 0x60 };
static const uint8_t private[] = { 0x10, 0x7C, 0xF5, 0x86, 0x96, 0xEF, 0x61, 0x55, 0x05, 0x33, 0x40,
	0xFD, 0x63, 0x33, 0x92, 0xBA, 0x81, 0x90, 0x9D, 0xF7, 0xB9, 0x70, 0x6F, 0x22, 0x6F, 0x32,
	0x08, 0x6C, 0x7A, 0xFF, 0x97, 0x4A };

static const struct choice {
	uint8_t parameters, variant; /* variant 0: Chip Authentication */
	uint8_t version;             /* of it; 0: MSE:Set KAT */
} choices[] = {
	{ 13, PACE_ECDH_GM, 0 },
	{ 13, PACE_ECDH_IM, 0 },
	{ 13, PACE_ECDH_CAM, 0 },
	{ 0, PACE_DH_GM, 0 },
	{ 0, PACE_DH_IM, 0 },
	{ 13, 0, CHIP_AUTH_1 },
	{ 13, 0, CHIP_AUTH_2 },
	{ 0, 0, CHIP_AUTH_2 },
	{ 13, 0, 0 },
};

static struct random *card_random(void)
{
	static struct random *random;

	if (random == NULL)
		CHECK(random_new(BYTES_OF_ARRAY(seed), &random) == 0);
	return random;
}

static struct suite suite_of(enum suite_protocol protocol, uint8_t variant)
{
	const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, (uint8_t)protocol,
		variant, 0x02 };
	struct suite suite;

	CHECK(suite_parse(BYTES_OF_ARRAY(oid), protocol, &suite));
	return suite;
}

static bool take_message(struct bytes *in, bool *last, struct bytes *message)
{
	uint8_t flags;
	uint16_t len;

	if (!bytes_take_u8(in, &flags) || !bytes_take_u16(in, &len))
		return false;
	*last = (flags & 1) != 0;
	return bytes_take(in, len <= in->len ? len : in->len, message);
}

/* Keys are there if and only if four steps have succeeded, and a failure is the end. */
static void pace(const struct choice *choice, const struct domain *domain, struct bytes in)
{
	const struct pace_fixed fixed = { BYTES_OF_ARRAY(nonce), BYTES_OF_ARRAY(mapping),
		BYTES_OF_ARRAY(private) };
	struct pace_setup setup = { .suite = suite_of(SUITE_PACE, choice->variant),
		.domain = *domain,
		.seed = BYTES_OF_ARRAY(seed),
		.random = card_random(),
		.fixed = &fixed };
	static uint8_t memory[ANSWER_MAX];
	struct ec_key *chip = NULL;
	struct pace *pace = NULL;
	struct bytes message;
	unsigned good = 0;
	bool failed = false;
	bool last;

	if (choice->variant == PACE_ECDH_CAM)
		CHECK(ec_import_private(
		          domain->ec, card_random(), BYTES_OF_ARRAY(private), &chip) == 0);
	setup.chip = chip;
	CHECK(pace_new(&setup, &pace) == 0);
	for (unsigned i = 0; i < MESSAGES_MAX && take_message(&in, &last, &message); i++) {
		struct writer w;
		enum sw sw;

		writer_init(&w, memory, sizeof memory);
		sw = pace_step(pace, last, message, &w);
		CHECK(sw != SW_NO_DIAGNOSIS && !(failed && sw == SW_OK));
		CHECK(sw != SW_OK || tlv_is_valid(writer_bytes(&w)));
		failed = failed || sw != SW_OK;
		good += sw == SW_OK;
		CHECK((pace_keys(pace) != NULL) == (good == 4 && !failed));
	}
	pace_free(pace);
	ec_free(chip);
}

static void chip_auth(const struct choice *choice, const struct domain *domain, struct bytes in)
{
	static uint8_t memory[ANSWER_MAX];
	struct chip_auth c = {
		.version = (enum chip_auth_version)choice->version,
		.suite =
		    suite_of(SUITE_CHIP_AUTH, domain->ec != NULL ? CHIP_AUTH_ECDH : CHIP_AUTH_DH),
		.nonce = bytes_of(nonce, CHIP_AUTH_NONCE_SIZE),
	};
	struct session_keys keys = { .enc = { .len = 0 } };
	struct agreement key;
	struct writer w;
	enum sw sw;

	CHECK(agreement_init(domain, card_random(), BYTES_OF_ARRAY(private), &key) == 0);
	c.key = &key;
	writer_init(&w, memory, sizeof memory);
	if (choice->version == 0)
		sw = chip_auth_set_kat(&c, in, &keys);
	else
		sw = chip_auth_general(&c, in, &w, &keys);
	CHECK(sw == SW_OK || sw == SW_WRONG_DATA);
	CHECK((sw == SW_OK) == (keys.enc.len > 0));
	CHECK(sw != SW_OK || tlv_is_valid(writer_bytes(&w)));
	agreement_done(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	const struct choice *choice;
	struct domain domain;
	uint8_t number;

	if (len > INPUT_MAX || !bytes_take_u8(&in, &number) || number >= COUNT(choices))
		return 0;
	choice = &choices[number];
	CHECK(domain_standardized(choice->parameters, &domain) == 0);
	if (choice->variant != 0)
		pace(choice, &domain, in);
	else
		chip_auth(choice, &domain, in);
	return 0;
}
