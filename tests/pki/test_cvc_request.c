/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for CV certificates: what is written is read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "pki/cvc_request.h"

static struct random *random_numbers;
static struct sign_key ec, rsa;

static int setup(void **state)
{
	if (random_new(bytes_of_string("request"), &random_numbers) < 0 ||
	    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), random_numbers, &ec.ec) < 0 ||
	    rsa_generate(random_numbers, 1024, bytes_of(NULL, 0), &rsa.rsa) < 0)
		return -1;
	return 0;
}

static int teardown(void **state)
{
	sign_key_done(&ec);
	sign_key_done(&rsa);
	random_free(random_numbers);
	return 0;
}

/* Memory for one request, and what it refers to. */
struct made {
	uint8_t key_memory[1024];
	uint8_t memory[2048];
	struct cvc_request request;
	struct writer w;
};

static void prepare(
    const struct sign_key *key, enum cvc_algorithm algorithm, const char *car, struct made *out)
{
	struct writer keys;

	*out = (struct made){ 0 };
	writer_init(&keys, out->key_memory, sizeof out->key_memory);
	writer_init(&out->w, out->memory, sizeof out->memory);
	out->request.chr = bytes_of_string("UTIS00001");
	out->request.car = bytes_of_string(car);
	assert_int_equal(cvc_public_key_of(key, algorithm, &keys, &out->request.key), 0);
}

static void try_truncations(struct bytes whole)
{
	struct cvc_request request;

	for (size_t len = 0; len < whole.len; len++) {
		struct exact e = exact_copy(bytes_first(whole, len));

		assert_int_equal(cvc_request_parse(e.bytes, &request), ERR_FORMAT);
		exact_free(&e);
	}
}

static void check(const struct sign_key *key, enum cvc_algorithm algorithm, const char *car)
{
	struct cvc_request got;
	struct made made;
	struct exact copy;

	prepare(key, algorithm, car, &made);
	assert_int_equal(cvc_request_sign(&made.request, key, &made.w), 0);
	assert_true(writer_done(&made.w));
	copy = exact_copy(writer_bytes(&made.w));
	assert_int_equal(cvc_request_parse(copy.bytes, &got), 0);
	assert_true(bytes_equal(got.car, made.request.car));
	assert_true(bytes_equal(got.chr, made.request.chr));
	assert_int_equal(got.key.algorithm, algorithm);
	assert_int_equal(got.outer_car.len, 0);
	assert_int_equal(cvc_request_verify(&got, random_numbers), 0);
	copy.memory[copy.bytes.len - 1] ^= 1;
	assert_int_equal(cvc_request_verify(&got, random_numbers), ERR_FORMAT);
	exact_free(&copy);
	try_truncations(writer_bytes(&made.w));
}

static void test_written_and_read(void **state)
{
	check(&ec, CVC_ECDSA_SHA256, "UTDV00001");
	check(&ec, CVC_ECDSA_SHA512, "");
	check(&rsa, CVC_RSA_PSS_SHA256, "UTDV00001");
	check(&rsa, CVC_RSA_V1_5_SHA1, "");
}

/* C.2.4: another authority's key vouches for the request. */
static void test_authenticated(void **state)
{
	uint8_t memory[2048];
	struct cvc_request got;
	struct made made;
	struct writer w;

	prepare(&ec, CVC_ECDSA_SHA256, "", &made);
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), 0);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x67);
	writer_put(&w, writer_bytes(&made.w));
	tlv_put(&w, 0x42, bytes_of_string("UTOLD00001"));
	tlv_put(&w, 0x5F37, bytes_of_string("signature"));
	tlv_close(&w);
	assert_int_equal(cvc_request_parse(writer_bytes(&w), &got), 0);
	assert_true(bytes_equal(got.outer_car, bytes_of_string("UTOLD00001")));
	assert_int_equal(cvc_request_verify(&got, random_numbers), 0);
	try_truncations(writer_bytes(&w));
}

static void test_with_extensions(void **state)
{
	static const uint8_t extensions[] = { 0x73, 5, 6, 1, 0x2A, 0x80, 0 };
	struct cvc_request got;
	struct made made;

	prepare(&ec, CVC_ECDSA_SHA256, "", &made);
	made.request.extensions = BYTES_OF_ARRAY(extensions);
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), 0);
	assert_int_equal(cvc_request_parse(writer_bytes(&made.w), &got), 0);
	assert_true(bytes_equal(got.extensions, BYTES_OF_ARRAY(extensions)));
	made.request.extensions.len--;
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), ERR_FORMAT);
}

static void test_refused(void **state)
{
	struct cvc_request got;
	struct made made;

	prepare(&ec, CVC_ECDSA_SHA256, "UT1", &made);
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), ERR_FORMAT);
	prepare(&ec, CVC_ECDSA_SHA256, "", &made);
	made.request.chr = bytes_of_string("");
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), ERR_FORMAT);
	prepare(&ec, CVC_ECDSA_SHA256, "", &made);
	assert_int_equal(cvc_request_sign(&made.request, &rsa, &made.w), ERR_UNSUPPORTED);
	writer_init(&made.w, made.memory, 100);
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), ERR_LIMIT);
	/* A request names its curve, since nobody above does. */
	prepare(&ec, CVC_ECDSA_SHA256, "", &made);
	made.request.key.has_domain = false;
	made.request.key.domain = (struct ec_numbers){ 0 };
	assert_int_equal(cvc_request_sign(&made.request, &ec, &made.w), 0);
	assert_int_equal(cvc_request_parse(writer_bytes(&made.w), &got), ERR_FORMAT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_and_read),
		cmocka_unit_test(test_authenticated),
		cmocka_unit_test(test_with_extensions),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
