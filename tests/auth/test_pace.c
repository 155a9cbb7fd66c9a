/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE, by the worked examples of ICAO 9303-11, appendices G to I, and of BSI TR-03110, command by command; with every
 * mapping, cipher and set of domain parameters against a terminal made here; and what terminals do wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/pace.h"
#include "base/err.h"
#include "crypto/map.h"
#include "exact.h"
#include "iso7816/apdu.h"
#include "iso7816/tlv.h"
#include "vectors.h"

#define ANSWER_MAX 2048
#define BRAINPOOL_P256R1 13

static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of_string("PACE"), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

/* A setup and all that it borrows. */
struct run {
	struct pace_setup setup;
	struct pace_fixed fixed;
	struct exact nonce, mapping, private;
	struct ec_key *chip;
	uint8_t seed[64];
	struct bytes typed; /* what the terminal takes for the password; empty: the password */
	struct pace *pace;
	uint8_t memory[ANSWER_MAX];
};

static void set_suite(struct run *run, uint8_t variant, uint8_t cipher)
{
	const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, variant, cipher };

	assert_true(suite_parse(BYTES_OF_ARRAY(oid), SUITE_PACE, &run->setup.suite));
}

static void set_seed(struct run *run, enum pace_password kind, struct bytes password)
{
	struct writer w;

	writer_init(&w, run->seed, sizeof run->seed);
	assert_int_equal(pace_seed(kind, password, &w), 0);
	run->setup.seed = writer_bytes(&w);
}

/* A password, domain parameters, and the card's random numbers. */
static void prepare(struct run *run, uint8_t parameters)
{
	*run = (struct run){ .setup = { .random = random_source } };
	assert_int_equal(domain_standardized(parameters, &run->setup.domain), 0);
	set_seed(run, PACE_CAN, bytes_of_string("123456"));
	set_suite(run, run->setup.domain.ec != NULL ? PACE_ECDH_GM : PACE_DH_GM, 2);
}

static void start(struct run *run)
{
	assert_int_equal(pace_new(&run->setup, &run->pace), 0);
}

static void finish(struct run *run)
{
	pace_free(run->pace);
	ec_free(run->chip);
	exact_free(&run->nonce);
	exact_free(&run->mapping);
	exact_free(&run->private);
}

/* The step that is due, with the object tag (0: none) inside 7C. */
static enum sw step(struct run *run, uint32_t tag, struct bytes value, struct bytes *answer)
{
	uint8_t memory[ANSWER_MAX];
	struct writer command, out;
	struct exact data;
	enum sw sw;

	writer_init(&command, memory, sizeof memory);
	tlv_open(&command, 0x7C);
	if (tag != 0)
		tlv_put(&command, tag, value);
	tlv_close(&command);
	assert_true(writer_done(&command));
	data = exact_copy(writer_bytes(&command));
	writer_init(&out, run->memory, sizeof run->memory);
	sw = pace_step(run->pace, tag == 0x85, data.bytes, &out);
	exact_free(&data);
	if (sw == SW_OK && answer != NULL)
		*answer = writer_bytes(&out);
	return sw;
}

/* A step that succeeds; the value of the first object in the answer. */
static struct bytes good_step(struct run *run, uint32_t tag, struct bytes value)
{
	struct bytes answer, inside;
	struct tlv tlv;

	assert_int_equal(step(run, tag, value, &answer), SW_OK);
	assert_true(tlv_take_tag(&answer, 0x7C, &inside));
	assert_int_equal(answer.len, 0);
	assert_true(tlv_take(&inside, &tlv));
	assert_int_equal(tlv.tag, tag == 0 ? 0x80 : tag + 1);
	return tlv.value;
}

static const struct bytes none;

/* An example: the values' names; NULL: there is no such. */
struct example {
	const char *file, *oid, *mrz;
	uint8_t parameters;
	const char *mapping, *private;
	const char *ks_enc, *ks_mac;
};

static void prepare_example(struct run *run, const struct example *e)
{
	struct exact oid = vectors_get(e->file, e->oid);

	prepare(run, e->parameters);
	assert_true(suite_parse(oid.bytes, SUITE_PACE, &run->setup.suite));
	if (e->mrz != NULL) {
		struct exact mrz = vectors_get(e->file, e->mrz);

		set_seed(run, PACE_MRZ, mrz.bytes);
		exact_free(&mrz);
	}
	run->nonce = vectors_get(e->file, "nonce_s");
	run->fixed.nonce = run->nonce.bytes;
	if (e->mapping != NULL)
		run->mapping = vectors_get(e->file, e->mapping);
	run->fixed.mapping = run->mapping.bytes;
	run->private = vectors_get(e->file, e->private);
	run->fixed.private = run->private.bytes;
	run->setup.fixed = &run->fixed;
	exact_free(&oid);
}

static void check_keys(struct run *run, const struct example *e)
{
	static const uint8_t zeros[CIPHER_BLOCK_MAX];
	const struct session_keys *keys = pace_keys(run->pace);

	assert_non_null(keys);
	assert_vector(key_bytes(&keys->enc), e->file, e->ks_enc);
	assert_vector(key_bytes(&keys->mac), e->file, e->ks_mac);
	assert_memory_equal(keys->counter, zeros, sizeof zeros);
}

/* The commands c2 to c5 bring the responses r2 to r5. */
static void commands(struct run *run, const char *file)
{
	for (unsigned i = 2; i <= 5; i++) {
		char name[16];
		struct exact command, response;
		struct apdu apdu;
		struct writer w;

		snprintf(name, sizeof name, "c%u", i);
		command = vectors_get(file, name);
		snprintf(name, sizeof name, "r%u", i);
		response = vectors_get(file, name);
		assert_true(apdu_parse(command.bytes, &apdu));
		assert_null(pace_keys(run->pace));
		writer_init(&w, run->memory, sizeof run->memory);
		assert_int_equal(
		    pace_step(run->pace, (apdu.cla & 0x10) == 0, apdu.data, &w), SW_OK);
		writer_put_u16(&w, SW_OK);
		if (!bytes_equal(writer_bytes(&w), response.bytes))
			fail_msg("%s: %s", file, name);
		exact_free(&command);
		exact_free(&response);
	}
}

static void worked_examples(void **state)
{
	static const struct example examples[] = {
		{ "icao-pace-gm-ecdh", "oid", "mrz_information", 13, "sk_map_ic", "sk_dh_ic",
		    "ks_enc", "ks_mac" },
		{ "icao-pace-gm-dh", "oid", "mrz_information", 0, "sk_map_ic", "sk_dh_ic", "ks_enc",
		    "ks_mac" },
		{ "icao-pace-im-ecdh", "oid", NULL, 13, NULL, "sk_dh_ic", "ks_enc", "ks_mac" },
		{ "icao-pace-im-dh", "oid", NULL, 0, NULL, "sk_dh_ic", "ks_enc", "ks_mac" },
	};

	for (size_t i = 0; i < COUNT(examples); i++) {
		struct run run;

		print_message("# %s\n", examples[i].file);
		prepare_example(&run, &examples[i]);
		start(&run);
		commands(&run, examples[i].file);
		check_keys(&run, &examples[i]);
		finish(&run);
	}
}

/* A value without the zero that is one byte too many for the modulus. */
static struct bytes trim(const struct run *run, struct bytes public)
{
	size_t n = run->setup.domain.ec != NULL ? public.len : dh_size(run->setup.domain.dh);

	return public.len > n ? bytes_after(public, public.len - n) : public;
}

/* BSI's examples, of the PIN: values, no commands. */
static void worked_examples_of_bsi(void **state)
{
	static const struct example examples[] = {
		{ "bsi-eac2-ecdh", "pace_oid", NULL, 13, "sk_map_picc", "sk_pace_picc",
		    "pace_ks_enc", "pace_ks_mac" },
		{ "bsi-eac2-dh", "pace_oid", NULL, 0, "sk_map_picc", "sk_pace_picc", "pace_ks_enc",
		    "pace_ks_mac" },
	};

	for (size_t i = 0; i < COUNT(examples); i++) {
		const char *file = examples[i].file;
		struct exact map = vectors_get(file, "pk_map_pcd");
		struct exact public = vectors_get(file, "pk_pace_pcd");
		struct exact token = vectors_get(file, "t_pcd");
		struct run run;

		print_message("# %s\n", file);
		prepare_example(&run, &examples[i]);
		start(&run);
		assert_vector(good_step(&run, 0, none), file, "nonce_z");
		assert_vector(good_step(&run, 0x81, trim(&run, map.bytes)), file, "pk_map_picc");
		assert_vector(
		    good_step(&run, 0x83, trim(&run, public.bytes)), file, "pk_pace_picc");
		assert_vector(good_step(&run, 0x85, token.bytes), file, "t_picc");
		check_keys(&run, &examples[i]);
		assert_vector(pace_chip_public(run.pace), file, "pk_pace_picc");
		finish(&run);
		exact_free(&map);
		exact_free(&public);
		exact_free(&token);
	}
}

static void set_chip_key(struct run *run, struct bytes private)
{
	const struct ec_group *group = run->setup.domain.ec;

	if (private.len > 0)
		assert_int_equal(ec_import_private(group, random_source, private, &run->chip), 0);
	else
		assert_int_equal(ec_generate(group, random_source, &run->chip), 0);
	run->setup.chip = run->chip;
}

/* The chip's second private key is not published, but the terminal's is: so here the two change places in the second key
 * agreement. */
static void chip_authentication_mapping(void **state)
{
	static const struct example e = { "icao-pace-cam-ecdh", "oid", "mrz_information", 13,
		"sk_map_ic", "sk_dh_ifd", "ks_enc", "ks_mac" };
	struct exact chip = vectors_get(e.file, "sk_ic");
	struct exact map = vectors_get(e.file, "pk_map_ifd");
	struct exact public = vectors_get(e.file, "pk_dh_ic");
	struct exact token = vectors_get(e.file, "t_ic");
	struct bytes answer, inside, value;
	struct run run;

	prepare_example(&run, &e);
	set_chip_key(&run, chip.bytes);
	start(&run);
	assert_vector(good_step(&run, 0, none), e.file, "nonce_z");
	assert_vector(good_step(&run, 0x81, map.bytes), e.file, "pk_map_ic");
	assert_vector(good_step(&run, 0x83, public.bytes), e.file, "pk_dh_ifd");
	assert_int_equal(step(&run, 0x85, token.bytes, &answer), SW_OK);
	assert_true(tlv_take_tag(&answer, 0x7C, &inside));
	assert_true(tlv_take_tag(&inside, 0x86, &value));
	assert_vector(value, e.file, "t_ifd");
	assert_true(tlv_take_tag(&inside, 0x8A, &value));
	assert_vector(value, e.file, "a_ic");
	assert_int_equal(inside.len, 0);
	check_keys(&run, &e);
	finish(&run);
	exact_free(&chip);
	exact_free(&map);
	exact_free(&public);
	exact_free(&token);
}

/* The terminal of this test: what it knows of a run. */
struct terminal {
	const struct pace_setup *setup;
	struct bytes seed; /* of the password it was given */
	uint8_t nonce[32];
	size_t nonce_len;
	uint8_t other[32]; /* t */
	struct agreement mapping, key;
	struct ec_group *ec;
	struct dh_group *dh;
	uint8_t public[AGREEMENT_SIZE_MAX];
	struct session_keys keys;
};

static void terminal_done(struct terminal *t)
{
	agreement_done(&t->mapping);
	agreement_done(&t->key);
	ec_group_free(t->ec);
	dh_group_free(t->dh);
}

static void terminal_decrypt(struct terminal *t, struct bytes z)
{
	enum cipher_kind kind = t->setup->suite.kind;
	struct cipher *cipher = NULL;
	struct symmetric_key pi;

	assert_int_equal(kdf_derive(kind, t->seed, none, KDF_PI, &pi), 0);
	assert_int_equal(cipher_new(kind, CIPHER_CBC, key_bytes(&pi), &cipher), 0);
	assert_true(z.len <= sizeof t->nonce);
	assert_int_equal(cipher_decrypt(cipher, NULL, z, t->nonce), 0);
	t->nonce_len = z.len;
	cipher_free(cipher);
}

static struct bytes terminal_public(struct terminal *t, const struct agreement *key)
{
	struct writer w;

	writer_init(&w, t->public, sizeof t->public);
	assert_int_equal(agreement_put_public(key, &w), 0);
	return writer_bytes(&w);
}

static void terminal_generic(struct terminal *t, struct run *run)
{
	const struct domain *domain = &t->setup->domain;
	struct bytes nonce = bytes_of(t->nonce, t->nonce_len);
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct bytes public;
	struct writer w;

	assert_int_equal(agreement_init(domain, random_source, none, &t->mapping), 0);
	public = good_step(run, 0x81, terminal_public(t, &t->mapping));
	writer_init(&w, memory, sizeof memory);
	if (domain->ec != NULL) {
		assert_int_equal(ec_shared_point(t->mapping.ec, public, &w), 0);
		assert_int_equal(map_generic_ec(domain->ec, nonce, writer_bytes(&w), &t->ec), 0);
	} else {
		assert_int_equal(agreement_shared(&t->mapping, public, &w), 0);
		assert_int_equal(map_generic_dh(domain->dh, nonce, writer_bytes(&w), &t->dh), 0);
	}
}

/* R(s, t) of 4.4.3.3.2, one more block than can be needed, cut. */
static struct bytes terminal_random(struct terminal *t, uint8_t out[DH_SIZE_MAX])
{
	bool large = t->nonce_len == 32;
	struct exact c0 =
	    exact_of_hex(large ? "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676"
	                       : "A668892A7C41E3CA739F40B057D85904");
	struct exact c1 =
	    exact_of_hex(large ? "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"
	                       : "A4E136AC725F738B01C1F60217C188AD");
	enum cipher_kind kind = t->setup->suite.kind;
	size_t bits = 8 * domain_field_size(&t->setup->domain) + 64;
	size_t blocks = (bits + 8 * t->nonce_len - 1) / (8 * t->nonce_len);
	uint8_t key[32], next[32];
	struct bytes other = bytes_of(t->other, cipher_key_size(kind));

	assert_int_equal(
	    cipher_encrypt_once(kind, other, NULL, bytes_of(t->nonce, t->nonce_len), key), 0);
	for (size_t i = 0; i < blocks; i++) {
		struct bytes k = bytes_of(key, cipher_key_size(kind));

		assert_int_equal(
		    cipher_encrypt_once(kind, k, NULL, c1.bytes, out + i * t->nonce_len), 0);
		assert_int_equal(cipher_encrypt_once(kind, k, NULL, c0.bytes, next), 0);
		memcpy(key, next, sizeof key);
	}
	exact_free(&c0);
	exact_free(&c1);
	return bytes_of(out, blocks * t->nonce_len);
}

static void terminal_integrated(struct terminal *t, struct run *run)
{
	const struct domain *domain = &t->setup->domain;
	size_t n = cipher_key_size(t->setup->suite.kind);
	uint8_t memory[DH_SIZE_MAX];
	struct bytes prf;

	memset(t->other, 0x3C, sizeof t->other);
	assert_int_equal(good_step(run, 0x81, bytes_of(t->other, n)).len, 0);
	prf = terminal_random(t, memory);
	if (domain->ec != NULL)
		assert_int_equal(map_integrated_ec(domain->ec, prf, &t->ec), 0);
	else
		assert_int_equal(map_integrated_dh(domain->dh, prf, &t->dh), 0);
}

static void terminal_agree(struct terminal *t, struct run *run)
{
	const struct domain mapped = { t->ec, t->dh };
	uint8_t memory[AGREEMENT_SIZE_MAX], token[AGREEMENT_TOKEN_SIZE];
	struct token_input input = { BYTES_OF_ARRAY(t->setup->suite.oid), &t->setup->domain, none };
	struct exact public;
	struct writer w;

	assert_int_equal(agreement_init(&mapped, random_source, none, &t->key), 0);
	public = exact_copy(good_step(run, 0x83, terminal_public(t, &t->key)));
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(agreement_shared(&t->key, public.bytes, &w), 0);
	assert_int_equal(
	    session_keys_derive(t->setup->suite.kind, writer_bytes(&w), none, &t->keys), 0);
	input.public = public.bytes;
	assert_int_equal(agreement_token(t->setup->suite.kind, &t->keys.mac, &input, token), 0);
	exact_free(&public);
	memcpy(memory, token, sizeof token);
	memcpy(t->nonce, token, sizeof token); /* the nonce is not needed any more */
}

/* Everything but the last step, for which the terminal's token lies in t->nonce. */
static void converse(struct run *run, struct terminal *t)
{
	uint8_t variant = run->setup.suite.variant;

	*t = (struct terminal){ .setup = &run->setup, .seed = run->setup.seed };
	if (run->typed.len > 0)
		t->seed = run->typed;
	terminal_decrypt(t, good_step(run, 0, none));
	if (variant == PACE_DH_IM || variant == PACE_ECDH_IM)
		terminal_integrated(t, run);
	else
		terminal_generic(t, run);
	terminal_agree(t, run);
}

static void whole_run(uint8_t parameters, uint8_t variant, uint8_t cipher)
{
	struct terminal t;
	struct run run;

	prepare(&run, parameters);
	set_suite(&run, variant, cipher);
	if (variant == PACE_ECDH_CAM)
		set_chip_key(&run, none);
	start(&run);
	converse(&run, &t);
	assert_int_equal(good_step(&run, 0x85, bytes_of(t.nonce, 8)).len, 8);
	assert_non_null(pace_keys(run.pace));
	assert_true(bytes_equal(key_bytes(&pace_keys(run.pace)->enc), key_bytes(&t.keys.enc)));
	assert_true(bytes_equal(key_bytes(&pace_keys(run.pace)->mac), key_bytes(&t.keys.mac)));
	terminal_done(&t);
	finish(&run);
}

/* Each set of domain parameters with each of its mappings, and with two sets each cipher. */
static void every_combination(void **state)
{
	static const uint8_t ec[] = { PACE_ECDH_GM, PACE_ECDH_IM, PACE_ECDH_CAM };
	static const uint8_t dh[] = { PACE_DH_GM, PACE_DH_IM };
	unsigned count = 0;

	for (uint8_t id = 0; id < 32; id++) {
		bool modp = id <= 2;

		if ((id > 2 && id < 8) || id > 18)
			continue;
		for (size_t i = 0; i < (modp ? COUNT(dh) : COUNT(ec)); i++) {
			uint8_t variant = modp ? dh[i] : ec[i];
			uint8_t first = variant == PACE_ECDH_CAM ? 2 : 1;

			if (variant == PACE_ECDH_IM && id == 10)
				continue;
			for (uint8_t cipher = first; cipher <= 4; cipher++) {
				if (id == 0 || id == BRAINPOOL_P256R1 ||
				    cipher == first + count % 3)
					whole_run(id, variant, cipher);
			}
			count++;
		}
	}
}

static void other_combinations_are_refused(void **state)
{
	static const struct {
		uint8_t parameters, variant, cipher;
		bool chip;
	} cases[] = {
		{ 10, PACE_ECDH_IM, 2, false }, /* P-224 */
		{ 13, PACE_DH_GM, 2, false },   /* another kind of domain parameters */
		{ 13, PACE_DH_IM, 2, false },
		{ 0, PACE_ECDH_GM, 2, false },
		{ 0, PACE_ECDH_IM, 2, false },
		{ 0, PACE_ECDH_CAM, 2, false },
		{ 13, PACE_ECDH_CAM, 1, true },  /* 3DES */
		{ 13, PACE_ECDH_CAM, 2, false }, /* no key of the chip */
		{ 13, 5, 2, false }, /* chip authentication mapping with DH is not defined */
		{ 13, 7, 2, false },
		{ 13, 0, 2, false },
	};
	struct domain domain;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run run;

		prepare(&run, cases[i].parameters);
		set_suite(&run, cases[i].variant, cases[i].cipher);
		if (cases[i].chip)
			set_chip_key(&run, none);
		assert_int_equal(pace_new(&run.setup, &run.pace), ERR_UNSUPPORTED);
		finish(&run);
	}
	for (unsigned id = 0; id < 256; id++)
		assert_int_equal(domain_standardized((uint8_t)id, &domain),
		    id <= 2 || (id >= 8 && id <= 18) ? 0 : ERR_NOT_FOUND);
}

/* The static key must be of the domain parameters of PACE. */
static void a_chip_key_of_another_curve_is_refused(void **state)
{
	struct run run;

	prepare(&run, 12);
	set_chip_key(&run, none);
	assert_int_equal(domain_standardized(BRAINPOOL_P256R1, &run.setup.domain), 0);
	set_suite(&run, PACE_ECDH_CAM, 2);
	assert_int_equal(pace_new(&run.setup, &run.pace), ERR_FORMAT);
	finish(&run);
}

static void object_identifiers(void **state)
{
	struct exact good = exact_of_hex("04007F00070202040202");
	struct suite suite;

	for (unsigned cipher = 0; cipher < 256; cipher++) {
		good.memory[9] = (uint8_t)cipher;
		assert_int_equal(
		    suite_parse(good.bytes, SUITE_PACE, &suite), cipher >= 1 && cipher <= 4);
	}
	good.memory[9] = 2;
	assert_true(suite_parse(good.bytes, SUITE_PACE, &suite));
	assert_int_equal(suite.kind, CIPHER_AES_128);
	assert_false(suite_parse(good.bytes, SUITE_CHIP_AUTH, &suite));
	for (size_t n = 0; n < good.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(good.bytes, n));

		assert_false(suite_parse(cut.bytes, SUITE_PACE, &suite));
		exact_free(&cut);
		if (n < 8) {
			good.memory[n] ^= 1;
			assert_false(suite_parse(good.bytes, SUITE_PACE, &suite));
			good.memory[n] ^= 1;
		}
	}
	exact_free(&good);
}

static void certification_authorities_are_named(void **state)
{
	static const char *const names[3][2] = { { "UTISCVCA00002", "UTISCVCA00001" },
		{ "UTISCVCA00002", "" }, { "", "" } };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes answer, inside, value;
		struct terminal t;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		for (size_t j = 0; j < 2; j++)
			run.setup.car[j] = bytes_of_string(names[i][j]);
		start(&run);
		converse(&run, &t);
		assert_int_equal(step(&run, 0x85, bytes_of(t.nonce, 8), &answer), SW_OK);
		assert_true(tlv_take_tag(&answer, 0x7C, &inside));
		assert_true(tlv_take_tag(&inside, 0x86, &value));
		for (uint32_t j = 0; j < 2; j++) {
			if (names[i][j][0] == '\0')
				continue;
			assert_true(tlv_take_tag(&inside, 0x87 + j, &value));
			assert_true(bytes_equal(value, bytes_of_string(names[i][j])));
		}
		assert_int_equal(inside.len, 0);
		terminal_done(&t);
		finish(&run);
	}
}

/* Afterwards nothing goes on, and there are no keys. */
static void assert_over(struct run *run)
{
	struct writer w;

	assert_null(pace_keys(run->pace));
	assert_int_equal(pace_chip_public(run->pace).len, 0);
	writer_init(&w, run->memory, sizeof run->memory);
	assert_int_equal(step(run, 0, none, NULL), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(
	    step(run, 0x85, bytes_of(run->memory, 8), NULL), SW_CONDITIONS_NOT_SATISFIED);
}

static void a_wrong_password(void **state)
{
	static const uint8_t variants[] = { PACE_ECDH_GM, PACE_ECDH_IM, PACE_ECDH_CAM };

	for (size_t i = 0; i < COUNT(variants); i++) {
		struct terminal t;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		set_suite(&run, variants[i], 4);
		set_chip_key(&run, none);
		run.typed = bytes_of_string("123457");
		start(&run);
		converse(&run, &t);
		assert_int_equal(step(&run, 0x85, bytes_of(t.nonce, 8), NULL), SW_WARNING_CHANGED);
		assert_over(&run);
		terminal_done(&t);
		finish(&run);
	}
}

/* Each bit, and a length that is none. */
static void a_wrong_token(void **state)
{
	for (unsigned bit = 0; bit <= 64; bit++) {
		struct terminal t;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		start(&run);
		converse(&run, &t);
		if (bit < 64)
			t.nonce[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(step(&run, 0x85, bytes_of(t.nonce, bit < 64 ? 8 : 7), NULL),
		    bit < 64 ? SW_WARNING_CHANGED : SW_WRONG_DATA);
		assert_over(&run);
		terminal_done(&t);
		finish(&run);
	}
}

/* The chip's token is no answer to itself: its own public key sent back is refused, in either key agreement. */
static void reflected_keys_are_refused(void **state)
{
	static const uint8_t parameters[] = { 0, BRAINPOOL_P256R1 };

	for (size_t i = 0; i < 4; i++) {
		struct exact scalar = exact_of_hex("0102030405060708090A0B0C0D0E0F10");
		struct agreement same = { .ec = NULL };
		uint8_t memory[AGREEMENT_SIZE_MAX];
		struct writer public;
		struct terminal t;
		struct run run;

		prepare(&run, parameters[i / 2]);
		run.fixed.mapping = run.fixed.private = scalar.bytes;
		run.setup.fixed = &run.fixed;
		start(&run);
		t = (struct terminal){ .setup = &run.setup, .seed = run.setup.seed };
		terminal_decrypt(&t, good_step(&run, 0, none));
		writer_init(&public, memory, sizeof memory);
		if (i % 2 == 1) {
			const struct domain *mapped;

			terminal_generic(&t, &run);
			mapped = &(struct domain){ t.ec, t.dh };
			assert_int_equal(
			    agreement_init(mapped, random_source, scalar.bytes, &same), 0);
		} else {
			assert_int_equal(
			    agreement_init(&run.setup.domain, random_source, scalar.bytes, &same),
			    0);
		}
		assert_int_equal(agreement_put_public(&same, &public), 0);
		assert_int_equal(step(&run, i % 2 == 1 ? 0x83 : 0x81, writer_bytes(&public), NULL),
		    SW_WRONG_DATA);
		assert_over(&run);
		agreement_done(&same);
		terminal_done(&t);
		finish(&run);
		exact_free(&scalar);
	}
}

/* Values that are no public keys, in both steps that take one. */
static void invalid_public_keys_are_refused(void **state)
{
	static const struct {
		uint8_t parameters;
		const char *hex;
	} cases[] = {
		{ 13, "" }, { 13, "00" }, /* the point at infinity */
		{ 13, "04" },
		{ 13,
		    "04"
		    "0000000000000000000000000000000000000000000000000000000000000000"
		    "0000000000000000000000000000000000000000000000000000000000000000" },
		{ 13,
		    "04"
		    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
		    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922E" }, /* beside it */
		{ 13,
		    "04"
		    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
		    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C492" }, /* cut */
		{ 13,
		    "04"
		    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
		    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00" },
		{ 13,
		    "02"
		    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E" },
		{ 13,
		    "06"
		    "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
		    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D" },
		{ 13,
		    "04"
		    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
		    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF" },
		{ 0, "" }, { 0, "00" }, { 0, "01" }, { 0, "02" }, /* not of the subgroup's order */
	};

	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		struct exact value = exact_of_hex(cases[i / 2].hex);
		struct terminal t;
		struct run run;

		prepare(&run, cases[i / 2].parameters);
		start(&run);
		t = (struct terminal){ .setup = &run.setup, .seed = run.setup.seed };
		terminal_decrypt(&t, good_step(&run, 0, none));
		if (i % 2 == 1)
			terminal_generic(&t, &run);
		assert_int_equal(
		    step(&run, i % 2 == 1 ? 0x83 : 0x81, value.bytes, NULL), SW_WRONG_DATA);
		assert_over(&run);
		terminal_done(&t);
		finish(&run);
		exact_free(&value);
	}
}

/* p - 1 has order 2. */
static void a_value_of_small_order_is_refused(void **state)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer w;
	struct run run;

	prepare(&run, 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(dh_group_put(run.setup.domain.dh, DH_PART_P, &w), 0);
	memory[w.len - 1]--;
	start(&run);
	good_step(&run, 0, none);
	assert_int_equal(step(&run, 0x81, writer_bytes(&w), NULL), SW_WRONG_DATA);
	assert_over(&run);
	finish(&run);
}

/* The nonce t of the integrated mapping has the key's length. */
static void other_nonces_are_refused(void **state)
{
	uint8_t value[40] = { 1 };

	for (size_t n = 0; n < sizeof value; n++) {
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		set_suite(&run, PACE_ECDH_IM, 3);
		start(&run);
		good_step(&run, 0, none);
		assert_int_equal(
		    step(&run, 0x81, bytes_of(value, n), NULL), n == 24 ? SW_OK : SW_WRONG_DATA);
		if (n != 24)
			assert_over(&run);
		finish(&run);
	}
}

/* Each step but the one that is due. */
static void steps_in_another_order(void **state)
{
	static const uint32_t tags[] = { 0, 0x81, 0x83, 0x85 };
	static const uint8_t value[8];

	for (size_t due = 0; due < COUNT(tags); due++) {
		for (size_t sent = 0; sent < COUNT(tags); sent++) {
			struct terminal t = { .setup = NULL };
			struct run run;
			enum sw sw;

			if (sent == due)
				continue;
			prepare(&run, BRAINPOOL_P256R1);
			start(&run);
			t.setup = &run.setup;
			t.seed = run.setup.seed;
			if (due >= 1)
				terminal_decrypt(&t, good_step(&run, 0, none));
			if (due >= 2)
				terminal_generic(&t, &run);
			if (due >= 3)
				terminal_agree(&t, &run);
			sw = step(&run, tags[sent], BYTES_OF_ARRAY(value), NULL);
			if (due == 3)
				assert_int_equal(sw, SW_LAST_OF_CHAIN_EXPECTED);
			else
				assert_int_equal(
				    sw, sent == 3 ? SW_CONDITIONS_NOT_SATISFIED : SW_WRONG_DATA);
			assert_over(&run);
			terminal_done(&t);
			finish(&run);
		}
	}
}

static void a_step_too_many_ends_it(void **state)
{
	struct terminal t;
	struct run run;

	prepare(&run, BRAINPOOL_P256R1);
	start(&run);
	converse(&run, &t);
	good_step(&run, 0x85, bytes_of(t.nonce, 8));
	assert_int_equal(step(&run, 0x85, bytes_of(t.nonce, 8), NULL), SW_CONDITIONS_NOT_SATISFIED);
	assert_over(&run);
	terminal_done(&t);
	finish(&run);
}

/* Malformed data, in the first two steps. */
static void malformed_data_are_refused(void **state)
{
	static const struct {
		unsigned step;
		const char *hex;
	} cases[] = {
		{ 1, "" },
		{ 1, "7C" },
		{ 1, "7C01" },
		{ 1, "7C0000" },
		{ 1, "7C028000" },
		{ 1, "7D00" },
		{ 1, "7C80" },
		{ 1, "7C8100 00" },
		{ 1, "80" },
		{ 2, "" },
		{ 2, "7C00" },
		{ 2, "7C0281" },
		{ 2, "7C028101" },
		{ 2, "7C0181" },
		{ 2, "7C028200" },
		{ 2, "7C0481000000" },
		{ 2, "7C0481008100" },
		{ 2, "7C028100 7C00" },
		{ 2, "8100" },
		{ 2, "7C8281" },
		{ 2, "7C85 0000000000" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i].hex);
		struct writer w;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		start(&run);
		if (cases[i].step == 2)
			good_step(&run, 0, none);
		writer_init(&w, run.memory, sizeof run.memory);
		assert_int_equal(pace_step(run.pace, false, data.bytes, &w), SW_WRONG_DATA);
		assert_over(&run);
		finish(&run);
		exact_free(&data);
	}
}

/* Each truncation of the example's commands. */
static void truncations_are_refused(void **state)
{
	struct exact command = vectors_get("icao-pace-gm-ecdh", "c3");
	struct bytes data = bytes_of(command.bytes.data + 5, 0x45);

	for (size_t n = 0; n < data.len; n++) {
		struct exact cut = exact_copy(bytes_first(data, n));
		struct writer w;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		start(&run);
		good_step(&run, 0, none);
		writer_init(&w, run.memory, sizeof run.memory);
		assert_int_equal(pace_step(run.pace, false, cut.bytes, &w), SW_WRONG_DATA);
		assert_over(&run);
		finish(&run);
		exact_free(&cut);
	}
	exact_free(&command);
}

/* An answer that does not fit is an error, and the end. */
static void no_room_for_the_answer(void **state)
{
	struct exact data = exact_of_hex("7C00");

	for (size_t room = 0; room < 20; room++) {
		struct writer w;
		struct run run;

		prepare(&run, BRAINPOOL_P256R1);
		start(&run);
		writer_init(&w, run.memory, room);
		assert_int_equal(pace_step(run.pace, false, data.bytes, &w), SW_NO_DIAGNOSIS);
		assert_over(&run);
		finish(&run);
	}
	exact_free(&data);
}

static void passwords(void **state)
{
	uint8_t memory[32];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(pace_seed(PACE_PIN, none, &w), ERR_FORMAT);
	assert_int_equal(pace_seed(PACE_PUK, bytes_of_string("1234567890"), &w), 0);
	assert_true(bytes_equal(writer_bytes(&w), bytes_of_string("1234567890")));
	writer_init(&w, memory, 19);
	assert_int_equal(
	    pace_seed(PACE_MRZ, bytes_of_string("T22000129364081251010318"), &w), ERR_LIMIT);
	writer_init(&w, memory, 20);
	assert_int_equal(pace_seed(PACE_MRZ, bytes_of_string("T22000129364081251010318"), &w), 0);
	assert_vector(writer_bytes(&w), "icao-pace-gm-ecdh", "k");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(worked_examples_of_bsi),
		cmocka_unit_test(chip_authentication_mapping),
		cmocka_unit_test(every_combination),
		cmocka_unit_test(other_combinations_are_refused),
		cmocka_unit_test(a_chip_key_of_another_curve_is_refused),
		cmocka_unit_test(object_identifiers),
		cmocka_unit_test(passwords),
		cmocka_unit_test(certification_authorities_are_named),
		cmocka_unit_test(a_wrong_password),
		cmocka_unit_test(a_wrong_token),
		cmocka_unit_test(reflected_keys_are_refused),
		cmocka_unit_test(invalid_public_keys_are_refused),
		cmocka_unit_test(a_value_of_small_order_is_refused),
		cmocka_unit_test(other_nonces_are_refused),
		cmocka_unit_test(steps_in_another_order),
		cmocka_unit_test(a_step_too_many_ends_it),
		cmocka_unit_test(malformed_data_are_refused),
		cmocka_unit_test(truncations_are_refused),
		cmocka_unit_test(no_room_for_the_answer),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
