/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's side of BAC, PACE, Chip and Terminal Authentication, for tests of cards in the same process: each function
 * is what a terminal that does all right sends. What is answered to the last command lies in sw and data. Include after
 * cmocka.h. */
#ifndef TESTS_CARDS_EAC_TERMINAL_H
#define TESTS_CARDS_EAC_TERMINAL_H

#include "auth/bac.h"
#include "auth/pace.h"
#include "base/buffer.h"
#include "card/card.h"
#include "crypto/mac.h"
#include "crypto/map.h"
#include "cvc_maker.h"
#include "eac_card.h"
#include "exact.h"
#include "iso7816/ins.h"
#include "sm_terminal.h"

#define TERMINAL_DATA_MAX 4096

struct eac_reader {
	struct card *card;
	struct random *random;
	bool protected; /* by what follows */
	struct session_keys keys;
	struct sm_terminal sm;
	struct buffer *
	    record; /* of commands and responses, as they are sent, each behind its length; or NULL */
	uint16_t sw; /* of the last response */
	uint8_t data[TERMINAL_DATA_MAX];
	size_t len;

	/* PACE and Chip Authentication */
	struct domain domain;
	struct ec_group *mapped_ec;
	struct dh_group *mapped_dh;
	struct agreement ephemeral; /* the last key pair */
	uint8_t chip[AGREEMENT_SIZE_MAX];
	size_t chip_len; /* the chip's public key in PACE */
};

static const struct bytes nothing;

static inline void reader_init(struct eac_reader *r, struct card *card)
{
	memset(r, 0, sizeof *r);
	r->card = card;
	assert_int_equal(random_new(bytes_of_string("terminal"), &r->random), 0);
}

/* The key pair of the last protocol. */
static inline void reader_forget(struct eac_reader *r)
{
	agreement_done(&r->ephemeral);
	ec_group_free(r->mapped_ec);
	dh_group_free(r->mapped_dh);
	r->mapped_ec = NULL;
	r->mapped_dh = NULL;
}

static inline void reader_done(struct eac_reader *r)
{
	reader_forget(r);
	random_free(r->random);
}

static inline void reader_take_keys(struct eac_reader *r, const struct session_keys *keys)
{
	r->keys = *keys;
	r->protected = true;
	sm_terminal_init(&r->sm, keys->kind, key_bytes(&r->keys.enc), key_bytes(&r->keys.mac),
	    bytes_of(r->keys.counter, cipher_block_size(keys->kind)));
}

static inline struct bytes reader_data(const struct eac_reader *r)
{
	return bytes_of(r->data, r->len);
}

static inline void reader_keep(struct eac_reader *r, const struct apdu_response *response)
{
	assert_true(response->data.len <= sizeof r->data);
	r->sw = response->sw;
	r->len = response->data.len;
	if (r->len > 0)
		memcpy(r->data, response->data.data, r->len);
}

static inline void reader_record(struct eac_reader *r, struct bytes message)
{
	const uint8_t len[] = { (uint8_t)(message.len >> 8), (uint8_t)message.len };

	if (r->record == NULL)
		return;
	assert_int_equal(buffer_append(r->record, BYTES_OF_ARRAY(len)), 0);
	assert_int_equal(buffer_append(r->record, message), 0);
}

static inline struct bytes reader_transmit(struct eac_reader *r, struct bytes command)
{
	struct bytes response;

	reader_record(r, command);
	response = card_command(r->card, command);
	reader_record(r, response);
	return response;
}

static inline struct bytes reader_take_message(struct bytes *rest)
{
	struct bytes message = bytes_of(NULL, 0);
	uint16_t len = 0;

	assert_true(bytes_take_u16(rest, &len) && bytes_take(rest, len, &message));
	return message;
}

/* Sends what was recorded to a card like the one before, up to the first response that is another. Whether there was one. */
static inline bool reader_replay(struct eac_reader *r, struct bytes record)
{
	while (record.len > 0) {
		struct bytes command = reader_take_message(&record);
		struct bytes response = reader_take_message(&record);

		if (!bytes_equal(card_command(r->card, command), response))
			return true;
	}
	return false;
}

/* One command, protected if there are keys; a plain response to a protected command ends them. */
static inline uint16_t reader_send(struct eac_reader *r, const struct apdu *apdu)
{
	uint8_t memory[TERMINAL_DATA_MAX + 16];
	struct apdu_response response = { 0 };
	struct bytes raw;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(apdu_encode(apdu, &w));
	raw = writer_bytes(&w);
	if (!r->protected) {
		assert_true(apdu_response_parse(reader_transmit(r, raw), &response));
	} else {
		raw = sm_terminal_wrap(&r->sm, raw);
		raw = reader_transmit(r, raw);
		if (!sm_terminal_unwrap(&r->sm, raw, &response)) {
			assert_true(apdu_response_parse(raw, &response));
			assert_int_equal(response.data.len, 0);
			r->protected = false;
		}
	}
	reader_keep(r, &response);
	return r->sw;
}

static inline uint16_t reader_do(
    struct eac_reader *r, uint8_t ins, unsigned p1p2, struct bytes data, size_t ne)
{
	const struct apdu apdu = { .ins = ins,
		.p1 = (uint8_t)(p1p2 >> 8),
		.p2 = (uint8_t)p1p2,
		.data = data,
		.ne = ne,
		.extended = data.len > 255 || ne > 256 };

	return reader_send(r, &apdu);
}

/* The same in hexadecimal: header, then what the command has. */
static inline uint16_t reader_hex(struct eac_reader *r, const char *hex)
{
	struct exact in = exact_of_hex(hex);
	struct apdu apdu;

	print_message("# %s%s\n", r->protected ? "SM " : "", hex);
	assert_true(apdu_parse(in.bytes, &apdu));
	(void)reader_send(r, &apdu);
	exact_free(&in);
	return r->sw;
}

static inline uint16_t reader_select_application(struct eac_reader *r)
{
	return reader_hex(r, "00A4040C07A0000002471001");
}

/* BAC */

/* EXTERNAL AUTHENTICATE after GET CHALLENGE; keys are in force if it succeeds. */
static inline uint16_t reader_bac_answer(
    struct eac_reader *r, struct bytes challenge, const char *mrz)
{
	uint8_t plain[32], message[BAC_MESSAGE_SIZE], mac[MAC_SIZE_MAX], seed[16];
	struct symmetric_key enc, mac_key;
	struct cipher *cipher = NULL;
	struct session_keys keys;
	struct bac bac;

	assert_int_equal(bac_init(&bac, bytes_of_string(mrz)), 0);
	assert_int_equal(
	    kdf_derive(CIPHER_3DES, BYTES_OF_ARRAY(bac.seed), nothing, KDF_ENC, &enc), 0);
	assert_int_equal(
	    kdf_derive(CIPHER_3DES, BYTES_OF_ARRAY(bac.seed), nothing, KDF_MAC, &mac_key), 0);
	assert_int_equal(random_bytes(r->random, plain, sizeof plain), 0);
	memcpy(plain + 8, challenge.data, 8);
	assert_int_equal(
	    cipher_encrypt_once(CIPHER_3DES, key_bytes(&enc), NULL, BYTES_OF_ARRAY(plain), message),
	    0);
	memcpy(r->sm.scratch, message, 32);
	assert_int_equal(mac_compute(CIPHER_3DES, key_bytes(&mac_key),
	                     bytes_of(r->sm.scratch, pad_add(r->sm.scratch, 32, 8)), mac),
	    0);
	memcpy(message + 32, mac, 8);
	if (reader_do(r, INS_EXTERNAL_AUTHENTICATE, 0, BYTES_OF_ARRAY(message), 40) != 0x9000)
		return r->sw;
	assert_int_equal(r->len, 40);
	assert_int_equal(cipher_new(CIPHER_3DES, CIPHER_CBC, key_bytes(&enc), &cipher), 0);
	assert_int_equal(cipher_decrypt(cipher, NULL, bytes_of(r->data, 32), r->data), 0);
	cipher_free(cipher);
	assert_memory_equal(r->data, challenge.data, 8);
	assert_memory_equal(r->data + 8, plain, 8);
	for (size_t i = 0; i < 16; i++)
		seed[i] = plain[16 + i] ^ r->data[16 + i];
	assert_int_equal(session_keys_derive(CIPHER_3DES, BYTES_OF_ARRAY(seed), nothing, &keys), 0);
	memcpy(keys.counter, challenge.data + 4, 4);
	memcpy(keys.counter + 4, plain + 4, 4);
	reader_take_keys(r, &keys);
	return 0x9000;
}

static inline uint16_t reader_bac(struct eac_reader *r, const char *mrz)
{
	uint8_t challenge[8];

	if (reader_do(r, INS_GET_CHALLENGE, 0, nothing, 8) != 0x9000)
		return r->sw;
	assert_int_equal(r->len, 8);
	memcpy(challenge, r->data, sizeof challenge);
	return reader_bac_answer(r, BYTES_OF_ARRAY(challenge), mrz);
}

/* PACE with generic mapping, also that of chip authentication. */
struct reader_pace {
	uint8_t variant, cipher, parameters;
	bool no_parameters; /* without 84 */
	enum pace_password kind;
	const char *password;
	const struct chat *chat; /* NULL: none */
	struct bytes extensions; /* empty: none */
};

static inline uint16_t reader_pace_choose(struct eac_reader *r, const struct reader_pace *pace)
{
	uint8_t memory[100], oid[SUITE_OID_SIZE];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x80, eac_card_oid(oid, SUITE_PACE, pace->variant, pace->cipher));
	tlv_put_u8(&w, 0x83, (uint8_t)pace->kind);
	if (!pace->no_parameters)
		tlv_put_u8(&w, 0x84, pace->parameters);
	if (pace->chat != NULL)
		chat_put(pace->chat, &w);
	if (pace->extensions.len > 0)
		tlv_put(&w, 0x65, pace->extensions);
	return reader_do(r, INS_MANAGE_SECURITY_ENV, 0xC1A4, writer_bytes(&w), 0);
}

/* A GENERAL AUTHENTICATE with one data object (tag 0: none); *answer: the value of the first one in the response. */
static inline uint16_t reader_general(
    struct eac_reader *r, bool last, uint32_t tag, struct bytes value, struct bytes *answer)
{
	uint8_t memory[TERMINAL_DATA_MAX];
	struct apdu apdu = { .cla = last ? 0x00 : 0x10, .ins = INS_GENERAL_AUTHENTICATE };
	struct bytes rest, inside;
	struct tlv tlv = { 0 };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7C);
	if (tag != 0)
		tlv_put(&w, tag, value);
	tlv_close(&w);
	apdu.data = writer_bytes(&w);
	apdu.extended = apdu.data.len > 255 || r->domain.dh != NULL;
	apdu.ne = apdu.extended ? APDU_NE_MAX : 256;
	*answer = nothing;
	if (reader_send(r, &apdu) != 0x9000)
		return r->sw;
	rest = reader_data(r);
	assert_true(tlv_take_tag(&rest, 0x7C, &inside) && rest.len == 0);
	if (inside.len > 0)
		assert_true(tlv_take(&inside, &tlv));
	*answer = tlv.value;
	return r->sw;
}

static inline void reader_map(struct eac_reader *r, struct bytes nonce)
{
	uint8_t memory[AGREEMENT_SIZE_MAX], public[AGREEMENT_SIZE_MAX];
	struct agreement mapping;
	struct bytes other;
	struct writer w;

	assert_int_equal(agreement_init(&r->domain, r->random, nothing, &mapping), 0);
	writer_init(&w, public, sizeof public);
	assert_int_equal(agreement_put_public(&mapping, &w), 0);
	assert_int_equal(reader_general(r, false, 0x81, writer_bytes(&w), &other), 0x9000);
	writer_init(&w, memory, sizeof memory);
	if (r->domain.ec != NULL) {
		assert_int_equal(ec_shared_point(mapping.ec, other, &w), 0);
		assert_int_equal(
		    map_generic_ec(r->domain.ec, nonce, writer_bytes(&w), &r->mapped_ec), 0);
	} else {
		assert_int_equal(agreement_shared(&mapping, other, &w), 0);
		assert_int_equal(
		    map_generic_dh(r->domain.dh, nonce, writer_bytes(&w), &r->mapped_dh), 0);
	}
	agreement_done(&mapping);
}

/* Step 3, and the keys. */
static inline void reader_agree(struct eac_reader *r, struct session_keys *keys)
{
	const struct domain domain = { r->mapped_ec, r->mapped_dh };
	uint8_t public[AGREEMENT_SIZE_MAX], memory[AGREEMENT_SIZE_MAX];
	struct bytes other;
	struct writer w;

	assert_int_equal(agreement_init(&domain, r->random, nothing, &r->ephemeral), 0);
	writer_init(&w, public, sizeof public);
	assert_int_equal(agreement_put_public(&r->ephemeral, &w), 0);
	assert_int_equal(reader_general(r, false, 0x83, writer_bytes(&w), &other), 0x9000);
	memcpy(r->chip, other.data, other.len);
	r->chip_len = other.len;
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(agreement_shared(&r->ephemeral, bytes_of(r->chip, r->chip_len), &w), 0);
	assert_int_equal(session_keys_derive(keys->kind, writer_bytes(&w), nothing, keys), 0);
}

/* The first three steps; token is what belongs into the last. 9000, or what the first step was answered. */
static inline uint16_t reader_pace_begin(struct eac_reader *r, const struct reader_pace *pace,
    struct session_keys *keys, uint8_t token[AGREEMENT_TOKEN_SIZE])
{
	uint8_t seed[64], nonce[32], oid[SUITE_OID_SIZE];
	struct token_input input = { .domain = &r->domain };
	struct symmetric_key pi;
	struct cipher *cipher = NULL;
	struct suite suite;
	struct bytes z;
	struct writer w;

	input.oid = eac_card_oid(oid, SUITE_PACE, pace->variant, pace->cipher);
	assert_true(suite_parse(input.oid, SUITE_PACE, &suite));
	assert_int_equal(domain_standardized(pace->parameters, &r->domain), 0);
	keys->kind = suite.kind;
	if (reader_general(r, false, 0, nothing, &z) != 0x9000)
		return r->sw;
	writer_init(&w, seed, sizeof seed);
	assert_int_equal(pace_seed(pace->kind, bytes_of_string(pace->password), &w), 0);
	assert_int_equal(kdf_derive(suite.kind, writer_bytes(&w), nothing, KDF_PI, &pi), 0);
	assert_int_equal(cipher_new(suite.kind, CIPHER_CBC, key_bytes(&pi), &cipher), 0);
	assert_int_equal(cipher_decrypt(cipher, NULL, z, nonce), 0);
	cipher_free(cipher);
	reader_forget(r);
	reader_map(r, bytes_of(nonce, z.len));
	reader_agree(r, keys);
	input.public = bytes_of(r->chip, r->chip_len);
	assert_int_equal(agreement_token(suite.kind, &keys->mac, &input, token), 0);
	return 0x9000;
}

static inline uint16_t reader_pace(struct eac_reader *r, const struct reader_pace *pace)
{
	uint8_t token[AGREEMENT_TOKEN_SIZE];
	struct session_keys keys;
	struct bytes answer;

	(void)reader_pace_choose(r, pace);
	if (!sw_is_normal(r->sw))
		return r->sw;
	memset(&keys, 0, sizeof keys);
	if (reader_pace_begin(r, pace, &keys, token) != 0x9000)
		return r->sw;
	if (reader_general(r, true, 0x85, BYTES_OF_ARRAY(token), &answer) != 0x9000)
		return r->sw;
	assert_int_equal(answer.len, AGREEMENT_TOKEN_SIZE);
	reader_take_keys(r, &keys);
	return 0x9000;
}

/* Chip Authentication */

struct reader_chip {
	uint8_t variant, cipher, parameters;
	bool has_id;
	uint8_t id;
	struct bytes public; /* the chip's key */
};

/* An ephemeral key pair for the chip's domain parameters, and its public key. */
static inline struct bytes reader_make_ephemeral(
    struct eac_reader *r, uint8_t parameters, uint8_t memory[AGREEMENT_SIZE_MAX])
{
	struct writer w;

	reader_forget(r);
	assert_int_equal(domain_standardized(parameters, &r->domain), 0);
	assert_int_equal(agreement_init(&r->domain, r->random, nothing, &r->ephemeral), 0);
	writer_init(&w, memory, AGREEMENT_SIZE_MAX);
	assert_int_equal(agreement_put_public(&r->ephemeral, &w), 0);
	return writer_bytes(&w);
}

/* Comp(PK) of the ephemeral key. */
static inline struct bytes reader_compressed(
    struct eac_reader *r, uint8_t memory[AGREEMENT_SIZE_MAX])
{
	uint8_t public[AGREEMENT_SIZE_MAX];
	struct writer w, out;

	writer_init(&w, public, sizeof public);
	assert_int_equal(agreement_put_public(&r->ephemeral, &w), 0);
	writer_init(&out, memory, AGREEMENT_SIZE_MAX);
	assert_int_equal(agreement_compress(&r->domain, writer_bytes(&w), &out), 0);
	return writer_bytes(&out);
}

static inline void reader_derive(
    struct eac_reader *r, enum cipher_kind kind, struct bytes chip, struct bytes nonce)
{
	uint8_t shared[AGREEMENT_SIZE_MAX];
	struct session_keys keys;
	struct writer w;

	writer_init(&w, shared, sizeof shared);
	assert_int_equal(agreement_shared(&r->ephemeral, chip, &w), 0);
	memset(&keys, 0, sizeof keys);
	assert_int_equal(session_keys_derive(kind, writer_bytes(&w), nonce, &keys), 0);
	reader_take_keys(r, &keys);
}

static inline uint16_t reader_chip_choose(struct eac_reader *r, const struct reader_chip *chip)
{
	uint8_t memory[40], oid[SUITE_OID_SIZE];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x80, eac_card_oid(oid, SUITE_CHIP_AUTH, chip->variant, chip->cipher));
	if (chip->has_id)
		tlv_put_u8(&w, 0x84, chip->id);
	return reader_do(r, INS_MANAGE_SECURITY_ENV, 0x41A4, writer_bytes(&w), 0);
}

/* With the ephemeral key that there is, so that version 2 can name it before. */
static inline uint16_t reader_chip_agree(struct eac_reader *r, const struct reader_chip *chip)
{
	uint8_t public[AGREEMENT_SIZE_MAX], oid[SUITE_OID_SIZE];
	struct bytes rest, inside, nonce = nothing;
	struct suite suite;
	struct writer w;

	assert_true(suite_parse(eac_card_oid(oid, SUITE_CHIP_AUTH, chip->variant, chip->cipher),
	    SUITE_CHIP_AUTH, &suite));
	writer_init(&w, public, sizeof public);
	assert_int_equal(agreement_put_public(&r->ephemeral, &w), 0);
	if (reader_general(r, true, 0x80, writer_bytes(&w), &nonce) != 0x9000)
		return r->sw;
	rest = reader_data(r);
	assert_true(tlv_take_tag(&rest, 0x7C, &inside));
	if (inside.len > 0)
		assert_true(tlv_take_tag(&inside, 0x81, &nonce));
	reader_derive(r, suite.kind, chip->public, nonce);
	return 0x9000;
}

static inline uint16_t reader_chip_auth(struct eac_reader *r, const struct reader_chip *chip)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];

	(void)reader_make_ephemeral(r, chip->parameters, memory);
	if (reader_chip_choose(r, chip) != 0x9000)
		return r->sw;
	return reader_chip_agree(r, chip);
}

/* Terminal Authentication */

static inline uint16_t reader_set_issuer(struct eac_reader *r, const char *name)
{
	uint8_t memory[40];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x83, bytes_of_string(name));
	return reader_do(r, INS_MANAGE_SECURITY_ENV, 0x81B6, writer_bytes(&w), 0);
}

static inline uint16_t reader_give_certificate(
    struct eac_reader *r, const char *issuer, const struct made *made)
{
	if (reader_set_issuer(r, issuer) != 0x9000)
		return r->sw;
	return reader_do(r, INS_PERFORM_SECURITY_OPERATION, 0x00BE, made->content, 0);
}

/* What version 2 names: empty with version 1. */
struct reader_binding {
	struct bytes algorithm, ephemeral, auxiliary;
};

static inline uint16_t reader_set_terminal(
    struct eac_reader *r, const char *name, const struct reader_binding *binding)
{
	uint8_t memory[400];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	if (binding->algorithm.len > 0)
		tlv_put(&w, 0x80, binding->algorithm);
	tlv_put(&w, 0x83, bytes_of_string(name));
	writer_put(&w, binding->auxiliary);
	if (binding->ephemeral.len > 0)
		tlv_put(&w, 0x91, binding->ephemeral);
	return reader_do(r, INS_MANAGE_SECURITY_ENV, 0x81A4, writer_bytes(&w), 0);
}

/* Signs the chip's name, its challenge, the terminal's key and auxiliary data. */
static inline uint16_t reader_sign(struct eac_reader *r, const struct party *terminal,
    struct bytes chip, const struct reader_binding *binding)
{
	uint8_t memory[1000], signature[SIGN_KEY_SIGNATURE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	writer_put(&w, chip);
	if (reader_do(r, INS_GET_CHALLENGE, 0, nothing, 8) != 0x9000)
		return r->sw;
	assert_int_equal(r->len, 8);
	writer_put(&w, reader_data(r));
	writer_put(&w, binding->ephemeral);
	writer_put(&w, binding->auxiliary);
	assert_int_equal(sign_key_sign(&terminal->key, cvc_scheme(terminal->public.algorithm),
	                     writer_bytes(&w), signature),
	    0);
	return reader_do(r, INS_EXTERNAL_AUTHENTICATE, 0,
	    bytes_of(signature, sign_key_signature_size(&terminal->key)), 0);
}

#endif
