/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sealed under a password: published examples of scrypt and GCM, and every change of a sealed text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/hex.h"
#include "crypto/seal.h"

static struct bytes hex(const char *text, uint8_t *to, size_t size)
{
	struct writer w;

	writer_init(&w, to, size);
	assert_true(hex_decode(text, &w));
	assert_true(writer_done(&w));
	return writer_bytes(&w);
}

static struct seal_parameters parameters(uint64_t n, uint64_t r, uint64_t p, const char *salt)
{
	struct seal_parameters made = { .n = n, .r = r, .p = p, .salt_len = strlen(salt) };

	memcpy(made.salt, salt, made.salt_len);
	return made;
}

/* RFC 7914, 12: the first half of the output; PBKDF2, which makes it, does not depend on the length. */
static void scrypt_examples(void **state)
{
	static const struct {
		uint64_t n, r, p;
		const char *password, *salt, *want;
	} cases[] = {
		{ 1024, 8, 16, "password", "NaCl",
		    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162" },
		{ 16384, 8, 1, "pleaseletmein", "SodiumChloride",
		    "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct seal_parameters p =
		    parameters(cases[i].n, cases[i].r, cases[i].p, cases[i].salt);
		struct seal_key key;
		uint8_t want[SEAL_KEY_SIZE];

		(void)hex(cases[i].want, want, sizeof want);
		assert_int_equal(seal_derive(&p, bytes_of_string(cases[i].password), &key), 0);
		assert_memory_equal(key.data, want, sizeof want);
	}
}

static void parameters_out_of_bounds(void **state)
{
	static const struct {
		uint64_t n, r, p;
	} cases[] = {
		{ 0, 8, 1 }, { 512, 8, 1 }, { 1025, 8, 1 }, { 2097152, 1, 1 },
		{ UINT64_C(1) << 63, 8, 1 }, { 1024, 0, 1 }, { 1024, 33, 1 },
		{ 1024, UINT64_MAX, 1 }, { 1024, 8, 0 }, { 1024, 8, 17 },
		{ 1048576, 8, 1 }, /* 1 GiB */
	};
	struct seal_key key = { { 0x55 } };
	struct seal_parameters p;

	for (size_t i = 0; i < COUNT(cases); i++) {
		p = parameters(cases[i].n, cases[i].r, cases[i].p, "salt");
		assert_int_equal(seal_derive(&p, bytes_of_string("x"), &key), ERR_LIMIT);
	}
	p = parameters(1024, 8, 1, "salt");
	p.salt_len = SEAL_SALT_MAX + 1;
	assert_int_equal(seal_derive(&p, bytes_of_string("x"), &key), ERR_LIMIT);
	assert_int_equal(key.data[0], 0x55);
}

static void salts_are_fresh(void **state)
{
	struct seal_parameters a, b;

	assert_int_equal(seal_parameters_init(&a), 0);
	assert_int_equal(seal_parameters_init(&b), 0);
	assert_int_equal(a.salt_len, SEAL_SALT_SIZE);
	assert_memory_not_equal(a.salt, b.salt, SEAL_SALT_SIZE);
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", test case 16. */
static void gcm_example(void **state)
{
	uint8_t label[20], sealed[128], plain[60], want[60];
	struct seal_key key;
	struct bytes in = hex("cafebabefacedbaddecaf888"
	                      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	                      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
	                      "76fc6ece0f4e1768cddf8853bb2d551b",
	    sealed, sizeof sealed);
	struct bytes aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2", label, sizeof label);

	(void)hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", key.data,
	    sizeof key.data);
	(void)hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	    want, sizeof want);
	assert_int_equal(seal_open(&key, aad, in, plain), 0);
	assert_memory_equal(plain, want, sizeof want);
}

static void what_is_closed_opens(void **state)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 17, 1000 };
	struct seal_key key = { { 1, 2, 3 } };
	struct bytes label = bytes_of_string("label");
	uint8_t plain[1000], sealed[1000 + SEAL_OVERHEAD], again[1000];

	memset(plain, 0xA5, sizeof plain);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		size_t n = lengths[i];

		assert_int_equal(seal_close(&key, label, bytes_of(plain, n), sealed), 0);
		memset(again, 0, sizeof again);
		assert_int_equal(
		    seal_open(&key, label, bytes_of(sealed, n + SEAL_OVERHEAD), again), 0);
		assert_memory_equal(again, plain, n);
	}
}

static void no_two_are_alike(void **state)
{
	struct seal_key key = { { 1 } };
	struct bytes none = { NULL, 0 };
	uint8_t a[SEAL_OVERHEAD + 4], b[SEAL_OVERHEAD + 4];

	assert_int_equal(seal_close(&key, none, bytes_of_string("same"), a), 0);
	assert_int_equal(seal_close(&key, none, bytes_of_string("same"), b), 0);
	assert_memory_not_equal(a, b, SEAL_NONCE_SIZE);
	assert_memory_not_equal(a + SEAL_NONCE_SIZE, b + SEAL_NONCE_SIZE, 4);
}

static void any_change_is_refused(void **state)
{
	struct seal_key key = { { 1 } }, other = { { 2 } };
	struct bytes label = bytes_of_string("label");
	uint8_t sealed[SEAL_OVERHEAD + 5], plain[5];
	static const uint8_t wiped[5];

	assert_int_equal(seal_close(&key, label, bytes_of_string("plain"), sealed), 0);
	for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		memset(plain, 0xFF, sizeof plain);
		assert_int_equal(seal_open(&key, label, BYTES_OF_ARRAY(sealed), plain), ERR_CRYPTO);
		assert_memory_equal(plain, wiped, sizeof plain);
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t n = 0; n < sizeof sealed; n++)
		assert_int_equal(seal_open(&key, label, bytes_of(sealed, n), plain),
		    n < SEAL_OVERHEAD ? ERR_FORMAT : ERR_CRYPTO);
	assert_int_equal(seal_open(&other, label, BYTES_OF_ARRAY(sealed), plain), ERR_CRYPTO);
	assert_int_equal(
	    seal_open(&key, bytes_of_string("Label"), BYTES_OF_ARRAY(sealed), plain), ERR_CRYPTO);
	assert_int_equal(seal_open(&key, label, BYTES_OF_ARRAY(sealed), plain), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scrypt_examples),
		cmocka_unit_test(parameters_out_of_bounds),
		cmocka_unit_test(salts_are_fresh),
		cmocka_unit_test(gcm_example),
		cmocka_unit_test(what_is_closed_opens),
		cmocka_unit_test(no_two_are_alike),
		cmocka_unit_test(any_change_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
