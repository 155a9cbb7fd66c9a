/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MACs, by the examples of RFC 4493, SP 800-38B, RFC 4231 and ICAO 9303-11, appendix D. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/mac.h"
#include "crypto/pad.h"
#include "exact.h"
#include "vectors.h"

#define KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY_256 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define MESSAGE                                                                                    \
	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"                         \
	"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

/* RFC 4493, 4 and SP 800-38B, D.2, D.3: the first len bytes of MESSAGE. */
static const struct {
	enum cipher_kind kind;
	const char *key;
	size_t len;
	const char *want;
} cases[] = {
	{ CIPHER_AES_128, KEY_128, 0, "bb1d6929e95937287fa37d129b756746" },
	{ CIPHER_AES_128, KEY_128, 16, "070a16b46b4d4144f79bdd9dd04a287c" },
	{ CIPHER_AES_128, KEY_128, 40, "dfa66747de9ae63030ca32611497c827" },
	{ CIPHER_AES_128, KEY_128, 64, "51f0bebf7e3b9d92fc49741779363cfe" },
	{ CIPHER_AES_192, KEY_192, 0, "d17ddf46adaacde531cac483de7a9367" },
	{ CIPHER_AES_192, KEY_192, 16, "9e99a7bf31e710900662f65e617c5184" },
	{ CIPHER_AES_192, KEY_192, 40, "8a1de5be2eb31aad089a82e6ee908b0e" },
	{ CIPHER_AES_192, KEY_192, 64, "a1d5df0eed790f794d77589659f39a11" },
	{ CIPHER_AES_256, KEY_256, 0, "028962f61b7bf89efc6b551f4667d983" },
	{ CIPHER_AES_256, KEY_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c" },
	{ CIPHER_AES_256, KEY_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6" },
	{ CIPHER_AES_256, KEY_256, 64, "e1992190549f6ed5696a2c056c315410" },
};

/* Cut in two at each place, with one MAC for all: nothing stays behind from the message before. */
static void cmac(void **state)
{
	struct exact message = exact_of_hex(MESSAGE);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact key = exact_of_hex(cases[i].key);
		struct bytes in = bytes_first(message.bytes, cases[i].len);
		struct mac *mac = NULL;
		uint8_t out[MAC_SIZE_MAX];

		assert_int_equal(mac_new(cases[i].kind, key.bytes, &mac), 0);
		for (size_t cut = 0; cut <= in.len; cut++) {
			assert_int_equal(mac_start(mac), 0);
			assert_int_equal(mac_update(mac, bytes_first(in, cut)), 0);
			assert_int_equal(mac_update(mac, bytes_after(in, cut)), 0);
			assert_int_equal(mac_finish(mac, out), 0);
			assert_bytes_hex(BYTES_OF_ARRAY(out), cases[i].want);
			assert_int_equal(mac_start(mac), 0);
			assert_int_equal(mac_update(mac, message.bytes), 0);
		}
		mac_free(mac);
		exact_free(&key);
	}
	exact_free(&message);
}

/* ICAO 9303-11, appendix D.3: over padded cryptograms. */
static void retail_mac(void **state)
{
	static const char *const names[][2] = { { "e_ifd", "m_ifd" }, { "e_ic", "m_ic" } };
	struct exact key = vectors_get("icao-bac", "k_mac");
	struct mac *mac = NULL;

	assert_int_equal(mac_new(CIPHER_3DES, key.bytes, &mac), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct exact in = vectors_get("icao-bac", names[i][0]);

		for (size_t cut = 0; cut <= in.bytes.len; cut++) {
			uint8_t out[8];

			assert_int_equal(mac_start(mac), 0);
			assert_int_equal(mac_update(mac, bytes_first(in.bytes, cut)), 0);
			assert_int_equal(mac_update(mac, bytes_after(in.bytes, cut)), 0);
			assert_int_equal(mac_update_padding(mac), 0);
			assert_int_equal(mac_finish(mac, out), 0);
			assert_vector(BYTES_OF_ARRAY(out), "icao-bac", names[i][1]);
		}
		exact_free(&in);
	}
	mac_free(mac);
	exact_free(&key);
}

/* The definition of ISO/IEC 9797-1, MAC algorithm 3, block by block: single DES under the first key, at the
 * end back under the second and again under the first. */
static void slow_retail(struct bytes key, struct bytes in, uint8_t out[8])
{
	struct cipher *first = NULL;
	struct cipher *second = NULL;

	assert_int_equal(cipher_new(CIPHER_3DES, CIPHER_ECB, bytes_first(key, 8), &first), 0);
	assert_int_equal(cipher_new(CIPHER_3DES, CIPHER_ECB, bytes_after(key, 8), &second), 0);
	memset(out, 0, 8);
	for (size_t i = 0; i < in.len; i += 8) {
		for (size_t j = 0; j < 8; j++)
			out[j] ^= in.data[i + j];
		assert_int_equal(cipher_encrypt(first, NULL, bytes_of(out, 8), out), 0);
	}
	assert_int_equal(cipher_decrypt(second, NULL, bytes_of(out, 8), out), 0);
	assert_int_equal(cipher_encrypt(first, NULL, bytes_of(out, 8), out), 0);
	cipher_free(first);
	cipher_free(second);
}

/* Messages of all lengths around the sizes in which they are worked on, in parts of several sizes. */
static void long_retail_macs(void **state)
{
	static const uint8_t key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	static const size_t parts[] = { 1, 7, 8, 13, 511, 512, 513, 2000 };
	uint8_t in[1100];
	struct mac *mac = NULL;

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 7);
	assert_int_equal(mac_new(CIPHER_3DES, BYTES_OF_ARRAY(key), &mac), 0);
	for (size_t len = 8; len <= sizeof in; len += len < 480 ? 40 : 8) {
		uint8_t want[8];
		uint8_t got[8];

		slow_retail(BYTES_OF_ARRAY(key), bytes_of(in, len), want);
		for (size_t i = 0; i < COUNT(parts); i++) {
			struct bytes rest = bytes_of(in, len);

			assert_int_equal(mac_start(mac), 0);
			for (; rest.len > 0; rest = bytes_after(rest, parts[i]))
				assert_int_equal(mac_update(mac, bytes_first(rest, parts[i])), 0);
			assert_int_equal(mac_finish(mac, got), 0);
			assert_memory_equal(got, want, sizeof got);
		}
	}
	mac_free(mac);
}

static void retail_mac_wants_whole_blocks(void **state)
{
	static const uint8_t data[24];
	uint8_t out[8] = { 0x5A };

	for (size_t len = 0; len <= sizeof data; len++)
		assert_int_equal(
		    mac_compute(CIPHER_3DES, bytes_of(data, 16), bytes_of(data, len), out),
		    len > 0 && len % 8 == 0 ? 0 : ERR_FORMAT);
}

/* Padding by the MAC is the padding of crypto/pad.h. */
static void padding(void **state)
{
	static const enum cipher_kind kinds[] = { CIPHER_3DES, CIPHER_AES_128 };
	static const uint8_t key[16] = { 9 };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t block = cipher_block_size(kinds[i]);

		for (size_t len = 0; len <= 40; len++) {
			uint8_t data[64] = { 1, 2, 3 };
			uint8_t got[MAC_SIZE_MAX];
			uint8_t want[MAC_SIZE_MAX];
			struct mac *mac = NULL;
			size_t padded;

			assert_int_equal(mac_new(kinds[i], BYTES_OF_ARRAY(key), &mac), 0);
			assert_int_equal(mac_start(mac), 0);
			assert_int_equal(mac_update(mac, bytes_of(data, len)), 0);
			assert_int_equal(mac_update_padding(mac), 0);
			assert_int_equal(mac_finish(mac, got), 0);
			mac_free(mac);
			padded = pad_add(data, len, block);
			assert_int_equal(mac_compute(kinds[i], BYTES_OF_ARRAY(key),
			                     bytes_of(data, padded), want),
			    0);
			assert_memory_equal(got, want, block);
		}
	}
}

static void wrong_keys(void **state)
{
	static const size_t sizes[] = { 16, 16, 24, 32 };
	static const uint8_t key[33];

	for (size_t kind = 0; kind < CIPHER_KINDS; kind++) {
		for (size_t len = 0; len <= sizeof key; len++) {
			struct mac *mac = NULL;
			int want = len == sizes[kind] ? 0 : ERR_FORMAT;

			assert_int_equal(
			    mac_new((enum cipher_kind)kind, bytes_of(key, len), &mac), want);
			assert_int_equal(mac != NULL, want == 0);
			mac_free(mac);
		}
	}
	mac_free(NULL);
}

/* RFC 4231, 4.3, and RFC 2202, 3, test case 2. */
static void hmac(void **state)
{
	struct bytes key = bytes_of_string("Jefe");
	struct bytes in = bytes_of_string("what do ya want for nothing?");
	uint8_t out[DIGEST_SIZE_MAX];

	assert_int_equal(mac_hmac(DIGEST_SHA256, key, in, out), 0);
	assert_bytes_hex(
	    bytes_of(out, 32), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_int_equal(mac_hmac(DIGEST_SHA1, key, in, out), 0);
	assert_bytes_hex(bytes_of(out, 20), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cmac),
		cmocka_unit_test(retail_mac),
		cmocka_unit_test(long_retail_macs),
		cmocka_unit_test(retail_mac_wants_whole_blocks),
		cmocka_unit_test(padding),
		cmocka_unit_test(wrong_keys),
		cmocka_unit_test(hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
