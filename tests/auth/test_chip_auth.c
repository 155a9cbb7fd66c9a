/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication: BSI's worked examples of version 2; recorded exchanges of version 1 with real chips; version 3 by values
 * of another implementation; each cipher; and what terminals do wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/chip_auth.h"
#include "base/err.h"
#include "exact.h"
#include "iso7816/apdu.h"
#include "iso7816/tlv.h"
#include "vectors.h"

#define MESSAGE_MAX 2048

static const struct bytes none;
static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of_string("Chip Authentication"), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

static void set_suite(struct chip_auth *c, uint8_t variant, uint8_t cipher)
{
	const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, variant, cipher };

	assert_true(suite_parse(BYTES_OF_ARRAY(oid), SUITE_CHIP_AUTH, &c->suite));
}

/* Wraps a value in an object in a template; valid until the next. */
static struct bytes template(uint32_t outer, uint32_t tag, struct bytes value)
{
	static uint8_t memory[MESSAGE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, outer);
	tlv_put(&w, tag, value);
	tlv_close(&w);
	assert_true(writer_done(&w));
	return writer_bytes(&w);
}

static enum sw general(
    struct chip_auth *c, struct bytes public, struct bytes *answer, struct session_keys *keys)
{
	static uint8_t memory[MESSAGE_MAX];
	struct exact data = exact_copy(template(0x7C, 0x80, public));
	struct writer w;
	enum sw sw;

	writer_init(&w, memory, sizeof memory);
	sw = chip_auth_general(c, data.bytes, &w, keys);
	*answer = writer_bytes(&w);
	exact_free(&data);
	return sw;
}

static void worked_examples(void **state)
{
	static const struct {
		const char *file;
		uint8_t parameters;
	} examples[] = { { "bsi-eac2-ecdh", 13 }, { "bsi-eac2-dh", 0 } };

	for (size_t i = 0; i < COUNT(examples); i++) {
		const char *file = examples[i].file;
		struct exact private = vectors_get(file, "sk_ca_picc");
		struct exact public = vectors_get(file, "pk_ca_pcd");
		struct exact nonce = vectors_get(file, "ca_nonce");
		struct exact oid = vectors_get(file, "ca_oid");
		struct chip_auth c = { .version = CHIP_AUTH_2, .nonce = nonce.bytes };
		struct bytes answer, inside, value;
		uint8_t compressed[EC_FIELD_SIZE_MAX];
		struct session_keys keys;
		struct agreement key;
		struct domain domain;
		struct writer w;

		assert_true(suite_parse(oid.bytes, SUITE_CHIP_AUTH, &c.suite));
		assert_int_equal(domain_standardized(examples[i].parameters, &domain), 0);
		assert_int_equal(agreement_init(&domain, random_source, private.bytes, &key), 0);
		c.key = &key;
		writer_init(&w, compressed, sizeof compressed);
		assert_int_equal(agreement_compress(&domain, public.bytes, &w), 0);
		c.compressed = writer_bytes(&w);
		assert_int_equal(general(&c, public.bytes, &answer, &keys), SW_OK);
		assert_true(tlv_take_tag(&answer, 0x7C, &inside));
		assert_true(tlv_take_tag(&inside, 0x81, &value));
		assert_vector(value, file, "ca_nonce");
		assert_true(tlv_take_tag(&inside, 0x82, &value));
		assert_vector(value, file, "ca_token");
		assert_int_equal(inside.len, 0);
		assert_vector(key_bytes(&keys.enc), file, "ca_ks_enc");
		assert_vector(key_bytes(&keys.mac), file, "ca_ks_mac");
		agreement_done(&key);
		exact_free(&private);
		exact_free(&public);
		exact_free(&nonce);
		exact_free(&oid);
	}
}

/* A recorded exchange. The chip's private key is not known, the terminal's is: so the two change places in the key agreement,
 * and the keys of the session are the same. */
struct recorded {
	const char *file;
	struct chip_auth c;
	struct agreement key;
	struct exact chip; /* its public key */
	struct session_keys keys;
};

/* The point in EF.DG14, after id-PK-ECDH. */
static struct exact chip_key(const char *file)
{
	struct exact dg14 = vectors_get(file, "ef_dg14");
	struct exact id = exact_of_hex("04007F000702020102");
	struct exact header = exact_of_hex("03420004");
	bool seen = false;
	struct exact point = { 0 };

	for (size_t i = 0; i < dg14.bytes.len && point.memory == NULL; i++) {
		struct bytes at = bytes_after(dg14.bytes, i);

		seen = seen || bytes_starts_with(at, id.bytes);
		if (seen && bytes_starts_with(at, header.bytes))
			point = exact_copy(bytes_first(bytes_after(at, 3), 65));
	}
	assert_non_null(point.memory);
	exact_free(&dg14);
	exact_free(&id);
	exact_free(&header);
	return point;
}

static void open_recorded(struct recorded *r, const char *file)
{
	struct exact private = vectors_get(file, "sk_ifd");
	struct exact ssc = vectors_get(file, "after_ssc");
	struct domain domain;
	uint8_t memory[65];
	struct writer w;

	*r = (struct recorded){ .file = file, .c = { .version = CHIP_AUTH_1 } };
	set_suite(&r->c, CHIP_AUTH_ECDH, ssc.bytes.len == 8 ? 1 : 2);
	assert_int_equal(
	    domain_standardized(strcmp(file, "ca1-recorded-fr") == 0 ? 12 : 13, &domain), 0);
	assert_int_equal(agreement_init(&domain, random_source, private.bytes, &r->key), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(agreement_put_public(&r->key, &w), 0);
	assert_vector(writer_bytes(&w), file, "pk_ifd");
	r->c.key = &r->key;
	r->chip = chip_key(file);
	exact_free(&private);
	exact_free(&ssc);
}

static void close_recorded(struct recorded *r)
{
	agreement_done(&r->key);
	exact_free(&r->chip);
	session_keys_wipe(&r->keys);
}

/* What the card does with a command of the recording. */
static void serve(struct recorded *r, const struct apdu *apdu, struct writer *answer)
{
	struct bytes data, public, reference;

	if (apdu->ins == 0x22 && apdu->p2 == 0xA6) {
		assert_true(chip_auth_parse_kat(apdu->data, &public, &reference));
		assert_vector(public, r->file, "pk_ifd");
		data = template(0x91, 0x91, r->chip.bytes);
		data = bytes_after(data, data.len - r->chip.bytes.len - 2);
		assert_int_equal(chip_auth_set_kat(&r->c, data, &r->keys), SW_OK);
	} else if (apdu->ins == 0x86) {
		data = apdu->data;
		assert_true(tlv_take_tag(&data, 0x7C, &public));
		assert_true(tlv_take_tag(&public, 0x80, &data));
		assert_vector(data, r->file, "pk_ifd");
		data = template(0x7C, 0x80, r->chip.bytes);
		assert_int_equal(chip_auth_general(&r->c, data, answer, &r->keys), SW_OK);
	}
}

static struct sm *session(enum cipher_kind kind, const char *file)
{
	struct exact enc = vectors_get(file, "before_ks_enc");
	struct exact mac = vectors_get(file, "before_ks_mac");
	struct exact ssc = vectors_get(file, "before_ssc");
	const struct sm_setup setup = { SM_ICAO, kind, enc.bytes, mac.bytes, ssc.bytes };
	struct sm *sm = NULL;

	assert_int_equal(sm_new(&setup, &sm), 0);
	exact_free(&enc);
	exact_free(&mac);
	exact_free(&ssc);
	return sm;
}

/* Command and response number i under secure messaging. */
static void exchange(struct recorded *r, struct sm *sm, unsigned i)
{
	uint8_t plain[512], memory[512];
	char name[16];
	struct exact command;
	struct apdu apdu;
	unsigned protection;
	struct writer w;

	snprintf(name, sizeof name, "c%u", i);
	command = vectors_get(r->file, name);
	assert_true(apdu_parse(command.bytes, &apdu));
	assert_int_equal(sm_unwrap(sm, &apdu, plain, &protection), SW_OK);
	writer_init(&w, memory, sizeof memory);
	serve(r, &apdu, &w);
	assert_int_equal(sm_wrap(sm, apdu.ins, SW_OK, &w), 0);
	writer_put_u16(&w, SW_OK);
	snprintf(name, sizeof name, "r%u", i);
	assert_vector(writer_bytes(&w), r->file, name);
	exact_free(&command);
}

static void recorded_exchanges(void **state)
{
	static const struct {
		const char *file;
		enum cipher_kind before;
		unsigned commands;
	} recordings[] = {
		{ "ca1-recorded-at", CIPHER_AES_128, 3 },
		{ "ca1-recorded-de", CIPHER_AES_128, 3 },
		{ "ca1-recorded-my", CIPHER_3DES, 3 },
		{ "ca1-recorded-fr", CIPHER_AES_256, 2 },
	};

	for (size_t i = 0; i < COUNT(recordings); i++) {
		const char *file = recordings[i].file;
		struct recorded r;
		struct sm_setup setup;
		struct sm *sm;

		print_message("# %s\n", file);
		open_recorded(&r, file);
		sm = session(recordings[i].before, file);
		for (unsigned n = 1; n < recordings[i].commands; n++)
			exchange(&r, sm, n);
		sm_free(sm);
		assert_vector(key_bytes(&r.keys.enc), file, "after_ks_enc");
		assert_vector(key_bytes(&r.keys.mac), file, "after_ks_mac");
		setup = session_keys_setup(&r.keys);
		assert_int_equal(sm_new(&setup, &sm), 0);
		exchange(&r, sm, recordings[i].commands);
		assert_vector(sm_counter(sm), file, "after_ssc");
		sm_free(sm);
		close_recorded(&r);
	}
}

/* Keys of both sides. */
struct pair {
	struct domain domain;
	struct agreement chip, terminal;
	struct exact chip_public, terminal_public;
	struct chip_auth c;
};

static struct exact public_of(const struct agreement *key)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(agreement_put_public(key, &w), 0);
	return exact_copy(writer_bytes(&w));
}

static void pair_init(struct pair *p, uint8_t parameters)
{
	*p = (struct pair){ .c = { .version = CHIP_AUTH_2, .random = random_source } };
	assert_int_equal(domain_standardized(parameters, &p->domain), 0);
	assert_int_equal(agreement_init(&p->domain, random_source, none, &p->chip), 0);
	assert_int_equal(agreement_init(&p->domain, random_source, none, &p->terminal), 0);
	p->chip_public = public_of(&p->chip);
	p->terminal_public = public_of(&p->terminal);
	p->c.key = &p->chip;
	set_suite(&p->c, p->domain.ec != NULL ? CHIP_AUTH_ECDH : CHIP_AUTH_DH, 2);
}

static void pair_done(struct pair *p)
{
	agreement_done(&p->chip);
	agreement_done(&p->terminal);
	exact_free(&p->chip_public);
	exact_free(&p->terminal_public);
}

/* The terminal comes to the same keys, with the nonce if there is one. */
static void check_keys(struct pair *p, struct bytes nonce, const struct session_keys *keys)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct session_keys own;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(agreement_shared(&p->terminal, p->chip_public.bytes, &w), 0);
	assert_int_equal(session_keys_derive(keys->kind, writer_bytes(&w), nonce, &own), 0);
	assert_true(bytes_equal(key_bytes(&own.enc), key_bytes(&keys->enc)));
	assert_true(bytes_equal(key_bytes(&own.mac), key_bytes(&keys->mac)));
}

static void every_cipher(void **state)
{
	static const uint8_t parameters[] = { 0, 2, 12, 13, 17, 18 };

	for (size_t i = 0; i < COUNT(parameters); i++) {
		struct bytes answer, inside, nonce;
		struct session_keys keys;
		struct pair p;

		pair_init(&p, parameters[i]);
		for (uint8_t cipher = 1; cipher <= 4; cipher++) {
			set_suite(&p.c, p.c.suite.variant, cipher);
			p.c.version = CHIP_AUTH_1;
			assert_int_equal(
			    general(&p.c, p.terminal_public.bytes, &answer, &keys), SW_OK);
			assert_bytes_hex(answer, "7C00");
			check_keys(&p, none, &keys);
			p.c.version = CHIP_AUTH_2;
			assert_int_equal(
			    general(&p.c, p.terminal_public.bytes, &answer, &keys), SW_OK);
			assert_true(tlv_take_tag(&answer, 0x7C, &inside));
			assert_true(tlv_take_tag(&inside, 0x81, &nonce));
			assert_int_equal(nonce.len, CHIP_AUTH_NONCE_SIZE);
			check_keys(&p, nonce, &keys);
		}
		pair_done(&p);
	}
}

/* Version 3: values that were computed apart, for each key size. */
static void version_3(void **state)
{
	static const struct {
		const char *group, *cipher;
		uint8_t parameters, suite;
	} cases[] = {
		{ "bp256", "aes128", 13, 2 },
		{ "bp256", "aes192", 13, 3 },
		{ "bp256", "aes256", 13, 4 },
		{ "bp512", "aes128", 17, 2 },
		{ "bp512", "aes256", 17, 4 },
		{ "dh", "aes128", 0, 2 },
	};
	static const char *const names[] = { "chip_private", "terminal_public", "compressed" };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact values[COUNT(names)];
		struct agreement key = { .ec = NULL };
		struct chip_auth c = {
			.version = CHIP_AUTH_3, .key = &key, .random = random_source
		};
		struct bytes answer, inside, value;
		struct session_keys keys;
		char name[64];

		for (size_t n = 0; n < COUNT(names); n++) {
			snprintf(name, sizeof name, "%s_%s", cases[i].group, names[n]);
			values[n] = vectors_get("chip-auth-3", name);
		}
		assert_int_equal(domain_standardized(cases[i].parameters, &key.domain), 0);
		set_suite(
		    &c, key.domain.ec != NULL ? CHIP_AUTH_ECDH : CHIP_AUTH_DH, cases[i].suite);
		c.private = values[0].bytes;
		c.compressed = values[2].bytes;
		assert_int_equal(general(&c, values[1].bytes, &answer, &keys), SW_OK);
		assert_true(tlv_take_tag(&answer, 0x7C, &inside) && answer.len == 0);
		assert_true(tlv_take_tag(&inside, 0x81, &value) && inside.len == 0);
		snprintf(name, sizeof name, "%s_chip_public", cases[i].group);
		assert_vector(value, "chip-auth-3", name);
		snprintf(name, sizeof name, "%s_%s_enc", cases[i].group, cases[i].cipher);
		assert_vector(key_bytes(&keys.enc), "chip-auth-3", name);
		snprintf(name, sizeof name, "%s_%s_mac", cases[i].group, cases[i].cipher);
		assert_vector(key_bytes(&keys.mac), "chip-auth-3", name);
		values[2].memory[5] ^= 1;
		assert_int_equal(general(&c, values[1].bytes, &answer, &keys), SW_WARNING_CHANGED);
		for (size_t n = 0; n < COUNT(names); n++)
			exact_free(&values[n]);
	}
}

/* Without a given key there is another one each time, and the terminal comes to the same keys. */
static void keys_of_version_3_differ(void **state)
{
	struct exact first, second;
	struct session_keys keys, before;
	struct bytes answer, inside, value = { NULL, 0 };
	struct pair p;

	pair_init(&p, 13);
	p.c.version = CHIP_AUTH_3;
	assert_int_equal(general(&p.c, p.terminal_public.bytes, &answer, &before), SW_OK);
	first = exact_copy(answer);
	assert_int_equal(general(&p.c, p.terminal_public.bytes, &answer, &keys), SW_OK);
	second = exact_copy(answer);
	assert_false(bytes_equal(first.bytes, second.bytes));
	assert_false(bytes_equal(key_bytes(&keys.enc), key_bytes(&before.enc)));
	assert_true(tlv_take_tag(&answer, 0x7C, &inside) && tlv_take_tag(&inside, 0x81, &value));
	exact_free(&p.chip_public);
	p.chip_public = exact_copy(value);
	check_keys(&p, none, &keys);
	exact_free(&first);
	exact_free(&second);
	pair_done(&p);
}

static void nonces_differ(void **state)
{
	struct bytes answer;
	struct session_keys keys;
	uint8_t first[24];
	struct pair p;

	pair_init(&p, 13);
	assert_int_equal(general(&p.c, p.terminal_public.bytes, &answer, &keys), SW_OK);
	assert_int_equal(answer.len, 22);
	memcpy(first, answer.data, answer.len);
	assert_int_equal(general(&p.c, p.terminal_public.bytes, &answer, &keys), SW_OK);
	assert_memory_not_equal(first + 4, answer.data + 4, CHIP_AUTH_NONCE_SIZE);
	pair_done(&p);
}

/* Refused, and the keys are as they were. */
static void assert_refused(struct chip_auth *c, struct bytes data, enum sw want)
{
	uint8_t memory[MESSAGE_MAX];
	struct session_keys keys, before;
	struct writer w;

	memset(&keys, 0xA5, sizeof keys);
	before = keys;
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(chip_auth_general(c, data, &w, &keys), want);
	assert_memory_equal(&keys, &before, sizeof keys);
}

static void another_key_than_named(void **state)
{
	static const uint8_t parameters[] = { 0, 13 };

	for (size_t i = 0; i < COUNT(parameters); i++) {
		uint8_t memory[EC_FIELD_SIZE_MAX];
		struct exact data;
		struct writer w;
		struct pair p;

		pair_init(&p, parameters[i]);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(agreement_compress(&p.domain, p.terminal_public.bytes, &w), 0);
		memory[w.len - 1] ^= 1;
		p.c.compressed = writer_bytes(&w);
		data = exact_copy(template(0x7C, 0x80, p.terminal_public.bytes));
		assert_refused(&p.c, data.bytes, SW_WARNING_CHANGED);
		exact_free(&data);
		pair_done(&p);
	}
}

static void keys_that_do_not_fit(void **state)
{
	static const struct {
		uint8_t parameters, variant;
	} cases[] = { { 13, CHIP_AUTH_DH }, { 0, CHIP_AUTH_ECDH }, { 13, 3 }, { 13, 0 }, { 0, 0 } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data;
		struct pair p;

		pair_init(&p, cases[i].parameters);
		set_suite(&p.c, cases[i].variant, 2);
		data = exact_copy(template(0x7C, 0x80, p.terminal_public.bytes));
		assert_refused(&p.c, data.bytes, SW_CONDITIONS_NOT_SATISFIED);
		exact_free(&data);
		pair_done(&p);
	}
}

static void malformed_data(void **state)
{
	static const struct {
		uint8_t parameters;
		const char *hex;
	} cases[] = {
		{ 13, "" },
		{ 13, "7C" },
		{ 13, "7C00" },
		{ 13, "7C0280" },
		{ 13, "7C028000" },
		{ 13, "7C03800100" },
		{ 13, "7C03810100" },
		{ 13, "7D03800100" },
		{ 13, "7C03800104" },
		{ 13, "7C0480008000" },
		{ 13, "7C028000 00" },
		{ 13,
		    "7C43 8041 04"
		    "0000000000000000000000000000000000000000000000000000000000000000"
		    "0000000000000000000000000000000000000000000000000000000000000000" },
		{ 0, "7C028000" },
		{ 0, "7C03800100" },
		{ 0, "7C03800101" },
		{ 0, "7C03800102" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);
		struct pair p;

		pair_init(&p, cases[i].parameters);
		for (unsigned version = 1; version <= 3; version++) {
			p.c.version = (enum chip_auth_version)version;
			assert_refused(&p.c, data.bytes, SW_WRONG_DATA);
		}
		pair_done(&p);
		exact_free(&data);
	}
}

/* Each truncation of a good command, with both commands; and each byte of the point changed. */
static void changed_commands(void **state)
{
	struct session_keys keys;
	struct exact data;
	struct pair p;

	pair_init(&p, 13);
	data = exact_copy(template(0x7C, 0x80, p.terminal_public.bytes));
	for (size_t n = 0; n < data.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(data.bytes, n));
		struct exact kat = exact_copy(bytes_first(bytes_after(data.bytes, 2), n));

		assert_refused(&p.c, cut.bytes, SW_WRONG_DATA);
		kat.memory[0] = 0x91;
		if (n < data.bytes.len - 2)
			assert_int_equal(chip_auth_set_kat(&p.c, kat.bytes, &keys), SW_WRONG_DATA);
		exact_free(&cut);
		exact_free(&kat);
	}
	for (size_t n = 4; n < data.bytes.len; n++) {
		data.memory[n] ^= 0x01;
		assert_refused(&p.c, data.bytes, SW_WRONG_DATA);
		data.memory[n] ^= 0x01;
	}
	exact_free(&data);
	pair_done(&p);
}

static void data_of_key_agreement_templates(void **state)
{
	static const struct {
		const char *hex, *public, *reference; /* public NULL: refused */
	} cases[] = {
		{ "9101AA", "AA", "" },
		{ "9101AA840102", "AA", "02" },
		{ "8401029101AA", "AA", "02" },
		{ "8301019101AA", "AA", "" },
		{ "9100", "", "" },
		{ "", NULL, NULL },
		{ "840101", NULL, NULL },
		{ "9101AA9101AA", NULL, NULL },
		{ "9101AA840101840101", NULL, NULL },
		{ "9101AA84", NULL, NULL },
		{ "9102AA", NULL, NULL },
		{ "9101AA00", NULL, NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);
		struct bytes public, reference;
		bool good = chip_auth_parse_kat(data.bytes, &public, &reference);

		assert_int_equal(good, cases[i].public != NULL);
		if (good) {
			assert_bytes_hex(public, cases[i].public);
			assert_bytes_hex(reference, cases[i].reference);
		}
		exact_free(&data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(recorded_exchanges),
		cmocka_unit_test(every_cipher),
		cmocka_unit_test(version_3),
		cmocka_unit_test(keys_of_version_3_differ),
		cmocka_unit_test(nonces_differ),
		cmocka_unit_test(another_key_than_named),
		cmocka_unit_test(keys_that_do_not_fit),
		cmocka_unit_test(malformed_data),
		cmocka_unit_test(changed_commands),
		cmocka_unit_test(data_of_key_agreement_templates),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
