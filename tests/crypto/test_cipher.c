/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block ciphers, by the examples of SP 800-38A, SP 800-67, FIPS 81 and ICAO 9303-11. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "crypto/cipher.h"
#include "exact.h"
#include "vectors.h"

#define KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY_256 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define IV "000102030405060708090a0b0c0d0e0f"
#define COUNTER "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define PLAIN                                                                                      \
	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"                         \
	"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

static const struct {
	const char *name;
	enum cipher_kind kind;
	enum cipher_mode mode;
	const char *key, *iv, *plain, *want;
} cases[] = {
	{ "SP 800-38A F.1.1: ECB-AES128", CIPHER_AES_128, CIPHER_ECB, KEY_128, NULL, PLAIN,
	    "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
	    "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4" },
	{ "SP 800-38A F.1.3: ECB-AES192", CIPHER_AES_192, CIPHER_ECB, KEY_192, NULL, PLAIN,
	    "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
	    "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e" },
	{ "SP 800-38A F.1.5: ECB-AES256", CIPHER_AES_256, CIPHER_ECB, KEY_256, NULL, PLAIN,
	    "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
	    "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7" },
	{ "SP 800-38A F.2.1: CBC-AES128", CIPHER_AES_128, CIPHER_CBC, KEY_128, IV, PLAIN,
	    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
	    "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7" },
	{ "SP 800-38A F.2.3: CBC-AES192", CIPHER_AES_192, CIPHER_CBC, KEY_192, IV, PLAIN,
	    "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
	    "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd" },
	{ "SP 800-38A F.2.5: CBC-AES256", CIPHER_AES_256, CIPHER_CBC, KEY_256, IV, PLAIN,
	    "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
	    "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b" },
	{ "SP 800-38A F.5.1: CTR-AES128", CIPHER_AES_128, CIPHER_CTR, KEY_128, COUNTER, PLAIN,
	    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
	    "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee" },
	{ "CTR, part of a block", CIPHER_AES_128, CIPHER_CTR, KEY_128, COUNTER, "6bc1bee2",
	    "874d6191" },
	{ "SP 800-67, B.1: three keys", CIPHER_3DES, CIPHER_ECB,
	    "0123456789abcdef23456789abcdef01456789abcdef0123", NULL,
	    "5468652071756663 6b2062726f776e20 666f78206a756d70",
	    "a826fd8ce53b855f cce21c8112256fe6 68d5c05dd9b6b900" },
	{ "FIPS 81, table B1: single DES, ECB", CIPHER_3DES, CIPHER_ECB, "0123456789abcdef", NULL,
	    "4e6f772069732074 68652074696d6520 666f7220616c6c20",
	    "3fa40e8a984d4815 6a271787ab8883f9 893d51ec4b563b53" },
	{ "FIPS 81, table C1: single DES, CBC", CIPHER_3DES, CIPHER_CBC, "0123456789abcdef",
	    "1234567890abcdef", "4e6f772069732074 68652074696d6520 666f7220616c6c20",
	    "e5c7cdde872bf27c 43e934008c389c0f 683788499a7c05f6" },
	{ "single DES as three equal keys", CIPHER_3DES, CIPHER_ECB,
	    "0123456789abcdef0123456789abcdef0123456789abcdef", NULL, "4e6f772069732074",
	    "3fa40e8a984d4815" },
	{ "no message", CIPHER_AES_128, CIPHER_CBC, KEY_128, IV, "", "" },
};

static struct cipher *new_cipher(size_t i)
{
	struct exact key = exact_of_hex(cases[i].key);
	struct cipher *cipher = NULL;

	assert_int_equal(cipher_new(cases[i].kind, cases[i].mode, key.bytes, &cipher), 0);
	exact_free(&key);
	return cipher;
}

/* Each message twice with the same cipher, there and back, in place. */
static void examples(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cipher *cipher = new_cipher(i);
		struct exact iv = exact_of_hex(cases[i].iv != NULL ? cases[i].iv : "");
		const uint8_t *v = cases[i].iv != NULL ? iv.bytes.data : NULL;

		print_message("# %s\n", cases[i].name);
		for (int round = 0; round < 2; round++) {
			struct exact text = exact_of_hex(cases[i].plain);

			assert_int_equal(cipher_encrypt(cipher, v, text.bytes, text.memory), 0);
			assert_bytes_hex(text.bytes, cases[i].want);
			assert_int_equal(cipher_decrypt(cipher, v, text.bytes, text.memory), 0);
			assert_bytes_hex(text.bytes, cases[i].plain);
			exact_free(&text);
		}
		exact_free(&iv);
		cipher_free(cipher);
	}
}

/* ICAO 9303-11, appendix D.3: two keys. */
static void two_key_3des(void **state)
{
	struct exact key = vectors_get("icao-bac", "k_enc");
	struct exact s = vectors_get("icao-bac", "s");

	assert_int_equal(cipher_encrypt_once(CIPHER_3DES, key.bytes, NULL, s.bytes, s.memory), 0);
	assert_vector(s.bytes, "icao-bac", "e_ifd");
	exact_free(&key);
	exact_free(&s);
}

/* The definition of CBC (SP 800-38A, 6.2), block by block. */
static void slow_cbc(
    struct cipher *ecb, size_t block, const uint8_t *iv, struct bytes in, uint8_t *out)
{
	uint8_t chain[CIPHER_BLOCK_MAX];

	memcpy(chain, iv, block);
	for (size_t i = 0; i < in.len; i += block) {
		for (size_t j = 0; j < block; j++)
			chain[j] ^= in.data[i + j];
		assert_int_equal(cipher_encrypt(ecb, NULL, bytes_of(chain, block), chain), 0);
		memcpy(out + i, chain, block);
	}
}

/* Messages of many lengths with an IV each, one after the other with the same cipher, in both directions, in
 * place and not: none depends on what was before it. */
static void messages_of_one_cipher(void **state)
{
	static const enum cipher_kind kinds[] = { CIPHER_3DES, CIPHER_AES_128, CIPHER_AES_256 };
	uint8_t key[32], iv[16], plain[400], want[400], got[400];

	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(i * 11);
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct bytes secret = bytes_of(key, cipher_key_size(kinds[k]));
		size_t block = cipher_block_size(kinds[k]);
		struct cipher *ecb = NULL;
		struct cipher *cbc = NULL;

		assert_int_equal(cipher_new(kinds[k], CIPHER_ECB, secret, &ecb), 0);
		assert_int_equal(cipher_new(kinds[k], CIPHER_CBC, secret, &cbc), 0);
		for (size_t n = 1; n <= 100; n++) {
			size_t len = block * (1 + n * 7 % (sizeof plain / block));
			struct bytes message = bytes_of(plain, len);

			memset(iv, (int)(n * 3), sizeof iv);
			memset(plain, (int)n, sizeof plain);
			slow_cbc(ecb, block, iv, message, want);
			assert_int_equal(cipher_encrypt(cbc, iv, message, got), 0);
			assert_memory_equal(got, want, len);
			if (n % 3 == 0)
				assert_int_equal(
				    cipher_decrypt(cbc, iv, bytes_of(got, len), got), 0);
			else
				assert_int_equal(
				    cipher_decrypt(cbc, iv, bytes_of(want, len), got), 0);
			assert_memory_equal(got, plain, len);
		}
		cipher_free(ecb);
		cipher_free(cbc);
	}
}

static void wrong_keys_and_modes(void **state)
{
	static const uint8_t key[33];
	static const struct {
		enum cipher_kind kind;
		size_t good[3];
	} sizes[] = { { CIPHER_3DES, { 8, 16, 24 } }, { CIPHER_AES_128, { 16, 16, 16 } },
		{ CIPHER_AES_192, { 24, 24, 24 } }, { CIPHER_AES_256, { 32, 32, 32 } } };
	struct cipher *none = NULL;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (size_t len = 0; len <= sizeof key; len++) {
			bool good = len == sizes[i].good[0] || len == sizes[i].good[1] ||
			    len == sizes[i].good[2];
			struct cipher *cipher = NULL;

			assert_int_equal(
			    cipher_new(sizes[i].kind, CIPHER_CBC, bytes_of(key, len), &cipher),
			    good ? 0 : ERR_FORMAT);
			assert_int_equal(cipher != NULL, good);
			cipher_free(cipher);
		}
	}
	assert_int_equal(
	    cipher_new(CIPHER_3DES, CIPHER_CTR, bytes_of(key, 16), &none), ERR_UNSUPPORTED);
	assert_null(none);
}

static void parts_of_blocks_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cipher *cipher = new_cipher(i);
		size_t block = cipher_block_size(cases[i].kind);
		uint8_t data[2 * CIPHER_BLOCK_MAX] = { 0 };

		if (cases[i].mode == CIPHER_CTR)
			block = 1;
		for (size_t len = 0; len <= sizeof data; len++) {
			uint8_t out[sizeof data];
			int want = len % block == 0 ? 0 : ERR_FORMAT;

			memset(out, 0x5A, sizeof out);
			assert_int_equal(
			    cipher_encrypt(cipher, NULL, bytes_of(data, len), out), want);
			if (want != 0)
				assert_int_equal(out[0], 0x5A);
			assert_int_equal(
			    cipher_decrypt(cipher, NULL, bytes_of(data, len), out), want);
		}
		cipher_free(cipher);
	}
}

static void lack_of_memory_is_told(void **state)
{
	static const uint8_t key[16];
	struct cipher *cipher = NULL;

	alloc_fail_at(1);
	assert_int_equal(
	    cipher_new(CIPHER_AES_128, CIPHER_CBC, BYTES_OF_ARRAY(key), &cipher), ERR_NO_MEMORY);
	assert_true(alloc_stop());
	assert_null(cipher);
	cipher_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(two_key_3des),
		cmocka_unit_test(messages_of_one_cipher),
		cmocka_unit_test(wrong_keys_and_modes),
		cmocka_unit_test(parts_of_blocks_are_refused),
		cmocka_unit_test(lack_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
