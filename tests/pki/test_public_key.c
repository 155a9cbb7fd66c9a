/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SubjectPublicKeyInfo: written for OpenSSL to judge, read what we and OpenSSL have written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/err.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "pki/public_key.h"

static struct random *random_numbers;
static uint8_t memory[PUBLIC_KEY_SIZE_MAX];

static int setup(void **state)
{
	return random_new(bytes_of_string("public key"), &random_numbers);
}

static int teardown(void **state)
{
	random_free(random_numbers);
	return 0;
}

/* OpenSSL takes the key for a good one, and where it writes as we do, it writes the same. */
static void judge(struct bytes written, bool same)
{
	const unsigned char *data = written.data;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &data, (long)written.len);
	EVP_PKEY_CTX *context;
	unsigned char *again = NULL;
	int len;

	assert_non_null(pkey);
	assert_ptr_equal(data, written.data + written.len);
	context = EVP_PKEY_CTX_new(pkey, NULL);
	assert_int_equal(EVP_PKEY_public_check(context), 1);
	len = i2d_PUBKEY(pkey, &again);
	assert_true(len > 0);
	assert_true(!same || bytes_equal(bytes_of(again, (size_t)len), written));
	OPENSSL_free(again);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(pkey);
}

/* Nothing shorter than a valid one is one. */
static void try_truncations(struct bytes whole)
{
	struct public_key key;

	for (size_t len = 0; len < whole.len; len++) {
		struct exact copy = exact_copy(bytes_first(whole, len));

		assert_int_equal(public_key_parse(copy.bytes, &key), ERR_FORMAT);
		exact_free(&copy);
	}
}

static void check_ec(const struct ec_key *ec, enum ec_curve curve, enum curve_form form)
{
	uint8_t point[EC_POINT_SIZE_MAX];
	const struct ec_group *group;
	struct ec_group *own;
	struct public_key key;
	enum ec_curve found;
	struct writer w;
	struct writer p;

	writer_init(&w, memory, sizeof memory);
	writer_init(&p, point, sizeof point);
	assert_int_equal(public_key_put_ec(&w, ec, form), 0);
	judge(writer_bytes(&w), form == CURVE_NAMED);
	assert_int_equal(public_key_parse(writer_bytes(&w), &key), 0);
	assert_int_equal(key.domain.kind, PUBLIC_KEY_EC);
	assert_int_equal(key.domain.is_named, form == CURVE_NAMED);
	assert_int_equal(ec_put_public(ec, &p), 0);
	assert_true(bytes_equal(key.value, writer_bytes(&p)));
	assert_int_equal(public_key_ec_group(&key.domain, &own, &group), 0);
	assert_int_equal(own != NULL, form == CURVE_EXPLICIT);
	assert_true(public_key_curve_of(group, &found));
	assert_int_equal(found, curve);
	ec_group_free(own);
	try_truncations(writer_bytes(&w));
}

static void test_ec(void **state)
{
	for (enum ec_curve curve = 0; curve < EC_CURVES; curve++) {
		struct ec_key *ec;

		assert_int_equal(ec_generate(ec_group_named(curve), random_numbers, &ec), 0);
		check_ec(ec, curve, CURVE_EXPLICIT);
		check_ec(ec, curve, CURVE_NAMED);
		ec_free(ec);
	}
}

/* A group of PACE, with a generator of its own, has no name. */
static void test_no_name(void **state)
{
	const struct ec_group *named = ec_group_named(EC_P256);
	uint8_t point[EC_POINT_SIZE_MAX];
	struct ec_group *group;
	enum ec_curve curve;
	struct ec_key *ec;
	struct writer w;

	writer_init(&w, point, sizeof point);
	assert_int_equal(ec_generate(named, random_numbers, &ec), 0);
	assert_int_equal(ec_put_public(ec, &w), 0);
	ec_free(ec);
	assert_int_equal(ec_group_with_generator(named, writer_bytes(&w), &group), 0);
	assert_false(public_key_curve_of(group, &curve));
	assert_int_equal(ec_generate(group, random_numbers, &ec), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(public_key_put_ec(&w, ec, CURVE_NAMED), ERR_UNSUPPORTED);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(public_key_put_ec(&w, ec, CURVE_EXPLICIT), 0);
	judge(writer_bytes(&w), false);
	ec_free(ec);
	ec_group_free(group);
}

static void test_dh(void **state)
{
	static const enum dh_name names[] = { DH_1024_160, DH_2048_224, DH_2048_256, DH_MODP_1536 };

	for (size_t i = 0; i < COUNT(names); i++) {
		uint8_t number[DH_SIZE_MAX];
		struct public_key key;
		struct dh_group *group;
		struct dh_key *dh;
		struct writer w;
		struct writer value;

		writer_init(&w, memory, sizeof memory);
		writer_init(&value, number, sizeof number);
		assert_int_equal(dh_generate(dh_group_named(names[i]), random_numbers, &dh), 0);
		assert_int_equal(public_key_put_dh(&w, dh), 0);
		judge(writer_bytes(&w), true);
		assert_int_equal(public_key_parse(writer_bytes(&w), &key), 0);
		assert_int_equal(key.domain.kind, PUBLIC_KEY_DH);
		assert_int_equal(dh_put_public(dh, &value), 0);
		while (number[0] == 0 && value.len > 1) {
			memmove(number, number + 1, --value.len);
		}
		assert_true(bytes_equal(key.value, writer_bytes(&value)));
		assert_int_equal(public_key_dh_group(&key.domain, &group), 0);
		assert_true(dh_value_is_valid(group, key.value));
		dh_group_free(group);
		dh_free(dh);
		try_truncations(writer_bytes(&w));
	}
}

static void test_rsa(void **state)
{
	struct sign_key sign = { 0 };
	struct public_key key;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(rsa_generate(random_numbers, 1024, bytes_of(NULL, 0), &sign.rsa), 0);
	assert_int_equal(public_key_put(&w, &sign, CURVE_NAMED), 0);
	judge(writer_bytes(&w), true);
	assert_int_equal(public_key_parse(writer_bytes(&w), &key), 0);
	assert_int_equal(key.domain.kind, PUBLIC_KEY_RSA);
	assert_int_equal(key.value.data[0], 0x30);
	sign_key_done(&sign);
	try_truncations(writer_bytes(&w));
}

static const struct {
	const char *name, *in;
	int want;
} cases[] = {
	{ "Ed25519", "300A300506032B6570030100", ERR_UNSUPPORTED },
	{ "a curve that nobody here knows, secp256k1",
	    "3016301006072A8648CE3D020106052B8104000A03020004", ERR_UNSUPPORTED },
	{ "a BIT STRING without its first byte", "3014301006072A8648CE3D020106052B8104000A0300",
	    ERR_FORMAT },
	{ "parameters that the issuer has (implicitCurve)",
	    "3011300B06072A8648CE3D0201050003020004", ERR_UNSUPPORTED },
	{ "no parameters", "300F300906072A8648CE3D020103020004", ERR_FORMAT },
	{ "a field of characteristic two",
	    "3021301B06072A8648CE3D02013010020101300B06072A8648CE3D0102050003020004",
	    ERR_UNSUPPORTED },
	{ "a prime field and nothing behind it",
	    "3022301C06072A8648CE3D02013011020101300C06072A8648CE3D010102011703020004",
	    ERR_FORMAT },
	{ "DH with p alone", "3016300E06072A8648CE3E02013003020117030400020108", ERR_FORMAT },
	{ "DH, and a value that is no number",
	    "301A301406072A8648CE3E0201300902011702010202010B03020008", ERR_FORMAT },
	{ "DH with a negative p", "301C301406072A8648CE3E0201300902018702010202010B030400020108",
	    ERR_FORMAT },
	{ "a number too long by a zero",
	    "301D301506072A8648CE3E0201300A0202001702010202010B030400020108", ERR_FORMAT },
	{ "DH in a group of 11", "301C301406072A8648CE3E0201300902011702010202010B030400020108",
	    0 },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_of_hex(cases[i].in);
		struct public_key key;
		int r = public_key_parse(in.bytes, &key);

		if (r != cases[i].want)
			fail_msg("%s: %d", cases[i].name, r);
		exact_free(&in);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ec),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_dh),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
