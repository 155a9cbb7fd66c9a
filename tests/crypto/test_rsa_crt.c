/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA by the numbers of the Chinese remainder theorem: a published example, and keys made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>

#include "base/compiler.h"
#include "base/err.h"
#include "crypto/random.h"
#include "crypto/rsa_crt.h"
#include "vectors.h"

#define FILE_NAME "pkcs1-rsa-1024"
#define EXAMPLE_HALF 64

static void load(const char *name, uint8_t *out)
{
	struct exact value = vectors_get(FILE_NAME, name);

	assert_int_equal(value.bytes.len, EXAMPLE_HALF);
	memcpy(out, value.bytes.data, EXAMPLE_HALF);
	exact_free(&value);
}

static struct rsa_crt_key example(void)
{
	struct rsa_crt_key key = { .half = EXAMPLE_HALF };

	load("p", key.p);
	load("q", key.q);
	load("q_inverse", key.q_inverse);
	load("d_p", key.d_p);
	load("d_q", key.d_q);
	return key;
}

static void published_example(void **state)
{
	struct rsa_crt_key key = example();
	struct exact in = vectors_get(FILE_NAME, "encoded");
	uint8_t out[2 * EXAMPLE_HALF];

	assert_int_equal(rsa_crt_private(&key, in.bytes, out), 0);
	assert_vector(BYTES_OF_ARRAY(out), FILE_NAME, "signature");
	assert_int_equal(rsa_crt_modulus(&key, out), 0);
	assert_vector(BYTES_OF_ARRAY(out), FILE_NAME, "modulus");
	/* A number that is not below the modulus. */
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(out), out), ERR_FORMAT);
	exact_free(&in);
}

/* In place, and of the smallest and the largest number. */
static void edges(void **state)
{
	struct rsa_crt_key key = example();
	struct exact modulus = vectors_get(FILE_NAME, "modulus");
	uint8_t number[2 * EXAMPLE_HALF] = { 0 }, zero[2 * EXAMPLE_HALF] = { 0 };

	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(number), number), 0);
	assert_memory_equal(number, zero, sizeof zero);
	memcpy(number, modulus.bytes.data, sizeof number);
	number[sizeof number - 1]--; /* n - 1 is -1, and an odd power of that is too */
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(number), number), 0);
	number[sizeof number - 1]++;
	assert_memory_equal(number, modulus.bytes.data, sizeof number);
	exact_free(&modulus);
}

static void numbers_that_are_no_key(void **state)
{
	uint8_t in[2 * EXAMPLE_HALF] = { 0 }, out[2 * EXAMPLE_HALF];
	struct rsa_crt_key key = example();

	assert_int_equal(rsa_crt_private(&key, bytes_of(in, sizeof in - 1), out), ERR_FORMAT);
	assert_int_equal(rsa_crt_private(&key, bytes_of(in, 0), out), ERR_FORMAT);
	key.p[EXAMPLE_HALF - 1] &= 0xFE; /* even */
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(in), out), ERR_FORMAT);
	key = example();
	memset(key.q, 0, sizeof key.q);
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(in), out), ERR_FORMAT);
	key.q[EXAMPLE_HALF - 1] = 1;
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(in), out), ERR_FORMAT);
	key = example();
	key.half = RSA_CRT_HALF_MAX + 1;
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(in), out), ERR_FORMAT);
	/* Numbers that do not belong together give a wrong result, not a failure. */
	key = example();
	memset(key.d_p, 0xFF, EXAMPLE_HALF);
	memset(key.q_inverse, 0, EXAMPLE_HALF);
	assert_int_equal(rsa_crt_private(&key, BYTES_OF_ARRAY(in), out), 0);
}

static int from_random(void *self, uint8_t *out, size_t n)
{
	return random_bytes(self, out, n);
}

static struct rsa_crt_key generated(const char *seed, size_t half, uint32_t exponent)
{
	struct rsa_crt_key key = { 0 };
	struct random *random = NULL;

	assert_int_equal(random_new(bytes_of_string(seed), &random), 0);
	assert_int_equal(rsa_crt_generate(from_random, random, half, exponent, &key), 0);
	random_free(random);
	return key;
}

/* The power of the private operation's result is what it was given. */
static void assert_works(const struct rsa_crt_key *key, uint32_t exponent)
{
	uint8_t modulus[2 * RSA_CRT_HALF_MAX], in[2 * RSA_CRT_HALF_MAX] = { 0 };
	uint8_t out[2 * RSA_CRT_HALF_MAX], back[2 * RSA_CRT_HALF_MAX];
	int size = (int)(2 * key->half);
	BN_CTX *context = BN_CTX_new();
	BIGNUM *n = NULL, *s = NULL, *e = BN_new();

	memset(in + 1, 0x5A, 2 * key->half - 1);
	assert_int_equal(rsa_crt_modulus(key, modulus), 0);
	assert_true(modulus[0] >= 0x80); /* it has all its bits */
	assert_int_equal(rsa_crt_private(key, bytes_of(in, 2 * key->half), out), 0);
	n = BN_bin2bn(modulus, size, NULL);
	s = BN_bin2bn(out, size, NULL);
	assert_int_equal(BN_set_word(e, exponent), 1);
	assert_int_equal(BN_mod_exp(s, s, e, n, context), 1);
	assert_int_equal(BN_bn2binpad(s, back, size), size);
	assert_memory_equal(back, in, 2 * key->half);
	BN_free(n);
	BN_free(s);
	BN_free(e);
	BN_CTX_free(context);
}

static void generated_keys_work(void **state)
{
	static const size_t halves[] = { 32, 48, 64, 128 };

	for (size_t i = 0; i < COUNT(halves); i++) {
		struct rsa_crt_key key = generated("a", halves[i], 0x10001);

		assert_int_equal(key.half, halves[i]);
		assert_works(&key, 0x10001);
		key = generated("b", halves[i], 3);
		assert_works(&key, 3);
	}
}

static void random_numbers_say_which_key(void **state)
{
	struct rsa_crt_key a = generated("1", 32, 3), b = generated("1", 32, 3);
	struct rsa_crt_key c = generated("2", 32, 3);

	assert_memory_equal(a.p, b.p, 32);
	assert_memory_equal(a.q, b.q, 32);
	assert_memory_not_equal(a.p, a.q, 32);
	assert_memory_not_equal(a.p, c.p, 32);
}

static int no_random(void *self, uint8_t *out, size_t n)
{
	return ERR_CRYPTO;
}

static void keys_that_there_cannot_be(void **state)
{
	static const struct {
		size_t half;
		uint32_t exponent;
	} cases[] = { { 30, 3 }, { 33, 3 }, { 130, 3 }, { 0, 3 }, { 32, 0 }, { 32, 1 }, { 32, 2 },
		{ 32, 0x10000 } };
	struct rsa_crt_key key;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    rsa_crt_generate(no_random, NULL, cases[i].half, cases[i].exponent, &key),
		    ERR_FORMAT);
	assert_int_equal(rsa_crt_generate(no_random, NULL, 32, 3, &key), ERR_CRYPTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_example),
		cmocka_unit_test(edges),
		cmocka_unit_test(numbers_that_are_no_key),
		cmocka_unit_test(generated_keys_work),
		cmocka_unit_test(random_numbers_say_which_key),
		cmocka_unit_test(keys_that_there_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
