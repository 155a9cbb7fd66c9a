/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Active Authentication: the representative of ICAO 9303-11, appendix F; the recorded signature of a real chip; signatures
 * with each hash function, verified here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/active_auth.h"
#include "base/err.h"
#include "exact.h"
#include "vectors.h"

static struct random *random_source;
static struct rsa *rsa;

static int set_up(void **state)
{
	static const struct bytes none;

	if (random_new(bytes_of_string("Active Authentication"), &random_source) < 0)
		return -1;
	return rsa_generate(random_source, 1280, none, &rsa);
}

static int tear_down(void **state)
{
	rsa_free(rsa);
	random_free(random_source);
	return 0;
}

static const struct active_auth_scheme sha1 = { DIGEST_SHA1, ACTIVE_AUTH_TRAILER_BC };
static const struct active_auth_scheme sha256 = { DIGEST_SHA256, ACTIVE_AUTH_TRAILER_HASH };

static void worked_example(void **state)
{
	const char file[] = "icao-aa-rsa";
	struct exact m1 = vectors_get(file, "m1");
	struct exact m2 = vectors_get(file, "rnd_ifd");
	uint8_t f[128];

	assert_int_equal(active_auth_m1_size(&sha1, sizeof f), m1.bytes.len);
	assert_int_equal(active_auth_representative(&sha1, sizeof f, m1.bytes, m2.bytes, f), 0);
	assert_vector(BYTES_OF_ARRAY(f), file, "f");
	assert_int_equal(
	    active_auth_representative(&sha1, sizeof f + 1, m1.bytes, m2.bytes, f), ERR_FORMAT);
	exact_free(&m1);
	exact_free(&m2);
}

/* Whether what the signature says is the representative of the challenge. */
static bool verify(struct rsa *key, const struct active_auth_scheme *scheme, struct bytes signature,
    struct bytes challenge)
{
	uint8_t f[RSA_SIZE_MAX], again[RSA_SIZE_MAX];
	size_t size = rsa_size(key);
	struct bytes m1 = bytes_of(f + 1, active_auth_m1_size(scheme, size));

	assert_int_equal(rsa_raw_public(key, signature, f), 0);
	assert_int_equal(active_auth_representative(scheme, size, m1, challenge, again), 0);
	return memcmp(f, again, size) == 0;
}

/* EF.DG15 of the recording is 6F with a SubjectPublicKeyInfo in it. */
static void recorded_signature(void **state)
{
	const char file[] = "aa-rsa-recorded";
	struct exact dg15 = vectors_get(file, "ef_dg15");
	struct exact signature = vectors_get(file, "signature");
	struct exact challenge = vectors_get(file, "rnd_ifd");
	struct rsa *key = NULL;

	assert_int_equal(rsa_read(random_source, bytes_after(dg15.bytes, 4), &key), 0);
	assert_true(verify(key, &sha256, signature.bytes, challenge.bytes));
	challenge.memory[7] ^= 1;
	assert_false(verify(key, &sha256, signature.bytes, challenge.bytes));
	rsa_free(key);
	exact_free(&dg15);
	exact_free(&signature);
	exact_free(&challenge);
}

/* What ends the representative is as ISO/IEC 10118-3 numbers the hash functions. */
static void each_hash_function(void **state)
{
	static const struct {
		struct active_auth_scheme scheme;
		const char *end;
	} cases[] = {
		{ { DIGEST_SHA1, ACTIVE_AUTH_TRAILER_BC }, "BC" },
		{ { DIGEST_SHA1, ACTIVE_AUTH_TRAILER_HASH }, "33CC" },
		{ { DIGEST_SHA224, ACTIVE_AUTH_TRAILER_HASH }, "38CC" },
		{ { DIGEST_SHA256, ACTIVE_AUTH_TRAILER_HASH }, "34CC" },
		{ { DIGEST_SHA384, ACTIVE_AUTH_TRAILER_HASH }, "36CC" },
		{ { DIGEST_SHA512, ACTIVE_AUTH_TRAILER_HASH }, "35CC" },
	};
	static const uint8_t challenge[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact end = exact_of_hex(cases[i].end);
		uint8_t memory[2][RSA_SIZE_MAX], f[RSA_SIZE_MAX];
		struct writer w[2];

		for (size_t j = 0; j < 2; j++) {
			writer_init(&w[j], memory[j], sizeof memory[j]);
			assert_int_equal(active_auth_rsa(rsa, &cases[i].scheme, random_source,
			                     BYTES_OF_ARRAY(challenge), &w[j]),
			    SW_OK);
			assert_int_equal(w[j].len, 160);
			assert_true(verify(
			    rsa, &cases[i].scheme, writer_bytes(&w[j]), BYTES_OF_ARRAY(challenge)));
		}
		assert_memory_not_equal(memory[0], memory[1], 160); /* M1 is drawn anew */
		assert_int_equal(rsa_raw_public(rsa, writer_bytes(&w[0]), f), 0);
		assert_int_equal(f[0], 0x6A);
		assert_memory_equal(f + 160 - end.bytes.len, end.bytes.data, end.bytes.len);
		exact_free(&end);
	}
}

static void no_such_signature(void **state)
{
	static const struct active_auth_scheme wrong = { DIGEST_SHA256, ACTIVE_AUTH_TRAILER_BC };
	static const struct active_auth_scheme large = { DIGEST_SHA512, ACTIVE_AUTH_TRAILER_HASH };
	uint8_t challenge[16] = { 0 };
	uint8_t memory[RSA_SIZE_MAX];
	struct writer w;

	for (size_t n = 0; n <= sizeof challenge; n++) {
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(
		    active_auth_rsa(rsa, &sha1, random_source, bytes_of(challenge, n), &w),
		    n == 8 ? SW_OK : SW_WRONG_DATA);
		assert_int_equal(w.len, n == 8 ? 160 : 0);
	}
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(active_auth_rsa(rsa, &wrong, random_source, bytes_of(challenge, 8), &w),
	    SW_NO_DIAGNOSIS);
	writer_init(&w, memory, 159);
	assert_int_equal(active_auth_rsa(rsa, &sha1, random_source, bytes_of(challenge, 8), &w),
	    SW_NO_DIAGNOSIS);
	assert_int_equal(active_auth_m1_size(&large, 67), 0); /* no room */
	assert_int_equal(active_auth_m1_size(&large, 68), 1);
}

static void ecdsa(void **state)
{
	static const enum ec_curve curves[] = { EC_P192, EC_P256, EC_BRAINPOOL_P512R1, EC_P521 };
	static const uint8_t challenge[9] = { 0xF1, 0x73, 0x58, 0x99, 0x74, 0xBF, 0x40, 0xC6 };

	for (size_t i = 0; i < COUNT(curves) * DIGEST_KINDS; i++) {
		enum digest_kind digest = (enum digest_kind)(i % DIGEST_KINDS);
		const struct ec_group *group = ec_group_named(curves[i / DIGEST_KINDS]);
		uint8_t memory[2 * EC_FIELD_SIZE_MAX], hash[DIGEST_SIZE_MAX];
		struct ec_key *key = NULL;
		struct writer w;

		assert_int_equal(ec_generate(group, random_source, &key), 0);
		assert_int_equal(digest_compute(digest, bytes_of(challenge, 8), hash), 0);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(active_auth_ec(key, digest, bytes_of(challenge, 8), &w), SW_OK);
		assert_int_equal(w.len, 2 * ec_order_size(group));
		assert_int_equal(
		    ec_verify(key, bytes_of(hash, digest_size(digest)), writer_bytes(&w)), 0);
		hash[0] ^= 1;
		assert_int_equal(
		    ec_verify(key, bytes_of(hash, digest_size(digest)), writer_bytes(&w)),
		    ERR_FORMAT);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(
		    active_auth_ec(key, digest, bytes_of(challenge, 9), &w), SW_WRONG_DATA);
		assert_int_equal(
		    active_auth_ec(key, digest, bytes_of(challenge, 7), &w), SW_WRONG_DATA);
		writer_init(&w, memory, 2 * ec_order_size(group) - 1);
		assert_int_equal(
		    active_auth_ec(key, digest, bytes_of(challenge, 8), &w), SW_NO_DIAGNOSIS);
		ec_free(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_example),
		cmocka_unit_test(recorded_signature),
		cmocka_unit_test(each_hash_function),
		cmocka_unit_test(no_such_signature),
		cmocka_unit_test(ecdsa),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
