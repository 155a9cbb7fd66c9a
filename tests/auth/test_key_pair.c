/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key pairs: what they refuse, what comes back from their written form, curves by identifier. That their results are
 * right is for programs that are not ours to say: tests/cli/test_card_operations.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/key_pair.h"
#include "base/err.h"
#include "exact.h"
#include "pki/curve.h"

static struct random *randomness;

static int setup(void **state)
{
	return random_new(bytes_of_string("key pairs"), &randomness);
}

static int teardown(void **state)
{
	random_free(randomness);
	return 0;
}

static struct key_object generate(enum key_type type, size_t size, const char *curve)
{
	struct exact oid = exact_of_hex(curve);
	const struct key_template template = {
		.has_type = true, .type = type, .size = size, .curve = oid.bytes
	};
	struct key_object key = { 0 };

	assert_int_equal(key_pair_generate(randomness, &template, &key), SW_OK);
	exact_free(&oid);
	return key;
}

static void every_curve_has_its_identifier(void **state)
{
	for (unsigned i = 0; i < EC_CURVES; i++) {
		enum ec_curve curve = EC_CURVES;

		assert_true(curve_find(curve_oid((enum ec_curve)i), &curve));
		assert_int_equal(curve, i);
		assert_false(curve_find(bytes_first(curve_oid((enum ec_curve)i), 4), &curve));
	}
	assert_bytes_hex(curve_oid(EC_BRAINPOOL_P320R1), "2B2403030208010109");
}

static void sizes(void **state)
{
	static const size_t wrong[] = { 1, 512, 1016, 1025, 4097, 4104, 65535 };
	struct key_object key = generate(KEY_RSA, 1024, "");

	assert_int_equal(key_pair_bits(&key), 1024);
	assert_true(key_pair_is_private(&key));
	key_object_done(&key);
	key = generate(KEY_EC, 0, "2B81040023");
	assert_int_equal(key_pair_bits(&key), 521);
	key_object_done(&key);
	key = generate(KEY_EC, 0, "");
	assert_int_equal(key_pair_bits(&key), 256);
	key_object_done(&key);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct key_template template = { .type = KEY_RSA, .size = wrong[i] };

		assert_int_equal(
		    key_pair_generate(randomness, &template, &key), SW_FUNCTION_NOT_SUPPORTED);
	}
}

static void written_form_comes_back(void **state)
{
	static const struct {
		enum key_type type;
		const char *curve;
	} kinds[] = { { KEY_RSA, "" }, { KEY_EC, "2B2403030208010107" }, { KEY_EC, "" } };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct key_object key = generate(kinds[i].type, 1024, kinds[i].curve);
		struct key_object back = { 0 };
		uint8_t written[2048], again[2048]; /* enough for 1024 bits */
		struct writer w, w2;

		writer_init(&w, written, sizeof written);
		writer_init(&w2, again, sizeof again);
		assert_int_equal(key_pair_write(&key, &w), 0);
		for (size_t n = 0; n < w.len; n += 7)
			assert_true(key_pair_read(randomness, key.type,
			                bytes_first(writer_bytes(&w), n), &back) < 0);
		assert_int_equal(key_pair_read(randomness, key.type, writer_bytes(&w), &back), 0);
		assert_true(key_pair_is_private(&back));
		assert_int_equal(key_pair_write(&back, &w2), 0);
		assert_true(bytes_equal(writer_bytes(&w), writer_bytes(&w2)));
		assert_true(key_pair_read(randomness, key.type == KEY_RSA ? KEY_EC : KEY_RSA,
		                writer_bytes(&w), &key) < 0);
		key_object_done(&key);
		key_object_done(&back);
	}
}

/* RSA keys do not agree, EC keys do not encipher, and public keys keep no secrets. */
static void each_does_what_it_can(void **state)
{
	struct key_object rsa = generate(KEY_RSA, 1024, "");
	struct key_object ec = generate(KEY_EC, 0, "");
	const struct key_input input = { .data = bytes_of_string("data"), .is_message = true };
	struct key_object public = { 0 };
	uint8_t memory[512];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(key_pair_agree(&rsa, input.data, &w), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(key_pair_encipher(&ec, 0x0A, input.data, &w), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(key_pair_decipher(&ec, 0x0A, input.data, &w), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(w.len, 0);
	assert_int_equal(key_pair_put_public(&ec, &w), SW_OK);
	{
		const struct key_template template = { .has_type = true, .type = KEY_EC };
		const struct key_value value = { .point = bytes_after(writer_bytes(&w), 2) };

		assert_int_equal(key_pair_import(randomness, &template, &value, &public), SW_OK);
	}
	writer_reset(&w);
	assert_false(key_pair_is_private(&public));
	assert_int_equal(key_pair_sign(&public, 0x44, &input, &w), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(w.len, 0);
	key_object_done(&rsa);
	key_object_done(&ec);
	key_object_done(&public);
}

static void signatures_of_one_are_not_those_of_another(void **state)
{
	struct key_object key = generate(KEY_EC, 0, "");
	struct key_object other = generate(KEY_EC, 0, "");
	const struct key_input input = { .data = bytes_of_string("data"), .is_message = true };
	const struct key_input changed = { .data = bytes_of_string("Data"), .is_message = true };
	uint8_t memory[512];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(key_pair_sign(&key, 0x44, &input, &w), SW_OK);
	assert_int_equal(w.len, 64);
	assert_int_equal(key_pair_verify(&key, 0x44, &input, writer_bytes(&w)), SW_OK);
	assert_int_equal(
	    key_pair_verify(&key, 0x44, &changed, writer_bytes(&w)), SW_WARNING_CHANGED);
	assert_int_equal(key_pair_verify(&key, 0x14, &input, writer_bytes(&w)), SW_WARNING_CHANGED);
	assert_int_equal(
	    key_pair_verify(&other, 0x44, &input, writer_bytes(&w)), SW_WARNING_CHANGED);
	for (size_t n = 0; n < w.len; n++)
		assert_int_equal(
		    key_pair_verify(&key, 0x44, &input, bytes_first(writer_bytes(&w), n)),
		    SW_WARNING_CHANGED);
	key_object_done(&key);
	key_object_done(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_curve_has_its_identifier),
		cmocka_unit_test(sizes),
		cmocka_unit_test(written_form_comes_back),
		cmocka_unit_test(each_does_what_it_can),
		cmocka_unit_test(signatures_of_one_are_not_those_of_another),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
