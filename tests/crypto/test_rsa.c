/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA, by the examples of PKCS#1 and of NIST's CAVP, a recorded Active Authentication and the worked example of
 * BSI TR-03110. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/rsa.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "random_source.h"
#include "vectors.h"

#define PKCS1 "pkcs1-rsa-1024"

/* The private key of the PKCS#1 examples, without those numbers whose bit is in without (enum rsa_part). */
static int import(unsigned without, struct rsa **out)
{
	static const char *const names[RSA_PARTS] = { "modulus", "exponent", NULL, "p", "q", "d_p",
		"d_q", "q_inverse" };
	struct exact part[RSA_PARTS] = { { 0 } };
	struct rsa_numbers numbers;
	int r;

	for (size_t i = 0; i < RSA_PARTS; i++) {
		if (names[i] != NULL && (without & 1U << i) == 0)
			part[i] = vectors_get(PKCS1, names[i]);
	}
	numbers = (struct rsa_numbers){ .n = part[0].bytes,
		.e = part[1].bytes,
		.p = part[3].bytes,
		.q = part[4].bytes,
		.dp = part[5].bytes,
		.dq = part[6].bytes,
		.qinv = part[7].bytes };
	r = rsa_import(random_source, &numbers, out);
	for (size_t i = 0; i < RSA_PARTS; i++)
		exact_free(&part[i]);
	return r;
}

static void check_part(const struct rsa *rsa, enum rsa_part part, const char *name)
{
	uint8_t memory[RSA_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_put_part(rsa, part, part == RSA_PART_E ? 3 : 0, &w), 0);
	assert_vector(writer_bytes(&w), PKCS1, name);
}

static void check_numbers(const struct rsa *rsa)
{
	check_part(rsa, RSA_PART_N, "modulus");
	check_part(rsa, RSA_PART_E, "exponent");
	check_part(rsa, RSA_PART_P, "p");
	check_part(rsa, RSA_PART_Q, "q");
	check_part(rsa, RSA_PART_DP, "d_p");
	check_part(rsa, RSA_PART_DQ, "d_q");
	check_part(rsa, RSA_PART_QINV, "q_inverse");
}

/* Signs the PKCS#1 example: with the digest, with the bytes of DigestInfo, and raw. */
static void check_signature(struct rsa *rsa)
{
	const struct rsa_scheme sha1 = { RSA_PKCS1_15, DIGEST_SHA1, 0 };
	const struct rsa_scheme plain = { RSA_PKCS1_15, RSA_NO_DIGEST, 0 };
	struct exact message = vectors_get(PKCS1, "message");
	struct exact encoded = vectors_get(PKCS1, "encoded");
	uint8_t hash[20];
	uint8_t out[128];

	assert_int_equal(rsa_size(rsa), sizeof out);
	assert_true(rsa_is_private(rsa));
	assert_int_equal(digest_compute(DIGEST_SHA1, message.bytes, hash), 0);
	assert_int_equal(rsa_sign(rsa, &sha1, BYTES_OF_ARRAY(hash), out), 0);
	assert_vector(BYTES_OF_ARRAY(out), PKCS1, "signature");
	assert_int_equal(rsa_verify(rsa, &sha1, BYTES_OF_ARRAY(hash), BYTES_OF_ARRAY(out)), 0);
	memset(out, 0, sizeof out);
	assert_int_equal(
	    rsa_sign(rsa, &plain, bytes_after(encoded.bytes, sizeof out - 35), out), 0);
	assert_vector(BYTES_OF_ARRAY(out), PKCS1, "signature");
	memset(out, 0, sizeof out);
	assert_int_equal(rsa_raw_private(rsa, encoded.bytes, out), 0);
	assert_vector(BYTES_OF_ARRAY(out), PKCS1, "signature");
	assert_int_equal(rsa_raw_public(rsa, BYTES_OF_ARRAY(out), out), 0);
	assert_vector(BYTES_OF_ARRAY(out), PKCS1, "encoded");
	exact_free(&message);
	exact_free(&encoded);
}

/* Whatever can be worked out need not be given. */
static void import_of_numbers(void **state)
{
	static const unsigned without[] = { 0, 1U << RSA_PART_N, 1U << RSA_PART_E,
		1U << RSA_PART_N | 1U << RSA_PART_E };

	for (size_t i = 0; i < COUNT(without); i++) {
		struct rsa *rsa = NULL;

		assert_int_equal(import(without[i], &rsa), 0);
		check_numbers(rsa);
		check_signature(rsa);
		rsa_free(rsa);
	}
	rsa_free(NULL);
}

static void import_of_too_few_numbers(void **state)
{
	for (unsigned without = 1; without < 1U << RSA_PARTS; without++) {
		unsigned crt = without >> RSA_PART_P & 31;
		struct rsa *rsa = NULL;
		int want = crt == 0 || (crt == 31 && (without & 3) == 0) ? 0 : ERR_FORMAT;

		if ((without & 1U << RSA_PART_D) != 0) /* never given */
			continue;
		assert_int_equal(import(without, &rsa), want);
		assert_int_equal(rsa != NULL, want == 0);
		if (rsa != NULL)
			assert_int_equal(rsa_is_private(rsa), crt == 0);
		rsa_free(rsa);
	}
}

/* n, e and d alone; and each number one more than it should be. */
static void import_without_factors(void **state)
{
	struct rsa *whole = NULL;
	struct rsa *rsa = NULL;
	uint8_t memory[3][128];
	struct rsa_numbers numbers;

	assert_int_equal(import(0, &whole), 0);
	for (size_t i = 0; i < 3; i++) {
		struct writer w;

		writer_init(&w, memory[i], sizeof memory[i]);
		assert_int_equal(rsa_put_part(whole, (enum rsa_part)i, sizeof memory[i], &w), 0);
	}
	numbers = (struct rsa_numbers){ BYTES_OF_ARRAY(memory[0]), BYTES_OF_ARRAY(memory[1]),
		BYTES_OF_ARRAY(memory[2]), { 0 }, { 0 }, { 0 }, { 0 }, { 0 } };
	assert_int_equal(rsa_import(random_source, &numbers, &rsa), 0);
	check_signature(rsa);
	rsa_free(rsa);
	for (size_t i = 0; i < 3; i++) {
		rsa = NULL;
		memory[i][127] ^= 2;
		assert_int_equal(rsa_import(random_source, &numbers, &rsa), ERR_FORMAT);
		assert_null(rsa);
		memory[i][127] ^= 2;
	}
	rsa_free(whole);
}

static void import_of_numbers_that_do_not_fit(void **state)
{
	static const char *const names[] = { "modulus", "exponent", "p", "q", "d_p", "d_q",
		"q_inverse" };

	for (size_t bad = 0; bad < COUNT(names); bad++) {
		struct exact part[COUNT(names)];
		struct rsa_numbers numbers;
		struct rsa *rsa = NULL;

		for (size_t i = 0; i < COUNT(names); i++)
			part[i] = vectors_get(PKCS1, names[i]);
		part[bad].memory[part[bad].bytes.len - 1] ^= 2;
		numbers = (struct rsa_numbers){ part[0].bytes, part[1].bytes, { 0 }, part[2].bytes,
			part[3].bytes, part[4].bytes, part[5].bytes, part[6].bytes };
		print_message("# %s\n", names[bad]);
		assert_int_equal(rsa_import(random_source, &numbers, &rsa), ERR_FORMAT);
		for (size_t i = 0; i < COUNT(names); i++)
			exact_free(&part[i]);
	}
}

/* NIST CAVP, SigGen15_186-3, mod 1024: SHA-256, and SHA-224. */
static void cavp_pkcs1(void **state)
{
	static const char n[] =
	    "a3ecf80ff1804833c36a89a1583f58ef3332476a50a153e73ced17796139636045c"
	    "131a6b17222ba8848f70150b18dfa390bfb1670ae982dfbc311fd0ede05556468"
	    "7af3805ca883944bb5ac9ec19b0e0cfbd9a314d70b17080c3d49b50cbf417062e"
	    "b41bd639d67a5fb330ec55a0489fee08eeec97ed487c114b20393fe0aef";
	static const struct {
		enum digest_kind digest;
		const char *message, *signature;
	} cases[] = {
		{ DIGEST_SHA256,
		    "dfce08b64b9ea4014947012670548da4ceeee084dbfe509aac92bf096982b8050153bbdd1c5b"
		    "d4385226729e9a19773b05558ce0acdfb74be6fd2fa8bfe36f58a68e89f066f1bd85584f4a27"
		    "d6e884abf2d727ae683bebd6d295585b1b71dcc636491bf910a68670c3882fc60c08db7bff3c"
		    "59f4f95b13c3d721e329657528d9",
		    "8D9D30A87DF0C2F6CD651FCAF2B9AC1296287AD3D4B03132E330F08AB701FC197040D0A261F6"
		    "31E7E34478B592551E1F682395C9E2B54C8CE8B0C72C1B5A79748CC34F9152730A7F67FAE122"
		    "5A4CE750F1D5D4E288176DF197E7503C88B5BAECEF3ABCF2875F111E6D7F7B4DC8AFA2ED3C1D"
		    "7AD8E7CF45A77F0B1CB178518402" },
		{ DIGEST_SHA224,
		    "ee957a3107024f9a51d212fc6ff18d46a26a2d80df2cb6b1250f36010d12381ba3e639d574b1"
		    "6013e80c69e8d24de3ff460c9b3aabe05898106ac85cc495bb6c201b8ff7a84ceb5a530bb145"
		    "26192d1907969395d1c4a8b2a40fbfcb7f4ae701103c63deca5b5a3939d7d05992dad55d8f0f"
		    "fcda79610fc78605019666ba24a4",
		    "10FAFCF4B543C9D58C1658A9D96E2D3BA1276406951B2D2EA5A7930FA18A88F88A0EBDC53038"
		    "C0277F7F00E699B5AA4977B25D42EDACF3ED6EBA656C177BBBA622B710E5BD78DE381F626E38"
		    "B5D49FA06FD5E0E9ACB5FC67AE86107313575BE75BB4535864B57ADEF917DAE1F04B0ED4BD02"
		    "EE81CC3F0CAA9B7A9A9D940D9372" },
	};
	struct exact modulus = exact_of_hex(n);
	struct exact e = exact_of_hex("1001");
	const struct rsa_numbers numbers = { .n = modulus.bytes, .e = e.bytes };
	struct rsa *rsa = NULL;

	assert_int_equal(rsa_import(random_source, &numbers, &rsa), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct rsa_scheme scheme = { RSA_PKCS1_15, cases[i].digest, 0 };
		struct exact message = exact_of_hex(cases[i].message);
		struct exact signature = exact_of_hex(cases[i].signature);
		uint8_t hash[DIGEST_SIZE_MAX];
		struct bytes h = bytes_of(hash, digest_size(cases[i].digest));

		assert_int_equal(digest_compute(cases[i].digest, message.bytes, hash), 0);
		assert_int_equal(rsa_verify(rsa, &scheme, h, signature.bytes), 0);
		signature.memory[64] ^= 1;
		assert_int_equal(rsa_verify(rsa, &scheme, h, signature.bytes), ERR_FORMAT);
		signature.memory[64] ^= 1;
		hash[0] ^= 1;
		assert_int_equal(rsa_verify(rsa, &scheme, h, signature.bytes), ERR_FORMAT);
		assert_int_equal(
		    rsa_verify(rsa, &scheme, h, bytes_first(signature.bytes, 127)), ERR_FORMAT);
		exact_free(&message);
		exact_free(&signature);
	}
	rsa_free(rsa);
	exact_free(&modulus);
	exact_free(&e);
}

/* A public key in DER, 1792 bits, and a signature after ISO/IEC 9796-2: 6A, the recovered part, the hash, and a
 * trailer that names it. */
static void recorded_active_authentication(void **state)
{
	struct exact dg15 = vectors_get("aa-rsa-recorded", "ef_dg15");
	struct exact signature = vectors_get("aa-rsa-recorded", "signature");
	struct bytes spki = dg15.bytes;
	struct bytes value;
	uint8_t out[224];
	uint8_t memory[1024];
	struct writer w;
	struct rsa *rsa = NULL;

	assert_true(tlv_take_tag(&spki, 0x6F, &value));
	assert_int_equal(rsa_read(random_source, value, &rsa), 0);
	assert_int_equal(rsa_bits(rsa), 1792);
	assert_false(rsa_is_private(rsa));
	assert_int_equal(rsa_raw_public(rsa, signature.bytes, out), 0);
	assert_int_equal(out[0], 0x6A);
	assert_bytes_hex(bytes_of(out + 222, 2), "34CC"); /* SHA-256 */
	assert_int_equal(rsa_raw_private(rsa, signature.bytes, out), ERR_NOT_FOUND);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_write_private(rsa, &w), ERR_NOT_FOUND);
	assert_int_equal(rsa_put_part(rsa, RSA_PART_P, 0, &w), ERR_NOT_FOUND);
	assert_int_equal(rsa_write_public(rsa, &w), 0);
	assert_true(bytes_equal(writer_bytes(&w), value));
	rsa_free(rsa);
	exact_free(&dg15);
	exact_free(&signature);
}

/* BSI's worked example: the terminal's key in PKCS#8, its signature over what TR-03110-3, B.3 says. */
static void terminal_authentication(void **state)
{
	const struct rsa_scheme scheme = { RSA_PKCS1_15, DIGEST_SHA1, 0 };
	const char file[] = "bsi-eac2-dh";
	struct exact pkcs8 = vectors_get(file, "ta_terminal_key_pkcs8");
	struct exact picc = vectors_get(file, "pk_pace_picc");
	struct exact pcd = vectors_get(file, "pk_ca_pcd");
	struct exact challenge = vectors_get(file, "ta_challenge");
	uint8_t message[20 + 8 + 20];
	uint8_t hash[20];
	uint8_t out[128];
	struct rsa *rsa = NULL;

	assert_int_equal(digest_compute(DIGEST_SHA1, picc.bytes, message), 0);
	memcpy(message + 20, challenge.bytes.data, 8);
	assert_int_equal(digest_compute(DIGEST_SHA1, pcd.bytes, message + 28), 0);
	assert_int_equal(digest_compute(DIGEST_SHA1, BYTES_OF_ARRAY(message), hash), 0);
	assert_int_equal(rsa_read(random_source, pkcs8.bytes, &rsa), 0);
	assert_int_equal(rsa_sign(rsa, &scheme, BYTES_OF_ARRAY(hash), out), 0);
	assert_vector(BYTES_OF_ARRAY(out), file, "ta_signature");
	rsa_free(rsa);
	exact_free(&pkcs8);
	exact_free(&picc);
	exact_free(&pcd);
	exact_free(&challenge);
}

static struct rsa *generate(struct random *random, unsigned bits)
{
	struct rsa *rsa = NULL;

	assert_int_equal(rsa_generate(random, bits, bytes_of(NULL, 0), &rsa), 0);
	assert_int_equal(rsa_bits(rsa), bits);
	return rsa;
}

/* Each scheme there and back, and refused where it should be. */
static void schemes(void **state)
{
	struct rsa *rsa = generate(random_source, 1536);
	static const uint8_t hash[64] = { 1, 2, 3 };
	uint8_t signature[192];
	uint8_t memory[192];

	for (unsigned digest = 0; digest < DIGEST_KINDS; digest++) {
		size_t size = digest_size((enum digest_kind)digest);
		const struct rsa_scheme pss = { RSA_PSS, (enum digest_kind)digest, size };
		const struct rsa_scheme short_salt = { RSA_PSS, (enum digest_kind)digest, 8 };
		const struct rsa_scheme oaep = { RSA_OAEP, (enum digest_kind)digest, 0 };
		struct bytes h = bytes_of(hash, size);
		struct writer w;

		assert_int_equal(rsa_sign(rsa, &pss, h, signature), 0);
		assert_int_equal(rsa_verify(rsa, &pss, h, BYTES_OF_ARRAY(signature)), 0);
		assert_int_equal(
		    rsa_verify(rsa, &short_salt, h, BYTES_OF_ARRAY(signature)), ERR_FORMAT);
		assert_int_equal(
		    rsa_sign(rsa, &pss, bytes_first(h, size - 1), signature), ERR_FORMAT);
		assert_int_equal(rsa_encrypt(rsa, &oaep, bytes_of(hash, 10), signature), 0);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(rsa_decrypt(rsa, &oaep, BYTES_OF_ARRAY(signature), &w), 0);
		assert_int_equal(w.len, 10);
		assert_memory_equal(memory, hash, 10);
		signature[100] ^= 1;
		assert_int_equal(
		    rsa_decrypt(rsa, &oaep, BYTES_OF_ARRAY(signature), &w), ERR_FORMAT);
	}
	rsa_free(rsa);
}

static void decryption(void **state)
{
	const struct rsa_scheme scheme = { RSA_PKCS1_15, RSA_NO_DIGEST, 0 };
	struct rsa *rsa = generate(random_source, 1024);
	static const uint8_t data[128];
	uint8_t cryptogram[128];
	uint8_t memory[128];
	struct writer w;

	for (size_t len = 0; len <= 117; len += 39) {
		assert_int_equal(rsa_encrypt(rsa, &scheme, bytes_of(data, len), cryptogram), 0);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(rsa_decrypt(rsa, &scheme, BYTES_OF_ARRAY(cryptogram), &w), 0);
		assert_int_equal(w.len, len);
	}
	writer_init(&w, memory, 116);
	assert_int_equal(rsa_decrypt(rsa, &scheme, BYTES_OF_ARRAY(cryptogram), &w), ERR_LIMIT);
	assert_int_equal(rsa_encrypt(rsa, &scheme, bytes_of(data, 118), cryptogram), ERR_FORMAT);
	assert_int_equal(rsa_sign(rsa, &scheme, bytes_of(data, 118), cryptogram), ERR_FORMAT);
	writer_init(&w, memory, sizeof memory);
	for (size_t len = 0; len < 128; len++)
		assert_int_equal(rsa_decrypt(rsa, &scheme, bytes_of(data, len), &w), ERR_FORMAT);
	memset(cryptogram, 0xFF, sizeof cryptogram); /* not less than n */
	assert_int_equal(rsa_raw_private(rsa, BYTES_OF_ARRAY(cryptogram), memory), ERR_FORMAT);
	assert_int_equal(rsa_raw_public(rsa, BYTES_OF_ARRAY(cryptogram), memory), ERR_FORMAT);
	rsa_free(rsa);
}

/* Written and read again; what is not a key is refused. */
static void encodings(void **state)
{
	static const char pem[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n"
	                          "-----END ENCRYPTED PRIVATE KEY-----\n";
	struct rsa *rsa = NULL;
	struct rsa *again = NULL;
	uint8_t memory[1024];
	struct writer w;

	assert_int_equal(import(0, &rsa), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_write_private(rsa, &w), 0);
	assert_int_equal(rsa_read(random_source, writer_bytes(&w), &again), 0);
	check_numbers(again);
	rsa_free(again);
	for (size_t len = 0; len < w.len; len += 7)
		assert_int_equal(
		    rsa_read(random_source, bytes_of(memory, len), &again), ERR_FORMAT);
	writer_put_u8(&w, 0); /* something behind it */
	assert_int_equal(rsa_read(random_source, writer_bytes(&w), &again), ERR_FORMAT);
	assert_int_equal(rsa_read(random_source, bytes_of_string(pem), &again), ERR_FORMAT);
	writer_init(&w, memory, 100);
	assert_int_equal(rsa_write_private(rsa, &w), ERR_LIMIT);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_put_part(rsa, RSA_PART_N, 127, &w), ERR_LIMIT);
	rsa_free(rsa);
}

/* Whoever builds a data object has a template open. */
static void writing_into_an_open_template(void **state)
{
	const struct rsa_scheme scheme = { RSA_PKCS1_15, RSA_NO_DIGEST, 0 };
	struct rsa *rsa = generate(random_source, 1024);
	static const uint8_t data[20];
	uint8_t cryptogram[128], memory[1024];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x30);
	assert_int_equal(rsa_put_part(rsa, RSA_PART_N, 0, &w), 0);
	assert_int_equal(rsa_write_public(rsa, &w), 0);
	assert_int_equal(rsa_write_private(rsa, &w), 0);
	assert_int_equal(rsa_encrypt(rsa, &scheme, BYTES_OF_ARRAY(data), cryptogram), 0);
	assert_int_equal(rsa_decrypt(rsa, &scheme, BYTES_OF_ARRAY(cryptogram), &w), 0);
	assert_memory_equal(memory + w.len - sizeof data, data, sizeof data);
	tlv_close(&w);
	assert_true(writer_done(&w));
	rsa_free(rsa);
}

static void generation(void **state)
{
	static const unsigned wrong[] = { 0, 504, 511, 1023, 4097, 4104 };
	static const char *const exponents[] = { "00", "01", "02", "0001", "010000",
		"FFFFFFFFFFFFFFFFFF" };
	struct rsa *rsa = generate(random_source, 512);
	uint8_t memory[8];
	struct writer w;

	rsa_free(rsa);
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    rsa_generate(random_source, wrong[i], bytes_of(NULL, 0), &rsa), ERR_LIMIT);
	for (size_t i = 0; i < COUNT(exponents); i++) {
		struct exact e = exact_of_hex(exponents[i]);

		assert_int_equal(rsa_generate(random_source, 512, e.bytes, &rsa), ERR_FORMAT);
		exact_free(&e);
	}
	assert_int_equal(
	    rsa_generate(random_source, 1024, BYTES_OF_ARRAY(((const uint8_t[]){ 0, 0, 3 })), &rsa),
	    0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_put_part(rsa, RSA_PART_E, 0, &w), 0);
	assert_bytes_hex(writer_bytes(&w), "03");
	rsa_free(rsa);
}

/* The same seed: the same key, the same signatures, whatever else was drawn from the card's numbers. */
static void seeded_cards_repeat(void **state)
{
	const struct rsa_scheme pss = { RSA_PSS, DIGEST_SHA256, 32 };
	static const uint8_t hash[32];
	uint8_t n[3][128], signature[3][128];

	for (size_t i = 0; i < 3; i++) {
		struct random *random = NULL;
		struct rsa *rsa;
		struct writer w;

		assert_int_equal(random_new(bytes_of_string(i < 2 ? "a" : "b"), &random), 0);
		if (i == 1)
			assert_int_equal(random_bytes(random, n[1], 5), 0);
		rsa = generate(random, 1024);
		writer_init(&w, n[i], sizeof n[i]);
		assert_int_equal(rsa_put_part(rsa, RSA_PART_N, 0, &w), 0);
		assert_int_equal(rsa_sign(rsa, &pss, BYTES_OF_ARRAY(hash), signature[i]), 0);
		random_rest(random);
		assert_int_equal(rsa_sign(rsa, &pss, BYTES_OF_ARRAY(hash), signature[i]), 0);
		rsa_free(rsa);
		random_free(random);
	}
	assert_memory_equal(n[0], n[1], sizeof n[0]);
	assert_memory_equal(signature[0], signature[1], sizeof signature[0]);
	assert_memory_not_equal(n[0], n[2], sizeof n[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(import_of_numbers),
		cmocka_unit_test(import_of_too_few_numbers),
		cmocka_unit_test(import_without_factors),
		cmocka_unit_test(import_of_numbers_that_do_not_fit),
		cmocka_unit_test(cavp_pkcs1),
		cmocka_unit_test(recorded_active_authentication),
		cmocka_unit_test(terminal_authentication),
		cmocka_unit_test(schemes),
		cmocka_unit_test(decryption),
		cmocka_unit_test(encodings),
		cmocka_unit_test(writing_into_an_open_template),
		cmocka_unit_test(generation),
		cmocka_unit_test(seeded_cards_repeat),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
