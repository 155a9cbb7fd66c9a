/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication 3 and pseudonymous signatures on a card of the tests: who is told which pseudonym, in which order, and
 * what is refused. The pseudonyms are compared with those of another implementation. */
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

#define VECTORS "pseudonymous"
#define KEY_ID 9
#define SIGNATURE_SIZE 96 /* SHA-256, brainpoolP256r1 */
#define RIGHT_PSA (1ull << 30)

/* id-PSA, id-PSM, id-PSC with SHA-256, and what MSE says of them. */
#define OID_PS "04007F000702020B"
#define CHOOSE_PSA "002241A410800B" OID_PS "010203840109"
#define CHOOSE_PSM "002241B610800B" OID_PS "020203840109"
#define CHOOSE_CHIP_3 "002241A40F800A04007F00070202030202840109"

/* Rights without room in a CHAT: PSC and PSM; to have DG1 to DG22 signed. */
#define SPECIAL_FUNCTIONS "730F060A04007F0007030102020253 01 C0"

static const char cvca_name[] = "UTCVCA00001", dv_name[] = "UTDVAT00001",
                  terminal_name[] = "UTTERM00001";

static struct eac_reader reader;
static struct exact private[PSEUDONYMS], manager; /* of the examples */
static uint64_t terminal_rights;                  /* of the certificate */
static struct {
	struct party cvca, dv, terminal;
	struct made cvca_made, dv_made, terminal_made;
} pki;

static void expect(const char *command, uint16_t sw)
{
	assert_int_equal(reader_hex(&reader, command), sw);
}

/* A key for everything, whose first pseudonym is told to all with PSA, else to none; the second to those who may. */
static int add_key(unsigned versions)
{
	static const uint8_t oids[][PSEUDONYMOUS_OID_SIZE] = {
		{ 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B, 1, 2, 3 },
		{ 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B, 2, 2, 3 },
		{ 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B, 3, 2, 3 },
	};
	uint8_t suite[SUITE_OID_SIZE];
	const struct eac_key key = { .use = EAC_KEY_PSEUDONYM,
		.has_id = true,
		.id = KEY_ID,
		.parameter_id = 13,
		.versions = versions,
		.private = private[0].bytes,
		.second = private[1].bytes,
		.manager = manager.bytes,
		.auth_info = { { 0, 1 }, { 2, 1 }, { 2, 1 } },
		.oids = { eac_card_oid(suite, SUITE_CHIP_AUTH, CHIP_AUTH_ECDH, 2),
		    BYTES_OF_ARRAY(oids[0]), BYTES_OF_ARRAY(oids[1]), BYTES_OF_ARRAY(oids[2]) } };

	return eac_add_key(reader.card, &key);
}

static void put_sector(struct writer *w, uint8_t domain, struct bytes point)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x03, 0x03 };
	uint8_t hash[DIGEST_SIZE_MAX];

	assert_int_equal(digest_compute(DIGEST_SHA256, point, hash), 0);
	tlv_open(w, 0x73);
	tlv_put(w, 0x06, BYTES_OF_ARRAY(oid));
	tlv_open(w, 0xA0);
	tlv_put_u8(w, 0x80, domain);
	tlv_put(w, 0x81, bytes_of(hash, 32));
	tlv_close(w);
	tlv_close(w);
}

/* The terminal belongs to the sector of the examples, for these domain parameters. */
static void make_pki(enum chat_type type, uint8_t domain)
{
	struct exact special = exact_of_hex(SPECIAL_FUNCTIONS);
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	uint8_t memory[200];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_put(&w, special.bytes);
	put_sector(&w, domain, point.bytes);
	party_init(&pki.cvca, CVC_ECDSA_SHA256, reader.random);
	party_init(&pki.dv, CVC_ECDSA_SHA256, reader.random);
	party_init(&pki.terminal, CVC_ECDSA_SHA256, reader.random);
	make_cvc(&pki.cvca_made,
	    &(struct wish){ cvca_name, cvca_name, type, CHAT_CVCA, ~0ull, "2020-01-01",
	        "2030-01-01", special.bytes, false },
	    &pki.cvca, &pki.cvca);
	make_cvc(&pki.dv_made,
	    &(struct wish){ cvca_name, dv_name, type, CHAT_DV_DOMESTIC, ~0ull, "2021-01-01",
	        "2029-01-01", special.bytes, false },
	    &pki.dv, &pki.cvca);
	make_cvc(&pki.terminal_made,
	    &(struct wish){ dv_name, terminal_name, type, CHAT_TERMINAL, terminal_rights,
	        "2022-01-01", "2028-01-01", writer_bytes(&w), false },
	    &pki.terminal, &pki.dv);
	assert_int_equal(eac_add_trust_point(reader.card, pki.cvca_made.bytes), 0);
	exact_free(&special);
	exact_free(&point);
}

static int begin(void **state)
{
	const struct card_setup setup = { .seed = bytes_of_string("pseudonymous") };
	struct card *card = NULL;

	assert_int_equal(card_new(&eac_card, &setup, &card), 0);
	reader_init(&reader, card);
	private[0] = vectors_get(VECTORS, "bp256_sha256_private_1");
	private[1] = vectors_get(VECTORS, "bp256_sha256_private_2");
	manager = vectors_get(VECTORS, "bp256_sha256_manager");
	terminal_rights = ~0ull;
	return 0;
}

static int begin_with_key(void **state)
{
	(void)begin(state);
	assert_int_equal(add_key(1u << 3), 0);
	make_pki(CHAT_AT, 13);
	return 0;
}

static int end(void **state)
{
	card_free(reader.card);
	reader_done(&reader);
	party_done(&pki.cvca);
	party_done(&pki.dv);
	party_done(&pki.terminal);
	exact_free(&private[0]);
	exact_free(&private[1]);
	exact_free(&manager);
	return 0;
}

/* 67 with the hash of the examples' message; SHA-256 is that of the terminal's signature. */
static struct exact commitment(void)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04, 0x04 };
	struct exact message = vectors_get(VECTORS, "message");
	uint8_t memory[100], hash[DIGEST_SIZE_MAX];
	struct writer w;

	assert_int_equal(digest_compute(DIGEST_SHA256, message.bytes, hash), 0);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x67);
	tlv_open(&w, 0x73);
	tlv_put(&w, 0x06, BYTES_OF_ARRAY(oid));
	tlv_put(&w, 0x53, bytes_of(hash, 32));
	tlv_close(&w);
	tlv_close(&w);
	exact_free(&message);
	return exact_copy(writer_bytes(&w));
}

static uint16_t terminal_auth(void)
{
	uint8_t public[AGREEMENT_SIZE_MAX], memory[AGREEMENT_SIZE_MAX], chip[AGREEMENT_SIZE_MAX];
	struct exact auxiliary = commitment();
	struct reader_binding binding = { .algorithm = cvc_algorithm_oid(CVC_ECDSA_SHA256),
		.auxiliary = auxiliary.bytes };
	struct writer w;
	uint16_t sw;

	writer_init(&w, chip, sizeof chip);
	assert_int_equal(
	    agreement_compress(&reader.domain, bytes_of(reader.chip, reader.chip_len), &w), 0);
	assert_int_equal(reader_give_certificate(&reader, cvca_name, &pki.dv_made), 0x9000);
	assert_int_equal(reader_give_certificate(&reader, dv_name, &pki.terminal_made), 0x9000);
	(void)reader_make_ephemeral(&reader, 13, public);
	binding.ephemeral = reader_compressed(&reader, memory);
	sw = reader_set_terminal(&reader, terminal_name, &binding);
	if (sw == 0x9000)
		sw = reader_sign(&reader, &pki.terminal, writer_bytes(&w), &binding);
	exact_free(&auxiliary);
	return sw;
}

static uint16_t pace(enum chat_type type, uint64_t rights)
{
	struct exact asked = exact_of_hex(SPECIAL_FUNCTIONS);
	struct chat chat = chat_of(type, CHAT_TERMINAL, rights);
	const struct reader_pace pace = { PACE_ECDH_GM, 2, 13, false,
		type == CHAT_IS ? PACE_CAN : PACE_PIN,
		type == CHAT_IS ? EAC_CARD_CAN : EAC_CARD_PIN, &chat,
		type == CHAT_AT ? asked.bytes : nothing };
	uint16_t sw = reader_pace(&reader, &pace);

	exact_free(&asked);
	return sw;
}

static void authenticate_terminal(uint64_t rights)
{
	assert_int_equal(pace(CHAT_AT, rights), 0x9000);
	assert_int_equal(terminal_auth(), 0x9000);
}

/* The first part of version 3, with the ephemeral key that there is. */
static uint16_t agree(void)
{
	uint8_t public[AGREEMENT_SIZE_MAX], chip[AGREEMENT_SIZE_MAX];
	struct bytes answer;
	struct writer w;

	if (reader_hex(&reader, CHOOSE_CHIP_3) != 0x9000)
		return reader.sw;
	writer_init(&w, public, sizeof public);
	assert_int_equal(agreement_put_public(&reader.ephemeral, &w), 0);
	if (reader_general(&reader, true, 0x80, writer_bytes(&w), &answer) != 0x9000)
		return reader.sw;
	memcpy(chip, answer.data, answer.len);
	reader_derive(&reader, CIPHER_AES_128, bytes_of(chip, answer.len), nothing);
	return 0x9000;
}

/* Version 2 with key 3. */
static void chip_auth_2(void)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct reader_chip chip = {
		.variant = CHIP_AUTH_ECDH, .cipher = 2, .parameters = 13, .has_id = true, .id = 3
	};
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(eac_put_public_key(reader.card, EAC_KEY_CHIP_AUTH, 2, &w));
	chip.public = writer_bytes(&w);
	assert_int_equal(reader_chip_choose(&reader, &chip), 0x9000);
	assert_int_equal(reader_chip_agree(&reader, &chip), 0x9000);
}

/* That the answer has these pseudonyms (bits) and a signature. */
static void check_answer(uint32_t tag, unsigned granted)
{
	static const char *const names[] = { "bp256_sha256_pseudonym_1",
		"bp256_sha256_pseudonym_2" };
	struct bytes rest = reader_data(&reader), inside, value;

	assert_true(tlv_take_tag(&rest, tag, &inside) && rest.len == 0);
	for (uint32_t i = 0; i < PSEUDONYMS; i++) {
		bool there = tlv_take_tag(&inside, 0x82 + i, &value);

		assert_int_equal(there, (granted & 1u << i) != 0);
		if (there)
			assert_vector(value, VECTORS, names[i]);
	}
	assert_true(tlv_take_tag(&inside, 0x84, &value) && inside.len == 0);
	assert_int_equal(value.len, SIGNATURE_SIZE);
}

static uint16_t psa(const char *sector)
{
	struct exact point = vectors_get(VECTORS, sector);
	uint16_t sw = reader_hex(&reader, CHOOSE_PSA);
	uint8_t memory[200];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7C);
	tlv_put(&w, 0x80, point.bytes);
	tlv_close(&w);
	if (sw == 0x9000) /* a long answer */
		sw = reader_do(&reader, INS_GENERAL_AUTHENTICATE, 0, writer_bytes(&w), APDU_NE_MAX);
	exact_free(&point);
	return sw;
}

static void chip_authentication_3(void **state)
{
	const struct eac_session *session = eac_session(reader.card);

	authenticate_terminal(0);
	assert_int_equal(agree(), 0x9000);
	/* nothing but keys yet: anybody might have answered */
	assert_false(session->chip_authenticated);
	expect(CHOOSE_PSM, 0x6982);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 1);
	assert_true(session->chip_authenticated);
	assert_int_equal(session->chip_key_use, EAC_KEY_PSEUDONYM);
	expect("0086000000", 0x6985);
	/* once more, and after something else */
	expect("00A4000C023F00", 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 1);
	/* a failure takes nothing away */
	assert_int_equal(psa("p256_sha512_sector"), 0x6A80);
	assert_true(session->chip_authenticated);
}

static void both_pseudonyms(void **state)
{
	authenticate_terminal(RIGHT_PSA);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 3);
	/* a right of this kind has its place in that of PACE, too */
	authenticate_terminal(~RIGHT_PSA);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 1);
}

static void inspection_systems_have_sectors_too(void **state)
{
	(void)begin(state);
	assert_int_equal(add_key(1u << 3), 0);
	make_pki(CHAT_IS, 13);
	assert_int_equal(pace(CHAT_IS, ~0ull), 0x9000);
	assert_int_equal(terminal_auth(), 0x9000);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 1);
	assert_true(eac_has_right(reader.card, CHAT_IS, 0));
	expect(CHOOSE_PSM, 0x6982);
}

static void keys_must_be_named(void **state)
{
	authenticate_terminal(0);
	expect("002241A40F800A04007F00070202030202840108", 0x6A88);
	expect("002241A40F800A04007F00070202030203840109", 0x6A80); /* AES-192 */
	assert_int_equal(agree(), 0x9000);
	expect("002241A40D800B" OID_PS "010203", 0x6A80);       /* none */
	expect("002241A410800B" OID_PS "010203840108", 0x6A88); /* there is none */
	expect("002241A410800B" OID_PS "010203840103", 0x6A88); /* of another kind */
	expect("002241A410800B" OID_PS "010204840109", 0x6A80); /* SHA-384 */
	expect("002241A410800B" OID_PS "020203840109", 0x6A80); /* PSM is of PSO */
	expect("0022C1A410800B" OID_PS "010203840109", 0x6A80);
	expect("002281A410800B" OID_PS "010203840109", 0x6985);
	expect("0086000002 7C00", 0x6985);
}

static void chip_authentication_3_keeps_its_order(void **state)
{
	const struct eac_session *session = eac_session(reader.card);

	expect(CHOOSE_CHIP_3, 0x6982);
	expect(CHOOSE_PSA, 0x6982);
	assert_int_equal(pace(CHAT_AT, 0), 0x9000);
	expect(CHOOSE_CHIP_3, 0x6982);
	expect(CHOOSE_PSA, 0x6982);
	assert_int_equal(terminal_auth(), 0x9000);
	expect(CHOOSE_PSA, 0x6985);
	assert_int_equal(agree(), 0x9000);
	/* the sector's key belongs to the command before */
	expect(CHOOSE_PSA, 0x9000);
	expect("00A4000C023F00", 0x9000);
	expect("0086000002 7C00", 0x6985);
	/* and comes in one command */
	expect(CHOOSE_PSA, 0x9000);
	expect("1086000002 7C00", 0x6884);
	expect(CHOOSE_PSA, 0x9000);
	expect("0086000002 7C00 00", 0x6A80);
	assert_false(session->chip_authenticated);
	/* version 2 puts an end to what was agreed on */
	chip_auth_2();
	assert_true(session->chip_authenticated);
	assert_int_equal(session->chip_key_use, EAC_KEY_CHIP_AUTH);
	expect(CHOOSE_PSA, 0x6985);
	/* and so does a new session */
	authenticate_terminal(0);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	authenticate_terminal(0);
	expect(CHOOSE_PSA, 0x6985);
	reader.protected = false;
	expect(CHOOSE_PSA, 0x6982);
}

static void another_key_than_was_named(void **state)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];

	authenticate_terminal(0);
	(void)reader_make_ephemeral(&reader, 13, memory);
	assert_int_equal(agree(), 0x6300);
	assert_true(reader.protected);
	expect(CHOOSE_PSA, 0x6985);
}

/* Who comes with the CAN needs that right, and asking for it is not enough. */
static void the_can_is_not_for_all(void **state)
{
	struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, ~0ull);
	const struct reader_pace pace = { PACE_ECDH_GM, 2, 13, false, PACE_CAN, EAC_CARD_CAN, &chat,
		nothing };

	(void)begin(state);
	assert_int_equal(add_key(1u << 3), 0);
	terminal_rights = ~(1ull << 4);
	make_pki(CHAT_AT, 13);
	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	assert_int_equal(terminal_auth(), 0x9000);
	assert_int_equal(agree(), 0x9000);
	expect(CHOOSE_PSA, 0x6982);
	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	assert_int_equal(terminal_auth(), 0x9000);
	chip_auth_2();
	expect(CHOOSE_PSM, 0x6982);
	expect("002241A40F800A04007F00070202050203840105", 0x6982); /* Restricted Identification */
}

/* The certificate has the sector, but with other domain parameters. */
static void sectors_of_other_parameters(void **state)
{
	(void)begin(state);
	assert_int_equal(add_key(1u << 3), 0);
	make_pki(CHAT_AT, 12);
	authenticate_terminal(RIGHT_PSA);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x6A80);
	assert_false(eac_session(reader.card)->chip_authenticated);
}

/* A key that signs, but for Chip Authentication there is another one. */
static void keys_of_no_version(void **state)
{
	(void)begin(state);
	assert_int_equal(add_key(0), 0);
	make_pki(CHAT_AT, 13);
	authenticate_terminal(0);
	expect(CHOOSE_CHIP_3, 0x6A88);
	chip_auth_2();
	expect(CHOOSE_PSM, 0x9000);
}

static uint16_t sign(struct bytes sector, struct bytes message)
{
	uint8_t memory[400];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x73);
	tlv_put(&w, 0x80, sector);
	if (message.len > 0)
		tlv_put(&w, 0x81, message);
	tlv_close(&w);
	return reader_do(
	    &reader, INS_PERFORM_SECURITY_OPERATION_ODD, 0x0200, writer_bytes(&w), APDU_NE_MAX);
}

static void messages(void **state)
{
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	struct exact other = vectors_get(VECTORS, "p256_sha512_sector");
	struct exact message = vectors_get(VECTORS, "message");

	expect(CHOOSE_PSM, 0x6982);
	authenticate_terminal(0);
	expect(CHOOSE_PSM, 0x6982);
	chip_auth_2();
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, message.bytes), 0x9000);
	check_answer(0x73, 2);
	assert_int_equal(sign(point.bytes, message.bytes), 0x6985); /* one for each choice */
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(other.bytes, message.bytes), 0x6A80);
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, bytes_first(message.bytes, 5)), 0x6A80);
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, nothing), 0x6A80);
	expect(CHOOSE_PSM, 0x9000);
	expect("002B020102 7300 00", 0x6A86);
	expect(CHOOSE_PSM, 0x9000);
	expect("00A4000C023F00", 0x9000);
	assert_int_equal(sign(point.bytes, message.bytes), 0x6985);
	expect("002241B618800B" OID_PS "020203840109 E106 8004 011E011C", 0x6A80);
	expect("002241B60D800B" OID_PS "020203", 0x6A80);
	expect("002241B610800B" OID_PS "020203840107", 0x6A88);
	expect("002241B610800B" OID_PS "010203840109", 0x6A80); /* PSA is of GENERAL AUTHENTICATE */
	expect("002281B610800B" OID_PS "020203840109",
	    0x6A80); /* names nobody who issues certificates */
	exact_free(&point);
	exact_free(&other);
	exact_free(&message);
}

/* Also after version 3, when it is complete. */
static void messages_after_version_3(void **state)
{
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	struct exact message = vectors_get(VECTORS, "message");

	authenticate_terminal(0);
	assert_int_equal(agree(), 0x9000);
	expect(CHOOSE_PSM, 0x6982);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, message.bytes), 0x9000);
	check_answer(0x73, 2);
	exact_free(&point);
	exact_free(&message);
}

/* Both pseudonyms are for those who may, or for nobody: without the right in PACE's extension there is none. */
static void signatures_need_a_right(void **state)
{
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	struct exact message = vectors_get(VECTORS, "message");
	struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, ~0ull);
	const struct reader_pace pace = { PACE_ECDH_GM, 2, 13, false, PACE_PIN, EAC_CARD_PIN, &chat,
		nothing };

	assert_int_equal(reader_pace(&reader, &pace), 0x9000);
	assert_int_equal(terminal_auth(), 0x9000);
	chip_auth_2();
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, message.bytes), 0x6982);
	expect("002241B616800B" OID_PS "030203840109 E104 8002 011E", 0x6A88); /* not in the MF */
	expect("00A4040C07A0000002471001", 0x9000);
	expect("002241B616800B" OID_PS "030203840109 E104 8002 011E", 0x9000);
	assert_int_equal(sign(point.bytes, nothing), 0x6982);
	exact_free(&point);
	exact_free(&message);
}

static void credentials(void **state)
{
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	struct exact message = vectors_get(VECTORS, "message");

	authenticate_terminal(0);
	chip_auth_2();
	expect("00A4040C07A0000002471001", 0x9000);
	expect("002241B618800B" OID_PS "030203840109 E106 8004 011E011C", 0x9000);
	assert_int_equal(sign(point.bytes, nothing), 0x9000);
	check_answer(0x73, 2);
	expect("002241B618800B" OID_PS "030203840109 E106 8004 011E011C", 0x9000);
	assert_int_equal(
	    sign(point.bytes, message.bytes), 0x6A80);          /* nothing to be signed is sent */
	expect("002241B610800B" OID_PS "030203840109", 0x6A80); /* which ones? */
	expect("002241B618800B" OID_PS "030203840109 E106 8004 011E0199", 0x6A88);
	expect("002241B617800B" OID_PS "030203840109 E105 8003 011E01", 0x6A80);
	expect("002241B616800B" OID_PS "030203840109 E104 8102 00FF", 0x6A88); /* no attributes */
	exact_free(&point);
	exact_free(&message);
}

static int try_load(struct bytes text, struct card **out, struct image_error *error)
{
	const struct card_setup setup = { .seed = bytes_of_string("again") };
	struct image *image = NULL;
	int r;

	assert_int_equal(image_open_text(text, NULL, &image, error), 0);
	r = image_make_card(image, &eac_card, &setup, out, error);
	image_close(image);
	return r;
}

static void images_hold_the_key(void **state)
{
	struct image_error error = { .text = "" };
	struct exact text = image_text_of(reader.card), again;
	struct card *card = NULL;

	assert_int_equal(try_load(text.bytes, &card, &error), 0);
	card_free(reader.card);
	reader.card = card;
	again = image_text_of(card);
	assert_true(bytes_equal(text.bytes, again.bytes));
	exact_free(&text);
	exact_free(&again);
	authenticate_terminal(RIGHT_PSA);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	check_answer(0x7C, 3);
}

static void images_can_be_wrong(void **state)
{
	static const struct {
		const char *what, *by, *error;
	} cases[] = {
		{ "\"second\": \"87FE", "\"second\": \"FFFE", "key" }, /* above the order */
		{ "\"second\": \"87FE", "\"other\": \"87FE", "other" },
		{ "\"manager\": [", "\"psx\": [", "psx" },
		{ "\"psm\": [", "\"psd\": [", "psd" },
		{ "\"psm\": [", "\"psm\": 1, \"x\": [", "x" },
		{ "\"use\": \"pseudonym\"", "\"use\": \"sector\"", "only a key" },
		{ "\"use\": \"sector\"", "\"use\": \"pseudonym\"", "key" }, /* without the rest */
		{ "\"all\"", "\"everybody\"", "psa" },
		{ "\"all\",", "\"all\", \"all\",", "2 pseudonyms" },
		{ "\"all\",", "", "2 pseudonyms" },
	};
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03 };
	const struct eac_key sector = { .use = EAC_KEY_SECTOR,
		.has_id = true,
		.id = 5,
		.parameter_id = 13,
		.oids = { BYTES_OF_ARRAY(oid) } };
	struct exact text;

	assert_int_equal(eac_add_key(reader.card, &sector), 0);
	text = image_text_of(reader.card);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact other = image_text_altered(text.bytes, cases[i].what, cases[i].by);
		struct image_error error = { .text = "" };
		struct card *card = NULL;

		print_message("# %s\n", cases[i].by);
		assert_int_equal(try_load(other.bytes, &card, &error), ERR_FORMAT);
		print_message("# %s\n", error.text);
		assert_non_null(strstr(error.text, cases[i].error));
		exact_free(&other);
	}
	exact_free(&text);
}

/* Everything that the key is good for. */
static void record(struct buffer *out)
{
	struct exact point = vectors_get(VECTORS, "bp256_sha256_sector");
	struct exact message = vectors_get(VECTORS, "message");

	reader.record = out;
	authenticate_terminal(RIGHT_PSA);
	assert_int_equal(agree(), 0x9000);
	assert_int_equal(psa("bp256_sha256_sector"), 0x9000);
	expect(CHOOSE_PSM, 0x9000);
	assert_int_equal(sign(point.bytes, message.bytes), 0x9000);
	expect("00A4040C07A0000002471001", 0x9000);
	expect("002241B616800B" OID_PS "030203840109 E104 8002 011E", 0x9000);
	assert_int_equal(sign(point.bytes, nothing), 0x9000);
	reader.record = NULL;
	exact_free(&point);
	exact_free(&message);
}

/* A card as it was. */
static void start_again(struct bytes text)
{
	struct image_error error = { .text = "" };
	struct card *card = NULL;

	assert_int_equal(try_load(text, &card, &error), 0);
	card_free(reader.card);
	reader.card = card;
	reader.protected = false;
}

/* A card without memory refuses, and is no chip that has signed. */
static void memory_can_run_out(void **state)
{
	struct exact text = image_text_of(reader.card);
	struct buffer recorded;
	bool failed = true;
	size_t n = 0;

	buffer_init(&recorded, 1u << 16);
	start_again(text.bytes);
	record(&recorded);
	while (failed) {
		bool other;

		start_again(text.bytes);
		alloc_fail_at(++n);
		other = reader_replay(&reader, buffer_bytes(&recorded));
		failed = alloc_stop();
		assert_int_equal(other, failed);
	}
	assert_true(eac_session(reader.card)->chip_authenticated);
	print_message("# %zu failures\n", n - 1);
	assert_true(n > 20);
	buffer_done(&recorded);
	exact_free(&text);
}

/* A key that could not be made is none. */
static void keys_need_memory(void **state)
{
	int r = -1;

	(void)begin(state);
	make_pki(CHAT_AT, 13);
	for (size_t n = 1; r < 0; n++) {
		size_t before = eac_state_of(reader.card)->n_keys;

		alloc_fail_at(n);
		r = add_key(1u << 3);
		assert_int_equal(alloc_stop(), r < 0);
		assert_true(r == 0 || r == ERR_NO_MEMORY || r == ERR_CRYPTO);
		assert_int_equal(eac_state_of(reader.card)->n_keys, before + (r == 0 ? 1 : 0));
		assert_true(n < 20);
	}
	assert_int_equal(add_key(1u << 3), ERR_EXISTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(chip_authentication_3, begin_with_key, end),
		cmocka_unit_test_setup_teardown(both_pseudonyms, begin_with_key, end),
		cmocka_unit_test_teardown(inspection_systems_have_sectors_too, end),
		cmocka_unit_test_setup_teardown(keys_must_be_named, begin_with_key, end),
		cmocka_unit_test_setup_teardown(
		    chip_authentication_3_keeps_its_order, begin_with_key, end),
		cmocka_unit_test_setup_teardown(another_key_than_was_named, begin_with_key, end),
		cmocka_unit_test_teardown(the_can_is_not_for_all, end),
		cmocka_unit_test_teardown(sectors_of_other_parameters, end),
		cmocka_unit_test_teardown(keys_of_no_version, end),
		cmocka_unit_test_setup_teardown(messages, begin_with_key, end),
		cmocka_unit_test_setup_teardown(messages_after_version_3, begin_with_key, end),
		cmocka_unit_test_setup_teardown(signatures_need_a_right, begin_with_key, end),
		cmocka_unit_test_setup_teardown(credentials, begin_with_key, end),
		cmocka_unit_test_setup_teardown(images_hold_the_key, begin_with_key, end),
		cmocka_unit_test_setup_teardown(images_can_be_wrong, begin_with_key, end),
		cmocka_unit_test_setup_teardown(memory_can_run_out, begin_with_key, end),
		cmocka_unit_test_teardown(keys_need_memory, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
